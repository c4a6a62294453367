//! Calls between phones and numbers, without queues: made, answered, held, cleared, failed.

use tact_acd::fabric::{Cause, Event, LegId};
use tact_ged188::Tag;

use crate::calls_floor::{Floor, answer, call, clear, clear_call, hold, line, make_call, retrieve};

const CALLER: &str = "+49305550101";

#[test]
fn somebody_outside_calls_a_phone() {
    let mut floor = Floor::new();
    let (caller, said) = floor.incoming(CALLER, "3002");
    assert_eq!(
        said.to_all(),
        [format!("BEGIN c1 {CALLER} CALLTYPE_OTHER_IN")]
    );
    assert!(said.to_own().is_empty());
    assert_eq!(
        said.commands(),
        [format!("offer 2 phone 3002 from {CALLER}")]
    );

    let said = floor.ringing(2);
    let delivered = format!("DELIVERED c1 3002: {CALLER} > 3002");
    assert_eq!(said.to_all(), std::slice::from_ref(&delivered));
    let begin = "BEGIN c1 3002 CALLTYPE_OTHER_IN".to_owned();
    assert_eq!(said.to_own(), [begin, delivered]);
    let floats = said.message("CALL_DELIVERED_EVENT").floats().unwrap();
    assert_eq!(floats.text(Tag::CALL_VAR_1).as_deref(), Some("gold"));
    assert_eq!(floats.text(Tag::ANI).as_deref(), Some(CALLER));

    let said = floor.ask(answer(1, "3002"));
    assert_eq!(said.to_all(), ["ANSWER_CALL_CONF"]);
    assert_eq!(said.commands(), ["answer 2"]);

    let said = floor.answered(2);
    let established = format!("ESTABLISHED c1 3002: {CALLER} > 3002");
    assert_eq!(said.to_all(), std::slice::from_ref(&established));
    assert_eq!(said.to_own(), [established]);
    assert_eq!(said.commands(), [format!("bridge c1 [{}, 2]", caller.0)]);
    assert_eq!(
        said.streams(),
        ["RTP_STARTED c1 3002 0", "RTP_STARTED c1 3002 1"]
    );
}

#[test]
fn the_agent_hangs_up() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3002");
    let said = floor.ask(clear(1, "3002"));
    assert_eq!(
        said.to_all()[..4],
        [
            "CLEAR_CONNECTION_CONF".to_owned(),
            "CONNECTION_CLEARED c1 3002".to_owned(),
            format!("CONNECTION_CLEARED c1 {CALLER}"),
            "CLEARED c1".to_owned(),
        ]
    );
    assert_eq!(
        said.streams(),
        ["RTP_STOPPED c1 3002 0", "RTP_STOPPED c1 3002 1"]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 2 Normal".to_owned(),
            format!("hang up {caller} Normal"),
            "bridge c1 []".to_owned(),
        ]
    );
    assert_eq!(said.to_own()[2], "CLEARED c1");
}

#[test]
fn the_caller_hangs_up() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3002");
    let said = floor.gone(caller, Cause::Normal);
    assert_eq!(
        said.to_all()[..3],
        [
            format!("CONNECTION_CLEARED c1 {CALLER}"),
            "CONNECTION_CLEARED c1 3002".to_owned(),
            "CLEARED c1".to_owned(),
        ]
    );
    assert_eq!(said.commands(), ["hang up 2 Normal", "bridge c1 []"]);
}

#[test]
fn a_caller_who_leaves_while_it_rings_leaves_no_ringing_phone() {
    let mut floor = Floor::new();
    let (caller, _) = floor.incoming(CALLER, "3002");
    floor.ringing(2);
    let said = floor.gone(caller.0, Cause::Normal);
    assert_eq!(
        said.to_all(),
        [
            format!("CONNECTION_CLEARED c1 {CALLER} CECX_ABAND_RING"),
            "CONNECTION_CLEARED c1 3002".to_owned(),
            "CLEARED c1".to_owned(),
            format!("END c1 {CALLER}"),
        ]
    );
    assert_eq!(said.to_own().last().unwrap(), "END c1 3002");
    assert_eq!(said.commands(), ["hang up 2 Normal"]);
    // What comes late is about nobody.
    assert!(floor.answered(2).out.is_empty());
    assert_eq!(floor.centre.acd.calls().count(), 0);
}

