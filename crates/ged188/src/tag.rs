//! table
//!
//! Tags of floating fields: number, name as printed in the guides' tag table, usual field name
//! ("" where no message lists it) and type. Reference section 4.16.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Tag of a floating field. Unknown tags are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Tag(pub u16);

/// Type of a floating field's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// STRING: text and a NUL.
    Text,
    /// UNSPEC, or a type nobody published: raw bytes.
    Bytes,
    /// UCHAR.
    U8,
    /// USHORT or BOOL.
    U16,
    /// UINT or TIME.
    U32,
    /// INT.
    I32,
    /// An ECC variable: name, NUL, value, NUL.
    NamedVariable,
    /// An element of an ECC array: index, name, NUL, value, NUL.
    NamedArray,
}

impl Kind {
    /// Width in bytes of one value; `None` for types of any length.
    pub const fn width(self) -> Option<usize> {
        match self {
            Self::U8 => Some(1),
            Self::U16 => Some(2),
            Self::U32 | Self::I32 => Some(4),
            Self::Text | Self::Bytes | Self::NamedVariable | Self::NamedArray => None,
        }
    }

    /// Whether data of this length is one value, or several packed into one field.
    #[inline]
    pub const fn fits(self, len: usize) -> bool {
        match self {
            Self::U8 => len != 0,
            Self::U16 => len != 0 && len.is_multiple_of(2),
            Self::U32 | Self::I32 => len != 0 && len.is_multiple_of(4),
            Self::Text | Self::Bytes | Self::NamedVariable | Self::NamedArray => true,
        }
    }
}

/// What the table says of one tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagRow {
    /// Name as printed in the tag table.
    pub name: &'static str,
    /// Field name in the message chapters.
    pub field: Option<&'static str>,
    /// Type of the data.
    pub kind: Kind,
}

impl TagRow {
    const fn new(name: &'static str, field: &'static str, kind: Kind) -> Self {
        Self {
            name,
            field: if field.is_empty() { None } else { Some(field) },
            kind,
        }
    }
}

macro_rules! tags {
    ($($number:literal $constant:ident $name:literal $field:literal $kind:ident,)*) => {
        impl Tag {
            $(
                #[doc = concat!("`", $name, "`.")]
                pub const $constant: Self = Self($number);
            )*

            /// The tag's row; `None` for a number no table lists.
            #[inline]
            pub const fn row(self) -> Option<&'static TagRow> {
                match self.0 {
                    $($number => Some(const { &TagRow::new($name, $field, Kind::$kind) }),)*
                    _ => None,
                }
            }

            /// Every tag of the table, in its order.
            pub const ALL: &'static [Self] = &[$(Self($number)),*];
        }
    };
}

impl Tag {
    /// `FLT_TERM_DEVICE_NAME` by its name in most messages.
    pub const ACTIVE_TERMINAL: Self = Self::FLT_TERM_DEVICE_NAME;

    /// The name printed in the tag table; `None` for a number no table lists.
    pub const fn name(self) -> Option<&'static str> {
        match self.row() {
            Some(row) => Some(row.name),
            None => None,
        }
    }

    /// Whether the value is a password, never to be shown.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::AGENT_PASSWORD | Self::CLIENT_PASSWORD)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name}[{}]", self.0),
            None => write!(f, "[{}]", self.0),
        }
    }
}

