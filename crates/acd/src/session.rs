//! Sessions: what each is, heartbeats, time-outs, CLOSE_REQ. How one is opened is `open`'s.
//!
//! Knows what a client may see and do; not what it asks for. Reference ged188, 3.1, 4.8 and 5.2 to 5.4.

use std::net::SocketAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tact_ged188::{
    AgentStateMask, CallMask, CloseConf, CloseReq, ConfigMask, Floats, HeartbeatConf, Protocol,
    Services, StatusCode, Tag,
};

use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::{ClientId, CloseReason, Output, Trace};
use crate::machine::Acd;
use crate::refusal::{fail_event, send};
use crate::timers::Timer;
use crate::variables::Registered;

/// Milliseconds that a connection may stay without an opened session.
pub const OPEN_TIMEOUT_MS: i64 = 30_000;

/// One connection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) address: SocketAddr,
    pub(crate) connected_at: i64,
    pub(crate) last_seen: i64,
    /// When its timer comes up.
    pub(crate) due: i64,
    pub(crate) phase: Phase,
}

/// How far a connection is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// No OPEN_REQ was granted yet.
    Connected,
    /// The session is open.
    Open(Box<Open>),
}

/// An open session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Open {
    pub(crate) protocol: Protocol,
    pub(crate) services: Services,
    pub(crate) call_mask: CallMask,
    pub(crate) state_mask: AgentStateMask,
    pub(crate) idle_ms: Option<i64>,
    pub(crate) client_id: String,
    /// What events about agents that this client signs in say.
    pub(crate) signature: Arc<str>,
    /// MonitorID in the client's own events; 0 for ALL_EVENTS.
    pub(crate) monitor_id: u32,
    /// What a CLIENT_EVENTS session is about.
    pub(crate) assigned: Option<Assigned>,
    /// Kinds of configuration whose changes it wants to hear of.
    pub(crate) config_mask: ConfigMask,
    /// Call variables that it wants; none registered is all.
    pub(crate) variables: Option<Registered>,
    /// ApplicationPathID, where it named one.
    pub(crate) application_path: Option<u32>,
}

/// The agent or the phone that a CLIENT_EVENTS session is about; at least one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Assigned {
    pub(crate) agent: Option<AgentIndex>,
    pub(crate) device: Option<DeviceIndex>,
}

impl Open {
    /// Whether the session hears of every agent.
    pub(crate) fn hears_all(&self) -> bool {
        self.services.contains(Services::ALL_EVENTS)
    }
}

impl Acd {
    pub(crate) fn connected(&mut self, now: i64, client: ClientId, address: SocketAddr) {
        let due = now.saturating_add(OPEN_TIMEOUT_MS);
        let session = Session {
            address,
            connected_at: now,
            last_seen: now,
            due,
            phase: Phase::Connected,
        };
        // A number that is given twice begins anew.
        self.forget(client);
        self.sessions.insert(client, session);
        self.timers.set(due, Timer::Session(client));
    }

    pub(crate) fn disconnected(&mut self, client: ClientId, out: &mut Vec<Output>) {
        let Some(session) = self.forget(client) else {
            return;
        };
        self.tell_closed(client, &session, None, out);
        if let Phase::Open(_) = session.phase {
            out.push(Output::Trace(Trace::Client {
                client,
                text: format!("Client {} disconnected without CLOSE_REQ.", session.address).into(),
            }));
        }
    }

    /// The open session of a client.
    pub(crate) fn session(&self, client: ClientId) -> Option<&Open> {
        match self.sessions.get(client)?.phase {
            Phase::Open(ref open) => Some(open),
            Phase::Connected => None,
        }
    }

    /// The same, to change it.
    pub(crate) fn session_mut(&mut self, client: ClientId) -> Option<&mut Open> {
        match self.sessions.get_mut(client)?.phase {
            Phase::Open(ref mut open) => Some(open),
            Phase::Connected => None,
        }
    }

    pub(crate) fn heartbeat(&self, client: ClientId, invoke_id: u32, out: &mut Vec<Output>) {
        send(
            out,
            client,
            HeartbeatConf {
                invoke_id,
                ..Default::default()
            },
        );
    }

    pub(crate) fn close_requested(
        &mut self,
        client: ClientId,
        request: &CloseReq,
        out: &mut Vec<Output>,
    ) {
        send(
            out,
            client,
            CloseConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        self.close(client, CloseReason::Requested, out);
    }

    /// Forgets the session and has its connection closed.
    pub(crate) fn close(&mut self, client: ClientId, reason: CloseReason, out: &mut Vec<Output>) {
        if let Some(session) = self.forget(client) {
            out.push(Output::Close { client, reason });
            // They will not live to hear of the others.
            if reason != CloseReason::Stopping {
                self.tell_closed(client, &session, Some(reason), out);
            }
        }
    }

    fn forget(&mut self, client: ClientId) -> Option<Session> {
        let session = self.sessions.remove(client)?;
        self.timers.cancel(session.due, Timer::Session(client));
        if let Phase::Open(open) = &session.phase {
            self.audience.remove(client, open.assigned);
        }
        Some(session)
    }

    /// Closes what was silent for too long; puts back what was not.
    pub(crate) fn session_due(&mut self, now: i64, client: ClientId, out: &mut Vec<Output>) {
        let Some(session) = self.sessions.get_mut(client) else {
            return;
        };
        let (deadline, reason) = match &session.phase {
            Phase::Connected => (
                session.connected_at.saturating_add(OPEN_TIMEOUT_MS),
                CloseReason::NotOpened,
            ),
            Phase::Open(open) => match open.idle_ms {
                Some(idle) => (session.last_seen.saturating_add(idle), CloseReason::Idle),
                None => return,
            },
        };
        if deadline > now {
            session.due = deadline;
            self.timers.set(deadline, Timer::Session(client));
            return;
        }
        let silent_ms = now.saturating_sub(session.last_seen);
        out.push(Output::Trace(Trace::Client {
            client,
            text: format!(
                "Timing out client {}, silent for {silent_ms} ms.",
                session.address
            )
            .into(),
        }));
        fail_event(out, client, StatusCode::TIMEOUT);
        self.close(client, reason, out);
    }

    /// Tells every client that the server goes, and closes.
    pub(crate) fn stop(&mut self, out: &mut Vec<Output>) {
        let clients: Vec<ClientId> = self.sessions.keys().collect();
        for client in clients {
            fail_event(out, client, StatusCode::CTI_SERVER_OFFLINE);
            self.close(client, CloseReason::Stopping, out);
        }
    }
}

/// A text that is there and not empty.
pub(crate) fn text_of(floats: &Floats, tag: Tag) -> Option<String> {
    floats
        .text(tag)
        .filter(|text| !text.is_empty())
        .map(std::borrow::Cow::into_owned)
}

/// Milliseconds as the wire's seconds since 1970.
pub(crate) fn wire_time(now: i64) -> u32 {
    u32::try_from(now.max(0) / 1000).unwrap_or(u32::MAX)
}
