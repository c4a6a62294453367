//! Two calls of one phone become one: what transfer and conference have in common.
//!
//! The held call survives. The other's parties keep their legs and come over; nobody is lost and nobody is
//! there twice (I-12).

use smallvec::SmallVec;
use tact_ged188::{ConnectionDeviceIdType, ControlFailure, Floats, PeripheralError, Tag};

use super::CallId;
use super::call::{Call, MAX_PARTIES, Party, PartyState, Place};
use super::data::CallData;
use super::registry::NULL_CALL;
use super::request::{Hand, NO_CALL, wrong_state};
use crate::fabric::{Cause, Command};
use crate::io::Output;
use crate::machine::Acd;
use crate::refusal::Refusal;

/// Not the controller of the conference.
pub(super) const NOT_CONTROLLER: Refusal =
    Refusal::peripheral(ControlFailure::GENERIC_OPERATION, PeripheralError(20_999));
/// The conference has as many parties as there may be.
pub(super) const FULL: Refusal = Refusal::peripheral(
    ControlFailure::CONFERENCE_MEMBER_LIMIT_EXCEEDED,
    PeripheralError::CM_CONFERENCE_FULL,
);

/// The two calls of a phone that become one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merge {
    /// The call that survives; held.
    pub(super) primary: Hand,
    /// The call that ends; connected.
    pub(super) secondary: Hand,
    /// Whether the phone stays in the call.
    pub(super) stays: bool,
}

impl Acd {
    /// Whether the two calls may become one.
    pub(super) fn check_merge(&self, merge: Merge) -> Result<(), Refusal> {
        let primary = self.calls.get(merge.primary.id).ok_or(NO_CALL)?;
        let secondary = self.calls.get(merge.secondary.id).ok_or(NO_CALL)?;
        for call in [primary, secondary] {
            self.check_own_talk(call.id)?;
            if call.ticket {
                return Err(wrong_state(PeripheralError::CM_ILLEGAL_CALLSTATE));
            }
            let controller = call.controller;
            let device = merge.primary.device;
            if merge.stays && controller.is_some_and(|other| other != device) {
                return Err(NOT_CONTROLLER);
            }
        }
        let parties = primary.parties.len() + secondary.parties.len() - 2;
        if parties + usize::from(merge.stays) > MAX_PARTIES {
            return Err(FULL);
        }
        Ok(())
    }

    /// Moves the parties; the places that came over, and the phone's own party where it left.
    pub(super) fn merge(
        &mut self,
        merge: Merge,
        out: &mut Vec<Output>,
    ) -> (SmallVec<[Place; 2]>, Option<Party>) {
        let Merge {
            primary, secondary, ..
        } = merge;
        let coming: SmallVec<[Party; 2]> = self
            .calls
            .get(secondary.id)
            .map(|call| call.parties.iter().cloned().collect())
            .unwrap_or_default();
        let mut came = SmallVec::new();
        for party in coming {
            let leg = party.leg;
            self.calls.take(leg);
            if leg == secondary.leg {
                let cause = Cause::Normal;
                out.push(Output::Fabric(Command::Hangup { leg, cause }));
                continue;
            }
            if let Some(device) = party
                .place
                .device()
                .filter(|_| party.state != PartyState::Offered)
            {
                self.begin_for(primary.id, device, out);
            }
            came.push(party.place.clone());
            self.calls.join(primary.id, party);
        }
        let mut own = None;
        if merge.stays {
            let call = self.calls.get_mut(primary.id);
            if let Some(party) = call.and_then(|call| call.party_mut(primary.leg)) {
                party.state = PartyState::Connected;
            }
        } else {
            let (leg, cause) = (primary.leg, Cause::Normal);
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
            own = self.calls.take(leg);
        }
        (came, own)
    }

    /// Says of everyone who came over which connection became which, and ends the call that they left.
    pub(super) fn finish_merge(
        &mut self,
        now: i64,
        merge: Merge,
        came: &[Place],
        out: &mut Vec<Output>,
    ) {
        let Merge {
            primary, secondary, ..
        } = merge;
        for place in came {
            let from = Some(secondary.id);
            self.tell_data(primary.id, place, from, &CallData::default(), out);
        }
        self.connect_media(secondary.id, out);
        self.connect_media(primary.id, out);
        let own = Place::Phone(primary.device);
        if let Some(call) = self.calls.get(secondary.id) {
            self.tell_rtp_stopped(call, &own, out);
        }
        if let Some(call) = self.calls.get(primary.id).filter(|_| merge.stays) {
            self.tell_rtp_started(call, &own, out);
        }
        self.forget_deadline(secondary.id);
        self.set_deadline(primary.id);
        self.end_monitors(now, secondary.id, out);
        self.end_call(secondary.id, out);
    }

    /// The groups of ConnectedPartyCallID and so on; how many there are.
    pub(super) fn push_parties(&self, call: &Call, floats: &mut Floats) -> u16 {
        for party in &call.parties {
            let (id_type, number) = self.connection(&party.place);
            floats.push_u32(Tag::PARTY_CALLID, call.id.0);
            floats.push_u16(Tag::PARTY_DEVID_TYPE, id_type.0);
            floats.push_text(Tag::PARTY_DEVID, number);
        }
        u16::try_from(call.parties.len()).unwrap_or(u16::MAX)
    }

    /// SecondaryCallID with its device: of the call that ended at a phone, or none.
    pub(super) fn secondary<'a>(
        &'a self,
        ended: Option<(CallId, &'a Place)>,
    ) -> (ConnectionDeviceIdType, u32, &'a str) {
        match ended {
            Some((id, place)) => {
                let (id_type, number) = self.connection(place);
                (id_type, id.0, number)
            }
            None => (ConnectionDeviceIdType::NONE, NULL_CALL, ""),
        }
    }
}
