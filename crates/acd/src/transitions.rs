//! The one table of agent states: what a request does in each state, for a voice agent of a UCCE centre.
//!
//! Data only. Source: reference acd-and-telephony, 3.3, and finesse-api, 3.1, 3.4 and 3.5. Signing in
//! has its own rules, see `login`.

use serde::{Deserialize, Serialize};
use tact_ged188::{AgentState, ControlFailure, PeripheralError};

/// What an agent can ask to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Target {
    /// AGENT_STATE_LOGOUT.
    Logout,
    /// AGENT_STATE_NOT_READY.
    NotReady,
    /// AGENT_STATE_AVAILABLE.
    Ready,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Logout, Self::NotReady, Self::Ready];

    /// The target that a requested state stands for; `None` for a state nobody can ask for.
    pub fn of(state: AgentState) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.state() == state)
    }

    /// Its state.
    pub const fn state(self) -> AgentState {
        match self {
            Self::Logout => AgentState::LOGOUT,
            Self::NotReady => AgentState::NOT_READY,
            Self::Ready => AgentState::AVAILABLE,
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The agent.
    Agent,
    /// A supervisor, or the system on behalf of an agent whose desktop is gone.
    Force,
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The state changes.
    Go,
    /// The state is the one asked for: it is told again.
    Keep,
    /// It happens when the call is over.
    Pend,
    /// It is refused.
    Refuse(ControlFailure, PeripheralError),
}

/// One state's row.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The state that the agent is in.
    pub from: AgentState,
    /// What LOGOUT, NOT_READY and READY do when the agent asks.
    pub agent: [Verdict; 3],
    /// The same when it is forced.
    pub force: [Verdict; 3],
}

use Verdict::{Go, Keep, Pend};

/// Signed out already.
const OUT: Verdict = Verdict::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_AGENTALREADYLOGGEDOUT,
);
/// A state change of someone who has not signed in.
const NOT_IN: Verdict = Verdict::Refuse(
    ControlFailure::INVALID_PASSWORD_SPECIFIED,
    PeripheralError::NONE,
);
/// LOGOUT from any state but NOT_READY.
const NO_OUT: Verdict = Verdict::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_CANTLOGOUTFROMCURRENTSTATE,
);
/// READY from a state that forbids it.
const NO_READY: Verdict = Verdict::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_CANTGOREADYFROMCURRENTSTATE,
);
/// NOT_READY while a call is on its way.
const NO_NOT_READY: Verdict = Verdict::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_AGENTCANTGOUNVAILABLE,
);

/// The table. A state that is not in it takes no request.
#[rustfmt::skip]
pub static TABLE: &[Row] = &[
    //    from                                       LOGOUT  NOT_READY     READY              LOGOUT NOT_READY     READY
    Row { from: AgentState::LOGOUT,         agent: [OUT,    NOT_IN,       NOT_IN],   force: [OUT,  NOT_IN,       NOT_IN] },
    Row { from: AgentState::NOT_READY,      agent: [Go,     Go,           Go],       force: [Go,   Go,           Go] },
    Row { from: AgentState::AVAILABLE,      agent: [NO_OUT, Go,           Keep],     force: [Go,   Go,           Keep] },
    Row { from: AgentState::RESERVED,       agent: [NO_OUT, NO_NOT_READY, NO_READY], force: [Go,   NO_NOT_READY, NO_READY] },
    Row { from: AgentState::TALKING,        agent: [NO_OUT, Pend,         Pend],     force: [Pend, Pend,         Pend] },
    Row { from: AgentState::HOLD,           agent: [NO_OUT, Pend,         Pend],     force: [Pend, Pend,         Pend] },
    Row { from: AgentState::WORK_NOT_READY, agent: [NO_OUT, Go,           Go],       force: [Go,   Go,           Go] },
    Row { from: AgentState::WORK_READY,     agent: [NO_OUT, Go,           Go],       force: [Go,   Go,           Go] },
];

