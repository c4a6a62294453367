//! Two calls become one: transfer, conference, and a call that changes its id.
//!
//! Which of the two ids survives is what the list of parties says (reference section 3.4, message
//! 17), and the primary one when there is no list.

use std::collections::BTreeMap;

use tact_ged188::{
    CallConferencedEvent, CallDataUpdateEvent, CallTransferredEvent, CallType, Floats, Tag, number,
    text,
};

use super::call::{Call, Leg};
use super::{Cause, actions, data, is_call, is_live, who};
use crate::dialog::Participant;
use crate::{Desk, Output, PartyState};

/// What a merging event says.
struct Merge {
    primary: u32,
    secondary: u32,
    parties: Vec<(u32, String)>,
    /// Who leaves by it.
    leaving: Option<String>,
    call_type: CallType,
    cause: Cause,
}

/// The groups of floats 39, 40 and 41; 39 begins each.
fn parties(floats: &Floats) -> Vec<(u32, String)> {
    let mut parties: Vec<(u32, String)> = Vec::new();
    for (tag, value) in floats {
        match tag {
            Tag::PARTY_CALLID => parties.push((number(value).unwrap_or_default(), String::new())),
            Tag::PARTY_DEVID => {
                if let Some((_, device)) = parties.last_mut() {
                    *device = text(value).into_owned();
                }
            }
            _ => {}
        }
    }
    parties.retain(|(_, device)| !device.is_empty());
    parties.truncate(super::call::MAX_PARTIES);
    parties
}

impl Desk {
    pub(super) fn call_transferred(
        &mut self,
        now: i64,
        event: &CallTransferredEvent,
        out: &mut Vec<Output>,
    ) {
        let leaving = event.floats.text(Tag::TRANSFERRING_DEVID);
        let merge = Merge {
            primary: event.primary_call_id,
            secondary: event.secondary_call_id,
            parties: parties(&event.floats),
            leaving: leaving.map(std::borrow::Cow::into_owned),
            call_type: CallType::TRANSFER_IN,
            cause: Cause::Transferred,
        };
        self.merge(now, &merge, out);
    }

    pub(super) fn call_conferenced(
        &mut self,
        now: i64,
        event: &CallConferencedEvent,
        out: &mut Vec<Output>,
    ) {
        let merge = Merge {
            primary: event.primary_call_id,
            secondary: event.secondary_call_id,
            parties: parties(&event.floats),
            leaving: None,
            call_type: CallType::CONFERENCE,
            cause: Cause::Conferenced,
        };
        self.merge(now, &merge, out);
    }

    fn merge(&mut self, now: i64, merge: &Merge, out: &mut Vec<Output>) {
        let survivor = merge
            .parties
            .first()
            .map(|(id, _)| *id)
            .filter(|id| is_call(*id))
            .unwrap_or(merge.primary);
        let gone: Vec<u32> = [merge.primary, merge.secondary]
            .into_iter()
            .filter(|id| is_call(*id) && *id != survivor)
            .collect();
        let other = gone.first().and_then(|id| self.calls.get(*id));
        let mut from_gone = parts(other);
        from_gone.retain(|_, (party, _)| is_live(party.state));
        let inherited = other.map(|call| call.dialog.clone());
        let is_new = self.calls.get(survivor).is_none();
        if self
            .live_call(now, survivor, inherited.is_some(), out)
            .is_none()
        {
            return;
        }
        let Some(call) = self.calls.get_mut(survivor) else {
            return;
        };
        if is_new && let Some(dialog) = inherited {
            call.dialog = crate::Dialog {
                id: survivor,
                associated: None,
                participants: Vec::new(),
                ..dialog
            };
        }
        call.dialog.call_type = merge.call_type;
        call.dialog.secondary_id = gone.first().copied().or(call.dialog.secondary_id);
        let stays = |address: &str| merge.parties.iter().any(|(_, party)| party == address);
        let addresses: Vec<String> = if merge.parties.is_empty() {
            let leaving = merge.leaving.as_deref();
            let here = call.live().map(|party| &party.address);
            here.chain(from_gone.keys())
                .filter(|address| Some(address.as_str()) != leaving)
                .cloned()
                .collect()
        } else {
            merge
                .parties
                .iter()
                .map(|(_, party)| party.clone())
                .collect()
        };
        let leavers: Vec<String> = call
            .legs
            .keys()
            .filter(|address| match &merge.leaving {
                Some(leaving) if *address == leaving => true,
                _ => !merge.parties.is_empty() && !stays(address),
            })
            .cloned()
            .collect();
        for address in leavers {
            call.leave(&address);
        }
        for address in addresses {
            let brought = from_gone.remove(&address);
            let state = match (&brought, call.state_of(&address)) {
                // Still ringing when it was transferred.
                (Some((party, _)), None) if party.state == PartyState::Alerting => {
                    PartyState::Alerting
                }
                (_, Some(PartyState::Alerting)) => PartyState::Alerting,
                _ => PartyState::Active,
            };
            let kind = brought.as_ref().map(|(party, _)| party.kind);
            let joined = call.join(
                now,
                &address,
                kind.unwrap_or_default(),
                state,
                &self.directory,
            );
            if joined.is_some() {
                call.set_state(now, &address, state);
            }
            if let (Some(true), Some((_, leg))) = (joined, brought) {
                call.legs.insert(
                    address,
                    Leg {
                        retired: false,
                        ..leg
                    },
                );
            }
        }
        let mut touched = vec![survivor];
        for id in gone {
            if let Some(call) = self.calls.get_mut(id) {
                call.finish(now);
                call.ended = true;
                touched.push(id);
            }
        }
        self.settle(&touched, merge.cause, out);
    }

