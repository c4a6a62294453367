//! What a desk wants done, in this order, and why it refuses a request.

use tact_ged188::{ControlFailure, Message, Protocol, StatusCode};

use crate::agent::SignOutCause;
use crate::call_action::CallAction;
use crate::dialog::Dialog;
use crate::input::{Action, Side};
use crate::service::OutOfService;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send this to the CTI server.
    Send(Message),
    /// Close the connection. Nothing is sent after this until the next [`Input::LinkUp`](crate::Input::LinkUp).
    Disconnect {
        /// Why.
        reason: Disconnect,
    },
    /// Tell the subscribers.
    Publish(Publish),
    /// Write it down.
    Note(Note),
    /// Remember it beyond the end of the process.
    Keep(Keep),
}

/// What outlives the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Whether an agent is signed in with an event channel, or was until a moment ago: one whom a restart gives the grace.
    Watched {
        /// Agent id.
        agent: String,
        /// Whether it is so.
        watched: bool,
    },
    /// An agent was signed in and is no longer.
    SignedOut {
        /// Agent id.
        agent: String,
        /// Milliseconds since 1970.
        at: i64,
        /// The reason code, when one was given.
        reason: Option<u16>,
        /// Why.
        cause: SignOutCause,
    },
}

/// What subscribers are told. Of agents and queues the document is made from the desk as it is after
/// the input; dialogs go as they were at the event, for one input may change one several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publish {
    /// The agent's whole document, and a summary for the agent's team.
    User {
        /// Agent id.
        agent: String,
        /// Of the request that this event ends.
        request_id: Option<String>,
    },
    /// A request failed after it was accepted.
    UserError {
        /// Agent id.
        agent: String,
        /// Of the request that failed.
        request_id: Option<String>,
        /// Why; [`ControlFailure::GENERIC_UNSPECIFIED`] when the link was lost or no answer came.
        failure: ControlFailure,
        /// PeripheralErrorCode, 0 when there is none.
        peripheral_error: u32,
        /// What was asked.
        action: Action,
    },
    /// A dialog came to the agent or left; source `/User/{id}/Dialogs`.
    Dialogs {
        /// Id of the agent who is told.
        agent: String,
        /// Came or left.
        event: Change,
        /// As it was then.
        dialog: Dialog,
        /// Of the request that this event ends.
        request_id: Option<String>,
    },
    /// One of the agent's dialogs changed; source `/Dialog/{id}`.
    Dialog {
        /// Id of the agent who is told.
        agent: String,
        /// As it was then.
        dialog: Dialog,
        /// Of the request that this event ends.
        request_id: Option<String>,
    },
    /// A request about a call failed after it was accepted.
    DialogError {
        /// Id of the agent who asked.
        agent: String,
        /// The call; `None` when the request was to make one.
        dialog: Option<u32>,
        /// Of the request that failed.
        request_id: Option<String>,
        /// Why; [`ControlFailure::GENERIC_UNSPECIFIED`] when the link was lost or no answer came.
        failure: ControlFailure,
        /// PeripheralErrorCode, 0 when there is none.
        peripheral_error: u32,
        /// What was asked.
        action: CallAction,
    },
    /// A queue's statistics or name changed.
    Queue {
        /// SkillGroupNumber.
        number: u32,
    },
    /// The service state changed.
    SystemInfo,
}

/// Whether something came or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// POST: it came.
    Post,
    /// DELETE: it left.
    Delete,
}

/// Why the desk closes the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Disconnect {
    /// OPEN_REQ was refused; the next attempt asks for fewer services, of the same server.
    #[error("services refused, asking for fewer")]
    FewerServices,
    /// OPEN_REQ was refused.
    #[error("OPEN_REQ refused: {0}")]
    OpenRefused(StatusCode),
    /// OPEN_REQ was not answered.
    #[error("OPEN_REQ not answered")]
    OpenTimeout,
    /// The services granted are too few to work with.
    #[error("services granted are too few")]
    TooFewServices,
    /// The session reached the standby side.
    #[error("this side is the standby")]
    Standby,
    /// Three heartbeats went unanswered.
    #[error("{HEARTBEATS_LOST} heartbeats not answered")]
    HeartbeatsLost,
    /// The server refused a heartbeat or reported itself offline.
    #[error("the CTI server is offline: {0}")]
    ServerOffline(StatusCode),
    /// The server goes into maintenance.
    #[error("the CTI server goes into maintenance")]
    Maintenance,
    /// The session was closed in order.
    #[error("closed")]
    Closed,
}

/// Heartbeats in a row that may go unanswered.
pub(crate) const HEARTBEATS_LOST: u32 = 3;

impl Disconnect {
    /// Whether the same server is to be tried again before the other one.
    pub const fn retries_same_side(self) -> bool {
        matches!(self, Self::FewerServices)
    }
}

/// A fact for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// OPEN_REQ was granted.
    SessionOpened {
        /// By which server.
        side: Side,
        /// The version spoken.
        protocol: Protocol,
    },
    /// OPEN_REQ was refused.
    OpenFailed {
        /// By which server.
        side: Side,
        /// Why.
        status: StatusCode,
    },
    /// The session was closed in order.
    SessionClosed {
        /// With which server.
        side: Side,
    },
    /// The session is gone.
    SessionLost {
        /// With which server.
        side: Side,
        /// Why, for people.
        reason: String,
    },
    /// Configuration and states are loaded.
    InService {
        /// Agents known.
        agents: usize,
    },
    /// Requests are refused from now on.
    OutOfService {
        /// Why.
        reason: OutOfService,
    },
    /// An agent's presence was lost for longer than the grace.
    PresenceLost {
        /// Agent id.
        agent: String,
    },
    /// The desk keeps no more agents; the CTI server reports more.
    TooManyAgents,
    /// The desk mirrors no more calls; the CTI server reports more.
    TooManyCalls,
}

/// Why a request is refused at once. What depends on an agent's state or device is never judged
/// here: the CTI server answers that, and the answer arrives as [`Publish::UserError`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// The CTI server is not reachable or not ready: SERVER_OUT_OF_SERVICE.
    #[error("out of service")]
    OutOfService,
    /// The CTI server knows no such agent.
    #[error("unknown agent")]
    UnknownAgent,
    /// The one who asks is neither the agent nor a supervisor of the agent's team.
    #[error("not a supervisor of this agent")]
    InvalidSupervisor,
    /// The state cannot be asked for, or not by this user.
    #[error("state cannot be asked for")]
    InvalidState,
    /// A value has no possible meaning; the field's wire name.
    #[error("invalid value for {field}")]
    InvalidInput {
        /// Such as `extension`.
        field: &'static str,
    },
    /// There is no such call, or it is none of the user's.
    #[error("unknown dialog")]
    UnknownDialog,
    /// The address is no participant of the call, or not where the requester is signed in.
    #[error("{address} is not the requester's place in this call")]
    NotParticipant {
        /// The address.
        address: String,
    },
    /// The agent has [`MAX_REQUESTS`](crate::Desk::MAX_REQUESTS) requests under way.
    #[error("too many requests for this agent")]
    TooManyRequests,
}
