//! What is asked of calls, as requests to the CTI server.
//!
//! Connections are named as their events named them. Reference sections 3.7 to 3.9; finesse-api.md 2.6.

use tact_ged188::{
    AnswerCallReq, ClearConnectionReq, ConferenceCallReq, ConnectionDeviceIdType, ConsultType,
    ConsultationCallReq, ControlFailure, DeviceIdType, Floats, HoldCallReq, MakeCallReq, Message,
    RetrieveCallReq, SendDtmfSignalReq, SetCallDataReq, SuperviseCallReq, SupervisoryAction, Tag,
    TransferCallReq,
};

use crate::calls::{self, Call};
use crate::{CallAction, Desk, Variable};

/// The ECC variable that steers a campaign's calls, and its words (UCCE's way of doing it).
pub(crate) const RESPONSE: &str = "BAResponse";
pub(crate) const ACCEPT: &str = "Accept";
const REJECT: &str = "Reject";
const REJECT_CLOSE: &str = "RejectClose";
const CALLBACK_CANCEL: &str = "Callback Cancel";
/// No connection.
const NO_CALL: u32 = u32::MAX;

/// A connection as requests name it.
#[derive(Debug, Clone)]
struct Connection {
    call: u32,
    device: String,
    device_type: ConnectionDeviceIdType,
}

