//! What the agents do: answer, hold, consult, transfer, note data, wrap up, pause.
//!
//! Each knows what comes next for it; chance follows from a seed.

use std::collections::BTreeMap;

use tact_acd::phones::{Random, Span};
use tact_ged188::{
    AgentState, AnswerCallReq, ClearConnectionReq, ConnectionDeviceIdType, ConsultationCallReq,
    Floats, HoldCallReq, LocalConnectionState, Message, OpenReq, QueryAgentStateReq,
    RetrieveCallReq, Services, SetAgentStateReq, SetCallDataReq, Tag, TransferCallReq,
};

use super::Sessions;
use super::centre::{PERIPHERAL, extension, id};

const ANSWER: Span = Span::Uniform {
    from_ms: 1000,
    to_ms: 5000,
};
const WRAP_UP: Span = Span::Exponential { mean_ms: 20_000 };
const PAUSE: Span = Span::Exponential { mean_ms: 60_000 };
/// How long an agent goes on with something before the next request.
const WHILE: Span = Span::Uniform {
    from_ms: 3000,
    to_ms: 20_000,
};
/// A consultation that nobody answers is given up after this.
const PATIENCE_MS: i64 = 15_000;
/// Who is consulted when no colleague was found free.
const OUTSIDE: &str = "5559901";

// Of 1,000, how often: a call that rings is left to ring; one that is answered is noted, put on hold, passed on, ended by
// the agent; a wrap-up ends in a pause; an agent who becomes ready has the own state asked for.
const LEFT_TO_RING: u32 = 10;
const NOTED: u32 = 300;
const HELD: u32 = 200;
const CONSULTED: u32 = 100;
const ENDED: u32 = 50;
const PAUSED: u32 = 100;
const ASKED: u32 = 100;

type Key = (i64, u64);

#[derive(Debug, Clone, Copy)]
enum Plan {
    State(AgentState),
    Ask,
    Answer(u32),
    Note(u32),
    Hold(u32),
    Retrieve(u32),
    Consult(u32),
    /// The held call, the consultation.
    Transfer(u32, u32),
    /// Gives the consultation up.
    GiveUp(u32),
    End(u32),
}

#[derive(Debug, Clone, Copy)]
struct Agent {
    state: AgentState,
    /// The call that came first.
    call: u32,
    consultation: Option<u32>,
    next: Option<Key>,
}

/// All agents.
pub(super) struct People {
    random: Random,
    agents: Vec<Agent>,
    by_id: BTreeMap<String, usize>,
    by_extension: BTreeMap<String, usize>,
    /// Who consults in which call.
    consulting: BTreeMap<u32, usize>,
    due: BTreeMap<Key, (usize, Plan)>,
    last_key: u64,
    pub(super) refused: u64,
}

impl People {
    pub(super) fn new(seed: u64, agents: usize) -> People {
        let nobody = Agent {
            state: AgentState::LOGOUT,
            call: 0,
            consultation: None,
            next: None,
        };
        People {
            random: Random::new(seed),
            agents: vec![nobody; agents],
            by_id: (0..agents).map(|agent| (id(agent), agent)).collect(),
            by_extension: (0..agents).map(|agent| (extension(agent), agent)).collect(),
            consulting: BTreeMap::new(),
            due: BTreeMap::new(),
            last_key: 0,
            refused: 0,
        }
    }

    pub(super) fn next_due(&self) -> Option<i64> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// What somebody asks for next, if it is due by `now`.
    pub(super) fn poll(&mut self, now: i64) -> Option<(usize, Message)> {
        let first = self.due.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let (agent, plan) = first.remove();
        if let Some(known) = self.agents.get_mut(agent) {
            known.next = None;
        }
        let request = self.request(agent, plan);
        self.and_then(now, agent, plan);
        Some((agent, request))
    }

