//! Requests about calls: what goes out, which event ends which, and what is refused at once.

use tact_desk::{Action, CallAction, DialogAction, Input, Output, Reject, Variable};
use tact_ged188::*;

use crate::calls::*;
use crate::scene::*;
use crate::wire::*;

pub(crate) fn at(address: &str) -> String {
    address.to_owned()
}

pub(crate) fn hold(dialog: u32) -> CallAction {
    CallAction::Hold {
        dialog,
        address: at("3001"),
    }
}

pub(crate) fn set(name: &str, value: &str) -> CallAction {
    CallAction::UpdateCallData {
        dialog: C1,
        address: None,
        variables: vec![Variable {
            name: name.to_owned(),
            value: value.to_owned(),
        }],
        wrap_up: None,
    }
}

pub(crate) fn make(to: &str) -> CallAction {
    CallAction::Make {
        from: at("3001"),
        to: at(to),
        variables: Vec::new(),
    }
}

impl Scene {
    pub(crate) fn call(
        &mut self,
        agent: &str,
        action: CallAction,
        id: &str,
    ) -> Result<Vec<String>, Reject> {
        self.request(agent, Action::Call(action), id)
    }

    /// The request that goes out for an action.
    pub(crate) fn message(&mut self, agent: &str, action: CallAction) -> Message {
        let mut out = Vec::new();
        let request = tact_desk::Request {
            by: agent.to_owned(),
            agent: agent.to_owned(),
            action: Action::Call(action),
            request_id: None,
        };
        self.desk
            .handle(self.now, Input::Request(request), &mut out)
            .unwrap();
        self.remember(&out);
        match out.into_iter().next() {
            Some(Output::Send(message)) => message,
            other => panic!("{other:?}"),
        }
    }
}

/// Confirms the request that went out last.
macro_rules! conf {
    ($scene:expr, $name:ident $(, $field:ident: $value:expr)*) => {{
        let invoke_id = $scene.invoke;
        $scene.cti($name { invoke_id, $($field: $value,)* ..$name::default() })
    }};
}
pub(crate) use conf;

#[test]
fn a_hold_ends_with_the_event_that_shows_it_held() {
    let mut scene = talking();
    assert_eq!(
        scene.call("2001", hold(C1), "h").unwrap(),
        ["send HOLD_CALL_REQ"]
    );
    assert!(conf!(scene, HoldCallConf).is_empty());
    let lines = ["PUT 2001 16777217 Active [4085551212:Active 3001:Held] h"];
    assert_eq!(scene.cti(held(C1, "3001")), lines);
    // The event may come before the confirmation, which then says nothing new.
    scene.cti(retrieved(C1, "3001"));
    scene.call("2001", hold(C1), "i").unwrap();
    assert_eq!(
        scene.cti(held(C1, "3001")),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Held] i"]
    );
    assert!(conf!(scene, HoldCallConf).is_empty());
    assert!(
        scene
            .after(60_000)
            .iter()
            .all(|line| !line.contains("error"))
    );
}

#[test]
fn other_events_of_the_call_do_not_end_a_request() {
    let mut scene = talking();
    scene.call("2001", hold(C1), "h").unwrap();
    let mut update = data_update(C1, C1, "3001", CallType(0));
    update.floats.push_text(Tag::CALL_VAR_2, "x");
    assert_eq!(
        scene.cti(update),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] -"]
    );
    assert_eq!(
        scene.refuse(ControlFailure::INVALID_OBJECT_STATE, 13_060),
        ["dialog error 2001 Some(16777217) h 22 13060"]
    );
}

#[test]
fn the_next_request_waits_for_the_confirmation_of_the_last_also_among_calls_and_states() {
    let mut scene = talking();
    scene.call("2001", hold(C1), "a").unwrap();
    let retrieve = CallAction::Retrieve {
        dialog: C1,
        address: at("3001"),
    };
    assert!(scene.call("2001", retrieve, "b").unwrap().is_empty());
    assert!(scene.request("2001", not_ready(7), "c").unwrap().is_empty());
    assert_eq!(conf!(scene, HoldCallConf), ["send RETRIEVE_CALL_REQ"]);
    scene.cti(held(C1, "3001"));
    assert_eq!(
        conf!(scene, RetrieveCallConf),
        ["send SET_AGENT_STATE_REQ 2001 state 2 reason 7 at 3001"]
    );
    assert_eq!(
        scene.cti(retrieved(C1, "3001")),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] b"]
    );
    // During a call a change of state is pending, and shown as that.
    assert_eq!(scene.confirm(), ["user 2001 c"]);
}