#[test]
fn nobody_answers_and_the_caller_hears_so() {
    let mut floor = Floor::new();
    let (caller, _) = floor.incoming(CALLER, "3002");
    floor.ringing(2);
    let said = floor.wait(60_000);
    assert_eq!(
        said.to_all(),
        [
            "CONNECTION_CLEARED c1 3002 CEC_CALL_NOT_ANSWERED".to_owned(),
            format!("FAILED c1 {CALLER}: 3002 CEC_CALL_NOT_ANSWERED"),
            format!("CONNECTION_CLEARED c1 {CALLER} CEC_CALL_NOT_ANSWERED"),
            "CLEARED c1 CEC_CALL_NOT_ANSWERED".to_owned(),
            format!("END c1 {CALLER}"),
        ]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 2 NoAnswer".to_owned(),
            format!("hang up {} NoAnswer", caller.0)
        ]
    );
}

#[test]
fn a_number_that_is_nobody_s_is_turned_away_without_a_call() {
    let mut floor = Floor::new();
    let (caller, said) = floor.incoming(CALLER, "4711");
    assert_eq!(
        said.commands(),
        [format!("hang up {} InvalidNumber", caller.0)]
    );
    assert!(said.to_all().is_empty());
}

#[test]
fn an_agent_calls_another() {
    let mut floor = Floor::new();
    let said = floor.ask(make_call("3001", "3002"));
    assert_eq!(
        said.to_all(),
        [
            "MAKE_CALL_CONF c1",
            "BEGIN c1 3001 CALLTYPE_AGENT_INSIDE",
            "SERVICE_INITIATED c1 3001",
        ]
    );
    assert_eq!(said.commands(), ["offer 2 phone 3001 from 3002 auto"]);
    let said = floor.answered(2);
    assert_eq!(said.to_all(), ["ORIGINATED c1 3001: 3001 > 3002"]);
    assert_eq!(said.commands(), ["offer 4 phone 3002 from 3001"]);
    let said = floor.ringing(4);
    assert_eq!(said.to_all(), ["DELIVERED c1 3002: 3001 > 3002"]);
    let said = floor.answered(4);
    assert_eq!(said.to_all(), ["ESTABLISHED c1 3002: 3001 > 3002"]);
    assert_eq!(said.commands(), ["bridge c1 [2, 4]"]);
    let said = floor.ask(clear(1, "3001"));
    assert_eq!(
        said.to_all(),
        [
            "CLEAR_CONNECTION_CONF",
            "CONNECTION_CLEARED c1 3001",
            "CONNECTION_CLEARED c1 3002",
            "CLEARED c1",
            "END c1 3001",
        ]
    );
    assert_eq!(
        said.to_own(),
        [
            "CONNECTION_CLEARED c1 3001",
            "CONNECTION_CLEARED c1 3002",
            "CLEARED c1",
            "END c1 3002",
        ]
    );
}

#[test]
fn a_call_beyond_the_trunk_reaches_the_network() {
    let mut floor = Floor::new();
    floor.ask(make_call("3001", "5550101"));
    let said = floor.answered(2);
    assert_eq!(
        said.to_all(),
        [
            "ORIGINATED c1 3001: 3001 > 5550101",
            "REACHED_NETWORK c1 3001"
        ]
    );
    assert_eq!(said.commands(), ["offer 4 outside 5550101 from 3001"]);
    floor.ringing(4);
    let said = floor.answered(4);
    assert_eq!(said.to_all(), ["ESTABLISHED c1 5550101: 3001 > 5550101"]);
    let said = floor.gone(4, Cause::Normal);
    assert_eq!(
        said.to_all()[..2],
        [
            "CONNECTION_CLEARED c1 5550101",
            "CONNECTION_CLEARED c1 3001"
        ]
    );
}

