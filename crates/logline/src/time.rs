//! The time stamps of the formats (logs.md 2.1, 2.3 to 2.7): read and written without a clock or a zone
//! database. A time is `i64` milliseconds since 1970 UTC; an offset is minutes east of UTC.

const DAY_MS: i64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment broken into the fields that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year, such as 2013.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999.
    pub milli: u32,
}

impl Civil {
    /// The wall clock that shows `at` (milliseconds since 1970) `offset_minutes` east of UTC.
    pub fn at(at: i64, offset_minutes: i32) -> Civil {
        let local = at.saturating_add(i64::from(offset_minutes).saturating_mul(60_000));
        let days = local.div_euclid(DAY_MS);
        let rest = local.rem_euclid(DAY_MS);
        // Days to year, month, day in the proleptic Gregorian calendar: eras of 400 years that begin in March.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let part = |value: i64| u32::try_from(value).unwrap_or(0);
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: part(month),
            day: part(day_of_year - (153 * shifted + 2) / 5 + 1),
            hour: part(rest / 3_600_000),
            minute: part(rest / 60_000 % 60),
            second: part(rest / 1_000 % 60),
            milli: part(rest % 1_000),
        }
    }

    /// Milliseconds since 1970 of this wall clock `offset_minutes` east of UTC; `None` when a field is out of range.
    pub fn to_ms(self, offset_minutes: i32) -> Option<i64> {
        let in_range = (1..=12).contains(&self.month)
            && (1..=31).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 61
            && self.milli < 1_000
            && (-9_999..=9_999).contains(&self.year)
            && offset_minutes.abs() <= 24 * 60;
        if !in_range {
            return None;
        }
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let ms = ((i64::from(self.hour) * 60 + i64::from(self.minute)) * 60
            + i64::from(self.second))
            * 1_000
            + i64::from(self.milli);
        Some(days * DAY_MS + ms - i64::from(offset_minutes) * 60_000)
    }
}

fn digits(out: &mut String, value: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

fn year(out: &mut String, value: i64) {
    digits(out, u32::try_from(value.clamp(0, 9_999)).unwrap_or(0), 4);
}

fn clock(out: &mut String, civil: Civil) {
    digits(out, civil.hour, 2);
    out.push(':');
    digits(out, civil.minute, 2);
    out.push(':');
    digits(out, civil.second, 2);
}

fn offset(out: &mut String, offset_minutes: i32, separator: &str) {
    out.push(if offset_minutes < 0 { '-' } else { '+' });
    let minutes = offset_minutes.unsigned_abs();
    digits(out, minutes / 60, 2);
    out.push_str(separator);
    digits(out, minutes % 60, 2);
}

fn month(civil: Civil) -> &'static str {
    let index = usize::try_from(civil.month.saturating_sub(1)).unwrap_or(0);
    MONTHS.get(index).copied().unwrap_or("Jan")
}

/// Writes `Apr 14 2017 14:01:17.196 -0700`.
pub fn write_ccbu(at: i64, offset_minutes: i32, out: &mut String) {
    let civil = Civil::at(at, offset_minutes);
    out.push_str(month(civil));
    out.push(' ');
    digits(out, civil.day, 2);
    out.push(' ');
    year(out, civil.year);
    out.push(' ');
    clock(out, civil);
    out.push('.');
    digits(out, civil.milli, 3);
    out.push(' ');
    offset(out, offset_minutes, "");
}

/// Writes `23/Apr/2013:22:40:03 +0000`.
pub fn write_access(at: i64, offset_minutes: i32, out: &mut String) {
    let civil = Civil::at(at, offset_minutes);
    digits(out, civil.day, 2);
    out.push('/');
    out.push_str(month(civil));
    out.push('/');
    year(out, civil.year);
    out.push(':');
    clock(out, civil);
    out.push(' ');
    offset(out, offset_minutes, "");
}

/// Writes `22:40:08:374`, the time of day of a peripheral gateway's process log.
pub fn write_process(at: i64, offset_minutes: i32, out: &mut String) {
    let civil = Civil::at(at, offset_minutes);
    clock(out, civil);
    out.push(':');
    digits(out, civil.milli, 3);
}

/// Writes `2013.04.23 22:40:05`, the notification service's time of day without a zone.
pub fn write_notification(at: i64, offset_minutes: i32, out: &mut String) {
    let civil = Civil::at(at, offset_minutes);
    year(out, civil.year);
    out.push('.');
    digits(out, civil.month, 2);
    out.push('.');
    digits(out, civil.day, 2);
    out.push(' ');
    clock(out, civil);
}

