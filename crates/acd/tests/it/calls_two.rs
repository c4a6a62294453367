//! Two calls of one phone: consultation, transfer, conference; and single steps.

use tact_acd::fabric::Cause;
use tact_ged188::{
    AlternateCallReq, ConferenceCallReq, ConnectionDeviceIdType, DeflectCallReq, Floats, Message,
    ReconnectCallReq, SendDtmfSignalReq, Tag, TransferCallReq,
};

use crate::calls_floor::{Floor, call, clear, consult, hold, make_call, retrieve};
use crate::harness::PERIPHERAL;

const CALLER: &str = "+49305550101";

macro_rules! on_two_calls {
    ($($function:ident $request:ident $other:ident;)*) => {$(
        fn $function(active: u32, other: u32, number: &str) -> $request {
            $request {
                invoke_id: 77,
                peripheral_id: PERIPHERAL,
                active_connection_call_id: call(active),
                $other: call(other),
                floats: Floats::new().with_text(Tag::ACTIVE_CONN_DEVID, number),
                ..Default::default()
            }
        }
    )*};
}

on_two_calls! {
    transfer TransferCallReq held_connection_call_id;
    confer ConferenceCallReq held_connection_call_id;
    alternate AlternateCallReq other_connection_call_id;
    reconnect ReconnectCallReq held_connection_call_id;
}

fn single_step(nth: u32, number: &str, to: &str) -> TransferCallReq {
    let mut request = transfer(nth, 0, number);
    request.held_connection_call_id = u32::MAX;
    request.held_connection_device_id_type = ConnectionDeviceIdType::NONE;
    request.floats.push_text(Tag::DIALED_NUMBER, to);
    request
}

fn add(nth: u32, number: &str, to: &str) -> ConferenceCallReq {
    let mut request = confer(nth, 0, number);
    request.held_connection_call_id = u32::MAX;
    request.floats.push_text(Tag::DIALED_NUMBER, to);
    request
}

/// A customer talks to 3001, who consults 3002; the customer's leg.
fn consulting() -> (Floor, u64) {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    floor.consult(1, 2, "3001", "3002");
    (floor, caller)
}

#[test]
fn a_consultation_holds_the_call_and_takes_its_data_along() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    let said = floor.ask(consult(1, "3001", "3002"));
    assert_eq!(
        said.to_all(),
        [
            "HELD c1 3001 CEC_CONSULT",
            "CONSULTATION_CALL_CONF c2",
            "BEGIN c2 3001 CALLTYPE_CONSULT",
            "SERVICE_INITIATED c2 3001 of c1",
        ]
    );
    assert_eq!(
        said.commands(),
        [
            "bridge c1 []".to_owned(),
            format!("music {caller}"),
            "offer 4 phone 3001 from 3002 auto".to_owned(),
        ]
    );
    let begin = said.message("BEGIN_CALL_EVENT").floats().unwrap();
    assert_eq!(begin.text(Tag::CALL_VAR_1).as_deref(), Some("gold"));
    let said = floor.answered(4);
    assert_eq!(said.to_all(), ["ORIGINATED c2 3001: 3001 > 3002"]);
    let said = floor.ringing(6);
    assert_eq!(said.to_all(), ["DELIVERED c2 3002: 3001 > 3002 of c1"]);
    let said = floor.answered(6);
    assert_eq!(said.to_all(), ["ESTABLISHED c2 3002: 3001 > 3002"]);
    assert_eq!(said.commands(), ["bridge c2 [4, 6]"]);
}

#[test]
fn a_transfer_leaves_the_customer_with_the_second_agent() {
    let (mut floor, caller) = consulting();
    let said = floor.ask(transfer(2, 1, "3001"));
    assert_eq!(
        said.to_all()[..4],
        [
            "TRANSFER_CALL_CONF c1".to_owned(),
            format!("TRANSFERRED c1 c2 by 3001 to 3002: {CALLER} 3002"),
            "DATA c2 > c1 3002 CALLTYPE_TRANSFER_IN".to_owned(),
            "END c2 3001".to_owned(),
        ]
    );
    assert_eq!(
        said.to_own(),
        [
            "BEGIN c1 3002 CALLTYPE_OTHER_IN".to_owned(),
            format!("TRANSFERRED c1 c2 by 3001 to 3002: {CALLER} 3002"),
            "DATA c2 > c1 3002 CALLTYPE_TRANSFER_IN".to_owned(),
            "END c2 3002".to_owned(),
        ]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 4 Normal".to_owned(),
            "hang up 2 Normal".to_owned(),
            "bridge c2 []".to_owned(),
            format!("no music {caller}"),
            format!("bridge c1 [{caller}, 6]"),
        ]
    );
    assert_eq!(floor.numbers(1), [CALLER, "3002"]);
    assert_eq!(floor.centre.acd.calls().count(), 1);
    let said = floor.ask(clear(1, "3002"));
    assert_eq!(said.to_own().last().map(|line| &line[..4]), Some("END "));
}

