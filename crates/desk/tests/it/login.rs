//! Sign-in, as the document this project starts from tells it, and its variants.

use tact_desk::{Action, Input, Mobile, MobileMode, Output, Reject};
use tact_ged188::*;

use crate::scene::*;

#[test]
fn an_agent_signs_in() {
    let mut scene = Scene::in_service();
    let out = scene.request("2001", sign_in("2003"), "6e210ca9").unwrap();
    assert_eq!(
        out,
        [
            "send AGENT_DESK_SETTINGS_REQ",
            "send SET_AGENT_STATE_REQ 2001 state 0 reason 50004 at 2003"
        ]
    );
    assert_eq!(
        scene.state("2001"),
        AgentState::LOGOUT,
        "a request changes no state"
    );

    let invoke = scene.invoke;
    assert!(scene.cti(settings(invoke - 1)).is_empty());
    assert!(scene.confirm().is_empty());
    assert!(
        scene
            .cti(state_event("2001", AgentState::LOGIN, 0, "2003"))
            .is_empty(),
        "LOGIN is transient"
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003")),
        ["user 2001 6e210ca9"]
    );

    let agent = scene.desk.agent("2001").unwrap();
    assert_eq!(agent.state, AgentState::NOT_READY);
    assert_eq!(agent.extension.as_deref(), Some("2003"));
    assert_eq!(agent.reason, None);
    assert_eq!(agent.since, Some(scene.now));
    assert_eq!(agent.settings.wrap_up_incoming, 1);
    assert_eq!(
        agent.team.as_ref().map(|team| team.name.as_str()),
        Some("Minnies_Team")
    );
}

#[test]
fn the_message_is_the_document_s() {
    let mut scene = Scene::in_service();
    let request = tact_desk::Request {
        by: "2001".to_owned(),
        agent: "2001".to_owned(),
        action: sign_in("2003"),
        request_id: None,
    };
    let sent = scene.outputs(Input::Request(request));
    let Some(Output::Send(Message::SetAgentStateReq(request))) = sent.last() else {
        panic!("{sent:?}")
    };
    assert_eq!(request.agent_state, AgentState::LOGIN);
    assert_eq!(request.agent_work_mode, AgentWorkMode::UNSPECIFIED);
    assert_eq!(request.event_reason_code as i16, -15532);
    assert_eq!(request.forced_flag, 1);
    assert_eq!(request.peripheral_id, 5000);
    assert_eq!(request.floats.text(Tag::AGENT_ID).as_deref(), Some("2001"));
    assert_eq!(
        request.floats.text(Tag::AGENT_INSTRUMENT).as_deref(),
        Some("2003")
    );
    assert_eq!(request.floats.bytes(Tag::AGENT_PASSWORD), Some(&[0][..]));
}

#[test]
fn events_may_come_before_the_confirmation() {
    let mut scene = Scene::in_service();
    scene.request("2001", sign_in("2003"), "r").unwrap();
    assert!(
        scene
            .cti(state_event("2001", AgentState::LOGIN, 0, "2003"))
            .is_empty()
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003")),
        ["user 2001 r"]
    );
    assert!(scene.confirm().is_empty());
    assert!(
        scene
            .after(20_000)
            .iter()
            .all(|line| line == "send HEARTBEAT_REQ"),
        "nothing is left to time out"
    );
}

#[test]
fn login_may_be_left_out() {
    let mut scene = Scene::in_service();
    scene.request("2001", sign_in("2003"), "r").unwrap();
    scene.confirm();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003")),
        ["user 2001 r"]
    );
}

#[test]
fn each_skill_group_repeats_the_event_but_subscribers_hear_it_once() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    assert!(
        scene
            .cti(state_event("2001", AgentState::NOT_READY, 0, "2003"))
            .is_empty()
    );
}

#[test]
fn refusals_keep_the_code_and_the_request_id() {
    let mut scene = Scene::in_service();
    scene.request("2001", sign_in("9999"), "r").unwrap();
    assert_eq!(
        scene.refuse(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED, 10_004),
        ["error 2001 r 260 10004"]
    );
    assert_eq!(scene.state("2001"), AgentState::LOGOUT);
    scene.request("2001", sign_in("2003"), "again").unwrap();
    scene.confirm();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003")),
        ["user 2001 again"]
    );
}

