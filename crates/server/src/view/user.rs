//! User out of the desk's agent and the configured reason codes (finesse-api.md 2.2).

use tact_api::{MobileAgent, ReasonCode, Settings, Team, User};
use tact_desk::{Agent, DeskSettings, MobileMode, ReservedFor};
use tact_ged188::AgentState;

use super::System;
use super::reserved_reason::reserved_reason;
use crate::store::{self, Configuration, ReasonCategory};

/// The media routing domain of voice.
const VOICE: u32 = 1;

/// An agent in full.
pub fn user(agent: &Agent, configuration: &Configuration, system: &System) -> User {
    let id = &agent.id;
    let reason_code = reason_code_of(agent, configuration);
    let mut roles = vec!["Agent".to_owned()];
    if agent.supervisor {
        roles.push("Supervisor".to_owned());
    }
    User {
        dialogs: format!("/finesse/api/User/{id}/Dialogs"),
        extension: extension(agent),
        first_name: agent.first_name.clone(),
        last_name: agent.last_name.clone(),
        login_id: id.clone(),
        login_name: agent.login_name.clone(),
        media_type: Some(VOICE),
        mobile_agent: agent.mobile.as_ref().map(|mobile| MobileAgent {
            mode: mode_name(mobile.mode).to_owned(),
            dial_number: mobile.dial_number.clone(),
        }),
        pending_state: agent
            .pending
            .map(|pending| state_name(pending.state).to_owned())
            .unwrap_or_default(),
        reason_code_id: reason_code_id(agent, reason_code.as_ref()),
        reason_code,
        reason_code_spelling: system.reason_code_spelling,
        roles,
        settings: settings(agent),
        skill_target_id: Some(agent.skill_target_id).filter(|id| *id != 0),
        state: state_of(agent).to_owned(),
        state_change_time: agent.since,
        team_id: agent.team.as_ref().map(|team| team.id),
        team_name: agent
            .team
            .as_ref()
            .map(|team| team.name.clone())
            .unwrap_or_default(),
        teams: agent.supervisor.then(|| supervised(agent)),
        uri: User::uri_of(id),
    }
}

fn supervised(agent: &Agent) -> Vec<Team> {
    let team = |team: &tact_desk::TeamRef| Team {
        id: team.id,
        name: team.name.clone(),
        users: None,
    };
    agent.supervised.iter().map(team).collect()
}

fn extension(agent: &Agent) -> String {
    if agent.is_signed_in() {
        agent.extension.clone().unwrap_or_default()
    } else {
        String::new()
    }
}

/// Desk settings are empty until sign-in.
fn settings(agent: &Agent) -> Settings {
    if !agent.is_signed_in() {
        return Settings::default();
    }
    Settings {
        wrap_up_on_incoming: wrap_up_name(agent.settings.wrap_up_incoming).to_owned(),
        wrap_up_on_outgoing: wrap_up_name(agent.settings.wrap_up_outgoing).to_owned(),
        wrap_up_timer: Some(agent.settings.work_mode_timer)
            .filter(|seconds| ![0, DeskSettings::UNSET].contains(seconds)),
    }
}

fn wrap_up_name(mode: u32) -> &'static str {
    match mode {
        0 => "REQUIRED",
        1 => "OPTIONAL",
        2 => "NOT_ALLOWED",
        3 => "REQUIRED_WITH_WRAP_UP_DATA",
        DeskSettings::UNSET => "",
        _ => "",
    }
}

/// `mode` of a mobile agent.
pub fn mode_name(mode: MobileMode) -> &'static str {
    match mode {
        MobileMode::CallByCall => "CALL_BY_CALL",
        MobileMode::NailedConnection => "NAILED_CONNECTION",
    }
}

/// The state of an agent as documents spell it: they tell apart for whom the agent is reserved.
fn state_of(agent: &Agent) -> &'static str {
    match (agent.state, agent.reserved_for) {
        (AgentState::RESERVED, ReservedFor::Outbound) => "RESERVED_OUTBOUND",
        (AgentState::RESERVED, ReservedFor::Preview) => "RESERVED_OUTBOUND_PREVIEW",
        (state, _) => state_name(state),
    }
}

/// A state as documents spell it. Those without a name there are `UNKNOWN`.
pub fn state_name(state: AgentState) -> &'static str {
    match state {
        AgentState::LOGIN => "LOGIN",
        AgentState::LOGOUT => "LOGOUT",
        AgentState::NOT_READY => "NOT_READY",
        AgentState::AVAILABLE => "READY",
        AgentState::TALKING => "TALKING",
        AgentState::WORK_NOT_READY => "WORK",
        AgentState::WORK_READY => "WORK_READY",
        AgentState::RESERVED => "RESERVED",
        AgentState::HOLD => "HOLD",
        _ => "UNKNOWN",
    }
}

/// The category whose codes apply in a state.
fn category(state: AgentState) -> Option<ReasonCategory> {
    match state {
        AgentState::NOT_READY => Some(ReasonCategory::NotReady),
        AgentState::LOGOUT => Some(ReasonCategory::Logout),
        _ => None,
    }
}

/// The reason code in force: the configured one, or else what the system means by it.
fn reason_code_of(agent: &Agent, configuration: &Configuration) -> Option<ReasonCode> {
    let (category, code) = (category(agent.state)?, agent.reason?);
    configuration
        .reason_codes
        .values()
        .find(|known| known.category == category && known.code == code)
        .map(reason_code)
        .or_else(|| reserved_reason(code, category_name(category)))
}

/// -1 where a code could apply but none is configured; nothing before the first state from CTI and in other states.
fn reason_code_id(agent: &Agent, known: Option<&ReasonCode>) -> Option<i64> {
    category(agent.state)?;
    agent.since?;
    Some(known.and_then(|code| code.id).map_or(-1, i64::from))
}

/// A reason code of the configuration.
pub fn reason_code(code: &store::ReasonCode) -> ReasonCode {
    ReasonCode {
        category: category_name(code.category).to_owned(),
        code: code.code.into(),
        for_all: code.for_all,
        id: Some(code.id),
        label: code.label.clone(),
        system_code: code.system_code,
    }
}

/// `NOT_READY` or `LOGOUT`.
pub fn category_name(category: ReasonCategory) -> &'static str {
    match category {
        ReasonCategory::NotReady => "NOT_READY",
        ReasonCategory::Logout => "LOGOUT",
    }
}
