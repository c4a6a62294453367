//! Timers as data: what is due, and when. Knows no clock.

use std::collections::{BTreeMap, BTreeSet};

/// What a timer is for. There is one timer for each value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// OPEN_REQ should have been answered.
    Open,
    /// The configuration should have gone on.
    Configuration,
    /// The next heartbeat.
    Heartbeat,
    /// Statistics are to be asked for again.
    Statistics,
    /// The request with this InvokeID should have come to its end.
    Answer(u32),
    /// The grace of the agent with this id is over.
    Presence(String),
}

/// The running timers, in the order in which they are due; ties go by kind, never by chance.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    order: BTreeSet<(i64, Timer)>,
    due: BTreeMap<Timer, i64>,
}

impl Timers {
    /// Starts a timer, or moves a running one.
    pub(crate) fn set(&mut self, timer: Timer, due: i64) {
        self.cancel(&timer);
        self.due.insert(timer.clone(), due);
        self.order.insert((due, timer));
    }

    /// Stops a timer that may be running.
    pub(crate) fn cancel(&mut self, timer: &Timer) {
        if let Some((timer, due)) = self.due.remove_entry(timer) {
            self.order.remove(&(due, timer));
        }
    }

    /// Whether a timer is running.
    pub(crate) fn is_set(&self, timer: &Timer) -> bool {
        self.due.contains_key(timer)
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.order.first().map(|(due, _)| *due)
    }

    /// Takes one timer that is due.
    pub(crate) fn pop(&mut self, now: i64) -> Option<Timer> {
        if self.next_due()? > now {
            return None;
        }
        let (_, timer) = self.order.pop_first()?;
        self.due.remove(&timer);
        Some(timer)
    }

    /// Stops every timer but those of presence, which outlive a session.
    pub(crate) fn end_session(&mut self) {
        self.order
            .retain(|(_, timer)| matches!(timer, Timer::Presence(_)));
        self.due
            .retain(|timer, _| matches!(timer, Timer::Presence(_)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn come_in_order_and_only_when_due() {
        let mut timers = Timers::default();
        timers.set(Timer::Heartbeat, 30);
        timers.set(Timer::Answer(2), 20);
        timers.set(Timer::Answer(1), 20);
        assert_eq!(timers.next_due(), Some(20));
        assert_eq!(timers.pop(19), None);
        assert_eq!(timers.pop(25), Some(Timer::Answer(1)));
        assert_eq!(timers.pop(25), Some(Timer::Answer(2)));
        assert_eq!(timers.pop(25), None);
        assert_eq!(timers.pop(30), Some(Timer::Heartbeat));
        assert_eq!(timers.next_due(), None);
    }

    #[test]
    fn a_timer_moves_and_stops() {
        let mut timers = Timers::default();
        timers.set(Timer::Open, 10);
        timers.set(Timer::Open, 50);
        assert_eq!(timers.next_due(), Some(50));
        timers.cancel(&Timer::Open);
        assert_eq!(timers.next_due(), None);
    }

    #[test]
    fn presence_outlives_the_session() {
        let mut timers = Timers::default();
        timers.set(Timer::Heartbeat, 10);
        timers.set(Timer::Presence("2001".to_owned()), 20);
        timers.end_session();
        assert_eq!(timers.pop(100), Some(Timer::Presence("2001".to_owned())));
        assert_eq!(timers.pop(100), None);
    }
}
