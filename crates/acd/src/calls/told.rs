//! The events of one call: what each says, and who hears it. Reference ged188, 3.4 and 3.5.

use tact_ged188::{
    AgentPreCallEvent, BeginCallEvent, CallClearedEvent, CallConnectionClearedEvent,
    CallDataUpdateEvent, CallDeliveredEvent, CallDequeuedEvent, CallDivertedEvent,
    CallEstablishedEvent, CallFailedEvent, CallHeldEvent, CallMask, CallOriginatedEvent,
    CallQueuedEvent, CallReachedNetworkEvent, CallRetrievedEvent, CallServiceInitiatedEvent,
    ConnectionDeviceIdType, DeviceIdType, EndCallEvent, EventCause, Floats, LocalConnectionState,
    Tag,
};

use super::CallId;
use super::call::{Call, Destination, Place, Relation};
use super::data::CallData;
use crate::agent::{NULL_SKILL_GROUP, VOICE};
use crate::audience::Watched;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::events::{CallEvent, Hearers};
use crate::io::Output;
use crate::machine::Acd;
use crate::routing::QueueName;

/// ServiceNumber and ServiceID where there is none.
const NULL_SERVICE: u32 = 0xffff_ffff;
/// LineHandle where there is none.
pub(super) const NO_LINE: u16 = 0xffff;

/// An event about one connection: what all such events begin with, then what is its own.
macro_rules! event {
    ($acd:expr, $call:expr, $place:expr, $event:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let peripheral = $acd.directory.config();
        let (id_type, device) = $acd.connection($place);
        $event {
            peripheral_id: peripheral.peripheral_id,
            peripheral_type: peripheral.peripheral_type,
            connection_device_id_type: id_type,
            connection_call_id: $call.id.0,
            floats: Floats::new().with_text(Tag::CONNECTION_DEVID, device),
            $($field: $value,)*
            ..Default::default()
        }
    }};
}

