//! table
//!
//! What happens to calls. Reference section 3.4.

use crate::codes::{
    CallType, ConnectionDeviceIdType, DeviceIdType, EventCause, LineType, LocalConnectionState,
    PeripheralType,
};
use crate::table::messages;

messages! {
    /// A call has begun for this client; always the first event of a call.
    23 BEGIN_CALL_EVENT BeginCallEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "NumCTIClients" num_cti_clients: u16,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
        "CallType" call_type: CallType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "CalledPartyDisposition" called_party_disposition: u16,
    } floats {
        CONNECTION_DEVID, ANI, UUI, DNIS, DIALED_NUMBER, CED, ROUTER_CALL_KEY_DAY, ROUTER_CALL_KEY_CALLID,
        ROUTER_CALL_KEY_SEQUENCE_NUM, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6,
        CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA, NAMED_VARIABLE, NAMED_ARRAY,
        CTI_CLIENT_SIGNATURE, CTI_CLIENT_TIMESTAMP, CALL_REFERENCE_ID,
    }

    /// Data of a call changed; only what changed is in it.
    25 CALL_DATA_UPDATE_EVENT CallDataUpdateEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "NumCTIClients" num_cti_clients: u16,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
        "CallType" call_type: CallType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "NewConnectionDeviceIDType" new_connection_device_id_type: ConnectionDeviceIdType,
        "NewConnectionCallID" new_connection_call_id: u32,
        "CalledPartyDisposition" called_party_disposition: u16,
        "CampaignID" campaign_id: u32,
        "QueryRuleID" query_rule_id: u32,
    } floats {
        CONNECTION_DEVID, NEW_CONNECTION_DEVID, ANI, UUI, DNIS, DIALED_NUMBER, CED, ROUTER_CALL_KEY_DAY,
        ROUTER_CALL_KEY_CALLID, ROUTER_CALL_KEY_SEQUENCE_NUM, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4,
        CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA,
        NAMED_VARIABLE, NAMED_ARRAY, CUSTOMER_PHONE_NUMBER, CUSTOMER_ACCOUNT_NUMBER, CTI_CLIENT_SIGNATURE,
        CTI_CLIENT_TIMESTAMP, CALL_REFERENCE_ID,
    }

    /// A call has ended for this client; its last event.
    24 END_CALL_EVENT EndCallEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
    } floats {
        CONNECTION_DEVID,
    }

    /// A call rings at a device, or has seized a trunk.
    9 CALL_DELIVERED_EVENT CallDeliveredEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "AlertingDeviceType" alerting_device_type: DeviceIdType,
        "CallingDeviceType" calling_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LastRedirectDeviceType" last_redirect_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        CONNECTION_DEVID, ALERTING_DEVID, CALLING_DEVID, CALLED_DEVID, LAST_REDIRECT_DEVID, TRUNK_NUMBER,
        TRUNK_GROUP_NUMBER, SECONDARY_CONNECTION_CALL_ID, ANI, ANI_II, UUI, DNIS, DIALED_NUMBER, CED,
        CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8,
        CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA, NAMED_VARIABLE, NAMED_ARRAY,
    }

    /// A device has begun an outgoing call.
    15 CALL_ORIGINATED_EVENT CallOriginatedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "CallingDeviceType" calling_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, CALLING_DEVID, CALLED_DEVID,
    }

    /// A call has been answered.
    10 CALL_ESTABLISHED_EVENT CallEstablishedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "AnsweringDeviceType" answering_device_type: DeviceIdType,
        "CallingDeviceType" calling_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LastRedirectDeviceType" last_redirect_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, ANSWERING_DEVID, CALLING_DEVID, CALLED_DEVID, LAST_REDIRECT_DEVID, TRUNK_NUMBER,
        TRUNK_GROUP_NUMBER,
    }

    /// A call has been put on hold.
    11 CALL_HELD_EVENT CallHeldEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "HoldingDeviceType" holding_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, HOLDING_DEVID,
    }

    /// A held call has been taken up again.
    12 CALL_RETRIEVED_EVENT CallRetrievedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "RetrievingDeviceType" retrieving_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, RETRIEVING_DEVID,
    }

    /// A device has been taken off hook to make a call.
    20 CALL_SERVICE_INITIATED_EVENT CallServiceInitiatedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "CallingDeviceType" calling_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, CALLING_DEVID, CALL_REFERENCE_ID, COC_CONNECTION_CALL_ID,
        COC_CONNECTION_DEVICE_ID_TYPE,
    }

    /// A call could not be completed.
    16 CALL_FAILED_EVENT CallFailedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "FailingDeviceType" failing_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, FAILING_DEVID, CALLED_DEVID,
    }

    /// A party has left a call.
    14 CALL_CONNECTION_CLEARED_EVENT CallConnectionClearedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "ReleasingDeviceType" releasing_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, RELEASING_DEVID,
    }

    /// The last party has left a call.
    13 CALL_CLEARED_EVENT CallClearedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID,
    }

    /// Two calls have become a conference.
    17 CALL_CONFERENCED_EVENT CallConferencedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "PrimaryDeviceIDType" primary_device_id_type: ConnectionDeviceIdType,
        "PrimaryCallID" primary_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "NumParties" num_parties: u16,
        "SecondaryDeviceIDType" secondary_device_id_type: ConnectionDeviceIdType,
        "SecondaryCallID" secondary_call_id: u32,
        "ControllerDeviceType" controller_device_type: DeviceIdType,
        "AddedPartyDeviceType" added_party_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        PRIMARY_DEVID, SECONDARY_DEVID, CONTROLLER_DEVID, ADDED_PARTY_DEVID, PARTY_CALLID, PARTY_DEVID_TYPE,
        PARTY_DEVID,
    }

    /// A call has been transferred.
    18 CALL_TRANSFERRED_EVENT CallTransferredEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "PrimaryDeviceIDType" primary_device_id_type: ConnectionDeviceIdType,
        "PrimaryCallID" primary_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "NumParties" num_parties: u16,
        "SecondaryDeviceIDType" secondary_device_id_type: ConnectionDeviceIdType,
        "SecondaryCallID" secondary_call_id: u32,
        "TransferringDeviceType" transferring_device_type: DeviceIdType,
        "TransferredDeviceType" transferred_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        PRIMARY_DEVID, SECONDARY_DEVID, TRANSFERRING_DEVID, TRANSFERRED_DEVID, PARTY_CALLID, PARTY_DEVID_TYPE,
        PARTY_DEVID,
    }

    /// A call has gone from one device to another.
    19 CALL_DIVERTED_EVENT CallDivertedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "DivertingDeviceType" diverting_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, DIVERTING_DEVID, CALLED_DEVID,
    }

    /// A call has left for another network.
    34 CALL_REACHED_NETWORK_EVENT CallReachedNetworkEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
        "TrunkUsedDeviceType" trunk_used_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, TRUNK_USED_DEVID, CALLED_DEVID, TRUNK_NUMBER, TRUNK_GROUP_NUMBER,
    }

    /// A call waits in a queue.
    21 CALL_QUEUED_EVENT CallQueuedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "QueueDeviceType" queue_device_type: DeviceIdType,
        "CallingDeviceType" calling_device_type: DeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
        "LastRedirectDeviceType" last_redirect_device_type: DeviceIdType,
        "NumQueued" num_queued: u16,
        "NumSkillGroups" num_skill_groups: u16,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, QUEUE_DEVID, CALLING_DEVID, CALLED_DEVID, LAST_REDIRECT_DEVID, SKILL_GROUP_NUMBER,
        SKILL_GROUP_ID, SKILL_GROUP_PRIORITY,
    }

    /// A call has left a queue, or with no skill group left, all of them.
    86 CALL_DEQUEUED_EVENT CallDequeuedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "QueueDeviceType" queue_device_type: DeviceIdType,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "NumQueued" num_queued: u16,
        "NumSkillGroups" num_skill_groups: u16,
        "LocalConnectionState" local_connection_state: LocalConnectionState,
        "EventCause" event_cause: EventCause,
    } floats {
        CONNECTION_DEVID, SKILL_GROUP_NUMBER = "SkillGroupNumber" U32, SKILL_GROUP_ID, SKILL_GROUP_PRIORITY,
    }

    /// A call has been routed to this peripheral by translation.
    22 CALL_TRANSLATION_ROUTE_EVENT CallTranslationRouteEvent {
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        ANI, UUI, DNIS, DIALED_NUMBER, CED, ROUTER_CALL_KEY_DAY, ROUTER_CALL_KEY_CALLID,
        ROUTER_CALL_KEY_SEQUENCE_NUM, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6,
        CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, NAMED_VARIABLE, NAMED_ARRAY,
    }

    /// An attribute of a call changed.
    240 CALL_ATTRIBUTE_CHANGE_EVENT CallAttributeChangeEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "CallTypeID" call_type_id: u32,
        "ServiceNumber" service_number: u32,
    } floats {
        CONNECTION_DEVID,
    }

    /// A greeting began, ended or failed.
    248 CALL_AGENT_GREETING_EVENT CallAgentGreetingEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "EventCode" event_code: u16,
        "PeripheralErrorCode" peripheral_error_code: u32,
    } floats {
        CONNECTION_DEVID, AGENT_ID,
    }
}
