//! The bounded queue of one session: what is to be sent, and whether the server wants the session to end.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tact_xmpp::error::StreamCondition;
use tact_xmpp::event::Stanza;

/// What a session has to send.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A stanza, or any other piece of the stream.
    Stanza(Stanza),
    /// Ask the client for a sign of life.
    Ping,
}

/// Why the server ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// What the client is told.
    pub(super) condition: StreamCondition,
    /// For the log.
    pub(super) cause: &'static str,
}

/// How much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) stanzas: usize,
    pub(super) bytes: usize,
}

/// The queue.
#[derive(Debug)]
pub(super) struct Outbox {
    queue: Mutex<Queue>,
    bound: Bound,
}

#[derive(Debug, Default)]
struct Queue {
    items: VecDeque<Item>,
    bytes: usize,
    ending: Option<Ending>,
}

impl Outbox {
    pub(super) fn new(bound: Bound) -> Outbox {
        Outbox {
            queue: Mutex::default(),
            bound,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics while it is held; a queue is whole at every step anyway.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a stanza; false when the bound is exceeded, and then the session is to end.
    #[must_use]
    pub(super) fn push(&self, stanza: Stanza) -> bool {
        let mut queue = self.lock();
        let bytes = queue.bytes + stanza.len();
        if queue.items.len() >= self.bound.stanzas || bytes > self.bound.bytes {
            return false;
        }
        queue.bytes = bytes;
        queue.items.push_back(Item::Stanza(stanza));
        true
    }

    /// Queues a ping behind everything else.
    pub(super) fn push_ping(&self) {
        self.lock().items.push_back(Item::Ping);
    }

    /// The next item.
    pub(super) fn pop(&self) -> Option<Item> {
        let mut queue = self.lock();
        let item = queue.items.pop_front()?;
        if let Item::Stanza(stanza) = &item {
            queue.bytes -= stanza.len();
        }
        if queue.items.is_empty() && queue.items.capacity() > 16 {
            queue.items = VecDeque::new(); // a burst is over; give the room back
        }
        Some(item)
    }

    /// Asks for the end of the session; the first reason counts. What waits for a peer that does not read is dropped.
    pub(super) fn end(&self, ending: Ending, drop_queue: bool) {
        let mut queue = self.lock();
        if queue.ending.is_none() {
            queue.ending = Some(ending);
        }
        if drop_queue {
            queue.items.clear();
            queue.bytes = 0;
        }
    }

    /// The reason to end, once there is one.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.lock().ending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stanza(bytes: usize) -> Stanza {
        Stanza::from("x".repeat(bytes))
    }

    #[test]
    fn is_bounded_in_stanzas_and_bytes() {
        let outbox = Outbox::new(Bound {
            stanzas: 2,
            bytes: 10,
        });
        assert!(outbox.push(stanza(1)));
        assert!(!outbox.push(stanza(10)), "bytes");
        assert!(outbox.push(stanza(9)));
        assert!(!outbox.push(stanza(0)), "stanzas");
        assert_eq!(outbox.pop(), Some(Item::Stanza(stanza(1))));
        assert!(outbox.push(stanza(1)));
    }

    #[test]
    fn the_first_reason_counts() {
        let outbox = Outbox::new(Bound {
            stanzas: 2,
            bytes: 10,
        });
        let first = Ending {
            condition: StreamCondition::Conflict,
            cause: "first",
        };
        outbox.end(first, false);
        outbox.end(
            Ending {
                condition: StreamCondition::SystemShutdown,
                cause: "second",
            },
            true,
        );
        assert_eq!(outbox.ending(), Some(first));
    }
}
