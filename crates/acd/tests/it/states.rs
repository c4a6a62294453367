//! Agent states: requests, events, who hears them (ged188 3.3, 3.6; finesse-api 3.1 to 3.5).

use tact_acd::{Output, Trace};
use tact_ged188::{AgentState, AgentStateMask, OpenReq, Services, Tag};

use crate::harness::{
    Centre, agent_open_req, events, names, open_req, refusal, sent_to, state_req, status,
};

/// A centre in which 2001 is signed in at 3001.
fn signed_in() -> (Centre, tact_acd::ClientId) {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    (centre, client)
}

#[test]
fn each_change_is_one_confirmation_and_one_event() {
    let (mut centre, client) = signed_in();
    let steps = [
        (AgentState::NOT_READY, 7, 7),
        (AgentState::AVAILABLE, 9, 0),
        (AgentState::NOT_READY, 0, 0),
        (AgentState::LOGOUT, 12, 12),
    ];
    for (state, reason, told_reason) in steps {
        centre.now += 1000;
        let messages = centre.set(client, "2001", state, reason);
        assert_eq!(
            names(&messages),
            ["SET_AGENT_STATE_CONF", "AGENT_STATE_EVENT"]
        );
        let event = &events(&messages)[0];
        assert_eq!((event.agent_state, event.skill_group_state), (state, state));
        assert_eq!(
            (event.event_reason_code, event.state_duration),
            (told_reason, 0)
        );
        let available = u32::from(state == AgentState::AVAILABLE);
        assert_eq!(event.agent_availability_status, available);
        assert_eq!(
            event.floats.text(Tag::AGENT_EXTENSION).as_deref(),
            Some("3001")
        );
        assert_eq!(centre.state("2001"), state);
    }
    assert_eq!(centre.acd.agent("2001").unwrap().extension, None);
}

#[test]
fn the_time_in_a_state_begins_anew_with_another_reason_only() {
    let (mut centre, client) = signed_in();
    centre.set(client, "2001", AgentState::NOT_READY, 7);
    centre.now += 3000;
    let same = centre.set(client, "2001", AgentState::NOT_READY, 7);
    assert_eq!(events(&same)[0].state_duration, 3);
    let other = centre.set(client, "2001", AgentState::NOT_READY, 8);
    assert_eq!(events(&other)[0].state_duration, 0);
}

#[test]
fn what_the_table_forbids_is_refused() {
    let (mut centre, client) = signed_in();
    let mut refused = |agent, state| refusal(&centre.answer(client, state_req(agent, state, 0)));
    assert_eq!(refused("2002", AgentState::AVAILABLE), (257, 0));
    assert_eq!(refused("2002", AgentState::NOT_READY), (257, 0));
    assert_eq!(refused("2002", AgentState::LOGOUT), (265, 10101));
    assert_eq!(refused("9999", AgentState::AVAILABLE), (256, 0));
    assert_eq!(refused("2001", AgentState::TALKING), (265, 10108));
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let logout = state_req("2001", AgentState::LOGOUT, 0);
    assert_eq!(refusal(&centre.answer(client, logout)), (265, 10112));
    assert_eq!(centre.state("2001"), AgentState::AVAILABLE);
}

#[test]
fn what_the_server_itself_refuses() {
    let (mut centre, client) = signed_in();
    let request = state_req("2001", AgentState(99), 0);
    assert_eq!(status(&centre.answer(client, request)), 38);
    let mut request = state_req("2001", AgentState::AVAILABLE, 0);
    request.peripheral_id = 1;
    assert_eq!(status(&centre.answer(client, request)), 7);
    let mut request = state_req("2001", AgentState::AVAILABLE, 0);
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "3002");
    assert_eq!(status(&centre.answer(client, request)), 32);
    let mut request = state_req("2001", AgentState::AVAILABLE, 0);
    request.floats = Default::default();
    assert_eq!(status(&centre.answer(client, request.clone())), 6);
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "3002");
    assert_eq!(status(&centre.answer(client, request)), 9);
    let deaf = centre.open_with(OpenReq {
        services_requested: Services::ALL_EVENTS,
        ..open_req()
    });
    let request = state_req("2001", AgentState::AVAILABLE, 0);
    assert_eq!(status(&centre.answer(deaf, request)), 12);
}

