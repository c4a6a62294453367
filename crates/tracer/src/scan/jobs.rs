//! Ranges of logs, read by as many threads as the machine has, and put together in the order of the log.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tact_logline::webservices::start::MARK;

use super::keep::Keep;
use super::label;
use super::stretch::Stretch;
use super::{Found, is_wanted};
use crate::input::{Part, Source};

/// Bytes of a range. The same whatever the number of threads, so that the result is.
pub(crate) const RANGE: u64 = 64 << 20;
/// Bytes before a range in which the sign-ins are looked for whose events it may hold.
const BEFORE: u64 = 16 << 20;
/// Bytes that are looked through at a time for them.
const STEP: usize = 512 << 10;
/// A record lies within this many bytes.
const NEAR: usize = 2 << 10;

/// A range of a source, by its index.
struct Job<'a> {
    source: usize,
    from: &'a Source,
    /// Where it lies; `None` for all of what must be unpacked.
    range: Option<(Part, u64, u64)>,
}

/// What the long webservices logs say, by the index of their source. `shortest` is the least length of one, `range` the
/// bytes of a range.
pub(crate) fn read(sources: &[Source], shortest: u64, range: u64) -> BTreeMap<usize, Found> {
    let jobs = jobs(sources, shortest, range.max(1));
    let slots: Vec<Mutex<Option<Found>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(job), Some(slot)) = (jobs.get(number), slots.get(number)) else {
                return;
            };
            let found = job.run();
            if let Ok(mut slot) = slot.lock() {
                *slot = Some(found);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut all: BTreeMap<usize, Found> = BTreeMap::new();
    for (job, slot) in jobs.iter().zip(slots) {
        let found = slot.into_inner().ok().flatten().unwrap_or_default();
        all.entry(job.source).or_default().append(found);
    }
    all
}

fn jobs(sources: &[Source], shortest: u64, range: u64) -> Vec<Job<'_>> {
    let mut jobs = Vec::new();
    for (source, from) in sources.iter().enumerate() {
        if !is_wanted(from, shortest) {
            continue;
        }
        let Some(part) = from.part() else {
            jobs.push(Job {
                source,
                from,
                range: None,
            });
            continue;
        };
        let length = part.length();
        let mut at = 0;
        while at < length {
            let end = at.saturating_add(range);
            jobs.push(Job {
                source,
                from,
                range: Some((part.clone(), at, end)),
            });
            at = end;
        }
    }
    jobs
}

impl Job<'_> {
    fn run(&self) -> Found {
        let is_front = self.range.as_ref().is_none_or(|(_, from, _)| *from == 0);
        let mut keep = Keep::new(self.source, is_front);
        let read = self.windows(&mut keep);
        let mut found = keep.finish();
        found.error = read.err().map(|error| error.to_string());
        found
    }

    fn windows(&self, keep: &mut Keep) -> io::Result<()> {
        let mut stretch = match &self.range {
            Some((part, from, end)) => {
                sign_ins_before(part, *from, keep)?;
                Stretch::range(part, *from, *end)?
            }
            None => Stretch::whole(self.from.open()?),
        };
        while let Some(window) = stretch.next()? {
            keep.window(&window);
        }
        Ok(())
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
