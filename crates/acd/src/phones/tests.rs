//! Each behaviour of the phones.

use smallvec::SmallVec;

use super::*;
use crate::fabric::{Cause, Command, Endpoint, Event, Fabric, LegId};

const LEG: LegId = LegId(2);

pub(super) fn phones() -> SimulatedPhones {
    SimulatedPhones::new(1, 0)
}

pub(super) fn phone(extension: &str) -> Endpoint {
    Endpoint::Phone(extension.into())
}

pub(super) fn outside(number: &str) -> Endpoint {
    Endpoint::Outside(number.into())
}

fn offer(leg: LegId, to: Endpoint) -> Command {
    Command::Offer {
        leg,
        to,
        from: "5550101".into(),
        auto_answer: false,
    }
}

fn bridge(legs: &[LegId]) -> Command {
    Command::Bridge {
        bridge: 7,
        legs: legs.into(),
    }
}

fn gone(leg: LegId, cause: Cause) -> Event {
    Event::Gone { leg, cause }
}

/// Everything that happens until `end`, each with its time.
pub(super) fn until(phones: &mut SimulatedPhones, end: i64) -> Vec<(i64, Event)> {
    let mut events = Vec::new();
    while let Some(due) = phones.next_due().filter(|due| *due <= end) {
        while let Some(event) = phones.poll(due) {
            events.push((due, event));
        }
    }
    events
}

/// What becomes of one offered leg with this script.
fn ring(ring: Ring) -> Vec<(i64, Event)> {
    let mut phones = phones();
    phones.numbers.set("3001", Script::new(ring));
    phones.command(100, offer(LEG, phone("3001")));
    let events = until(&mut phones, 1_000_000);
    assert_eq!(
        phones.legs(),
        usize::from(!matches!(events.last(), Some((_, Event::Gone { .. }))))
    );
    events
}

#[test]
fn a_phone_rings_until_it_is_answered() {
    let mut phones = phones();
    phones.command(0, offer(LEG, phone("3001")));
    assert_eq!(
        until(&mut phones, 90_000),
        [(0, Event::Ringing { leg: LEG })]
    );
    phones.command(90_000, Command::Answer { leg: LEG });
    assert_eq!(
        until(&mut phones, 90_000),
        [(90_000, Event::Answered { leg: LEG })]
    );
    phones.command(90_000, Command::Answer { leg: LEG });
    assert_eq!(until(&mut phones, i64::MAX), []);
}

#[test]
fn a_nailed_line_answers_at_once_and_takes_its_calls_along() {
    let mut phones = phones();
    let (line, rider) = (LegId(4), LegId(6));
    phones.command(0, offer(LEG, Endpoint::Nailed(line)));
    let unreachable = [(0, gone(LEG, Cause::Unreachable))];
    assert_eq!(until(&mut phones, 0), unreachable, "there is no line");
    phones.command(0, offer(line, outside("5550101")));
    until(&mut phones, 2000);
    for leg in [LEG, rider] {
        phones.command(3000, offer(leg, Endpoint::Nailed(line)));
        let answered = [
            (3000, Event::Ringing { leg }),
            (3000, Event::Answered { leg }),
        ];
        assert_eq!(until(&mut phones, 3000), answered);
    }
    let cause = Cause::Normal;
    phones.command(4000, Command::Hangup { leg: LEG, cause });
    assert_eq!(phones.legs(), 2, "the line stays");
    let device = "5550101".into();
    phones.schedule(5000, Hand::HangUp { device }).unwrap();
    let over = [(5000, gone(line, cause)), (5000, gone(rider, cause))];
    assert_eq!(until(&mut phones, 9000), over);
    assert_eq!(phones.legs(), 0);
}

#[test]
fn an_answer_that_is_faster_than_the_ringing_comes_after_it() {
    let mut phones = phones();
    phones.command(0, offer(LEG, phone("3001")));
    phones.command(0, Command::Answer { leg: LEG });
    let events = [
        (0, Event::Ringing { leg: LEG }),
        (0, Event::Answered { leg: LEG }),
    ];
    assert_eq!(until(&mut phones, 0), events);
}

