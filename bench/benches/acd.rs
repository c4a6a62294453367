//! Agent state steps a second on one core: 10,000 agents in turn READY and NOT_READY, one client that
//! hears of everyone. A step is one request with its confirmation and its event. To beat: 500,000.

use std::net::{Ipv4Addr, SocketAddr};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tact_acd::config::{AgentConfig, SkillGroupConfig};
use tact_acd::{Acd, ClientId, Config, Input, Output};
use tact_ged188::{AgentState, Message, OpenReq, Services, SetAgentStateReq, Tag};

const AGENTS: u32 = 10_000;
const PERIPHERAL: u32 = 5000;
const CLIENT: ClientId = ClientId(1);

fn centre() -> Config {
    let number = |n: u32| (100_000 + n).to_string();
    Config {
        agents: (0..AGENTS)
            .map(|n| AgentConfig {
                id: number(n),
                icm_agent_id: n + 1,
                skill_groups: vec![1],
                ..AgentConfig::default()
            })
            .collect(),
        extensions: (0..AGENTS).map(number).collect(),
        skill_groups: vec![SkillGroupConfig {
            number: 1,
            id: 5001,
            name: "Sales".into(),
        }],
        ..Config::new(PERIPHERAL)
    }
}

fn request(agent: u32, state: AgentState) -> Message {
    let mut request = SetAgentStateReq {
        invoke_id: agent,
        peripheral_id: PERIPHERAL,
        agent_state: state,
        ..SetAgentStateReq::default()
    };
    let id = (100_000 + agent).to_string();
    request.floats.push_text(Tag::AGENT_ID, &id);
    request.floats.push_text(Tag::AGENT_INSTRUMENT, &id);
    request.into()
}

/// A machine in which everyone is signed in.
fn signed_in() -> Acd {
    let mut acd = Acd::new(centre(), 0);
    let mut out = Vec::new();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let connected = Input::Connected {
        client: CLIENT,
        address,
    };
    acd.handle(0, connected, &mut out);
    let mut open = OpenReq {
        version_number: 24,
        idle_timeout: u32::MAX,
        peripheral_id: PERIPHERAL,
        services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
        ..OpenReq::default()
    };
    open.agent_state_mask.0 = 0x3fff;
    open.floats.push_text(Tag::CLIENT_ID, "bench");
    let logins = (0..AGENTS).map(|agent| request(agent, AgentState::LOGIN));
    for message in std::iter::once(open.into()).chain(logins) {
        let input = Input::Message {
            client: CLIENT,
            message,
        };
        acd.handle(0, input, &mut out);
    }
    let away = acd
        .agents()
        .filter(|agent| agent.extension.is_none())
        .count();
    assert_eq!(away, 0, "everyone is signed in");
    acd
}

fn steps(criterion: &mut Criterion) {
    let mut acd = signed_in();
    let mut out: Vec<Output> = Vec::new();
    let mut now = 0;
    let mut state = AgentState::AVAILABLE;
    let mut group = criterion.benchmark_group("acd");
    group.throughput(Throughput::Elements(AGENTS.into()));
    group.bench_function("state steps", |bencher| {
        bencher.iter_batched(
            || {
                let round: Vec<Message> = (0..AGENTS).map(|agent| request(agent, state)).collect();
                state = if state == AgentState::AVAILABLE {
                    AgentState::NOT_READY
                } else {
                    AgentState::AVAILABLE
                };
                round
            },
            |round| {
                now += 1000;
                for message in round {
                    let input = Input::Message {
                        client: CLIENT,
                        message,
                    };
                    acd.handle(now, input, &mut out);
                    // Confirmation, event, trace.
                    assert_eq!(out.len(), 3);
                    out.clear();
                }
            },
            criterion::BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
