//! An agent as the CTI server tells of it. No rules here, only what is known.

use crate::presence::Absence;
use tact_ged188::{AgentState, AgentWorkMode, DeskSettingsMask};

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The id at the peripheral, such as `2001`.
    pub id: String,
    /// The name to log in with; may be empty.
    pub login_name: String,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
    /// The team that the agent is a member of.
    pub team: Option<TeamRef>,
    /// The teams that the agent supervises, by id.
    pub supervised: Vec<TeamRef>,
    /// Whether the agent is a supervisor, of any team or by type.
    pub supervisor: bool,
    /// AgentSkillTargetID; 0 when unknown.
    pub skill_target_id: u32,
    /// The state; UNKNOWN until the CTI server has told it.
    pub state: AgentState,
    /// For whom a RESERVED agent is reserved.
    pub reserved_for: ReservedFor,
    /// Milliseconds since 1970 of the last change of state or reason, when known.
    pub since: Option<i64>,
    /// The reason code of NOT_READY or LOGOUT, when one was given.
    pub reason: Option<u16>,
    /// The extension signed in at.
    pub extension: Option<String>,
    /// How a mobile agent is reached, when signed in as one here.
    pub mobile: Option<Mobile>,
    /// The state to follow the call.
    pub pending: Option<Pending>,
    /// The agent's desk settings, or the peripheral's defaults until they are known.
    pub settings: DeskSettings,
    /// What ended the last sign-in, when it was seen.
    pub signed_out_because: Option<SignOutCause>,
}

impl Agent {
    /// An agent of whom nothing is known but the id.
    pub(crate) fn new(id: &str, settings: DeskSettings) -> Self {
        Self {
            id: id.to_owned(),
            login_name: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            team: None,
            supervised: Vec::new(),
            supervisor: false,
            skill_target_id: 0,
            state: AgentState::UNKNOWN,
            reserved_for: ReservedFor::Call,
            since: None,
            reason: None,
            extension: None,
            mobile: None,
            pending: None,
            settings,
            signed_out_because: None,
        }
    }

    /// Whether the agent is signed in, as far as known.
    pub fn is_signed_in(&self) -> bool {
        is_signed_in(self.state)
    }
}

/// Whether a state is one of a signed-in agent.
pub(crate) const fn is_signed_in(state: AgentState) -> bool {
    !matches!(
        state,
        AgentState::LOGIN | AgentState::LOGOUT | AgentState::UNKNOWN
    )
}

/// Whether a state means that a call is being offered or going on, so that changes wait for its end.
pub const fn is_on_call(state: AgentState) -> bool {
    matches!(
        state,
        AgentState::TALKING | AgentState::HOLD | AgentState::RESERVED
    )
}

/// For whom an agent is reserved (AGENT_STATE_EVENT's Direction). After a reconnect it is not known before the next event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReservedFor {
    /// A routed call.
    #[default]
    Call,
    /// A call that a dialer is about to connect.
    Outbound,
    /// A contact to be looked at.
    Preview,
}

impl ReservedFor {
    pub(crate) const fn of(state: AgentState, direction: Option<u32>) -> Self {
        match (state, direction) {
            (AgentState::RESERVED, Some(5 | 7)) => Self::Outbound,
            (AgentState::RESERVED, Some(6)) => Self::Preview,
            _ => Self::Call,
        }
    }
}

/// A team by id and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRef {
    /// TeamID.
    pub id: u32,
    /// May be empty.
    pub name: String,
}

/// A state change that waits for the end of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// The state to come.
    pub state: AgentState,
    /// Its reason code.
    pub reason: Option<u16>,
}

/// How a mobile agent is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mobile {
    /// For each call anew, or once.
    pub mode: MobileMode,
    /// The agent's phone number.
    pub dial_number: String,
}

/// When a mobile agent's phone is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MobileMode {
    /// CALL_BY_CALL.
    CallByCall,
    /// NAILED_CONNECTION.
    NailedConnection,
}

impl MobileMode {
    /// AgentWorkMode of SET_AGENT_STATE_REQ.
    pub(crate) const fn work_mode(self) -> AgentWorkMode {
        match self {
            Self::CallByCall => AgentWorkMode::CALL_BY_CALL,
            Self::NailedConnection => AgentWorkMode::NAILED_CONNECTION,
        }
    }
}

/// What AGENT_DESK_SETTINGS_CONF says. Numbers are the wire's, all ones when unset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskSettings {
    /// What the agent may do and must give.
    pub mask: DeskSettingsMask,
    /// Wrap-up after incoming calls: 0 required, 1 optional, 2 not allowed, 3 required with data.
    pub wrap_up_incoming: u32,
    /// Wrap-up after outgoing calls: 0 required, 1 optional, 2 not allowed.
    pub wrap_up_outgoing: u32,
    /// Seconds of NOT_READY before the agent is signed out.
    pub logout_non_activity_time: u32,
    /// Seconds a call rings before it is taken away.
    pub ring_no_answer_time: u32,
    /// Seconds of wrap-up.
    pub work_mode_timer: u32,
}

impl DeskSettings {
    /// A number that the CTI server left unset.
    pub const UNSET: u32 = u32::MAX;
}

impl Default for DeskSettings {
    /// Nothing set.
    fn default() -> Self {
        Self {
            mask: DeskSettingsMask::NONE,
            wrap_up_incoming: Self::UNSET,
            wrap_up_outgoing: Self::UNSET,
            logout_non_activity_time: Self::UNSET,
            ring_no_answer_time: Self::UNSET,
            work_mode_timer: Self::UNSET,
        }
    }
}

/// What ended a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignOutCause {
    /// The agent or a supervisor asked.
    Requested {
        /// Who.
        by: String,
    },
    /// The agent's presence was lost for longer than the grace.
    PresenceLost(Absence),
    /// The CTI server did it by itself; the reason code says why.
    CtiServer,
}