#[test]
fn a_phone_that_answers_by_itself_does_so_at_once() {
    let mut phones = phones();
    let mut command = offer(LEG, phone("3001"));
    if let Command::Offer { auto_answer, .. } = &mut command {
        *auto_answer = true;
    }
    phones.command(5, command);
    let events = [
        (5, Event::Ringing { leg: LEG }),
        (5, Event::Answered { leg: LEG }),
    ];
    assert_eq!(until(&mut phones, 5), events);
}

#[test]
fn scripts_answer_decline_and_refuse() {
    let ringing = (100, Event::Ringing { leg: LEG });
    let after = Span::Fixed(2000);
    assert_eq!(
        ring(Ring::Answer(after)),
        [ringing.clone(), (2100, Event::Answered { leg: LEG })]
    );
    assert_eq!(
        ring(Ring::Reject(after)),
        [ringing.clone(), (2100, gone(LEG, Cause::Rejected))]
    );
    assert_eq!(
        ring(Ring::NoAnswer(after)),
        [ringing.clone(), (2100, gone(LEG, Cause::NoAnswer))]
    );
    assert_eq!(ring(Ring::Busy), [(100, gone(LEG, Cause::Busy))]);
    assert_eq!(
        ring(Ring::Invalid),
        [(100, gone(LEG, Cause::InvalidNumber))]
    );
    assert_eq!(
        ring(Ring::Unreachable),
        [(100, gone(LEG, Cause::Unreachable))]
    );
    assert_eq!(ring(Ring::ByHand), [ringing]);
}

#[test]
fn a_leg_that_the_machine_ends_says_nothing_more() {
    let mut phones = phones();
    phones.command(0, offer(LEG, outside("5550101")));
    let hangup = Command::Hangup {
        leg: LEG,
        cause: Cause::Normal,
    };
    phones.command(0, hangup.clone());
    assert_eq!(until(&mut phones, i64::MAX), []);
    phones.command(0, hangup);
    assert_eq!((phones.legs(), phones.next_due()), (0, None));
}

#[test]
fn who_was_called_hangs_up_after_the_talk_or_when_held_for_too_long() {
    let script = Script::answers_after(10)
        .hangs_up_after(Span::Fixed(1000))
        .leaves_hold_after(Span::Fixed(300));
    let mut phones = phones();
    phones.numbers.set("5550101", script);
    phones.command(0, offer(LEG, outside("5550101")));
    until(&mut phones, 500);
    phones.command(500, Command::Hold { leg: LEG });
    phones.command(700, Command::Retrieve { leg: LEG });
    // 490 ms of talk are over, the 200 on hold are not.
    assert_eq!(until(&mut phones, 5000), [(1210, gone(LEG, Cause::Normal))]);

    phones.command(5000, offer(LEG, outside("5550101")));
    until(&mut phones, 5010);
    phones.command(5020, Command::Hold { leg: LEG });
    assert_eq!(until(&mut phones, 9000), [(5320, gone(LEG, Cause::Normal))]);
}

/// A call that waits for 60 s and talks for 30 s.
pub(super) fn call() -> Call {
    Call {
        from: "5550101".into(),
        dialed: "8000".into(),
        variables: vec![("callVariable1".into(), "Ada".into())],
        talk: Some(Span::Fixed(30_000)),
        patience: Some(Span::Fixed(60_000)),
        hold_patience: None,
    }
}

