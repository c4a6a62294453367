//! The CTI OS client's and server's trace (logs.md 2.7): `MM/DD/YY HH:MM:SS.mmm <pid> <process> Thd(<n>) text`. Read
//! only; no zone.

use crate::local;

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CtiOs<'a> {
    /// As it is printed.
    pub stamp: &'a str,
    /// The wall clock in milliseconds since 1970 as if it stood in UTC.
    pub wall: i64,
    /// The number of the process.
    pub process_id: u32,
    /// Such as `CTIOSServerNode` or `AgentDesktop`.
    pub process: &'a str,
    /// The thread's number.
    pub thread: &'a str,
    /// The text, which may hold arguments `(Key:Value Key:Value)`.
    pub text: &'a str,
}

/// Reads one record; `None` when it isn't one.
pub fn parse(record: &str) -> Option<CtiOs<'_>> {
    let record = record.trim_end();
    let (wall, length) = local::short_american(record.as_bytes())?;
    let (stamp, rest) = record.split_at_checked(length)?;
    let (process_id, rest) = rest.trim_start().split_once(' ')?;
    let (process, rest) = rest.trim_start().split_once(' ')?;
    let (thread, text) = rest.trim_start().strip_prefix("Thd(")?.split_once(')')?;
    Some(CtiOs {
        stamp,
        wall,
        process_id: process_id.parse().ok()?,
        process,
        thread,
        text: text.trim(),
    })
}

impl<'a> CtiOs<'a> {
    /// The value of an argument; values hold no blanks.
    pub fn argument(&self, key: &str) -> Option<&'a str> {
        self.text
            .split([' ', '(', ')', '\n', '\r'])
            .find_map(|word| {
                let value = word.strip_prefix(key)?.strip_prefix(':')?;
                Some(value.trim_end_matches(','))
            })
    }
}

/// True where a record begins at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    local::short_american(line).is_some()
        && memchr::memmem::find(line.get(..256).unwrap_or(line), b" Thd(").is_some()
}

/// The next start of a record in `bytes` at or behind `from`.
pub(crate) fn next_start(bytes: &[u8], from: usize) -> Option<usize> {
    local::find(bytes, from, b'.', 17, begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_and_its_arguments() {
        let line = "03/24/06 11:17:23.456 3280 CTIOSC++Phone Thd(3300) CtiOsClient::OnControlFailureConf( AgentID:1003 \
                    FailureCode:256 PeripheralErrorCode:0 )";
        let read = parse(line).expect("a record");
        assert_eq!(
            (read.process_id, read.process, read.thread),
            (3_280, "CTIOSC++Phone", "3300")
        );
        assert_eq!(
            (read.argument("FailureCode"), read.argument("AgentID")),
            (Some("256"), Some("1003"))
        );
        assert_eq!(read.stamp, "03/24/06 11:17:23.456");
        let two = format!("{line} {line}");
        assert_eq!(next_start(two.as_bytes(), 1), Some(line.len() + 1));
        assert!(parse("03/24/06 11:17:23.456 no").is_none());
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([0-9:./ ()a-z]|03/24/06 11:17:23.456 |Thd\\(|é){0,30}") {
            let _ = parse(&text).map(|read| read.argument("a").is_some());
            let _ = next_start(text.as_bytes(), 0);
        }
    }
}
