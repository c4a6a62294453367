//! What one agent is to hear on the channel that loses nothing: numbered events, kept for a while for who comes back.
//! Pure: time is a parameter.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch;

/// Events kept for an agent.
pub(super) const MAX_EVENTS: usize = 1000;
/// Bytes kept for an agent: 1 MiB.
pub(super) const MAX_BYTES: usize = 1024 * 1024;
/// How long events are kept for an agent who has gone, milliseconds.
pub(super) const KEPT_MS: i64 = 10 * 60_000;

/// Events with their numbers.
pub(super) type Numbered = Vec<(u64, Arc<str>)>;

/// One agent's.
#[derive(Debug)]
pub(super) struct Feed {
    /// The number of the last event.
    last: watch::Sender<u64>,
    /// Oldest first, without gaps up to `last`.
    events: VecDeque<Arc<str>>,
    bytes: usize,
    /// Connections that listen.
    pub(super) listeners: usize,
    /// Since when nobody does.
    pub(super) idle_since: i64,
}

/// Something was published that is kept no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap;

impl Feed {
    /// One whose next event has the number after `last`.
    pub(super) fn new(now: i64, last: u64) -> Feed {
        Feed {
            last: watch::Sender::new(last),
            events: VecDeque::new(),
            bytes: 0,
            listeners: 0,
            idle_since: now,
        }
    }

    /// The number of the last event.
    pub(super) fn last(&self) -> u64 {
        *self.last.borrow()
    }

    /// Tells of every new event.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    /// Adds an event; the oldest ones make room.
    pub(super) fn push(&mut self, event: Arc<str>) {
        self.bytes += event.len();
        self.events.push_back(event);
        while self.events.len() > MAX_EVENTS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.bytes -= oldest.len();
        }
        self.last.send_modify(|last| *last += 1);
    }

    /// Up to `most` events after number `after`, each with its number. Of a number that was never given it begins with the
    /// next event.
    pub(super) fn after(&self, after: u64, most: usize) -> Result<Numbered, Gap> {
        let last = self.last();
        if after >= last {
            return Ok(Vec::new());
        }
        let kept = u64::try_from(self.events.len()).unwrap_or(u64::MAX);
        let skip = after.checked_sub(last - kept).ok_or(Gap)?;
        let skip = usize::try_from(skip).map_err(|_| Gap)?;
        let events = self.events.iter().skip(skip).take(most);
        Ok((after + 1..).zip(events.cloned()).collect())
    }

    /// Whether nobody has listened for so long that the events may go.
    pub(super) fn is_over(&self, now: i64) -> bool {
        self.listeners == 0 && now.saturating_sub(self.idle_since) >= KEPT_MS
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feed(events: usize) -> Feed {
        let mut feed = Feed::new(0, 0);
        for number in 1..=events {
            feed.push(number.to_string().into());
        }
        feed
    }

    #[test]
    fn who_comes_back_gets_what_was_missed() {
        let feed = feed(5);
        let missed = feed.after(3, 100).unwrap();
        assert_eq!(missed, [(4, "4".into()), (5, "5".into())]);
        assert_eq!(feed.after(0, 2).unwrap().len(), 2);
        assert_eq!(feed.after(5, 100), Ok(Vec::new()));
        assert_eq!(feed.after(99, 100), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_longer_kept_is_a_gap() {
        let feed = feed(MAX_EVENTS + 2);
        assert_eq!(feed.after(1, 1), Err(Gap));
        assert_eq!(feed.after(2, 1), Ok(vec![(3, "3".into())]));
        let mut large = Feed::new(0, 0);
        for _ in 0..3 {
            large.push("x".repeat(MAX_BYTES / 2).into());
        }
        assert_eq!(large.after(0, 9), Err(Gap));
        assert_eq!(large.after(1, 9).unwrap().len(), 2);
    }

    #[test]
    fn a_later_feed_does_not_pass_for_the_earlier_one() {
        let feed = Feed::new(0, 6);
        assert_eq!(feed.after(5, 9), Err(Gap));
        assert_eq!(feed.after(6, 9), Ok(Vec::new()));
    }

    #[test]
    fn a_feed_is_kept_for_a_while_after_the_last_listener() {
        let mut feed = feed(1);
        feed.listeners = 1;
        assert!(!feed.is_over(KEPT_MS));
        feed.listeners = 0;
        assert!(!feed.is_over(KEPT_MS - 1));
        assert!(feed.is_over(KEPT_MS));
    }

    proptest! {
        /// However it is read, a reader sees every number once and in order, or a gap.
        #[test]
        fn numbers_follow_each_other(steps in prop::collection::vec((0usize..400, 1usize..50), 1..30)) {
            let mut feed = Feed::new(0, 0);
            let (mut published, mut seen) = (0_u64, 0_u64);
            for (events, most) in steps {
                for _ in 0..events {
                    published += 1;
                    feed.push(published.to_string().into());
                }
                match feed.after(seen, most) {
                    Ok(batch) => {
                        for (number, text) in batch {
                            seen += 1;
                            prop_assert_eq!(number, seen);
                            prop_assert_eq!(text.to_string(), seen.to_string());
                        }
                    }
                    Err(Gap) => {
                        prop_assert!(published - seen > MAX_EVENTS as u64);
                        seen = published;
                    }
                }
            }
        }
    }
}