#[test]
fn a_conference_joins_everyone() {
    let (mut floor, caller) = consulting();
    let said = floor.ask(confer(2, 1, "3001"));
    assert_eq!(
        said.to_all(),
        [
            "CONFERENCE_CALL_CONF c1".to_owned(),
            format!("CONFERENCED c1 c2 by 3001 with 3002: {CALLER} 3001 3002"),
            "DATA c2 > c1 3002 CALLTYPE_CONFERENCE".to_owned(),
            "END c2 3001".to_owned(),
        ]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 4 Normal".to_owned(),
            "bridge c2 []".to_owned(),
            format!("no music {caller}"),
            format!("bridge c1 [{caller}, 2, 6]"),
        ]
    );
    // One drops, the others go on.
    let said = floor.ask(clear(1, "3001"));
    assert_eq!(
        said.to_all()[..2],
        ["CLEAR_CONNECTION_CONF", "CONNECTION_CLEARED c1 3001"]
    );
    assert_eq!(said.commands()[1], format!("bridge c1 [{caller}, 6]"));
    assert_eq!(floor.numbers(1), [CALLER, "3002"]);
    // With the customer the last two leave.
    let said = floor.gone(caller, Cause::Normal);
    assert!(said.to_all().contains(&"CLEARED c1".to_owned()));
}

#[test]
fn the_controller_drops_others_and_nobody_else_adds_any() {
    let (mut floor, _) = consulting();
    floor.ask(confer(2, 1, "3001"));
    let mut drop = clear(1, CALLER);
    drop.floats.push_text(Tag::AGENT_INSTRUMENT, "3002");
    assert_eq!(floor.ask(drop).to_all(), ["REFUSED 290/0"]);
    assert_eq!(
        floor.ask(add(1, "3002", "3003")).to_all(),
        ["REFUSED 1/20999"]
    );
    floor.ask(consult(1, "3002", "3003"));
    floor.answered(8);
    floor.answered(10);
    assert_eq!(
        floor.ask(confer(3, 1, "3002")).to_all(),
        ["REFUSED 1/20999"]
    );
    let mut drop = clear(1, CALLER);
    drop.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    let said = floor.ask(drop);
    assert_eq!(
        said.to_all(),
        [
            "CLEAR_CONNECTION_CONF".to_owned(),
            format!("CONNECTION_CLEARED c1 {CALLER}")
        ]
    );
    assert_eq!(floor.numbers(1), ["3001", "3002"]);
}

#[test]
fn a_party_is_added_in_a_single_step() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    let said = floor.ask(add(1, "3001", "3002"));
    assert_eq!(said.to_all(), ["CONFERENCE_CALL_CONF c1"]);
    assert_eq!(
        said.commands(),
        [format!("offer 4 phone 3002 from {CALLER}")]
    );
    floor.ringing(4);
    let said = floor.answered(4);
    assert_eq!(
        said.to_all(),
        [
            format!("ESTABLISHED c1 3002: {CALLER} > 3001"),
            format!("CONFERENCED c1 none by 3001 with 3002: {CALLER} 3001 3002"),
        ]
    );
    assert_eq!(said.commands(), [format!("bridge c1 [{caller}, 2, 4]")]);
}

#[test]
fn whoever_cannot_be_added_leaves_the_others_alone() {
    let mut floor = Floor::new();
    floor.serve(1, CALLER, "3001");
    floor.ask(add(1, "3001", "3002"));
    floor.ringing(4);
    let said = floor.gone(4, Cause::Rejected);
    assert_eq!(said.to_all(), ["CONNECTION_CLEARED c1 3002 CEC_BUSY"]);
    assert_eq!(said.to_own().last().unwrap(), "END c1 3002");
    assert_eq!(floor.numbers(1), [CALLER, "3001"]);
}

