//! The log of the e-mail and chat product, whose parts stand between ` <@> ` (logs.md 2.10). Read only.

use crate::local;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ece<'a> {
    /// As it is printed.
    pub stamp: &'a str,
    /// Milliseconds since 1970.
    pub at: i64,
    /// `WARN`, `ERROR`, ...
    pub level: &'a str,
    /// Such as `32:Thread-6`.
    pub thread: &'a str,
    /// The parts behind: `ProcessId:1740`, class, method, text.
    pub parts: Vec<&'a str>,
}

/// What stands between the parts.
const SEPARATOR: &str = "<@>";

/// Reads one record; `None` when it isn't one.
pub fn parse(record: &str) -> Option<Ece<'_>> {
    let mut parts = record.split(SEPARATOR).map(str::trim);
    let stamp = parts.next()?;
    let (wall, length) = local::iso(stamp.as_bytes())?;
    let zone = stamp.get(length..)?.trim().strip_prefix("GMT")?;
    let offset_minutes = zone_minutes(zone)?;
    let level = parts.next()?;
    let thread = parts.next()?.trim_matches(['[', ']']);
    Some(Ece {
        stamp,
        at: wall - i64::from(offset_minutes) * 60_000,
        level,
        thread,
        parts: parts.collect(),
    })
}

/// `-0400` in minutes; nothing is UTC.
fn zone_minutes(zone: &str) -> Option<i32> {
    if zone.is_empty() {
        return Some(0);
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let number = i32::try_from(crate::time::number(digits.as_bytes())?).ok()?;
    let minutes = (number / 100).min(24) * 60 + number % 100;
    match sign {
        "-" => Some(-minutes),
        "+" => Some(minutes),
        _ => None,
    }
}

/// True where a record begins at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    local::iso(line).is_some()
        && memchr::memmem::find(line.get(..64).unwrap_or(line), SEPARATOR.as_bytes()).is_some()
}

/// The next start of a record in `bytes` at or behind `from`.
pub(crate) fn next_start(bytes: &[u8], from: usize) -> Option<usize> {
    local::find(bytes, from, b'.', 19, begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record() {
        let line = "2011-05-01 19:02:23.758 GMT-0400 <@> WARN <@> [32:Thread-6] <@> ProcessId:1740 <@> HttpSessionId:  <@> a.b.C <@> m() <@> text <@>";
        let read = parse(line).expect("a record");
        assert_eq!(
            (read.at, read.level, read.thread),
            (1_304_290_943_758, "WARN", "32:Thread-6")
        );
        assert_eq!(read.parts.first(), Some(&"ProcessId:1740"));
        assert!(begins(line.as_bytes()) && !begins(b"2011-05-01 19:02:23.758 INFO"));
        assert!(parse("2011-05-01 19:02:23.758 <@> x").is_none());
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([0-9:. GMT+-]|<@>|2011-05-01 19:02:23.758 GMT|é){0,20}") {
            let _ = parse(&text);
            let _ = next_start(text.as_bytes(), 0);
        }
    }
}
