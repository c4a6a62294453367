//! One pass: a copy of the centre is told everything, once for the rate and once for the time that each input takes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use tact_acd::{Acd, Input, Output};
use tact_bench::floor::Told;
use tact_server::cti::journal::{Journal, JournalSettings};
use tempfile::TempDir;

/// Inputs that are at hand at a time.
const BATCH: usize = 512;

/// What is done with an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The machine steps it.
    Plain,
    /// It is written to a journal on disk before, as the server does, and what follows is digested.
    Journaled,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Plain => "stepped",
            Kind::Journaled => "journaled on disk, stepped, digested",
        }
    }
}

/// What one pass took.
pub(crate) struct Pass {
    inputs: usize,
    cpu: Duration,
    wall: Duration,
    ns: Histogram<u64>,
}

impl Pass {
    /// Inputs a second of processor time: what one core does while it has nothing else to do.
    pub(crate) fn per_second(&self) -> f64 {
        self.inputs as f64 / self.cpu.as_secs_f64()
    }

    /// Of the time that passed, the share in which this process had a core.
    pub(crate) fn share(&self) -> f64 {
        self.cpu.as_secs_f64() / self.wall.as_secs_f64()
    }

    /// Nanoseconds within which so many of 100 inputs were done, whatever else the machine did.
    pub(crate) fn percentile(&self, percent: f64) -> u64 {
        self.ns.value_at_percentile(percent)
    }
}

/// Tells two copies of a centre everything: one for the rate, one for the time of each input.
pub(crate) fn pass(kind: Kind, centre: &Acd, told: &[Told]) -> Result<Pass> {
    let (cpu, wall) = rate(kind, centre, told)?;
    Ok(Pass {
        inputs: told.len(),
        cpu,
        wall,
        ns: times(kind, centre, told)?,
    })
}

/// A centre with what is done beside its steps.
struct Desk {
    acd: Acd,
    journal: Option<Journal>,
    out: Vec<Output>,
    _folder: TempDir,
}

impl Desk {
    fn new(kind: Kind, centre: &Acd, now: i64) -> Result<Desk> {
        let folder = tempfile::tempdir()?;
        let journal = match kind {
            Kind::Plain => None,
            Kind::Journaled => {
                let settings = JournalSettings {
                    folder: folder.path().to_owned(),
                    file_bytes: u64::MAX,
                    files: 1,
                };
                Some(Journal::open(settings, centre.config().clone(), now)?.0)
            }
        };
        Ok(Desk {
            acd: centre.clone(),
            journal,
            out: Vec::new(),
            _folder: folder,
        })
    }

    fn tell(&mut self, now: i64, input: Input) {
        if let Some(journal) = &mut self.journal {
            journal.before(&self.acd, now, &input);
        }
        self.acd.handle(now, input, &mut self.out);
        if let Some(journal) = &mut self.journal {
            journal.after(now, &self.out);
        }
    }
}

/// Processor time and time that passed. Throwing the outputs away counts.
fn rate(kind: Kind, centre: &Acd, told: &[Told]) -> Result<(Duration, Duration)> {
    let mut desk = Desk::new(kind, centre, began(told))?;
    let (mut cpu, mut wall) = (Duration::ZERO, Duration::ZERO);
    // Inputs come from a socket, not out of a memory of millions: so few are at hand at a time.
    for batch in told.chunks(BATCH) {
        let batch = batch.to_vec();
        let start = (on_core()?, Instant::now());
        for (now, input) in batch {
            desk.tell(now, input);
            desk.out.clear();
        }
        cpu += on_core()?.saturating_sub(start.0);
        wall += start.1.elapsed();
    }
    Ok((cpu, wall))
}

/// What each input took. Throwing the outputs away does not count.
fn times(kind: Kind, centre: &Acd, told: &[Told]) -> Result<Histogram<u64>> {
    let mut desk = Desk::new(kind, centre, began(told))?;
    let mut ns = Histogram::new_with_bounds(1, 10_000_000_000, 3)?;
    for batch in told.chunks(BATCH) {
        let batch = batch.to_vec();
        for (now, input) in batch {
            let start = Instant::now();
            desk.tell(now, input);
            let taken = start.elapsed();
            ns.saturating_record(u64::try_from(taken.as_nanos()).unwrap_or(u64::MAX));
            desk.out.clear();
        }
    }
    Ok(ns)
}

fn began(told: &[Told]) -> i64 {
    told.first().map_or(0, |(now, _)| *now)
}

/// How long this thread had a core since it began (proc(5), schedstat).
fn on_core() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let ns = text.split_whitespace().next().context("no time")?;
    Ok(Duration::from_nanos(ns.parse()?))
}

/// How many inputs there are of what, the most frequent first.
pub(crate) fn mix(told: &[Told]) -> Vec<(usize, String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, input) in told {
        let what = match input {
            Input::Message { message, .. } => message.name().to_owned(),
            Input::Fabric(event) => {
                let text = format!("{event:?}");
                let name = text.split_whitespace().next().unwrap_or_default();
                format!("telephony: {name}")
            }
            Input::Tick => "timers".into(),
            _ => "sessions".into(),
        };
        *counts.entry(what).or_default() += 1;
    }
    let mut mix: Vec<(usize, String)> = counts.into_iter().map(|(what, n)| (n, what)).collect();
    mix.sort_unstable_by(|one, other| other.cmp(one));
    mix
}