#[test]
fn no_more_than_sixteen_confer() {
    let mut floor = Floor::new();
    floor.serve(1, CALLER, "3001");
    for number in 3..=16 {
        floor.ask(add(1, "3001", &format!("55501{number:02}")));
        floor.answered(2 * (number - 1));
    }
    assert_eq!(floor.numbers(1).len(), 16);
    assert_eq!(
        floor.ask(add(1, "3001", "5550199")).to_all(),
        ["REFUSED 38/20070"]
    );
    floor.ask(consult(1, "3001", "3002"));
    floor.answered(floor.leg(2, "3001"));
    floor.answered(floor.leg(2, "3002"));
    assert_eq!(
        floor.ask(confer(2, 1, "3001")).to_all(),
        ["REFUSED 38/20070"]
    );
}

#[test]
fn a_single_step_transfer_rings_without_the_transferor() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    let said = floor.ask(single_step(1, "3001", "3002"));
    assert_eq!(
        said.to_all()[..2],
        [
            "TRANSFER_CALL_CONF c1".to_owned(),
            format!("TRANSFERRED c1 none by 3001 to 3002: {CALLER} CECX_BLIND_TRANSFER"),
        ]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 2 Normal".to_owned(),
            "bridge c1 []".to_owned(),
            format!("offer 4 phone 3002 from {CALLER}"),
        ]
    );
    let said = floor.ringing(4);
    assert_eq!(
        said.to_own(),
        [
            "BEGIN c1 3002 CALLTYPE_TRANSFER_IN".to_owned(),
            format!("DELIVERED c1 3002: {CALLER} > 3002"),
        ]
    );
    let said = floor.answered(4);
    assert_eq!(
        said.to_all(),
        [format!("ESTABLISHED c1 3002: {CALLER} > 3002")]
    );
    assert_eq!(said.commands(), [format!("bridge c1 [{caller}, 4]")]);
}

#[test]
fn a_customer_whom_nobody_takes_after_a_single_step_is_not_left_hanging() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    floor.ask(single_step(1, "3001", "3002"));
    floor.ringing(4);
    let said = floor.wait(60_000);
    assert_eq!(
        said.to_all()[1],
        format!("FAILED c1 {CALLER}: 3002 CEC_CALL_NOT_ANSWERED")
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 4 NoAnswer".to_owned(),
            format!("hang up {caller} NoAnswer")
        ]
    );
}

#[test]
fn a_transfer_to_a_busy_phone_is_refused() {
    let mut floor = Floor::new();
    floor.serve(1, CALLER, "3001");
    floor.talk(2, "3002", "3003");
    assert_eq!(
        floor.ask(single_step(1, "3001", "3002")).to_all(),
        ["REFUSED 33/20013"]
    );
    assert_eq!(
        floor.ask(single_step(1, "3001", "3001")).to_all(),
        ["REFUSED 14/0"]
    );
    assert_eq!(floor.numbers(1), [CALLER, "3001"]);
}

#[test]
fn alternating_swaps_the_two() {
    let (mut floor, caller) = consulting();
    let said = floor.ask(alternate(2, 1, "3001"));
    assert_eq!(
        said.to_all(),
        [
            "ALTERNATE_CALL_CONF",
            "HELD c2 3001 CEC_ALTERNATE",
            "RETRIEVED c1 3001"
        ]
    );
    assert_eq!(
        said.commands()[2..],
        [
            format!("no music {caller}"),
            format!("bridge c1 [{caller}, 2]"),
        ]
    );
    // A transfer joins them whichever is held.
    let said = floor.ask(transfer(1, 2, "3001"));
    assert_eq!(said.to_all()[0], "TRANSFER_CALL_CONF c2");
    assert_eq!(floor.numbers(2), ["3002", CALLER]);
}

#[test]
fn reconnecting_leaves_the_consultation_even_while_it_rings() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    floor.ask(consult(1, "3001", "3002"));
    floor.answered(4);
    floor.ringing(6);
    let said = floor.ask(reconnect(2, 1, "3001"));
    assert_eq!(
        said.to_all(),
        [
            "RECONNECT_CALL_CONF",
            "CONNECTION_CLEARED c2 3001",
            "CONNECTION_CLEARED c2 3002",
            "CLEARED c2",
            "END c2 3001",
            "RETRIEVED c1 3001",
        ]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 4 Normal".to_owned(),
            "hang up 6 Normal".to_owned(),
            format!("no music {caller}"),
            format!("bridge c1 [{caller}, 2]"),
        ]
    );
}

#[test]
fn the_consulted_party_hangs_up() {
    let (mut floor, _) = consulting();
    let said = floor.gone(6, Cause::Normal);
    assert_eq!(said.to_all()[2], "CLEARED c2");
    assert_eq!(floor.numbers(1), [CALLER, "3001"]);
    let said = floor.ask(retrieve(1, "3001"));
    assert_eq!(said.to_all(), ["RETRIEVE_CALL_CONF", "RETRIEVED c1 3001"]);
}

