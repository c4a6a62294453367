//! Calls: who takes part, who hears whom, what is told of it.
//!
//! Knows legs and parties; which agent gets a call is `routing`'s, what an agent's state becomes is
//! `agent`'s. They call each other through few doors:
//!
//! - `routing` has a call ring at an agent's phone with [`Acd::offer_call`] and takes it back with
//!   [`Acd::withdraw_offer`];
//! - a call asks for an agent with `Acd::route_call` and says how each offer ended;
//! - `agent` is told what happened at the agent's phone with `Acd::agent_trigger`, and says with
//!   [`Acd::wrap_up_over`] when wrap-up is done.

use crate::directory::AgentIndex;
use crate::fabric::Event;
use crate::io::Output;
use crate::machine::Acd;
use crate::routing::Withdrawn;
use serde::{Deserialize, Serialize};

/// ConnectionCallID of a call: from 16,777,217 upward, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u32);

impl Acd {
    /// Something happened to a leg or a phone.
    pub(crate) fn fabric_event(&mut self, _now: i64, _event: Event, _out: &mut Vec<Output>) {}

    /// Has a queued call ring at the phone of an agent, who is reserved for it already.
    pub(crate) fn offer_call(
        &mut self,
        _now: i64,
        _call: CallId,
        _agent: AgentIndex,
        _out: &mut Vec<Output>,
    ) {
    }

    /// Stops the ringing at the agent's phone and tells why the call leaves it (CALL_DIVERTED_EVENT). Routing has put the
    /// call back already or will: it follows with `call_waits` or `offer_call`, unless the call is over.
    pub(crate) fn withdraw_offer(
        &mut self,
        _now: i64,
        _call: CallId,
        _agent: AgentIndex,
        _why: Withdrawn,
        _out: &mut Vec<Output>,
    ) {
    }

    /// A call whose offer failed waits again, or one that overflowed waits elsewhere: CALL_QUEUED_EVENT with
    /// `Acd::queues_of` the call. Not called for what `route_call` answers with `Waiting`.
    pub(crate) fn call_waits(&mut self, _now: i64, _call: CallId, _out: &mut Vec<Output>) {}

    /// An agent's wrap-up is over: calls that waited for it end (END_CALL_EVENT).
    pub(crate) fn wrap_up_over(&mut self, _now: i64, _agent: AgentIndex, _out: &mut Vec<Output>) {}
}
