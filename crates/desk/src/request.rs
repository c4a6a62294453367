//! The queue of each agent's requests, and which event or failure ends which request.
//!
//! A request goes out only after the confirmation of the one before (finesse-api.md 1.6). It ends
//! once: with the event that shows what was asked for, or with a failure. Confirmation and event
//! come in any order (reference section 5.10), so both are waited for.

use std::collections::VecDeque;

use tact_ged188::{ControlFailure, PeripheralError};

use crate::agent::{SignOutCause, is_on_call};
use crate::login;
use crate::query::Ask;
use crate::session::Awaiting;
use crate::timer::Timer;
use crate::{Action, Agent, Desk, Output, Pending, Publish, Reject, Request};

/// Who wants something done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    Agent,
    Supervisor(String),
    /// The desk itself: the agent's presence was lost.
    Presence,
}

/// One thing to do for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) action: Action,
    pub(crate) request_id: Option<String>,
    pub(crate) by: By,
}

/// Work that went out.
#[derive(Debug)]
struct Sent {
    invoke: u32,
    work: Work,
    /// SET_AGENT_STATE_CONF came.
    confirmed: bool,
    /// Its client was told the outcome.
    ended: bool,
}

/// The queue of one agent.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    queued: VecDeque<Work>,
    sent: VecDeque<Sent>,
}

impl Requests {
    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.queued.is_empty() && self.sent.iter().all(|sent| sent.ended)
    }

    /// Whether a sign-in is under way.
    pub(crate) fn is_signing_in(&self) -> bool {
        let signs_in = |work: &Work| matches!(work.action, Action::SignIn { .. });
        self.queued.iter().any(signs_in)
            || self
                .sent
                .iter()
                .any(|sent| !sent.ended && signs_in(&sent.work))
    }

    pub(crate) fn push(&mut self, work: Work) {
        self.queued.push_back(work);
    }

    /// Takes back what the loss of presence asked for and has not gone out.
    pub(crate) fn drop_forced(&mut self) {
        self.queued.retain(|work| work.by != By::Presence);
    }

    fn len(&self) -> usize {
        self.queued.len() + self.sent.len()
    }

    /// The next work to go out, when the last one is confirmed.
    fn next(&mut self) -> Option<Work> {
        if self.sent.iter().all(|sent| sent.confirmed) {
            self.queued.pop_front()
        } else {
            None
        }
    }

    fn take(&mut self, invoke: u32) -> Option<Sent> {
        let position = self.sent.iter().position(|sent| sent.invoke == invoke)?;
        self.sent.remove(position)
    }

    /// Ends what the agent's new state shows to be done, oldest first.
    fn end_reached(&mut self, agent: &Agent, moved: bool) -> Vec<Work> {
        let reached = |sent: &Sent| {
            !sent.ended && login::is_reached(&sent.work, agent, moved, sent.confirmed)
        };
        let Some(last) = self.sent.iter().position(reached) else {
            return Vec::new();
        };
        let mut ended = Vec::new();
        // What was confirmed before it was done too, though the server told only of the outcome.
        for sent in self
            .sent
            .iter_mut()
            .take(last + 1)
            .filter(|sent| !sent.ended)
        {
            sent.ended = true;
            ended.push(sent.work.clone());
        }
        ended
    }

    /// Forgets what is confirmed and ended; the InvokeIDs that are no longer waited for.
    fn sweep(&mut self) -> Vec<u32> {
        let done = |sent: &Sent| sent.ended && sent.confirmed;
        let invokes = self
            .sent
            .iter()
            .filter(|sent| done(sent))
            .map(|sent| sent.invoke)
            .collect();
        self.sent.retain(|sent| !done(sent));
        invokes
    }

    /// Takes everything out; what had not ended, and every InvokeID.
    fn drain(&mut self) -> (Vec<Work>, Vec<u32>) {
        let invokes = self.sent.iter().map(|sent| sent.invoke).collect();
        let sent = self
            .sent
            .drain(..)
            .filter(|sent| !sent.ended)
            .map(|sent| sent.work);
        let works = sent.chain(self.queued.drain(..)).collect();
        (works, invokes)
    }
}

