//! table
//!
//! Monitors and registered services. Reference section 3.11.

use crate::codes::{
    AgentStateMask, CallMask, ConnectionDeviceIdType, DeviceIdType, ServerMode, Services,
    StatusCode,
};
use crate::table::messages;

messages! {
    /// Asks for the events of a call or a device.
    93 MONITOR_START_REQ MonitorStartReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "CallMsgMask" call_msg_mask: CallMask,
        "AgentStateMask" agent_state_mask: AgentStateMask,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "MonitoredDeviceType" monitored_device_type: DeviceIdType,
    } floats {
        CONNECTION_DEVID, MONITORED_DEVID,
    }

    /// Answers with the monitor made.
    94 MONITOR_START_CONF MonitorStartConf {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
    }

    /// Ends a monitor.
    95 MONITOR_STOP_REQ MonitorStopReq {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
    }

    /// Answers the end of a monitor.
    96 MONITOR_STOP_CONF MonitorStopConf {
        "InvokeID" invoke_id: u32,
    }

    /// Changes what a monitor reports.
    97 CHANGE_MONITOR_MASK_REQ ChangeMonitorMaskReq {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
        "CallMsgMask" call_msg_mask: CallMask,
        "AgentStateMask" agent_state_mask: AgentStateMask,
    }

    /// Answers a change of a monitor's masks.
    98 CHANGE_MONITOR_MASK_CONF ChangeMonitorMaskConf {
        "InvokeID" invoke_id: u32,
    }

    /// Another client has opened a session.
    99 CLIENT_SESSION_OPENED_EVENT ClientSessionOpenedEvent {
        "SessionID" session_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ServicesGranted" services_granted: Services,
        "CallMsgMask" call_msg_mask: CallMask,
        "AgentStateMask" agent_state_mask: AgentStateMask,
        "ClientPort" client_port: u32,
    } floats {
        CLIENT_ADDRESS, CLIENT_ID, CLIENT_SIGNATURE, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Another client's session has ended.
    100 CLIENT_SESSION_CLOSED_EVENT ClientSessionClosedEvent {
        "SessionID" session_id: u32,
        "PeripheralID" peripheral_id: u32,
        "Status" status: StatusCode,
        "ClientPort" client_port: u32,
    } floats {
        CLIENT_ADDRESS, CLIENT_ID, CLIENT_SIGNATURE, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Asks for the events another session gets.
    101 SESSION_MONITOR_START_REQ SessionMonitorStartReq {
        "InvokeID" invoke_id: u32,
        "SessionID" session_id: u32,
    }

    /// Answers with the session monitor made.
    102 SESSION_MONITOR_START_CONF SessionMonitorStartConf {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
    }

    /// Ends a session monitor.
    103 SESSION_MONITOR_STOP_REQ SessionMonitorStopReq {
        "InvokeID" invoke_id: u32,
        "MonitorID" monitor_id: u32,
    }

    /// Answers the end of a session monitor.
    104 SESSION_MONITOR_STOP_CONF SessionMonitorStopConf {
        "InvokeID" invoke_id: u32,
    }

    /// Registers a service that the client offers.
    143 REGISTER_SERVICE_REQ RegisterServiceReq {
        "InvokeID" invoke_id: u32,
        "ServerMode" server_mode: ServerMode,
    } floats {
        SERVICE_NAME,
    }

    /// Answers with the identifier of a registered service.
    144 REGISTER_SERVICE_CONF RegisterServiceConf {
        "InvokeID" invoke_id: u32,
        "RegisteredServiceID" registered_service_id: u32,
    }

    /// Withdraws a service.
    145 UNREGISTER_SERVICE_REQ UnregisterServiceReq {
        "InvokeID" invoke_id: u32,
        "RegisteredServiceID" registered_service_id: u32,
    }

    /// Answers the withdrawal of a service.
    146 UNREGISTER_SERVICE_CONF UnregisterServiceConf {
        "InvokeID" invoke_id: u32,
    }
}
