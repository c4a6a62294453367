//! Requests that juggle two calls of one phone: consult, alternate, reconnect. Reference ged188, 3.8.

use tact_ged188::{
    AlternateCallConf, AlternateCallReq, CallType, ConnectionDeviceIdType, ConsultType,
    ConsultationCallConf, ConsultationCallReq, ControlFailure, EventCause, Floats, PeripheralError,
    ReconnectCallConf, ReconnectCallReq, Tag,
};

use super::CallId;
use super::call::{PartyState, Relation, line_type_of};
use super::data::CallData;
use super::dial::Order;
use super::leave::Leaver;
use super::registry::MAX_CALLS_AT_PHONE;
use super::request::{BUSY, Hand, NO_CALL, TOO_MANY, wrong_state};
use super::told::NO_LINE;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};

impl Acd {
    /// CONSULTATION_CALL_REQ: the active call is put on hold, and a new one with the same data is made.
    pub(super) fn consultation_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &ConsultationCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let floats = &request.floats;
        let id = request.active_connection_call_id;
        let hand = self
            .hand(session, id, Tag::ACTIVE_CONN_DEVID, floats)?
            .in_state(
                PartyState::Connected,
                PeripheralError::GW_E_THREADCONSULTATIONCALL_NO_ACTIVE_CONNECTION,
            )?;
        if request.consult_type > ConsultType::CONFERENCE {
            return Err(Refusal::peripheral(
                ControlFailure::INVALID_CONSULT_TYPE,
                PeripheralError::GW_E_THREADCONSULTATIONCALL_INVALID_CONSULT_TYPE,
            ));
        }
        self.check_own_talk(hand.id)?;
        let to = self.dialed_number(hand.device, floats)?;
        let change = CallData::requested(
            floats,
            request.num_named_variables,
            request.num_named_arrays,
        )?;
        let call = self.calls.get(hand.id).ok_or(NO_CALL)?;
        let mut data = call.data.clone();
        data.key = None;
        data.merge(&change)?;
        let order = Order {
            device: hand.device,
            to,
            kind: CallType::CONSULT,
            relation: Relation::Consult { of: hand.id },
            data,
            leg: None,
        };
        let new = self.second_call(hand)?;
        self.hold(now, hand.id, hand.leg, EventCause::CONSULT, out);
        let number = self.directory.extension(hand.device).unwrap_or_default();
        send(
            out,
            client,
            ConsultationCallConf {
                invoke_id: request.invoke_id,
                new_connection_call_id: new.0,
                new_connection_device_id_type: ConnectionDeviceIdType::STATIC,
                line_handle: NO_LINE,
                line_type: line_type_of(order.kind, &order.to),
                floats: Floats::new().with_text(Tag::NEW_CONNECTION_DEVID, number),
            },
        );
        self.dial(now, new, order, out);
        Ok(())
    }

    /// The number of a call that a phone may make besides the one it is connected in.
    pub(super) fn second_call(&mut self, hand: Hand) -> Result<CallId, Refusal> {
        let other = self
            .calls
            .parties_at(hand.device)
            .any(|(call, party)| call.id != hand.id && party.state != PartyState::Held);
        if other {
            return Err(BUSY);
        }
        if self.calls.at(hand.device).len() >= MAX_CALLS_AT_PHONE {
            return Err(TOO_MANY);
        }
        self.calls.new_call().ok_or(TOO_MANY)
    }

    /// ALTERNATE_CALL_REQ: the active call is put on hold, the held one taken back.
    pub(super) fn alternate_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &AlternateCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = request.active_connection_call_id;
        let active = self.active_hand(
            session,
            call,
            &request.floats,
            PeripheralError::CM_HOLDFAILED,
        )?;
        let other = self
            .hand_at(request.other_connection_call_id, active.device)?
            .in_state(PartyState::Held, PeripheralError::CM_RETRIEVEFAILED)?;
        let conf = AlternateCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        self.hold(now, active.id, active.leg, EventCause::ALTERNATE, out);
        self.retrieve(now, other.id, other.leg, out);
        Ok(())
    }

    /// RECONNECT_CALL_REQ: the active call is left, answered or not, and the held one taken back.
    pub(super) fn reconnect_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &ReconnectCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let active = request.active_connection_call_id;
        let active = self.hand(session, active, Tag::ACTIVE_CONN_DEVID, &request.floats)?;
        if active.state.is_called() || active.state == PartyState::Held {
            return Err(wrong_state(PeripheralError::CM_ILLEGAL_CALLSTATE));
        }
        let held = self
            .hand_at(request.held_connection_call_id, active.device)?
            .in_state(PartyState::Held, PeripheralError::CM_RETRIEVEFAILED)?;
        let conf = ReconnectCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        let leaver = Leaver::hung_up(active.leg, EventCause::NONE);
        self.leave(now, active.id, leaver, out);
        self.retrieve(now, held.id, held.leg, out);
        Ok(())
    }
}
