//! Any call events in any order: nothing panics, dialogs stay whole, POST and DELETE are balanced for
//! each agent and dialog, and each accepted request ends exactly once.

use proptest::prelude::*;
use tact_desk::fuzz::{Outcomes, call_action};
use tact_desk::{Action, Input, Request};
use tact_ged188::*;

use crate::calls::*;
use crate::scene::*;
use crate::wire::*;

const DEVICES: [&str; 6] = ["3001", "3002", "3100", CALLER, "9999", ""];
const AGENTS: [(&str, &str); 3] = [("2001", "3001"), ("2002", "3002"), ("2100", "3100")];

/// One thing that may happen in a centre full of calls.
#[derive(Debug, Clone)]
enum Happening {
    Event {
        kind: u8,
        call: u32,
        at: usize,
        other: usize,
        more: u32,
    },
    State {
        agent: usize,
        state: u16,
        moved: bool,
    },
    Request {
        agent: usize,
        action: u8,
        call: u32,
    },
    Confirm {
        back: u32,
        kind: u8,
        call: u32,
    },
    Refuse {
        back: u32,
        failure: u16,
    },
    Wait(i64),
    Restart {
        found: u32,
    },
}

/// Few calls, so that events meet.
fn call() -> impl Strategy<Value = u32> {
    prop_oneof![12 => C1..C1 + 4, 1 => Just(0), 1 => Just(u32::MAX)]
}

fn happening() -> impl Strategy<Value = Happening> {
    let device = 0..DEVICES.len();
    prop_oneof![
        20 => (0..19u8, call(), device.clone(), device, call())
            .prop_map(|(kind, call, at, other, more)| Happening::Event { kind, call, at, other, more }),
        3 => (0..3usize, 0..11u16, any::<bool>())
            .prop_map(|(agent, state, moved)| Happening::State { agent, state, moved }),
        8 => (0..3usize, 0..15u8, call())
            .prop_map(|(agent, action, call)| Happening::Request { agent, action, call }),
        8 => (0..4u32, 0..9u8, call())
            .prop_map(|(back, kind, call)| Happening::Confirm { back, kind, call }),
        2 => (0..4u32, prop_oneof![Just(0u16), Just(4), Just(22)])
            .prop_map(|(back, failure)| Happening::Refuse { back, failure }),
        2 => (0..20_000i64).prop_map(Happening::Wait),
        1 => call().prop_map(|found| Happening::Restart { found }),
    ]
}

fn event(kind: u8, call: u32, at: &str, other: &str, more: u32) -> Message {
    let types = [
        CallType::PREROUTE_ACD_IN,
        CallType::CONSULT,
        CallType::SUPERVISOR_MONITOR,
        CallType::RESERVATION_PREVIEW,
    ];
    let call_type = types[more as usize % types.len()];
    match kind {
        0 => begin(call, call_type, at).into(),
        1 => queued(call, at, other, 7).into(),
        2 => dequeued(call, at).into(),
        3 | 4 => delivered(call, at, other, at).into(),
        5 | 6 => established(call, at, other, at).into(),
        7 => held(call, at).into(),
        8 => retrieved(call, at).into(),
        9 => service_initiated(call, at, Some(more)).into(),
        10 => originated(call, at, other).into(),
        11 => reached_network(call, at, other).into(),
        12 => failed(call, at, other, EventCause::BUSY).into(),
        13 => cleared(call, at).into(),
        14 => call_cleared(call, at).into(),
        15 => end(call, at).into(),
        16 => diverted(call, at, other).into(),
        17 => match more % 4 {
            0 => transferred(call, more, at, other, &[]).into(),
            1 => transferred(call, more, at, other, &[other, "3100"]).into(),
            2 => conferenced(call, more, at, other, &[]).into(),
            _ => conferenced(more, call, at, other, &[at, other, CALLER]).into(),
        },
        _ => {
            let mut update = data_update(call, more, at, call_type);
            update
                .floats
                .push_bytes(Tag::NAMED_VARIABLE, b"BAResponse\0Accept\0");
            update.floats.push_text(
                Tag::CALL_VAR_1,
                if more.is_multiple_of(2) { "x" } else { "y" },
            );
            update.into()
        }
    }
}

