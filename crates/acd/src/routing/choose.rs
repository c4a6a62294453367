//! Who gets what.

use std::collections::VecDeque;

use super::decision::Outcome;
use super::queue::Key;
use super::{Plan, QueueName, Routing, State, StepIndex, trace};
use crate::agent::Trigger;
use crate::calls::CallId;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;
use crate::timers::Timer;

/// Who waits longest of those who could be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Longest {
    pub(crate) agent: AgentIndex,
    /// Since when, in milliseconds since 1970.
    pub(crate) since: i64,
    /// From which queue.
    pub(crate) queue: QueueName,
    /// On which of its steps, from 0.
    pub(crate) step: u32,
}

impl Routing {
    /// Who waits longest on the first step of a queue on which anybody waits; `but` is passed over.
    pub(crate) fn longest(
        &mut self,
        plan: &Plan,
        queue: u32,
        but: Option<AgentIndex>,
    ) -> Option<Longest> {
        let queue = plan.queue_by_number(queue)?;
        (queue.first.0..=queue.last.0).find_map(|step| {
            let line = self.lines.get_mut(StepIndex(step).place())?;
            let (since, agent) = line.longest(&mut self.standings, but)?;
            Some(Longest {
                agent,
                since,
                queue: queue.name,
                step: step.saturating_sub(queue.first.0),
            })
        })
    }
}

impl Acd {
    /// Brings those who became available and the calls that wait together. The last thing that an input does, so that
    /// calls and agents are what they will be.
    ///
    /// The most urgent call goes first, to who waits longest for it. An agent who was available before has no call
    /// to wait for, so agents can be served one by one while no call is to do, and calls while no agent is.
    /// Calls go back to who did not take them when nothing else is left to do.
    pub(crate) fn settle(&mut self, now: i64, out: &mut Vec<Output>) {
        let mut refused: VecDeque<CallId> = VecDeque::new();
        loop {
            let agent = self.routing.agents_to_do.first().copied();
            let call = self.routing.tickets_to_do.first().copied();
            match (agent, call) {
                (Some(first), None) => {
                    self.routing.agents_to_do.remove(&first);
                    let agent = first.1;
                    if let (Some((key, step)), Some(standing)) =
                        (self.best_for(agent), self.routing.standings.get(agent.0))
                    {
                        let since = standing.since;
                        self.offer(now, key.call, agent, since, step, out);
                    }
                }
                (agent, Some(mut key)) => {
                    if agent.is_some() {
                        key = self.most_urgent(key);
                    }
                    let to_do = self.routing.tickets_to_do.remove(&key);
                    if !self.seek_agent(now, key.call, false, out) {
                        if to_do {
                            refused.push_back(key.call);
                        } else {
                            // Never, as somebody waits for it; but then the loop must go on.
                            self.routing.agents_to_do.pop_first();
                        }
                    }
                }
                (None, None) => {
                    let Some(call) = refused.pop_front() else {
                        break;
                    };
                    self.seek_agent(now, call, true, out);
                    self.close_attempt(now, call, out);
                }
            }
        }
    }

    /// The most urgent of this call and of those that wait for somebody who became available. Forgets agents for whom
    /// nothing waits.
    fn most_urgent(&mut self, key: Key) -> Key {
        let mut best = key;
        for entry in self.routing.agents_to_do.clone() {
            match self.best_for(entry.1) {
                Some((key, _)) => best = best.min(key),
                // A call that is to do finds its agent by itself.
                None => {
                    self.routing.agents_to_do.remove(&entry);
                }
            }
        }
        best
    }

    /// The most urgent call that waits for an agent, but for those that the agent did not take in this attempt.
    fn best_for(&self, agent: AgentIndex) -> Option<(Key, StepIndex)> {
        let waiting = &self.routing.waiting;
        let steps = self.directory.plan().agent_steps(agent);
        let mut best: Option<(Key, StepIndex)> = None;
        for step in steps.iter().filter(|step| waiting.any(**step)) {
            let mut keys = waiting.on(*step).into_iter().flatten().copied();
            let first = keys.find(|key| {
                let ticket = self.routing.tickets.get(key.call);
                ticket.is_some_and(|ticket| ticket.refused != Some(agent))
            });
            if let Some(key) = first
                && best.is_none_or(|(least, _)| key < least)
            {
                best = Some((key, *step));
            }
        }
        best
    }

    /// Gives a waiting call to whoever waits longest of those on its steps; to who did not take it last only when
    /// told so. Whether the call waits no more.
    pub(super) fn seek_agent(
        &mut self,
        now: i64,
        call: CallId,
        again: bool,
        out: &mut Vec<Output>,
    ) -> bool {
        let Some(ticket) = self.routing.tickets.get(call) else {
            return true;
        };
        if ticket.state != State::Waiting {
            return true;
        }
        let but = ticket.refused.filter(|_| !again);
        let places = ticket.places.clone();
        let mut best = None;
        for place in &places {
            let Some(line) = self.routing.lines.get_mut(place.step.place()) else {
                continue;
            };
            let found = line.longest(&mut self.routing.standings, but);
            if let Some((since, agent)) = found
                && best.is_none_or(|(least, _)| (since, agent) < least)
            {
                best = Some(((since, agent), place.step));
            }
        }
        let Some(((since, agent), step)) = best else {
            return false;
        };
        self.offer(now, call, agent, since, step, out);
        true
    }

    /// Nobody was found for a call that was put back: calls tell that it waits.
    fn close_attempt(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) {
        let Some(ticket) = self.routing.tickets.get_mut(call) else {
            return;
        };
        if ticket.state != State::Waiting {
            return;
        }
        ticket.refused = None;
        let untold = std::mem::take(&mut ticket.untold);
        self.trace_waits(call, out);
        if untold {
            self.call_waits(now, call, out);
        }
    }

    /// Reserves an agent for a call and has it ring.
    fn offer(
        &mut self,
        now: i64,
        call: CallId,
        agent: AgentIndex,
        available_since: i64,
        step: StepIndex,
        out: &mut Vec<Output>,
    ) {
        let due = now.saturating_add(self.ring_ms(agent));
        self.leave_queues(call);
        let plan = self.directory.plan();
        let queue = plan.queue_of(step).map(|queue| queue.name);
        let number = plan.step(step).map_or(0, |step| step.number);
        let Some(ticket) = self.routing.tickets.get_mut(call) else {
            return;
        };
        ticket.state = State::Reserved { agent, step, due };
        ticket.refused = None;
        ticket.untold = false;
        let (priority, enqueued_at) = (ticket.priority, ticket.enqueued_at);
        self.timers.set(due, Timer::Ring(call, agent));
        if let Some(standing) = self.routing.standings.get_mut(agent.0) {
            standing.reserved = Some(call);
        }
        if let Some(agent) = self.agents.get_mut(agent.0) {
            agent.serving = queue;
        }
        if let (Some(queue), Some(agent)) = (queue, self.id_of(agent)) {
            let outcome = Outcome::Offered {
                queue: queue.number,
                step: number,
                agent,
                available_since,
                priority,
                enqueued_at,
            };
            trace(out, call, outcome);
        }
        self.agent_trigger(now, agent, Trigger::Reserved, out);
        self.offer_call(now, call, agent, out);
    }
}
