//! Routing: queues, what waits in them, and who gets it.
//!
//! Knows tickets and available agents, neither legs nor parties. Reference acd-and-telephony, 3.4.
//!
//! - `plan`: who belongs to which step of which queue, and where dialled numbers lead
//! - `line`: available agents, longest first; `queue`: tickets, most urgent first
//! - `choose`: who gets what
//! - `decision`: what is said of it; `view`: what can be seen of it
//!
//! When an input is done with, no available agent serves a queue in which a call waits. A call that comes is
//! given to the agent who waits longest; an agent who becomes available is given the call with the
//! highest priority, of those the one that waits longest, of those the one with the lowest id.

mod choose;
pub(crate) mod decision;
mod line;
mod plan;
mod queue;
mod replan;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod view;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::agent::Trigger;
use crate::by_number::ByNumber;
use crate::calls::CallId;
use crate::config::UNSET;
use crate::directory::AgentIndex;
use crate::io::{Output, Trace};
use crate::machine::Acd;
use crate::timers::Timer;

pub(crate) use choose::Longest;
use decision::{Decision, NotTaken, Outcome};
use line::Standing;
use plan::RouteIndex;
use plan::Way;
pub(crate) use plan::{Plan, QueueIndex, QueueName, StepIndex};
use queue::{Key, Waiting};

/// Milliseconds that an agent can be reserved for a call where the desk settings name no RingNoAnswerTime.
const LONGEST_RESERVATION_MS: i64 = 120_000;
/// Routed calls in a row that do not arrive before the agent is made NOT_READY.
const NOT_ARRIVED_LIMIT: u8 = 2;

/// What became of asking for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Routed {
    /// No route for that number.
    NoRoute,
    /// After hours: it goes on to this number, which has no route, or ends.
    Closed(Option<Box<str>>),
    /// It rings at this agent's phone already.
    Offered(AgentIndex),
    /// It waits; calls tell CALL_QUEUED_EVENT with the queue's groups.
    Waiting,
}

/// How an offer ended without the call being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// RingNoAnswerTime is over: NOT_READY with 32767.
    RingNoAnswer,
    /// The agent declined on the phone, which counts the same.
    Rejected,
    /// The phone is gone.
    DeviceLost,
    /// The network could not ring the phone at all. The agent stays READY the first time, and is made NOT_READY with 50010
    /// the second time in a row.
    NotArrived,
}

/// Why routing takes an offer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Withdrawn {
    /// Nobody answered in time: CALL_NOT_ANSWERED.
    RingNoAnswer,
    /// The agent was signed out or left the reservation.
    AgentGone,
}

/// A call that wants an agent.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Ticket {
    route: RouteIndex,
    priority: u32,
    /// When the call first asked. Kept whatever becomes of it.
    enqueued_at: i64,
    /// When it came to its present route.
    routed_at: i64,
    /// Where it waits: the step of each queue, and when it goes on to the next one.
    places: SmallVec<[Place; 1]>,
    /// When a step or the route is over, while it waits.
    due: Option<i64>,
    state: State,
    /// Who did not take it in this attempt.
    refused: Option<AgentIndex>,
    /// Calls do not know yet that it waits.
    untold: bool,
}

/// A ticket's place in one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    step: StepIndex,
    until: Option<i64>,
}

/// Where a ticket is. One that is answered or gone is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    /// In its queues.
    Waiting,
    /// Rings at an agent's phone, until `due` at most.
    Reserved {
        agent: AgentIndex,
        step: StepIndex,
        due: i64,
    },
}

/// The state of routing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Routing {
    tickets: ByNumber<CallId, Box<Ticket>>,
    waiting: Waiting,
    /// In the order of the plan.
    lines: Vec<line::Line>,
    /// In the order of the configuration.
    standings: Vec<Standing>,
    /// Agents who became available and were offered nothing yet.
    agents_to_do: BTreeSet<(i64, AgentIndex)>,
    /// Tickets that nobody was sought for since something changed.
    tickets_to_do: BTreeSet<Key>,
    /// The latest time at which somebody became available: the order must not turn when a clock does.
    latest: i64,
    counts: BTreeMap<u32, view::QueueCounts>,
}