fn iso(civil: Civil, out: &mut String) {
    year(out, civil.year);
    out.push('-');
    digits(out, civil.month, 2);
    out.push('-');
    digits(out, civil.day, 2);
    out.push('T');
    clock(out, civil);
    out.push('.');
    digits(out, civil.milli, 3);
}

/// Writes `2015-12-09T13:29:52.225 -04:00`, the first stamp of a 10.5+ client log line.
pub fn write_client(at: i64, offset_minutes: i32, out: &mut String) {
    iso(Civil::at(at, offset_minutes), out);
    out.push(' ');
    offset(out, offset_minutes, ":");
}

/// `2013-04-23T22:40:08.374Z`: RFC 3339 in UTC with milliseconds.
pub fn rfc3339(at: i64) -> String {
    let mut out = String::with_capacity(24);
    iso(Civil::at(at, 0), &mut out);
    out.push('Z');
    out
}

/// Reads a decimal number of ASCII digits only, at most nine.
pub fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0u32, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

fn part(text: &[u8], from: usize, to: usize) -> Option<u32> {
    number(text.get(from..to)?)
}

fn sign(text: &[u8], at: usize) -> Option<i32> {
    match text.get(at)? {
        b'+' => Some(1),
        b'-' => Some(-1),
        _ => None,
    }
}

fn month_number(text: &[u8]) -> Option<u32> {
    let index = MONTHS.iter().position(|name| name.as_bytes() == text)?;
    u32::try_from(index + 1).ok()
}

fn is(text: &[u8], at: usize, byte: u8) -> Option<()> {
    (text.get(at) == Some(&byte)).then_some(())
}

/// Reads `HH:MM:SS` at the front: hour, minute, second.
pub fn parse_clock(text: &[u8]) -> Option<(u32, u32, u32)> {
    is(text, 2, b':')?;
    is(text, 5, b':')?;
    let (hour, minute, second) = (part(text, 0, 2)?, part(text, 3, 5)?, part(text, 6, 8)?);
    (hour < 24 && minute < 60 && second < 61).then_some((hour, minute, second))
}

/// Reads `Apr 14 2017 14:01:17.196 -0700` at the front: milliseconds since 1970 and the offset.
pub fn parse_ccbu(text: &[u8]) -> Option<(i64, i32)> {
    is(text, 3, b' ')?;
    is(text, 6, b' ')?;
    is(text, 11, b' ')?;
    is(text, 20, b'.')?;
    is(text, 24, b' ')?;
    let (hour, minute, second) = parse_clock(text.get(12..)?)?;
    let hours = i32::try_from(part(text, 26, 28)?).ok()?;
    let minutes = i32::try_from(part(text, 28, 30)?).ok()?;
    let offset_minutes = sign(text, 25)? * (hours * 60 + minutes);
    let civil = Civil {
        year: i64::from(part(text, 7, 11)?),
        month: month_number(text.get(0..3)?)?,
        day: part(text, 4, 6)?,
        hour,
        minute,
        second,
        milli: part(text, 21, 24)?,
    };
    Some((civil.to_ms(offset_minutes)?, offset_minutes))
}

/// How many bytes [`parse_ccbu`] reads.
pub const CCBU_LEN: usize = 30;

/// Reads `23/Apr/2013:22:40:03 +0000` at the front.
pub fn parse_access(text: &[u8]) -> Option<(i64, i32)> {
    is(text, 2, b'/')?;
    is(text, 6, b'/')?;
    is(text, 11, b':')?;
    is(text, 20, b' ')?;
    let (hour, minute, second) = parse_clock(text.get(12..)?)?;
    let hours = i32::try_from(part(text, 22, 24)?).ok()?;
    let minutes = i32::try_from(part(text, 24, 26)?).ok()?;
    let offset_minutes = sign(text, 21)? * (hours * 60 + minutes);
    let civil = Civil {
        year: i64::from(part(text, 7, 11)?),
        month: month_number(text.get(3..6)?)?,
        day: part(text, 0, 2)?,
        hour,
        minute,
        second,
        milli: 0,
    };
    Some((civil.to_ms(offset_minutes)?, offset_minutes))
}

