//! What a login came to.

use tact_logline::step::Step;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All nine visible steps held.
    Ok,
    /// One failed.
    Failed,
}

/// A step that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTime {
    /// Which.
    pub step: Step,
    /// Client clock, milliseconds since 1970, when it began.
    pub at: i64,
    /// Milliseconds that it took.
    pub ms: i64,
}

/// The outcome of one login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it ended.
    pub verdict: Verdict,
    /// The first step that did not succeed.
    pub broken_at: Option<Step>,
    /// Why, in words.
    pub cause: Option<String>,
    /// The steps that succeeded, in order.
    pub steps: Vec<StepTime>,
    /// What is worth knowing and no failure of a step.
    pub notes: Vec<String>,
}

impl Report {
    pub(super) fn new(steps: Vec<StepTime>) -> Report {
        Report {
            verdict: Verdict::Ok,
            broken_at: None,
            cause: None,
            steps,
            notes: Vec::new(),
        }
    }
}
