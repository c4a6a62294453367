//! Lost presence: the grace, the sign-out, and who is not watched.

use tact_desk::{Absence, Channel, Config, Input, Load, Loss, Noticed, SignOutCause};
use tact_ged188::*;

use crate::scene::*;

fn presence(scene: &mut Scene, agent: &str, available: bool) -> Vec<String> {
    scene.feed(Input::Presence {
        agent: agent.to_owned(),
        lost: (!available).then_some(SILENT),
    })
}

const SILENT: Loss = Loss {
    channel: Some(Channel::WebSocket),
    noticed: Noticed::Silent,
};

/// Lets time pass with an answering server; what comes out besides heartbeats.
fn pass(scene: &mut Scene, ms: i64) -> Vec<String> {
    let mut out = Vec::new();
    let end = scene.now + ms;
    while scene.now < end {
        let step = (end - scene.now).min(1_000);
        for line in scene.after(step) {
            if line == "send HEARTBEAT_REQ" {
                let invoke_id = scene.invoke;
                assert!(
                    scene
                        .cti(HeartbeatConf {
                            invoke_id,
                            ..HeartbeatConf::default()
                        })
                        .is_empty()
                );
            } else {
                out.push(line);
            }
        }
    }
    out
}

fn watched(state: AgentState, config: Config) -> Scene {
    let mut scene = Scene::in_service_with(config);
    presence(&mut scene, "2001", true);
    scene.sign_in("2001", "2003");
    if state != AgentState::NOT_READY {
        scene.cti(state_event("2001", state, 0, "2003"));
    }
    scene
}

#[test]
fn a_ready_agent_is_signed_out_through_not_ready() {
    let mut scene = watched(AgentState::AVAILABLE, Config::default());
    assert!(presence(&mut scene, "2001", false).is_empty());
    let gone = scene.now;
    assert!(pass(&mut scene, 59_000).is_empty());
    let out = pass(&mut scene, 1_000);
    assert_eq!(
        out,
        [
            "note PresenceLost { agent: \"2001\" }",
            "send SET_AGENT_STATE_REQ 2001 state 2 reason 255 at 2003"
        ]
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::NOT_READY, 255, "2003")),
        ["user 2001 -"]
    );
    assert_eq!(
        scene.confirm(),
        ["send SET_AGENT_STATE_REQ 2001 state 1 reason 255 at 2003"]
    );
    scene.confirm();
    assert_eq!(
        scene.cti(state_event("2001", AgentState::LOGOUT, 255, "2003")),
        ["user 2001 -"]
    );
    assert_eq!(
        scene.desk.agent("2001").unwrap().signed_out_because,
        Some(SignOutCause::PresenceLost(Absence {
            since: gone,
            loss: SILENT
        }))
    );
}

#[test]
fn from_not_ready_the_sign_out_goes_at_once() {
    let mut scene = watched(AgentState::NOT_READY, Config::default());
    presence(&mut scene, "2001", false);
    let out = pass(&mut scene, 60_000);
    assert_eq!(
        out[1], "send SET_AGENT_STATE_REQ 2001 state 1 reason 255 at 2003",
        "{out:?}"
    );
}

#[test]
fn with_load_0_the_agent_becomes_not_ready() {
    let mut scene = watched(
        AgentState::AVAILABLE,
        Config {
            load: Load::NotReady,
            ..Config::default()
        },
    );
    presence(&mut scene, "2001", false);
    let out = pass(&mut scene, 60_000);
    assert_eq!(
        out[1..],
        ["send SET_AGENT_STATE_REQ 2001 state 2 reason 255 at 2003"]
    );
    scene.cti(state_event("2001", AgentState::NOT_READY, 255, "2003"));
    assert!(scene.confirm().is_empty());
    assert!(pass(&mut scene, 120_000).is_empty());
}