#[test]
fn an_agent_can_be_named_by_phone() {
    let (mut centre, client) = signed_in();
    let mut request = state_req("2001", AgentState::AVAILABLE, 0);
    request.floats = Default::default();
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    assert_eq!(events(&centre.ask(client, request)).len(), 1);
    assert_eq!(centre.state("2001"), AgentState::AVAILABLE);
}

#[test]
fn supervisor_and_system_sign_out_from_ready() {
    for reason in [999, 255] {
        let (mut centre, client) = signed_in();
        centre.set(client, "2001", AgentState::AVAILABLE, 0);
        let told = events(&centre.set(client, "2001", AgentState::LOGOUT, reason));
        assert_eq!(
            (told[0].agent_state, told[0].event_reason_code),
            (AgentState::LOGOUT, reason)
        );
    }
    let (mut centre, client) = signed_in();
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let mut request = state_req("2001", AgentState::LOGOUT, 0);
    request.floats.push_text(Tag::SUPERVISOR_ID, "2100");
    assert_eq!(
        names(&centre.ask(client, request))[0],
        "SET_AGENT_STATE_CONF"
    );
}

#[test]
fn desk_settings_may_want_a_reason() {
    let mut centre = Centre::new();
    let client = centre.open();
    // The sign-in itself needs none.
    assert_eq!(events(&centre.sign_in(client, "2003", "3003")).len(), 2);
    for state in [AgentState::NOT_READY, AgentState::LOGOUT] {
        assert_eq!(
            refusal(&centre.answer(client, state_req("2003", state, 0))),
            (281, 0)
        );
    }
    assert_eq!(
        names(&centre.set(client, "2003", AgentState::AVAILABLE, 0)).len(),
        2
    );
    assert_eq!(
        names(&centre.set(client, "2003", AgentState::NOT_READY, 5)).len(),
        2
    );
    assert_eq!(
        names(&centre.set(client, "2003", AgentState::LOGOUT, 5)).len(),
        2
    );
}

#[test]
fn an_agent_without_skill_group_has_none_in_events() {
    let mut centre = Centre::new();
    let client = centre.open();
    let told = events(&centre.sign_in(client, "2003", "3003"));
    assert_eq!(
        (told[0].skill_group_number, told[0].skill_group_id),
        (u32::MAX, u32::MAX)
    );
}

#[test]
fn ready_when_ready_is_told_again_to_who_asked() {
    let (mut centre, client) = signed_in();
    let services = open_req().services_requested | Services::IGNORE_DUPLICATE_AGENT_EVENTS;
    let request = OpenReq {
        services_requested: services,
        ..open_req()
    };
    let tired = centre.open_with(request.clone());
    let asking = centre.open_with(request);
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let out = centre.send(asking, state_req("2001", AgentState::AVAILABLE, 0));
    assert_eq!(
        names(&sent_to(&out, asking)),
        ["SET_AGENT_STATE_CONF", "AGENT_STATE_EVENT"]
    );
    assert_eq!(names(&sent_to(&out, client)), ["AGENT_STATE_EVENT"]);
    assert!(sent_to(&out, tired).is_empty());
}

#[test]
fn the_state_mask_is_honoured() {
    let (mut centre, client) = signed_in();
    let mask = AgentStateMask::AVAILABLE | AgentStateMask::LOGOUT;
    let watcher = centre.open_with(OpenReq {
        agent_state_mask: mask,
        ..open_req()
    });
    let mut heard = Vec::new();
    for state in [
        AgentState::AVAILABLE,
        AgentState::NOT_READY,
        AgentState::LOGOUT,
    ] {
        let out = centre.send(client, state_req("2001", state, 0));
        heard.extend(
            events(&sent_to(&out, watcher))
                .into_iter()
                .map(|event| event.agent_state),
        );
    }
    assert_eq!(heard, [AgentState::AVAILABLE, AgentState::LOGOUT]);
}

#[test]
fn clients_of_one_agent_or_phone_hear_of_it_alone() {
    let (mut centre, client) = signed_in();
    let by_agent = centre.open_with(agent_open_req("a", Some("2001"), None));
    let by_phone = centre.open_with(agent_open_req("b", None, Some("3001")));
    let other = centre.open_with(agent_open_req("c", None, Some("3002")));
    let out = centre.send(client, state_req("2001", AgentState::AVAILABLE, 0));
    for listener in [by_agent, by_phone] {
        let told = events(&sent_to(&out, listener));
        assert_eq!((told.len(), told[0].monitor_id), (1, listener.0));
    }
    assert!(sent_to(&out, other).is_empty());
    // At the sign-out the phone's client still hears it.
    centre.set(client, "2001", AgentState::NOT_READY, 0);
    let out = centre.send(client, state_req("2001", AgentState::LOGOUT, 0));
    assert_eq!(events(&sent_to(&out, by_phone)).len(), 1);
}

