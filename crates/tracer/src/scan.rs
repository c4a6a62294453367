//! The webservices log, which is large and says little of logins: records are found by their mark, and only those that
//! can matter are parsed.
//!
//! Without this a gigabyte would be two million records parsed and as many facts. A file is cut into ranges at record
//! starts, which several threads read at once; each range is read in windows, so the memory is bounded. What is kept is
//! what `keep` says. A log of the oldest variant, whose records have no time, is read record by record instead.

mod jobs;
mod keep;
mod label;
mod sieve;
mod stretch;

use std::collections::BTreeSet;
use std::io;

use tact_logline::format::{self, Format};
use tact_logline::time;
use tact_logline::webservices::start::MARK;

use crate::fact::Fact;
use crate::input::Source;

pub(crate) use jobs::read;

/// How a long log is cut, in bytes. Tests cut short ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Shorter logs are read record by record.
    pub shortest: u64,
    /// A range: the same whatever the number of threads, so that the result is.
    pub range: u64,
    /// What is searched at a time for an agent's id; a range has a whole number of them.
    pub block: u64,
    /// What is read before and behind a sign-in of that agent.
    pub before: u64,
    /// See `before`.
    pub behind: u64,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes {
            shortest: 1 << 20,
            range: 64 << 20,
            block: 512 << 10,
            before: 8 << 20,
            behind: 4 << 20,
        }
    }
}

/// What one range says.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Lines count from the range's first one, which is 0.
    pub(crate) facts: Vec<Fact>,
    pub(crate) hosts: BTreeSet<String>,
    pub(crate) newest: Option<i64>,
    /// Records that no parser knows, and the line of the first.
    pub(crate) unparsed: u64,
    pub(crate) first_unparsed: Option<u64>,
    /// Line ends.
    pub(crate) lines: u64,
    /// Why it ended too early.
    pub(crate) error: Option<String>,
}

/// True for a source that is read this way: long enough, or of unknown length, and each record with a time.
fn is_wanted(source: &Source, shortest: u64) -> bool {
    if source.format != Some(Format::Webservices) {
        return false;
    }
    let mut head = Vec::new();
    let read = source.open().and_then(|reader| {
        let length = shortest.max(format::HEAD as u64);
        io::Read::read_to_end(&mut io::Read::take(reader, length), &mut head)
    });
    read.is_ok_and(|count| count as u64 >= shortest) && is_dated(&head)
}

/// True when the first records have a time each.
fn is_dated(head: &[u8]) -> bool {
    let mut marks = memchr::memmem::find_iter(head, MARK).take(4).peekable();
    marks.peek().is_some()
        && marks.all(|at| {
            at.checked_sub(time::CCBU_LEN + 2)
                .and_then(|from| head.get(from..))
                .is_some_and(|text| time::parse_ccbu(text).is_some())
        })
}
