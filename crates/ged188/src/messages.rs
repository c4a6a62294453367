//! The messages, one file a family; see [`crate::table`] for how to read a row.

mod agent;
mod call_control;
mod call_event;
mod config;
mod failure;
mod media;
mod monitor;
mod query;
mod session;
mod statistics;
mod team;

pub use agent::*;
pub use call_control::*;
pub use call_event::*;
pub use config::*;
pub use failure::*;
pub use media::*;
pub use monitor::*;
pub use query::*;
pub use session::*;
pub use statistics::*;
pub use team::*;