impl Desk {
    pub(crate) fn request(
        &mut self,
        now: i64,
        request: Request,
        out: &mut Vec<Output>,
    ) -> Result<(), Reject> {
        if !self.session.service.in_service {
            return Err(Reject::OutOfService);
        }
        let Some(entry) = self.directory.get(&request.agent) else {
            return Err(Reject::UnknownAgent);
        };
        let by = if request.by == request.agent {
            By::Agent
        } else {
            By::Supervisor(request.by)
        };
        if let By::Supervisor(id) = &by {
            let supervises = self.directory.get(id).is_some_and(|supervisor| {
                supervisor
                    .supervises
                    .iter()
                    .any(|team| entry.member_of.contains(team))
            });
            if !supervises {
                return Err(Reject::InvalidSupervisor);
            }
        }
        login::check(&request.action, matches!(by, By::Supervisor(_)))?;
        if entry.requests.len() >= Self::MAX_REQUESTS {
            return Err(Reject::TooManyRequests);
        }
        let asks_settings =
            matches!(request.action, Action::SignIn { .. }) && !entry.settings_known;
        let work = Work {
            action: request.action,
            request_id: request.request_id,
            by,
        };
        if let Some(entry) = self.directory.get_mut(&request.agent) {
            entry.requests.push(work);
        }
        if asks_settings {
            self.ask(now, Ask::Settings(Some(request.agent.clone())), out);
        }
        self.send_request(now, &request.agent, out);
        Ok(())
    }

    /// Sends the agent's next request, when the last one is confirmed.
    pub(crate) fn send_request(&mut self, now: i64, id: &str, out: &mut Vec<Output>) {
        if !self.session.service.in_service {
            return;
        }
        let Some(entry) = self.directory.get_mut(id) else {
            return;
        };
        let Some(work) = entry.requests.next() else {
            return;
        };
        let invoke = self.session.invoke(Awaiting::Request(id.to_owned()));
        out.push(Output::Send(
            login::set_agent_state(&work, &entry.agent, self.config.peripheral_id, invoke).into(),
        ));
        entry.requests.sent.push_back(Sent {
            invoke,
            work,
            confirmed: false,
            ended: false,
        });
        self.timers
            .set(Timer::Answer(invoke), now + self.config.request_timeout_ms);
    }

    /// The agent that an InvokeID's request is about.
    fn request_agent(&self, invoke: u32) -> Option<String> {
        match self.session.awaiting.get(&invoke) {
            Some(Awaiting::Request(id)) => Some(id.clone()),
            _ => None,
        }
    }

    fn forget(&mut self, invoke: u32) {
        self.session.awaiting.remove(&invoke);
        self.timers.cancel(&Timer::Answer(invoke));
    }

    /// SET_AGENT_STATE_CONF.
    pub(crate) fn request_confirmed(&mut self, now: i64, invoke: u32, out: &mut Vec<Output>) {
        let Some(id) = self.request_agent(invoke) else {
            return;
        };
        let Some(entry) = self.directory.get_mut(&id) else {
            return;
        };
        let agent = &mut entry.agent;
        // Nothing older may be open: its event could still lead away from here.
        let is_first = entry
            .requests
            .sent
            .iter()
            .find(|sent| !sent.ended)
            .map(|sent| sent.invoke)
            == Some(invoke);
        let mut shown = None;
        if let Some(sent) = entry
            .requests
            .sent
            .iter_mut()
            .find(|sent| sent.invoke == invoke)
        {
            sent.confirmed = true;
            let waits_for_call = pending(&sent.work).filter(|_| is_on_call(agent.state));
            if waits_for_call.is_some() && !sent.ended {
                agent.pending = waits_for_call;
            }
            if !sent.ended
                && (waits_for_call.is_some() || (is_first && login::is_there(&sent.work, agent)))
            {
                sent.ended = true;
                shown = Some(sent.work.clone());
            }
        }
        let swept = entry.requests.sweep();
        if let Some(work) = shown {
            self.show_outcome(&id, &work, out);
        }
        for invoke in swept {
            self.forget(invoke);
        }
        self.send_request(now, &id, out);
    }

    /// The CTI server or the peripheral refused a request.
    pub(crate) fn request_failed(
        &mut self,
        now: i64,
        invoke: u32,
        failure: ControlFailure,
        peripheral_error: u32,
        out: &mut Vec<Output>,
    ) {
        let Some(id) = self.request_agent(invoke) else {
            return;
        };
        self.forget(invoke);
        let Some(entry) = self.directory.get_mut(&id) else {
            return;
        };
        if let Some(sent) = entry.requests.take(invoke).filter(|sent| !sent.ended) {
            let signed_in_already = matches!(sent.work.action, Action::SignIn { .. })
                && login::is_there(&sent.work, &entry.agent)
                && (failure == ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON
                    || PeripheralError(peripheral_error)
                        == PeripheralError::TELDRIVE_AGENTALREADYSIGNEDON);
            if signed_in_already {
                // Signing in again keeps the state and is no error to the client.
                self.show_outcome(&id, &sent.work, out);
            } else {
                publish_failure(&id, sent.work, failure, peripheral_error, out);
            }
        }
        self.send_request(now, &id, out);
    }