#[test]
fn back_within_the_grace_changes_nothing() {
    let mut scene = watched(AgentState::AVAILABLE, Config::default());
    presence(&mut scene, "2001", false);
    assert!(pass(&mut scene, 59_999).is_empty());
    assert!(presence(&mut scene, "2001", true).is_empty());
    assert!(pass(&mut scene, 120_000).is_empty());
    assert_eq!(scene.state("2001"), AgentState::AVAILABLE);
}

#[test]
fn back_between_the_two_steps_the_sign_out_is_dropped() {
    let mut scene = watched(AgentState::AVAILABLE, Config::default());
    presence(&mut scene, "2001", false);
    pass(&mut scene, 60_000);
    presence(&mut scene, "2001", true);
    scene.cti(state_event("2001", AgentState::NOT_READY, 255, "2003"));
    assert!(scene.confirm().is_empty());
}

#[test]
fn a_call_is_waited_for() {
    let mut scene = watched(AgentState::TALKING, Config::default());
    presence(&mut scene, "2001", false);
    assert!(pass(&mut scene, 300_000).is_empty());
    assert_eq!(
        scene.cti(state_event("2001", AgentState::HOLD, 0, "2003")),
        ["user 2001 -"]
    );
    let out = scene.cti(state_event("2001", AgentState::WORK_READY, 0, "2003"));
    assert_eq!(out[0], "user 2001 -");
    assert_eq!(
        out[2],
        "send SET_AGENT_STATE_REQ 2001 state 2 reason 255 at 2003"
    );
}

#[test]
fn rest_alone_is_never_watched() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    presence(&mut scene, "2001", false);
    assert!(pass(&mut scene, 120_000).is_empty());
    // Nor is an agent whose channel went before the sign-in.
    presence(&mut scene, "2002", true);
    presence(&mut scene, "2002", false);
    scene.sign_in("2002", "3002");
    assert!(pass(&mut scene, 120_000).is_empty());
}

#[test]
fn a_sign_in_under_way_is_watched() {
    let mut scene = Scene::in_service();
    presence(&mut scene, "2001", true);
    scene.request("2001", sign_in("2003"), "r").unwrap();
    presence(&mut scene, "2001", false);
    scene.confirm();
    scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003"));
    assert!(
        pass(&mut scene, 60_000)
            .iter()
            .any(|line| line.contains("state 1 reason 255"))
    );
}

#[test]
fn signing_out_by_hand_ends_the_watch() {
    let mut scene = watched(AgentState::NOT_READY, Config::default());
    presence(&mut scene, "2001", false);
    scene.cti(state_event("2001", AgentState::LOGOUT, 0, "2003"));
    scene.sign_in("2001", "2003");
    assert!(
        pass(&mut scene, 120_000).is_empty(),
        "the new sign-in has no channel"
    );
}

#[test]
fn login_names_are_understood() {
    let mut scene = Scene::in_service();
    presence(&mut scene, "USER2001", true);
    scene.sign_in("2001", "2003");
    presence(&mut scene, "user2001", false);
    assert!(!pass(&mut scene, 60_000).is_empty());
}

#[test]
fn a_grace_that_ends_while_out_of_service_is_made_good() {
    let mut scene = Scene::in_service();
    presence(&mut scene, "2001", true);
    scene.sign_in("2001", "2001");
    presence(&mut scene, "2001", false);
    scene.feed(Input::LinkDown {
        reason: "reset".to_owned(),
    });
    scene.now += 100_000;
    assert!(scene.feed(Input::Tick).is_empty());
    let said = scene.come_into_service(&["2001"]);
    assert!(
        said.iter().any(|line| line.contains("state 1 reason 255")),
        "{said:?}"
    );
}

