//! Requests about calls: who may ask for what, and where it acts. Reference ged188, 3.7 to 3.9.
//!
//! A request acts at a phone: the one of its connection, or else AgentInstrument, or else the session's own.
//! ALL_EVENTS sessions may act at every phone, others at their own and, as supervisors, at those of their
//! agents. Every request needs CLIENT_CONTROL.

use tact_ged188::{ControlFailure, Floats, Message, PeripheralError, Services, StatusCode, Tag};

use super::CallId;
use super::call::{Call, PartyState};
use super::registry::MAX_CALLS_AT_PHONE;
use crate::agent::device_part;
use crate::directory::DeviceIndex;
use crate::fabric::LegId;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::Refusal;
use crate::session::{Open, text_of};

/// There is no such call, or the phone is no party to it.
pub(super) const NO_CALL: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER,
    PeripheralError::NONE,
);
/// The centre, or the phone, has too many calls.
pub(super) const TOO_MANY: Refusal = Refusal::peripheral(
    ControlFailure::MAXIMUM_LINE_LIMIT_EXCEEDED,
    PeripheralError::NONE,
);
/// The phone is out of order.
const OUT_OF_SERVICE: Refusal = Refusal::peripheral(
    ControlFailure::RESOURCE_OUT_OF_SERVICE,
    PeripheralError::CM_DEVICE_OUT_OF_SERVICE,
);
/// Another call is connected, rings or is being made at the phone.
pub(super) const BUSY: Refusal = Refusal::peripheral(
    ControlFailure::RESOURCE_BUSY,
    PeripheralError::CM_CALL_ALREADY_EXISTS,
);

/// The call's state does not allow what was asked for.
pub(super) const fn wrong_state(error: PeripheralError) -> Refusal {
    Refusal::peripheral(ControlFailure::INVALID_OBJECT_STATE, error)
}

/// A phone's party in a call, as a request names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hand {
    pub(super) device: DeviceIndex,
    pub(super) id: CallId,
    pub(super) leg: LegId,
    pub(super) state: PartyState,
}

impl Hand {
    /// The same when the party is in this state.
    pub(super) fn in_state(
        self,
        state: PartyState,
        error: PeripheralError,
    ) -> Result<Self, Refusal> {
        if self.state == state {
            Ok(self)
        } else {
            Err(wrong_state(error))
        }
    }
}

impl Acd {
    /// Answers a request about calls; `None` for what is none.
    pub(crate) fn call_request(
        &mut self,
        now: i64,
        client: ClientId,
        message: &Message,
        out: &mut Vec<Output>,
    ) -> Option<Result<(), Refusal>> {
        Some(match message {
            Message::MakeCallReq(request) => self.make_call(now, client, request, out),
            Message::AnswerCallReq(request) => self.answer_call(client, request, out),
            Message::ClearCallReq(request) => self.clear_call(now, client, request, out),
            Message::ClearConnectionReq(request) => {
                self.clear_connection(now, client, request, out)
            }
            Message::HoldCallReq(request) => self.hold_call(now, client, request, out),
            Message::RetrieveCallReq(request) => self.retrieve_call(now, client, request, out),
            Message::ConsultationCallReq(request) => {
                self.consultation_call(now, client, request, out)
            }
            Message::AlternateCallReq(request) => self.alternate_call(now, client, request, out),
            Message::ReconnectCallReq(request) => self.reconnect_call(now, client, request, out),
            Message::TransferCallReq(request) => self.transfer_call(now, client, request, out),
            Message::ConferenceCallReq(request) => self.conference_call(now, client, request, out),
            Message::DeflectCallReq(request) => self.deflect_call(now, client, request, out),
            Message::SuperviseCallReq(request) => self.supervise_call(now, client, request, out),
            Message::SupervisorAssistReq(request) => {
                self.supervisor_assist(now, client, request, out)
            }
            Message::EmergencyCallReq(request) => self.emergency_call(now, client, request, out),
            Message::SendDtmfSignalReq(request) => self.send_dtmf(client, request, out),
            Message::SetCallDataReq(request) => self.set_call_data(now, client, request, out),
            Message::ReleaseCallReq(request) => self.release_call(client, request, out),
            Message::BadCallReq(request) => self.bad_call(client, request, out),
            Message::SnapshotCallReq(request) => self.snapshot_call(client, request, out),
            Message::SnapshotDeviceReq(request) => self.snapshot_device(client, request, out),
            _ => return None,
        })
    }

