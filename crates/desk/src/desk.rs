//! The desk: everything it knows, and one entry for everything that can happen.
//!
//! Only hands inputs on; the rules are in the modules beside it.

use std::collections::BTreeMap;

use crate::calls::Calls;
use crate::directory::Directory;
use crate::presence::Presence;
use crate::session::Session;
use crate::skill_group::Queues;
use crate::timer::{Timer, Timers};
use crate::{Agent, Config, Dialog, Input, Output, Queue, Reject, Service};

/// The agent desktop as a pure machine.
#[derive(Debug)]
pub struct Desk {
    pub(crate) config: Config,
    pub(crate) directory: Directory,
    pub(crate) presence: BTreeMap<String, Presence>,
    pub(crate) session: Session,
    pub(crate) timers: Timers,
    pub(crate) calls: Calls,
    pub(crate) queues: Queues,
}

impl Desk {
    /// Requests of one agent that may be under way at a time.
    pub const MAX_REQUESTS: usize = 16;

    /// A desk without a connection.
    pub fn new(config: Config) -> Self {
        Self {
            session: Session::new(config.protocol),
            config,
            directory: Directory::default(),
            presence: BTreeMap::new(),
            timers: Timers::default(),
            calls: Calls::default(),
            queues: Queues::default(),
        }
    }

    /// Takes one input and appends what is to be done.
    ///
    /// Timers that are due by `now` go off first, whatever the input. `now` is milliseconds
    /// since 1970 and may stand still but not go back.
    ///
    /// # Errors
    /// A request that is refused at once; every other input is taken.
    pub fn handle(&mut self, now: i64, input: Input, out: &mut Vec<Output>) -> Result<(), Reject> {
        self.tick(now, out);
        match input {
            Input::LinkUp { side } => self.link_up(now, side, out),
            Input::LinkDown { reason } => self.link_down(&reason, out),
            Input::Cti(message) => self.cti(now, message, out),
            Input::Request(request) => return self.request(now, request, out),
            Input::Presence { agent, lost } => self.presence_changed(now, &agent, lost, out),
            Input::Restarted { watched } => self.restarted(now, watched, out),
            Input::Tick => {}
            Input::Close => self.close(out),
        }
        Ok(())
    }

    /// Sets off every timer that is due. A timer set by another one is left for the next call.
    fn tick(&mut self, now: i64, out: &mut Vec<Output>) {
        let mut due = Vec::new();
        while let Some(timer) = self.timers.pop(now) {
            due.push(timer);
        }
        for timer in due {
            match timer {
                Timer::Open => self.open_timed_out(out),
                Timer::Configuration => self.configuration_timed_out(now, out),
                Timer::Heartbeat => self.heartbeat(now, out),
                Timer::Statistics => self.ask_statistics(now, out),
                Timer::Answer(invoke) => self.answer_timed_out(now, invoke, out),
                Timer::Presence(agent) => self.grace_over(now, &agent, out),
            }
        }
    }

    /// When [`Input::Tick`] is due next, in milliseconds since 1970.
    pub fn next_due(&self) -> Option<i64> {
        self.timers.next_due()
    }

    /// The agent with this id.
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        self.directory.get(id).map(|entry| &entry.agent)
    }

    /// The agent with this login name, whatever the case of its letters.
    pub fn agent_by_login_name(&self, name: &str) -> Option<&Agent> {
        self.directory.by_login_name(name).map(|entry| &entry.agent)
    }

    /// The agent who is signed in at this extension.
    pub fn agent_at(&self, extension: &str) -> Option<&Agent> {
        self.directory
            .by_extension(extension)
            .map(|entry| &entry.agent)
            .filter(|agent| agent.is_signed_in())
    }

    /// Every agent, by id.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.directory.iter().map(|entry| &entry.agent)
    }

    /// The call with this id, as long as it lasts.
    pub fn dialog(&self, id: u32) -> Option<&Dialog> {
        self.calls
            .get(id)
            .filter(|call| !call.ended)
            .map(|call| &call.dialog)
    }

    /// The calls that an agent was told of and that have not left the agent since, by id.
    pub fn dialogs_of(&self, agent: &str) -> impl Iterator<Item = &Dialog> {
        self.calls
            .of_agent(agent)
            .filter(move |call| !call.ended && call.told.contains(agent))
            .map(|call| &call.dialog)
    }

    /// The queue with this SkillGroupNumber.
    pub fn queue(&self, number: u32) -> Option<&Queue> {
        self.queues.get(number)
    }

    /// The queues that an agent is assigned to, by number; of a supervisor those of the teams too.
    pub fn queues_of(&self, agent: &str) -> impl Iterator<Item = &Queue> {
        self.groups_of(agent)
            .into_iter()
            .filter_map(|number| self.queues.get(number))
    }

    /// Whether the desk is in service.
    pub fn service(&self) -> Service {
        self.session.service.clone()
    }
}
