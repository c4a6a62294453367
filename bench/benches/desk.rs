//! The desk: what one event and one whole sign-in cost with ten thousand agents.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tact_desk::{Action, Config, Desk, Input, Output, Request, Side};
use tact_ged188::{
    AgentDeskSettingsConf, AgentState, AgentStateEvent, ConfigAgentEvent, ConfigEndEvent,
    ConfigKeyEvent, Message, OpenConf, QueryAgentStateConf, Services, SetAgentStateConf, Tag,
};

/// Agents of the centre.
const AGENTS: u32 = 10_000;

/// A desk in service; every agent is signed out.
fn in_service() -> Desk {
    let mut desk = Desk::new(Config::default());
    let mut out = Vec::new();
    let feed = |desk: &mut Desk, input, out: &mut Vec<Output>| {
        assert!(desk.handle(0, input, out).is_ok());
    };
    feed(&mut desk, Input::LinkUp { side: Side::A }, &mut out);
    let conf = OpenConf {
        invoke_id: 1,
        services_granted: Services(0x021c_0096),
        ..OpenConf::default()
    };
    feed(&mut desk, Input::Cti(conf.into()), &mut out);
    feed(
        &mut desk,
        Input::Cti(ConfigKeyEvent::default().into()),
        &mut out,
    );
    for agent in 0..AGENTS {
        let mut record = ConfigAgentEvent {
            num_records: 1,
            ..ConfigAgentEvent::default()
        };
        record.floats.push_u16(Tag::RECORD_TYPE, 0);
        record.floats.push_text(Tag::LOGIN_ID, &id(agent));
        feed(&mut desk, Input::Cti(record.into()), &mut out);
    }
    out.clear();
    feed(
        &mut desk,
        Input::Cti(ConfigEndEvent::default().into()),
        &mut out,
    );
    while !desk.service().in_service {
        for output in std::mem::take(&mut out) {
            let answer: Message = match output {
                Output::Send(Message::QueryAgentStateReq(request)) => QueryAgentStateConf {
                    invoke_id: request.invoke_id,
                    agent_state: AgentState::LOGOUT,
                    ..QueryAgentStateConf::default()
                }
                .into(),
                Output::Send(Message::AgentDeskSettingsReq(request)) => AgentDeskSettingsConf {
                    invoke_id: request.invoke_id,
                    ..AgentDeskSettingsConf::default()
                }
                .into(),
                _ => continue,
            };
            feed(&mut desk, Input::Cti(answer), &mut out);
        }
    }
    desk
}

fn id(agent: u32) -> String {
    (20_000 + agent % AGENTS).to_string()
}

fn event(agent: u32, state: AgentState) -> Message {
    let mut event = AgentStateEvent {
        peripheral_id: 5000,
        agent_state: state,
        mrd_id: 1,
        ..AgentStateEvent::default()
    };
    event.floats.push_text(Tag::AGENT_ID, &id(agent));
    event.floats.push_text(Tag::AGENT_EXTENSION, &id(agent));
    event.into()
}

fn desk(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("desk");
    group.throughput(Throughput::Elements(1));
    let mut desk = in_service();
    let mut out = Vec::new();
    let mut number = 0u32;
    group.bench_function("agent_state_event", |bencher| {
        bencher.iter(|| {
            number = number.wrapping_add(1);
            let state = if (number / AGENTS).is_multiple_of(2) {
                AgentState::AVAILABLE
            } else {
                AgentState::NOT_READY
            };
            out.clear();
            assert!(
                desk.handle(0, Input::Cti(event(number, state)), &mut out)
                    .is_ok()
            );
            black_box(&out);
        });
    });
    let mut desk = in_service();
    group.bench_function("sign_in_and_out", |bencher| {
        bencher.iter(|| {
            number = number.wrapping_add(1);
            let sign_in = Action::SignIn {
                extension: id(number),
                mobile: None,
            };
            for (action, state) in [
                (sign_in, AgentState::NOT_READY),
                (Action::SignOut { reason: None }, AgentState::LOGOUT),
            ] {
                out.clear();
                let request = Request {
                    by: id(number),
                    agent: id(number),
                    action,
                    request_id: None,
                };
                assert!(desk.handle(0, Input::Request(request), &mut out).is_ok());
                for output in std::mem::take(&mut out) {
                    let answer: Message = match output {
                        Output::Send(Message::SetAgentStateReq(request)) => SetAgentStateConf {
                            invoke_id: request.invoke_id,
                            ..SetAgentStateConf::default()
                        }
                        .into(),
                        Output::Send(Message::AgentDeskSettingsReq(request)) => {
                            AgentDeskSettingsConf {
                                invoke_id: request.invoke_id,
                                ..AgentDeskSettingsConf::default()
                            }
                            .into()
                        }
                        _ => continue,
                    };
                    assert!(desk.handle(0, Input::Cti(answer), &mut out).is_ok());
                }
                assert!(
                    desk.handle(0, Input::Cti(event(number, state)), &mut out)
                        .is_ok()
                );
                black_box(&out);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, desk);
criterion_main!(benches);
