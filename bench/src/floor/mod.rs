//! A busy centre on virtual time, and everything that it is told: inputs to measure the acd with.
//!
//! Callers, phones and agents act on what the machine says, so the inputs are those of real work. They are recorded in
//! one run and measured in another: a machine in the same state says the same to the same inputs.

mod centre;
mod people;

use std::net::{Ipv4Addr, SocketAddr};

use tact_acd::fabric::Fabric as _;
use tact_acd::phones::{Rate, SimulatedPhones, Span, Traffic};
use tact_acd::{Acd, ClientId, Input, Output};
use tact_ged188::{AgentState, Message};

pub use centre::{PERIPHERAL, QUEUES, QUEUES_AN_AGENT, centre, dialed, extension, id};
pub use people::set_state;

use people::People;

/// The session that hears of everything, as a desktop server's does.
const DESK: ClientId = ClientId(1);
/// Milliseconds since 1970 at which everything begins.
const START: i64 = 1_700_000_000_000;
/// Calls an hour and agent: with these habits about nine of ten agents are busy.
const CALLS_AN_AGENT: u32 = 14;

/// How the agents reach the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    /// All through one session, which also hears of everything: a desktop server.
    One,
    /// Each through an own CLIENT_CONTROL session, beside one that hears of everything.
    Each,
}

/// OPEN_REQ of the session that hears of everything.
pub fn desk_open_req(sessions: Sessions) -> Message {
    people::open_req(None, sessions)
}

/// Something the machine is told, and when.
pub type Told = (i64, Input);

/// A centre at work.
pub struct Floor {
    /// The machine.
    pub acd: Acd,
    phones: SimulatedPhones,
    people: People,
    sessions: Sessions,
    now: i64,
    out: Vec<Output>,
    record: Option<Vec<Told>>,
}

impl Floor {
    /// So many agents are signed in, nobody calls yet.
    pub fn new(agents: usize, sessions: Sessions) -> Floor {
        let mut floor = Floor {
            acd: Acd::new(centre(agents), START),
            phones: SimulatedPhones::new(1, START),
            people: People::new(2, agents),
            sessions,
            now: START,
            out: Vec::new(),
            record: None,
        };
        let own_sessions = match sessions {
            Sessions::One => 0,
            Sessions::Each => agents,
        };
        for client in (DESK.0..).take(1 + own_sessions) {
            let client = ClientId(client);
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
            floor.step(Input::Connected { client, address });
            let agent = Self::agent_of(client);
            floor.say(client, people::open_req(agent, sessions));
        }
        for agent in 0..agents {
            floor.ask(agent, set_state(agent, AgentState::LOGIN));
        }
        floor
    }

    /// People begin to call.
    pub fn open_the_lines(&mut self) {
        let agents = u32::try_from(self.acd.agents().count()).unwrap_or(u32::MAX);
        let traffic = Traffic {
            rate: Rate::constant(agents.saturating_mul(CALLS_AN_AGENT)),
            dialed: (0..QUEUES).map(|n| (dialed(n).into(), 1)).collect(),
            talk: Span::LogNormal {
                mean_ms: 180_000,
                sigma_permille: 800,
            },
            patience: Some(Span::Exponential { mean_ms: 120_000 }),
            hold_patience: None,
            redial_permille: 300,
            redial_after: Span::Exponential { mean_ms: 60_000 },
            profiles: centre::callers(),
        };
        self.phones.receive(self.now, traffic);
    }

    /// Works for so many milliseconds of virtual time.
    pub fn work(&mut self, ms: i64) {
        let end = self.now + ms;
        while self.happen(end) {}
        self.now = end;
    }

    /// Works until the machine was told so many things; these.
    pub fn record(&mut self, inputs: usize) -> Vec<Told> {
        self.record = Some(Vec::with_capacity(inputs + 1));
        while self.record.as_ref().is_some_and(|it| it.len() < inputs) && self.happen(i64::MAX) {}
        self.record.take().unwrap_or_default()
    }

    /// Requests that were refused so far; a few cross with what they are about.
    pub fn refused(&self) -> u64 {
        self.people.refused
    }

    /// Milliseconds of virtual time so far.
    pub fn elapsed(&self) -> i64 {
        self.now - START
    }

    /// The next thing that is due by `end`; whether there was one.
    fn happen(&mut self, end: i64) -> bool {
        let due = [
            self.acd.next_due(),
            self.phones.next_due(),
            self.people.next_due(),
        ];
        let Some(due) = due.into_iter().flatten().min().filter(|due| *due <= end) else {
            return false;
        };
        self.now = self.now.max(due);
        if self.acd.next_due().is_some_and(|due| due <= self.now) {
            self.step(Input::Tick);
        } else if let Some(event) = self.phones.poll(self.now) {
            self.step(Input::Fabric(event));
        } else if let Some((agent, request)) = self.people.poll(self.now) {
            self.ask(agent, request);
        }
        true
    }

    /// An agent's request, through the session that it comes by.
    fn ask(&mut self, agent: usize, request: Message) {
        let client = match self.sessions {
            Sessions::One => DESK,
            Sessions::Each => ClientId(DESK.0 + 1 + u32::try_from(agent).unwrap_or(u32::MAX)),
        };
        self.say(client, request);
    }

    fn agent_of(client: ClientId) -> Option<usize> {
        usize::try_from(client.0).ok()?.checked_sub(2)
    }

    fn say(&mut self, client: ClientId, message: Message) {
        self.step(Input::Message { client, message });
    }

    fn step(&mut self, input: Input) {
        if let Some(record) = &mut self.record {
            record.push((self.now, input.clone()));
        }
        let mut out = std::mem::take(&mut self.out);
        self.acd.handle(self.now, input, &mut out);
        for output in out.drain(..) {
            match output {
                Output::Fabric(command) => self.phones.command(self.now, command),
                // What an agent's own session hears beside its confirmations, the desk hears too.
                Output::Send { to, message }
                    if to.contains(&DESK) || message.invoke_id().is_some() =>
                {
                    self.people.hear(self.now, &message);
                }
                _ => {}
            }
        }
        self.out = out;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_do_all_that_is_measured_and_are_seldom_refused() {
        let mut floor = Floor::new(600, Sessions::One);
        let away = floor.acd.agents().filter(|it| it.extension.is_none());
        assert_eq!(away.count(), 0);
        floor.open_the_lines();
        floor.work(600_000);
        let told = floor.record(20_000);
        assert_eq!(told.len(), 20_000);
        for wanted in [
            "SET_AGENT_STATE_REQ",
            "ANSWER_CALL_REQ",
            "HOLD_CALL_REQ",
            "RETRIEVE_CALL_REQ",
            "CONSULTATION_CALL_REQ",
            "TRANSFER_CALL_REQ",
            "CLEAR_CONNECTION_REQ",
            "SET_CALL_DATA_REQ",
        ] {
            let said = |input: &Input| matches!(input, Input::Message { message, .. } if message.name() == wanted);
            assert!(told.iter().any(|(_, input)| said(input)), "{wanted}");
        }
        let refused = floor.refused();
        assert!(refused * 50 < 20_000, "{refused} requests were refused");
    }
}
