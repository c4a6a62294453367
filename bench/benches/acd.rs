//! Agent state steps a second on one core: 10,000 agents of 15 queues each in turn READY and NOT_READY, one client that
//! hears of everyone. A step is one request with its confirmation and its event. Real work is in `acd_load`.
//! To beat: 500,000.

use std::net::{Ipv4Addr, SocketAddr};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tact_acd::{Acd, ClientId, Input, Output};
use tact_bench::floor::{Sessions, centre, desk_open_req, set_state};
use tact_ged188::{AgentState, Message};

const AGENTS: usize = 10_000;
const CLIENT: ClientId = ClientId(1);

/// A machine in which everyone is signed in.
fn signed_in() -> Acd {
    let mut acd = Acd::new(centre(AGENTS), 0);
    let mut out = Vec::new();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let connected = Input::Connected {
        client: CLIENT,
        address,
    };
    acd.handle(0, connected, &mut out);
    let logins = (0..AGENTS).map(|agent| set_state(agent, AgentState::LOGIN));
    for message in std::iter::once(desk_open_req(Sessions::One)).chain(logins) {
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
    group.throughput(Throughput::Elements(AGENTS as u64));
    group.bench_function("state steps", |bencher| {
        bencher.iter_batched(
            || {
                let round: Vec<Message> =
                    (0..AGENTS).map(|agent| set_state(agent, state)).collect();
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
