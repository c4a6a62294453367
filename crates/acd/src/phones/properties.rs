//! What holds whatever the phones are told.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::tests::{call, outside, phone, phones, until};
use super::*;
use crate::fabric::{Cause, Command, Endpoint, Event, Fabric, LegId};

#[derive(Debug, Clone)]
enum Step {
    Tell(Command),
    Do(Hand),
    Wait(i64),
}

fn leg_id() -> impl Strategy<Value = LegId> {
    (1_u64..12).prop_map(LegId)
}

fn endpoint() -> impl Strategy<Value = Endpoint> {
    let numbers = ["5550101", "5550000", "5559999", "5558888", "12"];
    prop_oneof![
        prop::sample::select(vec!["3001", "3002", "3003"]).prop_map(phone),
        prop::sample::select(numbers.to_vec()).prop_map(outside),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let device = || prop::sample::select(vec!["3001", "3002", "5550101"]).prop_map(Box::from);
    let tell = prop_oneof![
        4 => (1_u64..6, endpoint(), any::<bool>()).prop_map(|(leg, to, auto_answer)| {
            Command::Offer { leg: LegId(2 * leg), to, from: "1".into(), auto_answer }
        }),
        2 => leg_id().prop_map(|leg| Command::Answer { leg }),
        1 => leg_id().prop_map(|leg| Command::Hangup { leg, cause: Cause::Normal }),
        1 => leg_id().prop_map(|leg| Command::Hold { leg }),
        1 => leg_id().prop_map(|leg| Command::Retrieve { leg }),
        2 => (0_u32..3, vec(leg_id(), 0..4)).prop_map(|(bridge, legs)| {
            Command::Bridge { bridge, legs: legs.into() }
        }),
        1 => (leg_id(), endpoint(), any::<bool>())
            .prop_map(|(leg, to, answered)| Command::Adopt { leg, to, answered }),
    ];
    let hand = prop_oneof![
        2 => Just(Hand::Call(call())),
        1 => device().prop_map(|device| Hand::Dial { device, number: "8000".into() }),
        1 => device().prop_map(|device| Hand::PickUp { device }),
        1 => device().prop_map(|device| Hand::HangUp { device }),
        1 => device().prop_map(|device| Hand::Hold { device }),
        1 => (device(), any::<bool>()).prop_map(|(device, cut)| Hand::Unplug { device, cut }),
        1 => device().prop_map(|device| Hand::Plug { device }),
    ];
    prop_oneof![
        3 => tell.prop_map(Step::Tell),
        1 => hand.prop_map(Step::Do),
        2 => (0_i64..40_000).prop_map(Step::Wait),
    ]
}

proptest! {
    /// Every offer ends in Answered or Gone, or rings because it is an agent's phone; nothing is told of a leg after
    /// its end; nobody hears a leg that is gone.
    #[test]
    fn every_offer_comes_to_its_end(steps in vec(step(), 0..60)) {
        let mut phones = phones();
        phones.numbers.set("3003", Script::new(Ring::Reject(Span::Fixed(7))));
        let mut now = 0;
        let mut offered: BTreeMap<LegId, Endpoint> = BTreeMap::new();
        let mut live: BTreeSet<LegId> = BTreeSet::new();
        let note = |events: Vec<(i64, Event)>, live: &mut BTreeSet<LegId>, offered: &mut BTreeMap<LegId, Endpoint>| {
            for (_, event) in events {
                match event {
                    Event::Incoming { leg, .. } | Event::Dialed { leg, .. } => {
                        live.insert(leg);
                    }
                    Event::Ringing { leg } => assert!(live.contains(&leg)),
                    Event::Answered { leg } => {
                        assert!(live.contains(&leg));
                        offered.remove(&leg);
                    }
                    Event::Gone { leg, .. } => {
                        assert!(live.remove(&leg), "{leg:?} ended twice");
                        offered.remove(&leg);
                    }
                    _ => {}
                }
            }
        };
        for step in steps {
            match step {
                Step::Tell(command) => {
                    match &command {
                        Command::Offer { leg, to, .. } => {
                            live.insert(*leg);
                            offered.insert(*leg, to.clone());
                        }
                        Command::Hangup { leg, .. } => {
                            live.remove(leg);
                            offered.remove(leg);
                        }
                        Command::Adopt { leg, to, answered } => {
                            let new = live.insert(*leg);
                            let rings = !answered && leg.0 % 2 == 0;
                            offered.extend((new && rings).then(|| (*leg, to.clone())));
                        }
                        _ => {}
                    }
                    phones.command(now, command);
                }
                Step::Do(hand) => phones.schedule(now, hand).unwrap(),
                Step::Wait(ms) => now += ms,
            }
            note(until(&mut phones, now), &mut live, &mut offered);
        }
        note(until(&mut phones, i64::MAX), &mut live, &mut offered);
        prop_assert_eq!(phones.legs(), live.len());
        for to in offered.values() {
            prop_assert_eq!(phones.numbers.script(to).ring, Ring::ByHand, "{:?} has no end", to);
        }
        for bridge in 0..3 {
            prop_assert!(phones.bridge(bridge).iter().all(|leg| live.contains(leg)));
        }
    }
}