#[test]
fn a_call_that_is_made_ends_its_request_by_coming() {
    let mut scene = centre();
    assert_eq!(
        scene.call("2001", make("3002"), "m").unwrap(),
        ["send MAKE_CALL_REQ"]
    );
    assert!(conf!(scene, MakeCallConf, new_connection_call_id: C1).is_empty());
    // Another call at the same time is another matter.
    scene.cti(begin(C2, CallType::OUT, "3001"));
    assert_eq!(
        scene.cti(begin(C1, CallType::AGENT_INSIDE, "3001")),
        ["POST 2001 16777217 Initiating [3001:Initiating] m"]
    );
}

#[test]
fn a_call_that_is_made_may_come_before_the_confirmation() {
    let mut scene = centre();
    scene.call("2001", make("3002"), "m").unwrap();
    assert_eq!(
        scene.cti(begin(C1, CallType::AGENT_INSIDE, "3001")),
        ["POST 2001 16777217 Initiating [3001:Initiating] m"]
    );
    assert!(conf!(scene, MakeCallConf, new_connection_call_id: C1).is_empty());
    // An incoming call is not what was asked for.
    scene.call("2001", make("3002"), "n").unwrap();
    scene.cti(begin_routed(C2, CALLER, ROUTE));
    assert_eq!(
        scene.cti(delivered(C2, "3001", CALLER, ROUTE)),
        ["POST 2001 16777218 Alerting [4085551212:Initiated 3001:Alerting] -"]
    );
    assert_eq!(
        scene.refuse(ControlFailure::INVALID_DESTINATION, 0),
        ["dialog error 2001 None n 14 0"]
    );
}

#[test]
fn an_answer_is_ended_by_the_established_call_and_a_drop_by_the_dropped_one() {
    let mut scene = centre();
    scene.events(vec![
        begin_routed(C1, CALLER, ROUTE).into(),
        delivered(C1, "3001", CALLER, ROUTE).into(),
    ]);
    let answer = CallAction::Answer {
        dialog: C1,
        address: at("3001"),
    };
    assert_eq!(
        scene.call("2001", answer, "a").unwrap(),
        ["send ANSWER_CALL_REQ"]
    );
    conf!(scene, AnswerCallConf);
    assert_eq!(
        scene.cti(established(C1, "3001", CALLER, ROUTE)),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] a"]
    );
    let drop = CallAction::Drop {
        dialog: C1,
        address: at("3001"),
    };
    assert_eq!(
        scene.call("2001", drop, "d").unwrap(),
        ["send CLEAR_CONNECTION_REQ"]
    );
    conf!(scene, ClearConnectionConf);
    assert_eq!(
        scene.cti(cleared(C1, "3001")),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Dropped] d"]
    );
}

#[test]
fn a_confirmed_request_whose_call_is_gone_fails() {
    let mut scene = talking();
    scene.call("2001", hold(C1), "h").unwrap();
    conf!(scene, HoldCallConf);
    assert_eq!(
        scene.events(vec![cleared(C1, CALLER).into(), end(C1, CALLER).into()]),
        [
            "PUT 2001 16777217 Active [4085551212:Dropped 3001:Active] -",
            "DELETE 2001 16777217 Dropped [4085551212:Dropped 3001:Dropped] -",
            "dialog error 2001 Some(16777217) h 0 0",
        ]
    );
    // Not confirmed yet, it waits for the answer.
    let mut scene = talking();
    scene.call("2001", hold(C1), "h").unwrap();
    assert_eq!(scene.cti(end(C1, CALLER)).len(), 1);
    assert_eq!(
        conf!(scene, HoldCallConf),
        ["dialog error 2001 Some(16777217) h 0 0"]
    );
}