impl Acd {
    /// How a connection at a place is named: phones by extension, outside parties by number.
    pub(super) fn connection<'a>(&'a self, place: &'a Place) -> (ConnectionDeviceIdType, &'a str) {
        let id_type = match place {
            Place::Phone(_) | Place::Port(_) => ConnectionDeviceIdType::STATIC,
            Place::Outside(_) => ConnectionDeviceIdType::DYNAMIC,
        };
        (id_type, self.number(place))
    }

    /// Extension or number of a place.
    pub(super) fn number<'a>(&'a self, place: &'a Place) -> &'a str {
        match place {
            Place::Phone(device) => self.directory.extension(*device).unwrap_or_default(),
            Place::Outside(number) | Place::Port(number) => number,
        }
    }

    /// What a place is, as a DeviceType.
    pub(super) fn device_type(&self, place: &Place) -> DeviceIdType {
        match place {
            Place::Phone(device) if self.owner(*device).is_some() => DeviceIdType::AGENT_DEVICE,
            Place::Phone(_) => DeviceIdType::DEVICE_IDENTIFIER,
            Place::Outside(_) => DeviceIdType::EXTERNAL,
            Place::Port(_) => DeviceIdType::CTI_PORT,
        }
    }

    /// The CalledDevice of a call.
    pub(super) fn called<'a>(&'a self, called: &'a Destination) -> (DeviceIdType, &'a str) {
        match called {
            Destination::Route(number) => (DeviceIdType::ROUTE_POINT, number),
            Destination::Place(place) => (self.device_type(place), self.number(place)),
        }
    }

    /// An event to everyone who hears of a call.
    pub(super) fn tell_everyone<E: CallEvent>(
        &self,
        call: &Call,
        mask: CallMask,
        event: E,
        out: &mut Vec<Output>,
    ) {
        self.tell_call(mask, Hearers::Everyone(&call.audience), event, out);
    }

    /// BEGIN_CALL_EVENT to everyone who hears of a call from its start.
    pub(super) fn tell_begin(&self, id: CallId, out: &mut Vec<Output>) {
        if let Some(call) = self.calls.get(id) {
            let event = self.begin_call(call, call.subject());
            self.tell_everyone(call, CallMask::BEGIN_CALL, event, out);
        }
    }

    /// The same to the clients of a phone that the call comes to, unless they know it.
    pub(super) fn begin_for(&mut self, id: CallId, device: DeviceIndex, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        if call.audience.contains(&device) {
            return;
        }
        call.audience.push(device);
        if self.audience.only_all() {
            return;
        }
        if let Some(call) = self.calls.get(id) {
            let event = self.begin_call(call, &Place::Phone(device));
            self.tell_call(
                CallMask::BEGIN_CALL,
                Hearers::Devices(&[device]),
                event,
                out,
            );
        }
    }

    /// BEGIN_CALL_EVENT with the connection at a place.
    pub(super) fn begin_call(&self, call: &Call, place: &Place) -> BeginCallEvent {
        let mut event = event!(
            self,
            call,
            place,
            BeginCallEvent {
                call_type: call.kind,
            }
        );
        let counts = call.data.push(true, &mut event.floats);
        event.num_named_variables = counts.variables;
        event.num_named_arrays = counts.arrays;
        event
    }

    /// END_CALL_EVENT to the clients of a phone that the call left for good.
    pub(super) fn end_for(&mut self, id: CallId, device: DeviceIndex, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let Some(place) = call.audience.iter().position(|other| *other == device) else {
            return;
        };
        call.audience.remove(place);
        if self.audience.only_all() {
            return;
        }
        if let Some(call) = self.calls.get(id) {
            let place = Place::Phone(device);
            let event = event!(self, call, &place, EndCallEvent {});
            self.tell_call(CallMask::END_CALL, Hearers::Devices(&[device]), event, out);
        }
    }

    /// END_CALL_EVENT to everyone who still hears of a call, which is forgotten.
    pub(super) fn end_call(&mut self, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        for device in call.audience.clone() {
            self.end_for(id, device, out);
        }
        if let Some(call) = self.calls.remove(id) {
            let event = event!(self, call, call.subject(), EndCallEvent {});
            self.tell_call(CallMask::END_CALL, Hearers::All, event, out);
            self.audience.forget(Watched::Call(id.0));
        }
    }

    /// CALL_DATA_UPDATE_EVENT of what changed. `from` is the connection that becomes the one at `place`, where
    /// that is another.
    pub(super) fn tell_data(
        &self,
        id: CallId,
        place: &Place,
        from: Option<CallId>,
        data: &CallData,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let mut event = event!(
            self,
            call,
            place,
            CallDataUpdateEvent {
                call_type: call.kind,
                new_connection_device_id_type: self.connection(place).0,
                new_connection_call_id: id.0,
            }
        );
        event.connection_call_id = from.unwrap_or(id).0;
        let number = self.number(place);
        event.floats.push_text(Tag::NEW_CONNECTION_DEVID, number);
        let counts = data.push(false, &mut event.floats);
        event.num_named_variables = counts.variables;
        event.num_named_arrays = counts.arrays;
        self.tell_everyone(call, CallMask::CALL_DATA_UPDATE, event, out);
    }

    /// CALL_SERVICE_INITIATED_EVENT: a phone is off hook to make a call.
    pub(super) fn tell_service_initiated(&self, call: &Call, out: &mut Vec<Output>) {
        let (number, id) = names(None);
        let mut event = event!(
            self,
            call,
            &call.calling,
            CallServiceInitiatedEvent {
                line_handle: NO_LINE,
                line_type: call.line_type(),
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                skill_group_number: number,
                skill_group_id: id,
                calling_device_type: self.device_type(&call.calling),
                local_connection_state: LocalConnectionState::INITIATE,
                event_cause: EventCause::NONE,
            }
        );
        let floats = &mut event.floats;
        floats.push_text(Tag::CALLING_DEVID, self.number(&call.calling));
        if let Relation::Consult { of } = call.relation {
            let (id_type, device) = self.connection(&call.calling);
            floats.push_u32(Tag::COC_CONNECTION_CALL_ID, of.0);
            floats.push_u16(Tag::COC_CONNECTION_DEVICE_ID_TYPE, id_type.0);
            floats.push_text(Tag::COC_CONNECTION_DEVICE_ID, device);
        }
        self.tell_everyone(call, CallMask::CALL_SERVICE_INITIATED, event, out);
    }

    /// CALL_ORIGINATED_EVENT: the number is dialled.
    pub(super) fn tell_originated(&self, call: &Call, out: &mut Vec<Output>) {
        let (number, id) = names(None);
        let (called_type, called) = self.called(&call.called);
        let mut event = event!(
            self,
            call,
            &call.calling,
            CallOriginatedEvent {
                line_handle: NO_LINE,
                line_type: call.line_type(),
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                skill_group_number: number,
                skill_group_id: id,
                calling_device_type: self.device_type(&call.calling),
                called_device_type: called_type,
                local_connection_state: LocalConnectionState::CONNECT,
                event_cause: EventCause::NONE,
            }
        );
        let floats = &mut event.floats;
        floats.push_text(Tag::CALLING_DEVID, self.number(&call.calling));
        floats.push_text(Tag::CALLED_DEVID, called);
        self.tell_everyone(call, CallMask::CALL_ORIGINATED, event, out);
    }

    /// CALL_REACHED_NETWORK_EVENT: the call leaves through a trunk.
    pub(super) fn tell_reached_network(&self, call: &Call, to: &Place, out: &mut Vec<Output>) {
        let mut event = event!(
            self,
            call,
            &call.calling,
            CallReachedNetworkEvent {
                line_handle: NO_LINE,
                line_type: call.line_type(),
                trunk_used_device_type: DeviceIdType::NONE,
                called_device_type: self.device_type(to),
                local_connection_state: LocalConnectionState::CONNECT,
                event_cause: EventCause::NONE,
            }
        );
        event.floats.push_text(Tag::CALLED_DEVID, self.number(to));
        self.tell_everyone(call, CallMask::CALL_REACHED_NETWORK, event, out);
    }

    /// CALL_DELIVERED_EVENT: it rings at a place.
    pub(super) fn tell_delivered(&self, call: &Call, at: &Place, out: &mut Vec<Output>) {
        let (number, id) = names(call.queue);
        let (called_type, called) = self.called(&call.called);
        let mut event = event!(
            self,
            call,
            at,
            CallDeliveredEvent {
                line_handle: NO_LINE,
                line_type: call.line_type(),
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                skill_group_number: number,
                skill_group_id: id,
                alerting_device_type: self.device_type(at),
                calling_device_type: self.device_type(&call.calling),
                called_device_type: called_type,
                last_redirect_device_type: DeviceIdType::NONE,
                local_connection_state: LocalConnectionState::ALERTING,
                event_cause: EventCause::NONE,
            }
        );
        let floats = &mut event.floats;
        floats.push_text(Tag::ALERTING_DEVID, self.number(at));
        floats.push_text(Tag::CALLING_DEVID, self.number(&call.calling));
        floats.push_text(Tag::CALLED_DEVID, called);
        if let Relation::Consult { of } = call.relation {
            floats.push_u32(Tag::SECONDARY_CONNECTION_CALL_ID, of.0);
        }
        let counts = call.data.push(false, &mut event.floats);
        event.num_named_variables = counts.variables;
        event.num_named_arrays = counts.arrays;
        self.tell_everyone(call, CallMask::CALL_DELIVERED, event, out);
    }

    /// CALL_ESTABLISHED_EVENT: it was answered at a place.
    pub(super) fn tell_established(&self, call: &Call, at: &Place, out: &mut Vec<Output>) {
        let (number, id) = names(call.queue);
        let (called_type, called) = self.called(&call.called);
        let mut event = event!(
            self,
            call,
            at,
            CallEstablishedEvent {
                line_handle: NO_LINE,
                line_type: call.line_type(),
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                skill_group_number: number,
                skill_group_id: id,
                answering_device_type: self.device_type(at),
                calling_device_type: self.device_type(&call.calling),
                called_device_type: called_type,
                last_redirect_device_type: DeviceIdType::NONE,
                local_connection_state: LocalConnectionState::CONNECT,
                event_cause: EventCause::NONE,
            }
        );
        let floats = &mut event.floats;
        floats.push_text(Tag::ANSWERING_DEVID, self.number(at));
        floats.push_text(Tag::CALLING_DEVID, self.number(&call.calling));
        floats.push_text(Tag::CALLED_DEVID, called);
        self.tell_everyone(call, CallMask::CALL_ESTABLISHED, event, out);
    }

    /// CALL_HELD_EVENT.
    pub(super) fn tell_held(
        &self,
        call: &Call,
        by: &Place,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let mut event = event!(
            self,
            call,
            by,
            CallHeldEvent {
                holding_device_type: self.device_type(by),
                local_connection_state: LocalConnectionState::HOLD,
                event_cause: cause,
            }
        );
        event.floats.push_text(Tag::HOLDING_DEVID, self.number(by));
        self.tell_everyone(call, CallMask::CALL_HELD, event, out);
    }

    /// CALL_RETRIEVED_EVENT.
    pub(super) fn tell_retrieved(&self, call: &Call, by: &Place, out: &mut Vec<Output>) {
        let mut event = event!(
            self,
            call,
            by,
            CallRetrievedEvent {
                retrieving_device_type: self.device_type(by),
                local_connection_state: LocalConnectionState::CONNECT,
                event_cause: EventCause::NONE,
            }
        );
        event
            .floats
            .push_text(Tag::RETRIEVING_DEVID, self.number(by));
        self.tell_everyone(call, CallMask::CALL_RETRIEVED, event, out);
    }

    /// CALL_FAILED_EVENT: who hears the tone is at `at`.
    pub(super) fn tell_failed(
        &self,
        call: &Call,
        at: &Place,
        failing: &Destination,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let (failing_type, failing) = self.called(failing);
        let (called_type, called) = self.called(&call.called);
        let mut event = event!(
            self,
            call,
            at,
            CallFailedEvent {
                failing_device_type: failing_type,
                called_device_type: called_type,
                local_connection_state: LocalConnectionState::FAIL,
                event_cause: cause,
            }
        );
        event.floats.push_text(Tag::FAILING_DEVID, failing);
        event.floats.push_text(Tag::CALLED_DEVID, called);
        self.tell_everyone(call, CallMask::CALL_FAILED, event, out);
    }

    /// CALL_CONNECTION_CLEARED_EVENT: a party left.
    pub(super) fn tell_connection_cleared(
        &self,
        call: &Call,
        releasing: &Place,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let mut event = event!(
            self,
            call,
            releasing,
            CallConnectionClearedEvent {
                releasing_device_type: self.device_type(releasing),
                local_connection_state: LocalConnectionState::NULL,
                event_cause: cause,
            }
        );
        event
            .floats
            .push_text(Tag::RELEASING_DEVID, self.number(releasing));
        self.tell_everyone(call, CallMask::CALL_CONNECTION_CLEARED, event, out);
    }

    /// CALL_CLEARED_EVENT: nobody is left.
    pub(super) fn tell_cleared(
        &self,
        call: &Call,
        last: &Place,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let event = event!(
            self,
            call,
            last,
            CallClearedEvent {
                local_connection_state: LocalConnectionState::NULL,
                event_cause: cause,
            }
        );
        self.tell_everyone(call, CallMask::CALL_CLEARED, event, out);
    }

    /// CALL_DIVERTED_EVENT: the call leaves a phone for the number called, or for another destination.
    pub(super) fn tell_diverted(
        &self,
        call: &Call,
        from: &Place,
        to: &Destination,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let (called_type, called) = self.called(to);
        let mut event = event!(
            self,
            call,
            from,
            CallDivertedEvent {
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                diverting_device_type: self.device_type(from),
                called_device_type: called_type,
                local_connection_state: LocalConnectionState::NULL,
                event_cause: cause,
            }
        );
        event
            .floats
            .push_text(Tag::DIVERTING_DEVID, self.number(from));
        event.floats.push_text(Tag::CALLED_DEVID, called);
        self.tell_everyone(call, CallMask::CALL_DIVERTED, event, out);
    }

    /// CALL_QUEUED_EVENT with the queues that the call waits in.
    pub(super) fn tell_queued(&self, call: &Call, queues: &[QueueName], out: &mut Vec<Output>) {
        let queues = queues.get(..MAX_QUEUES).unwrap_or(queues);
        let count = u16::try_from(queues.len()).unwrap_or_default();
        let (called_type, called) = self.called(&call.called);
        let mut event = event!(
            self,
            call,
            &call.calling,
            CallQueuedEvent {
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                queue_device_type: DeviceIdType::NONE,
                calling_device_type: self.device_type(&call.calling),
                called_device_type: called_type,
                last_redirect_device_type: DeviceIdType::NONE,
                num_queued: count,
                num_skill_groups: count,
                local_connection_state: LocalConnectionState::QUEUED,
                event_cause: EventCause::NONE,
            }
        );
        let floats = &mut event.floats;
        floats.push_text(Tag::CALLING_DEVID, self.number(&call.calling));
        floats.push_text(Tag::CALLED_DEVID, called);
        for queue in queues {
            floats.push_u32(Tag::SKILL_GROUP_NUMBER, queue.number);
            floats.push_u32(Tag::SKILL_GROUP_ID, queue.id);
            floats.push_u16(Tag::SKILL_GROUP_PRIORITY, 0);
        }
        self.tell_everyone(call, CallMask::CALL_QUEUED, event, out);
    }

    /// CALL_DEQUEUED_EVENT: out of all queues.
    pub(super) fn tell_dequeued(&self, call: &Call, out: &mut Vec<Output>) {
        let event = event!(
            self,
            call,
            &call.calling,
            CallDequeuedEvent {
                queue_device_type: DeviceIdType::NONE,
                service_number: NULL_SERVICE,
                service_id: NULL_SERVICE,
                local_connection_state: LocalConnectionState::QUEUED,
                event_cause: EventCause::NONE,
            }
        );
        self.tell_everyone(call, CallMask::CALL_DEQUEUED, event, out);
    }

    /// AGENT_PRE_CALL_EVENT: an agent is about to be given a routed call. ALL_EVENTS sessions only.
    pub(super) fn tell_pre_call(
        &self,
        call: &Call,
        agent: AgentIndex,
        device: DeviceIndex,
        out: &mut Vec<Output>,
    ) {
        let (Some(card), Some(agent)) =
            (self.directory.card(agent), self.directory.agent_id(agent))
        else {
            return;
        };
        let (number, id) = names(call.queue);
        let extension = self.directory.extension(device).unwrap_or_default();
        let mut floats = Floats::new().with_text(Tag::AGENT_INSTRUMENT, extension);
        floats.push_text(Tag::AGENT_ID, agent);
        let counts = call.data.push(true, &mut floats);
        let event = AgentPreCallEvent {
            num_named_variables: counts.variables,
            num_named_arrays: counts.arrays,
            service_number: NULL_SERVICE,
            service_id: NULL_SERVICE,
            skill_group_number: number,
            skill_group_id: id,
            mrd_id: VOICE,
            agent_skill_target_id: card.icm_agent_id,
            floats,
            ..Default::default()
        };
        self.tell_call(CallMask::AGENT_PRE_CALL, Hearers::All, event, out);
    }
}

/// Skill groups that one event tells (MAX_NUM_SKILL_GROUPS).
const MAX_QUEUES: usize = 20;

/// SkillGroupNumber and SkillGroupID.
pub(super) fn names(queue: Option<QueueName>) -> (u32, u32) {
    queue.map_or((NULL_SKILL_GROUP, NULL_SKILL_GROUP), |queue| {
        (queue.number, queue.id)
    })
}
