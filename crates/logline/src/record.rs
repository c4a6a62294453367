//! Where the records of a file begin and end: a record is one entry with its continuation and payload lines.
//!
//! Works on bytes and copies nothing. What stands before the first record that has a beginning is a record of its own
//! (a terminal's command line, an article's remark), line by line unless the format has payloads that it may be the end
//! of; blank lines never are records. A file may be given whole or window by window; see [`Split::window`].

use crate::format::Format;
use crate::{
    access, audit, client, ctios, ctisvr, ece, notification, platform, portico, realm, sdl, uccx,
    webservices,
};

/// One record of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its bytes without the last line end.
    pub bytes: &'a [u8],
}

/// Splits a file's bytes into records. Without a format each line that isn't blank is one.
pub fn split(format: Option<Format>, bytes: &[u8]) -> Split<'_> {
    Split::window(State::new(format), bytes, true)
}

/// What is known at the end of one window and needed in the next one of the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    format: Option<Format>,
    /// The line on which the next window begins.
    line: u64,
    /// A record with a beginning has been seen, so other lines continue it.
    seen: bool,
    /// The next window begins in the middle of a line, behind a record that was glued to another or too long.
    is_inside: bool,
}

impl State {
    /// At the beginning of a file.
    pub fn new(format: Option<Format>) -> State {
        // These have payloads of many lines: a file that begins in one is cut, and its lines belong together.
        let seen = matches!(
            format,
            Some(Format::Client | Format::Notification | Format::Platform)
        );
        State {
            format,
            line: 1,
            seen,
            is_inside: false,
        }
    }
}

/// The iterator that [`split`] returns.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    bytes: &'a [u8],
    at: usize,
    is_last: bool,
    state: State,
}

impl<'a> Split<'a> {
    /// The records of one window of a file. Unless it is the last one, the record that reaches the window's end is not
    /// returned: the next window must begin with it, at [`Split::consumed`], and go on from [`Split::state`].
    pub fn window(state: State, bytes: &'a [u8], is_last: bool) -> Split<'a> {
        Split {
            bytes,
            at: 0,
            is_last,
            state,
        }
    }

    /// How many bytes the records that were returned have used.
    pub fn consumed(&self) -> usize {
        self.at
    }

    /// What the next window begins with.
    pub fn state(&self) -> State {
        self.state
    }

    /// The end of the line that begins at `from`: before and behind its line feed. `None` where the window ends first.
    fn line_end(&self, from: usize) -> Option<(usize, usize)> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        match memchr::memchr(b'\n', rest) {
            Some(length) => Some((from + length, from + length + 1)),
            None => self.is_last.then_some((self.bytes.len(), self.bytes.len())),
        }
    }

    fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        let bytes = self.bytes.get(from..to).unwrap_or_default();
        bytes.strip_suffix(b"\r").unwrap_or(bytes)
    }

    /// The record from `from` to `to`; the next begins there, `lines` further down, `inside` a line or not.
    fn cut(&mut self, from: usize, to: usize, next: usize, lines: u64, inside: bool) -> Record<'a> {
        let line = self.state.line;
        self.at = next;
        // A window that was taken for the last one may end inside a line.
        let is_torn = next == self.bytes.len() && !inside && !self.bytes.ends_with(b"\n");
        self.state.line += if is_torn {
            memchr::memchr_iter(b'\n', self.bytes.get(from..).unwrap_or_default()).count() as u64
        } else {
            lines
        };
        self.state.is_inside = inside || is_torn;
        Record {
            line,
            bytes: self.slice(from, to).trim_ascii_end(),
        }
    }

    /// Passes over blank lines; where the first line that isn't one ends.
    fn first_line(&mut self) -> Option<(usize, usize)> {
        loop {
            if self.at >= self.bytes.len() {
                return None;
            }
            let (end, next) = self.line_end(self.at)?;
            if !self.slice(self.at, end).trim_ascii().is_empty() {
                return Some((end, next));
            }
            self.at = next;
            self.state.line += 1;
            self.state.is_inside = false;
        }
    }

    /// Where a second record begins in the line from `from` to `end`, behind the record that began at `record`.
    fn glued(&self, format: Format, record: usize, from: usize, end: usize) -> Option<usize> {
        let bytes = self.bytes;
        let from = from.max(record + 1);
        let line = bytes.get(..end)?;
        let found = match format {
            Format::Webservices => webservices::start::glued(bytes, record, from, end),
            Format::Client => client::glued(bytes, from, end),
            Format::Access => access::glued(bytes, from, end),
            Format::Ctisvr => ctisvr::glued(bytes, record, from, end),
            Format::Realm => realm::glued(bytes, record, from, end),
            Format::Uccx => uccx::next_start(line, record, from),
            Format::Sdl => sdl::next_start(line, record, from),
            Format::Platform => platform::next_start(line, from),
            Format::CtiOs => ctios::next_start(line, from),
            Format::Ece => ece::next_start(line, from),
            _ => None,
        };
        found.filter(|at| *at > record && *at < end)
    }
}

