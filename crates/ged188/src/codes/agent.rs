//! table
//!
//! Codes about agents and teams. Reference sections 4.2, 4.11 and 4.12.

use super::codes;

codes! {
    /// State of an agent, or of an agent in one skill group.
    AgentState(u16) {
        0 LOGIN "AGENT_STATE_LOGIN",
        1 LOGOUT "AGENT_STATE_LOGOUT",
        2 NOT_READY "AGENT_STATE_NOT_READY",
        3 AVAILABLE "AGENT_STATE_AVAILABLE",
        4 TALKING "AGENT_STATE_TALKING",
        5 WORK_NOT_READY "AGENT_STATE_WORK_NOT_READY",
        6 WORK_READY "AGENT_STATE_WORK_READY",
        7 BUSY_OTHER "AGENT_STATE_BUSY_OTHER",
        8 RESERVED "AGENT_STATE_RESERVED",
        9 UNKNOWN "AGENT_STATE_UNKNOWN",
        10 HOLD "AGENT_STATE_HOLD",
        11 ACTIVE "AGENT_STATE_ACTIVE",
        12 PAUSED "AGENT_STATE_PAUSED",
        13 INTERRUPTED "AGENT_STATE_INTERRUPTED",
        14 NOT_ACTIVE "AGENT_STATE_NOT_ACTIVE",
    }

    /// How an agent works: normally unspecified, two modes for mobile agents.
    AgentWorkMode(u16) {
        0 UNSPECIFIED "AWM_UNSPECIFIED",
        1 AUTO_IN "AWM_AUTO_IN",
        2 MANUAL_IN "AWM_MANUAL_IN",
        3 CALL_BY_CALL "RA_CALL_BY_CALL",
        4 NAILED_CONNECTION "RA_NAILED_CONNECTION",
    }

    /// What a supervisor does to a call.
    SupervisoryAction(u16) {
        0 CLEAR "SUPERVISOR_CLEAR",
        1 MONITOR "SUPERVISOR_MONITOR",
        2 WHISPER "SUPERVISOR_WHISPER",
        3 BARGE_IN "SUPERVISOR_BARGE_IN",
        4 INTERCEPT "SUPERVISOR_INTERCEPT",
    }

    /// Whom a user message reaches.
    Distribution(u16) {
        0 TO_CLIENT "DISTRIBUTE_TO_CLIENT",
        1 TO_SUPERVISOR "DISTRIBUTE_TO_SUPERVISOR",
        2 TO_TEAM "DISTRIBUTE_TO_TEAM",
        3 TO_ALL "DISTRIBUTE_TO_ALL",
    }

    /// What a team configuration message does.
    TeamOperation(u16) {
        0 RESTORE_PERMANENT_CONFIGURATION "RESTORE_PERMANENT_CONFIGURATION",
        1 ADD "ADD",
        2 REMOVE "REMOVE",
    }
}
