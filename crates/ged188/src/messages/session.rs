//! table
//!
//! Opening, keeping alive, handing over and closing a session. Reference section 3.1.

use crate::codes::{
    AgentState, AgentStateMask, CallMask, ConfigMask, PeripheralType, PgStatus, Services,
    SessionType, StatusCode,
};
use crate::table::messages;
use crate::wire::Bool;

messages! {
    /// The client opens a session and says what it wants to hear. The first message of a connection.
    3 OPEN_REQ OpenReq {
        "InvokeID" invoke_id: u32,
        "VersionNumber" version_number: u32,
        "IdleTimeout" idle_timeout: u32,
        "PeripheralID" peripheral_id: u32,
        "ServicesRequested" services_requested: Services,
        "CallMsgMask" call_msg_mask: CallMask,
        "AgentStateMask" agent_state_mask: AgentStateMask,
        "ConfigMsgMask" config_msg_mask: ConfigMask,
        "Reserved1" reserved1: u32,
        "Reserved2" reserved2: u32,
        "Reserved3" reserved3: u32,
    } floats {
        CLIENT_ID, CLIENT_PASSWORD, CLIENT_SIGNATURE, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
        APP_PATH_ID,
    }

    /// The server grants a session, perhaps with fewer services than asked for.
    4 OPEN_CONF OpenConf form[9, 19, 24] {
        "InvokeID" invoke_id: u32,
        "ServicesGranted" services_granted: Services,
        "MonitorID" monitor_id: u32,
        "PGStatus" pg_status: PgStatus,
        "ICMCentralControllerTime" icm_central_controller_time: u32,
        "PeripheralOnline" peripheral_online: Bool,
        "PeripheralType" peripheral_type: PeripheralType,
        "AgentState" agent_state: AgentState,
        "DepartmentID" department_id: i32 in [1, 2],
        "SessionType" session_type: SessionType in [2],
    } floats {
        AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT, NUM_PERIPHERALS, PERIPHERAL_ID, MULTI_LINE_AGENT_CONTROL,
    }

    /// The client shows that it is alive. The server never sends one.
    5 HEARTBEAT_REQ HeartbeatReq {
        "InvokeID" invoke_id: u32,
    }

    /// Answers a heartbeat.
    6 HEARTBEAT_CONF HeartbeatConf {
        "InvokeID" invoke_id: u32,
    }

    /// The client ends its session; status 0 is a normal end.
    7 CLOSE_REQ CloseReq {
        "InvokeID" invoke_id: u32,
        "Status" status: StatusCode,
    }

    /// Answers a close request; the connection closes after it.
    8 CLOSE_CONF CloseConf {
        "InvokeID" invoke_id: u32,
    }

    /// The standby side says that it has become the active one.
    277 STANDBY_ACTIVE_EVENT_MSG StandbyActiveEventMsg {}

    /// The active side asks whether its client agrees to maintenance mode.
    278 ACTIVE_MAINTENANCE_REQ_MSG ActiveMaintenanceReqMsg {
        "InvokeID" invoke_id: u32,
    }

    /// The client agrees to maintenance mode or not, within 5 seconds.
    279 ACTIVE_MAINTENANCE_RESP_MSG ActiveMaintenanceRespMsg {
        "InvokeID" invoke_id: u32,
        "MaintenanceModeAccepted" maintenance_mode_accepted: Bool,
    }

    /// Maintenance mode begins, or is called off.
    280 ACTIVE_MAINTENANCE_EVENT_MSG ActiveMaintenanceEventMsg {
        "MaintenanceModeStatus" maintenance_mode_status: Bool,
    }

    /// The client sends no more requests to this side, within 5 seconds of the event.
    281 STOPPING_REQUESTS_TO_THIS_SIDE_IND StoppingRequestsToThisSideInd {}
}
