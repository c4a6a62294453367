//! The diagnosis table (logs.md 3) as data: evidence, step, cause, fix and source, a row each.
//!
//! `{agent}`, `{extension}`, `{reason}`, `{line}` and `{ms}` are filled in.

use tact_logline::step::Step;

pub use super::rows::ROWS;

/// How much a row weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Logins fail of it.
    Fault,
    /// They may.
    Warning,
    /// It only explains.
    Context,
}

impl Severity {
    /// As JSON prints it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Fault => "fault",
            Severity::Warning => "warning",
            Severity::Context => "context",
        }
    }
}

/// What a text must say. Line ends and runs of blanks count as one blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// These bytes, on one line.
    pub anchor: &'static str,
    /// ... with all of these behind it, in the same record.
    pub also: &'static [&'static str],
    /// ... and none of these.
    pub not: &'static [&'static str],
    /// ... and all of these anywhere in the same file.
    pub in_file: &'static [&'static str],
}

/// What only a look at several records proves; the code that finds it stands in `finding` and `correlate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// The realm or the channel refused a user.
    Refused,
    /// ... more than five times in five minutes.
    Locked,
    /// A page load without a SystemInfo behind it.
    PageOnly,
    /// SystemInfo says so, or the API answers 503.
    OutOfService,
    /// A desktop that never got its channel.
    NeverConnected,
    /// One retry before the channel stood.
    FirstRetry,
    /// Many losses of the channel.
    Flapping,
    /// Event and publication far apart.
    LatePublish,
    /// The API quick, the web server slow.
    SlowWeb,
    /// Published, and not in the log of the desktop.
    NotDelivered,
    /// The web server started anew.
    Restarted,
}

/// One kind of evidence of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Codes of CONTROL_FAILURE_CONF, or of the error that a client gets.
    Codes(&'static [u16]),
    /// Error codes of the peripheral.
    Peripheral(&'static [u32]),
    /// `ErrorData` of an answer of the REST API.
    Data(&'static [u32]),
    /// Mnemonics of the webservices log.
    Alarms(&'static [&'static str]),
    /// EventReasonCodes of AGENT_STATE_EVENT.
    Reasons(&'static [u16]),
    /// A text in any other log.
    Text(Phrase),
    /// Several records together.
    Shape(Shape),
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// As in the reference.
    pub number: u8,
    /// How much it weighs.
    pub severity: Severity,
    /// The step that it touches.
    pub step: Option<Step>,
    /// What proves it; one is enough.
    pub evidence: &'static [Evidence],
    /// In plain words.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where it is known from: a document, a bug, an article's number.
    pub source: &'static str,
}

/// What stands for an error that no row speaks of.
pub static UNKNOWN: Row = Row {
    number: 0,
    severity: Severity::Context,
    step: None,
    evidence: &[],
    cause: "an error that the table does not know",
    fix: "read the line, and what stands around it",
    source: "",
};

/// The row with this number.
pub fn row(number: u8) -> &'static Row {
    ROWS.iter()
        .find(|row| row.number == number)
        .unwrap_or(&ROWS[0])
}

/// The row that this evidence proves.
pub fn find(wanted: impl Fn(&Evidence) -> bool) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.evidence.iter().any(&wanted))
}

/// The row of a code of CONTROL_FAILURE_CONF; the peripheral's own code says more where there is one.
pub fn of_code(code: u16, peripheral: u32) -> Option<&'static Row> {
    let by_peripheral = find(
        |evidence| matches!(evidence, Evidence::Peripheral(codes) if codes.contains(&peripheral)),
    );
    by_peripheral.or_else(|| {
        find(|evidence| matches!(evidence, Evidence::Codes(codes) if codes.contains(&code)))
    })
}

/// The row of an EventReasonCode.
pub fn of_reason(code: u16) -> Option<&'static Row> {
    find(|evidence| matches!(evidence, Evidence::Reasons(codes) if codes.contains(&code)))
}

/// The row of an alarm.
pub fn of_alarm(name: &str) -> Option<&'static Row> {
    find(|evidence| matches!(evidence, Evidence::Alarms(names) if names.contains(&name)))
}

/// The row of the `ErrorData` of a REST answer.
pub fn of_data(data: u32) -> Option<&'static Row> {
    find(|evidence| matches!(evidence, Evidence::Data(known) if known.contains(&data)))
}

/// What EventReasonCodes mean (row 39).
pub const REASONS: [(u16, &str); 18] = [
    (65_535, "the peripheral restarted (-1)"),
    (65_534, "the peripheral gateway reset the agent (-2)"),
    (65_533, "an administrator changed the extension (-3)"),
    (255, "the connection failed (255)"),
    (20_003, "signed out by force (20003)"),
    (32_740, "signed in again elsewhere (32740)"),
    (32_741, "another agent took the extension (32741)"),
    (32_753, "the line is restricted (32753)"),
    (32_754, "the device is restricted (32754)"),
    (32_759, "the phone is down (32759)"),
    (32_767, "signed in again elsewhere (32767)"),
    (
        50_002,
        "a CTI component failed or the desktop was closed (50002)",
    ),
    (
        50_003,
        "the device is out of service on the call manager (50003)",
    ),
    (50_004, "signed out for inactivity (50004)"),
    (50_020, "skill groups changed while signed in (50020)"),
    (50_030, "two devices clash over one target (50030)"),
    (50_040, "the call to a mobile agent failed (50040)"),
    (50_042, "the nailed line of a mobile agent dropped (50042)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_those_of_the_reference_in_its_order() {
        for (row, number) in ROWS.iter().zip(1..) {
            assert_eq!(row.number, number);
            assert!(!row.evidence.is_empty() && !row.cause.is_empty() && !row.fix.is_empty());
        }
    }

    #[test]
    fn no_code_stands_in_two_rows() {
        let mut seen = std::collections::BTreeSet::new();
        for evidence in ROWS.iter().flat_map(|row| row.evidence) {
            match evidence {
                Evidence::Codes(codes) | Evidence::Reasons(codes) => {
                    let kind = matches!(evidence, Evidence::Codes(_));
                    assert!(
                        codes
                            .iter()
                            .all(|code| seen.insert((kind, u32::from(*code))))
                    );
                }
                Evidence::Peripheral(codes) => {
                    assert!(codes.iter().all(|code| seen.insert((true, *code))));
                }
                _ => {}
            }
        }
    }
}
