//! All that touches a socket, a file, a clock or a database. Only the command line knows this crate.
//!
//! - [`boot`]: the start-up list, top to bottom
//! - [`settings`]: every key, its default and its meaning
//! - [`clock`]: the one place that reads the time
//! - [`telemetry`]: the log files
//! - [`store`]: the configuration database; [`auth`]: credentials against it
//! - [`doctor`]: checks what a server needs
//! - [`http`]: listeners, TLS, the access log, the desktop's pages
//! - [`rest`]: one file a resource of `/finesse/api`
//! - [`notify`]: BOSH, WebSocket and TCP for the notification service
//! - [`events`]: the second channel of events: JSON, and nothing is lost
//! - [`cti`]: the link to a CTI server, and our own CTI server
//! - [`desk`] and [`acd`]: the pure machines behind their mutexes
//! - `telephony`: the simulated phones beside the acd
//! - [`nodes`]: who may listen to which node
//! - [`tracer`]: what reads the logs, handed in by whoever starts the server
//! - [`view`]: desk state as API documents

pub mod acd;
pub mod auth;
pub mod boot;
pub mod clock;
pub mod cors;
pub mod cti;
pub mod desk;
pub mod doctor;
pub mod events;
pub mod http;
pub mod nodes;
pub mod notify;
pub mod presence;
pub mod rate;
pub mod rest;
pub mod settings;
pub mod store;
pub mod telemetry;
mod telephony;
pub mod tracer;
mod unbuffered;
pub mod vanished;
pub mod view;