#[test]
fn a_client_of_one_agent_controls_no_other() {
    let (mut centre, _) = signed_in();
    let own = centre.open_with(agent_open_req("a", Some("2001"), None));
    let stranger = centre.open_with(agent_open_req("b", Some("2002"), None));
    let ready = state_req("2001", AgentState::AVAILABLE, 0);
    assert_eq!(refusal(&centre.answer(stranger, ready.clone())), (8, 0));
    assert_eq!(names(&centre.ask(own, ready))[0], "SET_AGENT_STATE_CONF");
    let mut request = agent_open_req("s", Some("2100"), None);
    request.services_requested |= Services::SUPERVISOR;
    let supervisor = centre.open_with(request);
    let out = centre.ask(supervisor, state_req("2001", AgentState::NOT_READY, 999));
    assert_eq!(names(&out)[0], "SET_AGENT_STATE_CONF");
    let foreign = state_req("2050", AgentState::LOGOUT, 999);
    assert_eq!(refusal(&centre.answer(supervisor, foreign)), (8, 0));
}

#[test]
fn every_change_is_traced_even_when_nobody_listens() {
    let mut centre = Centre::new();
    let services = Services::CLIENT_CONTROL | Services::CLIENT_EVENTS;
    let mut request = agent_open_req("a", Some("2001"), None);
    request.services_requested = services;
    request.agent_state_mask = AgentStateMask::NONE;
    let client = centre.open_with(request);
    let mut request = state_req("2001", AgentState::LOGIN, 0);
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    let out = centre.send(client, request);
    assert_eq!(names(&sent_to(&out, client)), ["SET_AGENT_STATE_CONF"]);
    let traces = out
        .iter()
        .filter(|o| matches!(o, Output::Trace(Trace::AgentEvent(_))))
        .count();
    assert_eq!(traces, 2);
}

#[test]
fn a_supervisor_forces_agents_of_own_teams_only() {
    let (mut centre, client) = signed_in();
    let forced = |agent: &str, by: &str| {
        let mut request = state_req(agent, AgentState::NOT_READY, 0);
        request.floats.push_text(Tag::SUPERVISOR_ID, by);
        request
    };
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let told = events(&centre.ask(client, forced("2001", "2100")));
    assert_eq!(told[0].event_reason_code, 999);
    for (agent, by) in [("2001", "2002"), ("2050", "2100"), ("2001", "nobody")] {
        let refused = centre.answer(client, forced(agent, by));
        assert_eq!(refusal(&refused), (8, 0), "{by} of {agent}");
    }
}

#[test]
fn a_supervisors_own_client_forces_without_saying_so() {
    let (mut centre, client) = signed_in();
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let mut request = agent_open_req("s", Some("2100"), None);
    request.services_requested |= Services::SUPERVISOR;
    let supervisor = centre.open_with(request);
    let out = centre.send(supervisor, state_req("2001", AgentState::LOGOUT, 0));
    let told = events(&sent_to(&out, client));
    assert_eq!(
        (told[0].agent_state, told[0].event_reason_code),
        (AgentState::LOGOUT, 999)
    );
}

#[test]
fn an_agent_cannot_give_the_systems_reasons() {
    let (mut centre, client) = signed_in();
    let own = centre.open_with(agent_open_req("a", Some("2001"), None));
    for reason in [255, 999, 20003, 50002, 32767] {
        let request = state_req("2001", AgentState::NOT_READY, reason);
        assert_eq!(refusal(&centre.answer(own, request)), (266, 0), "{reason}");
    }
    // Nor sign out from READY as if forced.
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let logout = state_req("2001", AgentState::LOGOUT, 999);
    assert_eq!(refusal(&centre.answer(own, logout)), (265, 10112));
}

#[test]
fn wrap_up_cannot_be_asked_for_without_a_call() {
    let (mut centre, client) = signed_in();
    for state in [AgentState::WORK_READY, AgentState::WORK_NOT_READY] {
        let request = state_req("2001", state, 0);
        assert_eq!(refusal(&centre.answer(client, request)), (265, 10108));
    }
}
