//! Tickets in queues: steps that widen, routes that overflow, places that are kept.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::decision::{NotTaken, Outcome};
use super::plan::RouteIndex;
use super::{Place, State, StepIndex, trace};
use crate::calls::CallId;
use crate::config::Measure;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;
use crate::timers::Timer;

/// The order of tickets: priority, then time, then call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    priority: Reverse<u32>,
    enqueued_at: i64,
    pub(super) call: CallId,
}

impl Key {
    pub(super) fn new(priority: u32, enqueued_at: i64, call: CallId) -> Self {
        Self {
            priority: Reverse(priority),
            enqueued_at,
            call,
        }
    }

    pub(super) fn enqueued_at(self) -> i64 {
        self.enqueued_at
    }
}

/// What waits on each step, and which steps anything waits on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Waiting {
    steps: Vec<BTreeSet<Key>>,
    /// One bit for each step.
    any: Vec<u64>,
}

impl Waiting {
    pub(super) fn new(steps: usize) -> Self {
        Self {
            steps: vec![BTreeSet::new(); steps],
            any: vec![0; steps.div_ceil(64)],
        }
    }

    pub(super) fn on(&self, step: StepIndex) -> Option<&BTreeSet<Key>> {
        self.steps.get(step.place())
    }

    /// Whether anything waits on the step; cheaper than to look.
    pub(super) fn any(&self, step: StepIndex) -> bool {
        let word = self.any.get(step.place() / 64);
        word.is_some_and(|word| word & (1 << (step.0 % 64)) != 0)
    }

    fn insert(&mut self, step: StepIndex, key: Key) {
        if let (Some(set), Some(word)) = (
            self.steps.get_mut(step.place()),
            self.any.get_mut(step.place() / 64),
        ) {
            set.insert(key);
            *word |= 1 << (step.0 % 64);
        }
    }

    fn remove(&mut self, step: StepIndex, key: Key) {
        if let (Some(set), Some(word)) = (
            self.steps.get_mut(step.place()),
            self.any.get_mut(step.place() / 64),
        ) {
            set.remove(&key);
            if set.is_empty() {
                *word &= !(1 << (step.0 % 64));
            }
        }
    }
}

impl Acd {
    /// Puts a ticket into the queues of a route; it is in none yet.
    pub(super) fn take_route(
        &mut self,
        now: i64,
        call: CallId,
        route: RouteIndex,
        out: &mut Vec<Output>,
    ) {
        let Some(config) = self.directory.plan().route(route) else {
            return;
        };
        let priority = config.priority;
        let mut places: SmallVec<[Place; 1]> = SmallVec::new();
        for queue in &config.queues {
            if let Some(queue) = self.directory.plan().queue(*queue) {
                places.push(self.place_on(now, queue.first));
            }
        }
        for place in &places {
            self.trace_widened(call, place.step, out);
        }
        if let Some(ticket) = self.routing.tickets.get_mut(call) {
            ticket.route = route;
            ticket.priority = priority;
            ticket.routed_at = now;
            ticket.places = places;
        }
        self.count(call, |counts| counts.offered += 1);
        self.join_queues(call);
    }

    /// The place of a call that comes to a step: there, or on the first step behind it that is considered.
    fn place_on(&self, now: i64, mut step: StepIndex) -> Place {
        while let Some(config) = self.directory.plan().step(step)
            && let Some(consider) = config.consider_if
        {
            let value = match consider.measure {
                Measure::AgentsLoggedOn => self.logged_on(step),
                Measure::AgentsReady => self.ready(step),
                Measure::CallsWaiting => self.calls_waiting(config.queue),
            };
            if consider.comparison.holds(value, consider.value) {
                break;
            }
            step = step.next();
        }
        let wait = self.directory.plan().step(step);
        let wait = wait.and_then(|config| config.wait_ms);
        Place {
            step,
            until: wait.map(|wait| now.saturating_add(wait)),
        }
    }

