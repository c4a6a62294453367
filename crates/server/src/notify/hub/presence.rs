//! Who is available, and who is told of it: the agent's other sessions, and whoever signs agents out.

use std::sync::Arc;

use tact_desk::Channel;
use tact_xmpp::event::Stanza;
use tact_xmpp::stream::Transport;

use super::{Agent, Hub};
use crate::notify::Presence;
use crate::notify::cause;
use crate::notify::session::{Address, Session};

impl Hub {
    pub(super) fn report(
        &self,
        of: &Agent,
        session: &Session,
        address: &Address,
        available: bool,
        cause: &'static str,
    ) {
        self.send(
            of,
            Presence {
                agent: address.agent.to_string(),
                jid: address.full.to_string(),
                available,
                last: false,
                channel: match session.transport {
                    Transport::Bosh => Channel::Bosh,
                    Transport::WebSocket => Channel::WebSocket,
                    Transport::Tcp => Channel::Tcp,
                },
                cause,
            },
        );
    }

    /// Somebody began to listen to a feed, or nobody does any more.
    pub(super) fn report_feed(
        &self,
        of: &Agent,
        agent: &str,
        jid: &str,
        cause: Option<&'static str>,
    ) {
        self.send(
            of,
            Presence {
                agent: agent.to_owned(),
                jid: jid.to_owned(),
                available: cause.is_none(),
                last: false,
                channel: Channel::Events,
                cause: cause.unwrap_or(cause::PRESENCE),
            },
        );
    }

    fn send(&self, of: &Agent, presence: Presence) {
        let last = !presence.available && !of.is_available();
        // The receiver is gone only while the server stops.
        let _ = self.presence.send(Presence { last, ..presence });
    }

    /// Takes a session's presence; true when it just became available.
    pub(in crate::notify) fn presence(
        &self,
        session: &Session,
        available: bool,
        hears: bool,
    ) -> bool {
        let Some(address) = session.address() else {
            return false;
        };
        let mut state = self.lock();
        let Some(agent) = state.agents.get_mut(&address.agent) else {
            return false;
        };
        let Some(entry) = agent
            .sessions
            .iter_mut()
            .find(|entry| entry.session.id == session.id)
        else {
            return false;
        };
        let changed = entry.available != available;
        entry.available = available;
        entry.hears = available && hears;
        if changed {
            self.report(agent, session, address, available, cause::PRESENCE);
        }
        changed && available
    }

    /// A session's client is absent for a while, or back.
    pub(in crate::notify) fn absent(&self, session: &Session, absent: bool) {
        let Some(address) = session.address() else {
            return;
        };
        let mut state = self.lock();
        let Some(agent) = state.agents.get_mut(&address.agent) else {
            return;
        };
        let mut own = agent.sessions.iter_mut();
        let Some(entry) = own.find(|entry| entry.session.id == session.id) else {
            return;
        };
        if std::mem::replace(&mut entry.absent, absent) != absent && entry.available {
            self.report(agent, session, address, !absent, cause::LOST);
        }
    }

    /// The other available sessions of the agent, which see its presence.
    pub(in crate::notify) fn siblings(
        &self,
        session: &Session,
    ) -> Vec<(Arc<Session>, Arc<Address>)> {
        let Some(address) = session.address() else {
            return Vec::new();
        };
        let state = self.lock();
        let Some(agent) = state.agents.get(&address.agent) else {
            return Vec::new();
        };
        agent
            .sessions
            .iter()
            .filter(|entry| entry.available && entry.session.id != session.id)
            .map(|entry| (Arc::clone(&entry.session), Arc::clone(&entry.address)))
            .collect()
    }
}

/// A stanza that one session shows to another of the same agent.
pub(in crate::notify) fn presence_between(from: &Address, to: &str, kind: Option<&str>) -> Stanza {
    Stanza::from(tact_xmpp::stanza::presence(&from.full, to, kind))
}
