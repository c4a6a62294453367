//! What there is to know of calls and phones, on request; and of calls under way, to whom comes late.
//!
//! Changes nothing. Reference ged188, 3.9, 4.11 and 5.2.

use tact_ged188::{
    CallMask, ConnectionDeviceIdType, Floats, SnapshotCallConf, SnapshotCallReq,
    SnapshotDeviceConf, SnapshotDeviceReq, StatusCode, Tag,
};

use super::CallId;
use super::call::{Call, PartyState, Place, Relation};
use crate::agent::device_part;
use crate::directory::DeviceIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::text_of;

/// SILENT_MONITOR_NONE, _INITIATOR and _TARGET.
const MONITOR: [u16; 3] = [0, 1, 2];
impl Acd {
    /// SNAPSHOT_CALL_REQ.
    pub(super) fn snapshot_call(
        &self,
        client: ClientId,
        request: &SnapshotCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let call = self.calls.get(CallId(request.connection_call_id));
        let call = call.ok_or(StatusCode::INVALID_CALLID)?;
        let mut floats = Floats::new();
        let counts = call.data.push(true, &mut floats);
        let devices = self.push_devices(call, &mut floats);
        if let Relation::Consult { of } | Relation::Monitor { of, .. } = call.relation {
            let (id_type, number) = self.connection(&call.calling);
            floats.push_u32(Tag::COC_CONNECTION_CALL_ID, of.0);
            floats.push_u16(Tag::COC_CONNECTION_DEVICE_ID_TYPE, id_type.0);
            floats.push_text(Tag::COC_CONNECTION_DEVICE_ID, number);
        }
        send(
            out,
            client,
            SnapshotCallConf {
                invoke_id: request.invoke_id,
                call_type: call.kind,
                num_call_devices: devices,
                num_named_variables: counts.variables,
                num_named_arrays: counts.arrays,
                floats,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// The groups of a call's devices: its parties, and the agent whom a supervisor listens to.
    fn push_devices(&self, call: &Call, floats: &mut Floats) -> u16 {
        let target = match call.relation {
            Relation::Monitor { target, .. } => Some(Place::Phone(target)),
            _ => None,
        };
        let target = target.iter().map(|place| (place, PartyState::Connected));
        let told = |state: &PartyState| *state != PartyState::Offered;
        let parties = call.parties.iter().map(|party| (&party.place, party.state));
        let mut devices = 0;
        for (place, state) in parties.filter(|(_, state)| told(state)).chain(target) {
            let (id_type, number) = self.connection(place);
            floats.push_u32(Tag::CALL_CONN_CALLID, call.id.0);
            floats.push_u16(Tag::CALL_CONN_DEVID_TYPE, id_type.0);
            floats.push_text(Tag::CALL_CONN_DEVID, number);
            floats.push_u16(Tag::CALL_DEVID_TYPE, self.device_type(place).0);
            floats.push_text(Tag::CALL_DEVID, number);
            floats.push_u16(Tag::CALL_DEV_CONN_STATE, state.wire().0);
            devices += 1;
        }
        devices
    }

    /// SNAPSHOT_DEVICE_REQ: the calls that a phone takes part in.
    pub(super) fn snapshot_device(
        &self,
        client: ClientId,
        request: &SnapshotDeviceReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let device = self.instrument(&request.floats)?;
        let number = self.directory.extension(device).unwrap_or_default();
        let mut floats = Floats::new();
        let mut calls = 0;
        let known = |state| state != PartyState::Offered;
        for (call, party) in self.calls.parties_at(device) {
            if !known(party.state) {
                continue;
            }
            let [none, initiator, target] = MONITOR;
            let heard = call.monitors.iter().any(|monitor| {
                let relation = self.calls.get(*monitor).map(|call| call.relation);
                matches!(relation, Some(Relation::Monitor { target, .. }) if target == device)
            });
            let status = match call.relation {
                Relation::Monitor { .. } => initiator,
                _ if heard => target,
                _ => none,
            };
            floats.push_u32(Tag::CALL_CONN_CALLID, call.id.0);
            floats.push_u16(Tag::CALL_CONN_DEVID_TYPE, ConnectionDeviceIdType::STATIC.0);
            floats.push_text(Tag::CALL_CONN_DEVID, number);
            floats.push_u16(Tag::CALL_STATE, party.state.wire().0);
            floats.push_u16(Tag::SILENT_MONITOR_STATUS, status);
            calls += 1;
        }
        send(
            out,
            client,
            SnapshotDeviceConf {
                invoke_id: request.invoke_id,
                num_calls: calls,
                floats,
            },
        );
        Ok(())
    }

    /// The phone that AgentInstrument names.
    fn instrument(&self, floats: &Floats) -> Result<DeviceIndex, Refusal> {
        let number = text_of(floats, Tag::AGENT_INSTRUMENT);
        let number = number.ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        let device = self.directory.device(device_part(&number));
        device.ok_or(StatusCode::INVALID_DEVICE.into())
    }

    /// BEGIN_CALL_EVENT for each call under way, to a client of one phone that has just opened its session.
    pub(crate) fn begin_calls(&self, client: ClientId, out: &mut Vec<Output>) {
        let Some(session) = self.session(client) else {
            return;
        };
        if session.hears_all() || !session.call_mask.contains(CallMask::BEGIN_CALL) {
            return;
        }
        let Some(device) = self.own_phone(session) else {
            return;
        };
        for (call, _) in self.calls.parties_at(device) {
            if call.audience.contains(&device) {
                let mut event = self.begin_call(call, &Place::Phone(device));
                event.monitor_id = session.monitor_id;
                send(out, client, event);
            }
        }
    }
}
