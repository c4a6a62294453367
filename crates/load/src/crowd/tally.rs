//! What became of the events of a plan: who heard which, how late, and what should not have been.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tact_xmpp::parser::{Limits, document};

use super::payload::{self, Stamp};
use super::plan::Plan;
use crate::measure::Waits;

/// Every so many events one is read by the full XML parser too.
const INSPECTED: u64 = 32;

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Events that were published.
    pub published: u64,
    /// Deliveries that there should be: each event once for everyone who hears its node.
    pub expected: u64,
    /// Deliveries that there were, the first of each.
    pub received: u64,
    /// Expected and not received.
    pub lost: u64,
    /// Received by somebody who does not hear the node, or never published.
    pub extra: u64,
    /// Received again.
    pub duplicated: u64,
    /// Received after a later event of the same node, by the same desktop.
    pub reordered: u64,
    /// Received, but not what was published.
    pub damaged: u64,
    /// Publish requests that were refused.
    pub refused: u64,
    /// Why the first of them was refused.
    pub refusal: Option<String>,
    /// Other messages of the server.
    pub others: u64,
}

impl Counts {
    /// True when every event was heard once by everyone who should, in order and unchanged.
    pub fn is_clean(&self) -> bool {
        self.published > 0
            && self.received == self.expected
            && self.extra + self.duplicated + self.reordered + self.damaged + self.refused == 0
    }
}

/// The tally of one run.
pub(super) struct Tally {
    plan: Arc<Plan>,
    start: Instant,
    /// Which deliveries there were.
    heard: Vec<bool>,
    /// The number of the last event heard, plus one, for each hearer of each node.
    last: Vec<Vec<u32>>,
    counts: Counts,
    waits: Waits,
    /// When the last delivery was.
    last_heard: Instant,
    room: String,
}

impl Tally {
    pub(super) fn new(plan: Arc<Plan>, start: Instant) -> Tally {
        Tally {
            heard: vec![false; usize::try_from(plan.deliveries).unwrap_or_default()],
            last: plan
                .nodes
                .iter()
                .map(|node| vec![0; node.hearers.len()])
                .collect(),
            counts: Counts {
                expected: u64::from(plan.deliveries),
                published: u64::try_from(plan.events.len()).unwrap_or_default(),
                ..Counts::default()
            },
            waits: Waits::new(),
            last_heard: start,
            room: String::new(),
            plan,
            start,
        }
    }

    /// A `<message/>` that a desktop received.
    pub(super) fn message(&mut self, desktop: usize, message: &[u8], now: Instant) {
        let Some(stamp) = Stamp::find(message).filter(|stamp| stamp.run == self.plan.run) else {
            self.counts.others += 1;
            return;
        };
        if self.event(desktop, message, stamp, now).is_none() {
            self.counts.extra += 1;
        }
    }

    /// `None` when this desktop should not have received it.
    fn event(&mut self, desktop: usize, message: &[u8], stamp: Stamp, now: Instant) -> Option<()> {
        let plan = Arc::clone(&self.plan);
        let event = plan.events.get(usize::try_from(stamp.number).ok()?)?;
        let node = plan.node_of(event)?;
        let desktop = u32::try_from(desktop).ok()?;
        let place = node.hearers.binary_search(&desktop).ok()?;
        self.last_heard = now;
        let whole = event.due_us == stamp.due_us
            && payload::is_whole(message, &node.name, &node.subject, stamp, &mut self.room);
        let inspected = self
            .counts
            .received
            .is_multiple_of(INSPECTED)
            .then(|| document(message, Limits::AFTER_AUTH));
        if !whole || matches!(inspected, Some(Err(_))) {
            self.counts.damaged += 1;
        }
        let delivery = usize::try_from(event.first_delivery).ok()? + place;
        let heard = self.heard.get_mut(delivery)?;
        if std::mem::replace(heard, true) {
            self.counts.duplicated += 1;
            return Some(());
        }
        self.counts.received += 1;
        let last = self.last.get_mut(usize::try_from(event.node).ok()?)?;
        let last = last.get_mut(place)?;
        if stamp.number < *last {
            self.counts.reordered += 1;
        } else {
            *last = stamp.number + 1;
        }
        let due = self.start + Duration::from_micros(event.due_us);
        self.waits.record(now.saturating_duration_since(due));
        Some(())
    }

