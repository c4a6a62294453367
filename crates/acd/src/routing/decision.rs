//! What routing decided, for the log and for whoever asks why.

use serde::{Deserialize, Serialize};

use crate::calls::CallId;

/// One decision about one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The call.
    pub call: CallId,
    /// What was decided.
    pub outcome: Outcome,
}

/// What was decided. Queues are named by SkillGroupNumber, steps counted from 0, times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nobody eligible is available: it waits.
    Waits {
        /// Where: each queue and the step that the call is on.
        queues: Vec<(u32, u32)>,
        /// Its priority.
        priority: u32,
        /// Since when.
        enqueued_at: i64,
    },
    /// It is given to an agent.
    Offered {
        /// From this queue,
        queue: u32,
        /// on this step,
        step: u32,
        /// to this agent (AgentID),
        agent: Box<str>,
        /// who has waited since then, longest of all who were eligible.
        available_since: i64,
        /// The call's priority.
        priority: u32,
        /// Since when the call waited.
        enqueued_at: i64,
    },
    /// A step's wait is over, or the step is not considered: more agents are eligible.
    Widened {
        /// The queue.
        queue: u32,
        /// The step that the call is on now.
        step: u32,
    },
    /// The agent did not take it: it keeps its place in the queue.
    Requeued {
        /// Who did not (AgentID).
        agent: Box<str>,
        /// Why.
        why: NotTaken,
    },
    /// It waited for too long and goes on by another route.
    Overflowed {
        /// The dialled number of that route.
        to: Box<str>,
    },
    /// The number that was called is not answered at this hour.
    Closed {
        /// Where the call goes on to; nowhere when it ends.
        to: Option<Box<str>>,
    },
    /// The agent answered.
    Answered {
        /// Who (AgentID).
        agent: Box<str>,
    },
    /// It wants no agent any more: the caller is gone, or it went elsewhere.
    Gone {
        /// Who was reserved for it (AgentID); nobody while it waited.
        reserved: Option<Box<str>>,
    },
}

/// Why an offer failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NotTaken {
    /// Nobody answered in time.
    RingNoAnswer,
    /// The agent declined.
    Rejected,
    /// The phone is gone.
    DeviceLost,
    /// The phone could not be rung.
    NotArrived,
    /// The agent was signed out or left the reservation.
    AgentGone,
}