    /// Neither event nor failure came in time.
    pub(crate) fn request_timed_out(&mut self, now: i64, invoke: u32, out: &mut Vec<Output>) {
        let Some(id) = self.request_agent(invoke) else {
            return;
        };
        self.forget(invoke);
        let sent = self
            .directory
            .get_mut(&id)
            .and_then(|entry| entry.requests.take(invoke));
        if let Some(sent) = sent.filter(|sent| !sent.ended) {
            publish_failure(&id, sent.work, ControlFailure::GENERIC_UNSPECIFIED, 0, out);
            // Whatever happened to it, the mirror must not stay wrong.
            self.ask(now, Ask::State(id.clone()), out);
        }
        self.send_request(now, &id, out);
    }

    /// Ends the requests that an agent's new state shows to be done. Whether any client was told.
    pub(crate) fn end_reached_requests(
        &mut self,
        id: &str,
        moved: bool,
        out: &mut Vec<Output>,
    ) -> bool {
        let Some(entry) = self.directory.get_mut(id) else {
            return false;
        };
        let ended = entry.requests.end_reached(&entry.agent, moved);
        let swept = entry.requests.sweep();
        for work in &ended {
            match (&work.action, &mut entry.agent) {
                (Action::SignIn { mobile, .. }, agent) => agent.mobile.clone_from(mobile),
                (Action::SignOut { .. }, agent) if !agent.is_signed_in() => {
                    agent.signed_out_because = Some(match &work.by {
                        By::Agent => SignOutCause::Requested { by: id.to_owned() },
                        By::Supervisor(by) => SignOutCause::Requested { by: by.clone() },
                        By::Presence => SignOutCause::PresenceLost,
                    });
                }
                _ => {}
            }
        }
        for invoke in swept {
            self.forget(invoke);
        }
        let mut told = false;
        for work in ended.iter().filter(|work| work.by != By::Presence) {
            self.show_outcome(id, work, out);
            told = true;
        }
        told
    }

    fn show_outcome(&mut self, id: &str, work: &Work, out: &mut Vec<Output>) {
        if work.by == By::Presence {
            self.show_if_changed(id, out);
        } else {
            self.publish_user(id, work.request_id.clone(), out);
        }
    }

    /// Ends everything under way: the link or the peripheral is gone.
    pub(crate) fn fail_all_requests(&mut self, out: &mut Vec<Output>) {
        let ids: Vec<String> = self
            .directory
            .iter()
            .filter(|entry| entry.requests.len() > 0)
            .map(|entry| entry.agent.id.clone())
            .collect();
        for id in ids {
            self.fail_requests_of(&id, out);
        }
    }

    pub(crate) fn fail_requests_of(&mut self, id: &str, out: &mut Vec<Output>) {
        let Some(entry) = self.directory.get_mut(id) else {
            return;
        };
        let (works, invokes) = entry.requests.drain();
        for invoke in invokes {
            self.forget(invoke);
        }
        for work in works {
            publish_failure(id, work, ControlFailure::GENERIC_UNSPECIFIED, 0, out);
        }
    }
}

/// What a request leaves pending when it is confirmed during a call.
fn pending(work: &Work) -> Option<Pending> {
    match work.action {
        Action::SignIn { .. } | Action::Call(_) => None,
        Action::SignOut { .. } => Some(Pending {
            state: tact_ged188::AgentState::LOGOUT,
            reason: work.reason(),
        }),
        Action::SetState { state, .. } => Some(Pending {
            state,
            reason: work.reason(),
        }),
    }
}

/// Tells the client of a failure. What the desk itself asked for has no client.
fn publish_failure(
    id: &str,
    work: Work,
    failure: ControlFailure,
    peripheral_error: u32,
    out: &mut Vec<Output>,
) {
    if work.by != By::Presence {
        out.push(Output::Publish(Publish::UserError {
            agent: id.to_owned(),
            request_id: work.request_id,
            failure,
            peripheral_error,
            action: work.action,
        }));
    }
}
