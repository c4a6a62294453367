//! Timers as data: one for each session, ordered by when it is due.
//!
//! A session that was heard of since is put back when its timer comes up, so that hearing from a
//! client costs nothing.

use std::collections::BTreeSet;

use crate::io::ClientId;

/// When each session has to be looked at. Times are milliseconds since 1970.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timers {
    due: BTreeSet<(i64, ClientId)>,
}

impl Timers {
    /// Looks at the session then.
    pub(crate) fn set(&mut self, due: i64, client: ClientId) {
        self.due.insert((due, client));
    }

    /// No longer.
    pub(crate) fn cancel(&mut self, due: i64, client: ClientId) {
        self.due.remove(&(due, client));
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.due.first().map(|(due, _)| *due)
    }

    /// Takes the first one that is due by now.
    pub(crate) fn pop(&mut self, now: i64) -> Option<ClientId> {
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
        let mut timers = Timers::default();
        timers.set(20, ClientId(1));
        timers.set(10, ClientId(2));
        timers.set(30, ClientId(3));
        timers.cancel(30, ClientId(3));
        assert_eq!(timers.next_due(), Some(10));
        assert_eq!(timers.pop(9), None);
        assert_eq!(timers.pop(25), Some(ClientId(2)));
        assert_eq!(timers.pop(25), Some(ClientId(1)));
        assert_eq!(timers.pop(99), None);
        assert_eq!(timers.next_due(), None);
    }
}