/// True where a record of this format begins.
fn begins(format: Format, line: &[u8]) -> bool {
    match format {
        Format::Webservices => webservices::start::begins(line),
        Format::Realm => realm::begins(line),
        Format::Ctisvr => ctisvr::begins(line),
        Format::Access => access::begins(line),
        Format::Client => client::begins(line),
        Format::Notification => notification::begins(line),
        Format::Uccx => uccx::next_start(line.get(..256).unwrap_or(line), 0, 0) == Some(0),
        Format::Sdl => sdl::begins(line),
        Format::CtiOs => ctios::begins(line),
        Format::Platform => platform::begins(line),
        Format::Ece => ece::begins(line),
        Format::Portico => portico::begins(line),
        Format::Audit => audit::begins(line),
        Format::Procmon => true,
        Format::Payload => false,
    }
}

/// A dump that has not been closed by ` )` goes on in lines that are neither a new message nor a trace.
fn is_open_dump(line: &[u8], is_first: bool) -> bool {
    let line = line.trim_ascii_end();
    (!is_first || memchr::memmem::find(line, b"MsgType:").is_some()) && !line.ends_with(b")")
}

fn continues_dump(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(line, b": ") else {
        return true;
    };
    let text = line.get(at + 2..).unwrap_or_default();
    !(text.starts_with(b"MsgType:")
        || text.starts_with(b"Trace:")
        || memchr::memmem::find(line, b" Trace: ").is_some()
        || line.starts_with(b"Trace:")
        || line.starts_with(b"MsgType:"))
}

/// True when the record so far can't have another line that begins no record.
fn is_whole(format: Format, record: &[u8]) -> bool {
    format == Format::Access && access::is_whole(record)
}

/// True when the next line belongs to the record so far, whatever it begins with: a client's stamp whose entry an
/// article put on the next line.
fn is_unfinished(format: Format, record: &[u8]) -> bool {
    format == Format::Client && record.len() <= 10 && client::is_stamp(record)
}

