//! What the calls at a phone mean for its agent: TALKING while one is connected, HOLD while all are held.
//!
//! The state is told by nobody else, so TALKING and HOLD mean a party to a call, always (I-2).

use serde::{Deserialize, Serialize};
use tact_ged188::CallType;

use super::CallId;
use super::call::{PartyState, wrap_up_of};
use crate::agent::{Trigger, WrapUp};
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::Output;
use crate::machine::Acd;

/// What was told of the agent at a phone with answered calls. A phone without one has no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    agent: AgentIndex,
    /// Whether every call is on hold.
    holding: bool,
    /// What the last call that is followed by wrap-up was, of those that the agent left.
    left: Option<CallType>,
}

impl Acd {
    /// Tells the agent's state machine what became of the calls at a phone.
    pub(super) fn line_changed(&mut self, now: i64, device: DeviceIndex, out: &mut Vec<Output>) {
        self.count_calls(now, device);
        let mut present: Option<(AgentIndex, bool)> = None;
        for (call, party) in self.calls.parties_at(device) {
            let Some(agent) = party.agent.filter(|_| call.is_talk()) else {
                continue;
            };
            match party.state {
                PartyState::Connected => present = Some((agent, false)),
                PartyState::Held if present.is_none() => present = Some((agent, true)),
                _ => {}
            }
        }
        let line = self.calls.lines.get(device).copied();
        let trigger = match (line, present) {
            (None, None) => return,
            (Some(line), Some((_, holding))) if line.holding == holding => return,
            (_, Some((_, false))) => Trigger::Connected,
            (_, Some((_, true))) => Trigger::AllHeld,
            (Some(line), None) => Trigger::LastCallEnded {
                wrap_up: line.left.map_or(WrapUp::None, wrap_up_of),
            },
        };
        let agent = match (line, present) {
            (_, Some((agent, holding))) => {
                let left = line.and_then(|line| line.left);
                let line = Line {
                    agent,
                    holding,
                    left,
                };
                *self.calls.lines.place(device) = Some(line);
                agent
            }
            (Some(line), None) => {
                self.calls.lines.remove(device);
                line.agent
            }
            (None, None) => return,
        };
        self.agent_trigger(now, agent, trigger, out);
        if matches!(trigger, Trigger::LastCallEnded { .. }) {
            self.still_engaged(now, device, agent, out);
        }
    }

    /// An agent whose last call ended may be making another one, or have a phone that rings: no queued call either.
    fn still_engaged(
        &mut self,
        now: i64,
        device: DeviceIndex,
        agent: AgentIndex,
        out: &mut Vec<Output>,
    ) {
        let other = self.calls.parties_at(device).next();
        let trigger = match other.map(|(_, party)| party.state.is_called()) {
            Some(true) => Trigger::Alerting,
            Some(false) => Trigger::OffHook,
            None => return,
        };
        self.agent_trigger(now, agent, trigger, out);
    }

    /// Remembers that the agent at a phone left a call of this kind.
    pub(super) fn note_left(&mut self, device: DeviceIndex, origin: CallType) {
        if wrap_up_of(origin) != WrapUp::None
            && let Some(line) = self.calls.lines.get_mut(device)
        {
            line.left = Some(origin);
        }
    }

    /// An agent's wrap-up is over: calls that waited for it end (END_CALL_EVENT).
    pub(crate) fn wrap_up_over(&mut self, _now: i64, agent: AgentIndex, out: &mut Vec<Output>) {
        for id in self.calls.kept.remove(&agent).unwrap_or_default() {
            self.wrapped_up(id, agent, out);
        }
    }

    /// One agent is done with one call.
    pub(super) fn wrapped_up(&mut self, id: CallId, agent: AgentIndex, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let mut devices: smallvec::SmallVec<[DeviceIndex; 1]> = smallvec::SmallVec::new();
        call.wrapping.retain(|(other, device)| {
            if *other == agent {
                devices.push(*device);
            }
            *other != agent
        });
        for device in devices {
            self.end_for(id, device, out);
        }
        self.end_if_over(id, out);
    }
}
