//! Routing: queues, what waits in them, and who gets it.
//!
//! Knows tickets and available agents, neither legs nor parties. Reference acd-and-telephony, 3.4.

use crate::calls::CallId;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;

/// What became of asking for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "calls read it when there are calls")]
pub(crate) enum Routed {
    /// No route for that number.
    NoRoute,
    /// It rings at this agent's phone already.
    Offered(AgentIndex),
    /// It waits; calls tell CALL_QUEUED_EVENT with the queue's groups.
    Waiting,
}

/// How an offer ended without the call being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "calls give it when there are calls")]
pub(crate) enum Unanswered {
    /// RingNoAnswerTime is over: NOT_READY with 32767.
    RingNoAnswer,
    /// The agent declined on the phone, which counts the same.
    Rejected,
    /// The phone is gone.
    DeviceLost,
    /// The network could not ring the phone at all. The agent stays READY the first time, and is made NOT_READY with 50010
    /// the second time in a row.
    NotArrived,
}

/// Why routing takes an offer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "calls read it when there are calls")]
pub(crate) enum Withdrawn {
    /// Nobody answered in time: CALL_NOT_ANSWERED.
    RingNoAnswer,
    /// The agent was signed out or left the reservation.
    AgentGone,
}

/// How events name a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueName {
    /// SkillGroupNumber.
    pub(crate) number: u32,
    /// SkillGroupID.
    pub(crate) id: u32,
}

#[expect(dead_code, reason = "calls ask when there are calls")]
impl Acd {
    /// Asks for an agent for a call to this dialled number. Offers at once when somebody is available.
    pub(crate) fn route_call(
        &mut self,
        _now: i64,
        _call: CallId,
        _dialed: &str,
        _out: &mut Vec<Output>,
    ) -> Routed {
        Routed::NoRoute
    }

    /// The call no longer wants an agent: its caller is gone, or it went elsewhere. Whoever is reserved for it is free again.
    pub(crate) fn ticket_gone(&mut self, _now: i64, _call: CallId, _out: &mut Vec<Output>) {}

    /// The reserved agent answered.
    pub(crate) fn offer_answered(&mut self, _now: i64, _call: CallId, _out: &mut Vec<Output>) {}

    /// The reserved agent did not answer: the agent's state follows, the call is queued again (`call_waits`) or offered to
    /// somebody else (`offer_call`). Calls tell CALL_DIVERTED_EVENT before.
    pub(crate) fn offer_unanswered(
        &mut self,
        _now: i64,
        _call: CallId,
        _why: Unanswered,
        _out: &mut Vec<Output>,
    ) {
    }

    /// The queues that a call waits in.
    pub(crate) fn queues_of(&self, _call: CallId) -> Vec<QueueName> {
        Vec::new()
    }

    /// The queue that a call is given from while it is offered, until `offer_answered`.
    pub(crate) fn given_from(&self, _call: CallId) -> Option<QueueName> {
        None
    }

    /// The agent became available and may be given a waiting call.
    pub(crate) fn agent_available(
        &mut self,
        _now: i64,
        _agent: AgentIndex,
        _out: &mut Vec<Output>,
    ) {
    }

    /// The agent is not available any more.
    pub(crate) fn agent_unavailable(&mut self, _agent: AgentIndex) {}
}
