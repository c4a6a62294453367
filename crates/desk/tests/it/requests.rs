//! The queue of an agent's requests, and which event ends which.

use tact_desk::{Action, Desk, Input, Pending, Reject, ReservedFor, SignOutCause};
use tact_ged188::*;

use crate::scene::*;

#[test]
fn the_next_request_waits_for_the_confirmation_of_the_last() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    assert_eq!(scene.request("2001", ready(), "a").unwrap().len(), 1);
    assert!(scene.request("2001", not_ready(7), "b").unwrap().is_empty());
    // Another agent's do not wait.
    assert_eq!(
        scene.request("2002", sign_in("3002"), "c").unwrap().len(),
        2
    );
    let invoke = scene.invoke - 2;
    let out = scene.cti(SetAgentStateConf {
        invoke_id: invoke,
        ..SetAgentStateConf::default()
    });
    assert_eq!(
        out,
        ["send SET_AGENT_STATE_REQ 2001 state 2 reason 7 at 2003"]
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::AVAILABLE, 0, "2003")),
        ["user 2001 a"]
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 7, "2003")),
        ["user 2001 b"]
    );
    assert!(scene.confirm().is_empty());
}

#[test]
fn an_event_alone_does_not_open_the_queue_and_a_failure_does() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.request("2001", ready(), "a").unwrap();
    scene.request("2001", not_ready(7), "b").unwrap();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::AVAILABLE, 0, "2003")),
        ["user 2001 a"]
    );
    assert_eq!(
        scene.confirm(),
        ["send SET_AGENT_STATE_REQ 2001 state 2 reason 7 at 2003"]
    );
    scene.request("2001", ready(), "c").unwrap();
    let out = scene.refuse(ControlFailure::INVALID_AGENT_REASON_CODE, 0);
    assert_eq!(
        out,
        [
            "error 2001 b 266 0",
            "send SET_AGENT_STATE_REQ 2001 state 3 reason 0 at 2003"
        ]
    );
}

#[test]
fn a_failure_behind_the_event_is_no_second_outcome() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.request("2001", ready(), "a").unwrap();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::AVAILABLE, 0, "2003")),
        ["user 2001 a"]
    );
    assert!(
        scene
            .refuse(ControlFailure::GENERIC_OPERATION, 0)
            .is_empty()
    );
}

#[test]
fn events_of_others_and_strangers_end_nothing() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.request("2001", ready(), "a").unwrap();
    assert_eq!(
        scene.cti(state_event("2002", AgentState::AVAILABLE, 0, "3002")),
        ["user 2002 -"]
    );
    let other_medium = AgentStateEvent {
        mrd_id: 5001,
        ..state_event("2001", AgentState::AVAILABLE, 0, "2003")
    };
    assert!(scene.cti(other_medium).is_empty());
    let other_peripheral = AgentStateEvent {
        peripheral_id: 5001,
        ..state_event("2001", AgentState::AVAILABLE, 0, "2003")
    };
    assert!(scene.cti(other_peripheral).is_empty());
    assert_eq!(
        scene.cti(state_event("2001", AgentState::RESERVED, 0, "2003")),
        ["user 2001 -"]
    );
    let stranger = SetAgentStateConf {
        invoke_id: 4711,
        ..SetAgentStateConf::default()
    };
    assert!(scene.cti(stranger).is_empty());
}

#[test]
fn asking_for_the_state_one_is_in_is_answered_by_the_confirmation() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.request("2001", ready(), "a").unwrap();
    scene.cti(state_event("2001", AgentState::AVAILABLE, 0, "2003"));
    scene.confirm();
    scene.request("2001", ready(), "b").unwrap();
    assert_eq!(scene.confirm(), ["user 2001 b"]);
    // Another reason is another state of affairs: that one is waited for.
    scene.request("2001", not_ready(7), "c").unwrap();
    assert!(scene.confirm().is_empty());
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 7, "2003")),
        ["user 2001 c"]
    );
    scene.request("2001", not_ready(8), "d").unwrap();
    assert!(scene.confirm().is_empty());
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 8, "2003")),
        ["user 2001 d"]
    );
}

#[test]
fn silence_ends_a_request_after_fifteen_seconds_and_the_state_is_asked_for() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.request("2001", ready(), "a").unwrap();
    scene.request("2001", not_ready(7), "b").unwrap();
    let late = scene.invoke;
    scene.after(5_000);
    let invoke_id = scene.invoke;
    scene.cti(HeartbeatConf {
        invoke_id,
        ..HeartbeatConf::default()
    });
    scene.after(9_999);
    let out = scene.after(1);
    assert_eq!(out[0], "error 2001 a 0 0", "{out:?}");
    assert!(out.contains(&"send QUERY_AGENT_STATE_REQ".to_owned()));
    assert_eq!(
        out.iter()
            .filter(|line| line.starts_with("send SET"))
            .count(),
        1,
        "the next one goes out: {out:?}"
    );
    // What comes too late changes nothing.
    assert!(
        scene
            .cti(SetAgentStateConf {
                invoke_id: late,
                ..SetAgentStateConf::default()
            })
            .is_empty()
    );
}

