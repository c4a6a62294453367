//! Whole logins, written through `logline`'s writers and found again.

mod archives;
mod bundle;
mod golden;
mod mutations;
mod pages;
mod samples;
mod verdicts;
