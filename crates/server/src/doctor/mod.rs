//! Checks what a server needs before it starts, or while it runs: each finding with what to do about it.
//! Changes nothing but a probe file in the data folder, which it removes.
//!
//! - `ports`: free, or held by whom
//! - `machine`: data folder, clock, file limit
//! - `certificate`: there, and until when
//! - `database`: opens, and how far its schema is
//! - `cti`: the CTI server answers OPEN_REQ

mod certificate;
mod cti;
mod database;
mod machine;
mod ports;

use crate::clock;
use crate::settings::Settings;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing to do.
    Ok,
    /// It works, but not as it should.
    Warn,
    /// The server cannot work so.
    Fail,
}

impl Verdict {
    /// `ok`, `warn` or `fail`.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked, such as `port https.port` or `clock`.
    pub name: String,
    /// How it ended.
    pub verdict: Verdict,
    /// What was found, one line.
    pub detail: String,
    /// What to do about it; empty when there is nothing to do.
    pub fix: String,
}

impl Check {
    fn ok(name: impl Into<String>, detail: impl Into<String>) -> Check {
        Check {
            name: name.into(),
            verdict: Verdict::Ok,
            detail: detail.into(),
            fix: String::new(),
        }
    }

    fn warn(name: impl Into<String>, detail: impl Into<String>, fix: impl Into<String>) -> Check {
        Check {
            verdict: Verdict::Warn,
            fix: fix.into(),
            ..Check::ok(name, detail)
        }
    }

    fn fail(name: impl Into<String>, detail: impl Into<String>, fix: impl Into<String>) -> Check {
        Check {
            verdict: Verdict::Fail,
            fix: fix.into(),
            ..Check::ok(name, detail)
        }
    }
}

/// Runs every check, in a fixed order.
pub async fn run(settings: &Settings) -> Vec<Check> {
    let mut checks = ports::check(settings);
    checks.push(machine::data_folder(&settings.data));
    checks.push(machine::clock(clock::now_ms()));
    checks.push(machine::file_limit());
    checks.push(certificate::check(&settings.data, clock::now_ms()));
    checks.push(database::check(settings).await);
    checks.extend(cti::check(settings).await);
    checks
}

/// The worst verdict; [`Verdict::Ok`] of none.
pub fn worst(checks: &[Check]) -> Verdict {
    checks
        .iter()
        .map(|check| check.verdict)
        .max()
        .unwrap_or(Verdict::Ok)
}
