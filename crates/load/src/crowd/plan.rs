//! What is published when, and to whom: fixed before the first event, so that no late answer moves a later event.

use std::time::Duration;

use super::payload::Run;

/// A node, and who hears it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its name.
    pub(super) name: String,
    /// Which publisher owns it. All its events go over one connection, so that their order means something.
    pub(super) publisher: usize,
    /// The agent whom its events are about.
    pub(super) subject: String,
    /// Indexes of the desktops that hear it, ascending.
    pub(super) hearers: Vec<u32>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Planned {
    /// The node's index.
    pub(super) node: u32,
    /// Microseconds from the start.
    pub(super) due_us: u64,
    /// The place of its first hearer among all deliveries.
    pub(super) first_delivery: u32,
}

/// All events of a run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Which run.
    pub(super) run: Run,
    /// The nodes.
    pub(super) nodes: Vec<Node>,
    /// The events, by time.
    pub(super) events: Vec<Planned>,
    /// How many events should be heard, each by everyone who hears its node.
    pub(super) deliveries: u32,
}

impl Plan {
    /// `rate` events a second for `seconds`, evenly, each to a node that `seed` chooses.
    pub(super) fn new(run: Run, nodes: Vec<Node>, rate: u32, seconds: u32, seed: u64) -> Plan {
        let count = u64::from(rate) * u64::from(seconds);
        let mut random = Random(seed);
        let mut deliveries = 0_u32;
        let events = (0..count)
            .map_while(|number| {
                let node = random.below(u32::try_from(nodes.len()).ok()?)?;
                let hearers = nodes.get(usize::try_from(node).ok()?)?.hearers.len();
                let first_delivery = deliveries;
                deliveries = deliveries.checked_add(u32::try_from(hearers).ok()?)?;
                Some(Planned {
                    node,
                    due_us: number * 1_000_000 / u64::from(rate),
                    first_delivery,
                })
            })
            .collect();
        Plan {
            run,
            nodes,
            events,
            deliveries,
        }
    }

    /// The node of an event.
    pub(super) fn node_of(&self, event: &Planned) -> Option<&Node> {
        self.nodes.get(usize::try_from(event.node).ok()?)
    }

    /// When the last event is due.
    pub(super) fn lasts(&self) -> Duration {
        Duration::from_micros(self.events.last().map_or(0, |event| event.due_us))
    }
}

/// SplitMix64: the same seed, the same agents.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> Option<u32> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let high = (z ^ (z >> 31)) >> 32;
        u32::try_from((high * u64::from(bound)) >> 32)
            .ok()
            .filter(|_| bound > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(count: u32) -> Vec<Node> {
        (0..count)
            .map(|index| Node {
                name: index.to_string(),
                publisher: 0,
                subject: index.to_string(),
                hearers: vec![index, index + 1],
            })
            .collect()
    }

    #[test]
    fn events_are_evenly_spread_over_time_and_nodes() {
        let plan = Plan::new(1, nodes(10), 2000, 3, 7);
        assert_eq!((plan.events.len(), plan.deliveries), (6000, 12_000));
        let due: Vec<_> = plan
            .events
            .iter()
            .take(3)
            .map(|event| event.due_us)
            .collect();
        assert_eq!(due, [0, 500, 1000]);
        assert_eq!(plan.lasts(), Duration::from_micros(2_999_500));
        for node in 0..10 {
            let events = plan
                .events
                .iter()
                .filter(|event| event.node == node)
                .count();
            assert!((500..700).contains(&events), "{node}: {events}");
        }
        assert_eq!(plan.events, Plan::new(1, nodes(10), 2000, 3, 7).events);
        assert_ne!(plan.events, Plan::new(1, nodes(10), 2000, 3, 8).events);
    }

    #[test]
    fn no_nodes_are_no_events() {
        assert!(Plan::new(1, Vec::new(), 10, 1, 1).events.is_empty());
    }
}
