//! Supervisors in their agents' calls: listen, barge in, end it. Reference ged188, 3.7.
//!
//! Whispering and taking a call over are refused: their peripheral does not do it either.

use smallvec::SmallVec;
use tact_ged188::{
    AgentState, CallType, ConnectionDeviceIdType, ControlFailure, EventCause, Floats,
    PeripheralError, Services, StatusCode, SuperviseCallConf, SuperviseCallReq, SupervisoryAction,
    Tag,
};

use super::CallId;
use super::call::{Call, Destination, MAX_PARTIES, Party, PartyState, Place, Relation};
use super::data::CallData;
use super::deadline::SETUP_MS;
use super::leave::Leaver;
use super::merge::{FULL, NOT_CONTROLLER};
use super::registry::NULL_CALL;
use super::request::{Hand, NO_CALL, TOO_MANY, wrong_state};
use crate::agent::Trigger;
use crate::directory::DeviceIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::text_of;

/// The agent has no call that could be heard.
const NOT_TALKING: Refusal = Refusal::peripheral(
    ControlFailure::NO_ACTIVE_CALL,
    PeripheralError::GW_E_THREADSUPERVISECALL_ACTIVE_CONN_NOT_TALKING,
);
/// The agent is in none of the supervisor's teams.
const NOT_SUPERVISED: Refusal = Refusal::peripheral(
    ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE,
    PeripheralError::TELDRIVE_AGENTNOTINATEAM,
);

