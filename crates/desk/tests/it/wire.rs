//! Call events as a CTI server sends them: connection and device are the extension.

use tact_ged188::*;

pub(crate) const PERIPHERAL: u32 = 5000;
const NO_GROUP: u32 = u32::MAX;

fn outside(device: &str) -> bool {
    device.len() > 5
}

pub(crate) fn id_type(device: &str) -> ConnectionDeviceIdType {
    if outside(device) {
        ConnectionDeviceIdType::DYNAMIC
    } else {
        ConnectionDeviceIdType::STATIC
    }
}

fn kind(device: &str) -> DeviceIdType {
    if outside(device) {
        DeviceIdType::EXTERNAL
    } else {
        DeviceIdType::DEVICE_IDENTIFIER
    }
}

macro_rules! event {
    ($name:ident, $call:expr, $at:expr, { $($field:ident: $value:expr),* $(,)? }, [$($tag:ident = $text:expr),* $(,)?]) => {{
        $name {
            peripheral_id: PERIPHERAL,
            connection_call_id: $call,
            connection_device_id_type: id_type($at),
            $($field: $value,)*
            floats: Floats::new().with_text(Tag::CONNECTION_DEVID, $at)$(.with_text(Tag::$tag, $text))*,
            ..$name::default()
        }
    }};
}

pub(crate) fn begin(call: u32, call_type: CallType, at: &str) -> BeginCallEvent {
    event!(BeginCallEvent, call, at, { call_type: call_type }, [])
}

/// A routed call from outside: numbers, a variable, an ECC variable, the router's key.
pub(crate) fn begin_routed(call: u32, caller: &str, dialed: &str) -> BeginCallEvent {
    let mut event = begin(call, CallType::PREROUTE_ACD_IN, caller);
    event.floats.push_text(Tag::ANI, caller);
    event.floats.push_text(Tag::DNIS, dialed);
    event.floats.push_text(Tag::DIALED_NUMBER, dialed);
    event.floats.push_text(Tag::CALL_VAR_1, "gold");
    event
        .floats
        .push_bytes(Tag::NAMED_VARIABLE, b"user.account\x0042\0");
    event.floats.push_u32(Tag::ROUTER_CALL_KEY_DAY, 152_018);
    event.floats.push_u32(Tag::ROUTER_CALL_KEY_CALLID, 217);
    event.floats.push_u32(Tag::ROUTER_CALL_KEY_SEQUENCE_NUM, 1);
    event
}

pub(crate) fn queued(call: u32, caller: &str, dialed: &str, group: u32) -> CallQueuedEvent {
    let mut event = event!(CallQueuedEvent, call, caller,
        { num_skill_groups: 1, local_connection_state: LocalConnectionState::QUEUED },
        [CALLING_DEVID = caller, CALLED_DEVID = dialed]);
    event.floats.push_u32(Tag::SKILL_GROUP_NUMBER, group);
    event
}

pub(crate) fn dequeued(call: u32, caller: &str) -> CallDequeuedEvent {
    event!(CallDequeuedEvent, call, caller, {}, [])
}

pub(crate) fn delivered(call: u32, at: &str, from: &str, to: &str) -> CallDeliveredEvent {
    event!(CallDeliveredEvent, call, at,
        { alerting_device_type: kind(at), calling_device_type: kind(from), skill_group_number: NO_GROUP,
          local_connection_state: LocalConnectionState::ALERTING },
        [ALERTING_DEVID = at, CALLING_DEVID = from, CALLED_DEVID = to])
}

pub(crate) fn established(call: u32, at: &str, from: &str, to: &str) -> CallEstablishedEvent {
    event!(CallEstablishedEvent, call, at,
        { answering_device_type: kind(at), calling_device_type: kind(from), skill_group_number: NO_GROUP },
        [ANSWERING_DEVID = at, CALLING_DEVID = from, CALLED_DEVID = to])
}

pub(crate) fn service_initiated(
    call: u32,
    at: &str,
    first: Option<u32>,
) -> CallServiceInitiatedEvent {
    let mut event = event!(CallServiceInitiatedEvent, call, at,
        { calling_device_type: kind(at) }, [CALLING_DEVID = at]);
    if let Some(first) = first {
        event.floats.push_u32(Tag::COC_CONNECTION_CALL_ID, first);
    }
    event
}

pub(crate) fn originated(call: u32, at: &str, to: &str) -> CallOriginatedEvent {
    event!(CallOriginatedEvent, call, at, { calling_device_type: kind(at) },
        [CALLING_DEVID = at, CALLED_DEVID = to])
}

pub(crate) fn held(call: u32, at: &str) -> CallHeldEvent {
    event!(CallHeldEvent, call, at, { holding_device_type: kind(at) }, [HOLDING_DEVID = at])
}

