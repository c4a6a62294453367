//! From evidence to cause and fix, after the diagnosis table of logs.md section 3, which [`table`] holds as data. Code
//! names are those of the CTI protocol.

mod rows;
pub mod table;

use tact_ged188::ControlFailure;

use crate::fact::ApiFailure;
use table::Row;

/// What failed and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The row of the table; `None` where no row speaks of it.
    pub row: Option<u8>,
    /// In plain words, with the code.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl Diagnosis {
    fn new(row: Option<&Row>, cause: impl Into<String>, fix: impl Into<String>) -> Diagnosis {
        Diagnosis {
            row: row.map(|row| row.number),
            cause: cause.into(),
            fix: fix.into(),
        }
    }
}

/// Fills in who and where.
pub fn fill(text: &str, agent: &str, extension: &str) -> String {
    let agent = if agent.is_empty() {
        "(not named)"
    } else {
        agent
    };
    let extension = if extension.is_empty() {
        "(not named)"
    } else {
        extension
    };
    text.replace("{agent}", agent)
        .replace("{extension}", extension)
}

/// Refusals by the REST API, by status, with the row that speaks of it.
const STATUSES: [(u16, u8, &str, &str); 6] = [
    (
        400,
        0,
        "the REST API did not understand the sign-in",
        "correct the request that the client sends",
    ),
    (
        401,
        1,
        "the password is wrong or the user unknown",
        "check the id and its case, reset the password; five failures lock the account for 5 minutes",
    ),
    (
        403,
        0,
        "the user may not sign this agent in",
        "sign in with the agent's own credentials",
    ),
    (
        404,
        5,
        "the agent is not in the CTI configuration of this peripheral",
        "create the agent, associate it with the peripheral and a team",
    ),
    (
        500,
        0,
        "the server failed",
        "read the webservices log at the evidence, check the databases",
    ),
    (
        503,
        7,
        "the server is out of service: it has no CTI server",
        "start the CTI server or repair the network to it; check host and port of both sides",
    ),
];

/// The CTI server refused with a code; `printed` is the name that the log gives it, may be empty; `peripheral` is the
/// peripheral's own code, 0 where there is none.
pub fn control_failure(
    code: u16,
    printed: &str,
    peripheral: u32,
    agent: &str,
    extension: &str,
) -> Diagnosis {
    let known = ControlFailure(code).name();
    // FAILURE_CONF has codes of its own, so the log's name decides whether the table speaks of this one.
    let row =
        table::of_code(code, peripheral).filter(|_| printed.is_empty() || known == Some(printed));
    let name = if printed.is_empty() {
        known.unwrap_or("CONTROL_FAILURE_CONF")
    } else {
        printed
    };
    let code = match peripheral {
        0 => format!("{code}"),
        own => format!("{code}, peripheral error {own}"),
    };
    match row {
        Some(row) => Diagnosis::new(
            Some(row),
            format!("{name} ({code}): {}", fill(row.cause, agent, extension)),
            fill(row.fix, agent, extension),
        ),
        None => Diagnosis::new(
            None,
            format!(
                "{name} ({code}): the CTI server refused agent {agent} at extension {extension}"
            ),
            "look the code up in the CTI server's documentation, read its log at the InvokeID of the evidence",
        ),
    }
}

/// The server told the client asynchronously that the sign-in failed, and the CTI message is not in the logs.
pub fn error_published(error: &ApiFailure, agent: &str, extension: &str) -> Diagnosis {
    let code = error.data.and_then(|data| u16::try_from(data).ok());
    let peripheral = error.peripheral.unwrap_or(0);
    if let Some(code) = code
        && table::of_code(code, peripheral).is_some()
    {
        return control_failure(code, "", peripheral, agent, extension);
    }
    let text = if error.text.is_empty() {
        "no reason given"
    } else {
        &error.text
    };
    // Some errors are known by their text only.
    let row = table::find(
        |evidence| matches!(evidence, table::Evidence::Text(phrase) if error.text.contains(phrase.anchor)),
    );
    match row {
        Some(row) => Diagnosis::new(
            Some(row),
            format!("{text}: {}", fill(row.cause, agent, extension)),
            row.fix,
        ),
        None => Diagnosis::new(
            None,
            format!("the sign-in failed after it was accepted: {text}"),
            "read the CTI server's log and the webservices log at the evidence",
        ),
    }
}

/// Rows 1 to 3: wrong password, unknown user, a locked account, or no database to ask. `failures` of this user in the
/// last five minutes; `alarm` when the authentication database was out of reach then.
pub fn channel_refused(agent: &str, failures: usize, alarm: Option<&str>) -> Diagnosis {
    if let Some(alarm) = alarm {
        let row = table::row(3);
        return Diagnosis::new(Some(row), format!("{} ({alarm})", row.cause), row.fix);
    }
    if failures > LOCKING_FAILURES {
        return Diagnosis::new(
            Some(table::row(2)),
            format!(
                "the account of {agent} is locked: {failures} refusals within 5 minutes, now also with the right password"
            ),
            table::row(2).fix,
        );
    }
    let row = table::row(1);
    Diagnosis::new(Some(row), fill(row.cause, agent, ""), row.fix)
}

/// Refusals within five minutes that lock an account.
pub(crate) const LOCKING_FAILURES: usize = 5;

/// Rows 7 to 9: the server is out of service; `why` is the alarm that tells it, may be empty.
pub fn out_of_service(why: &str) -> Diagnosis {
    let detail = if why.is_empty() {
        String::new()
    } else {
        format!(" ({why})")
    };
    let name = why.split(':').next().unwrap_or_default();
    let row = table::of_alarm(name).unwrap_or_else(|| table::row(7));
    let cause = if why.is_empty() {
        "the server is OUT_OF_SERVICE: a service that it depends on is down".to_owned()
    } else {
        format!("the server is OUT_OF_SERVICE: it has no CTI server{detail}")
    };
    Diagnosis::new(Some(row), cause, row.fix)
}

