//! The signal trace of CUCM's CTI Manager (logs.md 2.9). Read only.
//!
//! `SSSSSSSS.nnn |HH:MM:SS.mmm |Type |fields`, fields divided by bars. No date and no zone.

use crate::time;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sdl<'a> {
    /// Sequence number and its part, such as `00895255.002`.
    pub sequence: &'a str,
    /// Milliseconds since midnight by the wall clock.
    pub time_of_day: i64,
    /// `AppInfo`, `SdlSig`, `SdlSig-O`, `Created`, ...
    pub kind: &'a str,
    /// The fields behind, blanks trimmed. Of `AppInfo` it is one text.
    pub fields: Vec<&'a str>,
}

/// Bytes of `HH:MM:SS.mmm`.
const CLOCK: usize = 12;

/// Where the head at the front ends: sequence number, time of day, rest.
fn head(text: &[u8]) -> Option<(usize, i64, usize)> {
    let digits = text
        .iter()
        .take(11)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if !(6..=10).contains(&digits) || text.get(digits) != Some(&b'.') {
        return None;
    }
    let sequence = digits + 4;
    time::number(text.get(digits + 1..sequence)?)?;
    let blanks = text
        .get(sequence..)?
        .iter()
        .take(4)
        .take_while(|b| **b == b' ')
        .count();
    let clock = sequence + blanks + 1;
    if text.get(clock - 1) != Some(&b'|') {
        return None;
    }
    let stamp = text.get(clock..clock + CLOCK)?;
    let (hour, minute, second) = time::parse_clock(stamp)?;
    let milli = time::number(stamp.get(9..)?).filter(|_| stamp.get(8) == Some(&b'.'))?;
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    let rest = text.get(clock + CLOCK..)?;
    let bar = rest.iter().take(4).position(|b| *b == b'|')?;
    Some((
        sequence,
        seconds * 1_000 + i64::from(milli),
        clock + CLOCK + bar + 1,
    ))
}

/// True where a record begins at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    head(line).is_some()
}

/// The next start of a record at or behind `from`, in `bytes` whose present record began at `record`.
pub(crate) fn next_start(bytes: &[u8], record: usize, from: usize) -> Option<usize> {
    memchr::memchr_iter(b'|', bytes.get(from..)?).find_map(|found| {
        let before = bytes.get(record..from + found)?.trim_ascii_end();
        let number = before
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit() || **b == b'.')
            .count();
        let at = record + before.len().checked_sub(number)?;
        (at >= from && begins(bytes.get(at..)?)).then_some(at)
    })
}

/// Reads one record; `None` when it isn't one.
pub fn parse(record: &str) -> Option<Sdl<'_>> {
    let record = record.trim_end();
    let (sequence, time_of_day, rest) = head(record.as_bytes())?;
    let (kind, text) = record
        .get(rest..)?
        .split_once('|')
        .unwrap_or((record.get(rest..)?, ""));
    let kind = kind.trim();
    let fields = if kind == "AppInfo" {
        vec![text.trim()]
    } else {
        text.split('|').map(str::trim).collect()
    };
    Some(Sdl {
        sequence: record.get(..sequence)?,
        time_of_day,
        kind,
        fields,
    })
}

/// `key=value` words of a field, such as `Login=wwhite Seq#=2`; a key may be two words (`Auth Style=0`).
pub fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (key, after) = rest.split_once('=')?;
        // The value ends where the next key begins, which is the last one or two words before the next `=`.
        let end = match after.split_once('=') {
            Some((value, _)) => value.trim_end().rfind(' ').unwrap_or(0),
            None => after.len(),
        };
        rest = after.get(end..).unwrap_or_default();
        Some((key.trim(), after.get(..end).unwrap_or_default().trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: &str =
        "00895255.002 |08:59:16.944 |AppInfo |[CTI-APP] [x] CTI ProviderOpenRequest ( seq#=2 | y)";
    const SIGNAL: &str = "00895261.000 |08:59:17.058 |SdlSig-O |CtiLoginCheckReq |ready |Directory(1,200,23,1) |Login=wwhite Seq#=2";

    #[test]
    fn texts_stay_whole_and_signals_have_fields() {
        let open = parse(OPEN).expect("a record");
        assert_eq!(
            (open.sequence, open.time_of_day, open.kind),
            ("00895255.002", 32_356_944, "AppInfo")
        );
        assert_eq!(
            open.fields,
            ["[CTI-APP] [x] CTI ProviderOpenRequest ( seq#=2 | y)"]
        );
        let signal = parse(SIGNAL).expect("a record");
        assert_eq!(
            (signal.kind, signal.fields[0]),
            ("SdlSig-O", "CtiLoginCheckReq")
        );
        assert_eq!(
            pairs(signal.fields[3]).collect::<Vec<_>>(),
            [("Login", "wwhite"), ("Seq#", "2")]
        );
        assert!(parse("00895261.000 |8:59").is_none());
    }

    #[test]
    fn records_on_one_line_come_apart() {
        let text = format!("### Digit 0 ### {OPEN} {SIGNAL}");
        assert_eq!(next_start(text.as_bytes(), 0, 0), Some(16));
        assert_eq!(next_start(text.as_bytes(), 16, 17), Some(17 + OPEN.len()));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([0-9:.|= ]|00895255.002 \\|08:59:16.944 \\||é){0,30}") {
            let _ = parse(&text).map(|read| read.fields.iter().flat_map(|field| pairs(field)).count());
            let _ = next_start(text.as_bytes(), 0, 0);
        }
    }
}
