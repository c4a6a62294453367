//! Presence of an agent's event channels: an agent who is gone too long is signed out.
//!
//! Only agents who had a channel are watched; one who works by REST alone never is. Back within
//! the grace changes nothing. Rules: finesse-api.md 6.1.

use tact_ged188::AgentState;

use crate::agent::is_on_call;
use crate::backlog::{By, Work};
use crate::timer::Timer;
use crate::{Action, Desk, Load, Note, Output};

/// Reason code of a sign-out because the desktop was lost.
const REASON_DESKTOP_LOST: u16 = 255;
/// Agents watched at a time; each has at least one channel, which are bounded too.
const MAX_WATCHED: usize = 100_000;

/// What is known of an agent's channels. An agent never seen is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// There is one.
    Available,
    /// The last one is gone; the grace runs.
    Gone,
    /// The grace is over; waiting for the end of a call, or for the service to come back.
    Overdue,
}

impl Desk {
    pub(crate) fn presence_changed(
        &mut self,
        now: i64,
        agent: &str,
        available: bool,
        out: &mut Vec<Output>,
    ) {
        let id = match self
            .agent(agent)
            .or_else(|| self.agent_by_login_name(agent))
        {
            Some(agent) => agent.id.clone(),
            None => agent.to_owned(),
        };
        let timer = Timer::Presence(id.clone());
        if available {
            if self.presence.len() < MAX_WATCHED || self.presence.contains_key(&id) {
                self.presence.insert(id.clone(), Presence::Available);
            }
            self.timers.cancel(&timer);
            if let Some(entry) = self.directory.get_mut(&id) {
                entry.requests.drop_forced();
                self.send_request(now, &id, out);
            }
            return;
        }
        if !self.presence.contains_key(&id) {
            return;
        }
        let watched = match self.directory.get(&id) {
            Some(entry) => {
                entry.agent.is_signed_in()
                    || entry.agent.state == AgentState::UNKNOWN
                    || entry.requests.is_signing_in()
            }
            // The directory is not loaded yet.
            None => !self.session.service.in_service,
        };
        if watched {
            self.presence.insert(id, Presence::Gone);
            self.timers.set(timer, now + self.config.presence_grace_ms);
        } else {
            self.presence.remove(&id);
        }
    }

    pub(crate) fn grace_over(&mut self, now: i64, id: &str, out: &mut Vec<Output>) {
        if let Some(presence) = self.presence.get_mut(id) {
            *presence = Presence::Overdue;
            self.enforce_presence(now, id, out);
        }
    }

    /// Does what is due for every agent; the service is back.
    pub(crate) fn presence_overdue(&mut self, now: i64, out: &mut Vec<Output>) {
        let overdue = self
            .presence
            .iter()
            .filter(|(_, presence)| **presence == Presence::Overdue);
        let ids: Vec<String> = overdue.map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.enforce_presence(now, &id, out);
        }
    }

    /// Does what is due for an agent, unless a call is going on or the service is away.
    pub(crate) fn enforce_presence(&mut self, now: i64, id: &str, out: &mut Vec<Output>) {
        if self.presence.get(id) != Some(&Presence::Overdue) || !self.session.service.in_service {
            return;
        }
        let Some(entry) = self.directory.get_mut(id) else {
            self.presence.remove(id);
            return;
        };
        let state = entry.agent.state;
        if state == AgentState::UNKNOWN || is_on_call(state) {
            return;
        }
        self.presence.remove(id);
        if !entry.agent.is_signed_in() {
            return;
        }
        let reason = Some(REASON_DESKTOP_LOST);
        let not_ready = Action::SetState {
            state: AgentState::NOT_READY,
            reason,
        };
        let sign_out = Action::SignOut { reason };
        let actions = match self.config.load {
            Load::NotReady => vec![not_ready],
            Load::SignOut if state == AgentState::NOT_READY && entry.requests.is_idle() => {
                vec![sign_out]
            }
            // Only NOT_READY can be left by signing out.
            Load::SignOut => vec![not_ready, sign_out],
        };
        for action in actions {
            entry.requests.push(Work {
                action,
                request_id: None,
                by: By::Presence,
            });
        }
        out.push(Output::Note(Note::PresenceLost {
            agent: id.to_owned(),
        }));
        self.send_request(now, id, out);
    }

    /// An agent who signed out with no channel left is not watched any more.
    pub(crate) fn presence_of_signed_out(&mut self, id: &str) {
        if matches!(
            self.presence.get(id),
            Some(Presence::Gone | Presence::Overdue)
        ) {
            self.presence.remove(id);
            self.timers.cancel(&Timer::Presence(id.to_owned()));
        }
    }
}
