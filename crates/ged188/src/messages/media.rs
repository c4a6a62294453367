//! table
//!
//! Voice streams and recordings. Reference section 3.5. Recording numbers are those of the chapters; the tables have one less.

use crate::codes::{ConnectionDeviceIdType, DeviceIdType};
use crate::table::messages;

messages! {
    /// A voice stream has started; one event a direction.
    116 RTP_STARTED_EVENT RtpStartedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ClientPort" client_port: u32,
        "Direction" direction: u16,
        "RTPType" rtp_type: u16,
        "BitRate" bit_rate: u32,
        "EchoCancellation" echo_cancellation: u16,
        "PacketSize" packet_size: u32,
        "PayloadType" payload_type: u16,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
    } floats {
        CONNECTION_DEVID, CLIENT_ADDRESS, AGENT_ID, AGENT_EXTENSION, AGENT_INSTRUMENT, SENDING_ADDRESS,
        SENDING_PORT,
    }

    /// A voice stream has stopped.
    117 RTP_STOPPED_EVENT RtpStoppedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ClientPort" client_port: u32,
        "Direction" direction: u16,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
    } floats {
        CONNECTION_DEVID, CLIENT_ADDRESS, AGENT_ID, AGENT_EXTENSION, AGENT_INSTRUMENT, SENDING_ADDRESS,
        SENDING_PORT,
    }

    /// Asks to record a call in the network.
    268 START_NETWORK_RECORDING_REQ StartNetworkRecordingReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        PLAY_TONE_DIRECTION, INVOCATION_TYPE, CONNECTION_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a request to record in the network.
    269 START_NETWORK_RECORDING_CONF StartNetworkRecordingConf {
        "InvokeID" invoke_id: u32,
    }

    /// Asks to stop recording in the network.
    270 STOP_NETWORK_RECORDING_REQ StopNetworkRecordingReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        INVOCATION_TYPE, CONNECTION_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a request to stop recording in the network.
    271 STOP_NETWORK_RECORDING_CONF StopNetworkRecordingConf {
        "InvokeID" invoke_id: u32,
    }

    /// Recording in the network has started.
    272 NETWORK_RECORDING_STARTED_EVENT NetworkRecordingStartedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "RecordingDeviceType" recording_device_type: u16,
    } floats {
        CONNECTION_DEVID, RECORDING_DEVICE_ID,
    }

    /// Recording in the network has ended.
    273 NETWORK_RECORDING_ENDED_EVENT NetworkRecordingEndedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "RecordingDeviceType" recording_device_type: u16,
    } floats {
        CONNECTION_DEVID, RECORDING_DEVICE_ID,
    }

    /// Recording in the network has failed.
    274 NETWORK_RECORDING_FAILED_EVENT NetworkRecordingFailedEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "RecordingDeviceType" recording_device_type: u16,
        "RecordFailureCause" record_failure_cause: u16,
    } floats {
        CONNECTION_DEVID, RECORDING_DEVICE_ID,
    }

    /// Where a recording in the network goes.
    275 NETWORK_RECORDING_TARGET_INFO_EVENT NetworkRecordingTargetInfoEvent {
        "MonitorID" monitor_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "RecordingDeviceType" recording_device_type: u16,
        "RecordingType" recording_type: u16,
        "MediaForkingDeviceType" media_forking_device_type: DeviceIdType,
    } floats {
        CONNECTION_DEVID, RECORDING_DEVICE_ID, RECORDER_ADDRESS, TERMINAL_NAME, MEDIA_FORKING_DEVICE_NAME,
        PROTOCOL_REFERENCE_GUID, MEDIA_FORKING_CLUSTER_ID, RECORDER_URI, RECORDER_ERROR_MSG, RECORDER_TYPE,
        RECORDER_STATUS,
    }

    /// Asks a recording service to record a call.
    147 START_RECORDING_REQ StartRecordingReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ClientPort" client_port: u32,
        "BitRate" bit_rate: u32,
        "PacketSize" packet_size: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "Direction" direction: u16,
        "RTPType" rtp_type: u16,
        "EchoCancellation" echo_cancellation: u16,
        "PayloadType" payload_type: u16,
    } floats {
        CONNECTION_DEVID, CLIENT_ID, CLIENT_ADDRESS, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Answers a recording request with the recorder's session.
    148 START_RECORDING_CONF StartRecordingConf {
        "InvokeID" invoke_id: u32,
        "SessionID" session_id: u32,
        "ServerData" server_data: u32,
    } floats {
        CLIENT_ID, CLIENT_ADDRESS,
    }

    /// Asks a recording service to stop.
    149 STOP_RECORDING_REQ StopRecordingReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ClientPort" client_port: u32,
        "SessionID" session_id: u32,
        "ServerData" server_data: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "Direction" direction: u16,
    } floats {
        CONNECTION_DEVID, CLIENT_ID, CLIENT_ADDRESS, AGENT_EXTENSION, AGENT_ID, AGENT_INSTRUMENT,
    }

    /// Answers a request to stop recording.
    150 STOP_RECORDING_CONF StopRecordingConf {
        "InvokeID" invoke_id: u32,
    } floats {
        CLIENT_ID, CLIENT_ADDRESS,
    }
}
