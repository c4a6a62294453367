//! Events that make a call go on: begun, dialed, delivered, established, held, retrieved, failed, queued.

use tact_ged188::{
    BeginCallEvent, CallDeliveredEvent, CallEstablishedEvent, CallFailedEvent, CallHeldEvent,
    CallOriginatedEvent, CallQueuedEvent, CallReachedNetworkEvent, CallRetrievedEvent,
    CallServiceInitiatedEvent, CallType, ConnectionDeviceIdType, DeviceIdType, EventCause, Floats,
    LocalConnectionState, Tag,
};

use super::call::{Call, Who};
use super::{Cause, data, is_call, named, who};
use crate::directory::Directory;
use crate::{Desk, Output, PartyState, StateCause};

impl Desk {
    /// Changes a call that an event shows alive, and tells who must know.
    fn call_goes_on(
        &mut self,
        now: i64,
        id: u32,
        told: bool,
        out: &mut Vec<Output>,
        change: impl FnOnce(&mut Call, &Directory),
    ) {
        if self.live_call(now, id, told, out).is_none() {
            return;
        }
        if let Some(call) = self.calls.get_mut(id) {
            change(call, &self.directory);
            self.settle(&[id], Cause::Progress, out);
        }
    }

    pub(super) fn call_begun(&mut self, now: i64, event: &BeginCallEvent, out: &mut Vec<Output>) {
        let caller = who(&event.floats, None, event.connection_device_id_type);
        self.call_goes_on(
            now,
            event.connection_call_id,
            true,
            out,
            |call, directory| {
                call.set_type(event.call_type);
                data::take(&mut call.dialog, &event.floats);
                let ani = named(&event.floats, Tag::ANI);
                if let Some(address) = call.place(&caller)
                    && (call.legs.is_empty() || call.legs.contains_key(&address))
                {
                    call.join(
                        now,
                        &address,
                        caller.kind,
                        PartyState::Initiating,
                        directory,
                    );
                    call.attach(&address, &caller);
                    name_from(call, Some(address), false);
                }
                name_from(call, ani, false);
                // The data of a consultation is that of the first call, numbers included.
                if !is_second_call(call.dialog.call_type) {
                    let dialed = call.dialog.dialed_number.clone();
                    name_to(
                        call,
                        Some(dialed).filter(|dialed| !dialed.is_empty()),
                        false,
                    );
                }
            },
        );
    }

