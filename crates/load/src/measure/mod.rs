//! Many agents at one server, and what they waited for.
//!
//! Most runs are closed: a fixed number of agents act at a time, and the next one starts when one is done. So the figures
//! say what a request costs at that concurrency; they say nothing about a server that more work reaches than it can do.
//! [`changes_at_a_rate`] is open: what is late is late from the moment it was due.

mod failures;
mod rate;
mod run;
mod waits;

pub use failures::Failures;
pub use rate::changes_at_a_rate;
pub use run::{Changes, SignIns, sign_in_all, sign_out_all, state_changes};
pub use waits::Waits;
