//! All calls, and who is where: the one place that keeps calls, legs and phones in step.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::CallId;
use super::call::{Call, Party, PartyState};
use super::line::Line;
use crate::at_phones::AtPhones;
use crate::by_number::ByNumber;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::fabric::LegId;

/// The first ConnectionCallID.
pub(super) const FIRST_CALL: u32 = 16_777_217;
/// ConnectionCallID of no call (NULL_CALL_ID).
pub(crate) const NULL_CALL: u32 = 0xffff_ffff;
/// Calls that the centre bears at once.
const MAX_CALLS: usize = 100_000;
/// Calls that one phone bears at once, the held ones included (MAX_NUM_CALLS).
pub(crate) const MAX_CALLS_AT_PHONE: usize = 16;

/// Every call there is.
///
/// Each live leg belongs to exactly one party of exactly one call; `legs` and `phones` are indexes over the
/// parties and follow every [`Calls::join`] and [`Calls::take`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Calls {
    last_call: u32,
    last_leg: u64,
    calls: ByNumber<CallId, Box<Call>>,
    legs: ByNumber<LegId, CallId>,
    phones: AtPhones<SmallVec<[CallId; 2]>>,
    /// What was told of each phone's agent to the agent's state.
    pub(super) lines: AtPhones<Line>,
    /// Phones that are out of order.
    pub(super) down: BTreeSet<DeviceIndex>,
    /// Calls that wait for the end of an agent's wrap-up.
    pub(super) kept: BTreeMap<AgentIndex, SmallVec<[CallId; 1]>>,
}

impl Calls {
    /// A number that no call has or had lately; `None` when there are too many calls.
    pub(crate) fn new_call(&mut self) -> Option<CallId> {
        if self.calls.len() >= MAX_CALLS {
            return None;
        }
        loop {
            self.last_call = match self.last_call.checked_add(1) {
                Some(next) if (FIRST_CALL..NULL_CALL).contains(&next) => next,
                _ => FIRST_CALL,
            };
            if !self.calls.contains(CallId(self.last_call)) {
                return Some(CallId(self.last_call));
            }
        }
    }

    /// The next leg of the machine's own: 2, 4, 6.
    pub(crate) fn new_leg(&mut self) -> LegId {
        self.last_leg = self.last_leg.saturating_add(2);
        LegId(self.last_leg)
    }

    pub(super) fn insert(&mut self, call: Call) {
        self.calls.insert(call.id, Box::new(call));
    }

    pub(super) fn get(&self, id: CallId) -> Option<&Call> {
        self.calls.get(id).map(Box::as_ref)
    }

    pub(super) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.calls.get_mut(id).map(Box::as_mut)
    }

    /// Forgets a call without parties.
    pub(super) fn remove(&mut self, id: CallId) -> Option<Call> {
        self.calls.remove(id).map(|call| *call)
    }

    /// In the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().map(|(_, call)| call.as_ref())
    }

    /// The call that a leg belongs to.
    pub(super) fn call_of(&self, leg: LegId) -> Option<CallId> {
        self.legs.get(leg).copied()
    }

    /// Adds a party to a call.
    pub(super) fn join(&mut self, id: CallId, party: Party) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        self.legs.insert(party.leg, id);
        if let Some(device) = party.place.device() {
            self.phones.place(device).get_or_insert_default().push(id);
        }
        call.parties.push(party);
    }

    /// Takes a party out of its call.
    pub(super) fn take(&mut self, leg: LegId) -> Option<Party> {
        let id = self.legs.remove(leg)?;
        let call = self.calls.get_mut(id)?;
        let place = call.parties.iter().position(|party| party.leg == leg)?;
        let party = call.parties.remove(place);
        if let Some(device) = party.place.device()
            && let Some(calls) = self.phones.get_mut(device)
        {
            if let Some(place) = calls.iter().position(|other| *other == id) {
                calls.remove(place);
            }
            if calls.is_empty() {
                self.phones.remove(device);
            }
        }
        Some(party)
    }

    /// The calls that a phone takes part in, in the order of arrival.
    pub(super) fn at(&self, device: DeviceIndex) -> &[CallId] {
        self.phones.get(device).map_or(&[], SmallVec::as_slice)
    }

    /// The parties at a phone with their calls.
    pub(super) fn parties_at(&self, device: DeviceIndex) -> impl Iterator<Item = (&Call, &Party)> {
        self.at(device).iter().filter_map(move |id| {
            let call = self.get(*id)?;
            Some((call, call.party_at(device)?))
        })
    }

    /// The call that is connected at a phone; there is at most one.
    pub(super) fn active_at(&self, device: DeviceIndex) -> Option<(&Call, &Party)> {
        self.parties_at(device)
            .find(|(_, party)| party.state == PartyState::Connected)
    }
}

#[cfg(test)]
mod tests {
    use tact_ged188::CallType;

    use super::super::call::{Destination, Place};
    use super::*;

    fn phone(device: usize) -> Place {
        Place::Phone(DeviceIndex(device))
    }

    fn call(calls: &mut Calls) -> CallId {
        let id = calls.new_call().unwrap();
        calls.insert(Call::new(
            id,
            CallType::OUT,
            phone(0),
            Destination::Place(phone(1)),
        ));
        id
    }

    #[test]
    fn numbers_go_up_and_skip_what_is_no_call() {
        let mut calls = Calls::default();
        assert_eq!(call(&mut calls), CallId(16_777_217));
        assert_eq!(call(&mut calls), CallId(16_777_218));
        calls.last_call = NULL_CALL - 1;
        assert_eq!(call(&mut calls), CallId(16_777_219));
    }

    #[test]
    fn the_indexes_follow_the_parties() {
        let mut calls = Calls::default();
        let id = call(&mut calls);
        let leg = calls.new_leg();
        calls.join(id, Party::new(leg, phone(3), PartyState::Connected));
        assert_eq!(calls.call_of(leg), Some(id));
        assert_eq!(calls.at(DeviceIndex(3)), [id]);
        assert_eq!(calls.active_at(DeviceIndex(3)).unwrap().0.id, id);
        assert_eq!(calls.take(leg).unwrap().leg, leg);
        assert_eq!(calls.take(leg), None);
        assert_eq!(calls.call_of(leg), None);
        assert!(calls.at(DeviceIndex(3)).is_empty());
    }

    #[test]
    fn the_machine_numbers_its_legs_evenly() {
        let mut calls = Calls::default();
        assert_eq!([calls.new_leg(), calls.new_leg()], [LegId(2), LegId(4)]);
    }
}