pub(crate) fn retrieved(call: u32, at: &str) -> CallRetrievedEvent {
    event!(CallRetrievedEvent, call, at, { retrieving_device_type: kind(at) }, [RETRIEVING_DEVID = at])
}

pub(crate) fn failed(call: u32, at: &str, failing: &str, cause: EventCause) -> CallFailedEvent {
    event!(CallFailedEvent, call, at, { failing_device_type: kind(failing), event_cause: cause },
        [FAILING_DEVID = failing, CALLED_DEVID = failing])
}

pub(crate) fn cleared(call: u32, at: &str) -> CallConnectionClearedEvent {
    event!(CallConnectionClearedEvent, call, at, { releasing_device_type: kind(at) }, [RELEASING_DEVID = at])
}

pub(crate) fn call_cleared(call: u32, at: &str) -> CallClearedEvent {
    event!(CallClearedEvent, call, at, {}, [])
}

pub(crate) fn end(call: u32, at: &str) -> EndCallEvent {
    event!(EndCallEvent, call, at, {}, [])
}

pub(crate) fn diverted(call: u32, at: &str, called: &str) -> CallDivertedEvent {
    event!(CallDivertedEvent, call, at,
        { diverting_device_type: kind(at), event_cause: EventCause::CALL_NOT_ANSWERED },
        [DIVERTING_DEVID = at, CALLED_DEVID = called])
}

pub(crate) fn reached_network(call: u32, at: &str, to: &str) -> CallReachedNetworkEvent {
    event!(CallReachedNetworkEvent, call, at, { called_device_type: kind(to) }, [CALLED_DEVID = to])
}

fn push_parties(floats: &mut Floats, call: u32, parties: &[&str]) {
    for party in parties {
        floats.push_u32(Tag::PARTY_CALLID, call);
        floats.push_u16(Tag::PARTY_DEVID_TYPE, id_type(party).0);
        floats.push_text(Tag::PARTY_DEVID, party);
    }
}

pub(crate) fn transferred(
    first: u32,
    second: u32,
    by: &str,
    to: &str,
    parties: &[&str],
) -> CallTransferredEvent {
    let mut event = CallTransferredEvent {
        peripheral_id: PERIPHERAL,
        primary_call_id: first,
        secondary_call_id: second,
        num_parties: parties.len() as u16,
        ..CallTransferredEvent::default()
    };
    event.floats.push_text(Tag::TRANSFERRING_DEVID, by);
    event.floats.push_text(Tag::TRANSFERRED_DEVID, to);
    push_parties(&mut event.floats, first, parties);
    event
}

pub(crate) fn conferenced(
    first: u32,
    second: u32,
    by: &str,
    added: &str,
    parties: &[&str],
) -> CallConferencedEvent {
    let mut event = CallConferencedEvent {
        peripheral_id: PERIPHERAL,
        primary_call_id: first,
        secondary_call_id: second,
        num_parties: parties.len() as u16,
        ..CallConferencedEvent::default()
    };
    event.floats.push_text(Tag::CONTROLLER_DEVID, by);
    event.floats.push_text(Tag::ADDED_PARTY_DEVID, added);
    push_parties(&mut event.floats, first, parties);
    event
}

/// Data of a call changed, or its id from `call` to `new`.
pub(crate) fn data_update(
    call: u32,
    new: u32,
    at: &str,
    call_type: CallType,
) -> CallDataUpdateEvent {
    let mut event = event!(CallDataUpdateEvent, call, at,
        { call_type: call_type, new_connection_call_id: new, new_connection_device_id_type: id_type(at) },
        [NEW_CONNECTION_DEVID = at]);
    event.num_cti_clients = 0;
    event
}

/// SNAPSHOT_CALL_CONF with these devices.
pub(crate) fn snapshot(
    call: u32,
    call_type: CallType,
    devices: &[(&str, LocalConnectionState)],
) -> SnapshotCallConf {
    let mut conf = SnapshotCallConf {
        call_type,
        num_call_devices: devices.len() as u16,
        ..SnapshotCallConf::default()
    };
    conf.floats.push_text(Tag::DIALED_NUMBER, "8000");
    for (device, state) in devices {
        conf.floats.push_u32(Tag::CALL_CONN_CALLID, call);
        conf.floats
            .push_u16(Tag::CALL_CONN_DEVID_TYPE, id_type(device).0);
        conf.floats.push_text(Tag::CALL_CONN_DEVID, device);
        conf.floats.push_u16(Tag::CALL_DEVID_TYPE, kind(device).0);
        conf.floats.push_text(Tag::CALL_DEVID, device);
        conf.floats.push_u16(Tag::CALL_DEV_CONN_STATE, state.0);
    }
    conf
}
