//! Supervisors: listening, barging in, and being asked for help.

use tact_acd::config::RouteConfig;
use tact_acd::fabric::Cause;
use tact_ged188::{
    AgentState, EmergencyCallReq, Floats, SnapshotDeviceReq, SuperviseCallReq, SupervisorAssistReq,
    SupervisoryAction, Tag,
};

use crate::calls_floor::{Floor, call, clear, hold};
use crate::harness::{PERIPHERAL, centre};

const CALLER: &str = "+49305550101";

fn supervise(action: SupervisoryAction, agent: &str) -> SuperviseCallReq {
    SuperviseCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        agent_connection_call_id: u32::MAX,
        supervisor_connection_call_id: u32::MAX,
        supervisory_action: action,
        floats: Floats::new()
            .with_text(Tag::AGENT_INSTRUMENT, agent)
            .with_text(Tag::SUPERVISOR_INSTRUMENT, "3004"),
        ..Default::default()
    }
}

/// Agent 2002 talks to a customer, supervisor 2100 listens; the customer's leg.
fn listening() -> (Floor, u64) {
    let mut floor = Floor::new();
    let caller = floor.serve(1, CALLER, "3002");
    floor.ask(supervise(SupervisoryAction::MONITOR, "3002"));
    floor.answered(4);
    (floor, caller)
}

#[test]
fn a_supervisor_listens_and_the_agent_hears_nothing_of_it() {
    let mut floor = Floor::new();
    floor.serve(1, CALLER, "3002");
    let said = floor.ask(supervise(SupervisoryAction::MONITOR, "3002"));
    assert_eq!(
        said.to_all(),
        [
            "SUPERVISE_CALL_CONF c2",
            "BEGIN c2 3004 CALLTYPE_SUPERVISOR_MONITOR"
        ]
    );
    assert_eq!(said.commands(), ["offer 4 phone 3004 from 3002 auto"]);
    assert!(said.to_own().is_empty());
    let said = floor.answered(4);
    assert_eq!(
        said.to_all(),
        [
            "DELIVERED c2 3004: 3002 > 3004",
            "ESTABLISHED c2 3004: 3002 > 3004"
        ]
    );
    assert!(said.to_own().is_empty());
    assert_eq!(said.commands(), ["tap 4 c1"]);
    assert_eq!(said.states(), ["2100 TALKING"]);
    assert_eq!(floor.state("2002"), AgentState::TALKING);
    for (phone, status) in [("3004", 1), ("3002", 2)] {
        let snapshot = SnapshotDeviceReq {
            peripheral_id: PERIPHERAL,
            floats: Floats::new().with_text(Tag::AGENT_INSTRUMENT, phone),
            ..Default::default()
        };
        let said = floor.ask(snapshot);
        let floats = said.message("SNAPSHOT_DEVICE_CONF").floats().unwrap();
        assert_eq!(floats.u16(Tag::SILENT_MONITOR_STATUS), Some(status));
    }
}

/// A floor where 8000 leads to everyone.
fn with_a_queue() -> Floor {
    let mut config = centre();
    config.routes.push(RouteConfig {
        dialed: "8000".into(),
        queues: vec![101],
        ..RouteConfig::default()
    });
    Floor::of(config)
}

#[test]
fn who_is_about_to_listen_is_offered_no_queued_call() {
    let mut floor = with_a_queue();
    floor.serve(1, CALLER, "3002");
    floor.ask(supervise(SupervisoryAction::MONITOR, "3002"));
    floor.set("2100", AgentState::AVAILABLE);
    let (_, said) = floor.incoming(CALLER, "8000");
    assert!(said.commands().is_empty());
    assert_eq!(floor.answered(4).states(), ["2100 TALKING"]);
    let said = floor.ask(clear(2, "3004"));
    // The call that waited is next.
    assert_eq!(said.states(), ["2100 AVAILABLE", "2100 RESERVED"]);
}

#[test]
fn a_queued_call_comes_when_there_is_nothing_to_listen_to() {
    let mut floor = with_a_queue();
    let caller = floor.serve(1, CALLER, "3002");
    floor.ask(supervise(SupervisoryAction::MONITOR, "3002"));
    floor.set("2100", AgentState::AVAILABLE);
    floor.incoming(CALLER, "8000");
    let said = floor.gone(caller, Cause::Normal);
    assert!(
        said.states().contains(&"2100 RESERVED".into()),
        "{:?}",
        said.states()
    );
}

#[test]
fn listening_ends_by_the_supervisor() {
    for by_request in [true, false] {
        let (mut floor, _) = listening();
        let said = match by_request {
            true => floor.ask(supervise(SupervisoryAction::CLEAR, "3002")),
            false => floor.ask(clear(2, "3004")),
        };
        assert_eq!(said.to_all().last().unwrap(), "END c2 3004");
        assert_eq!(said.states(), ["2100 NOT_READY"]);
        assert_eq!(said.commands(), ["hang up 4 Normal"]);
        assert_eq!(floor.numbers(1), [CALLER, "3002"]);
    }
}

#[test]
fn listening_ends_with_the_call() {
    let (mut floor, caller) = listening();
    let said = floor.gone(caller, Cause::Normal);
    assert!(said.to_all().contains(&"END c2 3004".to_owned()));
    assert_eq!(floor.state("2100"), AgentState::NOT_READY);
    assert_eq!(floor.state("2002"), AgentState::NOT_READY);
    assert_eq!(floor.centre.acd.calls().count(), 0);
}

