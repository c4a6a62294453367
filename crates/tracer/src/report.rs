//! The result as JSON, exactly as DESIGN.md "trace" says.

use serde::Serialize;
use serde_json::{Map, Value};
use tact_logline::step::Step;
use tact_logline::time;

use crate::clock::Clocks;
use crate::dating::{self, Given};
use crate::fact::{Facts, Place};
use crate::input::Source;
use crate::login::{Login, Verdict};
use crate::{correlate, finding, missing, numbers, read};

/// What the JSON is called; the number changes when a reader of the old one would read it wrongly
/// (docs/trace-schema.md).
pub const SCHEMA: &str = "tact.trace/1";

/// How logs are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only this agent's logins.
    pub agent: Option<String>,
    /// What somebody says of dates, zones and clocks.
    pub given: Given,
    /// Telephone numbers and extensions are masked.
    pub hides_numbers: bool,
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// In the order in which they happened.
    pub logins: Vec<LoginReport>,
    /// What the lines say beside the logins, worst first.
    pub findings: Vec<FindingReport>,
    /// Each clock minus the server's.
    pub clocks: Vec<ClockReport>,
    /// Files that hold credentials in clear, with the first line that does.
    pub credentials: Vec<CredentialReport>,
    /// Logs that were not given, and what cannot be seen without them.
    #[serde(rename = "not_given")]
    pub missing: Vec<String>,
    /// What no parser knows.
    pub unparsed: Unparsed,
    /// What could not be read at all: damaged, too large, or no log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// Something that a line says about the system, and that a row of the diagnosis table explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingReport {
    /// The row of the table (logs.md 3); `None` for an error that no row speaks of.
    pub row: Option<u8>,
    /// `fault` where logins fail of it, `warning` where they may, `context` where it only explains.
    pub severity: &'static str,
    /// The step that it touches, where it is one.
    pub step: Option<&'static str>,
    /// Whom it names.
    pub agent: Option<String>,
    /// RFC 3339 in UTC of the first line, where it has a time.
    pub at: Option<String>,
    /// In plain words.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// How many lines say so.
    pub count: u64,
    /// The first of them.
    pub evidence: Vec<Evidence>,
}

/// A file with credentials in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CredentialReport {
    /// The file as given.
    pub file: String,
    /// The first such line, from 1.
    pub line: u64,
    /// How many there are.
    pub count: u64,
}

/// Something that a reader of a login should know besides its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteReport {
    /// `benign`, `clock`, `missing` or `slow`.
    pub kind: &'static str,
    /// In plain words.
    pub text: String,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
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
    /// The row of the diagnosis table (logs.md 3).
    pub row: Option<u8>,
    /// From the first step's begin to the last one's end, milliseconds.
    pub total_ms: Option<i64>,
    /// The step that took longest, where one did.
    pub slowest: Option<&'static str>,
    /// Those found, in table order.
    pub steps: Vec<StepReport>,
    /// What a reader should know besides.
    pub notes: Vec<NoteReport>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// Its id.
    pub step: &'static str,
    /// RFC 3339 in UTC with milliseconds; `None` where no line tells a time.
    pub at: Option<String>,
    /// How long it took, where known.
    pub ms: Option<i64>,
    /// `exact`, `strong` or `time`.
    pub confidence: &'static str,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
    /// What else the lines say, by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub details: Map<String, Value>,
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
    /// `reference` for the server's own, `pairs` of requests and answers, `told` by the client, `given` by hand.
    pub known_by: &'static str,
    /// Pairs of lines that contradict the interval.
    #[serde(skip_serializing_if = "is_zero")]
    pub contradictions: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A file that was not read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The file as given.
    pub file: String,
    /// In plain words.
    pub why: String,
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
    let options = Options {
        agent: agent.map(str::to_owned),
        ..Options::default()
    };
    trace_with(sources, &options)
}

/// As [`trace`], with all that can be said about how.
pub fn trace_with(sources: &[Source], options: &Options) -> Report {
    let facts = read::read(sources, options.agent.as_deref());
    trace_facts(sources, facts, options)
}

/// The report on what was read of the sources.
pub fn trace_facts(sources: &[Source], mut facts: Facts, options: &Options) -> Report {
    dating::date(&mut facts, &options.given);
    let name = |place: Place| {
        sources
            .get(place.source)
            .map_or_else(String::new, |source| source.name.clone())
    };
    let place = |place: &Place| Evidence {
        file: name(*place),
        line: place.line,
    };
    let logs: Vec<String> = facts
        .clients
        .iter()
        .map(|log| {
            name(Place {
                source: log.source,
                line: 1,
            })
        })
        .collect();
    let signs = std::mem::take(&mut facts.signs);
    let found = correlate::logins(&mut facts, &options.given, |log| {
        logs.get(log).cloned().unwrap_or_default()
    });
    let is_wanted = |agent: Option<&str>| match &options.agent {
        Some(wanted) => agent == Some(wanted),
        None => true,
    };
    let findings = finding::findings(&facts, &signs, &found.logins)
        .into_iter()
        .filter(|found| found.agent.is_none() || is_wanted(found.agent.as_deref()))
        .map(|found| FindingReport {
            row: Some(found.row.number).filter(|number| *number > 0),
            severity: found.row.severity.name(),
            step: found.row.step.map(Step::id),
            at: found.at.filter(is_told).map(time::rfc3339),
            cause: found.cause,
            fix: found.row.fix.to_owned(),
            agent: found.agent,
            count: found.count,
            evidence: found.evidence.iter().map(place).collect(),
        })
        .collect();
    let logins = found
        .logins
        .iter()
        .filter(|login| is_wanted(login.agent.as_deref()))
        .map(|login| report(login, place))
        .collect();
    let first = facts
        .first_unparsed
        .as_ref()
        .map(place)
        .map(|at| format!("{}:{}", at.file, at.line));
    let credentials = signs
        .credentials
        .iter()
        .map(|(at, count)| CredentialReport {
            file: name(*at),
            line: at.line,
            count: *count,
        });
    let refused = facts.refused.iter().map(|(source, why)| Refused {
        file: sources
            .get(*source)
            .map_or_else(String::new, |source| source.name.clone()),
        why: why.clone(),
    });
    let mut report = Report {
        schema: SCHEMA,
        logins,
        findings,
        clocks: clocks(&facts, &found.clocks),
        credentials: credentials.collect(),
        missing: missing::logs(&facts, sources),
        unparsed: Unparsed {
            lines: facts.unparsed,
            first,
        },
        refused: refused.collect(),
    };
    if options.hides_numbers {
        numbers::hide_in(&mut report);
    }
    report
}

