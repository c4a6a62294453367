//! The body of `PUT User/{id}` as what the desk is asked: sign in, sign out, READY, NOT_READY, wrap-up.
//!
//! Judges what needs the configuration (reason codes) and what a client must send (finesse-api.md 1.5, 2.3, 3.4).
//! Whether the extension exists, and whether the state may follow the present one, is the CTI server's to say.

use std::fmt::Write as _;

use tact_api::UserPut;
use tact_desk::{Action, Mobile, MobileMode};
use tact_ged188::AgentState;

use super::access::Role;
use super::answer::Refusal;
use super::refusal;
use crate::store::{Configuration, ReasonCategory};

/// The reason of a change that a supervisor makes.
pub const SUPERVISOR_REASON: u16 = 999;

/// `request_parameters` of the log: ` extension:2003 state:LOGIN`.
pub fn parameters(put: &UserPut) -> String {
    let mode = put.mobile_agent.as_ref().map(|mobile| mobile.mode.as_str());
    let mut text = String::new();
    for (name, value) in [
        ("extension", put.extension.as_deref()),
        ("mode", mode),
        ("reasonCodeId", put.reason_code_id.as_deref()),
        ("state", put.state.as_deref()),
    ] {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = write!(text, " {name}:{value}");
        }
    }
    text
}

/// What the desk is asked for an agent of `team`.
///
/// # Errors
/// Something is missing, has no meaning, or is not this role's to ask.
pub fn action(
    put: &UserPut,
    role: Role,
    team: u32,
    configuration: &Configuration,
) -> Result<Action, Refusal> {
    let Some(state) = put.state.as_deref() else {
        return Err(refusal::missing("State", "state"));
    };
    let is_supervisor = role == Role::Supervisor;
    match state {
        "LOGIN" if is_supervisor => Err(refusal::invalid_state()),
        "LOGIN" => sign_in(put),
        "LOGOUT" if is_supervisor => Ok(Action::SignOut {
            reason: Some(SUPERVISOR_REASON),
        }),
        "LOGOUT" => Ok(Action::SignOut {
            reason: reason(put, ReasonCategory::Logout, team, configuration)?,
        }),
        "NOT_READY" if is_supervisor && put.reason_code_id.is_some() => Err(unwanted_reason()),
        "NOT_READY" if is_supervisor => Ok(Action::SetState {
            state: AgentState::NOT_READY,
            reason: Some(SUPERVISOR_REASON),
        }),
        "NOT_READY" => Ok(Action::SetState {
            state: AgentState::NOT_READY,
            reason: reason(put, ReasonCategory::NotReady, team, configuration)?,
        }),
        "READY" if put.reason_code_id.is_some() => Err(unwanted_reason()),
        "READY" => Ok(Action::SetState {
            state: AgentState::AVAILABLE,
            reason: None,
        }),
        // Wrap-up where it is optional: the agent asks for it during the call. Whether it is, the CTI server knows.
        "WORK" | "WORK_READY" if is_supervisor => Err(refusal::invalid_state()),
        "WORK" | "WORK_READY" if put.reason_code_id.is_some() => Err(unwanted_reason()),
        "WORK" => Ok(Action::SetState {
            state: AgentState::WORK_NOT_READY,
            reason: None,
        }),
        "WORK_READY" => Ok(Action::SetState {
            state: AgentState::WORK_READY,
            reason: None,
        }),
        state if STATES.contains(&state) => Err(refusal::invalid_state()),
        _ => Err(refusal::invalid_input(
            "Invalid State specified for user",
            "state",
        )),
    }
}

/// States that exist and that nobody can ask for.
const STATES: [&str; 6] = [
    "RESERVED",
    "RESERVED_OUTBOUND",
    "RESERVED_OUTBOUND_PREVIEW",
    "TALKING",
    "HOLD",
    "UNKNOWN",
];

fn sign_in(put: &UserPut) -> Result<Action, Refusal> {
    let Some(extension) = put.extension.clone() else {
        return Err(refusal::missing("Extension", "extension"));
    };
    let mobile = match &put.mobile_agent {
        None => None,
        Some(mobile) if mobile.mode.is_empty() => return Err(refusal::missing("Mode", "mode")),
        Some(mobile) if mobile.dial_number.is_empty() => {
            return Err(refusal::missing("DialNumber", "dialNumber"));
        }
        Some(mobile) => Some(Mobile {
            mode: mobile_mode(&mobile.mode)?,
            dial_number: mobile.dial_number.clone(),
        }),
    };
    Ok(Action::SignIn { extension, mobile })
}

