//! What can happen to a desk.

use tact_ged188::{AgentState, Message};

use crate::agent::Mobile;
use crate::call_action::CallAction;
use crate::presence::Loss;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A connection to a CTI server stands; nothing has been sent on it yet.
    LinkUp {
        /// Which server it is.
        side: Side,
    },
    /// The connection is gone.
    LinkDown {
        /// Why, for people.
        reason: String,
    },
    /// A message from the CTI server.
    Cti(Message),
    /// A request that a client made over REST.
    Request(Request),
    /// An agent's first event channel appeared, or the last one is gone.
    Presence {
        /// Agent id or login name.
        agent: String,
        /// How the last one went; `None` when there is one now.
        lost: Option<Loss>,
    },
    /// The server has started: these agents, by id, were signed in with an event channel when it ended. They have the
    /// grace, from when the desk is in service on, to come back.
    Restarted {
        /// As [`Keep::Watched`](crate::Keep::Watched) last said.
        watched: Vec<String>,
    },
    /// Time passed; see [`Desk::next_due`](crate::Desk::next_due).
    Tick,
    /// The server stops: the session is to be closed in order.
    Close,
}

/// The two servers of a redundant pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
        })
    }
}

/// A request about an agent or a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Id of the user who asks: the agent, or a supervisor of the agent's team.
    pub by: String,
    /// Id of the agent; of a [`Action::Call`] the one who asks.
    pub agent: String,
    /// What is asked.
    pub action: Action,
    /// The client's requestId, given back in the event that ends the request.
    pub request_id: Option<String>,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// LOGIN. For an agent who is signed in at the same extension the state stays.
    SignIn {
        /// The extension. Whether it exists is the CTI server's to say.
        extension: String,
        /// How a mobile agent is reached.
        mobile: Option<Mobile>,
    },
    /// LOGOUT.
    SignOut {
        /// The reason's code, not its database id.
        reason: Option<u16>,
    },
    /// READY (AVAILABLE on the wire), NOT_READY, or wrap-up after the call that goes on: WORK_NOT_READY, WORK_READY.
    SetState {
        /// The state.
        state: AgentState,
        /// The reason's code, with NOT_READY.
        reason: Option<u16>,
    },
    /// Something done to a call. Its outcome is a dialog event or
    /// [`DialogError`](crate::Publish::DialogError).
    Call(CallAction),
}
