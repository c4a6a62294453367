//! One test for each call flow: GED-188 messages in, what agents are told out.

use tact_desk::{DialogState, RouterCallKey, StateCause};
use tact_ged188::*;

use crate::calls::*;
use crate::scene::*;
use crate::wire::*;

#[test]
fn a_routed_call_reaches_an_agent_who_answers() {
    let mut scene = centre();
    assert!(scene.cti(begin_routed(C1, CALLER, ROUTE)).is_empty());
    assert!(scene.cti(queued(C1, CALLER, ROUTE, 7)).is_empty());
    assert!(scene.cti(dequeued(C1, CALLER)).is_empty());
    assert_eq!(
        scene.cti(state_event("2001", AgentState::RESERVED, 0, "3001")),
        ["user 2001 -"]
    );
    let mut event = delivered(C1, "3001", CALLER, ROUTE);
    event.skill_group_number = 7;
    assert_eq!(
        scene.cti(event),
        ["POST 2001 16777217 Alerting [4085551212:Initiated 3001:Alerting] -"]
    );
    assert_eq!(scene.actions(C1, "3001"), ["ANSWER"]);
    assert!(scene.actions(C1, CALLER).is_empty());
    let dialog = scene.desk.dialog(C1).unwrap();
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), (CALLER, ROUTE));
    assert_eq!(dialog.call_type, CallType::PREROUTE_ACD_IN);
    assert_eq!(
        (dialog.dnis.as_str(), dialog.dialed_number.as_str()),
        (ROUTE, ROUTE)
    );
    assert_eq!(dialog.queue, Some((7, String::new())));
    assert_eq!(
        dialog.router_call_key,
        Some(RouterCallKey {
            day: 152_018,
            call_id: 217,
            sequence: 1
        })
    );
    let variables: Vec<_> = dialog
        .variables
        .iter()
        .map(|known| (known.name.as_str(), known.value.as_str()))
        .collect();
    assert_eq!(
        variables,
        [("callVariable1", "gold"), ("user.account", "42")]
    );
    let kinds: Vec<_> = dialog.participants.iter().map(|party| party.kind).collect();
    assert_eq!(kinds, [DeviceIdType::EXTERNAL, DeviceIdType::AGENT_DEVICE]);
    scene.now += 1_000;
    assert_eq!(
        scene.cti(established(C1, "3001", CALLER, ROUTE)),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] -"]
    );
    let party = scene.desk.dialog(C1).unwrap().participant("3001").unwrap();
    assert_eq!(party.changed - party.started, 1_000);
    assert_eq!(party.agent.as_deref(), Some("2001"));
    assert_eq!(
        scene.actions(C1, "3001"),
        [
            "HOLD",
            "DROP",
            "CONSULT_CALL",
            "TRANSFER_SST",
            "SEND_DTMF",
            "UPDATE_CALL_DATA"
        ]
    );
    assert_eq!(scene.dialogs("2001"), [C1]);
    assert!(scene.dialogs("2002").is_empty());
}

#[test]
fn a_hang_up_without_wrap_up_drops_and_deletes() {
    let mut scene = talking();
    assert_eq!(
        scene.events(vec![
            cleared(C1, CALLER).into(),
            cleared(C1, "3001").into(),
            call_cleared(C1, "3001").into(),
            state_event("2001", AgentState::AVAILABLE, 0, "3001").into(),
            end(C1, CALLER).into(),
        ]),
        [
            "PUT 2001 16777217 Active [4085551212:Dropped 3001:Active] -",
            "PUT 2001 16777217 Dropped [4085551212:Dropped 3001:Dropped] -",
            "user 2001 -",
            "DELETE 2001 16777217 Dropped [4085551212:Dropped 3001:Dropped] -",
        ]
    );
    assert!(scene.desk.dialog(C1).is_none());
}