fn confirmation(kind: u8, invoke_id: u32, call: u32) -> Message {
    match kind {
        0 => AnswerCallConf {
            invoke_id,
            ..Default::default()
        }
        .into(),
        1 => HoldCallConf {
            invoke_id,
            ..Default::default()
        }
        .into(),
        2 => MakeCallConf {
            invoke_id,
            new_connection_call_id: call,
            ..Default::default()
        }
        .into(),
        3 => TransferCallConf {
            invoke_id,
            new_connection_call_id: call,
            ..Default::default()
        }
        .into(),
        4 => SetCallDataConf {
            invoke_id,
            ..Default::default()
        }
        .into(),
        5 => SendDtmfSignalConf {
            invoke_id,
            ..Default::default()
        }
        .into(),
        6 => SuperviseCallConf {
            invoke_id,
            connection_call_id: call,
            ..Default::default()
        }
        .into(),
        7 => SnapshotCallConf {
            invoke_id,
            ..snapshot(
                call,
                CallType::AGENT_INSIDE,
                &[
                    ("3001", LocalConnectionState::CONNECT),
                    ("3002", LocalConnectionState::ALERTING),
                ],
            )
        }
        .into(),
        _ => SnapshotDeviceConf {
            invoke_id,
            ..Default::default()
        }
        .into(),
    }
}

proptest! {
    #[test]
    fn dialogs_stay_whole_and_requests_end_once(happenings in prop::collection::vec(happening(), 0..150)) {
        let mut scene = centre();
        let mut outcomes = Outcomes::default();
        for (number, happening) in happenings.into_iter().enumerate() {
            let input = match happening {
                Happening::Event { kind, call, at, other, more } => {
                    Input::Cti(event(kind, call, DEVICES[at], DEVICES[other], more))
                }
                Happening::State { agent, state, moved } => {
                    let (id, place) = AGENTS[agent];
                    let place = if moved { AGENTS[(agent + 1) % 3].1 } else { place };
                    Input::Cti(state_event(id, AgentState(state), 0, place).into())
                }
                Happening::Request { agent, action, call } => {
                    let (id, place) = AGENTS[agent];
                    Input::Request(Request {
                        by: id.to_owned(),
                        agent: id.to_owned(),
                        action: Action::Call(call_action(action, call, place)),
                        request_id: Some(number.to_string()),
                    })
                }
                Happening::Confirm { back, kind, call } => {
                    Input::Cti(confirmation(kind, scene.invoke.saturating_sub(back), call))
                }
                Happening::Refuse { back, failure } => Input::Cti(
                    ControlFailureConf {
                        invoke_id: scene.invoke.saturating_sub(back),
                        failure_code: ControlFailure(failure),
                        ..Default::default()
                    }
                    .into(),
                ),
                Happening::Wait(ms) => {
                    scene.now += ms;
                    Input::Tick
                }
                Happening::Restart { found } => {
                    let down = Input::LinkDown { reason: String::new() };
                    outcomes.feed(&mut scene.desk, scene.now, down);
                    scene.calls_at = vec![("2001", found), ("2002", C1)];
                    scene.snapshots = vec![(C1, snapshot(
                        C1,
                        CallType::AGENT_INSIDE,
                        &[("2001", LocalConnectionState::HOLD), ("2002", LocalConnectionState::CONNECT)],
                    ))];
                    for output in scene.outputs_of_service(&["2001", "2002"]) {
                        outcomes.note(&output);
                    }
                    Input::Tick
                }
            };
            let out = outcomes.feed(&mut scene.desk, scene.now, input);
            scene.remember(&out);
        }
        outcomes.feed(&mut scene.desk, scene.now, Input::LinkDown { reason: String::new() });
        outcomes.check();
    }
}
