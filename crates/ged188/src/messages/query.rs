//! table
//!
//! Call data, snapshots, messages to users and other queries. Reference section 3.9.

use crate::codes::{
    CallType, ClientState, ConnectionDeviceIdType, DeviceIdType, Distribution, PeripheralType,
    StatusCode, TypeOfDevice,
};
use crate::table::{NEVER, messages};

messages! {
    /// Sets data of a call.
    26 SET_CALL_DATA_REQ SetCallDataReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
        "CallType" call_type: CallType,
        "CalledPartyDisposition" called_party_disposition: u16,
        "CampaignID" campaign_id: u32,
        "QueryRuleID" query_rule_id: u32,
    } floats {
        CONNECTION_DEVID, ANI, UUI, CED, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5,
        CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA, NAMED_VARIABLE,
        NAMED_ARRAY, CUSTOMER_PHONE_NUMBER, CUSTOMER_ACCOUNT_NUMBER, ROUTER_CALL_KEY_DAY,
        ROUTER_CALL_KEY_CALLID, ROUTER_CALL_KEY_SEQUENCE_NUM, CALL_ORIGINATED_FROM,
    }

    /// Answers a request to set call data.
    27 SET_CALL_DATA_CONF SetCallDataConf {
        "InvokeID" invoke_id: u32,
    }

    /// The client no longer needs a call.
    28 RELEASE_CALL_REQ ReleaseCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
    } floats {
        CONNECTION_DEVID,
    }

    /// Answers a release request.
    29 RELEASE_CALL_CONF ReleaseCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Asks what a device can do. The reserved field has two bytes in the guides, four in some clients.
    78 QUERY_DEVICE_INFO_REQ QueryDeviceInfoReq form[9, NEVER] {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "Reserved" reserved: u32 short [0],
    } floats {
        AGENT_INSTRUMENT,
    }

    /// Answers with what a device can do.
    79 QUERY_DEVICE_INFO_CONF QueryDeviceInfoConf {
        "InvokeID" invoke_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "TypeOfDevice" type_of_device: TypeOfDevice,
        "ClassOfDevice" class_of_device: u16,
        "NumLines" num_lines: u16,
        "Reserved" reserved: u16,
        "MaxActiveCalls" max_active_calls: u16,
        "MaxHeldCalls" max_held_calls: u16,
        "MaxDevicesInConference" max_devices_in_conference: u16,
        "MakeCallSetup" make_call_setup: u32,
        "TransferConferenceSetup" transfer_conference_setup: u32,
        "CallEventsSupported" call_events_supported: u32,
        "CallControlSupported" call_control_supported: u32,
        "OtherFeaturesSupported" other_features_supported: u32,
    } floats {
        LINE_HANDLE, LINE_TYPE,
    }

    /// Asks for all there is to know of a call.
    82 SNAPSHOT_CALL_REQ SnapshotCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID,
    }

    /// Answers with a call's data, clients and devices.
    83 SNAPSHOT_CALL_CONF SnapshotCallConf {
        "InvokeID" invoke_id: u32,
        "CallType" call_type: CallType,
        "NumCTIClients" num_cti_clients: u16,
        "NumCallDevices" num_call_devices: u16,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
        "CalledPartyDisposition" called_party_disposition: u16,
    } floats {
        ANI, UUI, DNIS, DIALED_NUMBER, CED, ROUTER_CALL_KEY_DAY, ROUTER_CALL_KEY_CALLID, CALL_VAR_1,
        CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9,
        CALL_VAR_10, CALL_WRAPUP_DATA, NAMED_VARIABLE, NAMED_ARRAY, CTI_CLIENT_SIGNATURE,
        CTI_CLIENT_TIMESTAMP, CALL_CONN_CALLID, CALL_CONN_DEVID_TYPE, CALL_CONN_DEVID, CALL_DEVID_TYPE,
        CALL_DEVID, CALL_DEV_CONN_STATE, CALL_REFERENCE_ID, COC_CONNECTION_CALL_ID,
        COC_CONNECTION_DEVICE_ID_TYPE, COC_CONNECTION_DEVICE_ID, PROTOCOL_REFERENCE_GUID, CCAI_CONFIG_ID,
        NUM_OF_ENABLED_SERVICES, FLT_ENABLED_SERVICES,
    }

    /// Asks for the calls of a device.
    84 SNAPSHOT_DEVICE_REQ SnapshotDeviceReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "SnapshotDeviceType" snapshot_device_type: DeviceIdType,
    } floats {
        AGENT_INSTRUMENT,
    }

    /// Answers with the calls of a device.
    85 SNAPSHOT_DEVICE_CONF SnapshotDeviceConf {
        "InvokeID" invoke_id: u32,
        "NumCalls" num_calls: u16,
    } floats {
        CALL_CONN_CALLID, CALL_CONN_DEVID_TYPE, CALL_CONN_DEVID, CALL_STATE, SILENT_MONITOR_STATUS,
    }

    /// The client reports how it is doing.
    32 CLIENT_EVENT_REPORT_REQ ClientEventReportReq {
        "InvokeID" invoke_id: u32,
        "State" state: ClientState,
    } floats {
        OBJECT_NAME, TEXT,
    }

    /// Answers a client's report.
    33 CLIENT_EVENT_REPORT_CONF ClientEventReportConf {
        "InvokeID" invoke_id: u32,
    }

    /// Sends a text to other clients.
    107 USER_MESSAGE_REQ UserMessageReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "Distribution" distribution: Distribution,
    } floats {
        CLIENT_ID, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT, TEXT, CTIOS_CIL_CLIENT_ID,
    }

    /// Answers a user message request.
    108 USER_MESSAGE_CONF UserMessageConf {
        "InvokeID" invoke_id: u32,
    }

    /// A text from another client.
    109 USER_MESSAGE_EVENT UserMessageEvent {
        "ICMCentralControllerTime" icm_central_controller_time: u32,
        "Distribution" distribution: Distribution,
    } floats {
        CLIENT_ID, TEXT,
    }

    /// Says which call variables a client wants.
    110 REGISTER_VARIABLES_REQ RegisterVariablesReq {
        "InvokeID" invoke_id: u32,
        "CallVariableMask" call_variable_mask: u16,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        NAMED_VARIABLE, NAMED_ARRAY,
    }

    /// Answers a registration of variables.
    111 REGISTER_VARIABLES_CONF RegisterVariablesConf {
        "InvokeID" invoke_id: u32,
    }

    /// Asks for an agent's statistics.
    112 QUERY_AGENT_STATISTICS_REQ QueryAgentStatisticsReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
    } floats {
        AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Asks for a skill group's statistics.
    114 QUERY_SKILL_GROUP_STATISTICS_REQ QuerySkillGroupStatisticsReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
    }

    /// Sets application data of a coming call.
    129 SET_APP_DATA_REQ SetAppDataReq {
        "InvokeID" invoke_id: u32,
    } floats {
        APP_PATH_ID, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6, CALL_VAR_7,
        CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_TYPE_ID, PRE_CALL_INVOKE_ID,
    }

    /// Answers a request to set application data.
    130 SET_APP_DATA_CONF SetAppDataConf {
        "InvokeID" invoke_id: u32,
    }

    /// Sets attributes of a device's calls.
    141 SET_DEVICE_ATTRIBUTES_REQ SetDeviceAttributesReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "CallType" call_type: CallType,
        "CallingDeviceType" calling_device_type: DeviceIdType,
    } floats {
        CALLING_DEVID,
    }

    /// Answers a request to set device attributes.
    142 SET_DEVICE_ATTRIBUTES_CONF SetDeviceAttributesConf {
        "InvokeID" invoke_id: u32,
    }

    /// Sets data of an agent's services.
    283 SET_AGENT_SERVICE_DATA_REQ SetAgentServiceDataReq {
        "InvokeID" invoke_id: u32,
        "RouterCallKeyDay" router_call_key_day: u32,
        "RouterCallKey" router_call_key: u32,
        "RouterCallKeySequenceNumber" router_call_key_sequence_number: u32,
        "AgentSkillTargetID" agent_skill_target_id: u32,
    } floats {
        NUM_OF_ENABLED_SERVICES, FLT_ENABLED_SERVICES, NUM_POSITIVE_ANSWERS_SUGGESTIONS,
        NUM_NEGATIVE_ANSWERS_SUGGESTIONS,
    }

    /// Answers a request to set agent service data.
    284 SET_AGENT_SERVICE_DATA_CONF SetAgentServiceDataConf {
        "InvokeID" invoke_id: u32,
        "Status" status: StatusCode,
    }
}
