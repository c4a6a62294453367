//! Calls after a reconnect: SNAPSHOT_DEVICE_REQ for each agent, SNAPSHOT_CALL_REQ for each call found.
//!
//! Until the answers are here every call stays as it was seen last. Reference section 3.9,
//! messages 82 to 85.

use tact_ged188::{
    ConnectionDeviceIdType, DeviceIdType, LocalConnectionState, SnapshotCallConf,
    SnapshotDeviceConf, Tag, number, text,
};

use super::call::Who;
use super::{Cause, data, is_call, named};
use crate::query::Ask;
use crate::{Desk, Output, PartyState};

/// SilentMonitorStatus of a device that listens. That of one that is listened to stands at its own call,
/// of which it changes nothing.
const MONITOR_INITIATOR: u32 = 1;

/// One device of SNAPSHOT_CALL_CONF.
#[derive(Debug, Default)]
struct Device {
    connection: Option<String>,
    connection_type: ConnectionDeviceIdType,
    kind: DeviceIdType,
    address: Option<String>,
    state: LocalConnectionState,
}

impl Desk {
    /// Every call has to be heard of again.
    pub(crate) fn doubt_calls(&mut self) {
        for id in self.calls.ids() {
            if let Some(call) = self.calls.get_mut(id) {
                call.stale = true;
            }
        }
    }

    /// SNAPSHOT_DEVICE_CONF: the calls at an agent's phone.
    pub(super) fn device_told(
        &mut self,
        now: i64,
        conf: &SnapshotDeviceConf,
        out: &mut Vec<Output>,
    ) {
        let Some(Ask::Device(address)) =
            self.take_ask(conf.invoke_id, |ask| matches!(ask, Ask::Device(_)))
        else {
            return;
        };
        let mut calls: Vec<u32> = Vec::new();
        for (tag, value) in &conf.floats {
            let value = number(value).unwrap_or_default();
            match tag {
                Tag::CALL_CONN_CALLID => calls.push(value),
                Tag::SILENT_MONITOR_STATUS if value == MONITOR_INITIATOR => {
                    if let Some(id) = calls.last()
                        && is_call(*id)
                        && self.live_call(now, *id, true, out).is_some()
                        && let Some(call) = self.calls.get_mut(*id)
                    {
                        call.listener = Some(address.clone());
                    }
                }
                _ => {}
            }
        }
        for id in calls.into_iter().filter(|id| is_call(*id)) {
            self.session.asks.push(Ask::Call(id));
        }
        self.send_asks(now, out);
    }

    /// SNAPSHOT_CALL_CONF: all there is to know of a call.
    pub(super) fn call_told(&mut self, now: i64, conf: &SnapshotCallConf, out: &mut Vec<Output>) {
        let Some(Ask::Call(id)) = self.take_ask(conf.invoke_id, |ask| matches!(ask, Ask::Call(_)))
        else {
            return;
        };
        if self.live_call(now, id, true, out).is_some()
            && let Some(call) = self.calls.get_mut(id)
        {
            call.set_type(conf.call_type);
            data::take(&mut call.dialog, &conf.floats);
            let devices = devices(conf);
            let alerting = devices
                .iter()
                .any(|device| device.state == LocalConnectionState::ALERTING);
            let talking = devices
                .iter()
                .filter(|device| party_state(device.state) == PartyState::Active)
                .count();
            let mut here = Vec::new();
            for device in &devices {
                let who = Who {
                    device: device.address.clone(),
                    kind: device.kind,
                    connection: device.connection.clone(),
                    connection_type: device.connection_type,
                };
                let Some(address) = call.place(&who) else {
                    continue;
                };
                let state = match party_state(device.state) {
                    // The caller of a call that nobody answered yet.
                    PartyState::Active if alerting && talking == 1 => PartyState::Initiated,
                    state => state,
                };
                let joined = call.join(now, &address, device.kind, state, &self.directory);
                call.attach(&address, &who);
                if joined == Some(false) {
                    // Wrap-up and an accepted preview are more than the snapshot can say.
                    let says_more = matches!(
                        (call.state_of(&address), state),
                        (Some(PartyState::WrapUp), PartyState::Dropped)
                            | (
                                Some(PartyState::Accepted),
                                PartyState::Active | PartyState::Alerting
                            )
                    );
                    if !says_more {
                        call.set_state(now, &address, state);
                    }
                }
                here.push(address);
            }
            if !devices.is_empty() {
                let left: Vec<String> = call
                    .live()
                    .map(|party| party.address.clone())
                    .filter(|address| !here.contains(address))
                    .collect();
                for address in left {
                    call.leave(&address);
                }
            }
            if call.dialog.from.is_empty() {
                call.dialog.from = named(&conf.floats, Tag::ANI)
                    .or_else(|| here.first().cloned())
                    .unwrap_or_default();
            }
            if call.dialog.to.is_empty() {
                call.dialog.to.clone_from(&call.dialog.dialed_number);
            }
            let first = conf.floats.u32(Tag::COC_CONNECTION_CALL_ID);
            if let Some(first) = first.filter(|first| is_call(*first) && *first != id) {
                call.dialog.associated = Some(first);
            }
            self.settle(&[id], Cause::Progress, out);
        }
        self.send_asks(now, out);
    }

    /// The CTI server knows no such call: what was thought to be one is over.
    pub(crate) fn call_unknown(&mut self, now: i64, id: u32, out: &mut Vec<Output>) {
        if let Some(call) = self.calls.get_mut(id) {
            call.finish(now);
            call.ended = true;
            self.settle(&[id], Cause::Progress, out);
        }
    }
}

/// The groups of floats 56 to 61; 56 begins each.
fn devices(conf: &SnapshotCallConf) -> Vec<Device> {
    let mut devices: Vec<Device> = Vec::new();
    for (tag, value) in &conf.floats {
        if tag == Tag::CALL_CONN_CALLID {
            devices.push(Device::default());
        }
        let Some(device) = devices.last_mut() else {
            continue;
        };
        let short = || {
            number(value)
                .and_then(|value| u16::try_from(value).ok())
                .unwrap_or_default()
        };
        let string = || Some(text(value).into_owned()).filter(|text| !text.is_empty());
        match tag {
            Tag::CALL_CONN_DEVID_TYPE => device.connection_type = ConnectionDeviceIdType(short()),
            Tag::CALL_CONN_DEVID => device.connection = string(),
            Tag::CALL_DEVID_TYPE => device.kind = DeviceIdType(short()),
            Tag::CALL_DEVID => device.address = string(),
            Tag::CALL_DEV_CONN_STATE => device.state = LocalConnectionState(short()),
            _ => {}
        }
    }
    devices.truncate(super::call::MAX_PARTIES);
    devices
}

const fn party_state(state: LocalConnectionState) -> PartyState {
    match state {
        LocalConnectionState::INITIATE => PartyState::Initiating,
        LocalConnectionState::ALERTING => PartyState::Alerting,
        LocalConnectionState::HOLD => PartyState::Held,
        LocalConnectionState::QUEUED => PartyState::Initiated,
        LocalConnectionState::FAIL => PartyState::Failed,
        LocalConnectionState::NULL => PartyState::Dropped,
        _ => PartyState::Active,
    }
}
