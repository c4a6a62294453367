//! The life of a request: accepted, sent, confirmed, ended by an event or a failure.
//!
//! It ends once. Confirmation and event come in any order (reference section 5.10), so both are
//! waited for. Which event ends it, `login` and `call_outcome` know.

use tact_ged188::{ControlFailure, Message, PeripheralError};

use crate::agent::{ReservedFor, SignOutCause, is_on_call};
use crate::backlog::{By, Work};
use crate::call_rights::supervises;
use crate::login;
use crate::query::Ask;
use crate::session::Awaiting;
use crate::timer::Timer;
use crate::{Action, CallAction, Desk, MobileMode, Output, Pending, Publish, Reject, Request};

/// Milliseconds that a mobile agent's phone may ring at sign-in.
const NAILED_MS: i64 = 60_000;

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
            let supervisor = self.directory.get(id);
            if !supervisor.is_some_and(|supervisor| supervises(supervisor, entry)) {
                return Err(Reject::InvalidSupervisor);
            }
        }
        match &request.action {
            // What concerns a call is asked in one's own name.
            Action::Call(_) if by != By::Agent => return Err(Reject::InvalidSupervisor),
            Action::Call(action) => self.check_call(entry, action)?,
            action => login::check(action, matches!(by, By::Supervisor(_)))?,
        }
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
        while let Some(work) = self
            .directory
            .get_mut(id)
            .and_then(|entry| entry.requests.next())
        {
            let invoke = self.session.invoke(Awaiting::Request(id.to_owned()));
            match self.message(id, &work, invoke) {
                Ok(message) => {
                    out.push(Output::Send(message));
                    self.went_out(now, id, invoke, work);
                    return;
                }
                Err(failure) => {
                    self.session.awaiting.remove(&invoke);
                    publish_failure(id, work, failure, 0, out);
                }
            }
        }
    }

    /// The message for one piece of work, or the failure that it is known to have.
    fn message(&self, id: &str, work: &Work, invoke: u32) -> Result<Message, ControlFailure> {
        if let Some(action) = work.call() {
            return self.call_request(id, action, invoke);
        }
        let entry = self.directory.get(id);
        let agent = &entry
            .ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?
            .agent;
        Ok(login::set_agent_state(work, agent, self.config.peripheral_id, invoke).into())
    }

    fn went_out(&mut self, now: i64, id: &str, invoke: u32, work: Work) {
        if let Some(CallAction::DropParticipant { dialog, .. }) = work.call()
            && let Some(call) = self.calls.get_mut(*dialog)
        {
            call.watchers.insert(id.to_owned());
        }
        // A nailed connection is confirmed when somebody picks up.
        let rings = match &work.action {
            Action::SignIn {
                mobile: Some(mobile),
                ..
            } if mobile.mode == MobileMode::NailedConnection => NAILED_MS,
            _ => 0,
        };
        if let Some(entry) = self.directory.get_mut(id) {
            entry.requests.went_out(invoke, work);
        }
        let due = now + self.config.request_timeout_ms + rings;
        self.timers.set(Timer::Answer(invoke), due);
    }

    /// The agent that an InvokeID's request is about.
    fn request_agent(&self, invoke: u32) -> Option<String> {
        match self.session.awaiting.get(&invoke) {
            Some(Awaiting::Request(id)) => Some(id.clone()),
            _ => None,
        }
    }

    pub(crate) fn forget(&mut self, invoke: u32) {
        self.session.awaiting.remove(&invoke);
        self.timers.cancel(&Timer::Answer(invoke));
    }

    /// A confirmation; of requests that make a call it names the call.
    pub(crate) fn request_confirmed(
        &mut self,
        now: i64,
        invoke: u32,
        call: Option<u32>,
        out: &mut Vec<Output>,
    ) {
        let Some(id) = self.request_agent(invoke) else {
            return;
        };
        let Some(entry) = self.directory.get_mut(&id) else {
            return;
        };
        let Some(sent) = entry.requests.sent_mut().find(|sent| sent.invoke == invoke) else {
            return;
        };
        sent.confirmed = true;
        if sent.work.call().is_some() {
            self.call_confirmed(&id, invoke, call, out);
        } else {
            self.state_confirmed(&id, invoke, out);
        }
        if let Some(entry) = self.directory.get_mut(&id) {
            for invoke in entry.requests.sweep() {
                self.forget(invoke);
            }
        }
        self.send_request(now, &id, out);
    }

    /// SET_AGENT_STATE_CONF: ends what waits for the end of a call, and what is so already.
    fn state_confirmed(&mut self, id: &str, invoke: u32, out: &mut Vec<Output>) {
        let Some(entry) = self.directory.get_mut(id) else {
            return;
        };
        let agent = &mut entry.agent;
        // Nothing older may be open: its event could still lead away from here.
        let is_first = entry
            .requests
            .sent()
            .find(|sent| !sent.ended && sent.work.call().is_none())
            .map(|sent| sent.invoke)
            == Some(invoke);
        let Some(sent) = entry
            .requests
            .sent_mut()
            .find(|sent| sent.invoke == invoke && !sent.ended)
        else {
            return;
        };
        let waits_for_call = pending(&sent.work).filter(|_| is_on_call(agent.state));
        if waits_for_call.is_some() {
            agent.pending = waits_for_call;
            if matches!(sent.work.action, Action::SignOut { .. }) {
                entry.to_sign_out = Some(cause(id, &sent.work));
            }
        }
        let previews = agent.reserved_for == ReservedFor::Preview;
        if waits_for_call.is_some()
            && previews
            && matches!(sent.work.action, Action::SetState { .. })
        {
            // Of this nobody is told before it happens (finesse-api.md 3.3).
            sent.ended = true;
            entry.shown.pending = waits_for_call;
            return;
        }
        if waits_for_call.is_some() || (is_first && login::is_there(&sent.work, agent)) {
            sent.ended = true;
            let work = sent.work.clone();
            self.show_outcome(id, &work, out);
        }
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
        if let Some(sent) = sent.filter(|sent| !sent.ended)
            && !self.call_timed_out(&id, &sent, out)
        {
            let call = sent.work.call().cloned();
            publish_failure(&id, sent.work, ControlFailure::GENERIC_UNSPECIFIED, 0, out);
            // Whatever happened to it, the mirror must not stay wrong.
            match call {
                Some(action) => self.ask_after(now, &action, out),
                None => self.ask(now, Ask::State(id.clone()), out),
            }
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
                // Who signs in again without saying where stays there.
                (Action::SignIn { mobile, .. }, agent) if moved || mobile.is_some() => {
                    agent.mobile.clone_from(mobile);
                }
                (Action::SignOut { .. }, agent) => {
                    let cause = cause(id, work);
                    if agent.is_signed_in() {
                        // After the call.
                        entry.to_sign_out = Some(cause);
                    } else {
                        agent.signed_out_because = Some(cause);
                    }
                }
                (Action::SetState { .. }, _) => entry.to_sign_out = None,
                _ => {}
            }
        }
        for invoke in swept {
            self.forget(invoke);
        }
        let mut told = false;
        for work in ended.iter().filter(|work| !work.by.is_presence()) {
            self.show_outcome(id, work, out);
            told = true;
        }
        told
    }

    fn show_outcome(&mut self, id: &str, work: &Work, out: &mut Vec<Output>) {
        if work.by.is_presence() {
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

/// What a sign-out is put down to that this asked for.
fn cause(id: &str, work: &Work) -> SignOutCause {
    match &work.by {
        By::Agent => SignOutCause::Requested { by: id.to_owned() },
        By::Supervisor(by) => SignOutCause::Requested { by: by.clone() },
        By::Presence(absence) => SignOutCause::PresenceLost(*absence),
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
pub(crate) fn publish_failure(
    id: &str,
    work: Work,
    failure: ControlFailure,
    peripheral_error: u32,
    out: &mut Vec<Output>,
) {
    if work.by.is_presence() {
        return;
    }
    let (agent, request_id) = (id.to_owned(), work.request_id);
    out.push(Output::Publish(match work.action {
        Action::Call(action) => Publish::DialogError {
            agent,
            dialog: action.dialog(),
            request_id,
            failure,
            peripheral_error,
            action,
        },
        action => Publish::UserError {
            agent,
            request_id,
            failure,
            peripheral_error,
            action,
        },
    }));
}
