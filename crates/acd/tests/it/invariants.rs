//! What holds whatever is sent, in any order, by several clients (acd-and-telephony 3.6: I-1, I-21, I-26, I-29).

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use proptest::collection::vec;
use proptest::prelude::*;
use tact_acd::config::RemoteAgent;
use tact_acd::dialer::Contact;
use tact_acd::transitions::{TABLE, Then};
use tact_acd::{Acd, ClientId, Input, Malformed, Output, Trace};
use tact_ged188::{
    AgentState, AgentWorkMode, CloseReq, ConfigMask, ConfigRequestEvent, HeartbeatReq, Message,
    MonitorAgentTeamStartReq, MonitorStartReq, MonitorStopReq, Protocol, QueryAgentStateReq,
    QueryAgentStatisticsReq, Services, SessionMonitorStartReq, SessionMonitorStopReq, Tag, Unknown,
    UserMessageReq, encode,
};

use crate::harness::{agent_open_req, centre, login_req, open_req, state_req};

/// One thing that happens after some milliseconds.
pub(crate) type Step = (i64, Input);

fn client() -> impl Strategy<Value = ClientId> {
    (1_u32..4).prop_map(ClientId)
}

fn agent_id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["2001", "2002", "2003", "2050", "2100", "9999", ""])
}

fn extension() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["3001", "3002", "3003", "9999", "3001;555", ""])
}

fn message() -> impl Strategy<Value = Message> {
    let state = prop_oneof![4 => 0_u16..4, 1 => any::<u16>()].prop_map(AgentState);
    let reason = prop::sample::select(vec![0_u16, 7, 255, 999]);
    prop_oneof![
        2 => (any::<bool>(), 8_u32..27).prop_map(|(all, version)| {
            let mut request = open_req();
            request.version_number = version;
            if all {
                request.services_requested |= Services::IGNORE_DUPLICATE_AGENT_EVENTS
                    | Services::PERIPHERAL_MONITOR
                    | Services::CLIENT_MONITOR;
            }
            request.into()
        }),
        1 => (agent_id(), extension()).prop_map(|(agent, extension)| {
            agent_open_req("one", Some(agent), Some(extension)).into()
        }),
        6 => (agent_id(), extension(), 0_u16..5).prop_map(|(agent, extension, mode)| {
            let mut request = login_req(agent, extension);
            request.agent_work_mode = AgentWorkMode(mode);
            request.into()
        }),
        8 => (agent_id(), state, reason).prop_map(|(agent, state, reason)| {
            state_req(agent, state, reason).into()
        }),
        1 => (any::<i32>(), agent_id()).prop_map(|(icm_agent_id, agent)| {
            let mut request = QueryAgentStateReq { icm_agent_id, peripheral_id: 5000, ..Default::default() };
            request.floats.push_text(Tag::AGENT_ID, agent);
            request.into()
        }),
        1 => (0_u32..0x800).prop_map(|mask| {
            let config_information = ConfigMask(mask);
            ConfigRequestEvent { config_information, peripheral_id: 5000, ..Default::default() }.into()
        }),
        1 => (4999_u32..5003).prop_map(|team_id| {
            MonitorAgentTeamStartReq { team_id, ..Default::default() }.into()
        }),
        1 => (extension(), any::<bool>(), any::<u32>()).prop_map(|(extension, call, mask)| {
            let mut request = MonitorStartReq { peripheral_id: 5000, ..Default::default() };
            request.agent_state_mask.0 = mask & 0x7fff;
            request.connection_device_id_type.0 = if call { 0 } else { u16::MAX };
            request.floats.push_text(Tag::MONITORED_DEVID, extension);
            request.into()
        }),
        1 => (0_u32..5).prop_map(|session_id| {
            SessionMonitorStartReq { session_id, ..Default::default() }.into()
        }),
        1 => (0x8000_0000_u32..0x8000_0010, any::<bool>()).prop_map(|(monitor_id, session)| {
            if session {
                SessionMonitorStopReq { monitor_id, ..Default::default() }.into()
            } else {
                MonitorStopReq { monitor_id, ..Default::default() }.into()
            }
        }),
        1 => (0_u16..5, agent_id()).prop_map(|(distribution, agent)| {
            let mut request = UserMessageReq { peripheral_id: 5000, ..Default::default() };
            request.distribution.0 = distribution;
            request.floats.push_text(Tag::CLIENT_ID, "desk");
            request.floats.push_text(Tag::AGENT_ID, agent);
            request.floats.push_text(Tag::TEXT, "text");
            request.into()
        }),
        1 => agent_id().prop_map(|agent| {
            let mut request = QueryAgentStatisticsReq { peripheral_id: 5000, ..Default::default() };
            request.floats.push_text(Tag::AGENT_ID, agent);
            request.into()
        }),
        1 => Just(HeartbeatReq::default().into()),
        1 => Just(CloseReq::default().into()),
        1 => (any::<u32>(), vec(any::<u8>(), 0..16)).prop_map(|(message_type, body)| {
            Message::Unknown(Unknown { message_type, body })
        }),
    ]
}

