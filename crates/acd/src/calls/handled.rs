//! How long each agent talked and held, for the statistics.
//!
//! Follows what is at a phone: a call that was there and is no more was handled. So nothing else in `calls` counts.
//! Reference ged188, 3.9 (113, 115).

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use tact_ged188::CallType;

use super::CallId;
use super::call::{Call, PartyState, Place};
use crate::directory::{AgentIndex, DeviceIndex};
use crate::machine::Acd;
use crate::statistics::{Part, Work};

/// An answered call at a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InHand {
    call: CallId,
    part: Part,
    /// Whether it is on hold since then.
    holding: bool,
    since: i64,
}

impl InHand {
    /// What the call is to the agent.
    pub(crate) fn work(&self) -> Work {
        self.part.work
    }

    /// PeripheralNumber of the skill group that it was given from.
    pub(crate) fn group(&self) -> Option<u32> {
        self.part.group
    }

    /// Whether it is on hold.
    pub(crate) fn is_held(&self) -> bool {
        self.holding
    }

    /// Counts the time up to now.
    fn count(&mut self, now: i64) {
        let ms = now.saturating_sub(self.since).max(0);
        self.since = now;
        if self.holding {
            self.part.held_ms += ms;
        } else {
            self.part.talk_ms += ms;
        }
    }
}

impl Acd {
    /// Something changed about the answered calls at a phone.
    pub(super) fn count_calls(&mut self, now: i64, device: DeviceIndex) {
        let mut before = self.statistics.take_in_hand(device);
        let mut after: SmallVec<[InHand; 1]> = SmallVec::new();
        for (call, party) in self.calls.parties_at(device) {
            let (Some(agent), true) = (party.agent, party.state.is_answered()) else {
                continue;
            };
            let holding = party.state == PartyState::Held;
            let place = before.iter().position(|it| it.call == call.id);
            let mut own = match place {
                Some(place) => before.swap_remove(place),
                None => InHand {
                    call: call.id,
                    part: part(call, device, agent),
                    holding,
                    since: now,
                },
            };
            own.count(now);
            own.holding = holding;
            own.part.held |= holding;
            after.push(own);
        }
        self.statistics.put_in_hand(device, after);
        for mut over in before {
            over.count(now);
            self.call_handled(now, &over.part);
        }
    }
}

fn part(call: &Call, device: DeviceIndex, agent: AgentIndex) -> Part {
    let calling = call.calling == Place::Phone(device);
    Part {
        agent,
        work: work(call.origin, calling),
        group: call.queue.map(|queue| queue.number),
        talk_ms: 0,
        held_ms: 0,
        held: false,
    }
}

/// What a call of a kind is to who called, and to who was called.
fn work(origin: CallType, calling: bool) -> Work {
    match origin {
        CallType::OUT => Work::Out,
        CallType::CUSTOMER_PREVIEW => Work::Preview,
        CallType::RESERVATION_PREVIEW => Work::Reservation,
        CallType::EMERGENCY => Work::Emergency,
        CallType::SUPERVISOR_MONITOR => Work::Monitor,
        CallType::SUPERVISOR_BARGEIN => Work::BargeIn,
        CallType::AGENT_INSIDE | CallType::CONSULT | CallType::ASSIST if !calling => {
            Work::InternalReceived
        }
        // A caller from the own centre, whatever the call became.
        _ if calling => Work::Internal,
        _ => Work::Handled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_something_else_to_who_called_and_to_who_was_called() {
        for (origin, caller, called) in [
            (CallType::PREROUTE_ACD_IN, Work::Internal, Work::Handled),
            (
                CallType::AGENT_INSIDE,
                Work::Internal,
                Work::InternalReceived,
            ),
            (CallType::CONSULT, Work::Internal, Work::InternalReceived),
            (CallType::OUT, Work::Out, Work::Out),
            (CallType::SUPERVISOR_MONITOR, Work::Monitor, Work::Monitor),
        ] {
            assert_eq!((work(origin, true), work(origin, false)), (caller, called));
        }
    }
}
