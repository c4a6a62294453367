//! Conferences: two calls joined, or one party added in a single step. Reference ged188, 3.8.

use tact_ged188::{
    CallConferencedEvent, CallMask, CallType, ConferenceCallConf, ConferenceCallReq,
    ConnectionDeviceIdType, EventCause, Floats, LocalConnectionState, PeripheralError, Tag,
};

use super::CallId;
use super::call::{Destination, MAX_PARTIES, PartyState, Place, Purpose};
use super::merge::{FULL, Merge, NOT_CONTROLLER};
use super::registry::NULL_CALL;
use super::request::{Hand, NO_CALL, wrong_state};
use super::told::{NO_LINE, names};
use crate::directory::DeviceIndex;
use crate::fabric::LegId;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};

impl Acd {
    /// CONFERENCE_CALL_REQ. Without a held call and with DialedNumber a party is added to the active call.
    pub(super) fn conference_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &ConferenceCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let active = self.active_hand(
            session,
            request.active_connection_call_id,
            &request.floats,
            PeripheralError::GW_E_THREADCONFERENCECALL_ACTIVE_CONN_NOT_TALKING,
        )?;
        if request.held_connection_call_id == NULL_CALL {
            return self.single_step_conference(now, client, request, active, out);
        }
        let held = self
            .hand_at(request.held_connection_call_id, active.device)?
            .in_state(
                PartyState::Held,
                PeripheralError::GW_E_THREADCONFERENCECALL_HELD_CONN_NOT_HELD,
            )?;
        let merge = Merge {
            primary: held,
            secondary: active,
            stays: true,
        };
        self.check_merge(merge)?;
        let at = out.len();
        let (came, _) = self.merge(merge, out);
        self.confer(held.id, held.device);
        self.confirm_conference(client, request.invoke_id, held, at, out);
        if let Some(added) = came.first() {
            let ended = Some(active.id);
            self.tell_conferenced(held.id, ended, held.device, added, out);
        }
        self.finish_merge(now, merge, &came, out);
        self.line_changed(now, held.device, out);
        Ok(())
    }

    /// A call is a conference under the control of a phone.
    pub(super) fn confer(&mut self, id: CallId, controller: DeviceIndex) {
        if let Some(call) = self.calls.get_mut(id) {
            call.kind = CallType::CONFERENCE;
            call.controller = Some(controller);
        }
    }

    fn single_step_conference(
        &mut self,
        now: i64,
        client: ClientId,
        request: &ConferenceCallReq,
        hand: Hand,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let to = self.dialed_number(hand.device, &request.floats)?;
        self.check_reachable(&to)?;
        let call = self.calls.get(hand.id).ok_or(NO_CALL)?;
        // Routing looks for one agent for one caller.
        let Destination::Place(place) = to else {
            return Err(wrong_state(
                PeripheralError::CM_CONFERENCE_INVALID_PARTICIPANT,
            ));
        };
        if call.ticket {
            return Err(wrong_state(PeripheralError::CM_ILLEGAL_CALLSTATE));
        }
        if call.controller.is_some_and(|device| device != hand.device) {
            return Err(NOT_CONTROLLER);
        }
        if call.parties.len() >= MAX_PARTIES {
            return Err(FULL);
        }
        let at = out.len();
        self.confirm_conference(client, request.invoke_id, hand, at, out);
        self.ring(now, hand.id, &place, Purpose::Join(hand.device), out);
        Ok(())
    }

    /// Somebody who was called to be added to a call answered.
    pub(super) fn joined(&mut self, id: CallId, leg: LegId, out: &mut Vec<Output>) {
        let party = self.calls.get_mut(id).and_then(|call| call.party_mut(leg));
        let Some(party) = party else {
            return;
        };
        let purpose = std::mem::replace(&mut party.purpose, Purpose::Answer);
        if let Purpose::Join(controller) = purpose {
            let added = party.place.clone();
            self.confer(id, controller);
            self.tell_conferenced(id, None, controller, &added, out);
        }
    }

    /// CONFERENCE_CALL_CONF, before everything that was said since `at`.
    fn confirm_conference(
        &self,
        client: ClientId,
        invoke_id: u32,
        hand: Hand,
        at: usize,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(hand.id) else {
            return;
        };
        let number = self.directory.extension(hand.device).unwrap_or_default();
        let mut floats = Floats::new().with_text(Tag::NEW_CONNECTION_DEVID, number);
        let conf = ConferenceCallConf {
            invoke_id,
            new_connection_call_id: hand.id.0,
            new_connection_device_id_type: ConnectionDeviceIdType::STATIC,
            num_parties: self.push_parties(call, &mut floats),
            line_handle: NO_LINE,
            line_type: call.line_type(),
            floats,
        };
        let mut since = out.split_off(at);
        send(out, client, conf);
        out.append(&mut since);
    }

    /// CALL_CONFERENCED_EVENT.
    pub(super) fn tell_conferenced(
        &self,
        id: CallId,
        ended: Option<CallId>,
        controller: DeviceIndex,
        added: &Place,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let config = self.directory.config();
        let controller = Place::Phone(controller);
        let (primary_type, primary) = self.connection(&controller);
        let (secondary_type, secondary_id, secondary) =
            self.secondary(ended.map(|ended| (ended, &controller)));
        let (group, group_id) = names(call.queue);
        let mut floats = Floats::new().with_text(Tag::PRIMARY_DEVID, primary);
        floats.push_text(Tag::SECONDARY_DEVID, secondary);
        floats.push_text(Tag::CONTROLLER_DEVID, primary);
        floats.push_text(Tag::ADDED_PARTY_DEVID, self.number(added));
        let event = CallConferencedEvent {
            peripheral_id: config.peripheral_id,
            peripheral_type: config.peripheral_type,
            primary_device_id_type: primary_type,
            primary_call_id: id.0,
            line_handle: NO_LINE,
            line_type: call.line_type(),
            skill_group_number: group,
            skill_group_id: group_id,
            num_parties: self.push_parties(call, &mut floats),
            secondary_device_id_type: secondary_type,
            secondary_call_id: secondary_id,
            controller_device_type: self.device_type(&controller),
            added_party_device_type: self.device_type(added),
            local_connection_state: LocalConnectionState::CONNECT,
            event_cause: EventCause::NONE,
            floats,
            ..Default::default()
        };
        self.tell_everyone(call, CallMask::CALL_CONFERENCED, event, out);
    }
}
