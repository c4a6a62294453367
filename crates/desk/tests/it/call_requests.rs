//! Requests about calls: what goes out, which event ends which, and what is refused at once.

use tact_desk::{Action, CallAction, DialogAction, Input, Output, Reject, Side, Variable};
use tact_ged188::*;

use crate::calls::*;
use crate::scene::*;
use crate::wire::*;

fn at(address: &str) -> String {
    address.to_owned()
}

fn hold(dialog: u32) -> CallAction {
    CallAction::Hold {
        dialog,
        address: at("3001"),
    }
}

fn set(name: &str, value: &str) -> CallAction {
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

fn make(to: &str) -> CallAction {
    CallAction::Make {
        from: at("3001"),
        to: at(to),
        variables: Vec::new(),
    }
}

impl Scene {
    fn call(&mut self, agent: &str, action: CallAction, id: &str) -> Result<Vec<String>, Reject> {
        self.request(agent, Action::Call(action), id)
    }

    /// The request that goes out for an action.
    fn message(&mut self, agent: &str, action: CallAction) -> Message {
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

macro_rules! conf {
    ($scene:expr, $name:ident $(, $field:ident: $value:expr)*) => {{
        let invoke_id = $scene.invoke;
        $scene.cti($name { invoke_id, $($field: $value,)* ..$name::default() })
    }};
}

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

#[test]
fn a_supervisor_monitors_and_barges_into_the_own_team_only() {
    let mut scene = talking();
    let monitor = |from: &str, to: &str| CallAction::Monitor {
        from: at(from),
        to: at(to),
    };
    assert_eq!(
        scene.call("2001", monitor("3001", "3002"), "x"),
        Err(Reject::InvalidSupervisor)
    );
    assert_eq!(
        scene.call("2100", monitor("3100", "3999"), "x"),
        Err(Reject::InvalidSupervisor)
    );
    let Message::SuperviseCallReq(request) = scene.message("2100", monitor("3100", "3001")) else {
        panic!("no supervision");
    };
    assert_eq!(request.supervisory_action, SupervisoryAction::MONITOR);
    assert_eq!(request.agent_connection_call_id, u32::MAX);
    assert_eq!(request.floats.text(Tag::AGENT_INSTRUMENT).unwrap(), "3001");
    assert_eq!(
        request.floats.text(Tag::SUPERVISOR_INSTRUMENT).unwrap(),
        "3100"
    );

    let mut scene = talking();
    scene.call("2100", monitor("3100", "3001"), "m").unwrap();
    conf!(scene, SuperviseCallConf, connection_call_id: C3);
    assert_eq!(
        scene.cti(begin(C3, CallType::SUPERVISOR_MONITOR, "3100")),
        ["POST 2100 16777219 Initiating [3100:Initiating] m"]
    );
    scene.cti(delivered(C3, "3100", "3001", "3100"));
    scene.cti(established(C3, "3100", "3001", "3100"));
    let barge = CallAction::Barge {
        from: at("3100"),
        to: at("3001"),
        dialog: C3,
    };
    scene.call("2100", barge, "b").unwrap();
    conf!(scene, SuperviseCallConf, connection_call_id: C2);
    let out = scene.events(vec![
        cleared(C3, "3100").into(),
        call_cleared(C3, "3100").into(),
        end(C3, "3100").into(),
        held(C1, "3001").into(),
        begin(C2, CallType::SUPERVISOR_BARGEIN, "3001").into(),
        delivered(C2, "3100", "3001", "3100").into(),
        established(C2, "3100", "3001", "3100").into(),
        conferenced(C1, C2, "3001", "3100", &[CALLER, "3001", "3100"]).into(),
    ]);
    assert_eq!(
        out.iter()
            .filter(|line| line.ends_with(" b"))
            .collect::<Vec<_>>(),
        ["POST 2100 16777217 Active [4085551212:Active 3001:Active 3100:Active] b"]
    );
}

#[test]
fn a_barge_names_the_agents_call_and_the_monitor_call() {
    let (mut scene, _) = monitoring();
    let barge = CallAction::Barge {
        from: at("3100"),
        to: at("3001"),
        dialog: C3,
    };
    let Message::SuperviseCallReq(request) = scene.message("2100", barge) else {
        panic!("no supervision");
    };
    assert_eq!(request.supervisory_action, SupervisoryAction::BARGE_IN);
    assert_eq!(request.agent_connection_call_id, C1);
    assert_eq!(request.supervisor_connection_call_id, C3);
}

#[test]
fn a_supervisor_drops_a_party_of_a_call_of_the_team_and_hears_of_it() {
    let mut scene = consulting();
    scene.cti(conferenced(
        C1,
        C2,
        "3001",
        "3002",
        &[CALLER, "3001", "3002"],
    ));
    let drop = |address: &str| CallAction::DropParticipant {
        dialog: C1,
        address: at(address),
    };
    assert_eq!(
        scene.call("2001", drop("3002"), "x"),
        Err(Reject::InvalidSupervisor)
    );
    assert_eq!(
        scene.call("2100", drop("3999"), "x"),
        Err(Reject::NotParticipant {
            address: at("3999")
        })
    );
    let Message::ClearConnectionReq(request) = scene.message("2100", drop("3002")) else {
        panic!("no clearing");
    };
    assert_eq!(request.floats.text(Tag::CONNECTION_DEVID).unwrap(), "3002");
    assert_eq!(
        request.floats.text(Tag::REQUESTING_DEVICE_ID).unwrap(),
        "3100"
    );
    conf!(scene, ClearConnectionConf);
    scene.call("2100", drop("3002"), "p").unwrap();
    let out = scene.cti(cleared(C1, "3002"));
    let own: Vec<_> = out.iter().filter(|line| line.contains(" 2100 ")).collect();
    // Both requests ask for the same; each event ends one.
    assert_eq!(
        own,
        ["PUT 2100 16777217 Active [4085551212:Active 3001:Active 3002:Dropped] -"]
    );
    assert_eq!(
        conf!(scene, ClearConnectionConf),
        ["PUT 2100 16777217 Active [4085551212:Active 3001:Active 3002:Dropped] p"]
    );
    assert!(scene.dialogs("2100").is_empty());
}

#[test]
fn who_is_not_in_a_call_may_not_touch_it() {
    let mut scene = talking();
    let strange = |address: &str| CallAction::Hold {
        dialog: C1,
        address: at(address),
    };
    let not_participant = |address: &str| {
        Err(Reject::NotParticipant {
            address: at(address),
        })
    };
    assert_eq!(
        scene.call("2002", strange("3002"), "x"),
        not_participant("3002")
    );
    assert_eq!(
        scene.call("2002", strange("3001"), "x"),
        not_participant("3001")
    );
    assert_eq!(
        scene.call("2001", strange(CALLER), "x"),
        not_participant(CALLER)
    );
    assert_eq!(
        scene.call("2001", hold(C2), "x"),
        Err(Reject::UnknownDialog)
    );
    assert_eq!(
        scene.call("2002", make("3001"), "x"),
        not_participant("3001"),
        "the caller is another agent's phone"
    );
    assert_eq!(
        scene.request_by("2100", "2001", Action::Call(hold(C1)), "x"),
        Err(Reject::InvalidSupervisor)
    );
    assert_eq!(scene.call("2009", hold(C1), "x"), Err(Reject::UnknownAgent));
}

#[test]
fn what_no_message_can_carry_is_refused() {
    let mut scene = talking();
    let refused = |field| Err(Reject::InvalidInput { field });
    assert_eq!(scene.call("2001", make(""), "x"), refused("toAddress"));
    assert_eq!(
        scene.call("2001", make(&"1".repeat(300)), "x"),
        refused("toAddress")
    );
    assert_eq!(
        scene.call("2001", set("callVariable1", &"x".repeat(41)), "x"),
        refused("callvariables")
    );
    assert_eq!(
        scene.call("2001", set("a\0b", ""), "x"),
        refused("callvariables")
    );
    let tones = CallAction::SendDtmf {
        dialog: C1,
        address: at("3001"),
        digits: "1".repeat(32),
    };
    assert_eq!(scene.call("2001", tones, "x"), refused("dtmfString"));
    let wrap_up = CallAction::UpdateCallData {
        dialog: C1,
        address: None,
        variables: Vec::new(),
        wrap_up: Some("x".repeat(41)),
    };
    assert_eq!(scene.call("2001", wrap_up, "x"), refused("wrapUpReason"));
}

#[test]
fn campaign_requests_speak_through_the_response_variable() {
    let response = |action: CallAction| {
        let mut scene = talking();
        let Message::SetCallDataReq(request) = scene.message("2001", action) else {
            panic!("no data");
        };
        let value = request
            .floats
            .bytes(Tag::NAMED_VARIABLE)
            .unwrap_or_default();
        assert_eq!(
            usize::from(request.num_named_variables),
            request.floats.all(Tag::NAMED_VARIABLE).count()
        );
        String::from_utf8(value.to_vec())
            .unwrap()
            .replace('\0', "|")
    };
    let (dialog, address) = (C1, at("3001"));
    let of = |text: &str| format!("BAResponse|{text}|");
    assert_eq!(
        response(CallAction::Accept {
            dialog,
            address: address.clone()
        }),
        of("Accept")
    );
    assert_eq!(
        response(CallAction::Reject {
            dialog,
            address: address.clone()
        }),
        of("Reject")
    );
    assert_eq!(
        response(CallAction::Close {
            dialog,
            address: address.clone()
        }),
        of("RejectClose")
    );
    let classification = "BUSY".to_owned();
    let reclassify = CallAction::Reclassify {
        dialog,
        address: address.clone(),
        classification,
    };
    assert_eq!(response(reclassify), of("BUSY"));
    let schedule = CallAction::ScheduleCallback {
        dialog,
        address: address.clone(),
        time: Some("2014-03-07T14:30".to_owned()),
        number: Some("9785551212".to_owned()),
    };
    assert_eq!(response(schedule), of("Callback 03072014 14:30"));
    assert_eq!(
        response(CallAction::CancelCallback { dialog, address }),
        of("Callback Cancel")
    );
}

#[test]
fn a_rejected_preview_ends_by_leaving() {
    let mut scene = centre();
    scene.events(vec![
        begin(C1, CallType::RESERVATION_PREVIEW, "3001").into(),
        delivered(C1, "3001", "9000", "3001").into(),
        established(C1, "3001", "9000", "3001").into(),
    ]);
    let reject = CallAction::Reject {
        dialog: C1,
        address: at("3001"),
    };
    scene.call("2001", reject, "r").unwrap();
    conf!(scene, SetCallDataConf);
    let out = scene.cti(end(C1, "3001"));
    assert!(out.concat().ends_with(" r"), "{out:?}");
}

#[test]
fn connections_are_named_as_their_events_named_them() {
    let mut scene = centre();
    let mut rings = delivered(C1, "3001", CALLER, ROUTE);
    rings.floats = Floats::new()
        .with_text(Tag::CONNECTION_DEVID, "opaque:3001:77")
        .with_text(Tag::ALERTING_DEVID, "3001")
        .with_text(Tag::CALLING_DEVID, CALLER);
    rings.connection_device_id_type = ConnectionDeviceIdType::DYNAMIC;
    scene.cti(rings);
    let answer = CallAction::Answer {
        dialog: C1,
        address: at("3001"),
    };
    let Message::AnswerCallReq(request) = scene.message("2001", answer) else {
        panic!("no answer");
    };
    assert_eq!(
        request.floats.text(Tag::CONNECTION_DEVID).unwrap(),
        "opaque:3001:77"
    );
    assert_eq!(
        request.connection_device_id_type,
        ConnectionDeviceIdType::DYNAMIC
    );
    // And found by it when an event names nothing else.
    let mut gone = cleared(C1, "3001");
    gone.floats = Floats::new().with_text(Tag::CONNECTION_DEVID, "opaque:3001:77");
    scene.cti(gone);
    let party = scene.desk.dialog(C1).unwrap().participant("3001").unwrap();
    assert_eq!(party.state, tact_desk::PartyState::Dropped);
}

#[test]
fn requests_of_a_call_are_not_lost_to_a_new_link() {
    let mut scene = talking();
    scene.call("2001", hold(C1), "a").unwrap();
    let out = scene.feed(Input::LinkUp { side: Side::B });
    assert_eq!(
        out.iter().filter(|line| line.ends_with(" a 0 0")).count(),
        1
    );
}