#[test]
fn why_an_agent_was_signed_out_is_kept() {
    let mut scene = watched(AgentState::NOT_READY, Config::default());
    assert_eq!(scene.kept, ["watched 2001 true"]);
    presence(&mut scene, "2001", false);
    let since = scene.now;
    pass(&mut scene, 60_000);
    scene.confirm();
    scene.cti(state_event("2001", AgentState::LOGOUT, 255, "2003"));
    let absence = Absence {
        since,
        loss: SILENT,
    };
    let kept = scene.kept.split_off(1);
    assert_eq!(
        kept,
        [
            "watched 2001 false".to_owned(),
            format!("signed out 2001 Some(255) PresenceLost({absence:?})"),
        ]
    );

    // By itself the CTI server needs no reason of ours.
    scene.sign_in("2002", "3002");
    scene.cti(state_event("2002", AgentState::LOGOUT, 50_004, "3002"));
    assert_eq!(
        scene.kept.pop().as_deref(),
        Some("signed out 2002 Some(50004) CtiServer")
    );
}

#[test]
fn a_sign_out_that_waited_for_the_end_of_a_call_is_still_the_agents_own() {
    let mut scene = watched(AgentState::TALKING, Config::default());
    let sign_out = tact_desk::Action::SignOut { reason: Some(1) };
    scene.request("2001", sign_out, "r").unwrap();
    scene.confirm();
    scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003"));
    scene.cti(state_event("2001", AgentState::LOGOUT, 1, "2003"));
    let expected = "signed out 2001 Some(1) Requested { by: \"2001\" }";
    assert!(
        scene.kept.iter().any(|line| line == expected),
        "{:?}",
        scene.kept
    );
}

#[test]
fn a_sign_out_that_nobody_saw_is_kept_when_the_link_is_back() {
    let mut scene = watched(AgentState::NOT_READY, Config::default());
    let reason = String::new();
    scene.feed(Input::LinkDown { reason });
    scene.come_into_service(&["2002"]);
    assert_eq!(
        scene.kept[1..],
        ["signed out 2001 None CtiServer", "watched 2001 false"]
    );
}

/// A desk that starts with these agents expected, and comes into service with those signed in.
fn restarted(expected: &[&str], signed_in: &[&str]) -> Scene {
    let mut scene = Scene::new(Config::default());
    let watched = expected.iter().map(|id| (*id).to_owned()).collect();
    assert!(scene.feed(Input::Restarted { watched }).is_empty());
    scene.come_into_service(signed_in);
    scene
}

#[test]
fn whoever_does_not_come_back_after_a_restart_is_signed_out_after_the_grace() {
    let mut scene = restarted(&["2001"], &["2001", "2002"]);
    let since = scene.now;
    let out = pass(&mut scene, 60_000);
    let forced: Vec<_> = out
        .iter()
        .filter(|line| line.contains("reason 255"))
        .collect();
    assert_eq!(forced.len(), 1, "2002 was not watched before: {out:?}");
    assert!(forced[0].contains(" 2001 "), "{out:?}");
    scene.confirm();
    scene.cti(state_event("2001", AgentState::LOGOUT, 255, ""));
    let loss = Loss {
        channel: None,
        noticed: Noticed::Restart,
    };
    let absence = Absence { since, loss };
    assert_eq!(
        scene.kept.last(),
        Some(&format!(
            "signed out 2001 Some(255) PresenceLost({absence:?})"
        ))
    );
}

#[test]
fn whoever_comes_back_after_a_restart_stays() {
    let mut scene = restarted(&["2001", "2002"], &["2001", "2002"]);
    pass(&mut scene, 30_000);
    presence(&mut scene, "2001", true);
    // One is back before the desk is in service.
    let mut early = Scene::new(Config::default());
    early.feed(Input::Restarted {
        watched: vec!["2002".to_owned()],
    });
    presence(&mut early, "2002", true);
    early.come_into_service(&["2002"]);
    for (scene, stays) in [(&mut scene, "2001"), (&mut early, "2002")] {
        let out = pass(scene, 120_000);
        let forced = out
            .iter()
            .any(|line| line.contains(&format!("_REQ {stays} ")));
        assert!(!forced, "{out:?}");
    }
}

#[test]
fn whoever_is_signed_out_after_a_restart_is_expected_no_more() {
    let scene = restarted(&["2001"], &["2002"]);
    assert_eq!(scene.kept, ["watched 2001 false"]);
}
