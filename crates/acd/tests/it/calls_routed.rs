//! Calls through a queue: waiting, offered, answered, declined, given up.

use tact_acd::Config;
use tact_acd::config::RouteConfig;
use tact_acd::fabric::{Cause, Event};
use tact_ged188::{AgentState, Floats, SetCallDataReq, Tag};

use crate::calls_floor::{Floor, answer, call, clear, consult, make_call};
use crate::harness::{PERIPHERAL, centre};

const CALLER: &str = "+49305550101";

/// The number 8000 leads to skill group 101; wrap-up is required.
fn queues() -> Config {
    let mut config = centre();
    config.routes.push(RouteConfig {
        dialed: "8000".into(),
        queues: vec![101],
        ..RouteConfig::default()
    });
    for settings in &mut config.desk_settings {
        settings.wrapup_incoming = 0;
        settings.ring_no_answer_time = 12;
    }
    config
}

fn floor() -> Floor {
    Floor::of(queues())
}

fn ready(floor: &mut Floor, agent: &str) {
    let client = floor.all;
    floor.centre.set(client, agent, AgentState::AVAILABLE, 0);
}

/// A call that agent 2002 talks on; the caller's leg.
fn served(floor: &mut Floor) -> u64 {
    ready(floor, "2002");
    floor.serve_routed(1, CALLER, "8000", "3002")
}

#[test]
fn a_call_waits_and_is_given_to_who_becomes_ready() {
    let mut floor = floor();
    let (caller, said) = floor.incoming(CALLER, "8000");
    assert_eq!(
        said.to_all(),
        [
            format!("BEGIN c1 {CALLER} CALLTYPE_PREROUTE_ACD_IN"),
            "QUEUED c1 [101]".to_owned(),
        ]
    );
    assert!(said.to_own().is_empty() && said.commands().is_empty());
    let key = said.message("BEGIN_CALL_EVENT").floats().unwrap();
    assert_eq!(key.u32(Tag::ROUTER_CALL_KEY_CALLID), Some(call(1)));
    assert_eq!(key.u32(Tag::ROUTER_CALL_KEY_DAY), Some(19_675));

    let said = floor.set("2002", AgentState::AVAILABLE);
    assert_eq!(
        said.to_all(),
        ["SET_AGENT_STATE_CONF", "DEQUEUED c1", "PRE_CALL 2002 101"]
    );
    assert_eq!(said.states(), ["2002 AVAILABLE", "2002 RESERVED"]);
    assert_eq!(
        said.commands(),
        [format!("offer 2 phone 3002 from {CALLER}")]
    );

    let said = floor.ringing(2);
    assert_eq!(
        said.to_own(),
        [
            "BEGIN c1 3002 CALLTYPE_PREROUTE_ACD_IN".to_owned(),
            format!("DELIVERED c1 3002: {CALLER} > 8000"),
        ]
    );
    floor.ask(answer(1, "3002"));
    let said = floor.answered(2);
    assert_eq!(
        said.to_all(),
        [format!("ESTABLISHED c1 3002: {CALLER} > 8000")]
    );
    assert_eq!(said.states(), ["2002 TALKING"]);
    assert_eq!(said.commands(), [format!("bridge c1 [{}, 2]", caller.0)]);
    assert_eq!(said.streams().len(), 2);
}

#[test]
fn after_the_call_it_is_wrapped_up_and_only_then_over() {
    let mut floor = floor();
    let caller = served(&mut floor);
    let said = floor.gone(caller, Cause::Normal);
    assert_eq!(
        said.to_all(),
        [
            format!("CONNECTION_CLEARED c1 {CALLER}"),
            "CONNECTION_CLEARED c1 3002".to_owned(),
            "CLEARED c1".to_owned(),
        ]
    );
    assert_eq!(said.states(), ["2002 WORK_READY"]);
    // Wrap-up data is taken until the work is done.
    let request = SetCallDataReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(1),
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, "3002")
            .with_text(Tag::CALL_WRAPUP_DATA, "sold"),
        ..Default::default()
    };
    let said = floor.ask(request.clone());
    assert_eq!(
        said.to_all(),
        [
            "SET_CALL_DATA_CONF",
            "DATA c1 > c1 3002 CALLTYPE_PREROUTE_ACD_IN"
        ]
    );
    assert_eq!(
        said.to_own(),
        ["DATA c1 > c1 3002 CALLTYPE_PREROUTE_ACD_IN"]
    );
    let said = floor.set("2002", AgentState::AVAILABLE);
    assert_eq!(
        said.to_all(),
        [
            "SET_AGENT_STATE_CONF".to_owned(),
            format!("END c1 {CALLER}")
        ]
    );
    assert_eq!(said.to_own(), ["END c1 3002"]);
    assert_eq!(floor.ask(request).to_all(), ["FAILURE 13"]);
}