impl Routing {
    pub(crate) fn new(plan: &Plan, agents: usize) -> Self {
        Self {
            waiting: Waiting::new(plan.steps().len()),
            lines: plan.steps().iter().map(|_| line::Line::default()).collect(),
            standings: (0..agents).map(|_| Standing::default()).collect(),
            ..Self::default()
        }
    }

    /// The call that an agent is reserved for.
    pub(crate) fn reserved_for(&self, agent: AgentIndex) -> Option<CallId> {
        self.standings.get(agent.0)?.reserved
    }

    fn key(&self, call: CallId) -> Option<Key> {
        let ticket = self.tickets.get(call)?;
        Some(Key::new(ticket.priority, ticket.enqueued_at, call))
    }
}

impl Acd {
    /// Asks for an agent for a call to this dialled number. Offers at once when somebody is available.
    ///
    /// A call that waits already leaves its place and asks anew.
    pub(crate) fn route_call(
        &mut self,
        now: i64,
        call: CallId,
        dialed: &str,
        out: &mut Vec<Output>,
    ) -> Routed {
        let way = self.directory.plan().way(dialed, now);
        let route = match way {
            Way::Unknown => return Routed::NoRoute,
            Way::Open(route) => route,
            Way::Closed(to) => {
                let to: Option<Box<str>> = to.map(Into::into);
                self.ticket_gone(now, call, out);
                trace(out, call, Outcome::Closed { to: to.clone() });
                return Routed::Closed(to);
            }
        };
        if self.directory.plan().route_to(dialed) != Some(route) {
            let to = self.directory.plan().route(route);
            let to = to.map(|route| route.dialed.clone());
            trace(out, call, Outcome::Closed { to });
        }
        self.ticket_gone(now, call, out);
        let ticket = Ticket {
            route,
            priority: 0,
            enqueued_at: now,
            routed_at: now,
            places: SmallVec::new(),
            due: None,
            state: State::Waiting,
            refused: None,
            untold: false,
        };
        self.routing.tickets.insert(call, Box::new(ticket));
        self.take_route(now, call, route, out);
        self.advance(now, call, out);
        // Whoever became available before is served before.
        if self.routing.agents_to_do.is_empty() && self.routing.tickets_to_do.is_empty() {
            self.seek_agent(now, call, true, out);
        } else {
            self.routing.tickets_to_do.extend(self.routing.key(call));
        }
        let Some(ticket) = self.routing.tickets.get(call) else {
            return Routed::Waiting;
        };
        match ticket.state {
            State::Reserved { agent, .. } => Routed::Offered(agent),
            State::Waiting => {
                self.trace_waits(call, out);
                Routed::Waiting
            }
        }
    }

    /// The call no longer wants an agent: its caller is gone, or it went elsewhere. Whoever is reserved for it is free again.
    pub(crate) fn ticket_gone(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) {
        if !self.routing.tickets.contains(call) {
            return;
        }
        let reserved = self.detach(call);
        self.count(call, |counts| counts.abandoned += 1);
        self.left(now, call);
        let id = reserved.and_then(|(agent, _)| self.id_of(agent));
        trace(out, call, Outcome::Gone { reserved: id });
        if let Some((agent, _)) = reserved {
            self.agent_trigger(now, agent, Trigger::OfferGone, out);
        }
    }

    /// The reserved agent answered: TALKING. The ticket is done with.
    pub(crate) fn offer_answered(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) {
        let Some((agent, _)) = self.detach(call) else {
            return;
        };
        self.count(call, |counts| counts.answered += 1);
        self.left(now, call);
        if let Some(agent) = self.id_of(agent) {
            trace(out, call, Outcome::Answered { agent });
        }
        self.agent_trigger(now, agent, Trigger::Connected, out);
    }

    /// The reserved agent did not answer: the agent's state follows, the call is queued again (`call_waits`) or offered to
    /// somebody else (`offer_call`), in the same input but not before this returns. Calls tell CALL_DIVERTED_EVENT before.
    pub(crate) fn offer_unanswered(
        &mut self,
        now: i64,
        call: CallId,
        why: Unanswered,
        out: &mut Vec<Output>,
    ) {
        let Some((agent, _)) = self.detach(call) else {
            return;
        };
        let (trigger, why) = match why {
            Unanswered::RingNoAnswer => (Trigger::RingNoAnswer, NotTaken::RingNoAnswer),
            Unanswered::Rejected => (Trigger::RingNoAnswer, NotTaken::Rejected),
            Unanswered::DeviceLost => (Trigger::DeviceLost, NotTaken::DeviceLost),
            Unanswered::NotArrived => (self.not_arrived(agent), NotTaken::NotArrived),
        };
        self.agent_trigger(now, agent, trigger, out);
        self.requeue(now, call, agent, why, out);
    }

