//! Whole logins, written through `logline`'s writers and found again.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod archives;
mod bundle;
mod clocks;
mod formats;
mod golden;
mod mutations;
mod output;
mod pages;
mod rows;
mod samples;
mod scanned;
mod technote;
mod verdicts;

use std::io::Read as _;

use tact_tracer::input::Source;
use tact_tracer::records::{self, Parsed};

/// All that a source holds.
fn bytes_of(source: &Source) -> Vec<u8> {
    let mut bytes = Vec::new();
    source.open().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Every record of a source that can be read.
fn records_of(source: &Source) -> Vec<Parsed<'_>> {
    records::of(source).map(Result::unwrap).collect()
}
