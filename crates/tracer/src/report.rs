//! The result as JSON, exactly as DESIGN.md "trace" says.

use serde::Serialize;
use tact_logline::step::Step;
use tact_logline::time;

use crate::clock;
use crate::fact::{self, Place};
use crate::input::Source;
use crate::login::{self, Login, Verdict};

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In the order in which they happened.
    pub logins: Vec<LoginReport>,
    /// Server clock minus client clock.
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
    /// The id that was tried.
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
    /// The client.
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
    let facts = fact::read(sources);
    let place = |place: &Place| Evidence {
        file: sources
            .get(place.source)
            .map_or_else(String::new, |source| source.name.clone()),
        line: place.line,
    };
    let logins = login::find(&facts)
        .iter()
        .filter(|login| agent.is_none_or(|id| login.agent.as_deref() == Some(id)))
        .map(|login| report(login, place))
        .collect();
    let clocks = clock::intervals(&facts, sources)
        .into_iter()
        .map(|clock| ClockReport {
            host: clock.host,
            min_ms: clock.min_ms,
            max_ms: clock.max_ms,
        })
        .collect();
    let first = facts
        .first_unparsed
        .as_ref()
        .map(place)
        .map(|at| format!("{}:{}", at.file, at.line));
    Report {
        logins,
        clocks,
        unparsed: Unparsed {
            lines: facts.unparsed,
            first,
        },
        missing: login::missing(&facts),
    }
}

impl Report {
    /// True when a login failed.
    pub fn has_failure(&self) -> bool {
        self.logins.iter().any(|login| login.verdict == "failed")
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
        })
        .collect();
    let begin = steps.iter().map(|step| step.at_ms).min();
    let end = steps
        .iter()
        .map(|step| step.at_ms + step.ms.unwrap_or(0))
        .max();
    let total_ms = begin.zip(end).map(|(begin, end)| end - begin);
    LoginReport {
        agent: login.agent.clone(),
        extension: login.extension.clone(),
        verdict,
        broken_at,
        cause,
        fix,
        total_ms,
        steps,
    }
}
