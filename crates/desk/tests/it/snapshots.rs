//! Calls over a lost link: as last seen until the snapshot, then told anew.

use tact_desk::{Input, PartyState};
use tact_ged188::*;

use crate::calls::*;
use crate::scene::*;
use crate::wire::*;

fn lose(scene: &mut Scene) {
    let out = scene.feed(Input::LinkDown {
        reason: String::new(),
    });
    assert!(out.iter().all(|line| !line.contains("1677")), "{out:?}");
}

fn about_calls(out: &[String]) -> Vec<&String> {
    out.iter().filter(|line| line.contains("1677")).collect()
}

#[test]
fn live_calls_are_posted_again_and_gone_ones_deleted() {
    let mut scene = talking();
    scene.events(vec![
        begin(C2, CallType::AGENT_INSIDE, "3002").into(),
        delivered(C2, "3100", "3002", "3100").into(),
    ]);
    lose(&mut scene);
    assert_eq!(scene.dialogs("2001"), [C1]);
    assert_eq!(scene.dialogs("2002"), [C2]);
    scene.calls_at = vec![("2001", C1)];
    scene.snapshots = vec![(
        C1,
        snapshot(
            C1,
            CallType::PREROUTE_ACD_IN,
            &[
                (CALLER, LocalConnectionState::CONNECT),
                ("2001", LocalConnectionState::HOLD),
            ],
        ),
    )];
    let out = scene.come_into_service(&["2001", "2002", "2100"]);
    assert_eq!(
        about_calls(&out),
        [
            "POST 2001 16777217 Active [4085551212:Active 2001:Held] -",
            "DELETE 2002 16777218 Dropped [3002:Dropped 3100:Dropped] -",
            "DELETE 2100 16777218 Dropped [3002:Dropped 3100:Dropped] -",
        ]
    );
    assert!(scene.dialogs("2002").is_empty());
    // What the snapshot does not tell is still known.
    let dialog = scene.desk.dialog(C1).unwrap();
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), (CALLER, ROUTE));
    assert_eq!(dialog.variables.len(), 2);
}

#[test]
fn calls_that_began_before_the_desk_did_are_found() {
    let mut scene = Scene::new(tact_desk::Config::default());
    scene.calls_at = vec![("2001", C1), ("2002", C1)];
    scene.snapshots = vec![(
        C1,
        snapshot(
            C1,
            CallType::AGENT_INSIDE,
            &[
                ("2001", LocalConnectionState::CONNECT),
                ("2002", LocalConnectionState::ALERTING),
            ],
        ),
    )];
    let out = scene.come_into_service(&["2001", "2002"]);
    assert_eq!(
        about_calls(&out),
        [
            "POST 2001 16777217 Alerting [2001:Initiated 2002:Alerting] -",
            "POST 2002 16777217 Alerting [2001:Initiated 2002:Alerting] -",
        ]
    );
    assert_eq!(scene.actions(C1, "2002"), ["ANSWER"]);
}

#[test]
fn what_ends_during_the_snapshot_is_deleted_behind_it() {
    let mut scene = talking();
    lose(&mut scene);
    scene.feed(Input::LinkUp {
        side: tact_desk::Side::A,
    });
    scene.cti(open_conf(scene.invoke));
    scene.cti(ConfigKeyEvent::default());
    scene.cti(agent_records(&["2001"]));
    scene.cti(ConfigEndEvent::default());
    assert!(scene.cti(end(C1, CALLER)).is_empty());
    assert!(scene.desk.dialog(C1).is_none());
    // Nobody answers; the desk comes into service all the same.
    let mut out = Vec::new();
    for _ in 0..3 {
        out.extend(scene.after(15_000));
    }
    assert!(scene.desk.service().in_service, "{out:?}");
    assert_eq!(
        about_calls(&out),
        ["DELETE 2001 16777217 Dropped [4085551212:Dropped 3001:Dropped] -"]
    );
}

#[test]
fn a_call_in_wrap_up_stays_in_wrap_up() {
    let mut scene = talking();
    scene.events(vec![
        cleared(C1, "3001").into(),
        cleared(C1, CALLER).into(),
        call_cleared(C1, CALLER).into(),
        state_event("2001", AgentState::WORK_NOT_READY, 0, "3001").into(),
    ]);
    assert_eq!(
        scene
            .desk
            .dialog(C1)
            .unwrap()
            .participant("3001")
            .unwrap()
            .state,
        PartyState::WrapUp
    );
    scene.cti(system_event(SystemEventId::CTI_SERVER_OFFLINE, 0));
    assert_eq!(scene.dialogs("2001"), [C1]);
}

#[test]
fn who_listens_is_known_behind_a_snapshot_too() {
    let mut scene = Scene::new(tact_desk::Config::default());
    let connected = LocalConnectionState::CONNECT;
    scene.calls_at = vec![("2001", C1), ("2100", C3)];
    scene.monitoring = vec![("2001", C1, 2), ("2100", C3, 1)];
    scene.snapshots = vec![
        (
            C1,
            snapshot(
                C1,
                CallType::PREROUTE_ACD_IN,
                &[(CALLER, connected), ("2001", connected)],
            ),
        ),
        (
            C3,
            snapshot(
                C3,
                CallType::SUPERVISOR_MONITOR,
                &[("2100", connected), ("2001", connected)],
            ),
        ),
    ];
    scene.come_into_service(&["2001", "2100"]);
    assert_eq!(scene.dialogs("2001"), [C1, C3]);
    assert!(scene.actions(C1, "2001").contains(&"HOLD"));
    assert_eq!(scene.actions(C3, "2100"), ["DROP", "BARGE_CALL"]);
    assert!(scene.actions(C3, "2001").is_empty());
    assert_eq!(scene.desk.dialog(C3).unwrap().associated, Some(C1));
}