#[test]
fn a_call_that_cannot_be_had_fails_and_the_tone_does_not_last_for_ever() {
    for (cause, told) in [
        (Cause::Busy, "CEC_BUSY"),
        (Cause::InvalidNumber, "CEC_DEST_NOT_OBTAINABLE"),
        (Cause::NoAnswer, "CEC_CALL_NOT_ANSWERED"),
    ] {
        let mut floor = Floor::new();
        floor.ask(make_call("3001", "5550000"));
        floor.answered(2);
        let said = floor.gone(4, cause);
        assert_eq!(said.to_all(), [format!("FAILED c1 3001: 5550000 {told}")]);
        let cleared = |cause: &str| {
            [
                format!("CONNECTION_CLEARED c1 3001{cause}"),
                format!("CLEARED c1{cause}"),
                "END c1 3001".to_owned(),
            ]
        };
        let said = match cause {
            Cause::Busy => {
                let said = floor.ask(clear(1, "3001"));
                assert_eq!(said.to_all()[1..], cleared(""));
                said
            }
            _ => {
                let said = floor.wait(30_000);
                assert_eq!(said.to_all(), cleared(" CEC_TIME_OUT"));
                said
            }
        };
        assert_eq!(said.commands(), ["hang up 2 Normal"]);
    }
}

#[test]
fn a_phone_with_a_call_is_busy_for_others() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    floor.ask(make_call("3003", "3002"));
    let said = floor.answered(6);
    assert_eq!(
        said.to_all(),
        [
            "ORIGINATED c2 3003: 3003 > 3002",
            "FAILED c2 3003: 3002 CEC_BUSY"
        ]
    );
    let (caller, said) = floor.incoming(CALLER, "3002");
    assert_eq!(said.commands(), [format!("hang up {} Busy", caller.0)]);
    assert_eq!(said.to_all().last().unwrap(), &format!("END c3 {CALLER}"));
}

#[test]
fn somebody_dials_on_the_phone_itself() {
    let mut floor = Floor::new();
    let said = floor.event(Event::Dialed {
        leg: LegId(9),
        device: "3002".into(),
        number: "3001".into(),
    });
    let whole = [
        "BEGIN c1 3002 CALLTYPE_AGENT_INSIDE",
        "SERVICE_INITIATED c1 3002",
        "ORIGINATED c1 3002: 3002 > 3001",
    ];
    assert_eq!(said.to_all(), whole);
    assert_eq!(said.to_own(), whole);
    assert_eq!(said.commands(), ["offer 2 phone 3001 from 3002"]);
}

#[test]
fn a_phone_that_rings_dials_nothing() {
    let mut floor = Floor::new();
    floor.incoming(CALLER, "3002");
    let said = floor.event(Event::Dialed {
        leg: LegId(9),
        device: "3002".into(),
        number: "3001".into(),
    });
    assert!(said.to_all().is_empty());
    assert_eq!(said.commands(), ["hang up 9 Unreachable"]);
}

#[test]
fn a_held_caller_hears_music_and_is_taken_back() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3002");
    let said = floor.ask(hold(1, "3002"));
    assert_eq!(said.to_all(), ["HOLD_CALL_CONF", "HELD c1 3002"]);
    assert_eq!(said.to_own(), ["HELD c1 3002"]);
    assert_eq!(
        said.commands(),
        ["bridge c1 []".to_owned(), format!("music {caller}")]
    );
    let said = floor.ask(retrieve(1, "3002"));
    assert_eq!(said.to_all(), ["RETRIEVE_CALL_CONF", "RETRIEVED c1 3002"]);
    assert_eq!(
        said.commands(),
        [
            format!("no music {caller}"),
            format!("bridge c1 [{caller}, 2]")
        ]
    );
}

#[test]
fn both_ends_hold() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    floor.ask(hold(1, "3001"));
    let said = floor.ask(hold(1, "3002"));
    assert_eq!(said.to_all()[1..], ["HELD c1 3002"]);
    assert_eq!(said.commands(), ["no music 4"]);
    floor.ask(retrieve(1, "3001"));
    let said = floor.ask(retrieve(1, "3002"));
    assert_eq!(said.commands(), ["no music 2", "bridge c1 [2, 4]"]);
}

#[test]
fn the_hold_key_does_the_same() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    let said = floor.event(Event::Held { leg: LegId(4) });
    assert_eq!(said.to_all(), ["HELD c1 3002"]);
    assert!(floor.event(Event::Held { leg: LegId(4) }).out.is_empty());
    let said = floor.event(Event::Retrieved { leg: LegId(4) });
    assert_eq!(said.to_all(), ["RETRIEVED c1 3002"]);
}

