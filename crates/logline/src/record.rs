//! Where the records of a file begin and end: a record is one entry with its continuation and payload lines.
//!
//! Works on bytes and copies nothing. Lines before the first record that has a beginning are records of their own
//! (a terminal's command line, an article's remark); blank lines never are.

use crate::client;
use crate::format::{self, Format};

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
    Split {
        format,
        bytes,
        at: 0,
        line: 1,
        seen: false,
    }
}

/// The iterator that [`split`] returns.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    format: Option<Format>,
    bytes: &'a [u8],
    at: usize,
    line: u64,
    /// A record with a beginning has been seen, so other lines continue it.
    seen: bool,
}

impl<'a> Split<'a> {
    /// The end of the line that begins at `from`: before and behind its line feed.
    fn line_end(&self, from: usize) -> (usize, usize) {
        let rest = self.bytes.get(from..).unwrap_or_default();
        match memchr::memchr(b'\n', rest) {
            Some(length) => (from + length, from + length + 1),
            None => (self.bytes.len(), self.bytes.len()),
        }
    }

    fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        let bytes = self.bytes.get(from..to).unwrap_or_default();
        bytes.strip_suffix(b"\r").unwrap_or(bytes)
    }
}

/// True where a record of this format begins.
fn begins(format: Format, line: &[u8]) -> bool {
    match format {
        Format::Webservices => format::is_webservices(line),
        Format::Realm => format::is_realm(line),
        Format::Ctisvr => format::is_process(line),
        Format::Access => format::is_access(line),
        Format::Client => client::begins(line),
        Format::Notification => format::is_notification(line),
        Format::Payload => false,
    }
}

/// Where a second entry begins inside a line of a client log: text copied from a browser glues entries.
fn glued(line: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b':', line).find_map(|colon| {
        let at = colon.checked_sub(2).filter(|at| *at > 0)?;
        let rest = line.get(at..)?;
        let digits_before = line
            .get(at - 1)
            .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'T'));
        (!digits_before && is_stamped(rest)).then_some(at)
    })
}

/// `HH:MM:SS: gadget :`, or the stamp at the very end of the line with the gadget on the next.
fn is_stamped(rest: &[u8]) -> bool {
    rest.get(2) == Some(&b':') && rest.get(8) == Some(&b':') && client::begins(rest)
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

impl<'a> Iterator for Split<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        // Blank lines between records.
        let (mut end, mut next) = loop {
            if self.at >= self.bytes.len() {
                return None;
            }
            let (end, next) = self.line_end(self.at);
            if !self.slice(self.at, end).trim_ascii().is_empty() {
                break (end, next);
            }
            self.at = next;
            self.line += 1;
        };
        let (from, line) = (self.at, self.line);
        let first = self.slice(from, end);
        let Some(format) = self.format else {
            self.at = next;
            self.line += 1;
            return Some(Record { line, bytes: first });
        };
        if format == Format::Payload {
            self.at = self.bytes.len();
            return Some(Record {
                line,
                bytes: self.slice(from, self.bytes.len()).trim_ascii_end(),
            });
        }
        if format == Format::Client
            && let Some(cut) = glued(first)
        {
            // The second entry keeps this line's number.
            self.at = from + cut;
            self.seen = true;
            if self.slice(from, from + cut).trim_ascii().is_empty() {
                return self.next();
            }
            return Some(Record {
                line,
                bytes: self.slice(from, from + cut),
            });
        }
        let has_beginning = begins(format, first);
        self.seen |= has_beginning;
        let mut open = format == Format::Ctisvr && is_open_dump(first, true);
        let mut lines = 1;
        while next < self.bytes.len() {
            let (more_end, more_next) = self.line_end(next);
            let more = self.slice(next, more_end);
            let blank = more.trim_ascii().is_empty();
            let continues = if blank {
                // Only inside a payload; at the end it is cut off below.
                self.seen
            } else if begins(format, more) {
                open && continues_dump(more)
            } else if format == Format::Client
                && let Some(cut) = glued(more)
            {
                // This line's beginning still belongs to the record, the rest doesn't.
                self.at = next + cut;
                self.line += lines;
                self.seen = true;
                return Some(Record {
                    line,
                    bytes: self.slice(from, next + cut).trim_ascii_end(),
                });
            } else {
                self.seen
            };
            if !continues {
                break;
            }
            if !blank {
                open = open && is_open_dump(more, false);
            }
            end = more_end;
            next = more_next;
            lines += 1;
        }
        self.at = next;
        self.line += lines;
        Some(Record {
            line,
            bytes: self.slice(from, end).trim_ascii_end(),
        })
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

    proptest::proptest! {
        #[test]
        fn records_are_in_order_and_lose_nothing_but_blanks(
            text in "([A-C0-9:% \n\r]|%CCBU_|10:06:31:774 cg1a-ctisvr |18:40:05: Header : |MsgType:|Trace: |[)]){0,60}",
            index in 0usize..7,
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
    }
}
