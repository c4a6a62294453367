//! Who has to hear what, and how long it took.
//!
//! Each request is written down with the event that it causes and how many sessions have to hear it; `order` looks
//! at what they hear and in which order, `report` says what came of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use tact_ged188::{AgentState, Message, Tag};
use tact_load::measure::Waits;
use tokio::net::TcpStream;

use crate::order::Order;

/// An agent and the phone.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) extension: String,
}

/// Which session heard something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Hearer {
    All(usize),
    Agent(usize),
}

/// An event that a request causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Awaited {
    /// AGENT_STATE_EVENT of an agent in a state.
    State(usize, AgentState),
    /// CALL_ESTABLISHED_EVENT of a call.
    Established(u32),
    /// CALL_CLEARED_EVENT of a call.
    Cleared(u32),
}

/// Which waits an event counts among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From a request to its event.
    Event,
    /// From MAKE_CALL_REQ to TALKING, with the taker's answer in between.
    Call,
}

struct Sent {
    at: Instant,
    kind: Kind,
    /// Sessions that have not heard yet.
    missing: usize,
}

/// Everything that is written down.
pub(crate) struct Book {
    people: Vec<Person>,
    by_id: HashMap<String, usize>,
    by_extension: HashMap<String, usize>,
    /// ALL_EVENTS sessions that read.
    all: usize,
    pub(crate) state: RefCell<State>,
}

pub(crate) struct State {
    streams: Vec<Rc<TcpStream>>,
    sent: HashMap<Awaited, Sent>,
    pub(crate) order: Order,
    /// Of ALL_EVENTS sessions, then of agents'.
    pub(crate) waits: [Waits; 2],
    pub(crate) call_waits: Waits,
    pub(crate) requests: u64,
    pub(crate) refused: Vec<String>,
    pub(crate) ended: Vec<String>,
    pub(crate) stalled: Vec<(&'static str, Rc<TcpStream>)>,
}

impl Book {
    /// Nothing yet. The last agent's session stalls, as one ALL_EVENTS session beside the `all` does.
    pub(crate) fn new(people: &[Person], all: usize) -> Book {
        let by = |name: fn(&Person) -> &String| {
            let numbered = people.iter().enumerate();
            numbered
                .map(|(number, it)| (name(it).clone(), number))
                .collect()
        };
        Book {
            by_id: by(|it| &it.id),
            by_extension: by(|it| &it.extension),
            people: people.to_vec(),
            all,
            state: RefCell::new(State {
                streams: Vec::new(),
                sent: HashMap::new(),
                order: Order::new(all, people.len()),
                waits: [Waits::new(), Waits::new()],
                call_waits: Waits::new(),
                requests: 0,
                refused: Vec::new(),
                ended: Vec::new(),
                stalled: Vec::new(),
            }),
        }
    }

    /// ALL_EVENTS sessions that read.
    pub(crate) fn all(&self) -> usize {
        self.all
    }

    /// Agents whose sessions read.
    pub(crate) fn agents(&self) -> usize {
        self.people.len() - 1
    }

    pub(crate) fn person(&self, agent: usize) -> Option<&Person> {
        self.people.get(agent)
    }

    /// The agent at an extension.
    pub(crate) fn at_extension(&self, message: &Message, tag: Tag) -> Option<usize> {
        let extension = message.floats()?.text(tag)?;
        self.by_extension.get(&*extension).copied()
    }

    pub(crate) fn add_agent(&self, stream: Rc<TcpStream>) {
        self.state.borrow_mut().streams.push(stream);
    }

    pub(crate) fn add_stalled(&self, stream: Rc<TcpStream>, kind: &'static str) {
        self.state.borrow_mut().stalled.push((kind, stream));
    }

    pub(crate) fn stream(&self, agent: usize) -> Option<Rc<TcpStream>> {
        self.state.borrow().streams.get(agent).cloned()
    }

    /// Events that some session has not heard.
    pub(crate) fn open(&self) -> usize {
        self.state.borrow().sent.len()
    }

    /// A request that was sent `at` causes an event, which every ALL_EVENTS session and so many agents' hear.
    pub(crate) fn awaits(&self, awaited: Awaited, kind: Kind, at: Instant, agents: usize) {
        let missing = self.all + agents;
        let mut state = self.state.borrow_mut();
        state.requests += u64::from(kind == Kind::Event);
        state.sent.insert(awaited, Sent { at, kind, missing });
    }

    /// Sign-ins are not measured.
    pub(crate) fn forget_waits(&self) {
        let mut state = self.state.borrow_mut();
        state.waits = [Waits::new(), Waits::new()];
        state.requests = 0;
    }

    /// A session heard a message.
    pub(crate) fn heard(&self, hearer: Hearer, message: &Message) {
        let mut state = self.state.borrow_mut();
        let awaited = match message {
            Message::AgentStateEvent(event) => {
                let id = event.floats.text(Tag::AGENT_ID);
                let agent = id.and_then(|id| self.by_id.get(&*id)).copied();
                let Some(agent) = agent else {
                    state.order.wrong += 1;
                    return;
                };
                state.order.of_agent(hearer, agent, message);
                Awaited::State(agent, event.agent_state)
            }
            Message::FailureConf(_) | Message::ControlFailureConf(_) | Message::FailureEvent(_) => {
                state.refused.push(format!("{hearer:?}: {message:?}"));
                return;
            }
            _ if message.invoke_id().is_some() => return,
            other => {
                state.order.of_call(hearer, other);
                match other {
                    Message::CallEstablishedEvent(event) => {
                        Awaited::Established(event.connection_call_id)
                    }
                    Message::CallClearedEvent(event) => Awaited::Cleared(event.connection_call_id),
                    _ => return,
                }
            }
        };
        state.through(hearer, awaited);
    }

    /// A session ended that should not have.
    pub(crate) fn ended(&self, hearer: Hearer, error: &anyhow::Error) {
        let mut state = self.state.borrow_mut();
        state.ended.push(format!("{hearer:?}: {error}"));
    }
}

impl State {
    /// Measures an event that a request caused.
    fn through(&mut self, hearer: Hearer, awaited: Awaited) {
        let Some(sent) = self.sent.get_mut(&awaited) else {
            return;
        };
        let waited = sent.at.elapsed();
        let kind = sent.kind;
        sent.missing -= 1;
        if sent.missing == 0 {
            self.sent.remove(&awaited);
        }
        match (kind, hearer) {
            (Kind::Call, _) => self.call_waits.record(waited),
            (Kind::Event, Hearer::All(_)) => self.waits[0].record(waited),
            (Kind::Event, Hearer::Agent(_)) => self.waits[1].record(waited),
        }
    }
}
