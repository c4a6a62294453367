//! Fuzz targets: any bytes from a CTI server, any order of inputs, and the rules that hold through all of it.

use std::collections::BTreeMap;

use tact_ged188::{AgentState, Protocol, decode, frame_len};

use crate::{Action, Config, Desk, Input, Output, Publish, Request, Side};

/// Reads the data as a conversation: an opcode byte, then what it needs. Checks that nothing
/// panics and that each accepted request has exactly one outcome in the end.
pub fn conversation(data: &[u8]) {
    let config = Config {
        protocol: Protocol::NEWEST,
        ..Config::default()
    };
    let protocol = config.protocol;
    let mut desk = Desk::new(config);
    let mut outcomes = Outcomes::default();
    let mut now = 0;
    let mut rest = data;
    while let Some((&opcode, mut tail)) = rest.split_first() {
        let input = match opcode {
            0..=1 => Input::LinkUp {
                side: if opcode == 0 { Side::A } else { Side::B },
            },
            2 => Input::LinkDown {
                reason: String::new(),
            },
            3..=12 => {
                let agent = if opcode % 2 == 0 { "2001" } else { "2002" };
                outcomes.next += 1;
                Input::Request(Request {
                    by: agent.to_owned(),
                    agent: agent.to_owned(),
                    action: match opcode / 3 {
                        1 => Action::SignIn {
                            extension: "2003".to_owned(),
                            mobile: None,
                        },
                        2 => Action::SignOut { reason: None },
                        3 => Action::SetState {
                            state: AgentState::NOT_READY,
                            reason: Some(7),
                        },
                        _ => Action::SetState {
                            state: AgentState::AVAILABLE,
                            reason: None,
                        },
                    },
                    request_id: Some(outcomes.next.to_string()),
                })
            }
            13 | 14 => Input::Presence {
                agent: "2001".to_owned(),
                available: opcode == 13,
            },
            15 => {
                now += desk.next_due().map_or(1, |due| (due - now).max(1));
                Input::Tick
            }
            _ => {
                let Ok(Some(len)) = frame_len(tail) else {
                    break;
                };
                let Some((frame, after)) = tail.split_at_checked(len) else {
                    break;
                };
                tail = after;
                match decode(frame, protocol) {
                    Ok(message) => Input::Cti(message),
                    Err(_) => Input::Tick,
                }
            }
        };
        rest = tail;
        outcomes.feed(&mut desk, now, input);
    }
    outcomes.feed(
        &mut desk,
        now,
        Input::LinkDown {
            reason: String::new(),
        },
    );
    outcomes.check();
}

/// Accepted requests and what became of them.
#[derive(Debug, Default)]
pub struct Outcomes {
    next: u64,
    ended: BTreeMap<String, u32>,
}

impl Outcomes {
    /// Hands an input to the desk and counts. What came out.
    pub fn feed(&mut self, desk: &mut Desk, now: i64, input: Input) -> Vec<Output> {
        let request = match &input {
            Input::Request(request) => request.request_id.clone(),
            _ => None,
        };
        let mut out = Vec::new();
        let accepted = desk.handle(now, input, &mut out).is_ok();
        if let (true, Some(id)) = (accepted, request) {
            self.ended.insert(id, 0);
        }
        let mut silent = false;
        for output in &out {
            match output {
                Output::Disconnect { .. } => silent = true,
                Output::Send(_) => assert!(!silent, "sends after giving the connection up"),
                Output::Publish(
                    Publish::User {
                        request_id: Some(id),
                        ..
                    }
                    | Publish::UserError {
                        request_id: Some(id),
                        ..
                    },
                ) => *self.ended.entry(id.clone()).or_insert(0) += 1,
                _ => {}
            }
        }
        out
    }

    /// Each accepted request has ended exactly once, and nothing else has (I-24).
    pub fn check(&self) {
        for (id, times) in &self.ended {
            assert_eq!(*times, 1, "request {id} ended {times} times");
        }
    }
}
