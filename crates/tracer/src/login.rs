//! One login as it was found: its steps, how sure each is, and how it ended.

use std::collections::BTreeMap;

use serde_json::Value;
use tact_logline::step::Step;

use crate::diagnosis::Diagnosis;
use crate::fact::Place;

/// How sure a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Joined by time and client only.
    Time,
    /// Joined by agent and order.
    Strong,
    /// Joined by an id that only this login has.
    Exact,
}

impl Confidence {
    /// As JSON prints it.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Time => "time",
            Confidence::Strong => "strong",
            Confidence::Exact => "exact",
        }
    }
}

/// One step that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// When it began, milliseconds since 1970, by the server's clock.
    pub at: i64,
    /// How long it took, where known.
    pub ms: Option<i64>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it stands, the best line first.
    pub evidence: Vec<Place>,
    /// True when `at` has whole seconds only.
    pub is_coarse: bool,
    /// How much later than `at` it may have been, milliseconds.
    pub slack: i64,
    /// What else the lines say, by name, in the order of importance: `api_ms`, `web_ms`, `invoke_id`, ...
    pub details: Vec<(&'static str, Value)>,
}

impl Found {
    /// A step at `at` without a length.
    pub(crate) fn new(at: i64, confidence: Confidence, evidence: Vec<Place>) -> Found {
        Found {
            at,
            ms: None,
            confidence,
            evidence,
            is_coarse: false,
            slack: 0,
            details: Vec::new(),
        }
    }

    /// With its length in milliseconds.
    pub(crate) fn lasting(mut self, ms: Option<i64>) -> Found {
        self.ms = ms;
        self
    }

    /// The time is of a log that writes whole seconds.
    pub(crate) fn coarse(mut self) -> Found {
        self.is_coarse = true;
        self.slack(999)
    }

    /// It may have been this much later, on top of what is known.
    pub(crate) fn slack(mut self, ms: i64) -> Found {
        self.slack = self.slack.saturating_add(ms);
        self
    }

    /// With something else that the lines say; nothing is added for `None`.
    pub(crate) fn with(mut self, name: &'static str, value: Option<impl Into<Value>>) -> Found {
        self.details.extend(value.map(|value| (name, value.into())));
        self
    }
}

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All twelve steps.
    Ok,
    /// Nothing failed, but evidence is missing.
    Incomplete,
    /// The first step that did not succeed, and why.
    Failed(Step, Diagnosis),
}

/// One attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The agent's id; `None` where a desktop came no further than SystemInfo and sent no log.
    pub agent: Option<String>,
    /// The extension, where one was asked for.
    pub extension: Option<String>,
    /// When it was anchored: the PUT, the refusal, or the client's line.
    pub at: i64,
    /// How it ended.
    pub verdict: Verdict,
    /// The steps that were found.
    pub steps: BTreeMap<Step, Found>,
    /// What a reader should know besides.
    pub notes: Vec<Note>,
    /// Its steps are of two clocks, and nothing tells how far they are apart.
    pub is_of_two_clocks: bool,
}

/// Something that a reader should know, with the lines that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind: `benign`, `clock`, `missing`, `slow`.
    pub kind: &'static str,
    /// In plain words.
    pub text: String,
    /// Where it stands.
    pub evidence: Vec<Place>,
}

impl Login {
    /// A login of which these steps are known, and nothing of how it ended.
    pub(crate) fn new(agent: Option<String>, at: i64, steps: BTreeMap<Step, Found>) -> Login {
        Login {
            agent,
            extension: None,
            at,
            verdict: Verdict::Incomplete,
            steps,
            notes: Vec::new(),
            is_of_two_clocks: false,
        }
    }

    /// Puts whole-second times between their neighbours, and judges: `failed` is the step that did not succeed.
    pub(crate) fn close(mut self, failed: Option<(Step, Diagnosis)>) -> Login {
        // A time of whole seconds, or of another clock, may be too early by its slack; it never lies before the step
        // in front of it.
        let mut earliest = i64::MIN;
        for found in self.steps.values_mut() {
            if found.at < earliest && earliest.saturating_sub(found.at) <= found.slack {
                found.at = earliest;
            }
            earliest = earliest.max(found.at);
        }
        self.verdict = match failed {
            Some((step, diagnosis)) => Verdict::Failed(step, diagnosis),
            None if self.steps.len() == Step::ALL.len() => Verdict::Ok,
            None => Verdict::Incomplete,
        };
        self
    }
}