#[test]
fn clear_call_ends_it_for_everyone() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    let said = floor.ask(clear_call(1, "3002"));
    assert_eq!(said.to_all().last().unwrap(), "END c1 3001");
    assert_eq!(said.commands().len(), 3);
}

#[test]
fn a_phone_that_does_not_go_off_hook_makes_no_call() {
    let mut floor = Floor::new();
    floor.ask(make_call("3001", "3002"));
    let said = floor.wait(15_000);
    assert_eq!(
        said.to_all(),
        [
            "CONNECTION_CLEARED c1 3001 CEC_TIME_OUT",
            "CLEARED c1 CEC_TIME_OUT",
            "END c1 3001",
        ]
    );
    assert_eq!(floor.centre.acd.next_due(), None);
}

#[test]
fn what_cannot_be_done_is_refused() {
    let mut floor = Floor::new();
    let refused = |floor: &mut Floor, request: tact_ged188::Message| {
        let said = floor.ask(request);
        assert!(said.commands().is_empty());
        said.to_all()
    };
    // Unknown calls and phones.
    assert_eq!(
        refused(&mut floor, answer(1, "3002").into()),
        ["REFUSED 13/0"]
    );
    assert_eq!(
        refused(&mut floor, clear(1, "3002").into()),
        ["REFUSED 13/0"]
    );
    assert_eq!(
        refused(&mut floor, hold(1, "9999").into()),
        ["REFUSED 12/10004"]
    );
    assert_eq!(
        refused(&mut floor, make_call("3001", "3001").into()),
        ["REFUSED 14/0"]
    );
    assert_eq!(
        refused(&mut floor, make_call("3001", "").into()),
        ["FAILURE 6"]
    );
    let mut elsewhere = make_call("3001", "3002");
    elsewhere.peripheral_id = 1;
    assert_eq!(refused(&mut floor, elsewhere.into()), ["FAILURE 7"]);
    // While it rings.
    floor.ask(make_call("3001", "3002"));
    floor.answered(2);
    floor.ringing(4);
    assert_eq!(
        refused(&mut floor, answer(1, "3001").into()),
        ["REFUSED 22/20010"]
    );
    assert_eq!(
        refused(&mut floor, answer(1, "3003").into()),
        ["REFUSED 13/0"]
    );
    assert_eq!(
        refused(&mut floor, hold(1, "3001").into()),
        ["REFUSED 22/20015"]
    );
    assert_eq!(
        refused(&mut floor, hold(1, "3002").into()),
        ["REFUSED 22/20015"]
    );
    assert_eq!(
        refused(&mut floor, make_call("3001", "3003").into()),
        ["REFUSED 33/20007"]
    );
    assert_eq!(
        refused(&mut floor, make_call("3002", "3003").into()),
        ["REFUSED 33/20007"]
    );
    // While they talk.
    floor.answered(4);
    assert_eq!(
        refused(&mut floor, answer(1, "3002").into()),
        ["REFUSED 22/20010"]
    );
    assert_eq!(
        refused(&mut floor, retrieve(1, "3002").into()),
        ["REFUSED 22/20017"]
    );
    // A phone that is out of order.
    floor.event(Event::DeviceDown {
        device: "3003".into(),
    });
    assert_eq!(
        refused(&mut floor, make_call("3003", "3004").into()),
        ["REFUSED 34/20119"]
    );
}

#[test]
fn the_client_of_one_phone_acts_there_only() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    let own = floor.own;
    let mut asks = |request: tact_ged188::Message| {
        let answers = floor.centre.ask(own, request);
        line(&answers[0])
    };
    assert_eq!(asks(hold(1, "3001").into()), "REFUSED 8/0");
    assert_eq!(asks(make_call("3001", "3003").into()), "REFUSED 8/0");
    assert_eq!(asks(hold(1, "3002").into()), "HOLD_CALL_CONF");
    // Without a phone it is the own one.
    let mut retrieve = retrieve(1, "3002");
    retrieve.floats = tact_ged188::Floats::new();
    assert_eq!(asks(retrieve.into()), "RETRIEVE_CALL_CONF");
    assert_eq!(asks(clear(1, "3001").into()), "REFUSED 290/0");
    assert_eq!(asks(clear(1, "3002").into()), "CLEAR_CONNECTION_CONF");
    assert_eq!(call(1), 16_777_217);
}
