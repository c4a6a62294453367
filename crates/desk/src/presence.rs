//! Presence of an agent's event channels: an agent who is gone too long is signed out.
//!
//! Only agents who had a channel are watched; one who works by REST alone never is. Back within the grace changes
//! nothing. Who was watched when the server ended has the grace again when it is back: nobody else can say that the
//! desktop of such an agent is gone. Rules: finesse-api.md 6.1.

use tact_ged188::AgentState;

use crate::agent::{is_on_call, is_signed_in};
use crate::backlog::{By, Work};
use crate::timer::Timer;
use crate::{Action, Desk, Keep, Load, Note, Output};

/// Reason code of a sign-out because the desktop was lost.
const REASON_DESKTOP_LOST: u16 = 255;
/// Agents watched at a time; each has at least one channel, which are bounded too.
const MAX_WATCHED: usize = 100_000;

/// What an agent hears events by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// XMPP over HTTP.
    Bosh,
    /// XMPP over WebSocket.
    WebSocket,
    /// XMPP over TCP.
    Tcp,
    /// `/events`.
    Events,
}

/// How it was noticed that a channel is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noticed {
    /// The client said so: it left, or said that it is not available.
    Left,
    /// The connection was closed without a word.
    Closed,
    /// Nothing was heard for too long.
    Silent,
    /// Another session took its address, and has not said that it is available.
    Replaced,
    /// The server ended it: the client broke the rules or did not read.
    Ended,
    /// The server was started again, and the desktop has not come back.
    Restart,
}

/// How an agent's last channel went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Which; unknown after a restart.
    pub channel: Option<Channel>,
    /// How that was noticed.
    pub noticed: Noticed,
}

/// The absence of an agent's desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absence {
    /// When the last channel went, milliseconds since 1970; after a restart, when the desk was in service.
    pub since: i64,
    /// How.
    pub loss: Loss,
}

/// What is known of an agent's channels. An agent never seen is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// There is one.
    Available,
    /// There was one before the server started; the grace begins with the service.
    Expected,
    /// The last one is gone; the grace runs.
    Gone(Absence),
    /// The grace is over; waiting for the end of a call, or for the service to come back.
    Overdue(Absence),
}

impl Desk {
    pub(crate) fn presence_changed(
        &mut self,
        now: i64,
        agent: &str,
        lost: Option<Loss>,
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
        let Some(loss) = lost else {
            if self.presence.len() < MAX_WATCHED || self.presence.contains_key(&id) {
                self.presence.insert(id.clone(), Presence::Available);
            }
            self.timers.cancel(&timer);
            if let Some(entry) = self.directory.get_mut(&id) {
                entry.requests.drop_forced();
                self.keep_watch(&id, out);
                self.send_request(now, &id, out);
            }
            return;
        };
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
            let absence = Absence { since: now, loss };
            self.presence.insert(id, Presence::Gone(absence));
            self.timers.set(timer, now + self.config.presence_grace_ms);
        } else {
            self.presence.remove(&id);
        }
    }

    /// The server was started again, with the agents who were watched when it ended.
    pub(crate) fn restarted(&mut self, now: i64, watched: Vec<String>, out: &mut Vec<Output>) {
        for id in watched.into_iter().take(MAX_WATCHED) {
            self.presence.entry(id).or_insert(Presence::Expected);
        }
        if self.session.service.in_service {
            self.expect_back(now, out);
        }
    }

    /// The service is there: whoever is expected has the grace from now on.
    pub(crate) fn expect_back(&mut self, now: i64, out: &mut Vec<Output>) {
        let expected = self
            .presence
            .iter()
            .filter(|(_, presence)| **presence == Presence::Expected);
        let ids: Vec<String> = expected.map(|(id, _)| id.clone()).collect();
        let loss = Loss {
            channel: None,
            noticed: Noticed::Restart,
        };
        for id in ids {
            let entry = self.directory.get_mut(&id);
            match entry.filter(|entry| entry.agent.is_signed_in()) {
                Some(entry) => {
                    entry.watched = true;
                    let absence = Absence { since: now, loss };
                    self.presence.insert(id.clone(), Presence::Gone(absence));
                    let due = now + self.config.presence_grace_ms;
                    self.timers.set(Timer::Presence(id), due);
                }
                None => {
                    self.presence.remove(&id);
                    out.push(Output::Keep(Keep::Watched {
                        agent: id,
                        watched: false,
                    }));
                }
            }
        }
    }

    /// Says for the time after a restart whether an agent is watched, when that has changed.
    pub(crate) fn keep_watch(&mut self, id: &str, out: &mut Vec<Output>) {
        let has_channel = self.presence.contains_key(id);
        let Some(entry) = self.directory.get_mut(id) else {
            return;
        };
        // What is not known has not changed.
        if entry.agent.state == AgentState::UNKNOWN {
            return;
        }
        let watched = has_channel && is_signed_in(entry.agent.state);
        if std::mem::replace(&mut entry.watched, watched) != watched {
            out.push(Output::Keep(Keep::Watched {
                agent: id.to_owned(),
                watched,
            }));
        }
    }

    pub(crate) fn grace_over(&mut self, now: i64, id: &str, out: &mut Vec<Output>) {
        if let Some(presence) = self.presence.get_mut(id) {
            if let Presence::Gone(absence) = *presence {
                *presence = Presence::Overdue(absence);
            }
            self.enforce_presence(now, id, out);
        }
    }

    /// Does what is due for every agent; the service is back.
    pub(crate) fn presence_overdue(&mut self, now: i64, out: &mut Vec<Output>) {
        let overdue = self
            .presence
            .iter()
            .filter(|(_, presence)| matches!(presence, Presence::Overdue(_)));
        let ids: Vec<String> = overdue.map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.enforce_presence(now, &id, out);
        }
    }

    /// Does what is due for an agent, unless a call is going on or the service is away.
    pub(crate) fn enforce_presence(&mut self, now: i64, id: &str, out: &mut Vec<Output>) {
        let Some(Presence::Overdue(absence)) = self.presence.get(id).copied() else {
            return;
        };
        if !self.session.service.in_service {
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
                by: By::Presence(absence),
            });
        }
        out.push(Output::Note(Note::PresenceLost {
            agent: id.to_owned(),
        }));
        self.keep_watch(id, out);
        self.send_request(now, id, out);
    }

    /// An agent who signed out with no channel left is not watched any more.
    pub(crate) fn presence_of_signed_out(&mut self, id: &str) {
        if matches!(
            self.presence.get(id),
            Some(Presence::Gone(_) | Presence::Overdue(_))
        ) {
            self.presence.remove(id);
            self.timers.cancel(&Timer::Presence(id.to_owned()));
        }
    }
}
