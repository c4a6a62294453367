//! table
//!
//! Agent states and desk settings. Reference sections 3.3, 3.6 and 3.7.

use crate::codes::{AgentState, AgentWorkMode, DeskSettingsMask, PeripheralType};
use crate::table::messages;

messages! {
    /// An agent's state changed, in general or in one skill group.
    30 AGENT_STATE_EVENT AgentStateEvent form[9, 10, 19] {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "SessionID" session_id: u32,
        "PeripheralType" peripheral_type: PeripheralType,
        "SkillGroupState" skill_group_state: AgentState,
        "StateDuration" state_duration: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "AgentState" agent_state: AgentState,
        "EventReasonCode" event_reason_code: u16,
        "MRDID" mrd_id: i32,
        "NumTasks" num_tasks: u32,
        "AgentMode" agent_mode: u16,
        "MaxTaskLimit" max_task_limit: u32,
        "ICMAgentID" icm_agent_id: i32,
        "AgentAvailabilityStatus" agent_availability_status: u32,
        "NumFltSkillGroups" num_flt_skill_groups: u16 in [1, 2],
        "DepartmentID" department_id: i32 in [2],
    } floats {
        CLIENT_SIGNATURE = "CTIClientSignature" Text, AGENT_ID, AGENT_EXTENSION, FLT_TERM_DEVICE_NAME,
        AGENT_INSTRUMENT, DURATION, EXT_AGENT_STATE, DIRECTION,
        SKILL_GROUP_NUMBER = "FltSkillGroupNumber" I32, SKILL_GROUP_ID = "FltSkillGroupID" U32,
        SKILL_GROUP_PRIORITY = "FltSkillGroupPriority" U16, SKILL_GROUP_STATE, MAX_BEYOND_TASK_LIMIT,
    }

    /// A call is about to be offered to an agent.
    105 AGENT_PRE_CALL_EVENT AgentPreCallEvent form[9, 20] {
        "MonitorID" monitor_id: u32,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
        "ServiceNumber" service_number: u32,
        "ServiceID" service_id: u32,
        "SkillGroupNumber" skill_group_number: u32,
        "SkillGroupID" skill_group_id: u32,
        "SkillGroupPriority" skill_group_priority: u16,
        "MRDID" mrd_id: i32,
        "AgentSkillTargetID" agent_skill_target_id: u32 in [1],
    } floats {
        AGENT_INSTRUMENT, ROUTER_CALL_KEY_DAY, ROUTER_CALL_KEY_CALLID, ROUTER_CALL_KEY_SEQUENCE_NUM, ANI, UUI,
        DIALED_NUMBER, CED, CALL_TYPE_ID, PRE_CALL_INVOKE_ID, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4,
        CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, NAMED_VARIABLE, NAMED_ARRAY,
        AGENT_ID, PROTOCOL_REFERENCE_GUID, NUM_OF_ENABLED_SERVICES, FLT_ENABLED_SERVICES, CCAI_CONFIG_ID,
    }

    /// An announced call will not come.
    106 AGENT_PRE_CALL_ABORT_EVENT AgentPreCallAbortEvent {
        "MonitorID" monitor_id: u32,
        "MRDID" mrd_id: i32,
    } floats {
        AGENT_INSTRUMENT, ROUTER_CALL_KEY_DAY, ROUTER_CALL_KEY_CALLID, ROUTER_CALL_KEY_SEQUENCE_NUM,
    }

    /// Asks for an agent's state, by extension, identifier, instrument or ICM identifier.
    36 QUERY_AGENT_STATE_REQ QueryAgentStateReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "MRDID" mrd_id: i32,
        "ICMAgentID" icm_agent_id: i32,
    } floats {
        AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Answers with an agent's state.
    37 QUERY_AGENT_STATE_CONF QueryAgentStateConf form[9, 19] {
        "InvokeID" invoke_id: u32,
        "AgentState" agent_state: AgentState,
        "NumSkillGroups" num_skill_groups: u16,
        "MRDID" mrd_id: i32,
        "NumTasks" num_tasks: u32,
        "AgentMode" agent_mode: u16,
        "MaxTaskLimit" max_task_limit: u32,
        "ICMAgentID" icm_agent_id: i32,
        "AgentAvailabilityStatus" agent_availability_status: u32,
        "DepartmentID" department_id: i32 in [1],
    } floats {
        AGENT_ID, AGENT_EXTENSION, AGENT_INSTRUMENT, SKILL_GROUP_NUMBER = "SkillGroupNumber" U32,
        SKILL_GROUP_ID, SKILL_GROUP_PRIORITY, SKILL_GROUP_STATE = "SkillGroupState" U16, INTERNAL_AGENT_STATE,
        MAX_BEYOND_TASK_LIMIT,
    }

    /// Asks for a state change: sign in, ready, not ready, sign out. Unaligned from offset 17.
    38 SET_AGENT_STATE_REQ SetAgentStateReq form[9, 10] {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "AgentState" agent_state: AgentState,
        "AgentWorkMode" agent_work_mode: AgentWorkMode,
        "NumSkillGroups" num_skill_groups: u16,
        "EventReasonCode" event_reason_code: u16,
        "ForcedFlag" forced_flag: u8 in [1],
        "AgentServiceReq" agent_service_req: u32 in [1],
    } floats {
        AGENT_INSTRUMENT, FLT_TERM_DEVICE_NAME, AGENT_ID, AGENT_PASSWORD, POSITION_ID, SUPERVISOR_ID,
        SSO_ENABLED, SKILL_GROUP_NUMBER, SKILL_GROUP_PRIORITY,
    }

    /// The state change was received; the state itself comes as an event, before or after.
    39 SET_AGENT_STATE_CONF SetAgentStateConf {
        "InvokeID" invoke_id: u32,
    }

    /// Asks for the desk settings of an agent, or the defaults of the peripheral.
    131 AGENT_DESK_SETTINGS_REQ AgentDeskSettingsReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
    } floats {
        AGENT_ID,
    }

    /// Answers with desk settings; all ones in a number means unset.
    132 AGENT_DESK_SETTINGS_CONF AgentDeskSettingsConf {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "DeskSettingsMask" desk_settings_mask: DeskSettingsMask,
        "WrapupDataIncomingMode" wrapup_data_incoming_mode: u32,
        "WrapupDataOutgoingMode" wrapup_data_outgoing_mode: u32,
        "LogoutNonActivityTime" logout_non_activity_time: u32,
        "QualityRecordingRate" quality_recording_rate: u32,
        "RingNoAnswerTime" ring_no_answer_time: u32,
        "SilentMonitorWarningMessage" silent_monitor_warning_message: u32,
        "SilentMonitorAudibleIndication" silent_monitor_audible_indication: u32,
        "SupervisorAssistCallMethod" supervisor_assist_call_method: u32,
        "EmergencyCallMethod" emergency_call_method: u32,
        "AutoRecordOnEmergency" auto_record_on_emergency: u32,
        "RecordingMode" recording_mode: u32,
        "WorkModeTimer" work_mode_timer: u32,
        "RingNoAnswerDN" ring_no_answer_dn: u32,
    } floats {
        DEFAULT_DEVICE_PORT_ADDRESS, PLAY_ZIP_TONE, ACD_SHARED_LINE_USAGE,
    }

    /// Controls the greeting played to an agent's callers.
    249 AGENT_GREETING_CONTROL_REQ AgentGreetingControlReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "AgentAction" agent_action: u16,
    } floats {
        AGENT_ID,
    }

    /// Answers a greeting control request.
    250 AGENT_GREETING_CONTROL_CONF AgentGreetingControlConf {
        "InvokeID" invoke_id: u32,
    }
}