/// Reads `2013.04.23 22:40:05` with optional `.mmm` or `,mmm` at the front as UTC; also says how long it was.
pub fn parse_notification(text: &[u8]) -> Option<(i64, usize)> {
    is(text, 4, b'.')?;
    is(text, 7, b'.')?;
    is(text, 10, b' ')?;
    let (hour, minute, second) = parse_clock(text.get(11..)?)?;
    let fraction = match text.get(19) {
        Some(b'.' | b',') => part(text, 20, 23),
        _ => None,
    };
    let civil = Civil {
        year: i64::from(part(text, 0, 4)?),
        month: part(text, 5, 7)?,
        day: part(text, 8, 10)?,
        hour,
        minute,
        second,
        milli: fraction.unwrap_or(0),
    };
    Some((civil.to_ms(0)?, if fraction.is_some() { 23 } else { 19 }))
}

/// Reads `2015-12-09T13:29:52.225 -04:00` at the front: milliseconds since 1970 and the offset.
pub fn parse_client(text: &[u8]) -> Option<(i64, i32)> {
    is(text, 4, b'-')?;
    is(text, 7, b'-')?;
    is(text, 10, b'T')?;
    is(text, 19, b'.')?;
    is(text, 23, b' ')?;
    is(text, 27, b':')?;
    let (hour, minute, second) = parse_clock(text.get(11..)?)?;
    let hours = i32::try_from(part(text, 25, 27)?).ok()?;
    let minutes = i32::try_from(part(text, 28, 30)?).ok()?;
    let offset_minutes = sign(text, 24)? * (hours * 60 + minutes);
    let civil = Civil {
        year: i64::from(part(text, 0, 4)?),
        month: part(text, 5, 7)?,
        day: part(text, 8, 10)?,
        hour,
        minute,
        second,
        milli: part(text, 20, 23)?,
    };
    Some((civil.to_ms(offset_minutes)?, offset_minutes))
}

/// How many bytes [`parse_client`] reads.
pub const CLIENT_LEN: usize = 30;

/// Reads `22:40:08:374` or `22:40:08` at the front: milliseconds since midnight and how long the stamp was.
pub fn parse_process(text: &[u8]) -> Option<(i64, usize)> {
    let (hour, minute, second) = parse_clock(text)?;
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    match (text.get(8), part(text, 9, 12)) {
        (Some(b':'), Some(milli)) => Some((seconds * 1_000 + i64::from(milli), 12)),
        _ => Some((seconds * 1_000, 8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 0001-01-01 to 9999-12-30: what four digits of a year can say, with room for offsets.
    const RANGE: std::ops::Range<i64> = -62_135_500_000_000..253_402_200_000_000;

    #[test]
    fn stamps_of_the_samples() {
        assert_eq!(
            parse_ccbu(b"Apr 14 2017 14:01:17.196 -0700"),
            Some((1_492_203_677_196, -420))
        );
        assert_eq!(
            parse_client(b"2015-12-09T13:29:52.225 -04:00"),
            Some((1_449_682_192_225, -240))
        );
        assert_eq!(rfc3339(1_366_756_808_374), "2013-04-23T22:40:08.374Z");
        assert_eq!(parse_process(b"10:06:31:774 cg1a"), Some((36_391_774, 12)));
        assert_eq!(
            parse_access(b"23/Apr/2013:22:40:03 +0000"),
            Some((1_366_756_803_000, 0))
        );
        assert_eq!(parse_ccbu(b"Apr 32 2017 14:01:17.196 -0700"), None);
        assert_eq!(parse_ccbu(b"Apr"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(at in RANGE, offset_minutes in -14 * 60..=14 * 60) {
            let mut out = String::new();
            write_ccbu(at, offset_minutes, &mut out);
            prop_assert_eq!(out.len(), CCBU_LEN);
            prop_assert_eq!(parse_ccbu(out.as_bytes()), Some((at, offset_minutes)));
            out.clear();
            write_client(at, offset_minutes, &mut out);
            prop_assert_eq!(out.len(), CLIENT_LEN);
            prop_assert_eq!(parse_client(out.as_bytes()), Some((at, offset_minutes)));
            out.clear();
            write_access(at, offset_minutes, &mut out);
            prop_assert_eq!(parse_access(out.as_bytes()), Some((at - at.rem_euclid(1_000), offset_minutes)));
            out.clear();
            write_notification(at, 0, &mut out);
            prop_assert_eq!(parse_notification(out.as_bytes()), Some((at - at.rem_euclid(1_000), 19)));
            out.clear();
            write_process(at, 0, &mut out);
            prop_assert_eq!(parse_process(out.as_bytes()), Some((at.rem_euclid(DAY_MS), 12)));
        }

        #[test]
        fn any_moment_can_be_written(at: i64, offset_minutes in -1440..=1440) {
            let mut out = String::new();
            write_ccbu(at, offset_minutes, &mut out);
            prop_assert_eq!(out.len(), CCBU_LEN);
        }
    }
}
