//! table
//!
//! Requests that act on calls, and their confirmations. Reference section 3.8.

use crate::codes::{
    AllocationState, AnswerDetectMode, AnsweringMachine, CallMannerType, CallOption,
    CallPlacementType, ConnectionDeviceIdType, ConsultType, DeviceIdType, FacilityType, LineType,
};
use crate::table::messages;
use crate::wire::Bool;

messages! {
    /// Makes a call.
    56 MAKE_CALL_REQ MakeCallReq form[9, 14] {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "CallPlacementType" call_placement_type: CallPlacementType,
        "CallMannerType" call_manner_type: CallMannerType,
        "AlertRings" alert_rings: u16,
        "CallOption" call_option: CallOption,
        "FacilityType" facility_type: FacilityType,
        "AnsweringMachine" answering_machine: AnsweringMachine,
        "Priority" priority: Bool,
        "PostRoute" post_route: Bool,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
        "SkillGroupNumber" skill_group_number: u32 in [1],
    } floats {
        AGENT_INSTRUMENT, DIALED_NUMBER, UUI, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5,
        CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA, NAMED_VARIABLE,
        NAMED_ARRAY, FACILITY_CODE, AUTHORIZATION_CODE, ACCOUNT_CODE, CALL_CONTROL_TABLE,
    }

    /// Answers with the call made.
    57 MAKE_CALL_CONF MakeCallConf {
        "InvokeID" invoke_id: u32,
        "NewConnectionCallID" new_connection_call_id: u32,
        "NewConnectionDeviceIDType" new_connection_device_id_type: ConnectionDeviceIdType,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        NEW_CONNECTION_DEVID,
    }

    /// Answers a ringing call.
    42 ANSWER_CALL_REQ AnswerCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers an answer request.
    43 ANSWER_CALL_CONF AnswerCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Ends a call for every party.
    44 CLEAR_CALL_REQ ClearCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a clear request.
    45 CLEAR_CALL_CONF ClearCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Takes one party out of a call.
    46 CLEAR_CONNECTION_REQ ClearConnectionReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        CONNECTION_DEVID, AGENT_INSTRUMENT, CTIOS_CIL_CLIENT_ID, REQUESTING_DEVICE_ID,
        REQUESTING_DEVICE_ID_TYPE,
    }

    /// Answers a request to clear a connection.
    47 CLEAR_CONNECTION_CONF ClearConnectionConf {
        "InvokeID" invoke_id: u32,
    }

    /// Puts a call on hold.
    54 HOLD_CALL_REQ HoldCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "Reservation" reservation: Bool,
    } floats {
        CONNECTION_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a hold request.
    55 HOLD_CALL_CONF HoldCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Takes up a held call again.
    62 RETRIEVE_CALL_REQ RetrieveCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "HeldConnectionCallID" held_connection_call_id: u32,
        "HeldConnectionDeviceIDType" held_connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        HELD_CONN_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a retrieve request.
    63 RETRIEVE_CALL_CONF RetrieveCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Makes a second call while the first is held, to transfer or to confer.
    50 CONSULTATION_CALL_REQ ConsultationCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ActiveConnectionCallID" active_connection_call_id: u32,
        "ActiveConnectionDeviceIDType" active_connection_device_id_type: ConnectionDeviceIdType,
        "CallPlacementType" call_placement_type: CallPlacementType,
        "CallMannerType" call_manner_type: CallMannerType,
        "ConsultType" consult_type: ConsultType,
        "AlertRings" alert_rings: u16,
        "CallOption" call_option: CallOption,
        "FacilityType" facility_type: FacilityType,
        "AnsweringMachine" answering_machine: AnsweringMachine,
        "Priority" priority: Bool,
        "PostRoute" post_route: Bool,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        ACTIVE_CONN_DEVID, DIALED_NUMBER, AGENT_INSTRUMENT, UUI, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3,
        CALL_VAR_4, CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA,
        NAMED_VARIABLE, NAMED_ARRAY, FACILITY_CODE, AUTHORIZATION_CODE, ACCOUNT_CODE,
    }

    /// Answers with the consultation call.
    51 CONSULTATION_CALL_CONF ConsultationCallConf {
        "InvokeID" invoke_id: u32,
        "NewConnectionCallID" new_connection_call_id: u32,
        "NewConnectionDeviceIDType" new_connection_device_id_type: ConnectionDeviceIdType,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        NEW_CONNECTION_DEVID,
    }

    /// Transfers a call.
    64 TRANSFER_CALL_REQ TransferCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ActiveConnectionCallID" active_connection_call_id: u32,
        "HeldConnectionCallID" held_connection_call_id: u32,
        "ActiveConnectionDeviceIDType" active_connection_device_id_type: ConnectionDeviceIdType,
        "HeldConnectionDeviceIDType" held_connection_device_id_type: ConnectionDeviceIdType,
        "CallPlacementType" call_placement_type: CallPlacementType,
        "CallMannerType" call_manner_type: CallMannerType,
        "AlertRings" alert_rings: u16,
        "CallOption" call_option: CallOption,
        "FacilityType" facility_type: FacilityType,
        "AnsweringMachine" answering_machine: AnsweringMachine,
        "Priority" priority: Bool,
        "PostRoute" post_route: Bool,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        ACTIVE_CONN_DEVID, HELD_CONN_DEVID, AGENT_INSTRUMENT, DIALED_NUMBER, UUI, CALL_VAR_1, CALL_VAR_2,
        CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10,
        CALL_WRAPUP_DATA, NAMED_VARIABLE, NAMED_ARRAY, FACILITY_CODE, AUTHORIZATION_CODE, ACCOUNT_CODE,
    }

    /// Answers with the transferred call.
    65 TRANSFER_CALL_CONF TransferCallConf {
        "InvokeID" invoke_id: u32,
        "NewConnectionCallID" new_connection_call_id: u32,
        "NewConnectionDeviceIDType" new_connection_device_id_type: ConnectionDeviceIdType,
        "NumParties" num_parties: u16,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        NEW_CONNECTION_DEVID, PARTY_CALLID, PARTY_DEVID_TYPE, PARTY_DEVID,
    }

    /// Joins two calls, or a party to a call.
    48 CONFERENCE_CALL_REQ ConferenceCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "HeldConnectionCallID" held_connection_call_id: u32,
        "ActiveConnectionCallID" active_connection_call_id: u32,
        "HeldConnectionDeviceIDType" held_connection_device_id_type: ConnectionDeviceIdType,
        "ActiveConnectionDeviceIDType" active_connection_device_id_type: ConnectionDeviceIdType,
        "CallPlacementType" call_placement_type: CallPlacementType,
        "CallMannerType" call_manner_type: CallMannerType,
        "AlertRings" alert_rings: u16,
        "CallOption" call_option: CallOption,
        "FacilityType" facility_type: FacilityType,
        "AnsweringMachine" answering_machine: AnsweringMachine,
        "Priority" priority: Bool,
        "PostRoute" post_route: Bool,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        ACTIVE_CONN_DEVID, HELD_CONN_DEVID, AGENT_INSTRUMENT, DIALED_NUMBER, UUI, CALL_VAR_1, CALL_VAR_2,
        CALL_VAR_3, CALL_VAR_4, CALL_VAR_5, CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10,
        CALL_WRAPUP_DATA, NAMED_VARIABLE, NAMED_ARRAY, FACILITY_CODE, AUTHORIZATION_CODE, ACCOUNT_CODE,
    }

    /// Answers with the conference.
    49 CONFERENCE_CALL_CONF ConferenceCallConf {
        "InvokeID" invoke_id: u32,
        "NewConnectionCallID" new_connection_call_id: u32,
        "NewConnectionDeviceIDType" new_connection_device_id_type: ConnectionDeviceIdType,
        "NumParties" num_parties: u16,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        NEW_CONNECTION_DEVID, PARTY_CALLID, PARTY_DEVID_TYPE, PARTY_DEVID,
    }

    /// Swaps the active and the held call.
    40 ALTERNATE_CALL_REQ AlternateCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ActiveConnectionCallID" active_connection_call_id: u32,
        "OtherConnectionCallID" other_connection_call_id: u32,
        "ActiveConnectionDeviceIDType" active_connection_device_id_type: ConnectionDeviceIdType,
        "OtherConnectionDeviceIDType" other_connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        ACTIVE_CONN_DEVID, OTHER_CONN_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a swap request.
    41 ALTERNATE_CALL_CONF AlternateCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Ends the active call and takes up the held one.
    60 RECONNECT_CALL_REQ ReconnectCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ActiveConnectionCallID" active_connection_call_id: u32,
        "HeldConnectionCallID" held_connection_call_id: u32,
        "ActiveConnectionDeviceIDType" active_connection_device_id_type: ConnectionDeviceIdType,
        "HeldConnectionDeviceIDType" held_connection_device_id_type: ConnectionDeviceIdType,
    } floats {
        ACTIVE_CONN_DEVID, HELD_CONN_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a reconnect request.
    61 RECONNECT_CALL_CONF ReconnectCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Sends a ringing call to another device.
    52 DEFLECT_CALL_REQ DeflectCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "CalledDeviceType" called_device_type: DeviceIdType,
    } floats {
        CONNECTION_DEVID, CALLED_DEVID, AGENT_INSTRUMENT,
    }

    /// Answers a deflect request.
    53 DEFLECT_CALL_CONF DeflectCallConf {
        "InvokeID" invoke_id: u32,
    }

    /// Calls a customer before an agent is found.
    58 MAKE_PREDICTIVE_CALL_REQ MakePredictiveCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "CallPlacementType" call_placement_type: CallPlacementType,
        "CallMannerType" call_manner_type: CallMannerType,
        "AlertRings" alert_rings: u16,
        "CallOption" call_option: CallOption,
        "FacilityType" facility_type: FacilityType,
        "AnsweringMachine" answering_machine: AnsweringMachine,
        "Priority" priority: Bool,
        "AllocationState" allocation_state: AllocationState,
        "DestinationCountry" destination_country: u16,
        "AnswerDetectMode" answer_detect_mode: AnswerDetectMode,
        "AnswerDetectTime" answer_detect_time: u16,
        "AnswerDetectControl1" answer_detect_control1: u32,
        "AnswerDetectControl2" answer_detect_control2: u32,
        "NumNamedVariables" num_named_variables: u16,
        "NumNamedArrays" num_named_arrays: u16,
    } floats {
        ORIGINATING_DEVID, DIALED_NUMBER, UUI, CALL_VAR_1, CALL_VAR_2, CALL_VAR_3, CALL_VAR_4, CALL_VAR_5,
        CALL_VAR_6, CALL_VAR_7, CALL_VAR_8, CALL_VAR_9, CALL_VAR_10, CALL_WRAPUP_DATA, NAMED_VARIABLE,
        NAMED_ARRAY, FACILITY_CODE, AUTHORIZATION_CODE, ACCOUNT_CODE, ORIGINATING_LINE_ID, CALL_CONTROL_TABLE,
    }

    /// Answers with the predictive call.
    59 MAKE_PREDICTIVE_CALL_CONF MakePredictiveCallConf {
        "InvokeID" invoke_id: u32,
        "NewConnectionCallID" new_connection_call_id: u32,
        "NewConnectionDeviceIDType" new_connection_device_id_type: ConnectionDeviceIdType,
        "LineHandle" line_handle: u16,
        "LineType" line_type: LineType,
    } floats {
        NEW_CONNECTION_DEVID,
    }

    /// Sends tones. The pause had two bytes before version 10.
    91 SEND_DTMF_SIGNAL_REQ SendDtmfSignalReq form[9, 10] {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionCallID" connection_call_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ToneDuration" tone_duration: u16,
        "PauseDuration" pause_duration: u32 short [0],
    } floats {
        CONNECTION_DEVID, DTMF_STRING, AGENT_INSTRUMENT, CTIOS_CIL_CLIENT_ID,
    }

    /// Answers a tone request.
    92 SEND_DTMF_SIGNAL_CONF SendDtmfSignalConf {
        "InvokeID" invoke_id: u32,
    }

    /// Reports a call of bad quality.
    139 BAD_CALL_REQ BadCallReq {
        "InvokeID" invoke_id: u32,
        "PeripheralID" peripheral_id: u32,
        "ConnectionDeviceIDType" connection_device_id_type: ConnectionDeviceIdType,
        "ConnectionCallID" connection_call_id: u32,
    } floats {
        CONNECTION_DEVID, AGENT_ID,
    }

    /// Answers a bad call report.
    140 BAD_CALL_CONF BadCallConf {
        "InvokeID" invoke_id: u32,
    }
}