    /// A publish request was refused.
    pub(super) fn refused(&mut self, condition: String) {
        self.counts.refused += 1;
        self.counts.refusal.get_or_insert(condition);
    }

    /// True when nothing more is expected.
    pub(super) fn is_complete(&self) -> bool {
        self.counts.received + self.counts.refused >= self.counts.expected
    }

    /// How long nothing was heard.
    pub(super) fn silence(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.last_heard)
    }

    /// From the first event's due time to the last delivery.
    pub(super) fn span(&self) -> Duration {
        self.last_heard.saturating_duration_since(self.start)
    }

    /// The outcome.
    pub(super) fn close(mut self) -> (Counts, Waits) {
        self.counts.lost = self.counts.expected - self.counts.received;
        (self.counts, self.waits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crowd::plan::Node;

    const NODE: &str = "/finesse/api/User/2001";

    fn tally() -> Tally {
        let node = Node {
            name: NODE.into(),
            publisher: 0,
            subject: "2001".into(),
            hearers: vec![3, 5],
        };
        let plan = Plan::new(9, vec![node], 10, 1, 1);
        Tally::new(Arc::new(plan), Instant::now())
    }

    fn message(number: u32) -> String {
        let stamp = Stamp {
            run: 9,
            number,
            due_us: u64::from(number) * 100_000,
        };
        let (mut room, mut iq) = (String::new(), String::new());
        payload::publish("p", NODE, "2001", stamp, &mut room, &mut iq);
        let start = iq.find("<notification").unwrap();
        let end = iq.find("</item>").unwrap();
        format!(
            "<message><event><items node='{NODE}'><item>{}</item></items></event></message>",
            &iq[start..end]
        )
    }

    #[test]
    fn a_clean_run_is_clean() {
        let mut tally = tally();
        let start = tally.start;
        for number in 0..10 {
            for desktop in [3, 5] {
                let now = start + Duration::from_millis(u64::from(number) * 100 + 7);
                tally.message(desktop, message(number).as_bytes(), now);
            }
        }
        assert!(tally.is_complete());
        assert_eq!(tally.span(), Duration::from_millis(907));
        let (counts, waits) = tally.close();
        assert!(counts.is_clean(), "{counts:?}");
        assert_eq!((counts.published, counts.received), (10, 20));
        assert!((waits.percentile_ms(100.0) - 7.0).abs() < 0.1);
    }

    #[test]
    fn everything_that_should_not_be_is_counted() {
        let mut tally = tally();
        let now = tally.start;
        let mut hear = |desktop: usize, text: &str| tally.message(desktop, text.as_bytes(), now);
        hear(3, &message(1));
        hear(3, &message(0)); // after a later one
        hear(3, &message(1)); // again
        hear(4, &message(2)); // not for this desktop
        hear(3, &message(10)); // never published
        hear(5, &message(3).replace("Brown", "Green"));
        hear(5, &message(4).replace("load-00000009", "load-00000008")); // an earlier run's
        hear(5, "<message/>");
        tally.refused("forbidden".into());
        let (counts, _) = tally.close();
        assert!(!counts.is_clean());
        assert_eq!(counts.reordered, 1);
        assert_eq!(counts.duplicated, 1);
        assert_eq!(counts.extra, 2);
        assert_eq!(counts.damaged, 1);
        assert_eq!(counts.others, 2);
        assert_eq!((counts.received, counts.lost), (3, 17));
        assert_eq!(
            (counts.refused, counts.refusal.as_deref()),
            (1, Some("forbidden"))
        );
    }
}
