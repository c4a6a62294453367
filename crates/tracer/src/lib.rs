//! Log files in, logins out: scan, correlate, bound the clocks, diagnose, draw.
//!
//! Reads files and nothing else of the outside world; knows the formats through `tact_logline` only.
//!
//! - [`input`]: files, folders and archives as sources; `window`: their records, one window at a time
//! - [`fact`]: what one record says about a login; [`read`]: lines to facts; `gadget`, `published`: what stands inside a
//!   request and a document; [`dating`]: times for what carries none
//! - `request`, `attempt`, `ctilog`, `index`: facts put together: REST requests, what a client log tells of each try, the CTI
//!   server's dated messages, and all of them by key
//! - `clock`: how far each clock is from the server's
//! - [`scan`]: long webservices logs, of which only the records that can matter are read
//! - `correlate`: the logins, step by step; [`login`]: one of them
//! - [`diagnosis`]: the table of causes and fixes; `sign`: its phrases in logs without a parser; `finding`: what the lines
//!   say beside the logins; `missing`: which logs were not given
//! - [`report`]: the result as JSON; [`text`], [`html`], [`otlp`], [`perfetto`]: the same for people and tools; [`raw`]: the
//!   lines behind it; [`numbers`]: telephone numbers masked
//! - [`records`]: the records themselves, for `tact logs parse`

mod attempt;
mod clock;
mod correlate;
mod ctilog;
pub mod dating;
pub mod diagnosis;
pub mod fact;
mod finding;
mod gadget;
pub mod html;
mod index;
pub mod input;
pub mod login;
mod missing;
pub mod numbers;
pub mod otlp;
pub mod perfetto;
mod published;
pub mod raw;
pub mod read;
pub mod records;
pub mod report;
mod request;
pub mod scan;
mod sign;
pub mod text;
mod window;

pub use report::{Options, Report, trace, trace_facts, trace_with};
