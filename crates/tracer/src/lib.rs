//! Log files in, logins out: scan, correlate, bound the clocks, diagnose, draw.
//!
//! Reads files and nothing else of the outside world; knows the formats through `tact_logline` only.
//!
//! - [`input`]: files, folders and archives as sources; `window`: their records, one window at a time
//! - [`fact`]: what one record says about a login; [`read`]: lines to facts
//! - `request`, `attempt`, `ctilog`, `index`: facts put together: REST requests, what a client log tells of each try, the CTI
//!   server's dated messages, and all of them by key
//! - `correlate`: the logins, step by step; [`login`]: one of them
//! - [`diagnosis`]: the cause and the fix of a login that failed
//! - `clock`: how far a client's clock is from the server's
//! - [`report`]: the result as JSON; [`text`]: the same for people
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
mod index;
pub mod input;
pub mod login;
mod missing;
mod published;
pub mod read;
pub mod records;
pub mod report;
mod request;
mod sign;
pub mod text;
mod window;

pub use report::{Options, Report, trace, trace_with};