fn mobile_mode(mode: &str) -> Result<MobileMode, Refusal> {
    match mode {
        "CALL_BY_CALL" => Ok(MobileMode::CallByCall),
        "NAILED_CONNECTION" => Ok(MobileMode::NailedConnection),
        _ => Err(refusal::invalid_input(
            "Invalid Mode specified for user",
            "mode",
        )),
    }
}

fn unwanted_reason() -> Refusal {
    refusal::invalid_input("reasonCodeId is not possible here", "reasonCodeId")
}

/// The code on the CTI wire of the reason that the agent chose; one is needed where any could be chosen.
fn reason(
    put: &UserPut,
    category: ReasonCategory,
    team: u32,
    configuration: &Configuration,
) -> Result<Option<u16>, Refusal> {
    let mut choices = configuration.reason_codes_for(team, category).peekable();
    match &put.reason_code_id {
        None if choices.peek().is_none() => Ok(None),
        None => Err(refusal::missing("ReasonCodeId", "reasonCodeId")),
        Some(id) => {
            let chosen = choices.find(|code| code.id.to_string() == *id);
            let chosen = chosen.ok_or_else(|| {
                refusal::invalid_input("Invalid reasonCodeId specified for user", "reasonCodeId")
            })?;
            Ok(Some(chosen.code))
        }
    }
}

#[cfg(test)]
mod tests {
    use tact_api::MobileAgent;

    use super::*;
    use crate::store::ReasonCode;

    const TEAM: u32 = 5000;

    fn configuration() -> Configuration {
        let code = |id, category, code, teams: Option<u32>, system_code: bool| ReasonCode {
            id,
            category,
            code,
            label: format!("code {code}"),
            for_all: teams.is_none() && !system_code,
            system_code,
            teams: teams.into_iter().collect(),
        };
        let codes = [
            code(16, ReasonCategory::NotReady, 10, None, false),
            code(17, ReasonCategory::NotReady, 11, Some(TEAM + 1), false),
            code(18, ReasonCategory::NotReady, 999, None, true),
            code(20, ReasonCategory::Logout, 1, Some(TEAM), false),
        ];
        Configuration {
            reason_codes: codes.into_iter().map(|code| (code.id, code)).collect(),
            ..Configuration::default()
        }
    }

    fn put(state: &str, reason: &str) -> UserPut {
        UserPut {
            state: Some(state.to_owned()),
            reason_code_id: Some(reason.to_owned()).filter(|id| !id.is_empty()),
            ..UserPut::default()
        }
    }

    fn check(put: &UserPut, role: Role) -> Result<Action, (u16, String, String)> {
        action(put, role, TEAM, &configuration()).map_err(|refusal| {
            let error = refusal.errors.errors[0].clone();
            (refusal.status.as_u16(), error.error_type, error.data)
        })
    }

    fn refused(kind: &str, data: &str) -> Result<Action, (u16, String, String)> {
        Err((400, kind.to_owned(), data.to_owned()))
    }

    #[test]
    fn signing_in() {
        let mut body = put("LOGIN", "");
        assert_eq!(
            check(&body, Role::Own),
            refused("Parameter Missing", "extension")
        );
        body.extension = Some("2003".to_owned());
        let expected = Action::SignIn {
            extension: "2003".to_owned(),
            mobile: None,
        };
        assert_eq!(check(&body, Role::Own), Ok(expected));
        assert_eq!(
            check(&body, Role::Supervisor),
            refused("Invalid State", "state")
        );
    }

    #[test]
    fn signing_in_as_a_mobile_agent() {
        let mut body = put("LOGIN", "");
        body.extension = Some("2003".to_owned());
        for (mode, number, expected) in [
            ("", "1", refused("Parameter Missing", "mode")),
            (
                "CALL_BY_CALL",
                "",
                refused("Parameter Missing", "dialNumber"),
            ),
            ("SOMETIMES", "1", refused("Invalid Input", "mode")),
        ] {
            body.mobile_agent = Some(MobileAgent {
                mode: mode.to_owned(),
                dial_number: number.to_owned(),
            });
            assert_eq!(check(&body, Role::Own), expected);
        }
        body.mobile_agent = Some(MobileAgent {
            mode: "NAILED_CONNECTION".to_owned(),
            dial_number: "4085551234".to_owned(),
        });
        let Ok(Action::SignIn { mobile, .. }) = check(&body, Role::Own) else {
            panic!("a sign-in");
        };
        assert_eq!(mobile.unwrap().mode, MobileMode::NailedConnection);
    }