    /// The session of a client that may control calls.
    pub(super) fn controller(&self, client: ClientId, peripheral: u32) -> Result<&Open, Refusal> {
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        if !session.services.contains(Services::CLIENT_CONTROL) {
            return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
        }
        self.check_peripheral(peripheral)?;
        Ok(session)
    }

    /// The phone of a number, which may be a mobile agent's `device;phone`.
    pub(super) fn phone(&self, number: &str) -> Result<DeviceIndex, Refusal> {
        let device = self.directory.device(device_part(number));
        device.ok_or(Refusal::peripheral(
            ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER,
            PeripheralError::TELDRIVE_NOINSTRUMENTFOREXTENSION,
        ))
    }

    /// The phone where a request acts, from the first of these floats that is there; else the session's own.
    pub(super) fn acting_phone(
        &self,
        session: &Open,
        floats: &Floats,
        tags: &[Tag],
    ) -> Result<DeviceIndex, Refusal> {
        let named = tags.iter().find_map(|tag| text_of(floats, *tag));
        let device = match named {
            Some(number) => self.phone(&number)?,
            None => self
                .own_phone(session)
                .ok_or(StatusCode::REQUIRED_DATA_MISSING)?,
        };
        self.check_phone(session, device)?;
        Ok(device)
    }

    /// The phone that a CLIENT_EVENTS session is about.
    pub(super) fn own_phone(&self, session: &Open) -> Option<DeviceIndex> {
        let assigned = session.assigned?;
        let login = |agent: crate::directory::AgentIndex| {
            let agent = self.agents.get(agent.0)?;
            Some(agent.login.as_ref()?.device)
        };
        assigned.agent.and_then(login).or(assigned.device)
    }

    /// Whether a session may act at a phone.
    pub(super) fn check_phone(&self, session: &Open, device: DeviceIndex) -> Result<(), Refusal> {
        let own = session.hears_all() || self.own_phone(session) == Some(device);
        let assigned = session.assigned;
        let agent = assigned.and_then(|it| it.agent.or_else(|| self.owner(it.device?)));
        let supervises = || {
            let id = &self.directory.agent(agent?)?.id;
            let other = self.owner(device)?;
            Some(self.directory.supervises(id, other))
        };
        let supervisor = session.services.contains(Services::SUPERVISOR);
        if own || (supervisor && supervises() == Some(true)) {
            return Ok(());
        }
        Err(Refusal::peripheral(
            ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE,
            PeripheralError::NONE,
        ))
    }

    /// The party that a request is about: the call by number, the phone by the connection or AgentInstrument.
    pub(super) fn hand(
        &self,
        session: &Open,
        call: u32,
        connection: Tag,
        floats: &Floats,
    ) -> Result<Hand, Refusal> {
        let device = self.acting_phone(session, floats, &[connection, Tag::AGENT_INSTRUMENT])?;
        self.hand_at(call, device)
    }

    /// The party that talks in the active call of a request about two calls.
    pub(super) fn active_hand(
        &self,
        session: &Open,
        call: u32,
        floats: &Floats,
        otherwise: PeripheralError,
    ) -> Result<Hand, Refusal> {
        let hand = self
            .hand(session, call, Tag::ACTIVE_CONN_DEVID, floats)?
            .in_state(PartyState::Connected, otherwise)?;
        self.check_own_talk(hand.id)?;
        Ok(hand)
    }

    /// The party at a phone in a call.
    pub(super) fn hand_at(&self, call: u32, device: DeviceIndex) -> Result<Hand, Refusal> {
        let call = self.calls.get(CallId(call)).ok_or(NO_CALL)?;
        let party = call.party_at(device).ok_or(NO_CALL)?;
        Ok(Hand {
            device,
            id: call.id,
            leg: party.leg,
            state: party.state,
        })
    }

    /// Whether a phone can make another call: it works, and whatever it takes part in is on hold.
    pub(super) fn check_free(&self, device: DeviceIndex) -> Result<(), Refusal> {
        if self.is_down(device) {
            return Err(OUT_OF_SERVICE);
        }
        let engaged = |(_, party): (&Call, &super::call::Party)| party.state != PartyState::Held;
        if self.calls.parties_at(device).any(engaged) {
            return Err(BUSY);
        }
        if self.calls.at(device).len() >= MAX_CALLS_AT_PHONE {
            return Err(TOO_MANY);
        }
        Ok(())
    }
}
