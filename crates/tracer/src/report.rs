//! The result as JSON, exactly as DESIGN.md "trace" says.

use serde::Serialize;
use tact_logline::format::Format;
use tact_logline::step::Step;
use tact_logline::time;

use crate::correlate;
use crate::fact::{Facts, Place};
use crate::input::Source;
use crate::login::{Login, Verdict};
use crate::read;

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In the order in which they happened.
    pub logins: Vec<LoginReport>,
    /// Each clock minus the server's.
    pub clocks: Vec<ClockReport>,
    /// What no parser knows.
    pub unparsed: Unparsed,
    /// Logs that were not given; for the text only.
    #[serde(skip)]
    pub missing: Vec<&'static str>,
}

/// One login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoginReport {
    /// The id that was tried; `None` where no log tells it.
    pub agent: Option<String>,
    /// The extension that was asked for.
    pub extension: Option<String>,
    /// `ok`, `failed` or `incomplete`.
    pub verdict: &'static str,
    /// The first step that did not succeed.
    pub broken_at: Option<&'static str>,
    /// In plain words, with the code.
    pub cause: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// From the first step's begin to the last one's end, milliseconds.
    pub total_ms: Option<i64>,
    /// Those found, in table order.
    pub steps: Vec<StepReport>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// Its id.
    pub step: &'static str,
    /// RFC 3339 in UTC with milliseconds.
    pub at: String,
    /// How long it took, where known.
    pub ms: Option<i64>,
    /// `exact`, `strong` or `time`.
    pub confidence: &'static str,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
    /// For the text's deltas.
    #[serde(skip)]
    pub at_ms: i64,
    /// `at` is of a log with whole seconds; for the text.
    #[serde(skip)]
    pub is_coarse: bool,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The file as given.
    pub file: String,
    /// From 1.
    pub line: u64,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockReport {
    /// The server's host or the client's address.
    pub host: String,
    /// At least.
    pub min_ms: i64,
    /// At most.
    pub max_ms: i64,
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unparsed {
    /// How many records.
    pub lines: u64,
    /// `file:line` of the first.
    pub first: Option<String>,
}

/// Finds every login in the sources; `agent` keeps only those of one.
pub fn trace(sources: &[Source], agent: Option<&str>) -> Report {
    let facts = read::read(sources);
    let name = |place: Place| {
        sources
            .get(place.source)
            .map_or_else(String::new, |source| source.name.clone())
    };
    let place = |place: &Place| Evidence {
        file: name(*place),
        line: place.line,
    };
    let name_of_log = |log: usize| {
        let line = facts.clients.get(log).and_then(|log| log.lines.first());
        line.map_or_else(String::new, |line| name(line.place))
    };
    let found = correlate::logins(&facts, name_of_log);
    let logins = found
        .logins
        .iter()
        .filter(|login| agent.is_none_or(|id| login.agent.as_deref() == Some(id)))
        .map(|login| report(login, place))
        .collect();
    // The server's clock is the one that all others are held against.
    let servers = facts.hosts.iter().map(|host| ClockReport {
        host: host.clone(),
        min_ms: 0,
        max_ms: 0,
    });
    let is_client = |host: &str| !facts.hosts.contains(host);
    let clients = found.clocks.offsets().map(|(host, offset)| ClockReport {
        host: if is_client(host) {
            host.to_owned()
        } else {
            format!("{host} (client)")
        },
        min_ms: offset.min,
        max_ms: offset.max,
    });
    let first = facts
        .first_unparsed
        .as_ref()
        .map(place)
        .map(|at| format!("{}:{}", at.file, at.line));
    Report {
        logins,
        clocks: servers.chain(clients).collect(),
        unparsed: Unparsed {
            lines: facts.unparsed,
            first,
        },
        missing: missing(&facts),
    }
}

/// Logs that were not given, in the words of a report.
fn missing(facts: &Facts) -> Vec<&'static str> {
    let texts = [
        (
            Format::Access,
            "no access log given: the page load (desktop) cannot be seen",
        ),
        (
            Format::Webservices,
            "no webservices log given: what the REST API and the CTI link did cannot be seen",
        ),
        (
            Format::Notification,
            "no notification log given: event_channel rests on the client log alone",
        ),
        (
            Format::Client,
            "no client log given: deliver and signed_in cannot be seen",
        ),
        (
            Format::Ctisvr,
            "no CTI server log given: cti_request to cti_event is one block",
        ),
    ];
    texts
        .into_iter()
        .filter(|(format, _)| !facts.formats.contains(format))
        .map(|(_, text)| text)
        .collect()
}

impl Report {
    /// True when a login failed.
    pub fn has_failure(&self) -> bool {
        self.logins.iter().any(|login| login.verdict == "failed")
    }
}

impl LoginReport {
    /// When the first step began. Of a log with whole seconds the latest time that the next step leaves room for.
    pub(crate) fn begin(&self) -> Option<i64> {
        let fine = self
            .steps
            .iter()
            .filter(|step| !step.is_coarse)
            .map(|step| step.at_ms)
            .min();
        let coarse = self
            .steps
            .iter()
            .filter(|step| step.is_coarse)
            .map(|step| step.at_ms)
            .min();
        match (fine, coarse) {
            (Some(fine), Some(coarse)) => Some(fine.min(coarse + 999)),
            (fine, coarse) => fine.or(coarse),
        }
    }
}

fn report(login: &Login, place: impl Fn(&Place) -> Evidence) -> LoginReport {
    let (verdict, broken_at, diagnosis) = match &login.verdict {
        Verdict::Ok => ("ok", None, None),
        Verdict::Incomplete => ("incomplete", None, None),
        Verdict::Failed(step, diagnosis) => ("failed", Some(step.id()), Some(diagnosis.clone())),
    };
    let (cause, fix) = diagnosis.map_or((None, None), |found| (Some(found.cause), Some(found.fix)));
    let steps: Vec<StepReport> = Step::ALL
        .iter()
        .filter_map(|step| Some((step, login.steps.get(step)?)))
        .map(|(step, found)| StepReport {
            step: step.id(),
            at: time::rfc3339(found.at),
            ms: found.ms,
            confidence: found.confidence.name(),
            evidence: found.evidence.iter().map(&place).collect(),
            at_ms: found.at,
            is_coarse: found.is_coarse,
        })
        .collect();
    let mut report = LoginReport {
        agent: login.agent.clone(),
        extension: login.extension.clone(),
        verdict,
        broken_at,
        cause,
        fix,
        total_ms: None,
        steps,
    };
    let end = report
        .steps
        .iter()
        .map(|step| step.at_ms + step.ms.unwrap_or(0))
        .max();
    report.total_ms = report
        .begin()
        .zip(end)
        .map(|(begin, end)| (end - begin).max(0));
    report
}
