//! table: evidence to cause and fix, after logs.md section 3 (the rows that a login's own evidence can prove).

/// One row of the diagnosis table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The code of CONTROL_FAILURE_CONF.
    pub(crate) code: u32,
    /// Its wire name.
    pub(crate) name: &'static str,
    /// The cause; `{agent}` and `{extension}` are filled in.
    pub(crate) cause: &'static str,
    /// What to do.
    pub(crate) fix: &'static str,
}

const fn row(code: u32, name: &'static str, cause: &'static str, fix: &'static str) -> Row {
    Row {
        code,
        name,
        cause,
        fix,
    }
}

/// Refusals by the CTI server (rows 14 to 23).
pub(crate) const ROWS: [Row; 15] = [
    row(
        34,
        "CF_RESOURCE_OUT_OF_SERVICE",
        "the phone of extension {extension} is out of service",
        "register the phone and allow control of the device from CTI",
    ),
    row(
        256,
        "CF_INVALID_AGENT_ID_SPECIFIED",
        "agent {agent} is unknown on the peripheral",
        "configure the agent",
    ),
    row(
        257,
        "CF_INVALID_PASSWORD_SPECIFIED",
        "the CTI server refused the password of agent {agent}",
        "reset the agent's password",
    ),
    row(
        258,
        "CF_INVALID_AGENT_ID_OR_PASSWORD_SPECIFIED",
        "the CTI server refused the id or the password of agent {agent}",
        "reset the agent's password",
    ),
    row(
        259,
        "CF_SPECIFIED_AGENT_ALREADY_SIGNED_ON",
        "agent {agent} is already signed on elsewhere",
        "sign out there first",
    ),
    row(
        260,
        "CF_INVALID_LOGON_DEVICE_SPECIFIED",
        "extension {extension} is not a configured device",
        "configure the extension, one line that is not shared, on a device that the peripheral controls",
    ),
    row(
        283,
        "CF_SPECIFIED_EXTENSION_ALREADY_IN_USE",
        "another agent is signed in at extension {extension}",
        "free the extension, or sign in at another",
    ),
    row(
        287,
        "CF_DEVICE_RESTRICTED",
        "the device of extension {extension} is restricted for CTI",
        "remove the restriction",
    ),
    row(
        288,
        "CF_LINE_RESTRICTED",
        "the line {extension} is restricted for CTI",
        "remove the restriction",
    ),
    row(
        289,
        "CF_AGENT_ACCOUNT_LOCKED_OUT",
        "the account of agent {agent} is locked",
        "unlock the account",
    ),
    row(
        291,
        "CF_MAXIMUM_LINE_LIMIT_EXCEEDED",
        "the phone of {extension} has too many lines",
        "correct the phone's lines",
    ),
    row(
        292,
        "CF_SHARED_LINES_NOT_SUPPORTED",
        "line {extension} is shared",
        "give the agent a line that is not shared",
    ),
    row(
        293,
        "CF_EXTENSION_NOT_UNIQUE",
        "extension {extension} exists more than once",
        "correct the partitions",
    ),
    row(
        51,
        "CF_GENERIC_PERFORMANCE_MANAGEMENT",
        "the peripheral's agent limit is reached",
        "check licence and sizing",
    ),
    row(
        52,
        "CF_PERFORMANCE_LIMIT_EXCEEDED",
        "the peripheral's agent limit is reached",
        "check licence and sizing",
    ),
];

/// What failed and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    /// In plain words, with the code.
    pub(crate) cause: String,
    /// What to do.
    pub(crate) fix: String,
}

fn diagnosis(cause: impl Into<String>, fix: &str) -> Diagnosis {
    Diagnosis {
        cause: cause.into(),
        fix: fix.to_owned(),
    }
}

/// The CTI server refused. `name` is the code's name as the log has it, may be empty.
pub(crate) fn control_failure(code: u32, name: &str, agent: &str, extension: &str) -> Diagnosis {
    match ROWS.iter().find(|row| row.code == code) {
        Some(row) => {
            let cause = row
                .cause
                .replace("{agent}", agent)
                .replace("{extension}", extension);
            let name = if name.is_empty() { row.name } else { name };
            diagnosis(format!("{name} ({code}): {cause}"), row.fix)
        }
        None => diagnosis(
            format!(
                "{} ({code}): the CTI server refused agent {agent} at extension {extension}",
                if name.is_empty() {
                    "CONTROL_FAILURE_CONF"
                } else {
                    name
                }
            ),
            "look the code up in the CTI server's documentation",
        ),
    }
}

/// Row 1: wrong password or unknown user.
pub(crate) fn refused(agent: &str) -> Diagnosis {
    diagnosis(
        format!("wrong password or unknown user (401): {agent} could not be authenticated"),
        "check the id and its case, reset the password; five failures lock the account for 5 minutes",
    )
}

/// Rows 7 to 9: the CTI link is down.
pub(crate) fn out_of_service(why: &str) -> Diagnosis {
    let detail = if why.is_empty() {
        String::new()
    } else {
        format!(": {why}")
    };
    diagnosis(
        format!("the CTI server is not reachable, the service is OUT_OF_SERVICE (503){detail}"),
        "start the CTI server or repair the network to it; check the configured host and port of both sides",
    )
}

/// The REST API refused the sign-in.
pub(crate) fn request_refused(status: u16, text: &str) -> Diagnosis {
    let fix = match status {
        401 => "check the password; five failures lock the account for 5 minutes",
        403 => "sign in with the agent's own credentials",
        404 => "create the agent and associate it with the peripheral and a team",
        400 => "correct the request; the client sent what the API does not take",
        _ => "see the webservices log at the named line",
    };
    let detail = if text.is_empty() {
        String::new()
    } else {
        format!(": {text}")
    };
    diagnosis(
        format!("the sign-in was refused with status {status}{detail}"),
        fix,
    )
}

/// The CTI server said nothing.
pub(crate) fn no_answer() -> Diagnosis {
    diagnosis(
        "the CTI server did not answer SET_AGENT_STATE_REQ",
        "check the CTI server's log by InvokeID, its load and the link",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_code_and_filled_in() {
        for row in ROWS {
            let found = control_failure(row.code, "", "2001", "9999");
            assert!(
                found
                    .cause
                    .starts_with(&format!("{} ({}): ", row.name, row.code)),
                "{}",
                found.cause
            );
            assert!(!found.cause.contains('{') && found.fix == row.fix);
        }
        assert_eq!(
            control_failure(260, "", "2001", "9999").cause,
            "CF_INVALID_LOGON_DEVICE_SPECIFIED (260): extension 9999 is not a configured device"
        );
        assert!(
            control_failure(77, "CF_X", "1", "2")
                .cause
                .starts_with("CF_X (77)")
        );
    }
}