impl Desk {
    /// The request for what an agent asks, or the failure that it is known to have.
    pub(crate) fn call_request(
        &self,
        agent: &str,
        action: &CallAction,
        invoke_id: u32,
    ) -> Result<Message, ControlFailure> {
        let peripheral_id = self.config.peripheral_id;
        let entry = self.directory.get(agent);
        let own = entry
            .and_then(|entry| entry.agent.extension.clone())
            .unwrap_or_default();
        let at = |address: &str| self.connection(action.dialog(), address);
        Ok(match action {
            CallAction::Make {
                from,
                to,
                variables,
            } => {
                let mut request = MakeCallReq {
                    invoke_id,
                    peripheral_id,
                    ..MakeCallReq::default()
                };
                request.floats.push_text(Tag::AGENT_INSTRUMENT, from);
                request.floats.push_text(Tag::DIALED_NUMBER, to);
                (request.num_named_variables, request.num_named_arrays) =
                    calls::push_variables(&mut request.floats, variables);
                // No group: the call is the agent's own.
                request.skill_group_number = NO_CALL;
                request.into()
            }
            CallAction::Answer { address, .. } => {
                let own = at(address)?;
                AnswerCallReq {
                    invoke_id,
                    peripheral_id,
                    connection_call_id: own.call,
                    connection_device_id_type: own.device_type,
                    floats: floats(&own, address),
                }
                .into()
            }
            CallAction::Hold { address, .. } => {
                let own = at(address)?;
                HoldCallReq {
                    invoke_id,
                    peripheral_id,
                    connection_call_id: own.call,
                    connection_device_id_type: own.device_type,
                    floats: floats(&own, address),
                    ..HoldCallReq::default()
                }
                .into()
            }
            CallAction::Retrieve { address, .. } => {
                let own = at(address)?;
                RetrieveCallReq {
                    invoke_id,
                    peripheral_id,
                    held_connection_call_id: own.call,
                    held_connection_device_id_type: own.device_type,
                    floats: Floats::new()
                        .with_text(Tag::HELD_CONN_DEVID, &own.device)
                        .with_text(Tag::AGENT_INSTRUMENT, address),
                }
                .into()
            }
            CallAction::Drop { address, .. } => {
                clear(invoke_id, peripheral_id, &at(address)?, address, None)
            }
            CallAction::DropParticipant { address, .. } => {
                clear(invoke_id, peripheral_id, &at(address)?, address, Some(&own))
            }
            CallAction::Consult { address, to, .. } => {
                let own = at(address)?;
                ConsultationCallReq {
                    invoke_id,
                    peripheral_id,
                    active_connection_call_id: own.call,
                    active_connection_device_id_type: own.device_type,
                    consult_type: ConsultType::TRANSFER,
                    floats: Floats::new()
                        .with_text(Tag::ACTIVE_CONN_DEVID, &own.device)
                        .with_text(Tag::DIALED_NUMBER, to)
                        .with_text(Tag::AGENT_INSTRUMENT, address),
                    ..ConsultationCallReq::default()
                }
                .into()
            }
            CallAction::Transfer { dialog, address } => {
                let (active, held) = self.both(agent, *dialog, address)?;
                TransferCallReq {
                    invoke_id,
                    peripheral_id,
                    active_connection_call_id: active.call,
                    held_connection_call_id: held.call,
                    active_connection_device_id_type: active.device_type,
                    held_connection_device_id_type: held.device_type,
                    floats: two(&active, &held, address),
                    ..TransferCallReq::default()
                }
                .into()
            }
            CallAction::Conference { dialog, address } => {
                let (active, held) = self.both(agent, *dialog, address)?;
                ConferenceCallReq {
                    invoke_id,
                    peripheral_id,
                    active_connection_call_id: active.call,
                    held_connection_call_id: held.call,
                    active_connection_device_id_type: active.device_type,
                    held_connection_device_id_type: held.device_type,
                    floats: two(&active, &held, address),
                    ..ConferenceCallReq::default()
                }
                .into()
            }
            CallAction::TransferSst { address, to, .. } => {
                let own = at(address)?;
                TransferCallReq {
                    invoke_id,
                    peripheral_id,
                    active_connection_call_id: own.call,
                    held_connection_call_id: NO_CALL,
                    active_connection_device_id_type: own.device_type,
                    held_connection_device_id_type: ConnectionDeviceIdType::NONE,
                    floats: Floats::new()
                        .with_text(Tag::ACTIVE_CONN_DEVID, &own.device)
                        .with_text(Tag::AGENT_INSTRUMENT, address)
                        .with_text(Tag::DIALED_NUMBER, to),
                    ..TransferCallReq::default()
                }
                .into()
            }
            CallAction::SendDtmf {
                address, digits, ..
            } => {
                let own = at(address)?;
                SendDtmfSignalReq {
                    invoke_id,
                    peripheral_id,
                    connection_call_id: own.call,
                    connection_device_id_type: own.device_type,
                    floats: floats(&own, address).with_text(Tag::DTMF_STRING, digits),
                    ..SendDtmfSignalReq::default()
                }
                .into()
            }
            CallAction::UpdateCallData { .. }
            | CallAction::Accept { .. }
            | CallAction::Reject { .. }
            | CallAction::Close { .. }
            | CallAction::Reclassify { .. }
            | CallAction::ScheduleCallback { .. }
            | CallAction::CancelCallback { .. } => {
                let own = at(&own)?;
                let (variables, wrap_up) = asked_data(action);
                let mut floats = Floats::new().with_text(Tag::CONNECTION_DEVID, &own.device);
                let (num_named_variables, num_named_arrays) =
                    calls::push_variables(&mut floats, &variables);
                if let Some(wrap_up) = wrap_up {
                    floats.push_text(Tag::CALL_WRAPUP_DATA, wrap_up);
                }
                if let CallAction::ScheduleCallback {
                    number: Some(number),
                    ..
                } = action
                {
                    floats.push_text(Tag::CUSTOMER_PHONE_NUMBER, number);
                }
                SetCallDataReq {
                    invoke_id,
                    peripheral_id,
                    connection_device_id_type: own.device_type,
                    connection_call_id: own.call,
                    num_named_variables,
                    num_named_arrays,
                    floats,
                    ..SetCallDataReq::default()
                }
                .into()
            }
            CallAction::Monitor { from, to } => SuperviseCallReq {
                invoke_id,
                peripheral_id,
                agent_connection_call_id: NO_CALL,
                supervisor_connection_call_id: NO_CALL,
                agent_connection_device_id_type: ConnectionDeviceIdType::NONE,
                supervisor_connection_device_id_type: ConnectionDeviceIdType::NONE,
                supervisory_action: SupervisoryAction::MONITOR,
                floats: self
                    .supervised(to)
                    .with_text(Tag::SUPERVISOR_INSTRUMENT, from),
            }
            .into(),
            CallAction::Barge { from, to, dialog } => {
                let own = at(from)?;
                let first = self.dialog(*dialog).and_then(|dialog| dialog.associated);
                let agent = self.connection(first, to).ok();
                let mut floats = self
                    .supervised(to)
                    .with_text(Tag::SUPERVISOR_INSTRUMENT, from);
                if let Some(agent) = &agent {
                    floats.push_text(Tag::AGENT_CONNECTION_DEVID, &agent.device);
                }
                floats.push_text(Tag::SUPERVISOR_CONNECTION_DEVID, &own.device);
                SuperviseCallReq {
                    invoke_id,
                    peripheral_id,
                    agent_connection_call_id: agent.as_ref().map_or(NO_CALL, |agent| agent.call),
                    supervisor_connection_call_id: own.call,
                    agent_connection_device_id_type: agent
                        .map_or(ConnectionDeviceIdType::NONE, |agent| agent.device_type),
                    supervisor_connection_device_id_type: own.device_type,
                    supervisory_action: SupervisoryAction::BARGE_IN,
                    floats,
                }
                .into()
            }
            CallAction::Unsupported { .. } => return Err(ControlFailure::GENERIC_OPERATION),
        })
    }

