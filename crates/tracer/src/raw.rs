//! The lines themselves, as evidence points at them: a record from its first line on, credentials masked.

use std::collections::{BTreeMap, BTreeSet};

use tact_logline::redact;

use crate::input::Source;
use crate::report::{Evidence, Report};
use crate::window::Windows;

/// Characters that are kept of a record; a payload may be long.
const MOST: usize = 4_000;

/// Lines by file and number.
pub type Lines = BTreeMap<(String, u64), String>;

/// The lines of all evidence in a report.
pub fn of(report: &Report, sources: &[Source]) -> Lines {
    let mut wanted: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    let want = |evidence: &[Evidence]| -> Vec<(String, u64)> {
        evidence
            .iter()
            .map(|at| (at.file.clone(), at.line))
            .collect()
    };
    let mut places: Vec<(String, u64)> = Vec::new();
    for login in &report.logins {
        for step in &login.steps {
            places.extend(want(&step.evidence));
        }
        for note in &login.notes {
            places.extend(want(&note.evidence));
        }
    }
    for finding in &report.findings {
        places.extend(want(&finding.evidence));
    }
    for (file, line) in &places {
        wanted.entry(file).or_default().insert(*line);
    }
    let mut lines = Lines::new();
    for source in sources {
        let Some(mut numbers) = wanted.remove(source.name.as_str()) else {
            continue;
        };
        let Ok(mut windows) = Windows::new(source) else {
            continue;
        };
        // A file that changed meanwhile has no line there any more.
        while !numbers.is_empty()
            && matches!(
                windows.step(|record| {
                    // Signs point at lines, which need not be where a record begins.
                    let count = memchr::memchr_iter(b'\n', record.bytes).count() as u64;
                    let inside: Vec<u64> = numbers
                        .range(record.line..=record.line + count)
                        .copied()
                        .collect();
                    for number in inside {
                        let skipped = usize::try_from(number - record.line).unwrap_or(usize::MAX);
                        let from = memchr::memchr_iter(b'\n', record.bytes)
                            .nth(skipped.wrapping_sub(1))
                            .map_or(0, |at| at + 1);
                        let text = record.bytes.get(from..).unwrap_or_default();
                        if !text.is_empty() {
                            numbers.remove(&number);
                            lines.insert((source.name.clone(), number), shown(text));
                        }
                    }
                }),
                Ok(true)
            )
        {}
    }
    lines
}

fn shown(bytes: &[u8]) -> String {
    let bytes = bytes.get(..MOST * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let text: String = text
        .trim_end()
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(MOST)
        .collect();
    redact::line(&text).into_owned()
}