    /// Counts, and says what follows.
    fn not_arrived(&mut self, agent: AgentIndex) -> Trigger {
        let Some(agent) = self.agents.get_mut(agent.0) else {
            return Trigger::OfferGone;
        };
        agent.not_arrived = agent.not_arrived.saturating_add(1);
        if agent.not_arrived < NOT_ARRIVED_LIMIT {
            return Trigger::OfferGone;
        }
        agent.not_arrived = 0;
        Trigger::NeverArrived
    }

    /// An agent left a reservation in another way than by its end: signed out by a supervisor, or the phone is gone.
    pub(crate) fn reservation_lost(&mut self, now: i64, agent: AgentIndex, out: &mut Vec<Output>) {
        let Some(call) = self.routing.reserved_for(agent) else {
            return;
        };
        self.detach(call);
        self.withdraw_offer(now, call, agent, Withdrawn::AgentGone, out);
        self.requeue(now, call, agent, NotTaken::AgentGone, out);
    }

    /// An agent was reserved for as long as may be.
    pub(crate) fn ring_due(
        &mut self,
        now: i64,
        call: CallId,
        agent: AgentIndex,
        out: &mut Vec<Output>,
    ) {
        if self.routing.reserved_for(agent) == Some(call) {
            self.withdraw_offer(now, call, agent, Withdrawn::RingNoAnswer, out);
            self.offer_unanswered(now, call, Unanswered::RingNoAnswer, out);
        }
    }

    /// Whether an agent can be given a call may have changed.
    pub(crate) fn note_availability(&mut self, now: i64, index: AgentIndex) {
        let (Some(agent), Some(standing)) = (
            self.agents.get_mut(index.0),
            self.routing.standings.get_mut(index.0),
        ) else {
            return;
        };
        let available = agent.available();
        if standing.available == available {
            return;
        }
        standing.available = available;
        if !available {
            self.routing.agents_to_do.remove(&(standing.since, index));
            return;
        }
        let since = agent
            .available_since
            .unwrap_or(now.max(self.routing.latest));
        agent.available_since = Some(since);
        standing.since = since;
        self.routing.latest = self.routing.latest.max(since);
        self.dialer.stir();
        let steps = self.directory.plan().agent_steps(index);
        for (place, step) in (0_u32..).zip(steps) {
            if let Some(line) = self.routing.lines.get_mut(step.place()) {
                line.join(index, standing, place);
            }
        }
        self.routing.agents_to_do.insert((since, index));
    }

    /// Ends a reservation; the agent and the step that it was for.
    fn detach(&mut self, call: CallId) -> Option<(AgentIndex, StepIndex)> {
        let ticket = self.routing.tickets.get_mut(call)?;
        let State::Reserved { agent, step, due } = ticket.state else {
            return None;
        };
        ticket.state = State::Waiting;
        self.timers.cancel(due, Timer::Ring(call, agent));
        if let Some(standing) = self.routing.standings.get_mut(agent.0) {
            standing.reserved = None;
        }
        Some((agent, step))
    }

    /// How long an agent may be reserved.
    fn ring_ms(&self, agent: AgentIndex) -> i64 {
        let seconds = self
            .directory
            .desk_settings(Some(agent))
            .ring_no_answer_time;
        if seconds == UNSET || seconds == 0 {
            LONGEST_RESERVATION_MS
        } else {
            i64::from(seconds).saturating_mul(1000)
        }
    }

    pub(crate) fn id_of(&self, agent: AgentIndex) -> Option<Box<str>> {
        Some(self.directory.agent_id(agent)?.into())
    }
}

/// Says what was decided.
pub(crate) fn trace(out: &mut Vec<Output>, call: CallId, outcome: Outcome) {
    out.push(Output::Trace(Trace::Routing(Decision { call, outcome })));
}