/// What the table says; peripheral error 10108 for a state without a row.
pub fn verdict(from: AgentState, target: Target, by: By) -> Verdict {
    let column = match target {
        Target::Logout => 0,
        Target::NotReady => 1,
        Target::Ready => 2,
    };
    TABLE
        .iter()
        .find(|row| row.from == from)
        .and_then(|row| match by {
            By::Agent => row.agent.get(column),
            By::Force => row.force.get(column),
        })
        .copied()
        .unwrap_or(Verdict::Refuse(
            ControlFailure::INVALID_AGENT_WORKMODE,
            PeripheralError::TELDRIVE_BADSTATETRANSITION,
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The states of the reference's tables.
    const STATES: [AgentState; 8] = [
        AgentState::LOGOUT,
        AgentState::NOT_READY,
        AgentState::AVAILABLE,
        AgentState::TALKING,
        AgentState::HOLD,
        AgentState::RESERVED,
        AgentState::WORK_NOT_READY,
        AgentState::WORK_READY,
    ];

    fn error_of(verdict: Verdict) -> Option<(u16, u32)> {
        match verdict {
            Verdict::Refuse(failure, error) => Some((failure.0, error.0)),
            _ => None,
        }
    }

    #[test]
    fn every_state_has_one_row() {
        assert_eq!(TABLE.len(), STATES.len());
        for state in STATES {
            assert_eq!(TABLE.iter().filter(|row| row.from == state).count(), 1);
        }
    }

    #[test]
    fn an_agent_signs_out_from_not_ready_only() {
        for state in STATES {
            let verdict = verdict(state, Target::Logout, By::Agent);
            match state {
                AgentState::NOT_READY => assert_eq!(verdict, Verdict::Go),
                AgentState::LOGOUT => assert_eq!(error_of(verdict), Some((265, 10101))),
                _ => assert_eq!(error_of(verdict), Some((265, 10112)), "{state}"),
            }
        }
    }

    #[test]
    fn a_supervisor_signs_out_anyone_but_waits_for_the_call() {
        for state in STATES {
            let verdict = verdict(state, Target::Logout, By::Force);
            match state {
                AgentState::LOGOUT => assert_eq!(error_of(verdict), Some((265, 10101))),
                AgentState::TALKING | AgentState::HOLD => assert_eq!(verdict, Verdict::Pend),
                _ => assert_eq!(verdict, Verdict::Go, "{state}"),
            }
        }
    }

    #[test]
    fn ready_and_not_ready_need_a_sign_in() {
        for target in [Target::NotReady, Target::Ready] {
            for by in [By::Agent, By::Force] {
                let verdict = verdict(AgentState::LOGOUT, target, by);
                assert_eq!(error_of(verdict), Some((257, 0)));
            }
        }
    }

    #[test]
    fn ready_and_not_ready_by_state() {
        for by in [By::Agent, By::Force] {
            for state in [
                AgentState::WORK_NOT_READY,
                AgentState::WORK_READY,
                AgentState::NOT_READY,
            ] {
                assert_eq!(verdict(state, Target::NotReady, by), Verdict::Go);
                assert_eq!(verdict(state, Target::Ready, by), Verdict::Go);
            }
            for state in [AgentState::TALKING, AgentState::HOLD] {
                assert_eq!(verdict(state, Target::NotReady, by), Verdict::Pend);
                assert_eq!(verdict(state, Target::Ready, by), Verdict::Pend);
            }
            assert_eq!(
                verdict(AgentState::AVAILABLE, Target::NotReady, by),
                Verdict::Go
            );
            assert_eq!(
                verdict(AgentState::AVAILABLE, Target::Ready, by),
                Verdict::Keep
            );
            let reserved = |target| error_of(verdict(AgentState::RESERVED, target, by));
            assert_eq!(reserved(Target::Ready), Some((265, 10111)));
            assert_eq!(reserved(Target::NotReady), Some((265, 10104)));
        }
    }

    #[test]
    fn a_state_without_a_row_takes_nothing() {
        for target in Target::ALL {
            let verdict = verdict(AgentState::ACTIVE, target, By::Force);
            assert_eq!(error_of(verdict), Some((265, 10108)));
        }
    }

    #[test]
    fn only_three_states_can_be_asked_for() {
        let askable: Vec<_> = AgentState::ALL
            .iter()
            .filter(|s| Target::of(**s).is_some())
            .collect();
        assert_eq!(askable.len(), 3);
    }
}