#[test]
fn the_customer_hangs_up_during_the_consultation() {
    let (mut floor, caller) = consulting();
    let said = floor.gone(caller, Cause::Normal);
    assert_eq!(
        said.to_all()[..3],
        [
            format!("CONNECTION_CLEARED c1 {CALLER}"),
            "CONNECTION_CLEARED c1 3001".to_owned(),
            "CLEARED c1".to_owned(),
        ]
    );
    assert_eq!(floor.ask(transfer(2, 1, "3001")).to_all(), ["REFUSED 13/0"]);
    assert_eq!(floor.numbers(2), ["3001", "3002"]);
}

#[test]
fn a_call_that_rings_is_deflected() {
    let mut floor = Floor::new();
    floor.incoming(CALLER, "3002");
    floor.ringing(2);
    let request = DeflectCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(1),
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, "3002")
            .with_text(Tag::CALLED_DEVID, "3003"),
        ..Default::default()
    };
    let said = floor.ask(request);
    assert_eq!(
        said.to_all(),
        [
            "DEFLECT_CALL_CONF",
            "DIVERTED c1 3002 to 3003 CEC_REDIRECTED"
        ]
    );
    assert_eq!(
        said.to_own(),
        ["DIVERTED c1 3002 to 3003 CEC_REDIRECTED", "END c1 3002"]
    );
    assert_eq!(
        said.commands(),
        [
            "hang up 2 Normal".to_owned(),
            format!("offer 4 phone 3003 from {CALLER}")
        ]
    );
}

#[test]
fn tones_are_heard_by_the_others() {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3001");
    let tones = |digits: &str| SendDtmfSignalReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(1),
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, "3001")
            .with_text(Tag::DTMF_STRING, digits),
        ..Default::default()
    };
    let said = floor.ask(tones("12a#"));
    assert_eq!(said.to_all(), ["SEND_DTMF_SIGNAL_CONF"]);
    assert_eq!(said.commands(), [format!("tones {caller} 12A#")]);
    assert_eq!(floor.ask(tones("12x")).to_all(), ["FAILURE 24"]);
    assert_eq!(floor.ask(tones(&"1".repeat(33))).to_all(), ["FAILURE 23"]);
    floor.ask(hold(1, "3001"));
    assert_eq!(floor.ask(tones("1")).to_all(), ["REFUSED 22/20104"]);
}

#[test]
fn two_calls_in_the_wrong_states_are_refused() {
    let mut floor = Floor::new();
    floor.serve(1, CALLER, "3001");
    let mut refused = |request: Message| {
        let said = floor.ask(request);
        assert!(said.commands().is_empty());
        said.to_all()
    };
    assert_eq!(refused(transfer(1, 2, "3001").into()), ["REFUSED 13/0"]);
    assert_eq!(refused(transfer(1, 1, "3001").into()), ["REFUSED 22/13125"]);
    assert_eq!(refused(confer(1, 1, "3001").into()), ["REFUSED 22/13056"]);
    assert_eq!(
        refused(alternate(1, 1, "3001").into()),
        ["REFUSED 22/20017"]
    );
    assert_eq!(
        refused(reconnect(1, 1, "3001").into()),
        ["REFUSED 22/20017"]
    );
    assert_eq!(
        refused(make_call("3001", "3002").into()),
        ["REFUSED 33/20007"]
    );
    floor.ask(hold(1, "3001"));
    let mut refused = |request: Message| floor.ask(request).to_all();
    assert_eq!(
        refused(consult(1, "3001", "3002").into()),
        ["REFUSED 22/13063"]
    );
    assert_eq!(refused(transfer(1, 1, "3001").into()), ["REFUSED 22/13121"]);
    assert_eq!(refused(confer(1, 1, "3001").into()), ["REFUSED 22/13045"]);
    assert_eq!(
        refused(single_step(1, "3001", "3002").into()),
        ["REFUSED 22/13121"]
    );
    // With the first on hold the phone makes another call of its own; it rings, so nothing is joined yet.
    assert_eq!(
        refused(make_call("3001", "3002").into())[0],
        "MAKE_CALL_CONF c2"
    );
    assert_eq!(refused(transfer(2, 1, "3001").into()), ["REFUSED 22/13121"]);
    assert_eq!(refused(retrieve(1, "3001").into())[0], "RETRIEVE_CALL_CONF");
}
