//! What was measured.

use std::time::Duration;

use super::tally::Counts;
use crate::measure::{Changes, SignIns, Waits};

/// One round of sign-ins and its cost.
#[derive(Debug, Clone)]
pub struct SignInRun {
    /// How it went.
    pub outcome: SignIns,
    /// Seconds of processor time of the server, where it is known.
    pub server_cpu_s: Option<f64>,
    /// The generator's own.
    pub own_cpu_s: f64,
}

/// The server's resident memory, MiB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Before anything.
    pub start_mib: f64,
    /// While nobody is signed in, before the first round.
    pub idle_mib: f64,
    /// While everyone is, after the first round.
    pub signed_in_mib: f64,
    /// How many that are.
    pub sessions: u64,
}

impl Memory {
    /// KiB a session over idle.
    pub fn per_session_kib(&self) -> f64 {
        self.kib_a_session(self.idle_mib)
    }

    /// KiB a session over the start. What the server keeps of the first verification of each credential is counted as
    /// the sessions', and what they use of it again is not left out: the true figure is between the two.
    pub fn per_session_over_start_kib(&self) -> f64 {
        self.kib_a_session(self.start_mib)
    }

    fn kib_a_session(&self, before_mib: f64) -> f64 {
        (self.signed_in_mib - before_mib) * 1024.0 / self.sessions.max(1) as f64
    }
}

/// One run of events.
#[derive(Debug, Clone)]
pub struct EventRun {
    /// Events a second.
    pub rate: u32,
    /// How many hear each.
    pub hearers: usize,
    /// What became of them.
    pub counts: Counts,
    /// From the moment each was due to each delivery.
    pub waits: Waits,
    /// From the first one's due time to the last delivery.
    pub span: Duration,
    /// Seconds of processor time of the server, where it is known.
    pub server_cpu_s: Option<f64>,
    /// The generator's own.
    pub own_cpu_s: f64,
}

/// State changes at a fixed rate, and their cost.
#[derive(Debug, Clone)]
pub struct ChangeRun {
    /// Changes a second.
    pub rate: u32,
    /// How they went.
    pub outcome: Changes,
    /// Seconds of processor time of the server, where it is known.
    pub server_cpu_s: Option<f64>,
    /// The generator's own.
    pub own_cpu_s: f64,
}

/// Everything that was measured.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The first sign-in of each credential, up to the success of SASL.
    pub verified: Option<SignInRun>,
    /// Each round.
    pub rounds: Vec<SignInRun>,
    /// The server's memory, where it is known.
    pub memory: Option<Memory>,
    /// Each run of events.
    pub events: Vec<EventRun>,
    /// State changes.
    pub changes: Option<ChangeRun>,
    /// Why desktops fell out after they had signed in.
    pub broken: Vec<String>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

impl Report {
    /// True when everyone got in and stayed, and every event arrived once, in order and unchanged.
    pub fn is_clean(&self) -> bool {
        let sign_ins = self.verified.iter().chain(&self.rounds);
        let changes = self.changes.iter();
        self.broken.is_empty()
            && changes.map(|run| run.outcome.failures.count).sum::<u64>() == 0
            && sign_ins.map(|run| run.outcome.failures.count).sum::<u64>() == 0
            && self.events.iter().all(|run| run.counts.is_clean())
    }
}
