//! Sign-in, sign-out and state changes as SET_AGENT_STATE_REQ, and what can be judged before.
//!
//! Only syntax is judged: whether an extension exists, a state may be left or a code is allowed
//! is the CTI server's answer. Reference: message 38, section 5.8, and the log line of the
//! document this project starts from.

use tact_ged188::{AgentState, AgentWorkMode, SetAgentStateReq, Tag};

use crate::backlog::{By, Work};
use crate::{Action, Agent, MobileMode, Reject};

/// EventReasonCode of a sign-in, as the real server sends it (-15532 when read as signed).
const SIGN_IN_REASON: u16 = 50_004;
/// ForcedFlag of a sign-in: signing in twice is no error.
const FORCED: u8 = 1;
/// Reason of a state change by a supervisor.
const SUPERVISOR_REASON: u16 = 999;
/// Bytes of AgentInstrument without its NUL.
const MAX_INSTRUMENT: usize = 63;

/// Whether the action can be asked for at all, by this agent or a supervisor.
pub(crate) fn check(action: &Action, by_supervisor: bool) -> Result<(), Reject> {
    match action {
        Action::SignIn { .. } if by_supervisor => Err(Reject::InvalidState),
        Action::SignIn { extension, mobile } => {
            if !is_address(extension) {
                return Err(Reject::InvalidInput { field: "extension" });
            }
            match mobile {
                Some(mobile) if !is_address(&mobile.dial_number) => Err(Reject::InvalidInput {
                    field: "dialNumber",
                }),
                _ if instrument(action)
                    .is_some_and(|instrument| instrument.len() > MAX_INSTRUMENT) =>
                {
                    Err(Reject::InvalidInput { field: "extension" })
                }
                _ => Ok(()),
            }
        }
        Action::SignOut { .. } => Ok(()),
        Action::SetState {
            state:
                AgentState::AVAILABLE
                | AgentState::NOT_READY
                | AgentState::WORK_NOT_READY
                | AgentState::WORK_READY,
            ..
        } => Ok(()),
        Action::SetState { .. } => Err(Reject::InvalidState),
        Action::Call(_) => Err(Reject::InvalidState),
    }
}

/// Something that can stand in AgentInstrument, where `;` separates device and phone.
fn is_address(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|char| char.is_ascii_graphic() && char != ';')
}

/// AgentInstrument of a sign-in.
fn instrument(action: &Action) -> Option<String> {
    match action {
        Action::SignIn {
            extension,
            mobile: Some(mobile),
        } => Some(format!("{extension};{}", mobile.dial_number)),
        Action::SignIn {
            extension,
            mobile: None,
        } => Some(extension.clone()),
        Action::SignOut { .. } | Action::SetState { .. } | Action::Call(_) => None,
    }
}

/// The message for one piece of work on one agent.
pub(crate) fn set_agent_state(
    work: &Work,
    agent: &Agent,
    peripheral_id: u32,
    invoke_id: u32,
) -> SetAgentStateReq {
    let (agent_state, reason) = match work.action {
        Action::SignIn { .. } => (AgentState::LOGIN, Some(SIGN_IN_REASON)),
        Action::SignOut { reason } => (AgentState::LOGOUT, reason),
        Action::SetState { state, reason } => (state, reason),
        Action::Call(_) => (agent.state, None),
    };
    let by_supervisor = work.supervisor();
    let reason = match (by_supervisor, agent_state) {
        (Some(_), AgentState::NOT_READY | AgentState::LOGOUT) => Some(SUPERVISOR_REASON),
        _ => reason,
    };
    let sign_in = agent_state == AgentState::LOGIN;
    let agent_work_mode = match &work.action {
        Action::SignIn {
            mobile: Some(mobile),
            ..
        } => MobileMode::work_mode(mobile.mode),
        _ => AgentWorkMode::UNSPECIFIED,
    };
    let mut request = SetAgentStateReq {
        invoke_id,
        peripheral_id,
        agent_state,
        agent_work_mode,
        event_reason_code: reason.unwrap_or_default(),
        forced_flag: if sign_in || by_supervisor.is_some() {
            FORCED
        } else {
            0
        },
        ..SetAgentStateReq::default()
    };
    if let Some(instrument) = instrument(&work.action).or_else(|| agent.extension.clone()) {
        request.floats.push_text(Tag::AGENT_INSTRUMENT, &instrument);
    }
    request.floats.push_text(Tag::AGENT_ID, &agent.id);
    if sign_in {
        // The password was verified against the configuration database; the CTI server gets none.
        request.floats.push_text(Tag::AGENT_PASSWORD, "");
    }
    if let Some(supervisor) = by_supervisor {
        request.floats.push_text(Tag::SUPERVISOR_ID, supervisor);
    }
    request
}

/// Whether what was asked for has come about. `moved` says that the event at hand changed the state.
pub(crate) fn is_reached(work: &Work, agent: &Agent, moved: bool, confirmed: bool) -> bool {
    let is_pending = |wanted| agent.pending.is_some_and(|pending| pending.state == wanted);
    match &work.action {
        // LOGIN comes and goes; any state behind it will do.
        Action::SignIn { .. } => agent.is_signed_in(),
        Action::SignOut { .. } => {
            agent.state == AgentState::LOGOUT || is_pending(AgentState::LOGOUT)
        }
        Action::SetState {
            state: AgentState::NOT_READY,
            reason,
        } => {
            // NOT_READY with another reason may be an older change; with the state new it is ours.
            (agent.state == AgentState::NOT_READY
                && (moved || confirmed || agent.reason == *reason))
                || is_pending(AgentState::NOT_READY)
        }
        Action::SetState { state, .. } => agent.state == *state || is_pending(*state),
        Action::Call(_) => false,
    }
}

/// Whether the agent already is where the request leads, so that no event need come.
pub(crate) fn is_there(work: &Work, agent: &Agent) -> bool {
    match &work.action {
        Action::SignIn { extension, .. } => {
            agent.is_signed_in() && agent.extension.as_deref() == Some(extension.as_str())
        }
        Action::SignOut { .. } => agent.state == AgentState::LOGOUT,
        Action::SetState {
            state: AgentState::NOT_READY,
            ..
        } => agent.state == AgentState::NOT_READY && agent.reason == work.reason(),
        Action::SetState { state, .. } => agent.state == *state,
        Action::Call(_) => false,
    }
}

impl Work {
    /// The supervisor who asks, when it is not the agent.
    pub(crate) fn supervisor(&self) -> Option<&str> {
        match &self.by {
            By::Supervisor(id) => Some(id),
            By::Agent | By::Presence(_) => None,
        }
    }

    /// The reason code that goes out.
    pub(crate) fn reason(&self) -> Option<u16> {
        match self.action {
            Action::SetState {
                state: AgentState::NOT_READY,
                ..
            }
            | Action::SignOut { .. }
                if self.supervisor().is_some() =>
            {
                Some(SUPERVISOR_REASON)
            }
            Action::SetState { reason, .. } | Action::SignOut { reason } => {
                reason.filter(|reason| *reason != 0)
            }
            Action::SignIn { .. } | Action::Call(_) => None,
        }
    }
}
