//! Call flows with a second call: consultation, transfer, conference, monitoring, barge-in.

use tact_ged188::*;

use crate::calls::*;
use crate::scene::*;
use crate::wire::*;

#[test]
fn a_consultation_belongs_to_the_held_call_which_can_then_be_transferred() {
    let mut scene = talking();
    assert_eq!(
        scene.events(vec![
            held(C1, "3001").into(),
            begin(C2, CallType::CONSULT, "3001").into(),
            service_initiated(C2, "3001", Some(C1)).into(),
            originated(C2, "3001", "3002").into(),
            delivered(C2, "3002", "3001", "3002").into(),
        ]),
        [
            "PUT 2001 16777217 Active [4085551212:Active 3001:Held] -",
            "POST 2001 16777218 Initiating [3001:Initiating] -",
            "PUT 2001 16777218 Initiated [3001:Initiated] -",
            "PUT 2001 16777218 Alerting [3001:Initiated 3002:Alerting] -",
            "POST 2002 16777218 Alerting [3001:Initiated 3002:Alerting] -",
        ]
    );
    let dialog = scene.desk.dialog(C2).unwrap();
    assert_eq!(dialog.associated, Some(C1));
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), ("3001", "3002"));
    assert!(!scene.actions(C1, "3001").contains(&"TRANSFER"));
    // The answer makes the first call's agent able to transfer: that dialog changes too.
    assert_eq!(
        scene.cti(established(C2, "3002", "3001", "3002")),
        [
            "PUT 2001 16777218 Active [3001:Active 3002:Active] -",
            "PUT 2002 16777218 Active [3001:Active 3002:Active] -",
            "PUT 2001 16777217 Active [4085551212:Active 3001:Held] -",
        ]
    );
    assert_eq!(
        scene.actions(C1, "3001"),
        [
            "RETRIEVE",
            "DROP",
            "TRANSFER",
            "CONFERENCE",
            "UPDATE_CALL_DATA"
        ]
    );
}

#[test]
fn a_transfer_takes_both_calls_from_the_one_and_gives_the_first_to_the_other() {
    let mut scene = consulting();
    assert_eq!(
        scene.cti(transferred(C1, C2, "3001", "3002", &[CALLER, "3002"])),
        [
            "DELETE 2001 16777217 Active [4085551212:Active 3002:Active 3001:Dropped] -",
            "DELETE 2001 16777218 Dropped [3001:Dropped 3002:Dropped] -",
            "DELETE 2002 16777218 Dropped [3001:Dropped 3002:Dropped] -",
            "POST 2002 16777217 Active [4085551212:Active 3002:Active] -",
        ]
    );
    let dialog = scene.desk.dialog(C1).unwrap();
    assert_eq!(dialog.call_type, CallType::TRANSFER_IN);
    assert_eq!(dialog.secondary_id, Some(C2));
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), (CALLER, ROUTE));
    let out = scene.events(vec![
        data_update(C2, C1, "3002", CallType::TRANSFER_IN).into(),
        end(C2, "3001").into(),
    ]);
    assert!(out.is_empty(), "{out:?}");
    assert!(scene.dialogs("2001").is_empty());
    assert_eq!(scene.dialogs("2002"), [C1]);
    assert!(scene.desk.dialog(C2).is_none());
}

#[test]
fn a_caller_who_is_an_agent_sees_the_new_party_of_a_transfer() {
    let mut scene = centre();
    scene.events(vec![
        begin(C1, CallType::AGENT_INSIDE, "3002").into(),
        delivered(C1, "3001", "3002", "3001").into(),
        established(C1, "3001", "3002", "3001").into(),
        held(C1, "3001").into(),
        begin(C2, CallType::CONSULT, "3001").into(),
        delivered(C2, "3100", "3001", "3100").into(),
    ]);
    // While it still rings there.
    let out = scene.cti(transferred(C1, C2, "3001", "3100", &["3002", "3100"]));
    assert_eq!(
        out,
        [
            "DELETE 2001 16777217 Active [3002:Active 3100:Alerting 3001:Dropped] -",
            "DELETE 2001 16777218 Dropped [3001:Dropped 3100:Dropped] -",
            "DELETE 2100 16777218 Dropped [3001:Dropped 3100:Dropped] -",
            "PUT 2002 16777217 Active [3002:Active 3100:Alerting] -",
            "POST 2100 16777217 Active [3002:Active 3100:Alerting] -",
        ]
    );
}

#[test]
fn a_single_step_transfer_leaves_one_agent_and_rings_at_the_other() {
    let mut scene = talking();
    assert_eq!(
        scene.events(vec![
            transferred(C1, u32::MAX, "3001", "3002", &[CALLER]).into(),
            delivered(C1, "3002", CALLER, "3002").into(),
            established(C1, "3002", CALLER, "3002").into(),
        ]),
        [
            "DELETE 2001 16777217 Active [4085551212:Active 3001:Dropped] -",
            "POST 2002 16777217 Active [4085551212:Active 3002:Alerting] -",
            "PUT 2002 16777217 Active [4085551212:Active 3002:Active] -",
        ]
    );
    assert_eq!(scene.desk.dialog(C1).unwrap().secondary_id, None);
}

