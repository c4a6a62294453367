//! Fuzz targets: any bytes from a CTI server, any order of inputs, and the rules that hold through all of it.

use std::collections::{BTreeMap, BTreeSet};

use tact_ged188::{AgentState, Protocol, decode, frame_len};

use crate::{
    Action, CallAction, Change, Config, Desk, Dialog, DialogState, Input, Output, PartyState,
    Publish, Request, Side, Variable,
};

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
                lost: (opcode != 13).then_some(crate::Loss {
                    channel: None,
                    noticed: crate::Noticed::Closed,
                }),
            },
            15 => {
                now += desk.next_due().map_or(1, |due| (due - now).max(1));
                Input::Tick
            }
            17..=31 => {
                let (call, after) = tail
                    .split_first()
                    .map_or((0, tail), |(call, after)| (*call, after));
                tail = after;
                outcomes.next += 1;
                Input::Request(Request {
                    by: "2001".to_owned(),
                    agent: "2001".to_owned(),
                    action: Action::Call(call_action(
                        opcode - 17,
                        FIRST_CALL + u32::from(call % 4),
                        "2003",
                    )),
                    request_id: Some(outcomes.next.to_string()),
                })
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

/// The lowest id of the calls that requests name.
pub const FIRST_CALL: u32 = 16_777_217;

/// One of the actions on a call, by a number.
pub fn call_action(number: u8, dialog: u32, own: &str) -> CallAction {
    let (address, to) = (own.to_owned(), "3002".to_owned());
    match number {
        0 => CallAction::Make {
            from: address,
            to,
            variables: Vec::new(),
        },
        1 => CallAction::Answer { dialog, address },
        2 => CallAction::Hold { dialog, address },
        3 => CallAction::Retrieve { dialog, address },
        4 => CallAction::Drop { dialog, address },
        5 => CallAction::Consult {
            dialog,
            address,
            to,
        },
        6 => CallAction::Transfer { dialog, address },
        7 => CallAction::Conference { dialog, address },
        8 => CallAction::TransferSst {
            dialog,
            address,
            to,
        },
        9 => CallAction::SendDtmf {
            dialog,
            address,
            digits: "1#".to_owned(),
        },
        10 => CallAction::Monitor { from: address, to },
        11 => CallAction::Barge {
            from: address,
            to,
            dialog,
        },
        12 => CallAction::DropParticipant {
            dialog,
            address: to,
        },
        13 => CallAction::Accept { dialog, address },
        _ => CallAction::UpdateCallData {
            dialog,
            address: None,
            variables: vec![Variable {
                name: "callVariable1".to_owned(),
                value: "x".to_owned(),
            }],
            wrap_up: None,
        },
    }
}

/// What clients see of a desk: accepted requests and what became of them, and the dialogs that
/// each agent was told of.
#[derive(Debug, Default)]
pub struct Outcomes {
    next: u64,
    ended: BTreeMap<String, u32>,
    /// Agents and their dialogs: posted and not deleted.
    posted: BTreeSet<(String, u32)>,
    /// Those of them that may be posted again, because the service changed.
    again: BTreeSet<(String, u32)>,
}

impl Outcomes {
    /// Hands an input to the desk and checks what comes out. What came out.
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
                output => self.note(output),
            }
        }
        if desk.service().in_service {
            self.compare(desk);
        }
        out
    }

    /// Takes in what came out of a desk that was fed by somebody else.
    pub fn note(&mut self, output: &Output) {
        if let Output::Publish(publish) = output {
            self.told(publish);
        }
    }

    /// Something was published.
    fn told(&mut self, publish: &Publish) {
        let request_id = match publish {
            Publish::User { request_id, .. }
            | Publish::UserError { request_id, .. }
            | Publish::DialogError { request_id, .. } => request_id,
            Publish::Dialogs {
                agent,
                event,
                dialog,
                request_id,
            } => {
                let pair = (agent.clone(), dialog.id);
                let again = self.again.remove(&pair);
                match event {
                    Change::Post => {
                        assert!(
                            self.posted.insert(pair) || again,
                            "posted twice: {publish:?}"
                        );
                        assert!(has(dialog, agent), "posted to a stranger: {publish:?}");
                    }
                    Change::Delete => {
                        assert!(self.posted.remove(&pair), "deleted before: {publish:?}");
                    }
                }
                check_dialog(dialog);
                request_id
            }
            Publish::Dialog {
                agent,
                dialog,
                request_id,
            } => {
                // Who only asked to have a party dropped hears of nothing but that.
                let known = self.posted.contains(&(agent.clone(), dialog.id));
                assert!(
                    known || request_id.is_some(),
                    "told a stranger: {publish:?}"
                );
                check_dialog(dialog);
                request_id
            }
            Publish::SystemInfo => {
                self.again = self.posted.clone();
                return;
            }
            Publish::Queue { .. } => return,
        };
        if let Some(id) = request_id {
            *self.ended.entry(id.clone()).or_insert(0) += 1;
        }
    }

    /// What agents were told is what the desk shows.
    fn compare(&self, desk: &Desk) {
        let shown: BTreeSet<(String, u32)> = desk
            .agents()
            .flat_map(|agent| {
                let dialogs = desk.dialogs_of(&agent.id);
                dialogs.map(|dialog| (agent.id.clone(), dialog.id))
            })
            .collect();
        assert_eq!(shown, self.posted, "what was told, and what is shown");
    }

    /// Each accepted request has ended exactly once, and nothing else has (I-24).
    pub fn check(&self) {
        for (id, times) in &self.ended {
            assert_eq!(*times, 1, "request {id} ended {times} times");
        }
    }
}

fn has(dialog: &Dialog, agent: &str) -> bool {
    dialog
        .participants
        .iter()
        .any(|party| party.agent.as_deref() == Some(agent))
}

/// A dialog that is told of is whole in itself.
fn check_dialog(dialog: &Dialog) {
    let parties = &dialog.participants;
    assert!(parties.len() <= 64, "too many parties: {dialog:?}");
    assert!(
        dialog.variables.len() <= 266,
        "too many variables: {dialog:?}"
    );
    let addresses: BTreeSet<&str> = parties.iter().map(|party| party.address.as_str()).collect();
    assert_eq!(addresses.len(), parties.len(), "a party twice: {dialog:?}");
    for party in parties {
        assert!(
            party.changed >= party.started,
            "changed before it came: {party:?}"
        );
        assert!(
            party.actions.is_sorted(),
            "actions without order: {party:?}"
        );
        let can_act = party.agent.is_some() && party.state != PartyState::Dropped;
        assert!(
            can_act || party.actions.is_empty(),
            "acts from nowhere: {party:?}"
        );
    }
    let connected = parties
        .iter()
        .any(|party| matches!(party.state, PartyState::Active | PartyState::Held));
    match dialog.state {
        DialogState::Active => assert!(connected, "active without a party: {dialog:?}"),
        DialogState::Dropped | DialogState::Failed | DialogState::Alerting => {
            assert!(!connected, "a party without a call: {dialog:?}");
        }
        _ => {}
    }
}
