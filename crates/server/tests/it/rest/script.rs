//! What the CTI server says of calls, and what comes of it at the agent.

use tact_api::{AsyncApiError, Data, Dialog, Event, Update};
use tact_ged188::{
    BeginCallEvent, CallDeliveredEvent, CallEstablishedEvent, CallHeldEvent, CallType,
    ConnectionDeviceIdType, DeviceIdType, EndCallEvent, Floats, LocalConnectionState, Tag,
};

use super::centre::Centre;
use super::wire::Wire;

pub(super) const CALL: u32 = 16_777_217;
pub(super) const SECOND: u32 = 16_777_218;
pub(super) const CALLER: &str = "5550123";
pub(super) const EXTENSION: &str = "2003";
pub(super) const NODE: &str = "/finesse/api/User/2001/Dialogs";

/// A centre in which agent 2001 is signed in.
pub(super) async fn staffed() -> (Centre, Wire) {
    let (mut centre, wire) = Centre::tapped().await;
    centre.sign_in("2001", EXTENSION).await;
    (centre, wire)
}

pub(super) fn begins(
    wire: &Wire,
    call: u32,
    call_type: CallType,
    at: &str,
    kind: ConnectionDeviceIdType,
) {
    wire.say(BeginCallEvent {
        peripheral_id: 5000,
        call_type,
        connection_device_id_type: kind,
        connection_call_id: call,
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, at)
            .with_text(Tag::ANI, CALLER)
            .with_text(Tag::DNIS, "8001")
            .with_text(Tag::DIALED_NUMBER, "8001")
            .with_text(Tag::CALL_VAR_1, "Gold & <old>"),
        ..BeginCallEvent::default()
    });
}

pub(super) fn rings(wire: &Wire, call: u32, at: &str, from: &str, to: &str) {
    wire.say(CallDeliveredEvent {
        peripheral_id: 5000,
        connection_device_id_type: ConnectionDeviceIdType::STATIC,
        connection_call_id: call,
        alerting_device_type: DeviceIdType::AGENT_DEVICE,
        calling_device_type: DeviceIdType::EXTERNAL,
        called_device_type: DeviceIdType::ROUTE_POINT,
        local_connection_state: LocalConnectionState::ALERTING,
        skill_group_number: u32::MAX,
        skill_group_id: u32::MAX,
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, at)
            .with_text(Tag::ALERTING_DEVID, at)
            .with_text(Tag::CALLING_DEVID, from)
            .with_text(Tag::CALLED_DEVID, to),
        ..CallDeliveredEvent::default()
    });
}

pub(super) fn is_answered(wire: &Wire, call: u32, at: &str, from: &str, to: &str) {
    wire.say(CallEstablishedEvent {
        peripheral_id: 5000,
        connection_device_id_type: ConnectionDeviceIdType::STATIC,
        connection_call_id: call,
        answering_device_type: DeviceIdType::AGENT_DEVICE,
        calling_device_type: DeviceIdType::EXTERNAL,
        called_device_type: DeviceIdType::ROUTE_POINT,
        local_connection_state: LocalConnectionState::CONNECT,
        skill_group_number: u32::MAX,
        skill_group_id: u32::MAX,
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, at)
            .with_text(Tag::ANSWERING_DEVID, at)
            .with_text(Tag::CALLING_DEVID, from)
            .with_text(Tag::CALLED_DEVID, to),
        ..CallEstablishedEvent::default()
    });
}

pub(super) fn is_held(wire: &Wire, call: u32, by: &str) {
    wire.say(CallHeldEvent {
        peripheral_id: 5000,
        connection_device_id_type: ConnectionDeviceIdType::STATIC,
        connection_call_id: call,
        holding_device_type: DeviceIdType::AGENT_DEVICE,
        local_connection_state: LocalConnectionState::HOLD,
        floats: Floats::new()
            .with_text(Tag::CONNECTION_DEVID, by)
            .with_text(Tag::HOLDING_DEVID, by),
        ..CallHeldEvent::default()
    });
}

/// A call from outside rings at the agent.
pub(super) async fn offered() -> (Centre, Wire) {
    let (mut centre, wire) = staffed().await;
    let caller = ConnectionDeviceIdType::DYNAMIC;
    begins(&wire, CALL, CallType::PREROUTE_ACD_IN, CALLER, caller);
    rings(&wire, CALL, EXTENSION, CALLER, "8001");
    until(&mut centre, |update| {
        came(update).is_some_and(|dialog| state_of(&dialog, EXTENSION) == "ALERTING")
    })
    .await;
    (centre, wire)
}

/// The agent talks with a caller from outside.
pub(super) async fn talking() -> (Centre, Wire) {
    let (mut centre, wire) = offered().await;
    is_answered(&wire, CALL, EXTENSION, CALLER, "8001");
    until(&mut centre, |update| {
        changed(update).is_some_and(|dialog| state_of(&dialog, EXTENSION) == "ACTIVE")
    })
    .await;
    (centre, wire)
}

/// The agent holds the caller.
pub(super) async fn holding() -> (Centre, Wire) {
    let (mut centre, wire) = talking().await;
    is_held(&wire, CALL, EXTENSION);
    until(&mut centre, |update| {
        changed(update).is_some_and(|dialog| state_of(&dialog, EXTENSION) == "HELD")
    })
    .await;
    (centre, wire)
}

/// The next notification of this kind on the agent's node.
pub(super) async fn until(centre: &mut Centre, is_it: impl Fn(&Update) -> bool) -> Update {
    loop {
        let (_, update) = centre.event(NODE).await;
        if is_it(&update) {
            return update;
        }
    }
}

pub(super) fn came(update: &Update) -> Option<Dialog> {
    match &update.data {
        Some(Data::Dialogs(all)) if update.event == Event::Post => all.dialogs.first().cloned(),
        _ => None,
    }
}

pub(super) fn changed(update: &Update) -> Option<Dialog> {
    match &update.data {
        Some(Data::Dialog(dialog)) if update.event == Event::Put => Some(dialog.clone()),
        _ => None,
    }
}

pub(super) fn failed(update: &Update) -> Option<AsyncApiError> {
    match &update.data {
        Some(Data::ApiErrors(errors)) => errors.errors.first().cloned(),
        _ => None,
    }
}

pub(super) fn state_of(dialog: &Dialog, address: &str) -> String {
    let party = dialog
        .participants
        .iter()
        .find(|party| party.media_address == address);
    party.map(|party| party.state.clone()).unwrap_or_default()
}

pub(super) fn body(action: &str, more: &str) -> String {
    format!(
        "<Dialog><requestedAction>{action}</requestedAction>\
         <targetMediaAddress>{EXTENSION}</targetMediaAddress>{more}</Dialog>"
    )
}

pub(super) fn param(name: &str, value: &str) -> String {
    format!(
        "<actionParams><ActionParam><name>{name}</name><value>{value}</value></ActionParam></actionParams>"
    )
}

pub(super) fn left(update: &Update) -> Option<Dialog> {
    match &update.data {
        Some(Data::Dialogs(all)) if update.event == Event::Delete => all.dialogs.first().cloned(),
        _ => None,
    }
}

/// A call is over.
pub(super) fn ends(wire: &Wire, call: u32, at: &str) {
    wire.say(EndCallEvent {
        peripheral_id: 5000,
        connection_device_id_type: ConnectionDeviceIdType::STATIC,
        connection_call_id: call,
        floats: Floats::new().with_text(Tag::CONNECTION_DEVID, at),
        ..EndCallEvent::default()
    });
}