#[test]
fn wrap_up_lasts_from_the_work_state_to_its_end_and_every_agent_sees_it() {
    let mut scene = centre();
    scene.events(vec![
        begin(C1, CallType::AGENT_INSIDE, "3001").into(),
        delivered(C1, "3002", "3001", "3002").into(),
        established(C1, "3002", "3001", "3002").into(),
        state_event("2002", AgentState::TALKING, 0, "3002").into(),
        cleared(C1, "3001").into(),
        cleared(C1, "3002").into(),
        call_cleared(C1, "3002").into(),
    ]);
    assert_eq!(
        scene.cti(state_event("2002", AgentState::WORK_NOT_READY, 0, "3002")),
        [
            "user 2002 -",
            "PUT 2001 16777217 Dropped [3001:Dropped 3002:WrapUp] -",
            "PUT 2002 16777217 Dropped [3001:Dropped 3002:WrapUp] -",
        ]
    );
    assert_eq!(scene.actions(C1, "3002"), ["UPDATE_CALL_DATA"]);
    assert!(scene.actions(C1, "3001").is_empty());
    let mut update = data_update(C1, C1, "3002", CallType(0));
    update.floats.push_text(Tag::CALL_WRAPUP_DATA, "Sales Call");
    assert_eq!(scene.cti(update).len(), 2);
    assert_eq!(scene.desk.dialog(C1).unwrap().wrap_up, "Sales Call");
    assert_eq!(
        scene.cti(state_event("2002", AgentState::NOT_READY, 0, "3002")),
        [
            "user 2002 -",
            "DELETE 2002 16777217 Dropped [3001:Dropped 3002:Dropped] -",
            "PUT 2001 16777217 Dropped [3001:Dropped 3002:Dropped] -",
        ]
    );
    assert_eq!(
        scene.cti(end(C1, "3001")),
        ["DELETE 2001 16777217 Dropped [3001:Dropped 3002:Dropped] -"]
    );
}

#[test]
fn wrap_up_may_begin_before_the_call_is_cleared() {
    let mut scene = talking();
    assert_eq!(
        scene.events(vec![
            state_event("2001", AgentState::WORK_READY, 0, "3001").into(),
            cleared(C1, "3001").into(),
            cleared(C1, CALLER).into(),
            call_cleared(C1, "3001").into(),
            end(C1, CALLER).into(),
        ]),
        [
            "user 2001 -",
            "PUT 2001 16777217 Active [4085551212:Active 3001:WrapUp] -",
            "PUT 2001 16777217 Dropped [4085551212:Dropped 3001:WrapUp] -",
            "DELETE 2001 16777217 Dropped [4085551212:Dropped 3001:Dropped] -",
        ]
    );
}

#[test]
fn a_call_that_is_not_answered_leaves_the_agent_and_comes_to_another() {
    let mut scene = centre();
    scene.events(vec![
        begin_routed(C1, CALLER, ROUTE).into(),
        delivered(C1, "3001", CALLER, ROUTE).into(),
    ]);
    assert_eq!(
        scene.cti(diverted(C1, "3001", ROUTE)),
        ["DELETE 2001 16777217 Initiated [4085551212:Initiated 3001:Dropped] -"]
    );
    assert!(scene.dialogs("2001").is_empty());
    assert_eq!(
        scene.events(vec![
            state_event("2001", AgentState::NOT_READY, 32_767, "3001").into(),
            queued(C1, CALLER, ROUTE, 7).into(),
            delivered(C1, "3002", CALLER, ROUTE).into(),
        ]),
        [
            "user 2001 -",
            "POST 2002 16777217 Alerting [4085551212:Initiated 3002:Alerting] -",
        ]
    );
}

#[test]
fn an_abandoned_call_is_told_to_nobody_in_the_queue_and_to_the_agent_while_it_rings() {
    let mut scene = centre();
    let out = scene.events(vec![
        begin_routed(C1, CALLER, ROUTE).into(),
        queued(C1, CALLER, ROUTE, 7).into(),
        dequeued(C1, CALLER).into(),
        cleared(C1, CALLER).into(),
        call_cleared(C1, CALLER).into(),
        end(C1, CALLER).into(),
    ]);
    assert!(out.is_empty(), "{out:?}");
    scene.events(vec![
        begin_routed(C2, CALLER, ROUTE).into(),
        delivered(C2, "3001", CALLER, ROUTE).into(),
        state_event("2001", AgentState::RESERVED, 0, "3001").into(),
    ]);
    assert_eq!(
        scene.events(vec![
            cleared(C2, CALLER).into(),
            cleared(C2, "3001").into(),
            call_cleared(C2, CALLER).into(),
            state_event("2001", AgentState::AVAILABLE, 0, "3001").into(),
            end(C2, CALLER).into(),
        ]),
        [
            "PUT 2001 16777218 Alerting [4085551212:Dropped 3001:Alerting] -",
            "PUT 2001 16777218 Dropped [4085551212:Dropped 3001:Dropped] -",
            "user 2001 -",
            "DELETE 2001 16777218 Dropped [4085551212:Dropped 3001:Dropped] -",
        ]
    );
}