#[test]
fn a_confirmed_request_whose_event_never_comes_fails_too() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.request("2001", ready(), "a").unwrap();
    scene.confirm();
    for _ in 0..2 {
        scene.after(5_000);
        let invoke_id = scene.invoke;
        scene.cti(HeartbeatConf {
            invoke_id,
            ..HeartbeatConf::default()
        });
    }
    let out = scene.after(5_000);
    assert!(out.contains(&"error 2001 a 0 0".to_owned()), "{out:?}");
}

#[test]
fn an_agent_has_sixteen_requests_under_way_at_most() {
    let mut scene = Scene::in_service();
    for number in 0..Desk::MAX_REQUESTS {
        scene
            .request("2001", sign_in("2003"), &number.to_string())
            .unwrap();
    }
    assert_eq!(
        scene.request("2001", sign_in("2003"), "more"),
        Err(Reject::TooManyRequests)
    );
    scene.request("2002", sign_in("3002"), "other").unwrap();
}

#[test]
fn a_lost_link_ends_everything_under_way_once() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    for id in ["a", "b", "c"] {
        scene.request("2001", ready(), id).unwrap();
    }
    scene.confirm();
    let out = scene.feed(Input::LinkDown {
        reason: "reset".to_owned(),
    });
    let errors: Vec<&String> = out
        .iter()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        errors,
        ["error 2001 a 0 0", "error 2001 b 0 0", "error 2001 c 0 0"]
    );
    let system = out.iter().position(|line| line == "system").unwrap();
    assert!(
        out[..system].iter().all(|line| !line.starts_with("error")),
        "the service goes first: {out:?}"
    );
    assert!(
        scene
            .feed(Input::LinkDown {
                reason: "again".to_owned()
            })
            .is_empty()
    );
}

#[test]
fn during_a_preview_changes_are_pending_and_nobody_is_told() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    let mut event = state_event("2001", AgentState::RESERVED, 0, "2003");
    event.floats.push_u32(Tag::DIRECTION, 6);
    assert_eq!(scene.cti(event.clone()), ["user 2001 -"]);
    let reserved_for = |scene: &Scene| scene.desk.agent("2001").unwrap().reserved_for;
    assert_eq!(reserved_for(&scene), ReservedFor::Preview);
    scene.request("2001", not_ready(7), "a").unwrap();
    assert!(scene.confirm().is_empty());
    let pending = scene.desk.agent("2001").unwrap().pending.unwrap();
    assert_eq!(pending.state, AgentState::NOT_READY);
    assert!(scene.cti(event).is_empty());
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 7, "2003")),
        ["user 2001 -"]
    );
    assert_eq!(reserved_for(&scene), ReservedFor::Call);
}

#[test]
fn during_a_call_changes_are_pending_and_the_last_one_counts() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    scene.cti(state_event("2001", AgentState::TALKING, 0, "2003"));
    scene.request("2001", ready(), "a").unwrap();
    assert_eq!(scene.confirm(), ["user 2001 a"]);
    let pending = |scene: &Scene| scene.desk.agent("2001").unwrap().pending;
    assert_eq!(
        pending(&scene),
        Some(Pending {
            state: AgentState::AVAILABLE,
            reason: None
        })
    );
    assert_eq!(scene.state("2001"), AgentState::TALKING);
    scene.request("2001", not_ready(7), "b").unwrap();
    assert_eq!(scene.confirm(), ["user 2001 b"]);
    let expected = Some(Pending {
        state: AgentState::NOT_READY,
        reason: Some(7),
    });
    assert_eq!(pending(&scene), expected);
    // An event that tells the pending state itself says nothing new.
    let mut event = state_event("2001", AgentState::TALKING, 0, "2003");
    event
        .floats
        .push_u16(Tag::EXT_AGENT_STATE, AgentState::NOT_READY.0);
    assert!(scene.cti(event).is_empty());
    assert_eq!(pending(&scene), expected);
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 7, "2003")),
        ["user 2001 -"]
    );
    assert_eq!(pending(&scene), None);
}

#[test]
fn supervisors_act_on_their_own_team_only() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    assert_eq!(
        scene.request_by("2002", "2001", ready(), "r"),
        Err(Reject::InvalidSupervisor)
    );
    assert_eq!(
        scene.request_by("4711", "2001", ready(), "r"),
        Err(Reject::InvalidSupervisor)
    );
    assert_eq!(
        scene.request_by("2100", "2001", sign_in("2003"), "r"),
        Err(Reject::InvalidState)
    );
    let out = scene
        .request_by("2100", "2001", Action::SignOut { reason: None }, "r")
        .unwrap();
    assert_eq!(
        out,
        ["send SET_AGENT_STATE_REQ 2001 state 1 reason 999 at 2003"]
    );
    scene.confirm();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::LOGOUT, 999, "2003")),
        ["user 2001 r"]
    );
    let because = scene.desk.agent("2001").unwrap().signed_out_because.clone();
    assert_eq!(
        because,
        Some(SignOutCause::Requested {
            by: "2100".to_owned()
        })
    );
}

#[test]
fn the_cti_server_may_sign_an_agent_out_by_itself() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    assert_eq!(
        scene.cti(state_event("2001", AgentState::LOGOUT, 50_004, "2003")),
        ["user 2001 -"]
    );
    let agent = scene.desk.agent("2001").unwrap();
    assert_eq!(agent.reason, Some(50_004));
    assert_eq!(agent.signed_out_because, Some(SignOutCause::CtiServer));
}
