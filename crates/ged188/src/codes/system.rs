//! table
//!
//! Codes about the system and its sessions. Reference sections 3.1, 4.4, 4.5, 3.10.

use super::codes;

codes! {
    /// What a SYSTEM_EVENT reports.
    SystemEventId(u32) {
        1 CENTRAL_CONTROLLER_ONLINE "SYS_CENTRAL_CONTROLLER_ONLINE",
        2 CENTRAL_CONTROLLER_OFFLINE "SYS_CENTRAL_CONTROLLER_OFFLINE",
        3 PERIPHERAL_ONLINE "SYS_PERIPHERAL_ONLINE",
        4 PERIPHERAL_OFFLINE "SYS_PERIPHERAL_OFFLINE",
        5 TEXT_FYI "SYS_TEXT_FYI",
        6 PERIPHERAL_GATEWAY_OFFLINE "SYS_PERIPHERAL_GATEWAY_OFFLINE",
        7 CTI_SERVER_OFFLINE "SYS_CTI_SERVER_OFFLINE",
        8 CTI_SERVER_ONLINE "SYS_CTI_SERVER_ONLINE",
        9 HALF_HOUR_CHANGE "SYS_HALF_HOUR_CHANGE",
        10 INSTRUMENT_OUT_OF_SERVICE "SYS_INSTRUMENT_OUT_OF_SERVICE",
        11 INSTRUMENT_BACK_IN_SERVICE "SYS_INSTRUMENT_BACK_IN_SERVICE",
    }

    /// Kind of switch behind a peripheral.
    PeripheralType(u16) {
        0xffff NONE "PT_NONE",
        1 ASPECT "PT_ASPECT",
        2 MERIDIAN "PT_MERIDIAN",
        3 G2 "PT_G2",
        4 DEFINITY_ECS_NON_EAS "PT_DEFINITY_ECS_NON_EAS",
        5 DEFINITY_ECS_EAS "PT_DEFINITY_ECS_EAS",
        6 GALAXY "PT_GALAXY",
        7 SPECTRUM "PT_SPECTRUM",
        8 VRU "PT_VRU",
        9 VRU_POLLED "PT_VRU_POLLED",
        10 DMS100 "PT_DMS100",
        11 SIEMENS_9006 "PT_SIEMENS_9006",
        12 SIEMENS_9005 "PT_SIEMENS_9005",
        13 ALCATEL "PT_ALCATEL",
        14 NEC_NEAX_2X00 "PT_NEC_NEAX_2x00",
        15 ACP_1000 "PT_ACP_1000",
        16 SYMPOSIUM "PT_SYMPOSIUM",
        17 ENTERPRISE_AGENT "PT_ENTERPRISE_AGENT",
        18 MD110 "PT_MD110",
        19 MEDIA_ROUTING "PT_MEDIA_ROUTING",
        20 GENERIC "PT_GENERIC",
        21 ACMI_CRS "PT_ACMI_CRS",
        22 ACMI_IPCC "PT_ACMI_IPCC",
        23 SIMPLIFIED_IPCC "PT_SIMPLIFIED_IPCC",
        24 ARS "PT_ARS",
        25 ACMI_ERS "PT_ACMI_ERS",
        26 ACMI_EXPERT_ADVISOR "PT_ACMI_EXPERT_ADVISOR",
    }

    /// Which side of a redundant pair the session reached.
    SessionType(u16) {
        0 UNKNOWN "UNKNOWN",
        1 ACTIVE "ACTIVE",
        2 STANDBY "STANDBY",
    }

    /// Why a configuration upload begins.
    ConfigType(u16) {
        1 SOLICITED "SOLICITED",
        2 UNSOLICITED "UNSOLICITED",
    }

    /// Outcome of a configuration key request.
    ConfigKeyStatus(u32) {
        0 OK "OK",
        1 SERVICE_PROVIDER "SERVICE_PROVIDER",
        2 NO_KEY_SUPPORT "NO_KEY_SUPPORT",
        3 UNKNOWN_CUSTOMER "UNKNOWN_CUSTOMER",
    }

    /// Outcome of a configuration upload.
    ConfigEndStatus(u32) {
        0 OK "OK",
        1 SERVICE_PROVIDER "SERVICE_PROVIDER",
        2 UNKNOWN_CUSTOMER "UNKNOWN_CUSTOMER",
        3 INVALID "INVALID",
        4 EMPTY "EMPTY",
        5 PARTIAL "PARTIAL",
    }

    /// What a configuration record does; float 183.
    RecordType(u16) {
        0 ADD "ADD",
        1 CHANGE "CHANGE",
        2 DELETE "DELETE",
    }

    /// How a client says it is doing.
    ClientState(u16) {
        0 NORMAL "NORMAL",
        1 WARNING "WARNING",
        2 ERROR "ERROR",
    }

    /// How a registered service shares its work.
    ServerMode(u16) {
        0 EXCLUSIVE "EXCLUSIVE",
        1 ROUND_ROBIN "ROUND_ROBIN",
        2 PARALLEL "PARALLEL",
    }
}