#[test]
fn an_agent_calls_another_agent() {
    let mut scene = centre();
    assert_eq!(
        scene.events(vec![
            begin(C1, CallType::AGENT_INSIDE, "3001").into(),
            service_initiated(C1, "3001", None).into(),
            originated(C1, "3001", "3002").into(),
            delivered(C1, "3002", "3001", "3002").into(),
            established(C1, "3002", "3001", "3002").into(),
        ]),
        [
            "POST 2001 16777217 Initiating [3001:Initiating] -",
            "PUT 2001 16777217 Initiated [3001:Initiated] -",
            "PUT 2001 16777217 Alerting [3001:Initiated 3002:Alerting] -",
            "POST 2002 16777217 Alerting [3001:Initiated 3002:Alerting] -",
            "PUT 2001 16777217 Active [3001:Active 3002:Active] -",
            "PUT 2002 16777217 Active [3001:Active 3002:Active] -",
        ]
    );
    let dialog = scene.desk.dialog(C1).unwrap();
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), ("3001", "3002"));
}

#[test]
fn an_agent_calls_outside_and_the_line_is_busy() {
    let mut scene = centre();
    assert_eq!(
        scene.events(vec![
            begin(C1, CallType::OUT, "3001").into(),
            service_initiated(C1, "3001", None).into(),
            originated(C1, "3001", CALLER).into(),
            reached_network(C1, "3001", CALLER).into(),
            failed(C1, "3001", CALLER, EventCause::BUSY).into(),
            cleared(C1, "3001").into(),
            call_cleared(C1, "3001").into(),
            end(C1, "3001").into(),
        ]),
        [
            "POST 2001 16777217 Initiating [3001:Initiating] -",
            "PUT 2001 16777217 Initiated [3001:Initiated] -",
            "PUT 2001 16777217 Failed [3001:Failed] -",
            "PUT 2001 16777217 Dropped [3001:Dropped] -",
            "DELETE 2001 16777217 Dropped [3001:Dropped] -",
        ]
    );
}

#[test]
fn each_cause_of_a_failure_has_its_word() {
    for (number, (cause, word)) in [
        (EventCause::BUSY, StateCause::Busy),
        (EventCause::DEST_NOT_OBTAINABLE, StateCause::BadDestination),
        (EventCause::CALL_NOT_ANSWERED, StateCause::Other),
        (
            EventCause::TRUNKS_BUSY,
            StateCause::DeviceResourceNotAvailable,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mut scene = centre();
        let call = C1 + number as u32;
        scene.events(vec![
            begin(call, CallType::OUT, "3001").into(),
            originated(call, "3001", CALLER).into(),
            failed(call, "3001", CALLER, cause).into(),
        ]);
        let party = scene
            .desk
            .dialog(call)
            .unwrap()
            .participant("3001")
            .unwrap();
        assert_eq!(party.cause, Some(word));
        assert_eq!(scene.actions(call, "3001"), ["DROP"]);
    }
}

#[test]
fn a_held_call_stays_active_and_is_retrieved() {
    let mut scene = talking();
    assert_eq!(
        scene.cti(held(C1, "3001")),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Held] -"]
    );
    assert_eq!(
        scene.actions(C1, "3001"),
        ["RETRIEVE", "DROP", "UPDATE_CALL_DATA"]
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::HOLD, 0, "3001")),
        ["user 2001 -"]
    );
    assert_eq!(
        scene.cti(retrieved(C1, "3001")),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] -"]
    );
}

