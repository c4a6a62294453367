//! What follows from a row of the table: the new state, what is pending, timers, and who has to know.
//!
//! An agent's place in the order of those who wait for a call (`available_since`) is kept while the agent
//! stays READY, when an offer is over without the agent's fault, and after a call that was not routed.
//! It begins anew after NOT_READY, after wrap-up and after a routed call. (Reference acd-and-telephony, 3.4,
//! which asks for the choice to be written down.)

use crate::config::UNSET;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;
use crate::timers::Timer;
use crate::transitions::{By, On, Reason, Situation, State, TABLE, Target, Then, find};

use super::{Agent, Login, Pending, Told};

/// What comes with an input, for the rows that want it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    /// Reason code of a request.
    pub(crate) reason: u16,
    /// Who asks.
    pub(crate) by: By,
}

impl Given {
    /// At the phone, or by a timer.
    pub(crate) const NOTHING: Self = Self {
        reason: 0,
        by: By::Force,
    };
}

impl Acd {
    /// What the table says to an input.
    pub(crate) fn row(&self, index: AgentIndex, on: On, wrap_up: Option<u32>) -> Option<Then> {
        let agent = self.agents.get(index.0)?;
        let settings = self.directory.desk_settings(Some(index));
        let allowed = |mode| matches!(mode, 0 | 1 | 3);
        let situation = Situation {
            wrap_up: wrap_up.is_some_and(|mode| match mode {
                0 | 3 => true,
                1 => agent.asked_for_wrap_up(),
                _ => false,
            }),
            wrap_up_allowed: allowed(settings.wrapup_incoming) || allowed(settings.wrapup_outgoing),
            next: agent.next().0,
        };
        find(TABLE, agent.place(), on, situation)
    }

    /// Does what the table says to something that nobody asked for.
    pub(crate) fn happen(
        &mut self,
        now: i64,
        index: AgentIndex,
        on: On,
        wrap_up: Option<u32>,
        out: &mut Vec<Output>,
    ) {
        if let Some(then) = self.row(index, on, wrap_up) {
            self.follow(now, index, then, Given::NOTHING, out);
        }
    }

    /// Does what a row says. Telling the same again, and refusing, is for who asked.
    pub(crate) fn follow(
        &mut self,
        now: i64,
        index: AgentIndex,
        then: Then,
        given: Given,
        out: &mut Vec<Output>,
    ) {
        match then {
            Then::Go(to, reason) => {
                let reason = self.reason_of(index, reason, given);
                self.change(now, index, to, reason, out);
            }
            Then::Pend(target, reason) => {
                self.set_pending(index, target, reason, given);
                let login = self.login_of(index);
                self.tell(now, index, &Told::new(login), None, out);
            }
            Then::PendQuietly(target, reason) => self.set_pending(index, target, reason, given),
            Then::Keep | Then::Refuse(..) => {}
        }
    }

    /// Puts an agent who is signed in into another state and tells of it.
    fn change(
        &mut self,
        now: i64,
        index: AgentIndex,
        to: State,
        reason: u16,
        out: &mut Vec<Output>,
    ) {
        let login = self.login_of(index);
        let Some(from) = self.put(now, index, to, reason) else {
            return;
        };
        if to == State::Logout {
            self.release_line(login.as_ref(), out);
        }
        self.tell(now, index, &Told::new(login), None, out);
        if from.work() && !to.work() {
            self.wrap_up_over(now, index, out);
        }
        if from.reserved() && to != State::Talking {
            self.reservation_lost(now, index, out);
        }
    }

