//! Time stamps without a zone, of products that are not ours: read only, as the wall clock showed them.
//!
//! Each function reads at the front and returns the wall clock in milliseconds since 1970 as if it stood in UTC
//! (for [`no_year`] since the first of January of a leap year), and how many bytes the stamp has.

use crate::time::{Civil, number, parse_clock};

fn part(text: &[u8], from: usize, to: usize) -> Option<u32> {
    number(text.get(from..to)?)
}

fn is(text: &[u8], at: usize, byte: u8) -> Option<()> {
    (text.get(at) == Some(&byte)).then_some(())
}

fn wall(date: (u32, u32, u32), clock: (u32, u32, u32), milli: u32) -> Option<i64> {
    let civil = Civil {
        year: i64::from(date.0),
        month: date.1,
        day: date.2,
        hour: clock.0,
        minute: clock.1,
        second: clock.2,
        milli,
    };
    civil.to_ms(0)
}

/// `2016-11-03 09:59:12,558`; the fraction may follow a point or be missing.
pub fn iso(text: &[u8]) -> Option<(i64, usize)> {
    is(text, 4, b'-')?;
    is(text, 7, b'-')?;
    is(text, 10, b' ')?;
    let clock = parse_clock(text.get(11..)?)?;
    let milli = match text.get(19) {
        Some(b',' | b'.') => part(text, 20, 23),
        _ => None,
    };
    let date = (part(text, 0, 4)?, part(text, 5, 7)?, part(text, 8, 10)?);
    let length = if milli.is_some() { 23 } else { 19 };
    Some((wall(date, clock, milli.unwrap_or(0))?, length))
}

/// `08/11/2016 12:46:19`.
pub fn american(text: &[u8]) -> Option<(i64, usize)> {
    is(text, 2, b'/')?;
    is(text, 5, b'/')?;
    is(text, 10, b' ')?;
    let clock = parse_clock(text.get(11..)?)?;
    let date = (part(text, 6, 10)?, part(text, 0, 2)?, part(text, 3, 5)?);
    Some((wall(date, clock, 0)?, 19))
}

/// `08/11/16 12:46:19.123`, the year of this century.
pub fn short_american(text: &[u8]) -> Option<(i64, usize)> {
    is(text, 2, b'/')?;
    is(text, 5, b'/')?;
    is(text, 8, b' ')?;
    is(text, 17, b'.')?;
    let clock = parse_clock(text.get(9..)?)?;
    let date = (
        2_000 + part(text, 6, 8)?,
        part(text, 0, 2)?,
        part(text, 3, 5)?,
    );
    Some((wall(date, clock, part(text, 18, 21)?)?, 21))
}

/// `11 Aug,2016 20:26:23`, as the platform lists files.
pub fn listed(text: &[u8]) -> Option<(i64, usize)> {
    is(text, 2, b' ')?;
    is(text, 6, b',')?;
    is(text, 11, b' ')?;
    let clock = parse_clock(text.get(12..)?)?;
    let date = (
        part(text, 7, 11)?,
        month(text.get(3..6)?)?,
        part(text, 0, 2)?,
    );
    Some((wall(date, clock, 0)?, 20))
}

/// `Dec 05 19:01:36.215`, or `Dec  5 19:01:36` as syslog has it.
pub fn no_year(text: &[u8]) -> Option<(i64, usize)> {
    is(text, 3, b' ')?;
    is(text, 6, b' ')?;
    let day = part(text, 4, 6).or_else(|| {
        is(text, 4, b' ')?;
        part(text, 5, 6)
    })?;
    let clock = parse_clock(text.get(7..)?)?;
    let milli = match text.get(15) {
        Some(b'.') => part(text, 16, 19),
        _ => None,
    };
    let length = if milli.is_some() { 19 } else { 15 };
    // A leap year, so that the 29th of February is a day.
    let at = wall(
        (1_972, month(text.get(..3)?)?, day),
        clock,
        milli.unwrap_or(0),
    )?;
    Some((at, length))
}

fn month(text: &[u8]) -> Option<u32> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let index = MONTHS.chunks_exact(3).position(|name| name == text)?;
    u32::try_from(index + 1).ok()
}

/// Where a stamp that `read` knows begins in `text` at or behind `from`; `mark` is a byte of the stamp and `offset` its
/// place in it. A digit or a letter before it makes it part of something else.
pub(crate) fn find(
    text: &[u8],
    from: usize,
    mark: u8,
    offset: usize,
    read: impl Fn(&[u8]) -> bool,
) -> Option<usize> {
    memchr::memchr_iter(mark, text.get(from..)?).find_map(|found| {
        let at = (from + found)
            .checked_sub(offset)
            .filter(|at| *at >= from)?;
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let is_free = before.is_none_or(|byte| !byte.is_ascii_digit());
        (is_free && read(text.get(at..)?)).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_the_samples() {
        let at = 1_478_167_152_558;
        assert_eq!(iso(b"2016-11-03 09:59:12,558 INFO"), Some((at, 23)));
        assert_eq!(iso(b"2016-11-03 09:59:12"), Some((at - 558, 19)));
        assert_eq!(
            american(b"11/03/2016 09:59:12 | root"),
            Some((at - 558, 19))
        );
        assert_eq!(short_american(b"11/03/16 09:59:12.558 1"), Some((at, 21)));
        assert_eq!(listed(b"03 Nov,2016 09:59:12 1"), Some((at - 558, 20)));
        assert_eq!(
            no_year(b"Jan 02 00:00:01.215 EST"),
            Some((63_158_400_000 - 63_072_000_000 + 63_072_000_000 + 1_215, 19))
        );
        assert!(no_year(b"Nov  3 10:04:32 host").is_some_and(|found| found.1 == 15));
        assert_eq!(iso(b"2016-13-03 09:59:12"), None);
        assert_eq!(no_year(b""), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>) {
            let _ = (iso(&bytes), american(&bytes), short_american(&bytes), listed(&bytes), no_year(&bytes));
            if let Some(at) = find(&bytes, 0, b',', 19, |rest| iso(rest).is_some()) {
                proptest::prop_assert!(at < bytes.len());
            }
        }
    }
}
