//! The plain requests of call control: make, answer, clear, hold, retrieve. Reference ged188, 3.8.

use tact_ged188::{
    AgentState, AnswerCallConf, AnswerCallReq, ClearCallConf, ClearCallReq, ClearConnectionConf,
    ClearConnectionReq, ConnectionDeviceIdType, ControlFailure, EventCause, Floats, HoldCallConf,
    HoldCallReq, MakeCallConf, MakeCallReq, PeripheralError, RetrieveCallConf, RetrieveCallReq,
    StatusCode, Tag,
};

use super::CallId;
use super::call::{Call, Destination, PartyState, Place, Relation, line_type_of};
use super::data::CallData;
use super::dial::{MAX_NUMBER, Order};
use super::leave::Leaver;
use super::request::{Hand, NO_CALL, TOO_MANY, wrong_state};
use super::told::NO_LINE;
use crate::directory::DeviceIndex;
use crate::fabric::{Cause, Command};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::text_of;

impl Acd {
    /// MAKE_CALL_REQ.
    pub(super) fn make_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &MakeCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let device = self.acting_phone(session, &request.floats, &[Tag::AGENT_INSTRUMENT])?;
        let to = self.dialed_number(device, &request.floats)?;
        let data = CallData::requested(
            &request.floats,
            request.num_named_variables,
            request.num_named_arrays,
        )?;
        self.check_not_reserved(device)?;
        self.check_free(device)?;
        let order = Order {
            device,
            kind: Self::kind_of(&to),
            to,
            relation: Relation::None,
            data,
            leg: None,
        };
        let id = self.calls.new_call().ok_or(TOO_MANY)?;
        let number = self.directory.extension(device).unwrap_or_default();
        send(
            out,
            client,
            MakeCallConf {
                invoke_id: request.invoke_id,
                new_connection_call_id: id.0,
                new_connection_device_id_type: ConnectionDeviceIdType::STATIC,
                line_handle: NO_LINE,
                line_type: line_type_of(order.kind, &order.to),
                floats: Floats::new().with_text(Tag::NEW_CONNECTION_DEVID, number),
            },
        );
        self.dial(now, id, order, out);
        Ok(())
    }

    /// Whom DialedNumber names, seen from a phone.
    pub(super) fn dialed_number(
        &self,
        device: DeviceIndex,
        floats: &Floats,
    ) -> Result<Destination, Refusal> {
        let number = text_of(floats, Tag::DIALED_NUMBER);
        let number = number.ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        if number.len() > MAX_NUMBER {
            return Err(StatusCode::INVALID_FIELD_LENGTH.into());
        }
        let to = self.destination(&number);
        if to == Destination::Place(Place::Phone(device)) {
            return Err(Refusal::peripheral(
                ControlFailure::INVALID_DESTINATION,
                PeripheralError::NONE,
            ));
        }
        Ok(to)
    }

    /// An agent who is about to be given a call makes none.
    pub(super) fn check_not_reserved(&self, device: DeviceIndex) -> Result<(), Refusal> {
        let agent = self
            .owner(device)
            .and_then(|agent| self.agents.get(agent.0));
        match agent {
            Some(agent) if agent.state == AgentState::RESERVED => {
                Err(wrong_state(PeripheralError::TELDRIVE_AGENTRESERVED))
            }
            _ => Ok(()),
        }
    }

    /// ANSWER_CALL_REQ: the phone picks up; the call is established when it says so.
    pub(super) fn answer_call(
        &mut self,
        client: ClientId,
        request: &AnswerCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = request.connection_call_id;
        let hand = self
            .hand(session, call, Tag::CONNECTION_DEVID, &request.floats)?
            .in_state(
                PartyState::Alerting,
                PeripheralError::CM_CALLHANDLE_NOTINCOMINGCALL,
            )?;
        if self.mobile_at(hand.device).is_some() {
            // Only the agent can pick up a phone beyond the trunk.
            return Err(wrong_state(PeripheralError::CM_ILLEGAL_CALLSTATE));
        }
        let conf = AnswerCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        out.push(Output::Fabric(Command::Answer { leg: hand.leg }));
        Ok(())
    }

    /// CLEAR_CALL_REQ: the call ends for everyone.
    pub(super) fn clear_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &ClearCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = request.connection_call_id;
        let hand = self.hand(session, call, Tag::CONNECTION_DEVID, &request.floats)?;
        self.check_no_reservation(hand.id)?;
        let conf = ClearCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        if hand.state.is_called() {
            self.decline(now, hand, out);
        } else {
            let leaver = Leaver::hung_up(hand.leg, EventCause::NONE);
            self.clear(now, hand.id, leaver, out);
        }
        Ok(())
    }

    /// CLEAR_CONNECTION_REQ: one party leaves. Who is to leave is named by the connection, and may be another party
    /// than the one that asks.
    pub(super) fn clear_connection(
        &mut self,
        now: i64,
        client: ClientId,
        request: &ClearConnectionReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let floats = &request.floats;
        let id = CallId(request.connection_call_id);
        let named = text_of(floats, Tag::CONNECTION_DEVID);
        let asks = [Tag::REQUESTING_DEVICE_ID, Tag::AGENT_INSTRUMENT];
        let asks = asks.into_iter().find_map(|tag| text_of(floats, tag));
        let asks = match asks {
            Some(number) => Some(self.phone(&number)?),
            None => self.own_phone(session),
        };
        let call = self.calls.get(id).ok_or(NO_CALL)?;
        let victim = match &named {
            Some(number) => call
                .parties
                .iter()
                .find(|party| self.number(&party.place) == number),
            None => asks.and_then(|device| call.party_at(device)),
        };
        let victim = victim.ok_or(NO_CALL)?;
        let own = victim.place.device();
        let asks = asks.or(own).ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        self.check_phone(session, asks)?;
        if own != Some(asks) {
            self.check_may_drop(call, asks)?;
        }
        self.check_no_reservation(id)?;
        let (leg, state) = (victim.leg, victim.state);
        let conf = ClearConnectionConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        if state.is_called() {
            let device = own.unwrap_or(asks);
            let hand = Hand {
                device,
                id,
                leg,
                state,
            };
            self.decline(now, hand, out);
        } else {
            self.leave(now, id, Leaver::hung_up(leg, EventCause::NONE), out);
        }
        Ok(())
    }

    /// Others are dropped by the controller of a conference and by supervisors.
    fn check_may_drop(&self, call: &Call, asks: DeviceIndex) -> Result<(), Refusal> {
        let party = call.party_at(asks).ok_or(NO_CALL)?;
        let agent = self
            .owner(asks)
            .and_then(|agent| self.directory.agent(agent));
        let supervisor = agent.is_some_and(|agent| agent.supervisor);
        if party.state.is_answered() && (supervisor || call.controller == Some(asks)) {
            return Ok(());
        }
        Err(Refusal::peripheral(
            ControlFailure::DROP_ANY_PARTY_NOT_ENABLED_CTI,
            PeripheralError::NONE,
        ))
    }

    /// Whoever is called does not want to.
    fn decline(&mut self, now: i64, hand: Hand, out: &mut Vec<Output>) {
        let (leg, cause) = (hand.leg, Cause::Rejected);
        out.push(Output::Fabric(Command::Hangup { leg, cause }));
        self.unanswered(now, hand.id, leg, cause, out);
    }

    /// HOLD_CALL_REQ.
    pub(super) fn hold_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &HoldCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = request.connection_call_id;
        let hand = self
            .hand(session, call, Tag::CONNECTION_DEVID, &request.floats)?
            .in_state(PartyState::Connected, PeripheralError::CM_HOLDFAILED)?;
        self.check_own_talk(hand.id)?;
        let conf = HoldCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        self.hold(now, hand.id, hand.leg, EventCause::NONE, out);
        Ok(())
    }

    /// RETRIEVE_CALL_REQ: not while another call is connected at the phone.
    pub(super) fn retrieve_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &RetrieveCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = request.held_connection_call_id;
        let hand = self
            .hand(session, call, Tag::HELD_CONN_DEVID, &request.floats)?
            .in_state(PartyState::Held, PeripheralError::CM_RETRIEVEFAILED)?;
        if self.calls.active_at(hand.device).is_some() {
            return Err(wrong_state(
                PeripheralError::CM_RETRIEVEFAILED_ACTIVE_CALL_ON_LINE,
            ));
        }
        let conf = RetrieveCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        self.retrieve(now, hand.id, hand.leg, out);
        Ok(())
    }

    /// Calls that only listen to another one, and reservations, cannot be held, transferred or joined.
    pub(super) fn check_own_talk(&self, id: CallId) -> Result<(), Refusal> {
        self.check_no_reservation(id)?;
        let call = self.calls.get(id).ok_or(NO_CALL)?;
        if call.is_talk() && !matches!(call.relation, Relation::Monitor { .. }) {
            return Ok(());
        }
        Err(wrong_state(PeripheralError::CM_ILLEGAL_CALLSTATE))
    }
}
