//! What one CTI client is still to be sent: a bounded queue of messages between the acd and a socket.
//!
//! Messages are bytes that all their recipients share. Filling the queue never waits. A client that does
//! not read fills its own queue, nobody else's; when it is full the client is dropped.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Buf, Bytes};
use tact_ged188::Protocol;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;

/// Messages that one write gives to the socket.
const BATCH: usize = 64;

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
    waiting: VecDeque<Bytes>,
    /// Bytes of all of them.
    bytes: usize,
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
    pub(crate) fn push(&self, message: Bytes) -> Result<(), Overflow> {
        let mut queue = self.lock();
        if queue.closed {
            return Ok(());
        }
        if queue.bytes + message.len() > self.bound {
            *queue = Queue {
                closed: true,
                ..Queue::default()
            };
            self.overflowed.notify_one();
            return Err(Overflow);
        }
        queue.bytes += message.len();
        queue.waiting.push_back(message);
        self.changed.notify_one();
        Ok(())
    }

    /// Sends what waits, then no more.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Swaps everything that waits for `empty`, as soon as there is something; false at the end.
    pub(crate) async fn take(&self, empty: &mut VecDeque<Bytes>) -> bool {
        empty.clear();
        loop {
            {
                let mut queue = self.lock();
                if !queue.waiting.is_empty() {
                    std::mem::swap(&mut queue.waiting, empty);
                    queue.bytes = 0;
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

/// Writes messages to the end, many at a time and none of them copied.
pub(crate) async fn write_all<W: AsyncWrite + Unpin>(
    writer: &mut W,
    messages: &mut VecDeque<Bytes>,
) -> io::Result<()> {
    while !messages.is_empty() {
        let mut slices = [IoSlice::new(&[]); BATCH];
        let count = slices.len().min(messages.len());
        for (slice, message) in slices.iter_mut().zip(messages.iter()) {
            *slice = IoSlice::new(message);
        }
        let batch = slices.get(..count).unwrap_or_default();
        let mut written = writer.write_vectored(batch).await?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        while let Some(message) = messages.front_mut() {
            if written < message.len() {
                message.advance(written);
                break;
            }
            written -= message.len();
            messages.pop_front();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    fn bytes(messages: &VecDeque<Bytes>) -> Vec<u8> {
        messages.iter().flatten().copied().collect()
    }

    #[tokio::test]
    async fn what_waits_is_sent_after_the_close() {
        let outbox = Outbox::new(2);
        outbox.push(Bytes::from_static(b"a")).unwrap();
        outbox.push(Bytes::from_static(b"b")).unwrap();
        outbox.close();
        outbox.push(Bytes::from_static(b"c")).unwrap();
        let mut taken = VecDeque::new();
        assert!(outbox.take(&mut taken).await);
        assert_eq!(bytes(&taken), b"ab");
        assert!(!outbox.take(&mut taken).await);
    }

    #[tokio::test]
    async fn a_full_queue_is_given_up() {
        let outbox = Outbox::new(3);
        assert_eq!(outbox.push(Bytes::from_static(b"ab")), Ok(()));
        assert_eq!(outbox.push(Bytes::from_static(b"cd")), Err(Overflow));
        outbox.overflow().await;
        assert!(!outbox.take(&mut VecDeque::new()).await);
    }

    #[tokio::test]
    async fn what_was_taken_makes_room() {
        let outbox = Outbox::new(3);
        for _ in 0..5 {
            outbox.push(Bytes::from_static(b"abc")).unwrap();
            assert!(outbox.take(&mut VecDeque::new()).await);
        }
    }

    #[tokio::test]
    async fn everything_is_written_in_order_however_little_the_socket_takes() {
        let expected: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        for window in [1, 7, 100_000] {
            let mut messages: VecDeque<Bytes> = expected
                .chunks(33)
                .map(Bytes::copy_from_slice)
                .chain([Bytes::new()])
                .collect();
            let (mut near, mut far) = tokio::io::duplex(window);
            let reading = tokio::spawn(async move {
                let mut read = Vec::new();
                far.read_to_end(&mut read).await.unwrap();
                read
            });
            write_all(&mut near, &mut messages).await.unwrap();
            drop(near);
            assert_eq!(reading.await.unwrap(), expected);
        }
    }
}
