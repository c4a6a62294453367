//! Ranges of logs, read by as many threads as the machine has, and put together in the order of the log.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tact_logline::webservices::start::MARK;

use super::keep::Keep;
use super::label;
use super::sieve::{self, Sieved};
use super::stretch::Stretch;
use super::{Found, Sizes, is_wanted};
use crate::input::{Part, Source};

/// Bytes before a range in which the sign-ins are looked for whose events it may hold.
const BEFORE: u64 = 16 << 20;
/// Bytes that are looked through at a time for them.
const STEP: usize = 512 << 10;
/// A shorter id stands in too many places to be searched for.
const SHORTEST_ID: usize = 3;
/// A record lies within this many bytes.
const NEAR: usize = 2 << 10;

/// A range of a source, by its index.
struct Job<'a> {
    source: usize,
    from: &'a Source,
    /// Where it lies; `None` for all of what must be unpacked.
    range: Option<(Part, Range<u64>)>,
    /// Line ends before it, where the log is not read from its beginning.
    line: Option<u64>,
    /// The time of the log's last record, where that is not read.
    newest: Option<i64>,
}

/// What the long webservices logs say, by the index of their source; with an agent's id only what may be of that
/// agent's logins.
pub(crate) fn read(
    sources: &[Source],
    sizes: &Sizes,
    agent: Option<&str>,
) -> BTreeMap<usize, Found> {
    let mut jobs = jobs(sources, sizes);
    if let Some(agent) = agent.filter(|agent| agent.len() >= SHORTEST_ID) {
        jobs = sieved(jobs, sizes, agent);
    }
    let found = at_once(&jobs, Job::run);
    let mut all: BTreeMap<usize, Found> = BTreeMap::new();
    for (job, found) in jobs.iter().zip(found) {
        let log = all.entry(job.source).or_default();
        if let Some(line) = job.line {
            log.lines = line;
        }
        log.append(found);
    }
    all
}

/// Does all jobs on as many threads as the machine has; the results in the jobs' order.
fn at_once<J: Sync, T: Default + Send>(jobs: &[J], work: impl Fn(&J) -> T + Sync) -> Vec<T> {
    let slots: Vec<Mutex<T>> = jobs.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let run = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(job), Some(slot)) = (jobs.get(number), slots.get(number)) else {
                return;
            };
            let done = work(job);
            if let Ok(mut slot) = slot.lock() {
                *slot = done;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            scope.spawn(run);
        }
        run();
    });
    slots
        .into_iter()
        .map(|slot| slot.into_inner().unwrap_or_default())
        .collect()
}

fn jobs<'a>(sources: &'a [Source], sizes: &Sizes) -> Vec<Job<'a>> {
    let mut jobs = Vec::new();
    for (source, from) in sources.iter().enumerate() {
        if !is_wanted(from, sizes.shortest) {
            continue;
        }
        let job = |range| Job {
            source,
            from,
            range,
            line: None,
            newest: None,
        };
        let Some(part) = from.part() else {
            jobs.push(job(None));
            continue;
        };
        let mut at = 0;
        while at < part.length() {
            let end = at.saturating_add(sizes.range.max(1));
            jobs.push(job(Some((part.clone(), at..end))));
            at = end;
        }
    }
    jobs
}