#[test]
fn whoever_does_not_answer_is_not_ready_and_the_call_waits_again() {
    let mut floor = floor();
    ready(&mut floor, "2002");
    floor.incoming(CALLER, "8000");
    floor.ringing(2);
    let said = floor.wait(12_000);
    assert_eq!(
        said.to_all(),
        [
            "DIVERTED c1 3002 to 8000 CEC_CALL_NOT_ANSWERED",
            "QUEUED c1 [101]"
        ]
    );
    assert_eq!(
        said.to_own(),
        [
            "DIVERTED c1 3002 to 8000 CEC_CALL_NOT_ANSWERED",
            "END c1 3002"
        ]
    );
    assert_eq!(said.states(), ["2002 NOT_READY 32767"]);
    assert_eq!(said.commands(), ["hang up 2 NoAnswer"]);
    assert_eq!(floor.numbers(1), [CALLER]);
    // Somebody else gets it.
    let said = floor.set("2001", AgentState::AVAILABLE);
    assert_eq!(said.to_all()[1..], ["DEQUEUED c1", "PRE_CALL 2001 101"]);
}

#[test]
fn whoever_declines_counts_the_same() {
    let mut floor = floor();
    ready(&mut floor, "2002");
    floor.incoming(CALLER, "8000");
    floor.ringing(2);
    let said = floor.gone(2, Cause::Rejected);
    assert_eq!(
        said.to_all(),
        ["DIVERTED c1 3002 to 8000 CEC_BUSY", "QUEUED c1 [101]"]
    );
    assert_eq!(said.states(), ["2002 NOT_READY 32767"]);
}

#[test]
fn a_caller_gives_up_in_the_queue() {
    let mut floor = floor();
    let (caller, _) = floor.incoming(CALLER, "8000");
    let said = floor.gone(caller.0, Cause::Normal);
    assert_eq!(
        said.to_all(),
        [
            "DEQUEUED c1".to_owned(),
            format!("CONNECTION_CLEARED c1 {CALLER} CECX_ABAND_LOCAL_QUEUE"),
            "CLEARED c1 CECX_ABAND_LOCAL_QUEUE".to_owned(),
            format!("END c1 {CALLER}"),
        ]
    );
    // Nobody is reserved for it later.
    let said = floor.set("2002", AgentState::AVAILABLE);
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
}

#[test]
fn a_caller_gives_up_while_it_rings() {
    let mut floor = floor();
    ready(&mut floor, "2002");
    let (caller, _) = floor.incoming(CALLER, "8000");
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
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
    assert_eq!(said.commands(), ["hang up 2 Normal"]);
}

#[test]
fn a_forced_sign_out_while_it_rings_puts_the_call_back() {
    let mut floor = floor();
    ready(&mut floor, "2002");
    floor.incoming(CALLER, "8000");
    floor.ringing(2);
    let client = floor.all;
    floor.centre.set(client, "2002", AgentState::LOGOUT, 999);
    assert_eq!(floor.state("2002"), AgentState::LOGOUT);
    assert_eq!(floor.numbers(1), [CALLER]);
    assert!(floor.call(1).waits);
}

#[test]
fn holding_a_routed_call_is_hold() {
    let mut floor = floor();
    served(&mut floor);
    let said = floor.ask(crate::calls_floor::hold(1, "3002"));
    assert_eq!(said.states(), ["2002 HOLD"]);
    let said = floor.ask(crate::calls_floor::retrieve(1, "3002"));
    assert_eq!(said.states(), ["2002 TALKING"]);
}

#[test]
fn a_call_that_an_agent_makes_is_told_in_states_too() {
    let mut floor = floor();
    ready(&mut floor, "2001");
    let said = floor.ask(make_call("3001", "3002"));
    assert_eq!(said.states(), ["2001 NOT_READY 50006"]);
    assert!(floor.answered(2).states().is_empty());
    assert!(floor.ringing(4).states().is_empty());
    let said = floor.answered(4);
    assert_eq!(said.states(), ["2001 TALKING", "2002 TALKING"]);
    let said = floor.ask(clear(1, "3001"));
    assert_eq!(said.states(), ["2001 NOT_READY 50006", "2002 NOT_READY"]);
}

