//! The contact centre as a pure machine: sessions, agent states, skill groups, teams, configuration.
//!
//! [`Acd::handle`] takes the time and one [`Input`] and appends what follows from it as [`Output`]s.
//! Nothing here opens a socket, reads a clock or rolls dice: the same inputs give the same outputs.
//! It speaks GED-188 messages as values and knows neither bytes nor who else listens to it.
//!
//! - [`config`]: the centre as an operator configures it
//! - `directory`: the same, indexed for look-ups; `names`: of agents and phones
//! - [`io`]: what goes in and what comes out
//! - `machine`: one input, dispatched to the part that knows it
//! - `open`: OPEN_REQ; `session`: until CLOSE_CONF, heartbeats and time-outs (reference ged188, 5.2 to 5.4)
//! - `clients`: what clients hear of and tell each other (3.9, 3.11); `variables`: which they want (3.9)
//! - `monitors`: of phones, calls and sessions (3.11)
//! - `at_phones`: what phones have; `by_number`: calls, legs, tickets, sessions
//! - `audience`: who listens; `events`: who hears of what, by which mask (3.11, 4.8)
//! - `download`: configuration on request (3.10); `records`: how one record is spelt
//! - `team`: team configuration, team lists and monitors (3.3, 3.7)
//! - `query`: agent states, desk settings, snapshots (3.6, 3.9); `statistics`: seconds and calls by interval (3.9)
//! - [`transitions`]: the one table of agent states
//! - `calls`: who takes part in which call, and what is told of it (3.4, 3.8)
//! - `routing`: queues and who gets what waits in them (acd-and-telephony, 3.4)
//! - [`dialer`]: contacts of campaigns that agents look at before they are called (finesse-api, 2.6)
//! - [`fabric`]: telephony as the machine sees it; [`phones`]: simulated
//! - [`journal`]: inputs as bytes that outlive the process; `snapshot`: the state as bytes
//! - `agent`: state changes and their events (3.6, 5.8); `login`: signing in; `mobile`: at a phone beyond the trunk

mod agent;
mod at_phones;
mod audience;
mod by_number;
mod calls;
mod clients;
pub mod config;
pub mod dialer;
mod directory;
mod download;
mod events;
pub mod fabric;
#[doc(hidden)]
pub mod fuzz;
pub mod io;
pub mod journal;
mod login;
mod machine;
mod mobile;
mod monitors;
mod names;
mod open;
pub mod phones;
mod query;
mod records;
mod refusal;
mod routing;
mod session;
mod snapshot;
mod statistics;
mod team;
mod timers;
pub mod transitions;
mod variables;

pub use calls::{CallId, CallView, PartyView};
pub use config::Config;
pub use io::{ClientId, CloseReason, Input, Malformed, Output, Recipients, Trace};
pub use machine::{Acd, AgentView};
pub use routing::decision::{Decision, NotTaken, Outcome};
pub use routing::view::{QueueCounts, QueueView, TicketView};
pub use session::OPEN_TIMEOUT_MS;
pub use snapshot::{Reconciled, SnapshotError};
