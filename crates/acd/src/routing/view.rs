//! What can be seen of routing: queue lengths, who is eligible, what waits.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::decision::Outcome;
use super::{QueueIndex, QueueName, State, StepIndex, trace};
use crate::calls::CallId;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;

/// Calls of one queue since the start. What was offered was answered, abandoned, has overflowed or is still there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCounts {
    /// Calls that came to the queue.
    pub offered: u64,
    /// Answered by an agent who got them from this queue or from another in which they waited at once.
    pub answered: u64,
    /// Gone before somebody answered.
    pub abandoned: u64,
    /// Waited for too long.
    pub overflowed: u64,
    /// Times that an agent did not take a call.
    pub requeued: u64,
}

/// One queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueView {
    /// SkillGroupNumber.
    pub number: u32,
    /// Its steps; one of a skill group.
    pub steps: u32,
    /// Calls that wait.
    pub waiting: u32,
    /// Since when the one that waits longest waits, in milliseconds since 1970.
    pub longest_since: Option<i64>,
    /// Calls since the start.
    pub counts: QueueCounts,
}

/// A call that wants an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketView<'a> {
    /// The call.
    pub call: CallId,
    /// Of two calls the one with the higher priority goes first.
    pub priority: u32,
    /// Since when it waits, in milliseconds since 1970.
    pub enqueued_at: i64,
    /// Its queues by SkillGroupNumber, and the step that it is on, from 0.
    pub queues: Vec<(u32, u32)>,
    /// AgentID of who is reserved for it.
    pub reserved: Option<&'a str>,
}

impl Acd {
    /// Every queue: skill groups, then precision queues, in the order of the configuration.
    pub fn queues(&self) -> impl Iterator<Item = QueueView> + '_ {
        let queues = self.directory.plan().queues().iter();
        queues.filter_map(|queue| self.queue(queue.name.number))
    }

    /// One queue by its number.
    pub fn queue(&self, number: u32) -> Option<QueueView> {
        let queue = self.directory.plan().queue_by_number(number)?;
        let steps = (queue.first.0..=queue.last.0).map(StepIndex);
        let mut waiting: usize = 0;
        let mut longest_since: Option<i64> = None;
        for set in steps.filter_map(|step| self.routing.waiting.on(step)) {
            waiting = waiting.saturating_add(set.len());
            let oldest = set.iter().map(|key| key.enqueued_at()).min();
            longest_since = longest_since.into_iter().chain(oldest).min();
        }
        Some(QueueView {
            number,
            steps: queue.last.0.saturating_sub(queue.first.0).saturating_add(1),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            longest_since,
            counts: self
                .routing
                .counts
                .get(&number)
                .copied()
                .unwrap_or_default(),
        })
    }

    /// AgentIDs of those who are eligible for a call on a step of a queue, in the order of the configuration.
    pub fn eligible(&self, queue: u32, step: u32) -> impl Iterator<Item = &str> {
        let plan = self.directory.plan();
        let step = plan.queue_by_number(queue).and_then(|queue| {
            let step = StepIndex(queue.first.0.saturating_add(step));
            plan.step(step).filter(|_| step <= queue.last)
        });
        let members = step.map_or(&[][..], |step| &step.members);
        let agents = members
            .iter()
            .filter_map(|index| self.directory.agent(*index));
        agents.map(|agent| agent.id.as_str())
    }

    /// Every call that wants an agent, by its id.
    pub fn tickets(&self) -> impl Iterator<Item = TicketView<'_>> {
        self.routing
            .tickets
            .iter()
            .map(|(call, ticket)| TicketView {
                call,
                priority: ticket.priority,
                enqueued_at: ticket.enqueued_at,
                queues: self.steps_of(call),
                reserved: match ticket.state {
                    State::Waiting => None,
                    State::Reserved { agent, .. } => {
                        self.directory.agent(agent).map(|agent| agent.id.as_str())
                    }
                },
            })
    }

    /// Since when an agent waits for a call, in milliseconds since 1970; `None` when no call can be given to the agent.
    pub fn available_since(&self, agent: &str) -> Option<i64> {
        let index = self.directory.agent_by_id(agent)?;
        let standing = self.routing.standings.get(index.0)?;
        standing.available.then_some(standing.since)
    }

    /// The queues that a call waits in.
    pub(crate) fn queues_of(&self, call: CallId) -> SmallVec<[QueueName; 2]> {
        let ticket = self.routing.tickets.get(call);
        let places = ticket.into_iter().flat_map(|ticket| &ticket.places);
        places
            .filter_map(|place| self.directory.plan().queue_of(place.step))
            .map(|queue| queue.name)
            .collect()
    }

    /// The queue that a call is given from while it is offered, until `offer_answered`.
    pub(crate) fn given_from(&self, call: CallId) -> Option<QueueName> {
        match self.routing.tickets.get(call)?.state {
            State::Waiting => None,
            State::Reserved { step, .. } => {
                self.directory.plan().queue_of(step).map(|queue| queue.name)
            }
        }
    }

    fn steps_of(&self, call: CallId) -> Vec<(u32, u32)> {
        let plan = self.directory.plan();
        let ticket = self.routing.tickets.get(call);
        let places = ticket.into_iter().flat_map(|ticket| &ticket.places);
        places
            .filter_map(|place| {
                let queue = plan.queue_of(place.step)?;
                Some((queue.name.number, plan.step(place.step)?.number))
            })
            .collect()
    }

    pub(super) fn trace_waits(&self, call: CallId, out: &mut Vec<Output>) {
        if let Some(ticket) = self.routing.tickets.get(call) {
            let outcome = Outcome::Waits {
                queues: self.steps_of(call),
                priority: ticket.priority,
                enqueued_at: ticket.enqueued_at,
            };
            trace(out, call, outcome);
        }
    }

    /// Agents of a step who are signed in.
    pub(super) fn logged_on(&self, step: StepIndex) -> u32 {
        self.count_members(step, |index| {
            let agent = self.agents.get(index.0);
            agent.is_some_and(|agent| agent.login.is_some())
        })
    }

    /// Agents of a step who could be given a call.
    pub(super) fn ready(&self, step: StepIndex) -> u32 {
        self.count_members(step, |index| {
            let standing = self.routing.standings.get(index.0);
            standing.is_some_and(|standing| standing.available)
        })
    }

    fn count_members(&self, step: StepIndex, counts: impl Fn(AgentIndex) -> bool) -> u32 {
        let step = self.directory.plan().step(step);
        let members = step.map_or(&[][..], |step| &step.members);
        let count = members.iter().filter(|index| counts(**index)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Calls that wait in a queue, on any step.
    pub(super) fn calls_waiting(&self, queue: QueueIndex) -> u32 {
        let queue = self.directory.plan().queue(queue);
        queue
            .and_then(|queue| self.queue(queue.name.number))
            .map_or(0, |view| view.waiting)
    }

    /// Counts something of each queue that a call waits in.
    pub(super) fn count(&mut self, call: CallId, change: impl Fn(&mut QueueCounts)) {
        for queue in self.queues_of(call) {
            change(self.routing.counts.entry(queue.number).or_default());
        }
    }
}