fn malformed() -> impl Strategy<Value = Malformed> {
    prop_oneof![
        any::<u64>().prop_map(|announced| Malformed::TooLong { announced }),
        (any::<u32>(), any::<Option<u32>>()).prop_map(|(message_type, invoke_id)| {
            Malformed::Body {
                message_type,
                invoke_id,
                offset: 8,
            }
        }),
        (any::<u32>(), any::<u32>())
            .prop_map(|(invoke_id, version)| Malformed::Version { invoke_id, version }),
        any::<usize>().prop_map(|received| Malformed::Cut { received }),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let input = prop_oneof![
        30 => (client(), message()).prop_map(|(client, message)| Input::Message { client, message }),
        3 => client().prop_map(move |client| Input::Connected { client, address }),
        1 => client().prop_map(|client| Input::Disconnected { client }),
        1 => (client(), malformed()).prop_map(|(client, kind)| Input::Malformed { client, kind }),
        1 => (100_u32..104).prop_map(|queue| {
            Input::Preview(Contact { queue, number: "5550101".into(), ..Contact::default() })
        }),
        2 => Just(Input::Tick),
    ];
    (prop_oneof![9 => 0_i64..2000, 1 => 0_i64..40_000], input)
}

/// Connects and opens, so that most of what follows is not refused for lack of a session.
pub(crate) fn prologue() -> Vec<Step> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    (1..4)
        .map(ClientId)
        .flat_map(|client| {
            let message = Message::from(open_req());
            [
                (0, Input::Connected { client, address }),
                (0, Input::Message { client, message }),
            ]
        })
        .collect()
}

/// I-21: no two agents at one extension; signed in exactly when not in LOGOUT.
pub(crate) fn check_ownership(acd: &Acd) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for agent in acd.agents() {
        let signed_in = agent.state != AgentState::LOGOUT;
        assert_eq!(agent.extension.is_some(), signed_in, "{agent:?}");
        if let Some(extension) = agent.extension {
            assert_eq!(
                owners.insert(extension, agent.id),
                None,
                "two agents at {extension}"
            );
        }
    }
}

/// I-1: each agent's events are a path in the table, told or traced alike.
pub(crate) fn check_path(states: &mut BTreeMap<String, AgentState>, out: &[Output]) {
    for output in out {
        let Output::Trace(Trace::AgentEvent(message)) = output else {
            continue;
        };
        let Message::AgentStateEvent(event) = message.as_ref() else {
            panic!("{message:?}");
        };
        let id = event.floats.text(Tag::AGENT_ID).unwrap().into_owned();
        let from = states.entry(id).or_insert(AgentState::LOGOUT);
        let to = event.agent_state;
        let allowed = match (*from, to) {
            (AgentState::LOGOUT, AgentState::LOGIN)
            | (AgentState::LOGIN, AgentState::NOT_READY) => true,
            (from, to) => {
                let rows = TABLE.iter().filter(|row| row.from.wire() == from);
                rows.into_iter().any(|row| match row.then {
                    Then::Go(state, _) => state.wire() == to,
                    Then::Keep | Then::Pend(..) => from == to,
                    _ => false,
                })
            }
        };
        assert!(allowed, "{from:?} to {to:?}");
        *from = to;
    }
}

/// How many answers a request has that carry its InvokeID; `None` for what is no request.
pub(crate) fn answers(input: &Input, out: &[Output]) -> Option<usize> {
    let Input::Message { client, message } = input else {
        return None;
    };
    let invoke_id = message.invoke_id()?;
    let answers = out.iter().filter(|output| match output {
        Output::Send { to, message } => {
            to.contains(client) && message.invoke_id() == Some(invoke_id)
        }
        _ => false,
    });
    Some(answers.count())
}

fn run(steps: &[Step]) -> Vec<Output> {
    let mut config = centre();
    for settings in &mut config.desk_settings {
        settings.remote_agent = RemoteAgent::CallByCall;
    }
    let mut acd = Acd::new(config, 0);
    let mut now = 0;
    let mut all = Vec::new();
    let mut states = BTreeMap::new();
    let mut connected = std::collections::BTreeSet::new();
    for (delay, input) in prologue().iter().chain(steps) {
        now += delay;
        let mut out = Vec::new();
        acd.handle(now, input.clone(), &mut out);
        match input {
            Input::Connected { client, .. } => {
                connected.insert(*client);
            }
            Input::Message { client, message } if connected.contains(client) => {
                // I-29.
                let answers = answers(input, &out);
                assert!(
                    answers.is_none_or(|answers| answers <= 1),
                    "{message:?} was answered {answers:?} times"
                );
                let to_it =
                    |o: &Output| matches!(o, Output::Send { to, .. } if to.contains(client));
                assert!(out.iter().any(to_it), "{message:?} was not answered");
            }
            _ => {}
        }
        for output in &out {
            match output {
                Output::Send { to, message } => {
                    assert!(!to.is_empty());
                    assert!(
                        to.iter().all(|client| connected.contains(client)),
                        "sent to nobody"
                    );
                    encode(message, Protocol::OLDEST, &mut Vec::new()).unwrap();
                }
                Output::Close { client, .. } => assert!(connected.remove(client)),
                _ => {}
            }
        }
        if let Input::Disconnected { client } = input {
            connected.remove(client);
        }
        assert_eq!(acd.clients(), connected.len());
        check_ownership(&acd);
        check_path(&mut states, &out);
        for agent in acd.agents() {
            let told = states.get(agent.id).copied().unwrap_or(AgentState::LOGOUT);
            assert_eq!(
                told, agent.state,
                "the events and the machine disagree about {}",
                agent.id
            );
        }
        if let Input::Tick = input {
            assert!(
                acd.next_due().is_none_or(|due| due > now),
                "due things were left undone"
            );
        }
        all.append(&mut out);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_is_sent(steps in vec(step(), 0..120)) {
        let once = run(&steps);
        // I-26: the same inputs give the same outputs.
        prop_assert_eq!(once, run(&steps));
    }

    #[test]
    fn the_fuzz_target_takes_anything(data in vec(any::<u8>(), 0..400)) {
        tact_acd::fuzz::acd(&data);
    }
}
