//! Transfers: completed after a consultation, in a single step, and of a call that still rings (deflection).
//! Reference ged188, 3.8.

use tact_ged188::{
    CallMask, CallTransferredEvent, CallType, ConnectionDeviceIdType, ControlFailure,
    DeflectCallConf, DeflectCallReq, EventCause, Floats, PeripheralError, Tag, TransferCallConf,
    TransferCallReq,
};

use super::CallId;
use super::call::{Destination, PartyState, Place, Purpose};
use super::merge::Merge;
use super::registry::NULL_CALL;
use super::request::{Hand, NO_CALL, wrong_state};
use super::told::{NO_LINE, names};
use crate::fabric::{Cause, Command};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::text_of;

/// The phone that a call is to go to has another one.
const DESTINATION_BUSY: Refusal = Refusal::peripheral(
    ControlFailure::RESOURCE_BUSY,
    PeripheralError::CM_TRANSFERFAILED_DESTINATION_BUSY,
);
/// The phone that a call is to go to is out of order.
const DESTINATION_DOWN: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_DESTINATION,
    PeripheralError::CM_TRANSFERFAILED_DESTINATION_UNALLOCATED,
);

impl Acd {
    /// TRANSFER_CALL_REQ. Without a held call and with DialedNumber it is a single-step transfer.
    pub(super) fn transfer_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &TransferCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let active = self.active_hand(
            session,
            request.active_connection_call_id,
            &request.floats,
            PeripheralError::GW_E_THREADTRANSFERCALL_ACTIVE_CONN_NOT_TALKING,
        )?;
        if request.held_connection_call_id == NULL_CALL {
            return self.single_step_transfer(now, client, request, active, out);
        }
        let held = self
            .hand_at(request.held_connection_call_id, active.device)?
            .in_state(
                PartyState::Held,
                PeripheralError::GW_E_THREADTRANSFERCALL_HELD_CONN_NOT_HELD,
            )?;
        let merge = Merge {
            primary: held,
            secondary: active,
            stays: false,
        };
        self.check_merge(merge)?;
        self.complete_transfer(now, client, request.invoke_id, merge, out);
        Ok(())
    }

    fn complete_transfer(
        &mut self,
        now: i64,
        client: ClientId,
        invoke_id: u32,
        merge: Merge,
        out: &mut Vec<Output>,
    ) {
        let id = merge.primary.id;
        // The confirmation comes first and names the parties that will be there, so it is put where it belongs.
        let at = out.len();
        let (came, own) = self.merge(merge, out);
        if let Some(call) = self.calls.get_mut(id) {
            call.kind = CallType::TRANSFER_IN;
        }
        self.confirm_transfer(client, invoke_id, id, at, out);
        let by = Place::Phone(merge.primary.device);
        if let Some(to) = came.first() {
            let to = Destination::Place(to.clone());
            let ended = Some(merge.secondary.id);
            self.tell_transferred(id, ended, &by, &to, EventCause::NONE, out);
        }
        self.finish_merge(now, merge, &came, out);
        self.transferor_left(now, id, own, &by, out);
    }

    /// Whoever transferred a call has nothing to do with it any more.
    fn transferor_left(
        &mut self,
        now: i64,
        id: CallId,
        own: Option<super::call::Party>,
        by: &Place,
        out: &mut Vec<Output>,
    ) {
        let Some(own) = own else {
            return;
        };
        if let Some(call) = self.calls.get_mut(id) {
            if call.controller == own.place.device() {
                call.controller = None;
            }
            if call.calling == *by
                && let Some(first) = call.parties.first()
            {
                call.calling = first.place.clone();
            }
        }
        if let Some(call) = self
            .calls
            .get(id)
            .filter(|_| own.state == PartyState::Connected)
        {
            self.tell_rtp_stopped(call, by, out);
        }
        self.party_left(now, id, &own, out);
        self.end_monitors(now, id, out);
    }

    fn single_step_transfer(
        &mut self,
        now: i64,
        client: ClientId,
        request: &TransferCallReq,
        hand: Hand,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let to = self.dialed_number(hand.device, &request.floats)?;
        self.check_reachable(&to)?;
        let call = self.calls.get(hand.id).ok_or(NO_CALL)?;
        let mut others = call.parties.iter().filter(|party| party.leg != hand.leg);
        let rings = call.parties.iter().any(|party| party.state.is_called());
        if call.ticket || rings || others.next().is_none() {
            return Err(wrong_state(PeripheralError::CM_ILLEGAL_CALLSTATE));
        }
        let at = out.len();
        let (leg, cause) = (hand.leg, Cause::Normal);
        out.push(Output::Fabric(Command::Hangup { leg, cause }));
        let own = self.calls.take(leg);
        if let Some(call) = self.calls.get_mut(hand.id) {
            call.kind = CallType::TRANSFER_IN;
        }
        self.confirm_transfer(client, request.invoke_id, hand.id, at, out);
        let by = Place::Phone(hand.device);
        let cause = EventCause::BLIND_TRANSFER;
        self.tell_transferred(hand.id, None, &by, &to, cause, out);
        self.connect_media(hand.id, out);
        self.transferor_left(now, hand.id, own, &by, out);
        self.send_on(now, hand.id, to, out);
        Ok(())
    }

    /// Whether there is any use in sending a call to a destination.
    pub(super) fn check_reachable(&self, to: &Destination) -> Result<(), Refusal> {
        match to {
            Destination::Place(Place::Phone(device)) if self.is_down(*device) => {
                Err(DESTINATION_DOWN)
            }
            Destination::Place(Place::Phone(device)) if self.is_busy(*device) => {
                Err(DESTINATION_BUSY)
            }
            _ => Ok(()),
        }
    }

    /// A call goes on to another destination.
    pub(super) fn send_on(&mut self, now: i64, id: CallId, to: Destination, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.called = to.clone();
        call.queue = None;
        Self::stamp(now, call);
        match to {
            Destination::Route(number) => self.route(now, id, &number, out),
            Destination::Place(place) => self.ring(now, id, &place, Purpose::Answer, out),
        }
    }

    /// TRANSFER_CALL_CONF, before everything that was said since `at`.
    fn confirm_transfer(
        &self,
        client: ClientId,
        invoke_id: u32,
        id: CallId,
        at: usize,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let mut conf = TransferCallConf {
            invoke_id,
            new_connection_call_id: id.0,
            new_connection_device_id_type: ConnectionDeviceIdType::NONE,
            line_handle: NO_LINE,
            line_type: call.line_type(),
            floats: Floats::new(),
            ..Default::default()
        };
        if let Some(last) = call.parties.last() {
            let (id_type, number) = self.connection(&last.place);
            conf.new_connection_device_id_type = id_type;
            conf.floats.push_text(Tag::NEW_CONNECTION_DEVID, number);
        }
        conf.num_parties = self.push_parties(call, &mut conf.floats);
        let mut since = out.split_off(at);
        send(out, client, conf);
        out.append(&mut since);
    }

    /// CALL_TRANSFERRED_EVENT.
    fn tell_transferred(
        &self,
        id: CallId,
        ended: Option<CallId>,
        by: &Place,
        to: &Destination,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let config = self.directory.config();
        let (primary_type, primary) = self.connection(by);
        let (secondary_type, secondary_id, secondary) =
            self.secondary(ended.map(|ended| (ended, by)));
        let (to_type, to) = self.called(to);
        let (group, group_id) = names(call.queue);
        let mut floats = Floats::new().with_text(Tag::PRIMARY_DEVID, primary);
        floats.push_text(Tag::SECONDARY_DEVID, secondary);
        floats.push_text(Tag::TRANSFERRING_DEVID, self.number(by));
        floats.push_text(Tag::TRANSFERRED_DEVID, to);
        let event = CallTransferredEvent {
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
            transferring_device_type: self.device_type(by),
            transferred_device_type: to_type,
            local_connection_state: tact_ged188::LocalConnectionState::CONNECT,
            event_cause: cause,
            floats,
            ..Default::default()
        };
        self.tell_everyone(call, CallMask::CALL_TRANSFERRED, event, out);
    }

    /// DEFLECT_CALL_REQ: a call that rings at a phone goes elsewhere.
    pub(super) fn deflect_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &DeflectCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = request.connection_call_id;
        let floats = &request.floats;
        let hand = self
            .hand(session, call, Tag::CONNECTION_DEVID, floats)?
            .in_state(
                PartyState::Alerting,
                PeripheralError::CM_REDIRECT_CALL_INCOMPATIBLE_STATE,
            )?;
        self.check_own_talk(hand.id)?;
        let number = text_of(floats, Tag::CALLED_DEVID);
        let number = number.ok_or(tact_ged188::StatusCode::REQUIRED_DATA_MISSING)?;
        let to = self.destination(&number);
        self.check_reachable(&to)?;
        let conf = DeflectCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        let (leg, cause) = (hand.leg, Cause::Normal);
        out.push(Output::Fabric(Command::Hangup { leg, cause }));
        let Some(own) = self.calls.take(leg) else {
            return Ok(());
        };
        if let Some(call) = self.calls.get(hand.id) {
            self.tell_diverted(call, &own.place, &to, EventCause::REDIRECTED, out);
        }
        let call = self.calls.get_mut(hand.id);
        if call.is_some_and(|call| std::mem::take(&mut call.ticket)) {
            self.ticket_gone(now, hand.id, out);
        }
        self.party_left(now, hand.id, &own, out);
        self.send_on(now, hand.id, to, out);
        Ok(())
    }
}
