//! table: evidence to cause and fix, after the diagnosis table of logs.md section 3 (the rows that a login's own
//! evidence can prove). Code names are those of the CTI protocol.

use tact_ged188::ControlFailure;

/// What failed and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// In plain words, with the code.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl Diagnosis {
    fn new(cause: impl Into<String>, fix: impl Into<String>) -> Diagnosis {
        Diagnosis {
            cause: cause.into(),
            fix: fix.into(),
        }
    }
}

/// A refusal by the CTI server: the code, the cause with `{agent}` and `{extension}`, and the fix.
type Row = (u16, &'static str, &'static str);

/// Rows 14 to 23.
const REFUSALS: [Row; 15] = [
    (
        34,
        "the phone of extension {extension} is out of service",
        "register the phone and allow control of the device from CTI",
    ),
    (
        51,
        "the peripheral's agent limit is reached",
        "check licence and sizing of the peripheral gateway",
    ),
    (
        52,
        "the peripheral's agent limit is reached",
        "check licence and sizing of the peripheral gateway",
    ),
    (
        256,
        "the CTI server knows no agent {agent}",
        "configure the agent on this peripheral",
    ),
    (
        257,
        "the CTI server refused the password of agent {agent}",
        "reset the agent's password in the configuration or the directory",
    ),
    (
        258,
        "the CTI server refused the id or the password of agent {agent}",
        "check the id, reset the agent's password",
    ),
    (
        259,
        "agent {agent} is already signed on elsewhere",
        "sign out there first",
    ),
    (
        260,
        "the CTI server knows no device for extension {extension}",
        "use a configured extension: one line that is not shared, on a device that the peripheral controls",
    ),
    (
        283,
        "another agent is signed in at extension {extension}",
        "free the extension, or sign in at another one",
    ),
    (
        287,
        "the device of extension {extension} is restricted for CTI",
        "remove the restriction on the call manager",
    ),
    (
        288,
        "the line {extension} is restricted for CTI",
        "remove the restriction on the call manager",
    ),
    (
        289,
        "the account of agent {agent} is locked",
        "unlock the account",
    ),
    (
        291,
        "the phone of extension {extension} has more lines than allowed",
        "correct the phone's lines",
    ),
    (
        292,
        "line {extension} is shared, which is not supported",
        "give the agent a line that is not shared",
    ),
    (
        293,
        "extension {extension} exists more than once",
        "correct the partitions, so that the extension is unique",
    ),
];

/// Refusals by the REST API, by status.
const STATUSES: [(u16, &str, &str); 6] = [
    (
        400,
        "the REST API did not understand the sign-in",
        "correct the request that the client sends",
    ),
    (
        401,
        "the password is wrong or the user unknown",
        "check the id and its case, reset the password; five failures lock the account for 5 minutes",
    ),
    (
        403,
        "the user may not sign this agent in",
        "sign in with the agent's own credentials",
    ),
    (
        404,
        "the agent is not in the CTI configuration of this peripheral",
        "create the agent, associate it with the peripheral and a team",
    ),
    (
        500,
        "the server failed",
        "read the webservices log at the evidence, check the databases",
    ),
    (
        503,
        "the server is out of service: it has no CTI server",
        "start the CTI server or repair the network to it; check host and port of both sides",
    ),
];

/// The CTI server refused with a code; `printed` is the name that the log gives it, may be empty.
pub fn control_failure(code: u16, printed: &str, agent: &str, extension: &str) -> Diagnosis {
    let known = ControlFailure(code).name();
    // FAILURE_CONF has codes of its own, so the log's name decides whether the table speaks of this one.
    let row = REFUSALS
        .iter()
        .find(|row| row.0 == code && (printed.is_empty() || known == Some(printed)));
    let name = if printed.is_empty() {
        known.unwrap_or("CONTROL_FAILURE_CONF")
    } else {
        printed
    };
    let fill = |text: &str| {
        text.replace("{agent}", agent)
            .replace("{extension}", extension)
    };
    match row {
        Some((_, cause, fix)) => {
            Diagnosis::new(format!("{name} ({code}): {}", fill(cause)), fill(fix))
        }
        None => Diagnosis::new(
            format!(
                "{name} ({code}): the CTI server refused agent {agent} at extension {extension}"
            ),
            "look the code up in the CTI server's documentation, read its log at the InvokeID of the evidence",
        ),
    }
}

