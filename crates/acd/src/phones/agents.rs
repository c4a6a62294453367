//! Agents without desktops: they sign in, answer what rings, wrap up and are ready again.
//!
//! They speak GED-188 as a CTI client, so the machine is driven through its one path. What they want to
//! say is polled like a fabric's events; what the client is sent is heard with [`SimulatedAgents::hear`].

use std::collections::BTreeMap;

use tact_ged188::{
    AgentState, AnswerCallReq, CallDeliveredEvent, ConnectionDeviceIdType, LocalConnectionState,
    Message, OpenReq, Services, SetAgentStateReq, Tag,
};

use super::random::{Random, Span};

/// IdleTimeout of a session that may be silent for ever.
const NO_IDLE_TIMEOUT: u32 = 0xffff_ffff;
/// Everything that is told of calls and agents up to protocol 22.
const ALL_CALLS: u32 = 0x0fff_ffff;
const ALL_STATES: u32 = 0x3fff;

/// Who sits where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seat {
    /// AgentID.
    pub agent: Box<str>,
    /// The extension.
    pub extension: Box<str>,
}

/// How the agents work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    /// How long it rings before an agent answers.
    pub answer_after: Span,
    /// How long wrap-up takes, where the centre has the agent wrap up.
    pub wrap_up: Span,
    /// How long an agent who was made NOT_READY, such as after a call that was not answered, stays so.
    pub pause: Span,
}

impl Default for Habits {
    /// Answers at once, wraps up at once, is ready again at once.
    fn default() -> Self {
        Self {
            answer_after: Span::Fixed(0),
            wrap_up: Span::Fixed(0),
            pause: Span::Fixed(0),
        }
    }
}

/// One CTI client that works for many agents.
#[derive(Debug, Clone)]
pub struct SimulatedAgents {
    peripheral_id: u32,
    habits: Habits,
    random: Random,
    /// Where each agent sits, by agent id.
    seats: BTreeMap<Box<str>, Box<str>>,
    /// The extensions of our agents.
    extensions: BTreeMap<Box<str>, Box<str>>,
    /// What each agent does next, if anything.
    plans: BTreeMap<Box<str>, Key>,
    due: BTreeMap<Key, Plan>,
    last_key: u64,
    last_invoke_id: u32,
}

type Key = (i64, u64);

#[derive(Debug, Clone)]
enum Plan {
    Open,
    SignIn(Box<str>),
    Ready(Box<str>),
    Answer(Box<str>, u32),
}

impl SimulatedAgents {
    /// They open their session and sign in at `now` (milliseconds since 1970).
    pub fn new(seed: u64, now: i64, peripheral_id: u32, seats: Vec<Seat>, habits: Habits) -> Self {
        let both = seats
            .iter()
            .map(|seat| (seat.agent.clone(), seat.extension.clone()));
        let mut agents = Self {
            peripheral_id,
            habits,
            random: Random::new(seed),
            seats: both.clone().collect(),
            extensions: both.map(|(agent, extension)| (extension, agent)).collect(),
            plans: BTreeMap::new(),
            due: BTreeMap::new(),
            last_key: 0,
            last_invoke_id: 0,
        };
        agents.put(now, Plan::Open);
        agents
    }

    /// The client was sent something.
    pub fn hear(&mut self, now: i64, message: &Message) {
        match message {
            Message::OpenConf(_) => {
                let agents: Vec<Box<str>> = self.seats.keys().cloned().collect();
                for agent in agents {
                    self.put(now, Plan::SignIn(agent));
                }
            }
            Message::AgentStateEvent(event) => {
                let Some(agent) = event.floats.text(Tag::AGENT_ID) else {
                    return;
                };
                let span = match event.agent_state {
                    AgentState::NOT_READY => self.habits.pause,
                    AgentState::WORK_READY | AgentState::WORK_NOT_READY => self.habits.wrap_up,
                    AgentState::AVAILABLE | AgentState::TALKING | AgentState::LOGOUT => {
                        return self.plan(&agent, None);
                    }
                    // RESERVED and HOLD change nothing of what was planned.
                    _ => return,
                };
                let at = now.saturating_add(span.draw(&mut self.random));
                self.plan(&agent, Some((at, Plan::Ready(agent.as_ref().into()))));
            }
            Message::CallDeliveredEvent(event) => self.rings(now, event),
            _ => {}
        }
    }