/// The REST API refused.
pub fn request_refused(status: u16, text: &str, alarm: Option<&str>) -> Diagnosis {
    let detail = if text.is_empty() {
        String::new()
    } else {
        format!(" ({text})")
    };
    if let Some(alarm) = alarm.filter(|_| matches!(status, 401 | 500)) {
        let row = table::row(3);
        return Diagnosis::new(
            Some(row),
            format!("answered {status}: {} ({alarm})", row.cause),
            row.fix,
        );
    }
    // The error says more than the status.
    let by_text = table::find(
        |evidence| matches!(evidence, table::Evidence::Text(phrase) if phrase.also.is_empty() && text.contains(phrase.anchor)),
    );
    if let Some(row) = by_text.filter(|row| matches!(row.number, 4 | 5)) {
        return Diagnosis::new(
            Some(row),
            format!("answered {status}: {}{detail}", row.cause),
            row.fix,
        );
    }
    let known = STATUSES.iter().find(|known| known.0 == status);
    let (row, cause, fix) = known.map_or(
        (
            0,
            "the REST API refused the request",
            "read the webservices log at the evidence",
        ),
        |known| (known.1, known.2, known.3),
    );
    let row = table::ROWS.iter().find(|known| known.number == row);
    Diagnosis::new(row, format!("answered {status}: {cause}{detail}"), fix)
}

/// Row 34: published, and the log of the desktop goes on for `ms` without it.
pub fn not_delivered(ms: i64) -> Diagnosis {
    let row = table::row(34);
    Diagnosis::new(Some(row), format!("{} ({ms} ms)", row.cause), row.fix)
}

/// Row 10: the desktop began to connect, its log goes on for `ms`, and it never had its channel.
pub fn never_connected(ms: i64) -> Diagnosis {
    let row = table::row(10);
    Diagnosis::new(
        Some(row),
        format!(
            "the desktop began to connect its event channel and never had it, in {ms} ms of its log"
        ),
        row.fix,
    )
}

/// The CTI server said nothing.
pub fn no_answer(link: Option<&str>) -> Diagnosis {
    match link {
        Some(why) => Diagnosis::new(
            Some(table::row(8)),
            format!("the link to the CTI server was lost before it answered ({why})"),
            "start the CTI server or repair the network to it, then sign in again",
        ),
        None => Diagnosis::new(
            None,
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
        let codes = table::ROWS
            .iter()
            .flat_map(|row| row.evidence)
            .filter_map(|evidence| match evidence {
                table::Evidence::Codes(codes) => Some(*codes),
                _ => None,
            });
        for code in codes.flatten() {
            let found = control_failure(*code, "", 0, "2001", "9999");
            let name = ControlFailure(*code).name().expect("a row has a name");
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
            control_failure(260, "CF_INVALID_LOGON_DEVICE_SPECIFIED", 0, "2001", "9999").cause,
            "CF_INVALID_LOGON_DEVICE_SPECIFIED (260): the CTI server knows no device for extension 9999"
        );
        assert!(
            control_failure(4_711, "", 0, "1", "2")
                .cause
                .starts_with("CONTROL_FAILURE_CONF (4711)")
        );
        // A code of FAILURE_CONF is another one than the table's of the same number.
        assert_eq!(
            control_failure(34, "E_CTI_INVALID_CALL_TYPE", 0, "1", "2").row,
            None
        );
        assert_eq!(control_failure(34, "", 0, "1", "2").row, Some(19));
        assert_eq!(control_failure(256, "", 12_005, "1", "2").row, Some(24));
    }

    #[test]
    fn every_status_names_itself() {
        for (status, _, cause, fix) in STATUSES {
            let found = request_refused(status, "X: y", None);
            assert_eq!(found.cause, format!("answered {status}: {cause} (X: y)"));
            assert_eq!(found.fix, fix);
        }
        assert!(
            request_refused(418, "", None)
                .cause
                .starts_with("answered 418")
        );
        let mismatch = request_refused(401, "Invalid Authorization User Specified", None);
        assert_eq!(mismatch.row, Some(4));
        assert_eq!(
            request_refused(401, "", Some("AWDB_NOT_ACCESSIBLE")).row,
            Some(3)
        );
        assert_eq!(
            request_refused(404, "", Some("AWDB_NOT_ACCESSIBLE")).row,
            Some(5)
        );
    }

    #[test]
    fn the_sixth_refusal_is_a_lock() {
        assert_eq!(channel_refused("2001", 5, None).row, Some(1));
        assert_eq!(channel_refused("2001", 6, None).row, Some(2));
        assert_eq!(
            channel_refused("2001", 6, Some("AWDB_CONNECTION_ERROR")).row,
            Some(3)
        );
        assert!(
            no_answer(Some("CTI_CONNECTION_LOST"))
                .cause
                .contains("CTI_CONNECTION_LOST")
        );
        assert_eq!(out_of_service("").row, Some(7));
        assert_eq!(out_of_service("CTI_OPEN_FAILURE: E").row, Some(9));
        let error = |text: &str, data| ApiFailure {
            text: text.into(),
            data,
            peripheral: None,
        };
        assert!(
            error_published(&error("", None), "1", "2")
                .cause
                .contains("no reason")
        );
        assert_eq!(
            error_published(&error("x", Some(283)), "1", "2").row,
            Some(18)
        );
        assert_eq!(
            error_published(&error("Mode Not Allowed", None), "1", "2").row,
            Some(37)
        );
    }
}
