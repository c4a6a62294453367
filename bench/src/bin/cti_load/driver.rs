//! What the agents do: sign in, then go ready and not ready, or call each other through a queue.
//!
//! With calls every other agent makes them and the others take them. A call goes to a dialled number with a route; the
//! agent who gets it answers at once, the caller hangs up after a while, and the taker goes ready again.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tact_ged188::{
    AgentState, AnswerCallReq, ClearConnectionReq, ConnectionDeviceIdType, MakeCallReq, Message,
    SetAgentStateReq, Tag,
};

use crate::book::{Awaited, Book, Hearer, Kind};
use crate::session::{PERIPHERAL, send};

/// How often what is due is sent.
const BEAT: Duration = Duration::from_millis(5);
/// Requests on their way while everyone signs in.
const SIGN_INS_AT_A_TIME: usize = 50;
/// How long the last events are awaited.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long caller and taker talk.
const TALK: Duration = Duration::from_millis(500);
/// The number that callers dial.
const DIALED: &str = "8000";

/// What the agents are up to.
pub(crate) struct Driver {
    book: Rc<Book>,
    /// Whether they call each other.
    calls: bool,
    /// Agents who may be asked to do something next.
    idle: RefCell<VecDeque<usize>>,
    /// When each caller's present call was made.
    made: RefCell<HashMap<usize, Instant>>,
}

impl Driver {
    pub(crate) fn new(book: Rc<Book>, calls: bool) -> Driver {
        Driver {
            book,
            calls,
            idle: RefCell::default(),
            made: RefCell::default(),
        }
    }

    /// Signs everyone in whose session reads.
    pub(crate) async fn sign_in(&self) -> Result<()> {
        for agent in 0..self.book.agents() {
            let deadline = Instant::now() + PATIENCE;
            while self.book.open() >= SIGN_INS_AT_A_TIME {
                if Instant::now() > deadline {
                    bail!("signing in takes too long");
                }
                tokio::time::sleep(BEAT).await;
            }
            let awaited = Awaited::State(agent, AgentState::NOT_READY);
            self.book.awaits(awaited, Kind::Event, Instant::now(), 1);
            self.ask(agent, AgentState::LOGIN)?;
            if !self.takes(agent) {
                self.idle.borrow_mut().push_back(agent);
            }
        }
        self.settle().await;
        if self.book.open() > 0 {
            bail!("{} events are missing after the sign-ins", self.book.open());
        }
        self.book.forget_waits();
        Ok(())
    }

    /// Does `rate` things a second for so long; how many, and how long it took with the last events.
    pub(crate) async fn work(&self, rate: u32, duration: Duration) -> Result<(u64, Duration)> {
        let start = Instant::now();
        let mut done: u64 = 0;
        let mut states = vec![AgentState::NOT_READY; self.book.agents()];
        let mut beat = tokio::time::interval(BEAT);
        while start.elapsed() < duration {
            beat.tick().await;
            let due = (start.elapsed().as_secs_f64() * f64::from(rate)) as u64;
            while done < due {
                let Some(agent) = self.idle.borrow_mut().pop_front() else {
                    break;
                };
                done += 1;
                if self.calls {
                    self.made.borrow_mut().insert(agent, Instant::now());
                    self.make_call(agent)?;
                    continue;
                }
                let state = states.get_mut(agent).context("no such agent")?;
                *state = if *state == AgentState::AVAILABLE {
                    AgentState::NOT_READY
                } else {
                    AgentState::AVAILABLE
                };
                self.set(agent, *state)?;
                self.idle.borrow_mut().push_back(agent);
            }
        }
        self.settle().await;
        Ok((done, start.elapsed()))
    }