    /// CALL_DATA_UPDATE_EVENT: data, type, or the id of the call.
    pub(super) fn call_data_updated(
        &mut self,
        now: i64,
        event: &CallDataUpdateEvent,
        out: &mut Vec<Output>,
    ) {
        let (old, new) = (event.connection_call_id, event.new_connection_call_id);
        let moves = is_call(new) && new != old;
        if moves && self.calls.get(new).is_none() && self.calls.get(old).is_some() {
            self.renumber(now, old, new, out);
        }
        let id = if moves { new } else { old };
        let Some(call) = self.calls.get_mut(id).filter(|call| !call.ended) else {
            return;
        };
        call.set_type(event.call_type);
        data::take(&mut call.dialog, &event.floats);
        if moves {
            // The party's connection is another one from now on.
            let who = who(&event.floats, None, event.new_connection_device_id_type);
            if let (Some(address), Some(device)) = (
                call.place(&who),
                event.floats.text(Tag::NEW_CONNECTION_DEVID),
            ) && let Some(leg) = call.legs.get_mut(&address)
                && !device.is_empty()
            {
                leg.device = device.into_owned();
                leg.device_type = event.new_connection_device_id_type;
            }
        }
        if actions::is_preview(call.dialog.call_type) && is_accepted(&call.dialog) {
            let agents: Vec<String> = call
                .live()
                .filter(|party| party.agent.is_some())
                .map(|party| party.address.clone())
                .collect();
            for address in agents {
                call.set_state(now, &address, PartyState::Accepted);
            }
        }
        self.settle(&[id], Cause::Progress, out);
    }

    /// The whole call has another id from now on: the old dialog ends, a new one comes.
    fn renumber(&mut self, now: i64, old: u32, new: u32, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(old).filter(|call| !call.ended) else {
            return;
        };
        let mut fresh = Call::new(new);
        fresh.dialog = crate::Dialog {
            id: new,
            ..call.dialog.clone()
        };
        for (address, (_, leg)) in parts(Some(call)) {
            fresh.legs.insert(address, leg);
        }
        fresh.from_known = call.from_known;
        fresh.to_known = call.to_known;
        fresh.cleared = call.cleared;
        fresh.listener.clone_from(&call.listener);
        if let Some(call) = self.calls.get_mut(old) {
            call.finish(now);
            call.ended = true;
        }
        self.calls.calls.insert(new, fresh);
        self.settle(&[old], Cause::Progress, out);
    }
}

/// Copies of a call's parties by address, both halves.
fn parts(call: Option<&Call>) -> BTreeMap<String, (Participant, Leg)> {
    let Some(call) = call else {
        return BTreeMap::new();
    };
    let both = |party: &Participant| {
        let leg = call.legs.get(&party.address)?;
        let leg = Leg::clone(leg);
        Some((party.address.clone(), (party.clone(), leg)))
    };
    call.dialog.participants.iter().filter_map(both).collect()
}

fn is_accepted(dialog: &crate::Dialog) -> bool {
    dialog.variables.iter().any(|variable| {
        variable.name == crate::call_request::RESPONSE
            && variable
                .value
                .eq_ignore_ascii_case(crate::call_request::ACCEPT)
    })
}
