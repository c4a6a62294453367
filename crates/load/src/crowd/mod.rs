//! Many desktops on one thread: they sign in to the notification service, stay, and hear events that a second thread
//! publishes at fixed rates.
//!
//! The generator shares the machine with the server that it measures. So it has no task, timer or buffer for each
//! desktop, and builds no tree of what it reads; but every event is compared with what was published, byte by byte.
//!
//! - `crowd`: all desktops and the one thread; `desktop`: one of them; `socket`: one of its connections
//! - `dialogue`: what a client says at a sign-in; `bosh`, `websocket`, `http1`: how it is written; `scan`: how it is read
//! - `plan`: what is published when; `publisher`: the thread that does; `payload`: the event; `tally`: what became of it
//! - `settings`: what is measured; `run`: the whole measurement; `report`: what it came to
//! - `full`: whole logins, by the desktop that `tact login` is
//! - `reach`: whether there is a server; `requests`: what is asked of it beside the sign-in

mod bosh;
#[expect(
    clippy::module_inception,
    reason = "the crowd is what this module is about"
)]
mod crowd;
mod desktop;
mod dialogue;
mod full;
mod http1;
mod payload;
mod plan;
mod publisher;
mod reach;
mod report;
mod requests;
mod run;
mod scan;
mod settings;
mod socket;
mod tally;
mod websocket;

use std::time::{Duration, Instant};

pub use crate::channel::Transport;
pub use dialogue::Proof;
pub use reach::LoadError;
pub use report::{ChangeRun, EventRun, Memory, Report, SignInRun};
pub use run::run;
pub use settings::{Login, Settings, Team};
pub use tally::Counts;

/// How fast desktops sign in.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many are on the way at a time.
    pub at_a_time: usize,
    /// How many begin in a second; without it the next one begins when one is done.
    pub per_second: Option<u32>,
}

impl Pace {
    /// When the `number`th is due.
    fn due(self, start: Instant, number: usize) -> Option<Instant> {
        let per_second = self.per_second?;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        Some(start + Duration::from_secs(1) * number / per_second.max(1))
    }
}
