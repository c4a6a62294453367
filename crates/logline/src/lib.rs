//! One grammar for each log line, used to write it and to read it; and the twelve steps of a login.
//!
//! Nothing here opens a file, reads a clock or knows another crate of ours. `write` makes a line from a
//! value, `parse` makes the value from the line, and a property test holds the two together.
//!
//! - [`step`]: the twelve steps, defined here and nowhere else
//! - [`time`]: the time stamps of the formats
//! - [`access`]: the web server's access log (logs.md 2.3)
//! - [`webservices`]: the `%CCBU_` records of the REST API (2.1, 2.2)
//! - [`client`]: the desktop's client log (2.4)
//! - [`realm`], authentication (2.5)
//! - [`notification`]: the notification service (2.6)
//! - [`ctisvr`]: the CTI server and other process logs of a peripheral gateway (2.7)
//! - read only: [`uccx`] (2.8), [`sdl`] of CUCM (2.9), [`ctios`] (2.7), [`platform`], [`procmon`], [`ece`], [`portico`],
//!   [`audit`] (2.10, 1.1); [`local`], their stamps without a zone
//! - [`wrap`]: wrapped lines joined again
//! - [`mod@format`]: which format a file has (2.11); [`record`]: where its records begin and end
//! - [`neutral`]: foreign text made harmless before it is written; [`redact`]: credentials masked

pub mod access;
pub mod audit;
pub mod client;
pub mod ctios;
pub mod ctisvr;
pub mod ece;
pub mod format;
#[doc(hidden)]
pub mod fuzz;
pub mod local;
pub mod neutral;
pub mod notification;
pub mod platform;
pub mod portico;
pub mod procmon;
pub mod realm;
pub mod record;
pub mod redact;
pub mod sdl;
pub mod step;
pub mod time;
pub mod uccx;
pub mod webservices;
pub mod wrap;
