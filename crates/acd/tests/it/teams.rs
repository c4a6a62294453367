//! Teams: told unasked, listed, monitored (ged188 3.3, 3.7, 5.2).

use tact_acd::Config;
use tact_acd::config::{AgentConfig, TeamConfig};
use tact_ged188::{
    AgentState, AgentTeamConfigEvent, CallMask, ListAgentTeamReq, Message,
    MonitorAgentTeamStartReq, MonitorAgentTeamStopReq, OpenReq, Services, Tag,
};

use crate::harness::{
    Centre, PERIPHERAL, agent_open_req, events, names, open_req, sent_to, state_req, status,
};

fn teams(messages: &[Message]) -> Vec<AgentTeamConfigEvent> {
    messages
        .iter()
        .filter_map(|message| match message {
            Message::AgentTeamConfigEvent(event) => Some(event.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn members_and_supervisors_with_their_states() {
    let mut centre = Centre::new();
    let first = centre.open();
    centre.sign_in(first, "2001", "3001");
    centre.now += 2000;
    let client = centre.connect();
    let told = teams(&centre.ask(client, open_req()));
    assert_eq!(told.len(), 2);
    assert_eq!(
        (
            told[0].peripheral_id,
            told[0].team_id,
            told[0].number_of_agents
        ),
        (PERIPHERAL, 5000, 4)
    );
    let floats = &told[0].floats;
    assert_eq!(floats.text(Tag::AGENT_TEAM_NAME).as_deref(), Some("Sales"));
    let ids: Vec<_> = floats
        .all(Tag::ATC_AGENT_ID)
        .map(tact_ged188::text)
        .collect();
    assert_eq!(ids, ["2100", "2001", "2002", "2003"]);
    let numbers = |tag| -> Vec<u32> { floats.all(tag).filter_map(tact_ged188::number).collect() };
    assert_eq!(numbers(Tag::AGENT_FLAGS), [1, 0, 0, 0]);
    assert_eq!(numbers(Tag::ATC_AGENT_STATE), [1, 2, 1, 1]);
    assert_eq!(numbers(Tag::ATC_STATE_DURATION), [2, 2, 2, 2]);
}

#[test]
fn only_who_supervises_and_wants_to_is_told() {
    let mut centre = Centre::new();
    let quiet = [
        OpenReq {
            services_requested: Services::ALL_EVENTS,
            ..open_req()
        },
        OpenReq {
            call_msg_mask: CallMask::NONE,
            ..open_req()
        },
        agent_open_req("a", Some("2001"), None),
    ];
    for request in quiet {
        let client = centre.connect();
        assert!(teams(&centre.ask(client, request)).is_empty());
    }
    let mut own = agent_open_req("s", Some("2100"), None);
    own.services_requested |= Services::SUPERVISOR;
    let client = centre.connect();
    let told = teams(&centre.ask(client, own));
    assert_eq!(
        told.iter().map(|team| team.team_id).collect::<Vec<_>>(),
        [5000]
    );
}

#[test]
fn a_large_team_comes_in_parts_of_64() {
    let agents = (0..130).map(|n| AgentConfig {
        id: format!("{}", 1000 + n),
        icm_agent_id: 1000 + n,
        team_id: Some(1),
        ..Default::default()
    });
    let team = TeamConfig {
        id: 1,
        name: "Large".into(),
        supervisors: Vec::new(),
    };
    let config = Config {
        agents: agents.collect(),
        teams: vec![team],
        ..Config::new(PERIPHERAL)
    };
    let mut centre = Centre::of(config);
    let client = centre.connect();
    let told = teams(&centre.ask(client, open_req()));
    let counts: Vec<_> = told.iter().map(|part| part.number_of_agents).collect();
    assert_eq!(counts, [64, 64, 2]);
}

#[test]
fn the_teams_of_a_supervisor() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut list = |supervisor_id| {
        let request = ListAgentTeamReq {
            invoke_id: 1,
            supervisor_id,
            ..Default::default()
        };
        centre.answer(client, request)
    };
    match list(5100) {
        Message::ListAgentTeamConf(conf) => {
            assert_eq!((conf.number_of_agent_teams, conf.more), (1, 0));
            assert_eq!(conf.floats.u32(Tag::LIST_TEAM_ID), Some(5000));
        }
        other => panic!("{other:?}"),
    }
    match list(5001) {
        Message::ListAgentTeamConf(conf) => assert_eq!(conf.number_of_agent_teams, 0),
        other => panic!("{other:?}"),
    }
    assert_eq!(status(&list(1)), 64);
}

#[test]
fn a_team_monitor_hears_its_team_until_it_stops() {
    let mut centre = Centre::new();
    let all = centre.open();
    centre.sign_in(all, "2001", "3001");
    let mut request = agent_open_req("s", Some("2100"), None);
    request.services_requested |= Services::SUPERVISOR;
    let client = centre.open_with(request);
    let start = |team_id| MonitorAgentTeamStartReq {
        invoke_id: 1,
        team_id,
        ..Default::default()
    };
    let monitor_id = match centre.answer(client, start(5000)) {
        Message::MonitorAgentTeamStartConf(conf) => conf.monitor_id,
        other => panic!("{other:?}"),
    };
    assert_eq!(status(&centre.answer(client, start(5000))), 83);
    assert_eq!(status(&centre.answer(client, start(1))), 65);
    let out = centre.send(all, state_req("2001", AgentState::AVAILABLE, 0));
    let told = events(&sent_to(&out, client));
    assert_eq!((told.len(), told[0].monitor_id), (1, monitor_id));
    let stop = MonitorAgentTeamStopReq {
        invoke_id: 2,
        monitor_id,
        ..Default::default()
    };
    assert_eq!(
        names(&centre.ask(client, stop.clone())),
        ["MONITOR_AGENT_TEAM_STOP_CONF"]
    );
    assert_eq!(status(&centre.answer(client, stop)), 55);
    let out = centre.send(all, state_req("2001", AgentState::NOT_READY, 0));
    assert!(sent_to(&out, client).is_empty());
    let plain = centre.open_with(agent_open_req("a", Some("2002"), None));
    assert_eq!(status(&centre.answer(plain, start(5000))), 12);
}