    /// What is told to those who hear everything, and confirmations.
    pub(super) fn hear(&mut self, now: i64, message: &Message) {
        match message {
            Message::AgentStateEvent(event) => {
                let agent = number(&self.by_id, &event.floats, Tag::AGENT_ID);
                if let Some(agent) = agent {
                    self.changed(now, agent, event.agent_state);
                }
            }
            Message::CallDeliveredEvent(event)
                if event.local_connection_state == LocalConnectionState::ALERTING =>
            {
                let agent = number(&self.by_extension, &event.floats, Tag::ALERTING_DEVID);
                if let Some(agent) = agent
                    && !self.random.chance(LEFT_TO_RING)
                {
                    let plan = Plan::Answer(event.connection_call_id);
                    self.plan(now, agent, ANSWER, plan);
                }
            }
            Message::CallEstablishedEvent(event) => {
                let call = event.connection_call_id;
                if let Some(agent) = self.consulting.get(&call).copied() {
                    if let Some(held) = self.agents.get(agent).map(|it| it.call) {
                        self.plan(now, agent, WHILE, Plan::Transfer(held, call));
                    }
                } else if let Some(agent) =
                    number(&self.by_extension, &event.floats, Tag::ANSWERING_DEVID)
                {
                    self.talks(now, agent, call);
                }
            }
            Message::ConsultationCallConf(conf) => {
                let agent = usize::try_from(conf.invoke_id).unwrap_or(usize::MAX);
                let call = conf.new_connection_call_id;
                if let Some(known) = self.agents.get_mut(agent) {
                    known.consultation = Some(call);
                    self.consulting.insert(call, agent);
                    let patience = Span::Fixed(PATIENCE_MS);
                    self.plan(now, agent, patience, Plan::GiveUp(call));
                }
            }
            Message::CallClearedEvent(event) => {
                // A consultation that ended before it was passed on.
                let call = event.connection_call_id;
                if let Some(agent) = self.consulting.remove(&call)
                    && let Some(known) = self.agents.get_mut(agent)
                    && known.consultation.take() == Some(call)
                {
                    let held = known.call;
                    self.plan(now, agent, Span::Fixed(500), Plan::Retrieve(held));
                }
            }
            Message::ControlFailureConf(_) | Message::FailureConf(_) => self.refused += 1,
            _ => {}
        }
    }

    fn changed(&mut self, now: i64, agent: usize, state: AgentState) {
        let Some(known) = self.agents.get_mut(agent) else {
            return;
        };
        let before = std::mem::replace(&mut known.state, state);
        if before == state {
            return;
        }
        let again = Plan::State(AgentState::AVAILABLE);
        match state {
            AgentState::NOT_READY => self.plan(now, agent, PAUSE, again),
            AgentState::WORK_READY | AgentState::WORK_NOT_READY => {
                self.over(agent);
                let next = if self.random.chance(PAUSED) {
                    Plan::State(AgentState::NOT_READY)
                } else {
                    again
                };
                self.plan(now, agent, WRAP_UP, next);
            }
            AgentState::AVAILABLE => {
                self.over(agent);
                self.forget(agent);
                if self.random.chance(ASKED) {
                    self.plan(now, agent, WHILE, Plan::Ask);
                }
            }
            _ => {}
        }
    }

    /// An agent talks to a caller.
    fn talks(&mut self, now: i64, agent: usize, call: u32) {
        if let Some(known) = self.agents.get_mut(agent) {
            known.call = call;
        }
        let plan = match self.random.below(1000) as u32 {
            it if it < NOTED => Plan::Note(call),
            it if it < NOTED + HELD => Plan::Hold(call),
            it if it < NOTED + HELD + CONSULTED => Plan::Consult(call),
            it if it < NOTED + HELD + CONSULTED + ENDED => Plan::End(call),
            _ => return self.forget(agent),
        };
        self.plan(now, agent, WHILE, plan);
    }

    /// What follows on a request at once, without waiting for what it brings.
    fn and_then(&mut self, now: i64, agent: usize, plan: Plan) {
        match plan {
            Plan::Hold(call) => self.plan(now, agent, WHILE, Plan::Retrieve(call)),
            Plan::Transfer(_, call) => {
                self.consulting.remove(&call);
                if let Some(known) = self.agents.get_mut(agent) {
                    known.consultation = None;
                }
            }
            _ => {}
        }
    }

    /// The agent's calls are over.
    fn over(&mut self, agent: usize) {
        if let Some(known) = self.agents.get_mut(agent)
            && let Some(call) = known.consultation.take()
        {
            self.consulting.remove(&call);
        }
    }

    fn forget(&mut self, agent: usize) {
        if let Some(key) = self.agents.get_mut(agent).and_then(|it| it.next.take()) {
            self.due.remove(&key);
        }
    }

    /// What an agent does next, instead of what was planned.
    fn plan(&mut self, now: i64, agent: usize, after: Span, plan: Plan) {
        self.forget(agent);
        self.last_key += 1;
        let key = (now + after.draw(&mut self.random), self.last_key);
        if let Some(known) = self.agents.get_mut(agent) {
            known.next = Some(key);
            self.due.insert(key, (agent, plan));
        }
    }

    /// A colleague who is free, mostly; somebody outside otherwise.
    fn whom_to_consult(&mut self) -> String {
        for _ in 0..8 {
            let colleague = self.random.below(self.agents.len() as u64) as usize;
            let free = |it: &Agent| it.state == AgentState::AVAILABLE;
            if self.agents.get(colleague).is_some_and(free) {
                return extension(colleague);
            }
        }
        OUTSIDE.into()
    }

