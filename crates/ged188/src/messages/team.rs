//! table
//!
//! Supervisors and teams. Reference sections 3.3 and 3.7.

use crate::codes::{
    ConnectionDeviceIdType, LineType, StatusCode, SupervisoryAction, TeamOperation,
};
use crate::table::messages;

messages! {
    /// An agent asks a supervisor for help.
    118 SUPERVISOR_ASSIST_REQ SupervisorAssistReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Answers an assistance request with the call it made.
    119 SUPERVISOR_ASSIST_CONF SupervisorAssistConf {
        "InvokeID" invoke_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        CONNECTION_DEVID,
    }

    /// An agent reports an emergency call.
    121 EMERGENCY_CALL_REQ EmergencyCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Answers an emergency report with the call it made.
    122 EMERGENCY_CALL_CONF EmergencyCallConf {
        "InvokeID" invoke_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        CONNECTION_DEVID,
    }

    /// An agent has an emergency call.
    123 EMERGENCY_CALL_EVENT EmergencyCallEvent {
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "SessionID" session_id: u32,
    } floats {
        CONNECTION_DEVID, CLIENT_ID, CLIENT_ADDRESS, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// A supervisor joins, hears, takes or clears an agent's call.
    124 SUPERVISE_CALL_REQ SuperviseCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "AgentConnectionCallID" agent_connection_call_id: u32,
        "SupervisorConnectionCallID" supervisor_connection_call_id: u32,
        "AgentConnectionDeviceIDType" agent_connection_device_id_type: ConnectionDeviceIdType,
        "SupervisorConnectionDeviceIDType" supervisor_connection_device_id_type: ConnectionDeviceIdType,
        "SupervisoryAction" supervisory_action: SupervisoryAction,
    } floats {
        AGENT_CONNECTION_DEVID, SUPERVISOR_CONNECTION_DEVID, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
        SUPERVISOR_INSTRUMENT,
    }

    /// Answers a supervision request with the supervisor's call.
    125 SUPERVISE_CALL_CONF SuperviseCallConf {
        "InvokeID" invoke_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID,
    }

    /// Who is in a team: members and supervisors, at most 64 a message.
    128 AGENT_TEAM_CONFIG_EVENT AgentTeamConfigEvent form[9, 19] {
        "PeripheralID" peripheral_id: u32,
        "TeamID" team_id: u32,
        "NumberOfAgents" number_of_agents: u16,
        "ConfigOperation" config_operation: TeamOperation,
        "DepartmentID" department_id: i32 in [1],
    } floats {
        AGENT_TEAM_NAME, ATC_AGENT_ID, AGENT_FLAGS, ATC_AGENT_STATE, ATC_STATE_DURATION,
    }

    /// Asks for the teams of a supervisor.
    133 LIST_AGENT_TEAM_REQ ListAgentTeamReq {
        "InvokeID" invoke_id: u32,
        "SupervisorID" supervisor_id: u32,
    }

    /// Answers with team identifiers, in segments.
    134 LIST_AGENT_TEAM_CONF ListAgentTeamConf {
        "InvokeID" invoke_id: u32,
        "NumberOfAgentTeams" number_of_agent_teams: u16,
        "SegmentNumber" segment_number: u16,
        "More" more: u16,
    } floats {
        LIST_TEAM_ID,
    }

    /// Asks for the events of a team's agents.
    135 MONITOR_AGENT_TEAM_START_REQ MonitorAgentTeamStartReq {
        "InvokeID" invoke_id: u32,
        "TeamID" team_id: u32,
    }

    /// Answers with the monitor made for a team.
    136 MONITOR_AGENT_TEAM_START_CONF MonitorAgentTeamStartConf {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
    }

    /// Ends the monitor of a team.
    137 MONITOR_AGENT_TEAM_STOP_REQ MonitorAgentTeamStopReq {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
    }

    /// Answers the end of a team's monitor.
    138 MONITOR_AGENT_TEAM_STOP_CONF MonitorAgentTeamStopConf {
        "InvokeID" invoke_id: u32,
    }

    /// Asks for the teams, once or with updates (contact centre express).
    242 TEAM_CONFIG_REQ TeamConfigReq {
        "InvokeID" invoke_id: u32,
        "ConfigParam" config_param: u16,
        "Reserved1" reserved1: u32,
        "Reserved2" reserved2: u32,
    }

    /// A team and its records (contact centre express).
    243 TEAM_CONFIG_EVENT TeamConfigEvent {
        "TeamID" team_id: u32,
        "NumRecords" num_records: u16,
        "Operation" operation: u16,
        "Reserved1" reserved1: u32,
        "Reserved2" reserved2: u32,
    } floats {
        TEAM_NAME = "TeamName" Text, AGENT_ID_LONG = "AgentID" Text, AGENT_FLAGS, RECORD_TYPE,
        MEMBER_TYPE = "MemberType" Bytes,
    }

    /// Answers a team configuration request (contact centre express).
    244 TEAM_CONFIG_CONF TeamConfigConf {
        "InvokeID" invoke_id: u32,
        "Status" status: StatusCode,
    } floats {
        TEXT,
    }
}
