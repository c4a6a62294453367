//! A source's records, window by window: however long a file is, one window of it is held.

use std::io::{self, Read};
use std::ops::Range;

use tact_logline::format::Format;
use tact_logline::record::{Record, Split, State};

use crate::input::Source;

/// Bytes that are read at a time: few first, because most files of a bundle are short.
const FIRST_STEP: usize = 16 << 10;
const STEP: usize = 1 << 20;
/// Longest record that is read whole, bytes; a longer one is divided.
const LONGEST: usize = 8 << 20;
/// Bytes before and behind a place that whoever looks at it may see too.
const AROUND: usize = 2 << 10;

/// The windows of one source.
pub(crate) struct Windows {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// Where the first record that was not returned begins.
    from: usize,
    state: State,
    /// What was not looked at yet begins here, on this line; `None` while nobody looks.
    seen: Option<usize>,
    seen_line: u64,
    is_over: bool,
    step: usize,
}

/// What a window has that no window before it had: `bytes` with some around it, from the line `line` on.
pub(crate) struct Fresh<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) range: Range<usize>,
    pub(crate) line: u64,
}

impl Windows {
    pub(crate) fn new(source: &Source) -> io::Result<Windows> {
        Ok(Windows::of(source.open()?, source.format))
    }

    /// No windows at all.
    pub(crate) fn nothing() -> Windows {
        Windows::of(Box::new(io::empty()), None)
    }

    /// The windows of any bytes of this format.
    pub(crate) fn of(reader: Box<dyn Read + Send>, format: Option<Format>) -> Windows {
        Windows {
            reader,
            buffer: Vec::new(),
            from: 0,
            state: State::new(format),
            seen: None,
            seen_line: 1,
            is_over: false,
            step: FIRST_STEP,
        }
    }

    /// Reads another window and gives its records. False when there are no more.
    pub(crate) fn step(&mut self, mut each: impl FnMut(Record<'_>)) -> io::Result<bool> {
        if self.is_over {
            return Ok(false);
        }
        self.make_room();
        self.is_over = !self.fill()?;
        let unread = self.buffer.get(self.from..).unwrap_or_default();
        let is_last = self.is_over || unread.len() >= LONGEST;
        let mut split = Split::window(self.state, unread, is_last);
        split.by_ref().for_each(&mut each);
        self.state = split.state();
        self.from += split.consumed();
        Ok(true)
    }

    /// What this step brought, with enough behind it unless the source is over. To be asked after each step or never.
    pub(crate) fn fresh(&mut self) -> Fresh<'_> {
        let behind = if self.is_over { 0 } else { AROUND };
        let start = self.seen.unwrap_or(0);
        let end = self.buffer.len().saturating_sub(behind).max(start);
        let range = start..end;
        let line = self.seen_line;
        let fresh = self.buffer.get(range.clone()).unwrap_or_default();
        self.seen_line += memchr::memchr_iter(b'\n', fresh).count() as u64;
        self.seen = Some(end);
        Fresh {
            bytes: &self.buffer,
            range,
            line,
        }
    }

    fn make_room(&mut self) {
        let unneeded = match self.seen {
            Some(seen) => self.from.min(seen.saturating_sub(AROUND)),
            None => self.from,
        };
        self.buffer.drain(..unneeded);
        self.from -= unneeded;
        self.seen = self.seen.map(|seen| seen - unneeded);
    }

    /// False at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let held = self.buffer.len();
        self.buffer.resize(held + self.step, 0);
        self.step = (self.step * 2).min(STEP);
        let mut filled = held;
        while let Some(room) = self
            .buffer
            .get_mut(filled..)
            .filter(|room| !room.is_empty())
        {
            match self.reader.read(room) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(filled);
                    return Err(error);
                }
            }
        }
        let is_full = filled == self.buffer.len();
        self.buffer.truncate(filled);
        Ok(is_full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_longer_than_any_is_divided_and_the_memory_stays_bounded() {
        let mut text = b"18:40:05: Container : ".to_vec();
        text.resize(3 * LONGEST, b'x');
        text.extend_from_slice(b"\n18:40:06: Container : y\n");
        let source = Source::new("c.log".into(), text);
        let mut windows = Windows::new(&source).unwrap();
        let (mut most, mut lines) = (0, Vec::new());
        while windows.step(|record| lines.push(record.line)).unwrap() {
            most = most.max(windows.buffer.len());
        }
        assert!(most <= LONGEST + 2 * STEP, "{most}");
        assert_eq!(lines, [1, 1, 1, 2]);
    }

    #[test]
    fn what_is_fresh_comes_once_and_with_its_line() {
        let text = b"18:40:05: Container : z\n".repeat(3 * STEP / 20);
        let source = Source::new("c.log".into(), text.clone());
        let mut windows = Windows::new(&source).unwrap();
        let (mut count, mut line, mut records) = (0, 1, 0);
        while windows.step(|_| records += 1).unwrap() {
            let fresh = windows.fresh();
            assert_eq!(fresh.line, line);
            let new = &fresh.bytes[fresh.range];
            line += memchr::memchr_iter(b'\n', new).count() as u64;
            count += new.len();
        }
        assert_eq!((count, records), (text.len(), text.len() / 24));
    }
}