impl<'a> Iterator for Split<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (mut end, mut next) = self.first_line()?;
        let from = self.at;
        let first = self.slice(from, end);
        let Some(format) = self.state.format else {
            return Some(self.cut(from, end, next, 1, false));
        };
        if format == Format::Payload {
            if !self.is_last {
                return None;
            }
            let to = self.bytes.len();
            return Some(self.cut(from, to, to, 1, false));
        }
        let has_beginning = self.state.is_inside || begins(format, first);
        let seen = self.state.seen || has_beginning;
        if let Some(cut) = self.glued(format, from, from, end) {
            // The second record keeps this line's number.
            self.state.seen = true;
            let record = self.cut(from, cut, cut, 0, true);
            return if record.bytes.is_empty() {
                self.next()
            } else {
                Some(record)
            };
        }
        let mut open = format == Format::Ctisvr && is_open_dump(first, true);
        let mut lines = 1;
        while next < self.bytes.len() {
            let (more_end, more_next) = self.line_end(next)?;
            let more = self.slice(next, more_end);
            let record = self.slice(from, end);
            let continues = if more.trim_ascii().is_empty() {
                // Only inside a payload; at the end it is cut off below.
                seen
            } else if is_unfinished(format, record) {
                true
            } else if begins(format, more) {
                open && continues_dump(more)
            } else {
                seen && !is_whole(format, record)
            };
            if !continues {
                break;
            }
            if let Some(cut) = self.glued(format, from, next, more_end) {
                // This line's beginning still belongs to the record, the rest doesn't.
                self.state.seen = true;
                return Some(self.cut(from, cut, cut, lines, true));
            }
            if !more.trim_ascii().is_empty() {
                open = open && is_open_dump(more, false);
            }
            end = more_end;
            next = more_next;
            lines += 1;
        }
        if next >= self.bytes.len() && !self.is_last {
            // The next window may continue it.
            return None;
        }
        self.state.seen = seen;
        Some(self.cut(from, end, next, lines, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(format: Format, text: &str) -> Vec<(u64, String)> {
        let text_of = |record: Record<'_>| {
            (
                record.line,
                String::from_utf8_lossy(record.bytes).into_owned(),
            )
        };
        split(Some(format), text.as_bytes()).map(text_of).collect()
    }

    #[test]
    fn stack_traces_and_payloads_belong_to_their_record() {
        let text = "eg.\n\n%CCBU_a-3-B: %[x=y]: z\n\tat java\n\n  <xml>\n%CCBU_c-6-D: e\r\n";
        let found = records(Format::Webservices, text);
        assert_eq!(
            found.iter().map(|record| record.0).collect::<Vec<_>>(),
            [1, 3, 7]
        );
        assert!(found[1].1.ends_with("<xml>"));
        assert_eq!(found[2].1, "%CCBU_c-6-D: e");
    }

    #[test]
    fn a_dump_goes_on_until_it_is_closed() {
        let text = "10:06:31:774 cg1a-ctisvr Session 8: MsgType:A (B:1\n10:06:31:774 cg1a-ctisvr Session 8:   C:2 )\n\
                    10:06:31:774 cg1a-ctisvr Session 5: D:3\n10:06:31:775 cg1a-ctisvr Trace: x\n";
        let lines: Vec<_> = records(Format::Ctisvr, text)
            .into_iter()
            .map(|record| record.0)
            .collect();
        assert_eq!(lines, [1, 3, 4]);
    }

    #[test]
    fn blanks_before_a_stamp_are_no_record() {
        let found = records(Format::Client, "\r18:40:05: Header : ");
        assert_eq!(found, [(1, "18:40:05: Header :".to_owned())]);
    }

    #[test]
    fn glued_client_entries_come_apart() {
        let text = "18:40:05: Container : a'18:40:05: Container : b\n<user>\nc content=''18:40:06: Header : d\n";
        let found = records(Format::Client, text);
        let lines: Vec<_> = found.iter().map(|record| record.0).collect();
        assert_eq!(lines, [1, 1, 3]);
        assert_eq!(found[1].1, "18:40:05: Container : b\n<user>\nc content=''");
    }

    #[test]
    fn a_stamp_at_the_end_of_a_line_begins_the_next_entry() {
        let text = "Container : a url='x' 18:40:03:\nContainer : b\n18:40:04:\n\nc\n";
        let found = records(Format::Client, text);
        assert_eq!(
            found[1],
            (1, "18:40:03:\nContainer : b\n18:40:04:\n\nc".to_owned())
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_session_shows_records_behind_its_command() {
        let text = "admin:file search x 0000000007: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_a-6-B: %[x=y]: z \
                    0000000008: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_a-6-C: %[x=%CCBU_t-6-D: e]: f";
        let found = records(Format::Webservices, text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].1.starts_with("0000000007") && found[2].1.ends_with("]: f"));
    }

    #[test]
    fn a_wrapped_request_goes_on_until_its_time() {
        let text = "1.1.1.1 1.1.1.1 - - 80 GET /a/b.\njs HTTP/1.1 200 1 2\nno request\n\
                    1.1.1.1 1.1.1.1 - - 80 GET /  HTTP/1.1 302 - 141 1.1.1.2 1.1.1.2 - - 80 GET /c  HTTP/1.1 302 - 1\n";
        let lines: Vec<_> = records(Format::Access, text)
            .into_iter()
            .map(|found| found.0)
            .collect();
        assert_eq!(lines, [1, 3, 4, 4]);
    }

    proptest::proptest! {
        #[test]
        fn records_are_in_order_and_lose_nothing_but_blanks(
            text in "([A-C0-9:% \n\r]|%CCBU_|10:06:31:774 cg1a-ctisvr |18:40:05: Header : |MsgType:|Trace: |[)]){0,60}",
            index in 0usize..15,
        ) {
            let format = Format::ALL[index];
            let mut last = 0;
            let mut kept = 0;
            for record in split(Some(format), text.as_bytes()) {
                proptest::prop_assert!(record.line >= last && !record.bytes.is_empty());
                last = record.line;
                kept += record.bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
            }
            proptest::prop_assert_eq!(kept, text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count());
        }

        #[test]
        fn windows_of_any_size_give_the_same_records(
            text in "([A-C0-9:% \n\r]|%CCBU_a-6-B: |: %\\[|\\]|10:06:31:774 cg1a-ctisvr |18:40:05: Header : |\n18:40:05:\n|MsgType:|Trace: |[)]|HTTP/1.1 200 1 1 |1.1.1.1 1.1.1.1 - - 80 GET / ){0,60}",
            index in 0usize..15,
            size in 1usize..40,
        ) {
            let format = Some(Format::ALL[index]);
            let own = |record: Record<'_>| (record.line, record.bytes.to_vec());
            let whole: Vec<_> = split(format, text.as_bytes()).map(own).collect();
            let (mut found, mut state, mut from, mut to) = (Vec::new(), State::new(format), 0, 0);
            while to < text.len() {
                to = (to + size).min(text.len());
                let mut window = Split::window(state, &text.as_bytes()[from..to], to == text.len());
                found.extend(window.by_ref().map(own));
                from += window.consumed();
                state = window.state();
            }
            proptest::prop_assert_eq!(found, whole);
        }
    }
}