impl Acd {
    /// SUPERVISE_CALL_REQ.
    pub(super) fn supervise_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &SuperviseCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        if !session.services.contains(Services::SUPERVISOR) {
            return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
        }
        let own = [Tag::SUPERVISOR_INSTRUMENT, Tag::SUPERVISOR_CONNECTION_DEVID];
        let supervisor = self.acting_phone(session, &request.floats, &own)?;
        match request.supervisory_action {
            SupervisoryAction::CLEAR => {
                self.supervisor_clear(now, client, request, supervisor, out)
            }
            SupervisoryAction::MONITOR => {
                let target = self.supervised_phone(supervisor, &request.floats)?;
                let call = request.agent_connection_call_id;
                let hand = self.talking_hand(call, target)?;
                self.monitor(now, client, request.invoke_id, supervisor, hand, out)
            }
            SupervisoryAction::BARGE_IN => {
                let target = self.supervised_phone(supervisor, &request.floats)?;
                self.barge(client, request.invoke_id, supervisor, target, out)
            }
            SupervisoryAction::WHISPER | SupervisoryAction::INTERCEPT => Err(Refusal::peripheral(
                ControlFailure::INVALID_FEATURE,
                PeripheralError::GW_E_THREADSUPERVISECALL_INVALID_ACTION,
            )),
            _ => Err(StatusCode::INVALID_SUPERVISORY_ACTION.into()),
        }
    }

    /// The phone of an agent in one of the supervisor's teams.
    fn supervised_phone(
        &self,
        supervisor: DeviceIndex,
        floats: &Floats,
    ) -> Result<DeviceIndex, Refusal> {
        let named = [
            Tag::AGENT_INSTRUMENT,
            Tag::AGENT_CONNECTION_DEVID,
            Tag::AGENT_EXTENSION,
        ];
        let number = named.iter().find_map(|tag| text_of(floats, *tag));
        let agent = text_of(floats, Tag::AGENT_ID);
        let device = match (number, agent) {
            (Some(number), _) => self.phone(&number)?,
            (None, Some(id)) => {
                let index = self.directory.agent_by_id(&id);
                let index = index.ok_or(StatusCode::INVALID_AGENT_DATA)?;
                let login = self.agents.get(index.0).and_then(|it| it.login.as_ref());
                login.ok_or(StatusCode::AGENT_NOT_LOGGED_ON)?.device
            }
            (None, None) => return Err(StatusCode::REQUIRED_DATA_MISSING.into()),
        };
        let not_on = StatusCode::AGENT_NOT_LOGGED_ON;
        let agent = self.owner(device).ok_or(not_on)?;
        let own = self.owner(supervisor).ok_or(not_on)?;
        let own = self.directory.agent(own).ok_or(not_on)?;
        if device == supervisor || !self.directory.supervises(&own.id, agent) {
            return Err(NOT_SUPERVISED);
        }
        Ok(device)
    }

    /// A phone's party that talks: in the call named, or in the active one.
    fn talking_hand(&self, call: u32, device: DeviceIndex) -> Result<Hand, Refusal> {
        let call = match call {
            NULL_CALL => self.calls.active_at(device).ok_or(NOT_TALKING)?.0.id.0,
            call => call,
        };
        let hand = self.hand_at(call, device)?;
        if hand.state != PartyState::Connected {
            return Err(NOT_TALKING);
        }
        self.check_own_talk(hand.id)?;
        Ok(hand)
    }

    /// Has the supervisor's phone ring, pick up and listen.
    fn monitor(
        &mut self,
        now: i64,
        client: ClientId,
        invoke_id: u32,
        supervisor: DeviceIndex,
        agent: Hand,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let own = self.owner(supervisor).and_then(|it| self.agents.get(it.0));
        if own.is_none_or(|own| own.state != AgentState::NOT_READY) {
            return Err(wrong_state(PeripheralError::TELDRIVE_AGENTAVAILORWORK));
        }
        self.check_free(supervisor)?;
        let id = self.calls.new_call().ok_or(TOO_MANY)?;
        let target = Place::Phone(agent.device);
        let listener = Place::Phone(supervisor);
        let to = Destination::Place(listener.clone());
        let mut call = Call::new(id, CallType::SUPERVISOR_MONITOR, target, to);
        call.relation = Relation::Monitor {
            of: agent.id,
            target: agent.device,
        };
        call.audience.push(supervisor);
        self.calls.insert(call);
        // As for any other call that rings: no queued one comes besides, should the supervisor become READY.
        if let Some(own) = self.owner(supervisor) {
            self.agent_trigger(now, own, Trigger::Alerting, out);
        }
        let leg = self.calls.new_leg();
        self.calls.join(
            id,
            Party {
                deadline: Some(now.saturating_add(SETUP_MS)),
                ..Party::new(leg, listener, PartyState::Offered)
            },
        );
        if let Some(monitored) = self.calls.get_mut(agent.id) {
            monitored.monitors.push(id);
        }
        self.set_deadline(id);
        self.confirm_supervision(client, invoke_id, id, supervisor, out);
        self.tell_begin(id, out);
        self.command_offer(id, leg, true, out);
        Ok(())
    }

    fn confirm_supervision(
        &self,
        client: ClientId,
        invoke_id: u32,
        id: CallId,
        supervisor: DeviceIndex,
        out: &mut Vec<Output>,
    ) {
        let number = self.directory.extension(supervisor).unwrap_or_default();
        send(
            out,
            client,
            SuperviseCallConf {
                invoke_id,
                connection_call_id: id.0,
                connection_device_id_type: ConnectionDeviceIdType::STATIC,
                floats: Floats::new().with_text(Tag::CONNECTION_DEVID, number),
            },
        );
    }

    /// The call with which a phone listens to a call of another one.
    fn monitor_at(&self, supervisor: DeviceIndex) -> Option<(Hand, CallId, DeviceIndex)> {
        self.calls.parties_at(supervisor).find_map(|(call, party)| {
            let Relation::Monitor { of, target } = call.relation else {
                return None;
            };
            let hand = Hand {
                device: supervisor,
                id: call.id,
                leg: party.leg,
                state: party.state,
            };
            Some((hand, of, target))
        })
    }

    /// SUPERVISOR_CLEAR: out of the call named, or the one that is listened to.
    fn supervisor_clear(
        &mut self,
        now: i64,
        client: ClientId,
        request: &SuperviseCallReq,
        supervisor: DeviceIndex,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let hand = match request.supervisor_connection_call_id {
            NULL_CALL => self.monitor_at(supervisor).ok_or(NO_CALL)?.0,
            call => self.hand_at(call, supervisor)?,
        };
        self.confirm_supervision(client, request.invoke_id, hand.id, supervisor, out);
        let leaver = Leaver::hung_up(hand.leg, EventCause::SUPERVISOR_CLEAR);
        self.leave(now, hand.id, leaver, out);
        Ok(())
    }

    /// Whoever listens joins. The supervisor's leg stays up all the time, so nothing can go wrong in between: what
    /// clients hear of a call between agent and supervisor is how the protocol tells of it.
    fn barge(
        &mut self,
        client: ClientId,
        invoke_id: u32,
        supervisor: DeviceIndex,
        target: DeviceIndex,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let (listener, of) = match self.monitor_at(supervisor) {
            Some((hand, of, heard)) if heard == target && hand.state == PartyState::Connected => {
                (hand, of)
            }
            _ => {
                return Err(wrong_state(
                    PeripheralError::GW_E_THREADSUPERVISECALL_SUPERVISOR_NOT_TALKING,
                ));
            }
        };
        let agent = self.talking_hand(of.0, target)?;
        let consults = self
            .calls
            .parties_at(target)
            .any(|(call, _)| call.relation == Relation::Consult { of });
        if consults {
            return Err(NOT_CONTROLLER);
        }
        let parties = self.calls.get(of).map_or(0, |call| call.parties.len());
        if parties >= MAX_PARTIES {
            return Err(FULL);
        }
        let id = self.calls.new_call().ok_or(TOO_MANY)?;
        self.confirm_supervision(client, invoke_id, id, supervisor, out);
        let place = Place::Phone(supervisor);
        let by = Place::Phone(target);
        let Some(party) = self.calls.take(listener.leg) else {
            return Ok(());
        };
        if let Some(call) = self.calls.get(listener.id) {
            self.tell_connection_cleared(call, &place, EventCause::NONE, out);
            self.tell_rtp_stopped(call, &place, out);
            self.tell_cleared(call, &place, EventCause::NONE, out);
        }
        self.end_if_over(listener.id, out);
        if let Some(call) = self.calls.get(of) {
            self.tell_held(call, &by, EventCause::SUPERVISOR_BARGE_IN, out);
        }
        let to = Destination::Place(place.clone());
        let mut call = Call::new(id, CallType::SUPERVISOR_BARGEIN, by, to);
        call.relation = Relation::Consult { of };
        call.audience = SmallVec::from_slice(&[target, supervisor]);
        self.calls.insert(call);
        self.tell_begin(id, out);
        if let Some(call) = self.calls.get(id) {
            self.tell_delivered(call, &place, out);
            self.tell_established(call, &place, out);
        }
        self.begin_for(of, supervisor, out);
        self.calls.join(of, party);
        self.confer(of, agent.device);
        self.tell_conferenced(of, Some(id), agent.device, &place, out);
        self.tell_data(of, &place, Some(id), &CallData::default(), out);
        self.end_call(id, out);
        self.connect_media(of, out);
        if let Some(call) = self.calls.get(of) {
            self.tell_rtp_started(call, &place, out);
        }
        Ok(())
    }
}
