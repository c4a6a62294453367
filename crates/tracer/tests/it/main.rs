//! Whole logins, written through `logline`'s writers and found again.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod archives;
mod bundle;
mod formats;
mod golden;
mod mutations;
mod pages;
mod samples;
mod technote;
mod verdicts;