    fn request(&mut self, agent: usize, plan: Plan) -> Message {
        let invoke_id = invoke_id(agent);
        let at = |tag| Floats::new().with_text(tag, &extension(agent));
        let (peripheral_id, phone) = (PERIPHERAL, ConnectionDeviceIdType::STATIC);
        match plan {
            Plan::State(state) => set_state(agent, state),
            Plan::Ask => QueryAgentStateReq {
                invoke_id,
                peripheral_id,
                mrd_id: 1,
                floats: Floats::new().with_text(Tag::AGENT_ID, &id(agent)),
                ..Default::default()
            }
            .into(),
            Plan::Answer(call) => AnswerCallReq {
                invoke_id,
                peripheral_id,
                connection_call_id: call,
                connection_device_id_type: phone,
                floats: at(Tag::CONNECTION_DEVID)
                    .with_text(Tag::AGENT_INSTRUMENT, &extension(agent)),
            }
            .into(),
            Plan::Note(call) => SetCallDataReq {
                invoke_id,
                peripheral_id,
                connection_call_id: call,
                connection_device_id_type: phone,
                floats: at(Tag::CONNECTION_DEVID).with_text(Tag::CALL_VAR_3, "noted"),
                ..Default::default()
            }
            .into(),
            Plan::Hold(call) => HoldCallReq {
                invoke_id,
                peripheral_id,
                connection_call_id: call,
                connection_device_id_type: phone,
                floats: at(Tag::CONNECTION_DEVID),
                ..Default::default()
            }
            .into(),
            Plan::Retrieve(call) => RetrieveCallReq {
                invoke_id,
                peripheral_id,
                held_connection_call_id: call,
                held_connection_device_id_type: phone,
                floats: at(Tag::HELD_CONN_DEVID),
            }
            .into(),
            Plan::Consult(call) => ConsultationCallReq {
                invoke_id,
                peripheral_id,
                active_connection_call_id: call,
                active_connection_device_id_type: phone,
                floats: at(Tag::ACTIVE_CONN_DEVID)
                    .with_text(Tag::DIALED_NUMBER, &self.whom_to_consult()),
                ..Default::default()
            }
            .into(),
            Plan::Transfer(held, call) => TransferCallReq {
                invoke_id,
                peripheral_id,
                active_connection_call_id: call,
                active_connection_device_id_type: phone,
                held_connection_call_id: held,
                held_connection_device_id_type: phone,
                floats: at(Tag::ACTIVE_CONN_DEVID)
                    .with_text(Tag::HELD_CONN_DEVID, &extension(agent)),
                ..Default::default()
            }
            .into(),
            Plan::GiveUp(call) | Plan::End(call) => ClearConnectionReq {
                invoke_id,
                peripheral_id,
                connection_call_id: call,
                connection_device_id_type: phone,
                floats: at(Tag::CONNECTION_DEVID),
            }
            .into(),
        }
    }
}

/// OPEN_REQ of the session that hears of everything, or of an agent's.
pub(super) fn open_req(agent: Option<usize>, sessions: Sessions) -> Message {
    let services = match (agent, sessions) {
        (Some(_), _) => Services::CLIENT_EVENTS | Services::CLIENT_CONTROL,
        (None, Sessions::One) => Services::ALL_EVENTS | Services::CLIENT_CONTROL,
        (None, Sessions::Each) => Services::ALL_EVENTS,
    };
    let mut open = OpenReq {
        invoke_id: 1,
        version_number: 24,
        idle_timeout: u32::MAX,
        peripheral_id: PERIPHERAL,
        services_requested: services,
        ..OpenReq::default()
    };
    open.call_msg_mask.0 = 0x0fff_ffff;
    open.agent_state_mask.0 = 0x3fff;
    let client = match agent {
        Some(agent) => {
            open.floats.push_text(Tag::AGENT_ID, &id(agent));
            open.floats
                .push_text(Tag::AGENT_INSTRUMENT, &extension(agent));
            format!("agent {agent}")
        }
        None => "desk".into(),
    };
    open.floats.push_text(Tag::CLIENT_ID, &client);
    open.into()
}

/// SET_AGENT_STATE_REQ of an agent at the own extension.
pub fn set_state(agent: usize, state: AgentState) -> Message {
    let mut request = SetAgentStateReq {
        invoke_id: invoke_id(agent),
        peripheral_id: PERIPHERAL,
        agent_state: state,
        event_reason_code: u16::from(state == AgentState::NOT_READY),
        ..SetAgentStateReq::default()
    };
    request.floats.push_text(Tag::AGENT_ID, &id(agent));
    request
        .floats
        .push_text(Tag::AGENT_INSTRUMENT, &extension(agent));
    request.into()
}

/// Says whose request it was.
fn invoke_id(agent: usize) -> u32 {
    u32::try_from(agent).unwrap_or(u32::MAX)
}

fn number(names: &BTreeMap<String, usize>, floats: &Floats, tag: Tag) -> Option<usize> {
    names.get(&*floats.text(tag)?).copied()
}
