//! Who gets what.

use super::decision::Outcome;
use super::{State, StepIndex, trace};
use crate::agent::Trigger;
use crate::calls::CallId;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;
use crate::timers::Timer;

impl Acd {
    /// Serves those who became available, then seeks agents for what is left. The last thing that an input does, so
    /// that calls and agents are what they will be.
    pub(crate) fn settle(&mut self, now: i64, out: &mut Vec<Output>) {
        loop {
            if let Some((_, agent)) = self.routing.agents_to_do.pop_first() {
                self.serve_agent(now, agent, out);
            } else if let Some(key) = self.routing.tickets_to_do.pop_first() {
                self.seek_agent(now, key.call, out);
                self.close_attempt(now, key.call, out);
            } else {
                break;
            }
        }
    }

    /// Gives an agent the most urgent call of all the queues that the agent serves.
    fn serve_agent(&mut self, now: i64, agent: AgentIndex, out: &mut Vec<Output>) {
        let waiting = &self.routing.waiting;
        let steps = self.directory.plan().agent_steps(agent);
        let mut best = None;
        for step in steps.iter().filter(|step| waiting.any(**step)) {
            let keys = waiting.on(*step).into_iter().flatten();
            let first = keys.copied().find(|key| !self.refused_by(key.call, agent));
            if let Some(key) = first
                && best.is_none_or(|(least, _)| key < least)
            {
                best = Some((key, *step));
            }
        }
        let Some((key, step)) = best else {
            return;
        };
        if let Some(standing) = self.routing.standings.get(agent.0) {
            let since = standing.since;
            self.offer(now, key.call, agent, since, step, out);
        }
    }

    /// Whether the agent did not take the call in this attempt.
    fn refused_by(&self, call: CallId, agent: AgentIndex) -> bool {
        !self.routing.tickets_to_do.is_empty()
            && self
                .routing
                .tickets
                .get(&call)
                .is_some_and(|ticket| ticket.refused == Some(agent))
    }

    /// Gives a waiting call to whoever waits longest of those on its steps; to who did not take it last only when
    /// there is nobody else.
    pub(super) fn seek_agent(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) {
        let Some(ticket) = self.routing.tickets.get(&call) else {
            return;
        };
        if ticket.state != State::Waiting {
            return;
        }
        let refused = ticket.refused;
        let places = ticket.places.clone();
        let mut best = None;
        for but in [refused, None] {
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
            if best.is_some() || refused.is_none() {
                break;
            }
        }
        if let Some(((since, agent), step)) = best {
            self.offer(now, call, agent, since, step, out);
        }
    }

    /// Nobody was found for a call that was put back: calls tell that it waits.
    fn close_attempt(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) {
        let Some(ticket) = self.routing.tickets.get_mut(&call) else {
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
        let Some(ticket) = self.routing.tickets.get_mut(&call) else {
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
