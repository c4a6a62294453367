//! The Diagnostic Portico's log (logs.md 2.10): `seq: host: date +hh:mm: %<operation>-LEVEL-[thread] text`. Read only.

use crate::time;

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portico<'a> {
    /// Restarts with the service.
    pub sequence: u64,
    /// The host; may be empty.
    pub host: &'a str,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Such as `GetTraceLevel`.
    pub operation: &'a str,
    /// `INFO`, `ERROR`, ...
    pub level: &'a str,
    /// The thread.
    pub thread: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Bytes of a stamp whose zone has a colon.
const STAMP: usize = time::CCBU_LEN + 1;

/// `Apr 14 2017 14:01:17.196 -07:00` at the front.
fn stamp(text: &[u8]) -> Option<i64> {
    let stamp = text.get(..STAMP)?;
    let (hours, minutes) = (stamp.get(..28)?, stamp.get(29..)?);
    (stamp.get(28) == Some(&b':')).then_some(())?;
    time::parse_ccbu(&[hours, minutes].concat()).map(|(at, _)| at)
}

/// Reads one record; `None` when it isn't one.
pub fn parse(record: &str) -> Option<Portico<'_>> {
    let record = record.trim_end();
    let (sequence, rest) = record.split_once(':')?;
    let (host, rest) = rest.trim_start().split_once(':')?;
    let rest = rest.trim_start();
    let at = stamp(rest.as_bytes())?;
    let rest = rest.get(STAMP..)?.strip_prefix(": %")?;
    let (operation, rest) = rest.split_once('-')?;
    let (level, rest) = rest.split_once('-')?;
    let (thread, text) = rest.strip_prefix('[')?.split_once(']')?;
    Some(Portico {
        sequence: sequence.trim().parse().ok()?,
        host: host.trim(),
        at,
        operation,
        level,
        thread,
        text: text.trim(),
    })
}

/// True where a record begins at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    let line = line.get(..256).unwrap_or(line);
    let digits = line
        .iter()
        .take(13)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 || line.get(digits) != Some(&b':') {
        return false;
    }
    memchr::memmem::find(line, b": %").is_some_and(|end| {
        end.checked_sub(STAMP)
            .and_then(|from| line.get(from..))
            .is_some_and(|text| stamp(text).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record() {
        let line =
            "0000000042: PG1A: Apr 14 2017 14:01:17.196 -07:00: %GetTraceLevel-INFO-[12] asked";
        let read = parse(line).expect("a record");
        assert_eq!(
            (read.sequence, read.host, read.at),
            (42, "PG1A", 1_492_203_677_196)
        );
        assert_eq!(
            (read.operation, read.level, read.thread, read.text),
            ("GetTraceLevel", "INFO", "12", "asked")
        );
        assert!(begins(line.as_bytes()));
        assert!(!begins(
            b"0000000042: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_x-6-Y: z"
        ));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([0-9:. %-]|Apr 14 2017 14:01:17.196 -07:00|é){0,20}") {
            let _ = parse(&text);
            let _ = begins(text.as_bytes());
        }
    }
}
