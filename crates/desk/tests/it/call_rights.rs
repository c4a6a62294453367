//! Requests about calls: who may, supervisors, campaigns, and how connections are named.

use tact_desk::{Action, CallAction, Input, Reject, Side};
use tact_ged188::*;

use crate::call_requests::*;
use crate::calls::*;
use crate::wire::*;

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