    #[test]
    fn a_reason_is_needed_where_one_can_be_chosen() {
        let missing = refused("Parameter Missing", "reasonCodeId");
        assert_eq!(check(&put("NOT_READY", ""), Role::Own), missing);
        assert_eq!(check(&put("LOGOUT", ""), Role::Own), missing);
        let none = action(&put("LOGOUT", ""), Role::Own, TEAM + 1, &configuration());
        assert_eq!(none.unwrap(), Action::SignOut { reason: None });
    }

    #[test]
    fn a_reason_is_named_by_its_database_id() {
        let not_ready = Action::SetState {
            state: AgentState::NOT_READY,
            reason: Some(10),
        };
        assert_eq!(check(&put("NOT_READY", "16"), Role::Own), Ok(not_ready));
        let sign_out = Action::SignOut { reason: Some(1) };
        assert_eq!(check(&put("LOGOUT", "20"), Role::Own), Ok(sign_out));
        // The code itself, another team's, a system code, the other category, no number.
        for id in ["10", "17", "18", "20", "-1", "x", "16 16"] {
            let wrong = refused("Invalid Input", "reasonCodeId");
            assert_eq!(check(&put("NOT_READY", id), Role::Own), wrong, "{id}");
        }
    }

    #[test]
    fn ready_takes_no_reason() {
        let ready = Action::SetState {
            state: AgentState::AVAILABLE,
            reason: None,
        };
        assert_eq!(check(&put("READY", ""), Role::Own), Ok(ready));
        let wrong = refused("Invalid Input", "reasonCodeId");
        assert_eq!(check(&put("READY", "16"), Role::Own), wrong);
    }

    #[test]
    fn states_that_cannot_be_asked_for() {
        let none = UserPut::default();
        assert_eq!(
            check(&none, Role::Own),
            refused("Parameter Missing", "state")
        );
        let talking = check(&put("TALKING", ""), Role::Own);
        assert_eq!(talking, refused("Invalid State", "state"));
        for state in ["ready", "AVAILABLE", "LOGGED_OUT", "x"] {
            let unknown = check(&put(state, ""), Role::Own);
            assert_eq!(unknown, refused("Invalid Input", "state"), "{state}");
        }
    }

    #[test]
    fn wrap_up_is_the_agents_own_to_ask_for() {
        for (word, state) in [
            ("WORK", AgentState::WORK_NOT_READY),
            ("WORK_READY", AgentState::WORK_READY),
        ] {
            let asked = Action::SetState {
                state,
                reason: None,
            };
            assert_eq!(check(&put(word, ""), Role::Own), Ok(asked));
            let wrong = refused("Invalid Input", "reasonCodeId");
            assert_eq!(check(&put(word, "16"), Role::Own), wrong);
            let forced = check(&put(word, ""), Role::Supervisor);
            assert_eq!(forced, refused("Invalid State", "state"));
        }
    }

    #[test]
    fn a_supervisor_needs_no_reason_and_gives_none() {
        let not_ready = Action::SetState {
            state: AgentState::NOT_READY,
            reason: Some(SUPERVISOR_REASON),
        };
        assert_eq!(
            check(&put("NOT_READY", ""), Role::Supervisor),
            Ok(not_ready)
        );
        let wrong = refused("Invalid Input", "reasonCodeId");
        assert_eq!(check(&put("NOT_READY", "16"), Role::Supervisor), wrong);
        let sign_out = Action::SignOut {
            reason: Some(SUPERVISOR_REASON),
        };
        assert_eq!(check(&put("LOGOUT", ""), Role::Supervisor), Ok(sign_out));
    }

    #[test]
    fn what_the_log_says() {
        let body = UserPut {
            state: Some("LOGIN".to_owned()),
            extension: Some("2003".to_owned()),
            ..UserPut::default()
        };
        assert_eq!(parameters(&body), " extension:2003 state:LOGIN");
        assert_eq!(
            parameters(&put("NOT_READY", "16")),
            " reasonCodeId:16 state:NOT_READY"
        );
    }
}