/// A record without any time has its place in the order of its file instead.
fn is_told(at: &i64) -> bool {
    *at >= read::NO_TIME_MS
}

/// The server's clock is the one that all others are held against.
fn clocks(facts: &Facts, clocks: &Clocks) -> Vec<ClockReport> {
    let servers = facts.hosts.iter().map(|host| ClockReport {
        host: host.clone(),
        min_ms: 0,
        max_ms: 0,
        known_by: "reference",
        contradictions: 0,
    });
    let others = clocks
        .offsets()
        .map(|(host, offset, contradictions)| ClockReport {
            host: if facts.hosts.contains(host) {
                format!("{host} (client)")
            } else {
                host.to_owned()
            },
            min_ms: offset.min,
            max_ms: offset.max,
            known_by: offset.source.name(),
            contradictions,
        });
    servers.chain(others).collect()
}

impl Report {
    /// Keeps the logins with this requestId, and what is said of all logs.
    pub fn keep(&mut self, request_id: &str) {
        self.logins.retain(|login| {
            let ids = login
                .steps
                .iter()
                .filter_map(|step| step.details.get("request_id"));
            ids.filter_map(Value::as_str).any(|id| id == request_id)
        });
    }

    /// True when a login failed.
    pub fn has_failure(&self) -> bool {
        self.logins.iter().any(|login| login.verdict == "failed")
    }
}

impl StepReport {
    /// From when to when it took. A channel, what comes from the CTI server and its publication were waited for until
    /// `at`; all else begins then.
    pub(crate) fn span(&self) -> (i64, i64) {
        let ms = self.ms.unwrap_or(0);
        let is_awaited = matches!(self.step, "event_channel" | "cti_event" | "publish");
        if is_awaited {
            (self.at_ms - ms, self.at_ms)
        } else {
            (self.at_ms, self.at_ms + ms)
        }
    }
}

impl LoginReport {
    /// True for a step behind the one that broke.
    pub(crate) fn is_behind_the_break(&self, step: &str) -> bool {
        let place = |id: &str| Step::ALL.iter().position(|step| step.id() == id);
        self.broken_at
            .is_some_and(|broken| place(step) > place(broken))
    }

    /// When the first step began. Of a log with whole seconds the latest time that the next step leaves room for.
    pub(crate) fn begin(&self) -> Option<i64> {
        let fine = self
            .steps
            .iter()
            .filter(|step| !step.is_coarse && is_told(&step.at_ms))
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
    let row = diagnosis.as_ref().and_then(|found| found.row);
    let (cause, fix) = diagnosis.map_or((None, None), |found| (Some(found.cause), Some(found.fix)));
    let steps: Vec<StepReport> = Step::ALL
        .iter()
        .filter_map(|step| Some((step, login.steps.get(step)?)))
        .map(|(step, found)| StepReport {
            step: step.id(),
            at: Some(found.at).filter(is_told).map(time::rfc3339),
            ms: found.ms,
            confidence: found.confidence.name(),
            evidence: found.evidence.iter().map(&place).collect(),
            details: found
                .details
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            at_ms: found.at,
            is_coarse: found.is_coarse,
        })
        .collect();
    let notes = login.notes.iter().map(|note| NoteReport {
        kind: note.kind,
        text: note.text.clone(),
        evidence: note.evidence.iter().map(&place).collect(),
    });
    let mut report = LoginReport {
        agent: login.agent.clone(),
        extension: login.extension.clone(),
        verdict,
        broken_at,
        cause,
        fix,
        row,
        total_ms: None,
        slowest: None,
        steps,
        notes: notes.collect(),
    };
    let end = report
        .steps
        .iter()
        .filter(|step| is_told(&step.at_ms))
        .map(|step| step.span().1)
        .max();
    report.total_ms = report
        .begin()
        .zip(end)
        .filter(|_| !login.is_of_two_clocks)
        .map(|(begin, end)| (end - begin).max(0));
    report.slowest = report
        .steps
        .iter()
        .filter_map(|step| Some((step.ms.filter(|ms| *ms > 0)?, step.step)))
        .max_by_key(|(ms, _)| *ms)
        .map(|(_, step)| step);
    report
}
