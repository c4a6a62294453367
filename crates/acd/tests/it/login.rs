//! Signing in and its refusals (ged188 3.6, 4.13, 5.8).

use tact_ged188::{AgentState, AgentWorkMode, Tag};

use crate::harness::{
    Centre, agent_open_req, events, login_req, names, refusal, sent_to, state_req, status,
};

#[test]
fn a_sign_in_is_confirmed_then_told_as_login_and_not_ready() {
    let mut centre = Centre::new();
    let client = centre.open();
    let watcher = centre.open();
    let out = centre.send(client, login_req("2001", "3001"));
    let messages = sent_to(&out, client);
    assert_eq!(
        names(&messages),
        [
            "SET_AGENT_STATE_CONF",
            "AGENT_STATE_EVENT",
            "AGENT_STATE_EVENT"
        ]
    );
    assert_eq!(messages[0].invoke_id(), Some(77));
    let told = events(&messages);
    assert_eq!(told, events(&sent_to(&out, watcher)));
    assert_eq!(told[0].agent_state, AgentState::LOGIN);
    assert_eq!(told[1].agent_state, AgentState::NOT_READY);
    for event in told {
        assert_eq!(event.skill_group_state, AgentState::LOGIN);
        assert_eq!(
            (event.skill_group_number, event.skill_group_id),
            (101, 6001)
        );
        assert_eq!((event.event_reason_code, event.state_duration), (0, 0));
        assert_eq!(
            (event.mrd_id, event.agent_mode, event.max_task_limit),
            (1, 1, 1)
        );
        assert_eq!((event.icm_agent_id, event.monitor_id), (5001, 0));
        let text = |tag| event.floats.text(tag).unwrap().into_owned();
        assert_eq!(text(Tag::AGENT_ID), "2001");
        assert_eq!(text(Tag::AGENT_EXTENSION), "3001");
        assert_eq!(text(Tag::AGENT_INSTRUMENT), "3001");
        assert_eq!(text(Tag::CLIENT_SIGNATURE), "Finesse");
    }
    assert_eq!(centre.acd.agent("2001").unwrap().extension, Some("3001"));
}

#[test]
fn each_refusal_has_its_code_and_changes_nothing() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2002", "3002");
    let mut refused =
        |agent, extension| refusal(&centre.answer(client, login_req(agent, extension)));
    assert_eq!(refused("9999", "3001"), (256, 0));
    assert_eq!(refused("2001", "9999"), (260, 10004));
    assert_eq!(refused("2001", "3002"), (283, 0));
    assert_eq!(refused("2002", "3003"), (259, 10102));
    // Which of two faults is told: the agent before the phone.
    assert_eq!(refused("9999", "9999"), (256, 0));
    assert_eq!(centre.state("2001"), AgentState::LOGOUT);
    assert_eq!(centre.acd.agent("2002").unwrap().extension, Some("3002"));
}

#[test]
fn missing_fields_are_the_servers_business() {
    let mut centre = Centre::new();
    let client = centre.open();
    let request = state_req("2001", AgentState::LOGIN, 0);
    assert_eq!(status(&centre.answer(client, request)), 6);
    let mut request = login_req("2001", "3001");
    request.floats = Default::default();
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    assert_eq!(status(&centre.answer(client, request)), 6);
}

#[test]
fn work_modes() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut sign_in = |mode, instrument| {
        let mut request = login_req("2001", instrument);
        request.agent_work_mode = mode;
        centre.ask(client, request)
    };
    assert_eq!(refusal(&sign_in(AgentWorkMode(9), "3001")[0]), (265, 0));
    assert_eq!(
        refusal(&sign_in(AgentWorkMode::CALL_BY_CALL, "3001")[0]),
        (265, 0)
    );
    assert_eq!(
        refusal(&sign_in(AgentWorkMode::CALL_BY_CALL, "3001;")[0]),
        (265, 0)
    );
    assert_eq!(
        refusal(&sign_in(AgentWorkMode::UNSPECIFIED, "3001;5551234")[0]),
        (260, 10004)
    );
    // The desk settings allow no phone beyond the trunk.
    for mode in [
        AgentWorkMode::CALL_BY_CALL,
        AgentWorkMode::NAILED_CONNECTION,
    ] {
        assert_eq!(refusal(&sign_in(mode, "3001;5551234")[0]), (265, 0));
    }
    let told = sign_in(AgentWorkMode::MANUAL_IN, "3001");
    assert_eq!(names(&told)[0], "SET_AGENT_STATE_CONF");
}

#[test]
fn skill_groups_of_others_are_refused() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut request = login_req("2001", "3001");
    request.num_skill_groups = 1;
    request.floats.push_u32(Tag::SKILL_GROUP_NUMBER, 999);
    assert_eq!(refusal(&centre.answer(client, request.clone())), (262, 0));
    request.num_skill_groups = 11;
    assert_eq!(status(&centre.answer(client, request)), 39);
    let mut request = login_req("2001", "3001");
    request.floats.push_u32(Tag::SKILL_GROUP_NUMBER, 102);
    assert_eq!(
        names(&centre.ask(client, request))[0],
        "SET_AGENT_STATE_CONF"
    );
}

#[test]
fn signing_in_again_at_the_same_phone_keeps_the_state() {
    let mut centre = Centre::new();
    let client = centre.open();
    let watcher = centre.open();
    centre.sign_in(client, "2001", "3001");
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    centre.now += 5000;
    let out = centre.send(client, login_req("2001", "3001"));
    let messages = sent_to(&out, client);
    assert_eq!(
        names(&messages),
        ["SET_AGENT_STATE_CONF", "AGENT_STATE_EVENT"]
    );
    let event = &events(&messages)[0];
    assert_eq!(
        (event.agent_state, event.state_duration),
        (AgentState::AVAILABLE, 5)
    );
    // Who did not ask to be spared repetitions hears it too.
    assert_eq!(sent_to(&out, watcher).len(), 1);
}

#[test]
fn a_phone_is_free_again_after_the_sign_out() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    centre.set(client, "2001", AgentState::LOGOUT, 0);
    assert_eq!(events(&centre.sign_in(client, "2002", "3001")).len(), 2);
    assert_eq!(events(&centre.sign_in(client, "2001", "3002")).len(), 2);
}

#[test]
fn a_client_of_one_agent_signs_in_that_agent_only() {
    let mut centre = Centre::new();
    let client = centre.open_with(agent_open_req("a", Some("2001"), None));
    assert_eq!(
        refusal(&centre.answer(client, login_req("2002", "3002"))),
        (8, 0)
    );
    let told = events(&centre.sign_in(client, "2001", "3001"));
    assert_eq!(told.len(), 2);
    assert_ne!(told[0].monitor_id, 0);
}
