//! Timers as data: what has to be looked at, ordered by when.
//!
//! A session that was heard of since is put back when its timer comes up, so that hearing from a
//! client costs nothing. Whoever sets a timer knows when it is due, and cancels it with that.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::calls::CallId;
use crate::directory::AgentIndex;
use crate::fabric::LegId;
use crate::io::ClientId;

/// What comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Timer {
    /// A session may have been silent for too long.
    Session(ClientId),
    /// Wrap-up ends.
    Work(AgentIndex),
    /// An agent did nothing for LogoutNonActivityTime.
    Inactivity(AgentIndex),
    /// A phone rang for RingNoAnswerTime, or the fabric owes an answer.
    Ring(CallId, AgentIndex),
    /// A ticket's step or queue time is over.
    Queue(CallId),
    /// Something about a call itself.
    Call(CallId),
    /// The phone of a mobile agent who signs in was not picked up.
    Setup(LegId),
}

/// When each thing has to be looked at. Times are milliseconds since 1970.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Timers {
    due: BTreeSet<(i64, Timer)>,
}

impl Timers {
    /// Looks at it then.
    pub(crate) fn set(&mut self, due: i64, timer: Timer) {
        self.due.insert((due, timer));
    }

    /// No longer.
    pub(crate) fn cancel(&mut self, due: i64, timer: Timer) {
        self.due.remove(&(due, timer));
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.due.first().map(|(due, _)| *due)
    }

    /// Takes the first one that is due by now.
    pub(crate) fn pop(&mut self, now: i64) -> Option<Timer> {
        let first = *self.due.first()?;
        if first.0 > now {
            return None;
        }
        self.due.remove(&first);
        Some(first.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn come_up_in_order_and_only_when_due() {
        let session = |client| Timer::Session(ClientId(client));
        let mut timers = Timers::default();
        timers.set(20, session(1));
        timers.set(10, session(2));
        timers.set(30, session(3));
        timers.cancel(30, session(3));
        assert_eq!(timers.next_due(), Some(10));
        assert_eq!(timers.pop(9), None);
        assert_eq!(timers.pop(25), Some(session(2)));
        assert_eq!(timers.pop(25), Some(session(1)));
        assert_eq!(timers.pop(99), None);
        assert_eq!(timers.next_due(), None);
    }
}