#[test]
fn a_conference_joins_everybody_in_the_first_call() {
    let mut scene = consulting();
    assert_eq!(
        scene.events(vec![
            conferenced(C1, C2, "3001", "3002", &[CALLER, "3001", "3002"]).into(),
            data_update(C2, C1, "3002", CallType::CONFERENCE).into(),
            end(C2, "3001").into(),
        ]),
        [
            "DELETE 2001 16777218 Dropped [3001:Dropped 3002:Dropped] -",
            "DELETE 2002 16777218 Dropped [3001:Dropped 3002:Dropped] -",
            "PUT 2001 16777217 Active [4085551212:Active 3001:Active 3002:Active] -",
            "POST 2002 16777217 Active [4085551212:Active 3001:Active 3002:Active] -",
        ]
    );
    let dialog = scene.desk.dialog(C1).unwrap();
    assert_eq!(dialog.call_type, CallType::CONFERENCE);
    assert_eq!(dialog.secondary_id, Some(C2));
}

#[test]
fn whoever_leaves_a_conference_is_rid_of_it_though_it_goes_on() {
    let mut scene = consulting();
    scene.events(vec![
        conferenced(C1, C2, "3001", "3002", &[CALLER, "3001", "3002"]).into(),
        end(C2, "3001").into(),
    ]);
    assert_eq!(
        scene.cti(cleared(C1, "3001")),
        [
            "PUT 2001 16777217 Active [4085551212:Active 3001:Dropped 3002:Active] -",
            "PUT 2002 16777217 Active [4085551212:Active 3001:Dropped 3002:Active] -",
        ]
    );
    // With wrap-up the dialog lasts as long as that.
    assert_eq!(
        scene.cti(state_event("2001", AgentState::WORK_READY, 0, "3001")),
        [
            "user 2001 -",
            "PUT 2001 16777217 Active [4085551212:Active 3001:WrapUp 3002:Active] -",
            "PUT 2002 16777217 Active [4085551212:Active 3001:WrapUp 3002:Active] -",
        ]
    );
    assert_eq!(
        scene.cti(state_event("2001", AgentState::AVAILABLE, 0, "3001")),
        [
            "user 2001 -",
            "DELETE 2001 16777217 Active [4085551212:Active 3001:Dropped 3002:Active] -",
            "PUT 2002 16777217 Active [4085551212:Active 3001:Dropped 3002:Active] -",
        ]
    );
    assert_eq!(scene.dialogs("2002"), [C1]);
}

#[test]
fn a_monitor_call_is_a_second_dialog_in_which_the_agent_can_do_nothing() {
    let (mut scene, out) = monitoring();
    assert_eq!(
        out,
        [
            "POST 2100 16777219 Initiating [3100:Initiating] -",
            "PUT 2100 16777219 Alerting [3100:Alerting 3001:Initiated] -",
            "POST 2001 16777219 Alerting [3100:Alerting 3001:Initiated] -",
            "PUT 2100 16777219 Active [3100:Active 3001:Active] -",
            "PUT 2001 16777219 Active [3100:Active 3001:Active] -",
        ]
    );
    assert_eq!(scene.actions(C3, "3100"), ["DROP", "BARGE_CALL"]);
    assert!(scene.actions(C3, "3001").is_empty());
    let dialog = scene.desk.dialog(C3).unwrap();
    assert_eq!(dialog.associated, Some(C1));
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), ("3100", "3001"));
    // The agent's own call is untouched, and being listened to is not being active elsewhere.
    scene.cti(held(C1, "3001"));
    assert!(!scene.actions(C1, "3001").contains(&"TRANSFER"));
}

#[test]
fn a_barge_ends_the_monitor_call_and_makes_the_agents_call_a_conference() {
    let (mut scene, _) = monitoring();
    let out = scene.events(vec![
        cleared(C3, "3100").into(),
        call_cleared(C3, "3100").into(),
        end(C3, "3100").into(),
        held(C1, "3001").into(),
        begin(C2, CallType::SUPERVISOR_BARGEIN, "3001").into(),
        delivered(C2, "3100", "3001", "3100").into(),
        established(C2, "3100", "3001", "3100").into(),
        conferenced(C1, C2, "3001", "3100", &[CALLER, "3001", "3100"]).into(),
        data_update(C2, C1, "3100", CallType::CONFERENCE).into(),
        end(C2, "3001").into(),
    ]);
    assert_eq!(
        out.last().unwrap(),
        "POST 2100 16777217 Active [4085551212:Active 3001:Active 3100:Active] -"
    );
    assert_eq!(scene.dialogs("2100"), [C1]);
    assert_eq!(scene.dialogs("2001"), [C1]);
    assert!(scene.actions(C1, "3100").contains(&"PARTICIPANT_DROP"));
    assert!(!scene.actions(C1, "3001").contains(&"PARTICIPANT_DROP"));
}