    /// Goes on to the steps and the route that are due. Whether anything changed.
    pub(super) fn advance(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) -> bool {
        let Some(ticket) = self.routing.tickets.get(call) else {
            return false;
        };
        let route = self.directory.plan().route(ticket.route);
        let overflow = route.and_then(|route| route.overflow);
        let over = overflow.filter(|(after, _)| ticket.routed_at.saturating_add(*after) <= now);
        let mut changed = false;
        if let Some((_, to)) = over {
            changed = true;
            self.leave_queues(call);
            self.count(call, |counts| counts.overflowed += 1);
            let dialed = self.directory.plan().route(to);
            if let Some(dialed) = dialed.map(|route| route.dialed.clone()) {
                trace(out, call, Outcome::Overflowed { to: dialed });
            }
            self.take_route(now, call, to, out);
            if let Some(ticket) = self.routing.tickets.get_mut(call) {
                ticket.untold = true;
            }
        }
        let mut places = match self.routing.tickets.get(call) {
            Some(ticket) => ticket.places.clone(),
            None => return changed,
        };
        let mut moved = false;
        for place in &mut places {
            while let Some(until) = place.until
                && until <= now
            {
                *place = self.place_on(now, place.step.next());
                self.trace_widened(call, place.step, out);
                moved = true;
            }
        }
        if moved {
            self.leave_queues(call);
            if let Some(ticket) = self.routing.tickets.get_mut(call) {
                ticket.places = places;
            }
            self.join_queues(call);
        }
        changed || moved
    }

    /// A waiting ticket stands in the sets of its steps, and its timer runs.
    pub(super) fn join_queues(&mut self, call: CallId) {
        let Some(key) = self.routing.key(call) else {
            return;
        };
        let Some(ticket) = self.routing.tickets.get_mut(call) else {
            return;
        };
        let route = self.directory.plan().route(ticket.route);
        let overflow = route.and_then(|route| route.overflow);
        let over = overflow.map(|(after, _)| ticket.routed_at.saturating_add(after));
        let steps = ticket.places.iter().filter_map(|place| place.until);
        ticket.due = steps.chain(over).min();
        if let Some(due) = ticket.due {
            self.timers.set(due, Timer::Queue(call));
        }
        for place in &ticket.places {
            self.routing.waiting.insert(place.step, key);
        }
    }

    /// The opposite; harmless when it stands in none.
    pub(super) fn leave_queues(&mut self, call: CallId) {
        let Some(key) = self.routing.key(call) else {
            return;
        };
        let Some(ticket) = self.routing.tickets.get_mut(call) else {
            return;
        };
        if let Some(due) = ticket.due.take() {
            self.timers.cancel(due, Timer::Queue(call));
        }
        for place in &ticket.places {
            self.routing.waiting.remove(place.step, key);
        }
        self.routing.tickets_to_do.remove(&key);
    }

    /// The call has its old place again; somebody else is sought for it when the input is done with.
    pub(super) fn requeue(
        &mut self,
        now: i64,
        call: CallId,
        agent: AgentIndex,
        why: NotTaken,
        out: &mut Vec<Output>,
    ) {
        let Some(ticket) = self.routing.tickets.get_mut(call) else {
            return;
        };
        ticket.refused = Some(agent);
        ticket.untold = true;
        self.join_queues(call);
        self.count(call, |counts| counts.requeued += 1);
        if let Some(agent) = self.id_of(agent) {
            trace(out, call, Outcome::Requeued { agent, why });
        }
        self.advance(now, call, out);
        self.routing.tickets_to_do.extend(self.routing.key(call));
    }

    /// The ticket is done with.
    pub(super) fn left(&mut self, now: i64, call: CallId) {
        self.leave_queues(call);
        let Some(ticket) = self.routing.tickets.remove(call) else {
            return;
        };
        let step = ticket.places.first().map(|place| place.step);
        let queue = step.and_then(|step| self.directory.plan().queue_of(step));
        if let Some(number) = queue.map(|queue| queue.name.number) {
            let waited = now.saturating_sub(ticket.enqueued_at);
            self.call_left_queue(now, number, waited);
        }
    }

    /// A step's wait, or the route's, is over.
    pub(crate) fn queue_due(&mut self, now: i64, call: CallId, out: &mut Vec<Output>) {
        let Some(ticket) = self.routing.tickets.get_mut(call) else {
            return;
        };
        if ticket.state != State::Waiting {
            return;
        }
        ticket.due = None;
        if self.advance(now, call, out) {
            self.routing.tickets_to_do.extend(self.routing.key(call));
        }
    }

    fn trace_widened(&self, call: CallId, step: StepIndex, out: &mut Vec<Output>) {
        let plan = self.directory.plan();
        if let (Some(config), Some(queue)) = (plan.step(step), plan.queue_of(step))
            && config.number > 0
        {
            let (queue, step) = (queue.name.number, config.number);
            trace(out, call, Outcome::Widened { queue, step });
        }
    }
}
