//! Agents who need help: a call to a supervisor of the team. Reference ged188, 3.7.

use tact_ged188::{
    CallType, ConnectionDeviceIdType, EmergencyCallConf, EmergencyCallEvent, EmergencyCallReq,
    EventCause, Floats, LineType, StatusCode, SupervisorAssistConf, SupervisorAssistReq, Tag,
};

use super::CallId;
use super::call::{Destination, PartyState, Place, Relation};
use super::data::CallData;
use super::dial::Order;
use super::registry::NULL_CALL;
use super::request::{Hand, TOO_MANY};
use super::told::NO_LINE;
use crate::directory::DeviceIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};

/// Floats that name the agent who asks.
const ASKING: [Tag; 3] = [
    Tag::AGENT_INSTRUMENT,
    Tag::AGENT_EXTENSION,
    Tag::CONNECTION_DEVID,
];

/// A call to a supervisor that is about to be made.
struct Help {
    id: CallId,
    /// The active call, put on hold for it.
    held: Option<Hand>,
    order: Order,
}

impl Acd {
    /// SUPERVISOR_ASSIST_REQ.
    pub(super) fn supervisor_assist(
        &mut self,
        now: i64,
        client: ClientId,
        request: &SupervisorAssistReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let device = self.acting_phone(session, &request.floats, &ASKING)?;
        let help = self.help(device, request.connection_call_id, CallType::ASSIST)?;
        let conf = SupervisorAssistConf {
            invoke_id: request.invoke_id,
            connection_call_id: help.id.0,
            connection_device_id_type: ConnectionDeviceIdType::STATIC,
            line_handle: NO_LINE,
            line_type: LineType::HELP,
            floats: self.asking_floats(device),
        };
        send(out, client, conf);
        self.call_for_help(now, help, EventCause::SUPERVISOR_ASSIST, out);
        Ok(())
    }

    /// EMERGENCY_CALL_REQ: likewise, and all clients that hear everything are told.
    pub(super) fn emergency_call(
        &mut self,
        now: i64,
        client: ClientId,
        request: &EmergencyCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let device = self.acting_phone(session, &request.floats, &ASKING)?;
        let help = self.help(device, request.connection_call_id, CallType::EMERGENCY)?;
        let conf = EmergencyCallConf {
            invoke_id: request.invoke_id,
            connection_call_id: help.id.0,
            connection_device_id_type: ConnectionDeviceIdType::STATIC,
            line_handle: NO_LINE,
            line_type: LineType::HELP,
            floats: self.asking_floats(device),
        };
        send(out, client, conf);
        self.tell_emergency(client, help.id, device, out);
        self.call_for_help(now, help, EventCause::EMERGENCY_CALL, out);
        Ok(())
    }

    fn asking_floats(&self, device: DeviceIndex) -> Floats {
        let number = self.directory.extension(device).unwrap_or_default();
        Floats::new().with_text(Tag::CONNECTION_DEVID, number)
    }

    fn call_for_help(&mut self, now: i64, help: Help, cause: EventCause, out: &mut Vec<Output>) {
        if let Some(held) = help.held {
            self.hold(now, held.id, held.leg, cause, out);
        }
        self.dial(now, help.id, help.order, out);
    }

    /// Prepares the call, with the data of the active one.
    fn help(&mut self, device: DeviceIndex, call: u32, kind: CallType) -> Result<Help, Refusal> {
        let to = Destination::Place(Place::Phone(self.supervisor_phone(device)?));
        let active = match call {
            NULL_CALL | 0 => self.calls.active_at(device).map(|(call, _)| call.id.0),
            call => Some(call),
        };
        let active = match active {
            Some(call) => Some(self.hand_at(call, device)?),
            None => None,
        };
        let held = active.filter(|hand| hand.state == PartyState::Connected);
        let mut data = CallData::default();
        let id = match held {
            Some(hand) => {
                self.check_own_talk(hand.id)?;
                if let Some(call) = self.calls.get(hand.id) {
                    data = call.data.clone();
                    data.key = None;
                }
                self.second_call(hand)?
            }
            None => {
                self.check_not_reserved(device)?;
                self.check_free(device)?;
                self.calls.new_call().ok_or(TOO_MANY)?
            }
        };
        let relation = held.map_or(Relation::None, |hand| Relation::Consult { of: hand.id });
        let order = Order {
            device,
            to,
            kind,
            relation,
            data,
            leg: None,
        };
        Ok(Help { id, held, order })
    }

    /// The phone of a supervisor of the team of whoever is at a phone: the first who is free, else the first.
    fn supervisor_phone(&self, device: DeviceIndex) -> Result<DeviceIndex, Refusal> {
        let agent = self.owner(device).ok_or(StatusCode::AGENT_NOT_LOGGED_ON)?;
        let team = self.directory.agent(agent).and_then(|agent| agent.team_id);
        let team = team.and_then(|team| self.directory.team(team));
        let team = team.ok_or(StatusCode::TEAM_NOT_FOUND)?;
        let phones: Vec<DeviceIndex> = team
            .supervisors
            .iter()
            .filter_map(|id| self.directory.agent_by_id(id))
            .filter_map(|index| self.agents.get(index.0)?.login.as_ref())
            .map(|login| login.device)
            .filter(|other| *other != device)
            .collect();
        let free = phones.iter().find(|phone| !self.is_busy(**phone));
        free.or(phones.first())
            .copied()
            .ok_or(StatusCode::SUPERVISOR_NOT_FOUND.into())
    }

    /// EMERGENCY_CALL_EVENT.
    fn tell_emergency(
        &self,
        client: ClientId,
        id: CallId,
        device: DeviceIndex,
        out: &mut Vec<Output>,
    ) {
        let number = self.directory.extension(device).unwrap_or_default();
        let mut floats = self.asking_floats(device);
        floats.push_text(Tag::AGENT_EXTENSION, number);
        let agent = self
            .owner(device)
            .and_then(|agent| self.directory.agent(agent));
        if let Some(agent) = agent {
            floats.push_text(Tag::AGENT_ID, &agent.id);
        }
        floats.push_text(Tag::AGENT_INSTRUMENT, number);
        let event = EmergencyCallEvent {
            peripheral_id: self.directory.config().peripheral_id,
            connection_call_id: id.0,
            connection_device_id_type: ConnectionDeviceIdType::STATIC,
            session_id: client.0,
            floats,
        };
        for hearer in self.audience.all() {
            send(out, hearer, event.clone());
        }
    }
}