#[test]
fn tones_end_with_their_confirmation() {
    let mut scene = talking();
    let tones = CallAction::SendDtmf {
        dialog: C1,
        address: at("3001"),
        digits: at("12#"),
    };
    let Message::SendDtmfSignalReq(request) = scene.message("2001", tones.clone()) else {
        panic!("no tones");
    };
    assert_eq!(request.floats.text(Tag::DTMF_STRING).unwrap(), "12#");
    conf!(scene, SendDtmfSignalConf);
    scene.call("2001", tones, "t").unwrap();
    assert_eq!(
        conf!(scene, SendDtmfSignalConf),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] t"]
    );
}

#[test]
fn call_data_ends_with_the_update_that_carries_it() {
    let mut scene = talking();
    assert_eq!(
        scene.call("2001", set("callVariable3", "x"), "u").unwrap(),
        ["send SET_CALL_DATA_REQ"]
    );
    assert!(conf!(scene, SetCallDataConf).is_empty());
    let mut other = data_update(C1, C1, "3001", CallType(0));
    other.floats.push_text(Tag::CALL_VAR_1, "silver");
    assert!(scene.cti(other).concat().ends_with('-'));
    let mut update = data_update(C1, C1, "3001", CallType(0));
    update.floats.push_text(Tag::CALL_VAR_3, "x");
    assert!(scene.cti(update).concat().ends_with("u"));
    // What is so already needs no event.
    scene.call("2001", set("callVariable3", "x"), "v").unwrap();
    assert!(conf!(scene, SetCallDataConf).concat().ends_with("v"));
    // What the server ignores without a word ends without a failure.
    scene.call("2001", set("BAStatus", "x"), "w").unwrap();
    conf!(scene, SetCallDataConf);
    let out = scene.after(15_000);
    assert_eq!(
        out.iter()
            .filter(|line| line.ends_with(" w"))
            .collect::<Vec<_>>(),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active] w"]
    );
}

#[test]
fn silence_is_a_failure_and_the_call_is_asked_for() {
    let mut scene = talking();
    scene.call("2001", hold(C1), "h").unwrap();
    let out = scene.after(15_000);
    let said: Vec<_> = out
        .iter()
        .filter(|line| !line.contains("HEARTBEAT"))
        .collect();
    assert_eq!(
        said,
        [
            "dialog error 2001 Some(16777217) h 0 0",
            "send SNAPSHOT_CALL_REQ"
        ]
    );
}

#[test]
fn a_lost_link_ends_every_call_request_once() {
    let mut scene = talking();
    scene.call("2001", hold(C1), "a").unwrap();
    scene.call("2001", make("3002"), "b").unwrap();
    let out = scene.feed(Input::LinkDown {
        reason: String::new(),
    });
    let errors: Vec<_> = out.iter().filter(|line| line.contains("error")).collect();
    assert_eq!(
        errors,
        [
            "dialog error 2001 Some(16777217) a 0 0",
            "dialog error 2001 None b 0 0"
        ]
    );
    assert_eq!(scene.dialogs("2001"), [C1], "as it was seen last");
    assert_eq!(scene.call("2001", hold(C1), "c"), Err(Reject::OutOfService));
}

#[test]
fn a_consultation_a_transfer_and_a_conference_name_both_calls() {
    let mut scene = talking();
    let consult = CallAction::Consult {
        dialog: C1,
        address: at("3001"),
        to: at("3002"),
    };
    let Message::ConsultationCallReq(request) = scene.message("2001", consult) else {
        panic!("no consultation");
    };
    assert_eq!(request.active_connection_call_id, C1);
    assert_eq!(request.floats.text(Tag::DIALED_NUMBER).unwrap(), "3002");
    assert_eq!(request.floats.text(Tag::ACTIVE_CONN_DEVID).unwrap(), "3001");

    let mut scene = consulting();
    let transfer = CallAction::Transfer {
        dialog: C1,
        address: at("3001"),
    };
    let Message::TransferCallReq(request) = scene.message("2001", transfer) else {
        panic!("no transfer");
    };
    assert_eq!(
        (
            request.active_connection_call_id,
            request.held_connection_call_id
        ),
        (C2, C1)
    );
    let mut scene = consulting();
    let conference = CallAction::Conference {
        dialog: C1,
        address: at("3001"),
    };
    let Message::ConferenceCallReq(request) = scene.message("2001", conference) else {
        panic!("no conference");
    };
    assert_eq!(
        (
            request.active_connection_call_id,
            request.held_connection_call_id
        ),
        (C2, C1)
    );
    let mut scene = talking();
    let blind = CallAction::TransferSst {
        dialog: C1,
        address: at("3001"),
        to: at("3002"),
    };
    let Message::TransferCallReq(request) = scene.message("2001", blind) else {
        panic!("no transfer");
    };
    assert_eq!(request.held_connection_call_id, u32::MAX);
    assert_eq!(
        request.held_connection_device_id_type,
        ConnectionDeviceIdType::NONE
    );
    assert_eq!(request.floats.text(Tag::HELD_CONN_DEVID), None);
}