    pub(super) fn call_service_initiated(
        &mut self,
        now: i64,
        event: &CallServiceInitiatedEvent,
        out: &mut Vec<Output>,
    ) {
        let device = (Tag::CALLING_DEVID, event.calling_device_type);
        let caller = who(&event.floats, Some(device), event.connection_device_id_type);
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                advance(call, now, &caller, PartyState::Initiating, directory);
                name_from(call, caller.device, true);
                associate(call, event.floats.u32(Tag::COC_CONNECTION_CALL_ID));
            },
        );
    }

    pub(super) fn call_originated(
        &mut self,
        now: i64,
        event: &CallOriginatedEvent,
        out: &mut Vec<Output>,
    ) {
        let device = (Tag::CALLING_DEVID, event.calling_device_type);
        let caller = who(&event.floats, Some(device), event.connection_device_id_type);
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                advance(call, now, &caller, PartyState::Initiated, directory);
                name_from(call, caller.device, true);
                name_to(call, named(&event.floats, Tag::CALLED_DEVID), true);
            },
        );
    }

    pub(super) fn call_reached_network(
        &mut self,
        now: i64,
        event: &CallReachedNetworkEvent,
        out: &mut Vec<Output>,
    ) {
        self.call_goes_on(now, event.connection_call_id, false, out, |call, _| {
            dialed(call, now);
            name_to(call, named(&event.floats, Tag::CALLED_DEVID), true);
        });
    }

    pub(super) fn call_delivered(
        &mut self,
        now: i64,
        event: &CallDeliveredEvent,
        out: &mut Vec<Output>,
    ) {
        let device = (Tag::ALERTING_DEVID, event.alerting_device_type);
        let alerting = who(&event.floats, Some(device), event.connection_device_id_type);
        let queue = self.queue_of(event.skill_group_number);
        // A trunk seized rings nowhere.
        let rings = event.local_connection_state != LocalConnectionState::INITIATE;
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                data::take(&mut call.dialog, &event.floats);
                let address = call.place(&alerting).filter(|_| rings);
                if let Some(address) = &address {
                    call.join(now, address, alerting.kind, PartyState::Alerting, directory);
                    call.attach(address, &alerting);
                    let comes_back =
                        call.state_of(address) == Some(PartyState::Dropped) && !call.cleared;
                    let is_early = matches!(
                        call.state_of(address),
                        Some(PartyState::Initiating | PartyState::Initiated | PartyState::Failed)
                    );
                    if comes_back || is_early {
                        call.set_state(now, address, PartyState::Alerting);
                    }
                }
                let device = (Tag::CALLING_DEVID, event.calling_device_type);
                meet_caller(
                    call,
                    now,
                    &event.floats,
                    device,
                    address.as_deref(),
                    directory,
                );
                dialed(call, now);
                name_both(call, &event.floats);
                if is_second_call(call.dialog.call_type) {
                    associate(call, event.floats.u32(Tag::SECONDARY_CONNECTION_CALL_ID));
                }
                if queue.is_some() {
                    call.dialog.queue = queue;
                }
            },
        );
    }

    pub(super) fn call_established(
        &mut self,
        now: i64,
        event: &CallEstablishedEvent,
        out: &mut Vec<Output>,
    ) {
        let device = (Tag::ANSWERING_DEVID, event.answering_device_type);
        let answering = who(&event.floats, Some(device), event.connection_device_id_type);
        let queue = self.queue_of(event.skill_group_number);
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                let address = call.place(&answering);
                if let Some(address) = &address {
                    call.join(now, address, answering.kind, PartyState::Active, directory);
                    call.attach(address, &answering);
                    match call.state_of(address) {
                        Some(PartyState::Dropped | PartyState::WrapUp) if call.cleared => {}
                        // A duplicate tells nothing of a party that went on.
                        Some(PartyState::Held | PartyState::Accepted | PartyState::WrapUp) => {}
                        _ => call.set_state(now, address, PartyState::Active),
                    }
                }
                let device = (Tag::CALLING_DEVID, event.calling_device_type);
                meet_caller(
                    call,
                    now,
                    &event.floats,
                    device,
                    address.as_deref(),
                    directory,
                );
                for waiting in in_state(call, &[PartyState::Initiating, PartyState::Initiated]) {
                    call.set_state(now, &waiting, PartyState::Active);
                }
                name_both(call, &event.floats);
                if queue.is_some() {
                    call.dialog.queue = queue;
                }
            },
        );
    }

    pub(super) fn call_held(&mut self, now: i64, event: &CallHeldEvent, out: &mut Vec<Output>) {
        let device = (Tag::HOLDING_DEVID, event.holding_device_type);
        let holding = who(&event.floats, Some(device), event.connection_device_id_type);
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                move_to(call, now, &holding, PartyState::Held, directory);
            },
        );
    }

    pub(super) fn call_retrieved(
        &mut self,
        now: i64,
        event: &CallRetrievedEvent,
        out: &mut Vec<Output>,
    ) {
        let device = (Tag::RETRIEVING_DEVID, event.retrieving_device_type);
        let retrieving = who(&event.floats, Some(device), event.connection_device_id_type);
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                move_to(call, now, &retrieving, PartyState::Active, directory);
            },
        );
    }

    /// The caller's party fails, whichever device the failure happened at.
    pub(super) fn call_failed(&mut self, now: i64, event: &CallFailedEvent, out: &mut Vec<Output>) {
        let device = (Tag::FAILING_DEVID, event.failing_device_type);
        let failing = who(&event.floats, Some(device), event.connection_device_id_type);
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                name_to(call, named(&event.floats, Tag::CALLED_DEVID), true);
                let owner = Who {
                    device: None,
                    ..failing
                };
                let Some(address) = call.place(&owner).or(failing.device) else {
                    return;
                };
                call.join(now, &address, owner.kind, PartyState::Failed, directory);
                if call.state_of(&address).is_some_and(super::is_live) {
                    call.fail(now, &address, state_cause(event.event_cause));
                }
                for rung in in_state(call, &[PartyState::Alerting]) {
                    call.set_state(now, &rung, PartyState::Dropped);
                }
            },
        );
    }

    pub(super) fn call_queued(&mut self, now: i64, event: &CallQueuedEvent, out: &mut Vec<Output>) {
        // The first group is the one that counts; the others are where else an agent may come from.
        let queue = event
            .floats
            .u32(Tag::SKILL_GROUP_NUMBER)
            .and_then(|number| self.queue_of(number));
        self.call_goes_on(
            now,
            event.connection_call_id,
            false,
            out,
            |call, directory| {
                let device = (Tag::CALLING_DEVID, event.calling_device_type);
                meet_caller(call, now, &event.floats, device, None, directory);
                dialed(call, now);
                name_both(call, &event.floats);
                if queue.is_some() {
                    call.dialog.queue = queue;
                }
            },
        );
    }

    /// Number and name of a queue that an event names.
    pub(super) fn queue_of(&self, number: u32) -> Option<(u32, String)> {
        if !is_call(number) {
            return None;
        }
        let name = self
            .queues
            .get(number)
            .map(|queue| queue.name.clone())
            .unwrap_or_default();
        Some((number, name))
    }
}

