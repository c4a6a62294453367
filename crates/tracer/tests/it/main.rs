//! Whole logins, written through `logline`'s writers and found again.

mod bundle;
mod samples;
mod verdicts;