    /// What an agent's session does about what it hears.
    pub(crate) fn heard(self: &Rc<Self>, hearer: Hearer, message: &Message) -> Result<()> {
        let Hearer::Agent(agent) = hearer else {
            return Ok(());
        };
        if !self.calls {
            return Ok(());
        }
        let takes = self.takes(agent);
        match message {
            Message::AgentStateEvent(event) => match event.agent_state {
                AgentState::NOT_READY if takes => self.set(agent, AgentState::AVAILABLE),
                AgentState::WORK_NOT_READY | AgentState::WORK_READY if takes => {
                    self.set(agent, AgentState::AVAILABLE)
                }
                AgentState::WORK_NOT_READY | AgentState::WORK_READY => {
                    self.set(agent, AgentState::NOT_READY)
                }
                _ => Ok(()),
            },
            Message::CallDeliveredEvent(event)
                if takes && self.book.at_extension(message, Tag::ALERTING_DEVID) == Some(agent) =>
            {
                let caller = self.book.at_extension(message, Tag::CALLING_DEVID);
                let made = caller.and_then(|it| self.made.borrow().get(&it).copied());
                let made = made.context("a call that nobody made")?;
                let talking = Awaited::State(agent, AgentState::TALKING);
                self.book.awaits(talking, Kind::Call, made, 1);
                self.answer(agent, event.connection_call_id)
            }
            Message::CallEstablishedEvent(event) if !takes => {
                let driver = Rc::clone(self);
                let call = event.connection_call_id;
                tokio::task::spawn_local(async move {
                    tokio::time::sleep(TALK).await;
                    // The session's end is noticed where it reads.
                    let _ = driver.hang_up(agent, call);
                });
                Ok(())
            }
            Message::EndCallEvent(_) if !takes => {
                self.made.borrow_mut().remove(&agent);
                self.idle.borrow_mut().push_back(agent);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether the agent takes calls.
    fn takes(&self, agent: usize) -> bool {
        self.calls && agent % 2 == 1
    }

    /// Waits until everyone has heard everything, or until that takes too long.
    async fn settle(&self) {
        let deadline = Instant::now() + PATIENCE;
        let open = || {
            self.book.open()
                + self.made.borrow().len()
                + self.book.state.borrow().order.open_calls()
        };
        while open() > 0 && Instant::now() < deadline {
            tokio::time::sleep(BEAT).await;
        }
        // What nobody waits for comes too: other sessions' last events.
        tokio::time::sleep(20 * BEAT).await;
    }

    /// Asks for a state whose event everyone hears.
    fn set(&self, agent: usize, state: AgentState) -> Result<()> {
        let awaited = Awaited::State(agent, state);
        self.book.awaits(awaited, Kind::Event, Instant::now(), 1);
        self.ask(agent, state)
    }

    fn ask(&self, agent: usize, state: AgentState) -> Result<()> {
        let person = self.book.person(agent).context("no such agent")?;
        let mut request = SetAgentStateReq {
            invoke_id: 7,
            peripheral_id: PERIPHERAL,
            agent_state: state,
            ..Default::default()
        };
        request.floats.push_text(Tag::AGENT_ID, &person.id);
        request
            .floats
            .push_text(Tag::AGENT_INSTRUMENT, &person.extension);
        self.send(agent, request)
    }

    fn make_call(&self, agent: usize) -> Result<()> {
        let mut request = MakeCallReq {
            invoke_id: 8,
            peripheral_id: PERIPHERAL,
            skill_group_number: u32::MAX,
            ..Default::default()
        };
        let extension = self.extension(agent)?;
        request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        request.floats.push_text(Tag::DIALED_NUMBER, DIALED);
        self.send(agent, request)
    }

    fn answer(&self, agent: usize, call: u32) -> Result<()> {
        let at = Instant::now();
        self.book
            .awaits(Awaited::Established(call), Kind::Event, at, 2);
        let mut request = AnswerCallReq {
            invoke_id: 9,
            peripheral_id: PERIPHERAL,
            connection_call_id: call,
            connection_device_id_type: ConnectionDeviceIdType::STATIC,
            ..Default::default()
        };
        let extension = self.extension(agent)?;
        request.floats.push_text(Tag::CONNECTION_DEVID, extension);
        request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        self.send(agent, request)
    }

    fn hang_up(&self, agent: usize, call: u32) -> Result<()> {
        let at = Instant::now();
        self.book.awaits(Awaited::Cleared(call), Kind::Event, at, 2);
        let mut request = ClearConnectionReq {
            invoke_id: 10,
            peripheral_id: PERIPHERAL,
            connection_call_id: call,
            connection_device_id_type: ConnectionDeviceIdType::STATIC,
            ..Default::default()
        };
        let extension = self.extension(agent)?;
        request.floats.push_text(Tag::CONNECTION_DEVID, extension);
        request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        self.send(agent, request)
    }

    fn extension(&self, agent: usize) -> Result<&str> {
        let person = self.book.person(agent).context("no such agent")?;
        Ok(&person.extension)
    }

    fn send(&self, agent: usize, request: impl Into<Message>) -> Result<()> {
        let stream = self.book.stream(agent).context("no such session")?;
        send(&stream, request)
    }
}