/// Lets the caller in when nobody but the party at hand is there: the beginning was missed, or it
/// is a monitor call, whose "caller" is the one who is listened to.
fn meet_caller(
    call: &mut Call,
    now: i64,
    floats: &Floats,
    device: (Tag, DeviceIdType),
    other: Option<&str>,
    directory: &Directory,
) {
    if call.is_monitor() && call.listener.is_none() {
        call.listener = other.map(str::to_owned);
    }
    let caller = who(floats, Some(device), ConnectionDeviceIdType::NONE);
    let Some(address) = caller.device else { return };
    let alone = call
        .live()
        .all(|party| Some(party.address.as_str()) == other);
    if alone && Some(address.as_str()) != other {
        call.join(now, &address, caller.kind, PartyState::Initiated, directory);
    }
}

/// Puts a party into a state of the beginning, unless it is further already.
fn advance(call: &mut Call, now: i64, who: &Who, state: PartyState, directory: &Directory) {
    let Some(address) = call.place(who) else {
        return;
    };
    call.join(now, &address, who.kind, state, directory);
    call.attach(&address, who);
    if matches!(
        call.state_of(&address),
        Some(PartyState::Initiating | PartyState::Initiated)
    ) && call.state_of(&address) < Some(state)
    {
        call.set_state(now, &address, state);
    }
}

/// Puts a party that is there, or of which nothing was known, into a state.
fn move_to(call: &mut Call, now: i64, who: &Who, state: PartyState, directory: &Directory) {
    let Some(address) = call.place(who) else {
        return;
    };
    call.join(now, &address, who.kind, state, directory);
    call.attach(&address, who);
    if call.state_of(&address).is_some_and(super::is_live) {
        call.set_state(now, &address, state);
    }
}

/// Whoever was off hook has dialed.
fn dialed(call: &mut Call, now: i64) {
    for address in in_state(call, &[PartyState::Initiating]) {
        call.set_state(now, &address, PartyState::Initiated);
    }
}

fn in_state(call: &Call, states: &[PartyState]) -> Vec<String> {
    call.dialog
        .participants
        .iter()
        .filter(|party| states.contains(&party.state))
        .map(|party| party.address.clone())
        .collect()
}

/// Caller and called as an event names them. Of a monitor call they are the other way round: the
/// supervisor made it.
fn name_both(call: &mut Call, floats: &Floats) {
    let (mut from, mut to) = (
        named(floats, Tag::CALLING_DEVID),
        named(floats, Tag::CALLED_DEVID),
    );
    if call.is_monitor() {
        std::mem::swap(&mut from, &mut to);
    }
    name_from(call, from, true);
    name_to(call, to, true);
}

/// Names the caller, unless an event did before; `by_event` is better than by data.
fn name_from(call: &mut Call, name: Option<String>, by_event: bool) {
    if let Some(name) = name
        && (!call.from_known && (by_event || call.dialog.from.is_empty()))
    {
        call.dialog.from = name;
        call.from_known = by_event;
    }
}

/// Names what was called, in the same way.
fn name_to(call: &mut Call, name: Option<String>, by_event: bool) {
    if let Some(name) = name
        && (!call.to_known && (by_event || call.dialog.to.is_empty()))
    {
        call.dialog.to = name;
        call.to_known = by_event;
    }
}

/// Notes which call this one belongs to.
fn associate(call: &mut Call, first: Option<u32>) {
    if let Some(first) = first
        && is_call(first)
        && first != call.dialog.id
    {
        call.dialog.associated = Some(first);
    }
}

/// Whether calls of this type belong to another one.
pub(super) const fn is_second_call(call_type: CallType) -> bool {
    matches!(
        call_type,
        CallType::CONSULT
            | CallType::CONSULT_OFFERRED
            | CallType::CONSULT_CONFERENCE
            | CallType::SUPERVISOR_MONITOR
            | CallType::SUPERVISOR_WHISPER
            | CallType::SUPERVISOR_BARGEIN
    )
}

const fn state_cause(cause: EventCause) -> StateCause {
    match cause {
        EventCause::BUSY
        | EventCause::X_BUSY
        | EventCause::FORCED_BUSY
        | EventCause::DROP_BUSY
        | EventCause::DO_NOT_DISTURB => StateCause::Busy,
        EventCause::DEST_NOT_OBTAINABLE
        | EventCause::INCOMPATIBLE_DESTINATION
        | EventCause::REORDER_TONE
        | EventCause::DROP_REORDER
        | EventCause::INTERCEPT_REORDER => StateCause::BadDestination,
        EventCause::RESOURCES_NOT_AVAILABLE
        | EventCause::TRUNKS_BUSY
        | EventCause::NETWORK_CONGESTION => StateCause::DeviceResourceNotAvailable,
        _ => StateCause::Other,
    }
}