    /// What the client says next, if it is due by `now`.
    pub fn poll(&mut self, now: i64) -> Option<Message> {
        let first = self.due.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let plan = first.remove();
        self.last_invoke_id = self.last_invoke_id.wrapping_add(1);
        Some(self.say(plan))
    }

    /// When [`SimulatedAgents::poll`] has something next, in milliseconds since 1970.
    pub fn next_due(&self) -> Option<i64> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    fn rings(&mut self, now: i64, event: &CallDeliveredEvent) {
        // Delivered at the far end is not for us to answer.
        if event.local_connection_state != LocalConnectionState::ALERTING {
            return;
        }
        let extension = event.floats.text(Tag::ALERTING_DEVID).unwrap_or_default();
        let Some(agent) = self.extensions.get(extension.as_ref()).cloned() else {
            return;
        };
        let at = now.saturating_add(self.habits.answer_after.draw(&mut self.random));
        let plan = Plan::Answer(agent.clone(), event.connection_call_id);
        self.plan(&agent, Some((at, plan)));
    }

    /// What one of our agents does next, instead of what was planned.
    fn plan(&mut self, agent: &str, plan: Option<(i64, Plan)>) {
        if !self.seats.contains_key(agent) {
            return;
        }
        if let Some(key) = self.plans.remove(agent) {
            self.due.remove(&key);
        }
        if let Some((at, plan)) = plan {
            let key = self.put(at, plan);
            self.plans.insert(agent.into(), key);
        }
    }

    fn put(&mut self, at: i64, plan: Plan) -> Key {
        self.last_key += 1;
        let key = (at, self.last_key);
        self.due.insert(key, plan);
        key
    }

    fn say(&mut self, plan: Plan) -> Message {
        let (invoke_id, peripheral_id) = (self.last_invoke_id, self.peripheral_id);
        match plan {
            Plan::Open => {
                let mut request = OpenReq {
                    invoke_id,
                    version_number: 24,
                    idle_timeout: NO_IDLE_TIMEOUT,
                    peripheral_id,
                    services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
                    ..OpenReq::default()
                };
                request.call_msg_mask.0 = ALL_CALLS;
                request.agent_state_mask.0 = ALL_STATES;
                request.floats.push_text(Tag::CLIENT_ID, "agents");
                request.floats.push_text(Tag::CLIENT_SIGNATURE, "Simulated");
                request.into()
            }
            Plan::SignIn(agent) => self.set_state(&agent, AgentState::LOGIN).into(),
            Plan::Ready(agent) => self.set_state(&agent, AgentState::AVAILABLE).into(),
            Plan::Answer(agent, call) => {
                let mut request = AnswerCallReq {
                    invoke_id,
                    peripheral_id,
                    connection_call_id: call,
                    connection_device_id_type: ConnectionDeviceIdType::STATIC,
                    ..AnswerCallReq::default()
                };
                let extension = self.seats.get(&agent).map_or("", |seat| seat);
                request.floats.push_text(Tag::CONNECTION_DEVID, extension);
                request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
                request.into()
            }
        }
    }

    fn set_state(&self, agent: &str, state: AgentState) -> SetAgentStateReq {
        let mut request = SetAgentStateReq {
            invoke_id: self.last_invoke_id,
            peripheral_id: self.peripheral_id,
            agent_state: state,
            ..SetAgentStateReq::default()
        };
        let extension = self.seats.get(agent).map_or("", |seat| seat);
        request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        request.floats.push_text(Tag::AGENT_ID, agent);
        request
    }
}