#[test]
fn a_preview_is_offered_accepted_and_followed_by_the_customers_call() {
    let mut scene = centre();
    let mut offer = begin(C1, CallType::RESERVATION_PREVIEW, "3001");
    offer.floats.push_text(Tag::ANI, "9000");
    offer
        .floats
        .push_bytes(Tag::NAMED_VARIABLE, b"BACustomerNumber\x004085551212\0");
    scene.events(vec![
        offer.into(),
        delivered(C1, "3001", "9000", "3001").into(),
        established(C1, "3001", "9000", "3001").into(),
    ]);
    assert_eq!(scene.actions(C1, "3001"), ["ACCEPT", "REJECT", "CLOSE"]);
    let mut update = data_update(C1, C1, "3001", CallType(0));
    update
        .floats
        .push_bytes(Tag::NAMED_VARIABLE, b"BAResponse\0Accept\0");
    scene.cti(update);
    assert_eq!(scene.desk.dialog(C1).unwrap().state, DialogState::Accepted);
    assert!(scene.actions(C1, "3001").is_empty());
    scene.events(vec![
        cleared(C1, "3001").into(),
        call_cleared(C1, "3001").into(),
        end(C1, "3001").into(),
        begin(C2, CallType::CUSTOMER_PREVIEW, "3001").into(),
        originated(C2, "3001", CALLER).into(),
        delivered(C2, CALLER, "3001", CALLER).into(),
        established(C2, CALLER, "3001", CALLER).into(),
    ]);
    assert_eq!(scene.dialogs("2001"), [C2]);
    assert!(scene.actions(C2, "3001").contains(&"RECLASSIFY"));
}

#[test]
fn a_call_whose_beginning_was_missed_is_asked_for() {
    let mut scene = centre();
    assert_eq!(
        scene.cti(established(C1, "3001", CALLER, ROUTE)),
        [
            "send SNAPSHOT_CALL_REQ",
            "POST 2001 16777217 Active [3001:Active 4085551212:Active] -"
        ]
    );
    let mut conf = snapshot(
        C1,
        CallType::ACD_IN,
        &[
            (CALLER, LocalConnectionState::CONNECT),
            ("3001", LocalConnectionState::CONNECT),
        ],
    );
    conf.invoke_id = scene.invoke;
    assert_eq!(
        scene.cti(conf),
        ["PUT 2001 16777217 Active [3001:Active 4085551212:Active] -"]
    );
    assert_eq!(scene.desk.dialog(C1).unwrap().call_type, CallType::ACD_IN);
}

#[test]
fn a_ghost_of_a_call_is_gone_when_the_server_does_not_know_it() {
    let mut scene = centre();
    scene.cti(delivered(C1, "3001", CALLER, ROUTE));
    let refused = FailureConf {
        invoke_id: scene.invoke,
        status: StatusCode::INVALID_CALLID,
        ..FailureConf::default()
    };
    assert_eq!(scene.cti(refused).len(), 1);
    assert!(scene.dialogs("2001").is_empty());
}

#[test]
fn what_is_heard_twice_or_of_nobody_is_told_once_or_not_at_all() {
    let mut scene = talking();
    let out = scene.events(vec![
        begin_routed(C1, CALLER, ROUTE).into(),
        delivered(C1, "3001", CALLER, ROUTE).into(),
        established(C1, "3001", CALLER, ROUTE).into(),
        originated(C1, CALLER, ROUTE).into(),
        cleared(C2, "3001").into(),
        call_cleared(C2, "3001").into(),
        end(C2, "3001").into(),
        diverted(C2, "3001", ROUTE).into(),
        held(0, "3001").into(),
        held(u32::MAX, "3001").into(),
        CallHeldEvent {
            peripheral_id: 5001,
            ..held(C1, "3001")
        }
        .into(),
    ]);
    assert!(out.is_empty(), "{out:?}");
}

#[test]
fn signing_in_at_a_busy_phone_brings_the_call_and_signing_out_takes_it() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "3001");
    scene.events(vec![
        begin(C1, CallType::AGENT_INSIDE, "3001").into(),
        delivered(C1, "3002", "3001", "3002").into(),
    ]);
    assert_eq!(
        scene.cti(state_event("2002", AgentState::NOT_READY, 0, "3002")),
        [
            "user 2002 -",
            "PUT 2001 16777217 Alerting [3001:Initiated 3002:Alerting] -",
            "POST 2002 16777217 Alerting [3001:Initiated 3002:Alerting] -",
        ]
    );
    assert_eq!(
        scene.cti(state_event("2002", AgentState::LOGOUT, 0, "3002")),
        [
            "user 2002 -",
            "DELETE 2002 16777217 Initiated [3001:Initiated 3002:Dropped] -",
            "PUT 2001 16777217 Alerting [3001:Initiated 3002:Alerting] -",
        ]
    );
}