tags! {
    1 CLIENT_ID "CLIENT_ID_TAG" "ClientID" Text,
    2 CLIENT_PASSWORD "CLIENT_PASSWORD_TAG" "ClientPassword" Bytes,
    3 CLIENT_SIGNATURE "CLIENT_SIGNATURE_TAG" "ClientSignature" Text,
    4 AGENT_EXTENSION "AGENT_EXTENSION_TAG" "AgentExtension" Text,
    5 AGENT_ID "AGENT_ID_TAG" "AgentID" Text,
    6 AGENT_INSTRUMENT "AGENT_INSTRUMENT_TAG" "AgentInstrument" Text,
    7 TEXT "TEXT_TAG" "Text" Text,
    8 ANI "ANI_TAG" "ANI" Text,
    9 UUI "UUI_TAG" "UserToUserInfo" Bytes,
    10 DNIS "DNIS_TAG" "DNIS" Text,
    11 DIALED_NUMBER "DIALED_NUMBER_TAG" "DialedNumber" Text,
    12 CED "CED_TAG" "CallerEnteredDigits" Text,
    13 CALL_VAR_1 "CALL_VAR_1_TAG" "CallVariable1" Text,
    14 CALL_VAR_2 "CALL_VAR_2_TAG" "CallVariable2" Text,
    15 CALL_VAR_3 "CALL_VAR_3_TAG" "CallVariable3" Text,
    16 CALL_VAR_4 "CALL_VAR_4_TAG" "CallVariable4" Text,
    17 CALL_VAR_5 "CALL_VAR_5_TAG" "CallVariable5" Text,
    18 CALL_VAR_6 "CALL_VAR_6_TAG" "CallVariable6" Text,
    19 CALL_VAR_7 "CALL_VAR_7_TAG" "CallVariable7" Text,
    20 CALL_VAR_8 "CALL_VAR_8_TAG" "CallVariable8" Text,
    21 CALL_VAR_9 "CALL_VAR_9_TAG" "CallVariable9" Text,
    22 CALL_VAR_10 "CALL_VAR_10_TAG" "CallVariable10" Text,
    23 CTI_CLIENT_SIGNATURE "CTI_CLIENT_SIGNATURE_TAG" "CTIClientSignature" Text,
    24 CTI_CLIENT_TIMESTAMP "CTI_CLIENT_TIMESTAMP_TAG" "CTIClientTimestamp" U32,
    25 CONNECTION_DEVID "CONNECTION_DEVID_TAG" "ConnectionDeviceID" Text,
    26 ALERTING_DEVID "ALERTING_DEVID_TAG" "AlertingDeviceID" Text,
    27 CALLING_DEVID "CALLING_DEVID_TAG" "CallingDeviceID" Text,
    28 CALLED_DEVID "CALLED_DEVID_TAG" "CalledDeviceID" Text,
    29 LAST_REDIRECT_DEVID "LAST_REDIRECT_DEVID_TAG" "LastRedirectDeviceID" Text,
    30 ANSWERING_DEVID "ANSWERING_DEVID_TAG" "AnsweringDeviceID" Text,
    31 HOLDING_DEVID "HOLDING_DEVID_TAG" "HoldingDeviceID" Text,
    32 RETRIEVING_DEVID "RETRIEVING_DEVID_TAG" "RetrievingDeviceID" Text,
    33 RELEASING_DEVID "RELEASING_DEVID_TAG" "ReleasingDeviceID" Text,
    34 FAILING_DEVID "FAILING_DEVID_TAG" "FailingDeviceID" Text,
    35 PRIMARY_DEVID "PRIMARY_DEVID_TAG" "PrimaryDeviceID" Text,
    36 SECONDARY_DEVID "SECONDARY_DEVID_TAG" "SecondaryDeviceID" Text,
    37 CONTROLLER_DEVID "CONTROLLER_DEVID_TAG" "ControllerDeviceID" Text,
    38 ADDED_PARTY_DEVID "ADDED_PARTY_DEVID_TAG" "AddedPartyDeviceID" Text,
    39 PARTY_CALLID "PARTY_CALLID_TAG" "ConnectedPartyCallID" U32,
    40 PARTY_DEVID_TYPE "PARTY_DEVID_TYPE_TAG" "ConnectedPartyDeviceIDType" U16,
    41 PARTY_DEVID "PARTY_DEVID_TAG" "ConnectedPartyDeviceID" Text,
    42 TRANSFERRING_DEVID "TRANSFERRING_DEVID_TAG" "TransferringDeviceID" Text,
    43 TRANSFERRED_DEVID "TRANSFERRED_DEVID_TAG" "TransferredDeviceID" Text,
    44 DIVERTING_DEVID "DIVERTING_DEVID_TAG" "DivertingDeviceID" Text,
    45 QUEUE_DEVID "QUEUE_DEVID_TAG" "QueueDeviceID" Text,
    46 CALL_WRAPUP_DATA "CALL_WRAPUP_DATA_TAG" "CallWrapupData" Text,
    47 NEW_CONNECTION_DEVID "NEW_CONNECTION_DEVID_TAG" "NewConnectionDeviceID" Text,
    48 TRUNK_USED_DEVID "TRUNK_USED_DEVID_TAG" "TrunkUsedDeviceID" Text,
    49 AGENT_PASSWORD "AGENT_PASSWORD_TAG" "AgentPassword" Text,
    50 ACTIVE_CONN_DEVID "ACTIVE_CONN_DEVID_TAG" "ActiveConnectionDeviceID" Text,
    51 FACILITY_CODE "FACILITY_CODE_TAG" "FacilityCode" Text,
    52 OTHER_CONN_DEVID "OTHER_CONN_DEVID_TAG" "OtherConnectionDeviceID" Text,
    53 HELD_CONN_DEVID "HELD_CONN_DEVID_TAG" "HeldConnectionDeviceID" Text,
    56 CALL_CONN_CALLID "CALL_CONN_CALLID_TAG" "CallConnectionCallID" U32,
    57 CALL_CONN_DEVID_TYPE "CALL_CONN_DEVID_TYPE_TAG" "CallConnectionDeviceIDType" U16,
    58 CALL_CONN_DEVID "CALL_CONN_DEVID_TAG" "CallConnectionDeviceID" Text,
    59 CALL_DEVID_TYPE "CALL_DEVID_TYPE_TAG" "CallDeviceType" U16,
    60 CALL_DEVID "CALL_DEVID_TAG" "CallDeviceID" Text,
    61 CALL_DEV_CONN_STATE "CALL_DEV_CONN_STATE_TAG" "CallDeviceConnectionState" U16,
    62 SKILL_GROUP_NUMBER "SKILL_GROUP_NUMBER_TAG" "SkillGroupNumber" I32,
    63 SKILL_GROUP_ID "SKILL_GROUP_ID_TAG" "SkillGroupID" U32,
    64 SKILL_GROUP_PRIORITY "SKILL_GROUP_PRIORITY_TAG" "SkillGroupPriority" U16,
    65 SKILL_GROUP_STATE "SKILL_GROUP_STATE_TAG" "FltSkillGroupState" U16,
    66 OBJECT_NAME "OBJECT_NAME_TAG" "ObjectName" Text,
    67 DTMF_STRING "DTMF_STRING_TAG" "DTMFString" Text,
    68 POSITION_ID "POSITION_ID_TAG" "PositionID" Text,
    69 SUPERVISOR_ID "SUPERVISOR_ID_TAG" "SupervisorID" Text,
    70 LINE_HANDLE "LINE_HANDLE_TAG" "LineHandle" U16,
    71 LINE_TYPE "LINE_TYPE_TAG" "LineType" U16,
    72 ROUTER_CALL_KEY_DAY "ROUTER_CALL_KEY_DAY_TAG" "RouterCallKeyDay" U32,
    73 ROUTER_CALL_KEY_CALLID "ROUTER_CALL_KEY_CALLID_TAG" "RouterCallKeyCallID" U32,
    75 CALL_STATE "CALL_STATE_TAG" "CallState" U16,
    76 MONITORED_DEVID "MONITORED_DEVID_TAG" "MonitoredDeviceID" Text,
    77 AUTHORIZATION_CODE "AUTHORIZATION_CODE_TAG" "AuthorizationCode" Text,
    78 ACCOUNT_CODE "ACCOUNT_CODE_TAG" "AccountCode" Text,
    79 ORIGINATING_DEVID "ORIGINATING_DEVID_TAG" "OriginatingDeviceID" Text,
    80 ORIGINATING_LINE_ID "ORIGINATING_LINE_ID_TAG" "OriginatingLineID" Text,
    81 CLIENT_ADDRESS "CLIENT_ADDRESS_TAG" "ClientAddress" Text,
    82 NAMED_VARIABLE "NAMED_VARIABLE_TAG" "NamedVariable" NamedVariable,
    83 NAMED_ARRAY "NAMED_ARRAY_TAG" "NamedArray" NamedArray,
    84 CALL_CONTROL_TABLE "CALL_CONTROL_TABLE_TAG" "CCT" Text,
    85 SUPERVISOR_INSTRUMENT "SUPERVISOR_INSTRUMENT_TAG" "SupervisorInstrument" Text,
    86 ATC_AGENT_ID "ATC_AGENT_ID_TAG" "AtcAgentID" Text,
    87 AGENT_FLAGS "AGENT_FLAGS_TAG" "AgentFlags" U16,
    88 ATC_AGENT_STATE "ATC_AGENT_STATE_TAG" "AtcAgentState" U16,
    89 ATC_STATE_DURATION "ATC_STATE_DURATION_TAG" "AtcStateDuration" U32,
    90 AGENT_CONNECTION_DEVID "AGENT_CONNECTION_DEVID_TAG" "AgentConnectionDeviceID" Text,
    91 SUPERVISOR_CONNECTION_DEVID "SUPERVISOR_CONNECTION_DEVID_TAG" "SupervisorConnectionDeviceID" Text,
    92 LIST_TEAM_ID "LIST_TEAM_ID_TAG" "TeamID" U32,
    93 DEFAULT_DEVICE_PORT_ADDRESS "DEFAULT_DEVICE_PORT_ADDRESS_TAG" "DefaultDevicePortAddress" Text,
    94 SERVICE_NAME "SERVICE_NAME_TAG" "ServiceName" Text,
    95 CUSTOMER_PHONE_NUMBER "CUSTOMER_PHONE_NUMBER_TAG" "CustomerPhoneNumber" Text,
    96 CUSTOMER_ACCOUNT_NUMBER "CUSTOMER_ACCOUNT_NUMBER_TAG" "CustomerAccountNumber" Text,
    97 APP_PATH_ID "APP_PATH_ID_TAG" "ApplicationPathID" I32,
    99 SCRIPT_SELECTOR "SCRIPT_SELECTOR_TAG" "" Text,
    100 APPLICATION_STRING1 "APPLICATION_STRING1_TAG" "" Text,
    101 APPLICATION_STRING2 "APPLICATION_STRING2_TAG" "" Text,
    110 ROUTER_CALL_KEY_SEQUENCE_NUM "ROUTER_CALL_KEY_SEQUENCE_NUM_TAG" "RouterCallKeySequenceNumber" U32,
    121 TRUNK_NUMBER "TRUNK_NUMBER_TAG" "TrunkNumber" U32,
    122 TRUNK_GROUP_NUMBER "TRUNK_GROUP_NUMBER_TAG" "TrunkGroupNumber" U32,
    123 EXT_AGENT_STATE "EXT_AGENT_STATE_TAG" "NextAgentState" U16,
    124 DEQUEUE_TYPE "DEQUEUE_TYPE_TAG" "" Bytes,
    125 SENDING_ADDRESS "SENDING_ADDRESS_TAG" "SendingAddress" Text,
    126 SENDING_PORT "SENDING_PORT_TAG" "SendingPort" U32,
    129 MAX_QUEUED "MAX_QUEUED_TAG" "MaxQueued" U32,
    130 QUEUE_ID "QUEUE_ID_TAG" "" Bytes,
    131 CUSTOMER_ID "CUSTOMER_ID_TAG" "CustomerID" U32,
    132 SERVICE_SKILL_TARGET_ID "SERVICE_SKILL_TARGET_ID_TAG" "ServiceSkillTargetID" U32,
    133 PERIPHERAL_NAME "PERIPHERAL_NAME_TAG" "PeripheralName" Text,
    134 DESCRIPTION "DESCRIPTION_TAG" "Description" Text,
    135 SERVICE_MEMBER_ID "SERVICE_MEMBER_ID_TAG" "" Bytes,
    136 SERVICE_MEMBER_PRIORITY "SERVICE_MEMBER_PRIORITY_TAG" "" Bytes,
    137 FIRST_NAME "FIRST_NAME_TAG" "FirstName" Text,
    138 LAST_NAME "LAST_NAME_TAG" "LastName" Text,
    139 SKILL_GROUP "SKILL_GROUP_TAG" "" Bytes,
    141 AGENT_SKILL_TARGET_ID "AGENT_SKILL_TARGET_ID_TAG" "AgentSkillTargetID" U32,
    142 SERVICE "SERVICE_TAG" "" Bytes,
    150 DURATION "DURATION_TAG" "Duration" U32,
    173 EXTENSION "EXTENSION_TAG" "Extension" Text,
    174 SERVICE_LEVEL_THRESHOLD "SERVICE_LEVEL_THRESHOLD_TAG" "ServiceLevelThreshold" U32,
    175 SERVICE_LEVEL_TYPE "SERVICE_LEVEL_TYPE_TAG" "ServiceLevelType" U32,
    176 CONFIG_PARAM "CONFIG_PARAM_TAG" "ConfigParam" Text,
    177 SERVICE_CONFIG_KEY "SERVICE_CONFIG_KEY_TAG" "ServiceConfigKey" Bytes,
    178 SKILL_GROUP_CONFIG_KEY "SKILL_GROUP_CONFIG_KEY_TAG" "SkillGroupConfigKey" Bytes,
    179 AGENT_CONFIG_KEY "AGENT_CONFIG_KEY_TAG" "AgentConfigKey" Bytes,
    180 DEVICE_CONFIG_KEY "DEVICE_CONFIG_KEY_TAG" "DeviceConfigKey" Bytes,
    183 RECORD_TYPE "RECORD_TYPE_TAG" "RecordType" U16,
    184 PERIPHERAL_NUMBER "PERIPHERAL_NUMBER_TAG" "PeripheralNumber" U32,
    185 AUTO_WORK "AUTO_WORK(185)" "AutoWork" U16,
    186 NUM_SERVICE_MEMBERS "NUM_SERVICE_MEMBERS_TAG" "NumServiceMembers" U16,
    187 SERVICE_MEMBER "SERVICE_MEMBER_TAG" "ServiceMember" U32,
    188 SERVICE_PRIORITY "SERVICE_PRIORITY_TAG" "ServicePriority" U16,
    189 AGENT_TYPE "AGENT_TYPE_TAG" "AgentType" U16,
    190 LOGIN_ID "LOGIN_ID_TAG" "LoginID" Text,
    191 NUM_SKILLS "NUM_SKILLS_TAG" "NumSkills" U16,
    192 SKILL_GROUP_SKILL_TARGET_ID "SKILL_GROUP_SKILL_TARGET_ID_TAG" "SkillGroupSkillTargetID" U32,
    193 SERVICE_ID "SERVICE_ID_TAG" "FltServiceID" U32,
    194 AGENT_ID_LONG "AGENT_ID_LONG_TAG" "" Text,
    195 DEVICE_TYPE "DEVICE_TYPE_TAG" "DeviceType" U16,
    198 ENABLE "ENABLE_TAG" "" Bytes,
    199 DEVICEID "DEVICEID_TAG" "" Text,
    200 TIMEOUT "TIMEOUT_TAG" "" Bytes,
    201 CURRENT_ROUTE "CURRENT_ROUTE_TAG" "" Bytes,
    202 SECONDARY_CONNECTION_CALL_ID "SECONDARY_CONNECTION_CALL_ID" "SecondaryConnectionCallID" U32,
    203 PRIORITY_QUEUE_NUMBER "PRIORITY_QUEUE_NUMBER_TAG" "" Bytes,
    204 TEAM_NAME "TEAM_NAME_TAG" "" Text,
    205 MEMBER_TYPE "MEMBER_TYPE_TAG" "" Bytes,
    206 EVENT_DEVICE_ID "EVENT_DEVICE_ID_TAG" "EventDeviceID" Text,
    207 LOGIN_NAME "LOGIN_NAME_TAG(V11)" "LoginName" Text,
    208 PERIPHERAL_ID "PERIPHERAL_ID_TAG(V11)" "FltPeripheralID" U32,
    209 CALL_TYPE_KEY_CONFIG "CALL_TYPE_KEY_CONFIG_TAG(V11)" "CallTypeConfigKey" Bytes,
    210 CALL_TYPE_ID "CALL_TYPE_ID_TAG(V11)" "FltCallTypeID" U32,
    211 CUSTOMER_DEFINITION_ID "CUSTOMER_DEFINITION_ID_TAG(V11)" "CustomerDefinitionID" U32,
    212 ENTERPRISE_NAME "ENTERPRISE_NAME_TAG(V11)" "EnterpriseName" Text,
    213 OLD_PERIPHERAL_NUMBER "OLD_PERIPHERAL_NUMBER_TAG" "OldPeripheralNumber" U32,
    214 CUR_LOGIN_ID "CUR_LOGIN_ID" "OldLoginID" Text,
    215 ANI_II "ANI_II_TAG" "ANI_II" Text,
    216 MR_DOMAIN_ID "MR_DOMAIN_ID_TAG" "FltMRDomainID" U32,
    217 CTIOS_CIL_CLIENT_ID "CTIOS_CIL_CLIENT_ID_TAG" "CTIOSCILClientID" Text,
    218 SILENT_MONITOR_STATUS "SILENT_MONITOR_STATUS_TAG" "SilentMonitorStatus" U16,
    219 REQUESTING_DEVICE_ID "REQUESTING_DEVICE_ID_TAG" "RequestingDeviceID" Text,
    220 REQUESTING_DEVICE_ID_TYPE "REQUESTING_DEVICE_ID_TYPE_TAG" "RequestingDeviceIDType" U16,
    221 PRE_CALL_INVOKE_ID "PRE_CALL_INVOKE_ID_TAG" "PreCallInvokeID" U32,
    222 ENTERPRISE_QUEUE_TIME "ENTERPRISE_QUEUE_TIME" "" Bytes,
    223 CALL_REFERENCE_ID "CALL_REFERENCE_ID_TAG" "CallReferenceID" Bytes,
    224 MULTI_LINE_AGENT_CONTROL "MULTI_LINE_AGENT_CONTROL_TAG" "MultilineAgentControl" U16,
    225 NETWORK_CONTROLLED "NETWORK_CONTROLLED_TAG" "" Bytes,
    226 CLIENT_ADDRESS_IPV6 "CLIENT_ADDRESS_IPV6_TAG" "" Text,
    227 SENDING_ADDRESS_IPV6 "SENDING_ADDRESS_IPV6_TAG" "" Text,
    228 NUM_PERIPHERALS "NUM_PERIPHERALS_TAG" "NumPeripherals" U16,
    229 COC_CONNECTION_CALL_ID "COC_CONNECTION_CALL_ID_TAG" "COCConnectionCallID" U32,
    230 COC_CONNECTION_DEVICE_ID_TYPE "COC_CONNECTION_DEVICE_ID_TYPE_TAG" "COCCallConnectionDeviceIDType" U16,
    231 COC_CONNECTION_DEVICE_ID "COC_CONNECTION_DEVICE_ID_TAG" "COCCallConnectionDeviceID" Text,
    232 CALL_ORIGINATED_FROM "CALL_ORIGINATED_FROM_TAG" "CallOriginatedFrom" U8,
    233 SET_APPDATA_CALLID "SET_APPDATA_CALLID_TAG" "" Bytes,
    234 CLIENT_SHARE_KEY "CLIENT_SHARE_KEY_TAG" "" Bytes,
    243 AGENT_TEAM_NAME "AGENT_TEAM_NAME_TAG" "AgentTeamName" Text,
    244 DIRECTION "DIRECTION_TAG" "Direction" U32,
    245 OPTIONS "OPTIONS_TAG" "" Bytes,
    246 FLT_MRD_ID "FLT_MRD_ID_TAG" "" Bytes,
    247 MEDIA_CLASS_ID "MEDIA_CLASS_ID_TAG" "" Bytes,
    248 TASK_LIFE "TASK_LIFE_TAG" "" Bytes,
    249 TASK_START_TIMEOUT "TASK_START_TIMEOUT_TAG" "" Bytes,
    250 MAX_TASK_DURATION "MAX_TASK_DURATION_TAG" "FltMaxTaskDuration" U32,
    251 INTERRUPTIBLE "INTERRUPTIBLE_TAG" "FltInterruptible" U16,
    252 MAX_CALLS_IN_QUEUE "MAX_CALLS_IN_QUEUE_TAG" "" Bytes,
    253 MAX_CALLS_IN_QUEUE_PER_CALL_TYPE "MAX_CALLS_IN_QUEUE_PER_CALL_TYPE_TAG" "" Bytes,
    254 MAX_TIME_IN_QUEUE "MAX_TIME_IN_QUEUE_TAG" "" Bytes,
    255 INTERNAL_AGENT_STATE "INTERNAL_AGENT_STATE_TAG" "InternalAgentState" U16,
    257 SSO_ENABLED "SSO_ENABLED_TAG" "SSOEnabled" U16,
    258 FLT_TASK_ID "FLT_TASK_ID_TAG" "" Bytes,
    259 FLT_ICM_DISP "FLT_ICM_DISP_TAG" "" Bytes,
    260 FLT_APP_DISP "FLT_APP_DISP_TAG" "" Bytes,
    261 NUM_MRDS "NUM_MRDS_TAG" "NumMRDs" U16,
    262 FLT_AGENT_MRD_ID "FLT_AGENT_MRD_ID_TAG" "FltAgentMRDID" U32,
    263 FLT_AGENT_MRD_STATE "FLT_AGENT_MRD_STATE_TAG" "FltAgentMRDState" U16,
    264 FLT_PRECISION_QUEUE_ID "FLT_PRECISION_QUEUE_ID_TAG" "FltPrecisionQueueID" U32,
    265 FLT_PRECISION_QUEUE_NAME "FLT_PRECISION_QUEUE_NAME_TAG" "FltPrecisionQueueName" Text,
    266 MAX_BEYOND_TASK_LIMIT "MAX_BEYOND_TASK_LIMIT_TAG" "MaxBeyondTaskLimit" U32,
    267 AGENT_DESK_SETTINGS_ID "AGENT_DESK_SETTINGS_ID_TAG" "AgentDeskSettingsID" U32,
    268 XFER_IN_WHILE_LOGGED_OUT "XFER_IN_WHILE_LOGGED_OUT_TAG" "" Bytes,
    269 PERIPHERAL_CONFIG_KEY "PERIPHERAL_CONFIG_KEY_TAG" "PeripheralConfigKey" Bytes,
    270 AGENT_DESK_SETTINGS_CONFIG_KEY "AGENT_DESK_SETTINGS_CONFIG_KEY_TAG" "AgentDeskSettingsConfigKey" Bytes,
    271 CONFIG_PERIPHERAL_ID "CONFIG_PERIPHERAL_ID_TAG" "ConfigPeripheralID" U32,
    272 DEFAULT_AGENT_DESK_SETTINGS_ID "DEFAULT_AGENT_DESK_SETTINGS_ID_TAG" "DefaultAgentDeskSettingsID" U32,
    273 FLT_DESK_SETTINGS_MASK "FLT_DESK_SETTINGS_MASK_TAG" "FltDeskSettingsMask" U32,
    274 FLT_WRAP_UP_DATA_INCOMING_MODE "FLT_WRAP_UP_DATA_INCOMING_MODE_TAG" "FltWrapUpDataIncomingMode" U32,
    275 FLT_WRAP_UP_DATA_OUTGOING_MODE "FLT_WRAP_UP_DATA_OUTGOING_MODE_TAG" "FltWrapUpDataOutgoingMode" U32,
    276 FLT_LOGOUT_NON_ACTIVITY_TIME "FLT_LOGOUT_NON_ACTIVITY_TIME_TAG" "FltLogoutNonActivityTime" U32,
    277 FLT_QUALITY_RECORDING_RATE "FLT_QUALITY_RECORDING_RATE_TAG" "FltQualityRecordingRate" U32,
    278 FLT_RING_NO_ANSWER_TIME "FLT_RING_NO_ANSWER_TIME_TAG" "FltRingNoAnswerTime" U32,
    279 FLT_SILENT_MONITOR_WARNING_MESSAGE "FLT_SILENT_MONITOR_WARNING_MESSAGE_TAG" "FltSilentMonitorWarningMessage" U32,
    280 FLT_SILENT_MONITOR_AUDIBLE_INDICATION "FLT_SILENT_MONITOR_AUDIBLE_INDICATION_TAG" "FltSilentMonitorAudibleIndication" U32,
    281 FLT_SUPERVISOR_ASSIST_CALL_METHOD "FLT_SUPERVISOR_ASSIST_CALL_METHOD_TAG" "FltSupervisorAssistCallMethod" U32,
    282 FLT_EMERGENCY_CALL_METHOD "FLT_EMERGENCY_CALL_METHOD_TAG" "FltEmergencyCallMethod" U32,
    283 FLT_AUTO_RECORD_ON_EMERGENCY "FLT_AUTO_RECORD_ON_EMERGENCY_TAG" "FltAutoRecordOnEmergency" U32,
    284 FLT_RECORDING_MODE "FLT_RECORDING_MODE_TAG" "FltRecordingMode" U32,
    285 FLT_WORK_MODE_TIMER "FLT_WORK_MODE_TIMER_TAG" "FltWorkModeTimer" U32,
    286 FLT_RING_NO_ANSWER_DN_ID "FLT_RING_NO_ANSWER_DN_ID_TAG" "FltRingNoAnswerDnId" U32,
    287 FLT_DEFAULT_DEVICE_PORT_ADDRESS "FLT_DEFAULT_DEVICE_PORT_ADDRESS_TAG" "FltDefaultDevicePortAddress" Text,
    288 DESKTOP_CONNECTED_FLAG "DESKTOP_CONNECTED_FLAG_TAG" "" Bytes,
    289 PLAY_TONE_DIRECTION "PLAY_TONE_DIRECTION_TAG" "PlayToneDirection" U16,
    290 INVOCATION_TYPE "INVOCATION_TYPE_TAG" "InvocationType" U16,
    291 RECORDER_ADDRESS "RECORDER_ADDRESS_TAG" "RecorderAddress" Text,
    292 TERMINAL_NAME "TERMINAL_NAME_TAG" "TerminalName" Text,
    293 MEDIA_FORKING_DEVICE_NAME "MEDIA_FORKING_DEVICE_NAME_TAG" "MediaForkingDeviceName" Text,
    294 PROTOCOL_REFERENCE_GUID "PROTOCOL_REFERENCE_GUID_TAG" "ProtocolReferenceGUID" Text,
    295 MEDIA_FORKING_CLUSTER_ID "MEDIA_FORKING_CLUSTER_ID_TAG" "MediaForkingClusterID" Text,
    296 RECORDER_URI "RECORDER_URI_TAG" "RecorderURI" Text,
    297 RECORDER_ERROR_MSG "RECORDER_ERROR_MSG_TAG" "RecorderErrorMsg" Text,
    298 RECORDER_TYPE "RECORDER_TYPE_TAG" "RecorderType" U16,
    299 RECORDER_STATUS "RECORDER_STATUS_TAG" "RecorderStatus" U16,
    300 RECORDING_DEVICE_ID "RECORDING_DEVICE_ID_TAG" "RecordingDeviceID" Text,
    302 FLT_TERM_TYPE "FLT_TERM_TYPE" "TerminalType" U16,
    303 FLT_TERM_DEVICE_NAME "FLT_TERM_DEVICE_NAME" "ActiveTerminal" Text,
    304 FLT_TERM_TYPE_NAME "FLT__TERM_TYPE_NAME" "TerminalTypeName" Text,
    305 FLT_NUM_INSTRUMENTS "FLT_NUM_INSTRUMENTS" "NumInstruments" U16,
    306 ACD_SHARED_LINE_USAGE "ACD_SHARED_LINE_USAGE" "ACDSharedLineUsage" U32,
    307 PLAY_ZIP_TONE "PLAY_ZIP_TONE" "PlayZipTone" U32,
    309 FLT_ENABLED_SERVICES "FLT_ENABLED_SERVICES" "FltEnabledServices" U16,
    310 NUM_OF_ENABLED_SERVICES "NUM_OF_ENABLED_SERVICES" "NumOfEnabledServices" U16,
    311 CCAI_CONFIG_ID "CCAI_CONFIG_ID" "CcaiConfigId" Text,
    312 NUM_POSITIVE_ANSWERS_SUGGESTIONS "NUM_POSITIVE_ANSWERS_SUGGESTIONS" "NumPositiveAnswersSuggestions" U16,
    313 NUM_NEGATIVE_ANSWERS_SUGGESTIONS "NUM_NEGATIVE_ANSWERS_SUGGESTIONS" "NumNegativeAnswersSuggestions" U16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_number() {
        assert_eq!(Tag::AGENT_ID.name(), Some("AGENT_ID_TAG"));
        assert_eq!(Tag(74).name(), None);
        assert_eq!(
            Tag::PERIPHERAL_ID.row().map(|row| row.kind),
            Some(Kind::U32)
        );
        assert_eq!(format!("{:?}", Tag::AGENT_ID), "AGENT_ID_TAG[5]");
    }

    #[test]
    fn the_table_has_no_number_twice() {
        let mut numbers: Vec<_> = Tag::ALL.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), Tag::ALL.len());
    }
}
