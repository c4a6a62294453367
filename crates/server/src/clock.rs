//! The one place that reads the time.

/// Milliseconds since 1970-01-01 UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place the ban points to"
)]
pub fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
