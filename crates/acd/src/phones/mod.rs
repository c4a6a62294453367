//! Simulated phones and callers: telephony without telephones.
//!
//! Implements [`Fabric`](crate::fabric::Fabric) and nothing else of the centre; the machine knows nothing of it. Time is a
//! parameter, so the clock may be real or virtual, and chance comes from a seed: the same seed, the same
//! commands at the same times, the same events.
//!
//! - `random`: chance, and how long things take
//! - `script`: what a phone or a number does when it is called, and the numbers beyond the trunk
//! - `person`: one party of a call: waits, talks, is on hold, loses patience
//! - `simulated`: the phones; `leg`: one connection to one of them; `life`: what becomes of it; `hand`: what a person does
//! - `traffic`: callers by rate
//! - `agents`: agents without desktops, as a CTI client
//! - `simulate`: a whole centre on virtual time
//!
//! Reference acd-and-telephony, 3.7 and 4.4.

mod agents;
mod hand;
mod leg;
mod life;
mod person;
mod random;
mod script;
mod simulate;
mod simulated;
mod traffic;

pub use agents::{Habits, Seat, SimulatedAgents};
pub use hand::{Call, Hand};
pub use random::{Random, Span};
pub use script::{Numbers, Ring, Script};
pub use simulate::Simulation;
pub use simulated::{Full, Outcome, SimulatedPhones, Tally};
pub use traffic::{Profile, Rate, Traffic};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
