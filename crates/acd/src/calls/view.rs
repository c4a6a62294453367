//! Calls as others may look at them, and what becomes of them when the server was restarted.

use smallvec::SmallVec;
use tact_ged188::{CallType, LocalConnectionState};

use super::CallId;
use super::call::{Call, PartyState};
use crate::fabric::{Command, LegId};
use crate::io::Output;
use crate::machine::Acd;

/// What there is to see of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallView<'a> {
    /// ConnectionCallID.
    pub id: CallId,
    /// What kind of call it is now.
    pub kind: CallType,
    /// Whether routing looks for an agent, or one is reserved and has not answered.
    pub waits: bool,
    /// The parties in the order of their arrival; none while the call is only wrapped up.
    pub parties: SmallVec<[PartyView<'a>; 3]>,
}

/// What there is to see of one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartyView<'a> {
    /// The party's leg.
    pub leg: LegId,
    /// Extension or number.
    pub number: &'a str,
    /// Whether that is a phone of the centre.
    pub phone: bool,
    /// Whose state follows the call.
    pub agent: Option<&'a str>,
    /// NULL is about to ring, INITIATE waits for somebody.
    pub state: LocalConnectionState,
}

impl Acd {
    /// Every call, by number.
    pub fn calls(&self) -> impl Iterator<Item = CallView<'_>> {
        self.calls.iter().map(|call| self.view(call))
    }

    /// One call.
    pub fn call(&self, id: CallId) -> Option<CallView<'_>> {
        self.calls.get(id).map(|call| self.view(call))
    }

    fn view<'a>(&'a self, call: &'a Call) -> CallView<'a> {
        let parties = call.parties.iter().map(|party| PartyView {
            leg: party.leg,
            number: self.number(&party.place),
            phone: party.place.device().is_some(),
            agent: party
                .agent
                .and_then(|agent| self.directory.agent(agent))
                .map(|agent| agent.id.as_str()),
            state: party.state.wire(),
        });
        CallView {
            id: call.id,
            kind: call.kind,
            waits: call.ticket,
            parties: parties.collect(),
        }
    }

    /// The machine was restarted: asks the fabric for every leg that it believes in, and says again who hears whom. The
    /// fabric answers with `Event::Gone` for those that are no more.
    pub fn adopt(&self, out: &mut Vec<Output>) {
        self.adopt_lines(out);
        for call in self.calls.iter() {
            for party in &call.parties {
                out.push(Output::Fabric(Command::Adopt {
                    leg: party.leg,
                    to: self.endpoint(&party.place),
                    answered: !party.state.is_called() && party.state != PartyState::OffHook,
                }));
            }
        }
        for call in self.calls.iter() {
            if !call.bridged.is_empty() {
                out.push(Output::Fabric(Command::Bridge {
                    bridge: call.id.0,
                    legs: call.bridged.clone(),
                }));
            }
            for leg in &call.music {
                out.push(Output::Fabric(Command::Hold { leg: *leg }));
            }
            if let Some(leg) = call.parties.first().map(|party| party.leg) {
                self.tap(call, leg, out);
            }
        }
    }
}
