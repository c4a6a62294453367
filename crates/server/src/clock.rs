//! The one place that reads the time. Log lines and file names are in UTC.

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

/// The zone that this server works in.
pub fn zone() -> TimeZone {
    ZONE.clone()
}

/// `2026-11-23T03-20-11.123` in UTC, as file names carry it.
pub fn file_stamp(at: i64) -> String {
    timestamp(at).strftime("%Y-%m-%dT%H-%M-%S%.3f").to_string()
}

/// `2026-11-23` in UTC.
pub fn file_date(at: i64) -> String {
    timestamp(at).strftime("%Y-%m-%d").to_string()
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
