//! What one CTI client is still to be sent: a bounded queue of bytes between the acd and a socket.
//!
//! Filling it never waits. A client that does not read fills its own queue, nobody else's; when it
//! is full the client is dropped.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tact_ged188::Protocol;
use tokio::sync::Notify;

/// The queue is full; nothing was added, and nothing will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overflow;

/// The queue of one client, and the version that its session speaks.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// Bytes that may wait.
    bound: usize,
    queue: Mutex<Queue>,
    changed: Notify,
    overflowed: Notify,
    /// 0 until OPEN_REQ is granted.
    protocol: AtomicU32,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<u8>,
    /// Nothing is added any more; what waits is still sent.
    closed: bool,
}

impl Outbox {
    /// An empty queue that holds at most `bound` bytes.
    pub(crate) fn new(bound: usize) -> Outbox {
        Outbox {
            bound,
            queue: Mutex::default(),
            changed: Notify::new(),
            overflowed: Notify::new(),
            protocol: AtomicU32::new(0),
        }
    }

    /// The version that the session was opened with.
    pub(crate) fn protocol(&self) -> Option<Protocol> {
        Protocol::new(self.protocol.load(Ordering::Acquire))
    }

    pub(crate) fn set_protocol(&self, protocol: Protocol) {
        self.protocol.store(protocol.number(), Ordering::Release);
    }

    /// Adds a message. After an overflow the socket is given up at once.
    pub(crate) fn push(&self, bytes: &[u8]) -> Result<(), Overflow> {
        let mut queue = self.lock();
        if queue.closed {
            return Ok(());
        }
        if queue.waiting.len() + bytes.len() > self.bound {
            queue.waiting = Vec::new();
            queue.closed = true;
            self.overflowed.notify_one();
            return Err(Overflow);
        }
        queue.waiting.extend_from_slice(bytes);
        self.changed.notify_one();
        Ok(())
    }

    /// Sends what waits, then no more.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Swaps everything that waits for `empty`, as soon as there is something; false at the end.
    pub(crate) async fn take(&self, empty: &mut Vec<u8>) -> bool {
        empty.clear();
        loop {
            {
                let mut queue = self.lock();
                if !queue.waiting.is_empty() {
                    std::mem::swap(&mut queue.waiting, empty);
                    return true;
                }
                if queue.closed {
                    return false;
                }
            }
            self.changed.notified().await;
        }
    }

    /// Ends when the queue overflowed.
    pub(crate) async fn overflow(&self) {
        self.overflowed.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing in here can panic half-way.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_waits_is_sent_after_the_close() {
        let outbox = Outbox::new(2);
        outbox.push(b"a").unwrap();
        outbox.push(b"b").unwrap();
        outbox.close();
        outbox.push(b"c").unwrap();
        let mut bytes = Vec::new();
        assert!(outbox.take(&mut bytes).await);
        assert_eq!(bytes, b"ab");
        assert!(!outbox.take(&mut bytes).await);
    }

    #[tokio::test]
    async fn a_full_queue_is_given_up() {
        let outbox = Outbox::new(3);
        assert_eq!(outbox.push(b"ab"), Ok(()));
        assert_eq!(outbox.push(b"cd"), Err(Overflow));
        outbox.overflow().await;
        assert!(!outbox.take(&mut Vec::new()).await);
    }
}
