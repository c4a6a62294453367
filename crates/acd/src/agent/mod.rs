//! Agents: their states, the requests that change them, the events that tell of it.
//!
//! Knows the table of `transitions`; not which call goes to whom.
//!
//! - `request`: SET_AGENT_STATE_REQ
//! - `change`: what follows from a row of the table: states, pending states, timers
//! - `phone`: what happens at the agent's phone
//! - `event`: AGENT_STATE_EVENT

mod change;
mod event;
mod phone;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tact_ged188::{AgentState, ControlFailure, PeripheralError};

use crate::directory::{AgentIndex, DeviceIndex};
use crate::machine::Acd;
use crate::mobile::Mobile;
use crate::refusal::Refusal;
use crate::routing::QueueName;
use crate::timers::Timer;
use crate::transitions::{By, State, Target};

pub(crate) use change::Given;
pub(crate) use event::Told;
pub(crate) use phone::{Trigger, WrapUp};

/// Media routing domain of voice.
pub(crate) const VOICE: i32 = 1;
/// SkillGroupNumber and SkillGroupID of an agent without a skill group.
pub(crate) const NULL_SKILL_GROUP: u32 = 0xffff_ffff;

/// What an agent does now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Agent {
    /// With `direction` a state of the table.
    pub(crate) state: AgentState,
    /// Direction of AGENT_STATE_EVENT: 5 and 6 while a dialer reserves the agent.
    pub(crate) direction: u32,
    /// Milliseconds since 1970.
    pub(crate) since: i64,
    pub(crate) reason: u16,
    /// Where the agent is signed in; none exactly in LOGOUT.
    pub(crate) login: Option<Login>,
    /// What comes after the call, asked for during it.
    pub(crate) pending: Option<Pending>,
    /// What comes after the call if nothing is pending: what the agent did before. After wrap-up: what
    /// comes after it.
    pub(crate) before: (Target, u16),
    /// A call is at the phone although the state does not say so: it rings unrouted, or the agent dials.
    pub(crate) busy: bool,
    /// When the present wait for a call began, see `change`; none where the next one begins anew.
    pub(crate) available_since: Option<i64>,
    /// The queue that the agent's call was given from.
    pub(crate) serving: Option<QueueName>,
    /// Routed calls in a row that did not arrive.
    pub(crate) not_arrived: u8,
    /// The timer that runs in this state.
    pub(crate) due: Option<(i64, Timer)>,
}

/// A state for after the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) target: Target,
    pub(crate) reason: u16,
    pub(crate) by: By,
}

/// One sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) device: DeviceIndex,
    /// Of the client that asked for it.
    pub(crate) signature: Arc<str>,
    /// Where a mobile agent is.
    #[serde(default)]
    pub(crate) mobile: Option<Mobile>,
}

impl Agent {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            state: AgentState::LOGOUT,
            direction: 0,
            since: now,
            reason: 0,
            login: None,
            pending: None,
            before: (Target::NotReady, 0),
            busy: false,
            available_since: None,
            serving: None,
            not_arrived: 0,
            due: None,
        }
    }

    /// The state of the table.
    pub(crate) fn place(&self) -> State {
        State::of(self.state, self.direction)
    }

    /// What comes after the call, and its reason.
    fn next(&self) -> (Target, u16) {
        self.pending.map_or(self.before, |pending| {
            (pending.target.rest(), pending.reason)
        })
    }

    /// Whether a call can be routed to the agent.
    pub(crate) fn available(&self) -> bool {
        self.state == AgentState::AVAILABLE && !self.busy
    }

    /// Seconds in the state.
    pub(crate) fn duration(&self, now: i64) -> u32 {
        let seconds = now.saturating_sub(self.since).max(0) / 1000;
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }

    /// AgentMode and MaxTaskLimit: 1 while signed in.
    pub(crate) fn routable(&self) -> u16 {
        u16::from(self.login.is_some())
    }

    /// AgentAvailabilityStatus: 1 while a call could be routed to the agent.
    pub(crate) fn availability(&self) -> u32 {
        u32::from(self.available())
    }
}

impl Acd {
    /// Who is signed in at a phone.
    pub(crate) fn owner(&self, device: DeviceIndex) -> Option<AgentIndex> {
        self.owners.get(device.0).copied().flatten()
    }

    /// Whether the agent does wrap-up work, so that the call that it is for is not ended yet.
    pub(crate) fn in_wrap_up(&self, index: AgentIndex) -> bool {
        let agent = self.agents.get(index.0);
        agent.is_some_and(|agent| agent.place().work())
    }
}

/// No such agent.
pub(crate) const NO_SUCH_AGENT: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_AGENT_ID_SPECIFIED,
    PeripheralError::NONE,
);

/// The device in `device;phone` of a mobile agent, or the whole instrument.
pub(crate) fn device_part(instrument: &str) -> &str {
    instrument
        .split_once(';')
        .map_or(instrument, |(device, _)| device)
}