#[test]
fn signing_in_again_keeps_the_state() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    let out = scene.request("2001", sign_in("2003"), "again").unwrap();
    assert_eq!(
        out.last().unwrap(),
        "send SET_AGENT_STATE_REQ 2001 state 0 reason 50004 at 2003"
    );
    assert_eq!(scene.confirm(), ["user 2001 again"]);
    assert!(
        scene
            .cti(state_event("2001", AgentState::NOT_READY, 0, "2003"))
            .is_empty()
    );

    // A server that calls it an error means the same.
    scene.request("2001", sign_in("2003"), "third").unwrap();
    assert_eq!(
        scene.refuse(ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON, 10_102),
        ["user 2001 third"]
    );
    // At another extension it is one.
    scene.request("2001", sign_in("3002"), "other").unwrap();
    assert_eq!(
        scene.refuse(ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON, 10_102),
        ["error 2001 other 259 10102"]
    );
}

#[test]
fn a_mobile_agent_s_phone_goes_into_the_instrument() {
    let mut scene = Scene::in_service();
    let mobile = Mobile {
        mode: MobileMode::NailedConnection,
        dial_number: "4085551234".to_owned(),
    };
    let action = Action::SignIn {
        extension: "2003".to_owned(),
        mobile: Some(mobile.clone()),
    };
    let out = scene.request("2001", action, "r").unwrap();
    assert_eq!(
        out.last().unwrap(),
        "send SET_AGENT_STATE_REQ 2001 state 0 reason 50004 at 2003;4085551234"
    );
    scene.confirm();
    scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003"));
    assert_eq!(
        scene.desk.agent("2001").unwrap().mobile,
        Some(mobile.clone())
    );
    assert_eq!(
        scene.desk.agent("2001").unwrap().extension.as_deref(),
        Some("2003")
    );
    // Who signs in again without saying where stays there.
    scene.request("2001", sign_in("2003"), "s").unwrap();
    scene.confirm();
    scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003"));
    assert_eq!(scene.desk.agent("2001").unwrap().mobile, Some(mobile));
}

#[test]
fn a_nailed_connection_has_a_minute_more_to_be_confirmed() {
    for (mode, patient) in [
        (MobileMode::CallByCall, false),
        (MobileMode::NailedConnection, true),
    ] {
        let mut scene = Scene::in_service();
        let action = Action::SignIn {
            extension: "2003".to_owned(),
            mobile: Some(Mobile {
                mode,
                dial_number: "4085551234".to_owned(),
            }),
        };
        scene.request("2001", action, "r").unwrap();
        let mut failed = false;
        for _ in 0..3 {
            failed |= scene.after(5_000).contains(&"error 2001 r 0 0".to_owned());
            let invoke_id = scene.invoke;
            scene.cti(HeartbeatConf {
                invoke_id,
                ..HeartbeatConf::default()
            });
        }
        assert_eq!(failed, !patient);
    }
}

#[test]
fn syntax_is_judged_at_once() {
    let mut scene = Scene::in_service();
    for extension in ["", "20 03", "2003;1", "caf\u{e9}", &"9".repeat(64)] {
        assert_eq!(
            scene.request("2001", sign_in(extension), "r"),
            Err(Reject::InvalidInput { field: "extension" }),
            "{extension}"
        );
    }
    for state in [
        AgentState::LOGIN,
        AgentState::LOGOUT,
        AgentState::TALKING,
        AgentState::UNKNOWN,
    ] {
        assert_eq!(
            scene.request(
                "2001",
                Action::SetState {
                    state,
                    reason: None
                },
                "r"
            ),
            Err(Reject::InvalidState)
        );
    }
    assert_eq!(
        scene.request("4711", ready(), "r"),
        Err(Reject::UnknownAgent)
    );
}

#[test]
fn sign_out_clears_extension_and_says_why() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    let out = scene
        .request("2001", Action::SignOut { reason: Some(5) }, "bye")
        .unwrap();
    assert_eq!(
        out,
        ["send SET_AGENT_STATE_REQ 2001 state 1 reason 5 at 2003"]
    );
    scene.confirm();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::LOGOUT, 5, "2003")),
        ["user 2001 bye"]
    );
    let agent = scene.desk.agent("2001").unwrap();
    assert_eq!((agent.extension.as_deref(), agent.reason), (None, Some(5)));
    assert_eq!(
        agent.signed_out_because,
        Some(tact_desk::SignOutCause::Requested {
            by: "2001".to_owned()
        })
    );
}
