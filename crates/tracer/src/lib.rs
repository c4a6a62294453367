//! Log files in, logins out: scan, correlate, bound the clocks, diagnose, draw.
//!
//! Reads files and nothing else of the outside world; knows the formats through `tact_logline` only.
//!
//! - [`input`]: files, folders and archives as named bytes
//! - `fact`: what one record says about a login
//! - `login`: facts joined to logins, step by step
//! - `diagnosis`: the cause and the fix of a login that failed
//! - `clock`: how far a client's clock is from the server's
//! - [`report`]: the result as JSON; [`text`]: the same for people
//! - [`records`]: the records themselves, for `tact logs parse`

mod clock;
mod diagnosis;
mod fact;
pub mod input;
mod login;
pub mod records;
pub mod report;
pub mod text;

pub use report::{Report, trace};
