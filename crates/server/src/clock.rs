//! The one place that reads the time, and the zone that log lines and file names are written in.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

static ZONE: LazyLock<TimeZone> = LazyLock::new(TimeZone::system);

/// Milliseconds since 1970-01-01 UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place the ban points to"
)]
pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Minutes that the server's zone is ahead of UTC at this moment.
pub fn offset_minutes(at: i64) -> i32 {
    ZONE.to_offset(timestamp(at)).seconds() / 60
}

/// `2026-11-23T03-20-11.123` in the server's zone, as file names carry it.
pub fn file_stamp(at: i64) -> String {
    let zoned = timestamp(at).to_zoned(ZONE.clone());
    zoned.strftime("%Y-%m-%dT%H-%M-%S%.3f").to_string()
}

/// `2026-11-23` in the server's zone.
pub fn file_date(at: i64) -> String {
    let zoned = timestamp(at).to_zoned(ZONE.clone());
    zoned.strftime("%Y-%m-%d").to_string()
}

fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_sort_by_time() {
        let first = file_stamp(1_763_899_200_000);
        let second = file_stamp(1_763_899_200_001);
        assert!(first < second, "{first} {second}");
        assert_eq!(first.len(), "2026-11-23T03-20-11.123".len());
    }
}