/// The server told the client asynchronously that the sign-in failed, and the CTI message is not in the logs.
pub fn error_published(text: &str) -> Diagnosis {
    let text = if text.is_empty() {
        "no reason given"
    } else {
        text
    };
    Diagnosis::new(
        format!("the sign-in failed after it was accepted: {text}"),
        "read the CTI server's log and the webservices log at the evidence",
    )
}

/// Rows 1 and 2: wrong password, unknown user, or a locked account. `failures` of this user in the last five minutes.
pub fn channel_refused(agent: &str, failures: usize) -> Diagnosis {
    if failures > LOCKING_FAILURES {
        return Diagnosis::new(
            format!(
                "the account of {agent} is locked: {failures} refusals within 5 minutes, now also with the right password"
            ),
            "wait 5 minutes or unlock the account; then use the right password",
        );
    }
    Diagnosis::new(
        format!("the password of {agent} is wrong, or the user unknown"),
        "check the id and its case, reset the password; five failures lock the account for 5 minutes",
    )
}

/// Refusals within five minutes that lock an account.
pub(crate) const LOCKING_FAILURES: usize = 5;

/// Rows 7 to 9: the server is out of service.
pub fn out_of_service(why: &str) -> Diagnosis {
    let detail = if why.is_empty() {
        String::new()
    } else {
        format!(" ({why})")
    };
    Diagnosis::new(
        format!("the server is OUT_OF_SERVICE: it has no CTI server{detail}"),
        "start the CTI server or repair the network to it; check host and port of both sides",
    )
}

/// The REST API refused.
pub fn request_refused(status: u16, text: &str) -> Diagnosis {
    let row = STATUSES.iter().find(|row| row.0 == status);
    let (cause, fix) = row.map_or(
        (
            "the REST API refused the request",
            "read the webservices log at the evidence",
        ),
        |row| (row.1, row.2),
    );
    let detail = if text.is_empty() {
        String::new()
    } else {
        format!(" ({text})")
    };
    Diagnosis::new(format!("answered {status}: {cause}{detail}"), fix)
}

/// The CTI server said nothing.
pub fn no_answer(link: Option<&str>) -> Diagnosis {
    match link {
        Some(why) => Diagnosis::new(
            format!("the link to the CTI server was lost before it answered ({why})"),
            "start the CTI server or repair the network to it, then sign in again",
        ),
        None => Diagnosis::new(
            "the CTI server did not answer SET_AGENT_STATE_REQ",
            "look in the CTI server's log for the InvokeID; check its load and the link",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_name_and_is_filled_in() {
        for (code, ..) in REFUSALS {
            let found = control_failure(code, "", "2001", "9999");
            let name = ControlFailure(code).name().expect("a row has a name");
            assert!(
                found.cause.starts_with(&format!("{name} ({code}): ")),
                "{}",
                found.cause
            );
            assert!(
                !found.cause.contains('{') && !found.fix.contains('{') && !found.fix.is_empty()
            );
        }
        assert_eq!(
            control_failure(260, "CF_INVALID_LOGON_DEVICE_SPECIFIED", "2001", "9999").cause,
            "CF_INVALID_LOGON_DEVICE_SPECIFIED (260): the CTI server knows no device for extension 9999"
        );
        assert!(
            control_failure(4_711, "", "1", "2")
                .cause
                .starts_with("CONTROL_FAILURE_CONF (4711)")
        );
    }

    #[test]
    fn every_status_names_itself() {
        for (status, cause, fix) in STATUSES {
            let found = request_refused(status, "X: y");
            assert_eq!(found.cause, format!("answered {status}: {cause} (X: y)"));
            assert_eq!(found.fix, fix);
        }
        assert!(request_refused(418, "").cause.starts_with("answered 418"));
    }

    #[test]
    fn the_sixth_refusal_is_a_lock() {
        assert!(channel_refused("2001", 5).cause.contains("wrong"));
        assert!(channel_refused("2001", 6).cause.contains("locked"));
        assert!(
            no_answer(Some("CTI_CONNECTION_LOST"))
                .cause
                .contains("CTI_CONNECTION_LOST")
        );
        assert!(out_of_service("").cause.contains("OUT_OF_SERVICE"));
        assert!(error_published("").cause.contains("no reason"));
    }
}
