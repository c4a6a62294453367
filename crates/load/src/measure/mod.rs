//! Many agents at one server, and what they waited for.
//!
//! A run is closed: a fixed number of agents act at a time, and the next one starts when one is done. So the figures
//! say what a request costs at that concurrency; they say nothing about a server that more work reaches than it can do.

mod run;
mod waits;

pub use run::{Changes, SignIns, sign_in_all, sign_out_all, state_changes};
pub use waits::Waits;
