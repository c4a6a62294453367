//! What goes into the machine and what comes out of it.
//!
//! Knows messages as values; how they travel is the server's business.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use smallvec::SmallVec;
use tact_ged188::{Message, Protocol};

use crate::by_number::Number;
use crate::dialer::Contact;
use crate::fabric;
use crate::routing::decision::Decision;

/// A connection, numbered by the server; also the session's number in the log. Never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientId(pub u32);

impl Number for ClientId {
    fn number(self) -> u64 {
        u64::from(self.0)
    }

    fn of(number: u64) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }
}

/// The clients that one message goes to.
pub type Recipients = SmallVec<[ClientId; 4]>;

/// Something happened. Input about a client that is not connected is ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// A client connected.
    Connected {
        /// Its number, not in use.
        client: ClientId,
        /// Where it comes from.
        address: SocketAddr,
    },
    /// A client sent a message. The journal keeps it as the bytes of the wire.
    #[serde(skip)]
    Message {
        /// Who sent it.
        client: ClientId,
        /// What it sent.
        message: Message,
    },
    /// A client sent bytes that are no message.
    Malformed {
        /// Who sent them.
        client: ClientId,
        /// What is wrong with them.
        kind: Malformed,
    },
    /// A client's connection is gone.
    Disconnected {
        /// Which client.
        client: ClientId,
    },
    /// Something happened in the telephone network.
    Fabric(fabric::Event),
    /// A campaign has somebody to call, once an agent had a look.
    Preview(Contact),
    /// Time passed; due when [`Acd::next_due`](crate::Acd::next_due) says so, harmless at any other time.
    Tick,
    /// The server stops: every client is told.
    Stop,
}

/// Bytes that are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Malformed {
    /// The header announces more than a message may have; the stream cannot be cut any further.
    TooLong {
        /// Bytes announced, header included.
        announced: u64,
    },
    /// A whole frame whose body is not what its type has.
    Body {
        /// The type in the header.
        message_type: u32,
        /// The first field, where the type begins with InvokeID and the body is long enough.
        invoke_id: Option<u32>,
        /// Bytes from the start of the frame to where it goes wrong.
        offset: usize,
    },
    /// An OPEN_REQ of a protocol version without layouts.
    Version {
        /// InvokeID.
        invoke_id: u32,
        /// VersionNumber.
        version: u32,
    },
    /// The connection ended inside a message.
    Cut {
        /// Bytes of it that had arrived.
        received: usize,
    },
}

/// Something the server has to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// From here on the client's messages have the layouts of this version, both ways.
    Opened {
        /// Which client.
        client: ClientId,
        /// Its version.
        protocol: Protocol,
    },
    /// Send a message, each client in its own version.
    Send {
        /// To whom, at least one.
        to: Recipients,
        /// What.
        message: Arc<Message>,
    },
    /// Close the connection once all that was sent has left. No Disconnected need follow.
    Close {
        /// Which client.
        client: ClientId,
        /// Why.
        reason: CloseReason,
    },
    /// Tell the telephone network.
    Fabric(fabric::Command),
    /// Something for the log.
    Trace(Trace),
}

/// Why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CloseReason {
    /// The client asked.
    Requested,
    /// Not opened within [`OPEN_TIMEOUT_MS`](crate::OPEN_TIMEOUT_MS).
    NotOpened,
    /// Silent for its IdleTimeout.
    Idle,
    /// Its bytes are no messages.
    Garbage,
    /// The same client opened another session.
    Replaced,
    /// The server stops.
    Stopping,
}

/// Something for the log that is no message.
#[derive(Debug, Clone, PartialEq)]
pub enum Trace {
    /// An agent's state changed: the AGENT_STATE_EVENT that says so, whether anybody gets it or not.
    AgentEvent(Arc<Message>),
    /// What routing decided about a call.
    Routing(Decision),
    /// About one client.
    Client {
        /// Which client.
        client: ClientId,
        /// What to say of it.
        text: Cow<'static, str>,
    },
}