#[test]
fn an_agent_whose_phone_rings_directly_is_given_no_other_call() {
    let mut floor = floor();
    ready(&mut floor, "2002");
    floor.incoming(CALLER, "3002");
    floor.ringing(2);
    let (_, said) = floor.incoming("5550102", "8000");
    assert_eq!(said.to_all()[1], "QUEUED c2 [101]");
    // When it rings no more, the call that waits is given.
    let said = floor.gone(2, Cause::Rejected);
    assert!(
        said.to_all().contains(&"PRE_CALL 2002 101".to_owned()),
        "{:?}",
        said.to_all()
    );
}

#[test]
fn an_agent_whose_held_call_ends_while_dialling_is_not_given_the_own_call() {
    let mut floor = floor();
    floor.set("2002", AgentState::AVAILABLE);
    floor.talk(1, "3003", "3002");
    floor.ask(crate::calls_floor::hold(1, "3002"));
    floor.ask(make_call("3002", "8000"));
    let said = floor.gone(2, Cause::Normal);
    assert_eq!(said.states().last().unwrap(), "2002 NOT_READY 50006");
    let said = floor.answered(6);
    assert_eq!(
        said.to_all(),
        ["ORIGINATED c2 3002: 3002 > 8000", "QUEUED c2 [101]"]
    );
}

#[test]
fn an_agent_may_call_a_queue_and_consult_one() {
    let mut floor = floor();
    let caller = served(&mut floor);
    ready(&mut floor, "2001");
    let said = floor.ask(consult(1, "3002", "8000"));
    assert_eq!(said.states(), ["2002 HOLD"]);
    let said = floor.answered(4);
    assert_eq!(
        said.to_all(),
        ["ORIGINATED c2 3002: 3002 > 8000", "PRE_CALL 2001 101"]
    );
    floor.ringing(6);
    let said = floor.answered(6);
    assert_eq!(said.states(), ["2001 TALKING", "2002 TALKING"]);
    assert_eq!(floor.numbers(2), ["3002", "3001"]);
    assert_eq!(floor.numbers(1), [CALLER, "3002"]);
    assert!(caller > 0);
}

#[test]
fn a_single_step_transfer_to_a_queue_waits_there() {
    let mut floor = floor();
    let caller = served(&mut floor);
    let request = tact_ged188::TransferCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: call(1),
        held_connection_call_id: u32::MAX,
        floats: Floats::new()
            .with_text(Tag::ACTIVE_CONN_DEVID, "3002")
            .with_text(Tag::DIALED_NUMBER, "8000"),
        ..Default::default()
    };
    let said = floor.ask(request);
    assert_eq!(
        said.to_all(),
        [
            "TRANSFER_CALL_CONF c1".to_owned(),
            format!("TRANSFERRED c1 none by 3002 to 8000: {CALLER} CECX_BLIND_TRANSFER"),
            "QUEUED c1 [101]".to_owned(),
        ]
    );
    assert_eq!(said.states(), ["2002 WORK_READY"]);
    let said = floor.set("2001", AgentState::AVAILABLE);
    assert_eq!(said.to_all()[1..], ["DEQUEUED c1", "PRE_CALL 2001 101"]);
    floor.ringing(4);
    let said = floor.answered(4);
    assert_eq!(said.commands(), [format!("bridge c1 [{caller}, 4]")]);
    assert_eq!(said.states(), ["2001 TALKING"]);
}

#[test]
fn a_phone_that_is_lost_during_a_call_ends_the_shift_after_it() {
    let mut floor = floor();
    let caller = served(&mut floor);
    let device = "3002".into();
    // The pending sign-out is told, the state stays.
    let said = floor.event(Event::DeviceDown { device });
    assert_eq!(said.states(), ["2002 TALKING"]);
    assert_eq!(floor.numbers(1), [CALLER, "3002"]);
    floor.gone(caller, Cause::Normal);
    assert_eq!(floor.state("2002"), AgentState::LOGOUT);
    assert_eq!(floor.centre.acd.calls().count(), 0);
}

#[test]
fn whoever_comes_late_hears_of_the_call_under_way() {
    let mut floor = floor();
    served(&mut floor);
    let request = crate::harness::agent_open_req("late", Some("2002"), Some("3002"));
    let mut request = request;
    request.floats = Floats::new()
        .with_text(Tag::CLIENT_ID, "phone of 2002")
        .with_text(Tag::AGENT_ID, "2002")
        .with_text(Tag::AGENT_EXTENSION, "3002");
    let client = floor.centre.connect();
    let answers = floor.centre.ask(client, request);
    let last = crate::calls_floor::line(answers.last().unwrap());
    assert_eq!(last, "BEGIN c1 3002 CALLTYPE_PREROUTE_ACD_IN");
}
