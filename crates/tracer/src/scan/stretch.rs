//! A range of a log in windows that begin at a record and end before one.

use std::io::{self, Read, Seek as _, SeekFrom};

use tact_logline::webservices::start::{self, MARK};

use super::label;
use crate::input::Part;

/// Bytes that are read at a time: few enough to stay in a core's own cache.
const STEP: usize = 512 << 10;
/// Longest record that is looked at whole, bytes.
const LONGEST: usize = 8 << 20;

/// Records of a window by their starts: start and mark.
pub(super) type Starts = Vec<(usize, usize)>;

/// The windows of a range.
pub(super) struct Stretch {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    filled: usize,
    /// Bytes at the front that were given already.
    given: usize,
    /// The place of the buffer's first byte in the log.
    base: u64,
    /// Records that begin here or later are of the next range.
    end: u64,
    is_over: bool,
    /// The range begins inside a line of the one before it.
    skips: bool,
    /// No record has begun yet.
    is_first: bool,
    /// Line ends in front of the first record.
    passed: u64,
    starts: Starts,
}

/// One window: whole records, and what stands in front of the first one.
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) starts: &'a [(usize, usize)],
    /// Nothing of the log stands before it.
    pub(super) is_first: bool,
}

impl Stretch {
    /// All of a log that is read from front to back.
    pub(super) fn whole(reader: Box<dyn Read + Send>) -> Stretch {
        Stretch::new(reader, 0, u64::MAX)
    }

    /// The records that begin between two places.
    pub(super) fn range(part: &Part, from: u64, end: u64) -> io::Result<Stretch> {
        let mut part = part.clone();
        // One byte more tells whether a line begins at the place itself.
        let base = from.saturating_sub(1);
        part.seek(SeekFrom::Start(base))?;
        let mut stretch = Stretch::new(Box::new(part), base, end);
        stretch.skips = from > 0;
        Ok(stretch)
    }

    /// How many lines of the range stand in front of its first record.
    pub(super) fn passed(&self) -> u64 {
        self.passed
    }

    fn new(reader: Box<dyn Read + Send>, base: u64, end: u64) -> Stretch {
        Stretch {
            reader,
            buffer: vec![0; STEP + 4096],
            filled: 0,
            given: 0,
            base,
            end,
            is_over: false,
            skips: false,
            is_first: true,
            passed: 0,
            starts: Vec::new(),
        }
    }

    /// The next window; `None` behind the last one.
    pub(super) fn next(&mut self) -> io::Result<Option<Window<'_>>> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            self.buffer.copy_within(self.given..self.filled, 0);
            self.filled -= self.given;
            self.base += self.given as u64;
            self.given = 0;
            let reached_end = !self.fill()?;
            if self.skips && !self.skip(reached_end) {
                continue;
            }
            self.find(reached_end);
            let bytes = self.buffer.get(..self.filled).unwrap_or_default();
            let beyond = self
                .starts
                .iter()
                .position(|(start, _)| self.base + *start as u64 >= self.end);
            let until = if let Some(beyond) = beyond {
                self.is_over = true;
                let until = self.starts.get(beyond).map_or(0, |found| found.0);
                self.starts.truncate(beyond);
                until
            } else if reached_end {
                self.is_over = true;
                bytes.len()
            } else if bytes.len() >= LONGEST && self.starts.len() <= 1 {
                // A record without an end is taken as far as it goes; the rest continues nothing.
                bytes.len()
            } else {
                // The last record may go on.
                match self.starts.pop() {
                    Some((start, _)) => start,
                    None => 0,
                }
            };
            if until == 0 && !self.is_over {
                let wanted = (self.buffer.len() * 2).min(LONGEST + STEP);
                self.buffer.resize(wanted, 0);
                continue;
            }
            self.given = until;
            let is_first = std::mem::take(&mut self.is_first) && !self.skips && self.base == 0;
            return Ok(Some(Window {
                bytes: self.buffer.get(..until).unwrap_or_default(),
                starts: &self.starts,
                is_first,
            }));
        }
    }

    /// Passes over what belongs to the range before; false where more must be read first.
    fn skip(&mut self, reached_end: bool) -> bool {
        let bytes = self.buffer.get(..self.filled).unwrap_or_default();
        // The first byte of all is the one in front of the range.
        let own = usize::from(self.is_first);
        let first = memchr::memchr(b'\n', bytes).map(|end| end + 1);
        let start = first.and_then(|line| {
            let rest = bytes.get(line..)?;
            memchr::memmem::find_iter(rest, MARK)
                .find_map(|at| label::line_start(rest, at))
                .map(|start| line + start)
        });
        let lines = |end: usize| {
            let passed = bytes.get(own..end).unwrap_or_default();
            memchr::memchr_iter(b'\n', passed).count() as u64
        };
        match start {
            Some(start) => {
                self.passed += lines(start);
                self.skips = false;
                self.is_first = false;
                self.given = start;
                self.buffer.copy_within(start..self.filled, 0);
                self.filled -= start;
                self.base += start as u64;
                self.given = 0;
                true
            }
            None => {
                // Only the last line may hold the beginning of a start.
                let line = memchr::memrchr(b'\n', bytes).unwrap_or(0);
                self.given = if bytes.len() - line < STEP {
                    line
                } else {
                    bytes.len()
                };
                self.passed += lines(self.given);
                self.is_first = false;
                self.is_over = reached_end || self.base > self.end.saturating_add(LONGEST as u64);
                false
            }
        }
    }

    /// Finds the records of the buffer.
    fn find(&mut self, is_last: bool) {
        self.starts.clear();
        let bytes = self.buffer.get(..self.filled).unwrap_or_default();
        for at in memchr::memmem::find_iter(bytes, MARK) {
            if let Some(start) = label::line_start(bytes, at) {
                self.starts.push((start, at));
                continue;
            }
            // Inside of a line: another record, or a value's text.
            let record = self.starts.last().map_or(0, |(start, _)| *start);
            let end = match memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()) {
                Some(length) => at + length,
                None if is_last => bytes.len(),
                // What the line says of its marks is known when it is whole.
                None => break,
            };
            let from = self.starts.last().map_or(1, |(_, mark)| mark + MARK.len());
            let found = start::glued(bytes, record, from.min(at), end);
            if let Some(start) = found.filter(|start| *start <= at) {
                self.starts.push((start, at));
            }
        }
    }

    /// Fills the buffer; false at the end of the log.
    fn fill(&mut self) -> io::Result<bool> {
        while let Some(room) = self
            .buffer
            .get_mut(self.filled..)
            .filter(|room| !room.is_empty())
        {
            match self.reader.read(room) {
                Ok(0) => return Ok(false),
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}