#[test]
fn whoever_listens_may_join() {
    let (mut floor, caller) = listening();
    let said = floor.ask(supervise(SupervisoryAction::BARGE_IN, "3002"));
    assert_eq!(
        said.to_all(),
        [
            "SUPERVISE_CALL_CONF c3".to_owned(),
            "CONNECTION_CLEARED c2 3004".to_owned(),
            "CLEARED c2".to_owned(),
            "END c2 3004".to_owned(),
            "HELD c1 3002 CEC_SUPERVISOR_BARGE_IN".to_owned(),
            "BEGIN c3 3002 CALLTYPE_SUPERVISOR_BARGEIN".to_owned(),
            "DELIVERED c3 3004: 3002 > 3004 of c1".to_owned(),
            "ESTABLISHED c3 3004: 3002 > 3004".to_owned(),
            format!("CONFERENCED c1 c3 by 3002 with 3004: {CALLER} 3002 3004"),
            "DATA c3 > c1 3004 CALLTYPE_CONFERENCE".to_owned(),
            "END c3 3002".to_owned(),
        ]
    );
    assert_eq!(said.commands(), [format!("bridge c1 [{caller}, 2, 4]")]);
    assert!(said.states().is_empty());
    assert_eq!(said.to_own().last().unwrap(), "END c3 3002");
    // And leaves again.
    let said = floor.ask(clear(1, "3004"));
    assert_eq!(
        said.to_all()[..2],
        ["CLEAR_CONNECTION_CONF", "CONNECTION_CLEARED c1 3004"]
    );
    assert_eq!(said.states(), ["2100 NOT_READY"]);
    assert_eq!(floor.numbers(1), [CALLER, "3002"]);
}

#[test]
fn not_every_call_can_be_heard() {
    let mut floor = Floor::new();
    let monitor = || supervise(SupervisoryAction::MONITOR, "3002");
    assert_eq!(floor.ask(monitor()).to_all(), ["REFUSED 24/13095"]);
    let barge = supervise(SupervisoryAction::BARGE_IN, "3002");
    assert_eq!(floor.ask(barge.clone()).to_all(), ["REFUSED 22/13120"]);
    let whisper = supervise(SupervisoryAction::WHISPER, "3002");
    assert_eq!(floor.ask(whisper).to_all(), ["REFUSED 15/13109"]);
    let nonsense = supervise(SupervisoryAction(99), "3002");
    assert_eq!(floor.ask(nonsense).to_all(), ["FAILURE 82"]);
    floor.serve(1, CALLER, "3002");
    // A supervisor who takes calls does not listen.
    let all = floor.all;
    floor.centre.set(all, "2100", AgentState::AVAILABLE, 0);
    assert_eq!(floor.ask(monitor()).to_all(), ["REFUSED 22/10103"]);
    floor.centre.set(all, "2100", AgentState::NOT_READY, 0);
    // Whoever supervises nobody does not either.
    let mut other = monitor();
    other.floats = Floats::new()
        .with_text(Tag::AGENT_INSTRUMENT, "3002")
        .with_text(Tag::SUPERVISOR_INSTRUMENT, "3001");
    assert_eq!(floor.ask(other).to_all(), ["REFUSED 8/10105"]);
    floor.ask(hold(1, "3002"));
    assert_eq!(floor.ask(monitor()).to_all(), ["REFUSED 24/13095"]);
}

#[test]
fn a_supervisor_is_asked_for_help_and_can_be_added() {
    let mut floor = Floor::new();
    floor.serve(1, CALLER, "3002");
    let request = SupervisorAssistReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(1),
        floats: Floats::new().with_text(Tag::AGENT_INSTRUMENT, "3002"),
        ..Default::default()
    };
    let said = floor.ask(request.clone());
    assert_eq!(
        said.to_all(),
        [
            "SUPERVISOR_ASSIST_CONF c2",
            "HELD c1 3002 CEC_SUPERVISOR_ASSIST",
            "BEGIN c2 3002 CALLTYPE_ASSIST",
            "SERVICE_INITIATED c2 3002 of c1",
        ]
    );
    let said = floor.answered(4);
    assert_eq!(said.commands(), ["offer 6 phone 3004 from 3002"]);
    floor.answered(6);
    assert_eq!(floor.numbers(2), ["3002", "3004"]);
    let all = floor.all;
    let mut nobody = Floor::new();
    nobody.centre.set(all, "2100", AgentState::LOGOUT, 0);
    assert_eq!(nobody.ask(request).to_all(), ["FAILURE 64"]);
}

#[test]
fn an_emergency_is_told_to_everyone() {
    let mut floor = Floor::new();
    let request = EmergencyCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: u32::MAX,
        floats: Floats::new().with_text(Tag::AGENT_INSTRUMENT, "3002"),
        ..Default::default()
    };
    let said = floor.ask(request);
    assert_eq!(
        said.to_all(),
        [
            "EMERGENCY_CALL_CONF c1",
            "EMERGENCY c1 2002",
            "BEGIN c1 3002 CALLTYPE_EMERGENCY",
            "SERVICE_INITIATED c1 3002",
        ]
    );
}