/// Somebody calls at 0; their leg.
fn incoming(phones: &mut SimulatedPhones) -> LegId {
    phones.schedule(0, Hand::Call(call())).unwrap();
    let events = until(phones, 0);
    let [
        (
            0,
            Event::Incoming {
                leg,
                from,
                dialed,
                variables,
            },
        ),
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(
        (&**from, &**dialed, variables.len()),
        ("5550101", "8000", 1)
    );
    *leg
}

#[test]
fn a_caller_waits_talks_and_hangs_up() {
    let mut phones = phones();
    phones.outcomes();
    let caller = incoming(&mut phones);
    assert_eq!(caller.0 % 2, 1);
    phones.command(10_000, offer(LEG, phone("3001")));
    phones.command(12_000, Command::Answer { leg: LEG });
    until(&mut phones, 12_000);
    phones.command(12_000, bridge(&[caller, LEG]));
    assert_eq!(phones.bridge(7), [caller, LEG]);
    assert_eq!(
        until(&mut phones, i64::MAX),
        [(42_000, gone(caller, Cause::Normal))]
    );
    assert_eq!(phones.bridge(7), [LEG]);
    let outcome = Outcome {
        arrived: 0,
        met: Some(12_000),
        left: 42_000,
        by_caller: true,
    };
    assert_eq!(phones.outcomes(), [outcome]);
    assert_eq!((phones.tally().met, phones.tally().abandoned), (1, 0));
}

#[test]
fn a_caller_loses_patience_also_while_an_agents_phone_rings() {
    let mut phones = phones();
    let caller = incoming(&mut phones);
    phones.command(59_000, offer(LEG, phone("3001")));
    phones.command(59_000, bridge(&[caller]));
    let events = until(&mut phones, i64::MAX);
    assert_eq!(events.last(), Some(&(60_000, gone(caller, Cause::Normal))));
    assert_eq!(phones.tally().abandoned, 1);
}

#[test]
fn a_caller_who_is_put_back_into_the_queue_waits_anew() {
    let mut phones = phones();
    let caller = incoming(&mut phones);
    phones.command(0, offer(LEG, phone("3001")));
    phones.command(0, Command::Answer { leg: LEG });
    until(&mut phones, 0);
    phones.command(0, bridge(&[caller, LEG]));
    phones.command(
        20_000,
        Command::Hangup {
            leg: LEG,
            cause: Cause::Normal,
        },
    );
    assert_eq!(
        until(&mut phones, i64::MAX),
        [(80_000, gone(caller, Cause::Normal))]
    );
    // They have had somebody on the line, so nobody counts them as lost.
    assert_eq!(phones.tally().abandoned, 0);
}

#[test]
fn a_leg_is_on_one_bridge_at_a_time() {
    let mut phones = phones();
    for leg in [2, 4, 6] {
        phones.command(0, offer(LegId(leg), phone("3001")));
    }
    phones.command(0, bridge(&[LegId(2), LegId(4), LegId(4), LegId(99)]));
    assert_eq!(phones.bridge(7), [LegId(2), LegId(4)]);
    let legs: SmallVec<[LegId; 3]> = SmallVec::from_slice(&[LegId(4), LegId(6)]);
    phones.command(0, Command::Bridge { bridge: 8, legs });
    assert_eq!(
        (phones.bridge(7), phones.bridge(8)),
        (&[LegId(2)][..], &[LegId(4), LegId(6)][..])
    );
    phones.command(0, bridge(&[]));
    assert_eq!(phones.bridge(7), []);
}

#[test]
fn people_use_their_phones() {
    let mut phones = phones();
    let device = Box::<str>::from("3001");
    let number = Box::<str>::from("8000");
    let hands = [
        Hand::Dial {
            device: device.clone(),
            number: number.clone(),
        },
        Hand::Hold {
            device: device.clone(),
        },
        Hand::Hold {
            device: device.clone(),
        },
        Hand::HangUp {
            device: device.clone(),
        },
        // Nothing is there any more.
        Hand::HangUp {
            device: device.clone(),
        },
        Hand::PickUp {
            device: device.clone(),
        },
    ];
    for (at, hand) in (0..).zip(hands) {
        phones.schedule(at, hand).unwrap();
    }
    let leg = LegId(1);
    let events = [
        (
            0,
            Event::Dialed {
                leg,
                device: device.clone(),
                number,
            },
        ),
        (1, Event::Held { leg }),
        (2, Event::Retrieved { leg }),
        (3, gone(leg, Cause::Normal)),
    ];
    assert_eq!(until(&mut phones, 100), events);

    phones.command(200, offer(LEG, phone("3001")));
    phones
        .schedule(
            300,
            Hand::PickUp {
                device: device.clone(),
            },
        )
        .unwrap();
    phones.command(400, offer(LegId(4), phone("3001")));
    phones.schedule(500, Hand::HangUp { device }).unwrap();
    let names: Vec<Event> = until(&mut phones, 1000)
        .into_iter()
        .map(|(_, event)| event)
        .collect();
    assert_eq!(
        names,
        [
            Event::Ringing { leg: LEG },
            Event::Answered { leg: LEG },
            Event::Ringing { leg: LegId(4) },
            gone(LEG, Cause::Normal)
        ]
    );
}

#[test]
fn a_phone_that_flaps_loses_what_rings_and_keeps_what_talks() {
    let mut phones = phones();
    let device = Box::<str>::from("3001");
    phones.command(0, offer(LEG, phone("3001")));
    phones.command(0, Command::Answer { leg: LEG });
    phones.command(0, offer(LegId(4), phone("3001")));
    until(&mut phones, 0);
    phones.flap("3001", 100, 50, 1000, 2).unwrap();
    let down = Event::DeviceDown {
        device: device.clone(),
    };
    let up = Event::DeviceUp {
        device: device.clone(),
    };
    assert_eq!(
        until(&mut phones, 200),
        [
            (100, down.clone()),
            (100, gone(LegId(4), Cause::Unreachable)),
            (150, up.clone())
        ]
    );
    assert_eq!(until(&mut phones, 1100), [(1100, down)]);
    phones.command(1110, offer(LegId(6), phone("3001")));
    assert_eq!(
        until(&mut phones, 2000),
        [(1110, gone(LegId(6), Cause::Unreachable)), (1150, up)]
    );
    let cut = Hand::Unplug { device, cut: true };
    phones.schedule(3000, cut.clone()).unwrap();
    phones.schedule(3001, cut).unwrap();
    let events = until(&mut phones, 4000);
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!(events[1], (3000, gone(LEG, Cause::Unreachable)));
    assert_eq!(phones.legs(), 0);
}

#[test]
fn what_a_restarted_machine_believes_in_goes_on() {
    let mut phones = SimulatedPhones::new(1, 1000);
    phones.numbers.set(
        "5550101",
        Script::answers_after(10).hangs_up_after(Span::Fixed(500)),
    );
    let adopt = |leg, to, answered| Command::Adopt { leg, to, answered };
    phones.command(1000, adopt(LegId(2), outside("5550101"), true));
    phones.command(1000, adopt(LegId(4), phone("3001"), false));
    phones.command(1000, adopt(LegId(9001), outside("5550102"), true));
    assert_eq!(
        until(&mut phones, 9000),
        [
            (1000, Event::Ringing { leg: LegId(4) }),
            (1500, gone(LegId(2), Cause::Normal))
        ]
    );
    // No leg is used twice.
    phones.schedule(9000, Hand::Call(call())).unwrap();
    let events = until(&mut phones, 9000);
    assert!(
        matches!(
            events[0].1,
            Event::Incoming {
                leg: LegId(9003),
                ..
            }
        ),
        "{events:?}"
    );
}

/// Traffic that comes and goes quickly.
fn traffic() -> Traffic {
    Traffic {
        rate: Rate::constant(36_000),
        dialed: vec![("8000".into(), 1)],
        talk: Span::Exponential { mean_ms: 400 },
        patience: Some(Span::Exponential { mean_ms: 300 }),
        hold_patience: Some(Span::Fixed(200)),
        redial_permille: 500,
        redial_after: Span::Fixed(50),
        profiles: vec![Profile::default()],
    }
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_one_does_not() {
    let run = |seed| {
        let mut phones = SimulatedPhones::new(seed, 0);
        phones.receive(0, traffic());
        until(&mut phones, 60_000)
    };
    let once = run(5);
    assert!(once.len() > 1000);
    assert_eq!(once, run(5));
    assert_ne!(once, run(6));
}

#[test]
fn everybody_who_calls_is_counted_once() {
    let mut phones = phones();
    phones.outcomes();
    phones.receive(0, traffic());
    until(&mut phones, 100_000);
    let mut silent = traffic();
    silent.rate = Rate::constant(0);
    phones.receive(100_000, silent);
    until(&mut phones, i64::MAX);
    let tally = phones.tally();
    assert_eq!(phones.legs(), 0);
    assert_eq!(tally.arrived, tally.abandoned);
    assert_eq!(phones.outcomes().len() as u64, tally.arrived);
    let share = tally.redials as f64 / tally.abandoned as f64;
    assert!((share - 0.5).abs() < 0.05, "{tally:?}");
}
