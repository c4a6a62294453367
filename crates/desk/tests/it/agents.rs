//! Who there is: configuration records, their changes, teams.

use tact_desk::Input;
use tact_ged188::*;

use crate::scene::*;

fn record(kind: u16, fields: &[(Tag, &str)]) -> ConfigAgentEvent {
    let mut event = ConfigAgentEvent {
        num_records: 1,
        ..ConfigAgentEvent::default()
    };
    event.floats.push_u16(Tag::RECORD_TYPE, kind);
    event.floats.push_u32(Tag::PERIPHERAL_ID, 5000);
    for (tag, value) in fields {
        event.floats.push_text(*tag, value);
    }
    event
}

#[test]
fn records_become_agents() {
    let scene = Scene::in_service();
    let agent = scene.desk.agent("2001").unwrap();
    assert_eq!(
        (agent.first_name.as_str(), agent.last_name.as_str()),
        ("Mickey", "Mouse")
    );
    assert_eq!(
        (agent.login_name.as_str(), agent.skill_target_id),
        ("User2001", 5001)
    );
    assert!(!agent.supervisor);
    assert_eq!(agent.team.as_ref().unwrap().id, 5000);
    let supervisor = scene.desk.agent_by_login_name("uSER2100").unwrap();
    assert!(supervisor.supervisor);
    assert_eq!(supervisor.supervised.len(), 1);
    assert_eq!(supervisor.team, None);
    assert_eq!(scene.desk.agents().count(), 3);
    assert_eq!(scene.desk.agent_by_login_name(""), None);
}

#[test]
fn a_new_agent_is_queried_and_a_changed_name_published() {
    let mut scene = Scene::in_service();
    assert_eq!(
        scene.cti(record(0, &[(Tag::LOGIN_ID, "2050")])),
        ["send QUERY_AGENT_STATE_REQ"]
    );
    let invoke_id = scene.invoke;
    let conf = QueryAgentStateConf {
        invoke_id,
        agent_state: AgentState::LOGOUT,
        ..QueryAgentStateConf::default()
    };
    assert!(scene.cti(conf).is_empty());
    let renamed = record(1, &[(Tag::LOGIN_ID, "2001"), (Tag::FIRST_NAME, "Minnie")]);
    assert_eq!(scene.cti(renamed), ["user 2001 -"]);
    let agent = scene.desk.agent("2001").unwrap();
    assert_eq!(
        (agent.first_name.as_str(), agent.last_name.as_str()),
        ("Minnie", "Mouse")
    );
}

#[test]
fn a_deleted_agent_s_requests_fail() {
    let mut scene = Scene::in_service();
    scene.request("2001", sign_in("2003"), "r").unwrap();
    assert_eq!(
        scene.cti(record(2, &[(Tag::LOGIN_ID, "2001")])),
        ["error 2001 r 0 0"]
    );
    assert_eq!(scene.desk.agent("2001"), None);
    assert_eq!(scene.desk.agent_by_login_name("User2001"), None);
    assert!(scene.confirm().is_empty());
}

#[test]
fn other_peripherals_agents_are_not_ours() {
    let mut scene = Scene::in_service();
    let mut event = ConfigAgentEvent {
        num_records: 1,
        ..ConfigAgentEvent::default()
    };
    event.floats.push_u16(Tag::RECORD_TYPE, 0);
    event.floats.push_u32(Tag::PERIPHERAL_ID, 5001);
    event.floats.push_text(Tag::LOGIN_ID, "9000");
    assert!(scene.cti(event).is_empty());
    assert_eq!(scene.desk.agent("9000"), None);
}

#[test]
fn an_agent_missing_from_a_new_download_is_gone() {
    let mut scene = Scene::in_service();
    scene.cti(record(0, &[(Tag::LOGIN_ID, "2050")]));
    scene.feed(Input::LinkDown {
        reason: String::new(),
    });
    scene.come_into_service(&[]);
    assert_eq!(scene.desk.agent("2050"), None);
    assert!(scene.desk.agent("2001").is_some());
}

#[test]
fn teams_change_by_their_messages() {
    let mut scene = Scene::in_service();
    scene.cti(team_event(TeamOperation::REMOVE, &[("2001", 0)]));
    assert_eq!(scene.desk.agent("2001").unwrap().team, None);
    assert!(scene.desk.agent("2002").unwrap().team.is_some());
    scene.cti(team_event(
        TeamOperation::RESTORE_PERMANENT_CONFIGURATION,
        &[("2001", 0), ("2002", 1)],
    ));
    assert!(scene.desk.agent("2001").unwrap().team.is_some());
    let promoted = scene.desk.agent("2002").unwrap();
    assert!(promoted.supervisor && promoted.team.is_none());
    assert!(scene.desk.agent("2100").unwrap().supervised.is_empty());
    let mut renamed = team_event(TeamOperation::ADD, &[]);
    renamed.floats = Floats::new().with_text(Tag::AGENT_TEAM_NAME, "Goofys_Team");
    scene.cti(renamed);
    assert_eq!(
        scene
            .desk
            .agent("2001")
            .unwrap()
            .team
            .as_ref()
            .unwrap()
            .name,
        "Goofys_Team"
    );
}

#[test]
fn an_agent_only_known_from_an_event_is_kept() {
    let mut scene = Scene::in_service();
    assert_eq!(
        scene.cti(state_event("2077", AgentState::NOT_READY, 0, "3077")),
        ["user 2077 -"]
    );
    // Without an id the extension tells who it is.
    let mut event = state_event("", AgentState::AVAILABLE, 0, "3077");
    event.floats = Floats::new().with_text(Tag::AGENT_EXTENSION, "3077");
    assert_eq!(scene.cti(event), ["user 2077 -"]);
    assert_eq!(scene.state("2077"), AgentState::AVAILABLE);
}

#[test]
fn settings_of_an_agent_replace_the_defaults() {
    let mut scene = Scene::in_service();
    scene.request("2001", sign_in("2003"), "r").unwrap();
    let own = AgentDeskSettingsConf {
        wrapup_data_incoming_mode: 3,
        ..settings(scene.invoke - 1)
    };
    assert!(
        scene.cti(own).is_empty(),
        "the sign-in's own event shows them"
    );
    scene.confirm();
    scene.cti(state_event("2001", AgentState::NOT_READY, 0, "2003"));
    assert_eq!(
        scene.desk.agent("2001").unwrap().settings.wrap_up_incoming,
        3
    );
    assert_eq!(
        scene.desk.agent("2002").unwrap().settings.wrap_up_incoming,
        1
    );
}