#[test]
fn a_consultation_ends_with_the_new_call_and_not_with_the_held_one() {
    let mut scene = talking();
    let consult = CallAction::Consult {
        dialog: C1,
        address: at("3001"),
        to: at("3002"),
    };
    scene.call("2001", consult, "c").unwrap();
    assert_eq!(
        scene.cti(held(C1, "3001")),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Held] -"]
    );
    conf!(scene, ConsultationCallConf, new_connection_call_id: C2);
    assert_eq!(
        scene.cti(begin(C2, CallType::CONSULT, "3001")),
        ["POST 2001 16777218 Initiating [3001:Initiating] c"]
    );
}

#[test]
fn a_transfer_ends_by_taking_the_call_and_a_conference_by_showing_it() {
    let mut scene = consulting();
    let transfer = CallAction::Transfer {
        dialog: C1,
        address: at("3001"),
    };
    scene.call("2001", transfer, "t").unwrap();
    conf!(scene, TransferCallConf, new_connection_call_id: C1);
    let out = scene.cti(transferred(C1, C2, "3001", "3002", &[CALLER, "3002"]));
    assert_eq!(
        out.first().unwrap(),
        "DELETE 2001 16777217 Active [4085551212:Active 3002:Active 3001:Dropped] t"
    );
    assert_eq!(out.iter().filter(|line| line.ends_with(" t")).count(), 1);

    let mut scene = consulting();
    let conference = CallAction::Conference {
        dialog: C1,
        address: at("3001"),
    };
    scene.call("2001", conference, "k").unwrap();
    conf!(scene, ConferenceCallConf, new_connection_call_id: C1);
    let out = scene.cti(conferenced(
        C1,
        C2,
        "3001",
        "3002",
        &[CALLER, "3001", "3002"],
    ));
    assert_eq!(
        out.iter()
            .filter(|line| line.ends_with(" k"))
            .collect::<Vec<_>>(),
        ["PUT 2001 16777217 Active [4085551212:Active 3001:Active 3002:Active] k"]
    );
}

#[test]
fn a_caller_who_hangs_up_first_is_no_transfer() {
    let mut scene = consulting();
    let transfer = CallAction::Transfer {
        dialog: C1,
        address: at("3001"),
    };
    scene.call("2001", transfer, "t").unwrap();
    let out = scene.events(vec![
        cleared(C1, CALLER).into(),
        cleared(C1, "3001").into(),
        call_cleared(C1, CALLER).into(),
        end(C1, CALLER).into(),
    ]);
    assert!(out.iter().all(|line| !line.ends_with(" t")), "{out:?}");
    assert_eq!(
        scene.refuse(ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER, 0),
        ["dialog error 2001 Some(16777217) t 13 0"]
    );
}

#[test]
fn what_the_platform_or_the_mirror_has_not_fails_without_being_sent() {
    let mut scene = talking();
    let record = CallAction::Unsupported {
        dialog: C1,
        address: at("3001"),
        action: DialogAction::StartRecording,
    };
    assert_eq!(
        scene.call("2001", record, "r").unwrap(),
        ["dialog error 2001 Some(16777217) r 1 0"]
    );
    let transfer = CallAction::Transfer {
        dialog: C1,
        address: at("3001"),
    };
    assert_eq!(
        scene.call("2001", transfer, "t").unwrap(),
        ["dialog error 2001 Some(16777217) t 24 0"]
    );
    assert_eq!(
        scene.call("2001", hold(C1), "h").unwrap(),
        ["send HOLD_CALL_REQ"]
    );
}
