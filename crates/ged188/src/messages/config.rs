//! table
//!
//! Configuration uploads and updates. Reference section 3.10.

use crate::codes::{ConfigEndStatus, ConfigKeyStatus, ConfigMask, ConfigType};
use crate::table::messages;

messages! {
    /// Asks for the keys of the configuration, to see whether it changed.
    230 CONFIG_REQUEST_KEY_EVENT ConfigRequestKeyEvent {
        "PeripheralID" peripheral_id: u32,
    } floats {
        CUSTOMER_ID,
    }

    /// Answers with the keys of the configuration.
    231 CONFIG_KEY_EVENT ConfigKeyEvent {
        "ConfigKeyStatus" config_key_status: ConfigKeyStatus,
    } floats {
        SERVICE_CONFIG_KEY, SKILL_GROUP_CONFIG_KEY, AGENT_CONFIG_KEY, DEVICE_CONFIG_KEY, CALL_TYPE_KEY_CONFIG,
        PERIPHERAL_CONFIG_KEY, AGENT_DESK_SETTINGS_CONFIG_KEY,
    }

    /// Asks for the configuration and its updates; no bit set asks for updates only.
    232 CONFIG_REQUEST_EVENT ConfigRequestEvent form[9, 24] {
        "ConfigInformation" config_information: ConfigMask,
        "ConfigMsgMask" config_msg_mask: ConfigMask in [1],
        "PeripheralID" peripheral_id: u32,
    } floats {
        CUSTOMER_ID,
    }

    /// Configuration records follow.
    233 CONFIG_BEGIN_EVENT ConfigBeginEvent {
        "ConfigType" config_type: ConfigType,
        "ConfigInformation" config_information: ConfigMask,
    } floats {
        SERVICE_CONFIG_KEY, SKILL_GROUP_CONFIG_KEY, AGENT_CONFIG_KEY, DEVICE_CONFIG_KEY, CALL_TYPE_KEY_CONFIG,
        PERIPHERAL_CONFIG_KEY, AGENT_DESK_SETTINGS_CONFIG_KEY,
    }

    /// All configuration records have been sent.
    234 CONFIG_END_EVENT ConfigEndEvent {
        "ConfigEndStatus" config_end_status: ConfigEndStatus,
    } floats {
        TEXT,
    }

    /// Services of the configuration, at most 10 a message.
    235 CONFIG_SERVICE_EVENT ConfigServiceEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, PERIPHERAL_ID, PERIPHERAL_NUMBER, OLD_PERIPHERAL_NUMBER, MAX_QUEUED, EXTENSION,
        SERVICE_SKILL_TARGET_ID, PERIPHERAL_NAME, DESCRIPTION, SERVICE_LEVEL_THRESHOLD, SERVICE_LEVEL_TYPE,
        CONFIG_PARAM, MR_DOMAIN_ID, NUM_SERVICE_MEMBERS, SERVICE_MEMBER, SERVICE_PRIORITY,
    }

    /// Skill groups of the configuration, at most 10 a message.
    236 CONFIG_SKILL_GROUP_EVENT ConfigSkillGroupEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, PERIPHERAL_ID, PERIPHERAL_NUMBER, OLD_PERIPHERAL_NUMBER,
        SKILL_GROUP_PRIORITY = "FltSkillGroupPriority" U16, SKILL_GROUP_SKILL_TARGET_ID, AUTO_WORK, EXTENSION,
        PERIPHERAL_NAME, DESCRIPTION, MR_DOMAIN_ID, FLT_PRECISION_QUEUE_ID, FLT_PRECISION_QUEUE_NAME,
        CONFIG_PARAM,
    }

    /// Agents of the configuration, at most 10 a message.
    237 CONFIG_AGENT_EVENT ConfigAgentEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, PERIPHERAL_ID, FLT_TERM_DEVICE_NAME, AGENT_TYPE, AGENT_DESK_SETTINGS_ID, LOGIN_ID,
        CUR_LOGIN_ID, LOGIN_NAME, LAST_NAME, FIRST_NAME, EXTENSION, DESCRIPTION, AGENT_SKILL_TARGET_ID,
        NUM_SKILLS, SSO_ENABLED, NUM_MRDS, SKILL_GROUP_NUMBER = "FltSkillGroupNumber" U32,
        SKILL_GROUP_PRIORITY = "FltSkillGroupPriority" U16, FLT_AGENT_MRD_ID, FLT_AGENT_MRD_STATE,
    }

    /// Devices of the configuration.
    238 CONFIG_DEVICE_EVENT ConfigDeviceEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, PERIPHERAL_ID, PERIPHERAL_NUMBER, DEVICE_TYPE, MAX_QUEUED, SERVICE_ID, DIALED_NUMBER,
        DNIS, EXTENSION, DESCRIPTION,
    }

    /// Call types of the configuration.
    245 CONFIG_CALL_TYPE_EVENT ConfigCallTypeEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, CALL_TYPE_ID, CUSTOMER_DEFINITION_ID, ENTERPRISE_NAME, DESCRIPTION,
        SERVICE_LEVEL_THRESHOLD, SERVICE_LEVEL_TYPE,
    }

    /// Media routing domains of the configuration.
    254 CONFIG_MRD_EVENT ConfigMrdEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, MR_DOMAIN_ID, ENTERPRISE_NAME = "FltEnterpriseName" Text,
        DESCRIPTION = "FltDescription" Text, MAX_TASK_DURATION, INTERRUPTIBLE,
    }

    /// Peripherals of the configuration.
    260 CONFIG_PERIPHERAL_EVENT ConfigPeripheralEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, CONFIG_PERIPHERAL_ID, DEFAULT_AGENT_DESK_SETTINGS_ID,
    }

    /// Desk settings of the configuration.
    261 CONFIG_AGENT_DESK_SETTINGS_EVENT ConfigAgentDeskSettingsEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, AGENT_DESK_SETTINGS_ID, FLT_DESK_SETTINGS_MASK, FLT_WRAP_UP_DATA_INCOMING_MODE,
        FLT_WRAP_UP_DATA_OUTGOING_MODE, FLT_LOGOUT_NON_ACTIVITY_TIME, FLT_QUALITY_RECORDING_RATE,
        FLT_RING_NO_ANSWER_TIME, FLT_SILENT_MONITOR_WARNING_MESSAGE, FLT_SILENT_MONITOR_AUDIBLE_INDICATION,
        FLT_SUPERVISOR_ASSIST_CALL_METHOD, FLT_EMERGENCY_CALL_METHOD, FLT_AUTO_RECORD_ON_EMERGENCY,
        FLT_RECORDING_MODE, FLT_WORK_MODE_TIMER, FLT_RING_NO_ANSWER_DN_ID, FLT_DEFAULT_DEVICE_PORT_ADDRESS,
        PLAY_ZIP_TONE, ACD_SHARED_LINE_USAGE,
    }

    /// Terminals of the configuration.
    276 CONFIG_TERMINAL_EVENT ConfigTerminalEvent {
        "NumRecords" num_records: u16,
    } floats {
        RECORD_TYPE, FLT_TERM_TYPE, FLT_TERM_DEVICE_NAME = "TerminalDeviceName" Text, FLT_TERM_TYPE_NAME,
        FLT_NUM_INSTRUMENTS, AGENT_INSTRUMENT = "Instrument" Text,
    }

    /// Agent services of the configuration.
    282 CONFIG_AGENT_SERVICE_EVENT ConfigAgentServiceEvent {
        "NumRecords" num_records: u16,
    } floats {
        AGENT_SKILL_TARGET_ID, NUM_OF_ENABLED_SERVICES, FLT_ENABLED_SERVICES, RECORD_TYPE,
    }
}