    /// The state itself, with all that hangs on it but the telling. Answers with the state before.
    pub(crate) fn put(
        &mut self,
        now: i64,
        index: AgentIndex,
        to: State,
        reason: u16,
    ) -> Option<State> {
        let settings = self.directory.desk_settings(Some(index));
        let agent = self.agents.get_mut(index.0)?;
        let from = agent.enter(now, to, reason);
        if let Some((due, timer)) = agent.due.take() {
            self.timers.cancel(due, timer);
        }
        let timer = match to {
            State::WorkNotReady | State::WorkReady => {
                Some((settings.work_mode_timer, Timer::Work(index)))
            }
            State::NotReady => Some((settings.logout_non_activity_time, Timer::Inactivity(index))),
            _ => None,
        };
        if let Some((seconds, timer)) = timer
            && seconds != UNSET
            && seconds != 0
        {
            let due = now.saturating_add(i64::from(seconds).saturating_mul(1000));
            agent.due = Some((due, timer));
            self.timers.set(due, timer);
        }
        if to == State::Logout {
            let device = agent.login.take().map(|login| login.device);
            if let Some(owner) = device.and_then(|device| self.owners.get_mut(device.0)) {
                *owner = None;
            }
        }
        self.note_availability(now, index);
        Some(from)
    }

    fn set_pending(&mut self, index: AgentIndex, target: Target, reason: Reason, given: Given) {
        let reason = self.reason_of(index, reason, given);
        if let Some(agent) = self.agents.get_mut(index.0) {
            agent.pending = Some(Pending {
                target,
                reason,
                by: given.by,
            });
        }
    }

    fn reason_of(&self, index: AgentIndex, reason: Reason, given: Given) -> u16 {
        match reason {
            Reason::Zero => 0,
            Reason::Asked => given.reason,
            Reason::Next => self.agents.get(index.0).map_or(0, |agent| agent.next().1),
            Reason::Code(code) => code,
        }
    }

    pub(crate) fn login_of(&self, index: AgentIndex) -> Option<Login> {
        self.agents.get(index.0)?.login.clone()
    }

    /// WorkModeTimer is over.
    pub(crate) fn work_due(&mut self, now: i64, index: AgentIndex, out: &mut Vec<Output>) {
        if let Some(agent) = self.agents.get_mut(index.0) {
            agent.due = None;
            self.happen(now, index, On::WorkTimer, None, out);
        }
    }

    /// LogoutNonActivityTime is over. Dialling is activity.
    pub(crate) fn inactivity_due(&mut self, now: i64, index: AgentIndex, out: &mut Vec<Output>) {
        let settings = self.directory.desk_settings(Some(index));
        let Some(agent) = self.agents.get_mut(index.0) else {
            return;
        };
        agent.due = None;
        if agent.busy {
            let seconds = i64::from(settings.logout_non_activity_time);
            let due = now.saturating_add(seconds.saturating_mul(1000));
            agent.due = Some((due, Timer::Inactivity(index)));
            self.timers.set(due, Timer::Inactivity(index));
        } else {
            self.happen(now, index, On::Inactivity, None, out);
        }
    }
}

impl Agent {
    /// Whether wrap-up that is optional follows: the agent asked for it, or for NOT_READY.
    fn asked_for_wrap_up(&self) -> bool {
        self.pending.is_some_and(|pending| {
            pending.by == By::Agent
                && matches!(
                    pending.target,
                    Target::NotReady | Target::WorkNotReady | Target::WorkReady
                )
        })
    }

    fn enter(&mut self, now: i64, to: State, reason: u16) -> State {
        let from = self.place();
        // The same state for the same reason goes on; another reason begins anew.
        if (from, self.reason) != (to, reason) {
            self.since = now;
        }
        if to.work() {
            self.before = self.next();
        } else if to.on_call() {
            match from {
                State::Ready => self.before = (Target::Ready, 0),
                State::NotReady => self.before = (Target::NotReady, self.reason),
                _ => {}
            }
        }
        if !to.on_call() {
            self.pending = None;
        }
        let routed = from.reserved() && to == State::Talking;
        if routed {
            self.not_arrived = 0;
        }
        if routed || to.work() || matches!(to, State::NotReady | State::Logout) {
            self.available_since = None;
        }
        if !to.on_call() && !to.work() {
            self.serving = None;
        }
        if to == State::Logout {
            self.busy = false;
            self.not_arrived = 0;
        }
        self.state = to.wire();
        self.direction = to.direction();
        self.reason = reason;
        from
    }
}