/// The ranges of logs that can be read at any place, replaced by the stretches that tell of the agent.
fn sieved<'a>(jobs: Vec<Job<'a>>, sizes: &Sizes, agent: &str) -> Vec<Job<'a>> {
    let results = at_once(&jobs, |job| {
        let (part, range) = job.range.as_ref()?;
        sieve::sieve(part, range.clone(), agent, sizes).ok()
    });
    let mut kept = Vec::new();
    let mut logs: BTreeMap<usize, (Job<'a>, Sieved)> = BTreeMap::new();
    for (job, found) in jobs.into_iter().zip(results) {
        match found {
            Some(found) => {
                let (_, log) = logs
                    .entry(job.source)
                    .or_insert_with(|| (job, Sieved::default()));
                log.lines.extend(found.lines);
                log.places.extend(found.places);
                log.newest = log.newest.max(found.newest);
            }
            None => kept.push(job),
        }
    }
    for (source, (first, log)) in logs {
        let Some((part, _)) = first.range else {
            continue;
        };
        let stretches = sieve::around(&log.places, part.length(), sizes);
        if stretches.is_empty() {
            // Nothing of it is read, but it was given.
            kept.push(Job {
                source,
                from: first.from,
                range: Some((part.clone(), 0..0)),
                line: None,
                newest: log.newest,
            });
        }
        for range in stretches {
            let blocks = usize::try_from(range.start / sizes.block).unwrap_or(usize::MAX);
            kept.push(Job {
                source,
                from: first.from,
                line: Some(log.lines.iter().take(blocks).sum()),
                newest: log.newest,
                range: Some((part.clone(), range)),
            });
        }
    }
    kept.sort_by_key(|job| job.source);
    kept
}

impl Job<'_> {
    fn run(&self) -> Found {
        let is_front = self
            .range
            .as_ref()
            .is_none_or(|(_, range)| range.start == 0);
        let mut keep = Keep::new(self.source, is_front);
        let read = self.windows(&mut keep);
        let mut found = keep.finish();
        found.newest = found.newest.max(self.newest);
        match read {
            // Lines in front of the first record belong to the range before, if that is read.
            Ok(passed) if self.line.is_some() => found.pass(passed),
            Ok(_) => {}
            Err(error) => found.error = Some(error.to_string()),
        }
        found
    }

    /// Reads it; how many lines it passed over before its first record.
    fn windows(&self, keep: &mut Keep) -> io::Result<u64> {
        let mut stretch = match &self.range {
            Some((_, range)) if range.is_empty() => return Ok(0),
            Some((part, range)) => {
                sign_ins_before(part, range.start, keep)?;
                Stretch::range(part, range.start, range.end)?
            }
            None => Stretch::whole(self.from.open()?),
        };
        while let Some(window) = stretch.next()? {
            keep.window(&window);
        }
        Ok(stretch.passed())
    }
}

/// Tells of the agents who signed in shortly before a range.
fn sign_ins_before(part: &Part, from: u64, keep: &mut Keep) -> io::Result<()> {
    let mut at = from.saturating_sub(BEFORE);
    let mut buffer = vec![0; STEP + NEAR];
    while at < from {
        let count = part.read_at(at, &mut buffer)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        for found in memchr::memmem::find_iter(bytes, b"state:LOGIN") {
            let near = bytes
                .get(found.saturating_sub(NEAR)..found)
                .unwrap_or_default();
            let Some(mark) = memchr::memmem::rfind(near, MARK) else {
                continue;
            };
            let agent = label::value(near.get(mark..).unwrap_or_default(), b"agent_id=", b"]");
            if let (Some(agent), Some(time)) = (agent, label::at(near, mark)) {
                keep.signed_in(agent, time);
            }
        }
        if count <= NEAR {
            return Ok(());
        }
        at += (count - NEAR) as u64;
    }
    Ok(())
}

impl Found {
    /// Moves everything down by some lines.
    fn pass(&mut self, lines: u64) {
        for fact in &mut self.facts {
            fact.place.line += lines;
        }
        self.first_unparsed = self.first_unparsed.map(|line| line + lines);
        self.lines += lines;
    }

    /// Adds what the next range of the same log says.
    fn append(&mut self, next: Found) {
        let lines = self.lines;
        self.facts.extend(next.facts.into_iter().map(|mut fact| {
            fact.place.line += lines;
            fact
        }));
        self.hosts.extend(next.hosts);
        self.newest = self.newest.max(next.newest);
        self.unparsed += next.unparsed;
        if self.first_unparsed.is_none() {
            self.first_unparsed = next.first_unparsed.map(|line| line + lines);
        }
        self.lines += next.lines;
        if self.error.is_none() {
            self.error = next.error;
        }
    }
}
