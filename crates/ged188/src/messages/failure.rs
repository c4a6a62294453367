//! table
//!
//! Refusals and system events. Reference section 3.2.

use crate::codes::{ControlFailure, DeviceIdType, PgStatus, StatusCode, SystemEventId};
use crate::table::{NEVER, messages};

messages! {
    /// The server refuses a request. Written with a status; the long layout of newer guides is read too.
    1 FAILURE_CONF FailureConf form[9, NEVER] {
        "InvokeID" invoke_id: u32,
        "Status" status: StatusCode in [0],
        "FailureCode" failure_code: ControlFailure in [1],
        "PeripheralErrorCode" peripheral_error_code: u32 in [1],
    } floats {
        TEXT,
    }

    /// The server reports a failure of the session itself.
    2 FAILURE_EVENT FailureEvent {
        "Status" status: StatusCode,
    }

    /// The peripheral refuses a control request.
    35 CONTROL_FAILURE_CONF ControlFailureConf {
        "InvokeID" invoke_id: u32,
        "FailureCode" failure_code: ControlFailure,
        "PeripheralErrorCode" peripheral_error_code: u32,
    }

    /// Something happened to the system: a peripheral, the central controller, an instrument.
    31 SYSTEM_EVENT SystemEvent form[9, 10] {
        "PGStatus" pg_status: PgStatus,
        "ICMCentralControllerTime" icm_central_controller_time: u32,
        "SystemEventID" system_event_id: SystemEventId,
        "SystemEventArg1" system_event_arg1: u32,
        "SystemEventArg2" system_event_arg2: u32,
        "SystemEventArg3" system_event_arg3: u32,
        "EventDeviceType" event_device_type: DeviceIdType in [1],
    } floats {
        TEXT, EVENT_DEVICE_ID,
    }
}