    /// The connection of a party, as its events named it.
    fn connection(&self, id: Option<u32>, address: &str) -> Result<Connection, ControlFailure> {
        let call = id.and_then(|id| self.calls.get(id));
        let leg = call.and_then(|call| Some((call, call.legs.get(address)?)));
        let (call, leg) = leg.ok_or(ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER)?;
        Ok(Connection {
            call: call.dialog.id,
            device: leg.device.clone(),
            device_type: leg.device_type,
        })
    }

    /// The agent's active connection and the held one that is named. The active call is the one
    /// that belongs to the held one, or else any.
    fn both(
        &self,
        agent: &str,
        held: u32,
        address: &str,
    ) -> Result<(Connection, Connection), ControlFailure> {
        let held_connection = self.connection(Some(held), address)?;
        let is_consultation = |call: &&Call| {
            call.dialog.associated == Some(held)
                && call
                    .dialog
                    .participant(address)
                    .is_some_and(|party| calls::is_live(party.state))
        };
        let active = self
            .calls
            .of_agent(agent)
            .find(is_consultation)
            .or_else(|| self.active_call(agent, held))
            .ok_or(ControlFailure::NO_ACTIVE_CALL)?;
        Ok((
            self.connection(Some(active.dialog.id), address)?,
            held_connection,
        ))
    }

    /// The agent at an extension, as a supervisor's request names one.
    fn supervised(&self, extension: &str) -> Floats {
        let mut floats = Floats::new();
        if let Some(entry) = self.directory.by_extension(extension) {
            floats.push_text(Tag::AGENT_ID, &entry.agent.id);
        }
        floats.with_text(Tag::AGENT_INSTRUMENT, extension)
    }
}

/// The data that a request sets: variables, and the wrap-up reason.
pub(crate) fn asked_data(action: &CallAction) -> (Vec<Variable>, Option<&str>) {
    let response = |value: &str| {
        vec![Variable {
            name: RESPONSE.to_owned(),
            value: value.to_owned(),
        }]
    };
    match action {
        CallAction::UpdateCallData {
            variables, wrap_up, ..
        } => (variables.clone(), wrap_up.as_deref()),
        CallAction::Accept { .. } => (response(ACCEPT), None),
        CallAction::Reject { .. } => (response(REJECT), None),
        CallAction::Close { .. } => (response(REJECT_CLOSE), None),
        CallAction::Reclassify { classification, .. } => (response(classification), None),
        CallAction::ScheduleCallback {
            time: Some(time), ..
        } => (response(&format!("Callback {}", callback_time(time))), None),
        CallAction::CancelCallback { .. } => (response(CALLBACK_CANCEL), None),
        _ => (Vec::new(), None),
    }
}

/// `YYYY-MM-DDThh:mm` as a campaign wants it, `MMDDYYYY hh:mm`; anything else as it is.
fn callback_time(time: &str) -> String {
    let reordered = || {
        let (date, clock) = time.split_once('T')?;
        let mut parts = date.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        parts
            .next()
            .is_none()
            .then(|| format!("{month}{day}{year} {clock}"))
    };
    reordered().unwrap_or_else(|| time.to_owned())
}

fn floats(connection: &Connection, address: &str) -> Floats {
    Floats::new()
        .with_text(Tag::CONNECTION_DEVID, &connection.device)
        .with_text(Tag::AGENT_INSTRUMENT, address)
}

fn two(active: &Connection, held: &Connection, address: &str) -> Floats {
    Floats::new()
        .with_text(Tag::ACTIVE_CONN_DEVID, &active.device)
        .with_text(Tag::HELD_CONN_DEVID, &held.device)
        .with_text(Tag::AGENT_INSTRUMENT, address)
}

/// CLEAR_CONNECTION_REQ, of one's own connection or another's.
fn clear(
    invoke_id: u32,
    peripheral_id: u32,
    connection: &Connection,
    address: &str,
    requester: Option<&str>,
) -> Message {
    let mut floats = match requester {
        None => floats(connection, address),
        Some(_) => Floats::new().with_text(Tag::CONNECTION_DEVID, &connection.device),
    };
    if let Some(requester) = requester {
        floats.push_text(Tag::AGENT_INSTRUMENT, requester);
        floats.push_text(Tag::REQUESTING_DEVICE_ID, requester);
        floats.push_u16(Tag::REQUESTING_DEVICE_ID_TYPE, DeviceIdType::AGENT_DEVICE.0);
    }
    ClearConnectionReq {
        invoke_id,
        peripheral_id,
        connection_call_id: connection.call,
        connection_device_id_type: connection.device_type,
        floats,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_time_is_written_as_campaigns_do() {
        assert_eq!(callback_time("2014-03-07T14:30"), "03072014 14:30");
        assert_eq!(callback_time("tomorrow"), "tomorrow");
    }
}
