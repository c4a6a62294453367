//! Waiting times, and their percentiles.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest wait that is told from longer ones, microseconds.
const LONGEST_US: u64 = 60_000_000;
/// Significant decimal digits that are kept.
const DIGITS: u8 = 3;

/// Waiting times to the microsecond, three digits of each.
#[derive(Debug, Clone)]
pub struct Waits(Histogram<u64>);

impl Waits {
    /// None yet.
    #[expect(
        clippy::expect_used,
        reason = "the bounds are constants that the histogram takes: 1 < longest, digits <= 5"
    )]
    pub fn new() -> Waits {
        Waits(Histogram::new_with_bounds(1, LONGEST_US, DIGITS).expect("constant bounds"))
    }

    /// Adds one.
    pub fn record(&mut self, wait: Duration) {
        let us = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
        self.0.saturating_record(us);
    }

    /// Adds all of another's.
    pub fn add(&mut self, others: &Waits) {
        for value in others.0.iter_recorded() {
            let us = value.value_iterated_to();
            self.0.saturating_record_n(us, value.count_at_value());
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Milliseconds within which `percent` of them ended.
    pub fn percentile_ms(&self, percent: f64) -> f64 {
        self.0.value_at_percentile(percent) as f64 / 1000.0
    }
}

impl Default for Waits {
    fn default() -> Waits {
        Waits::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_what_was_recorded() {
        let mut waits = Waits::new();
        for ms in 1..=100 {
            waits.record(Duration::from_millis(ms));
        }
        assert_eq!(waits.count(), 100);
        assert!((waits.percentile_ms(50.0) - 50.0).abs() < 0.1);
        assert!((waits.percentile_ms(99.0) - 99.0).abs() < 0.1);
        assert!((waits.percentile_ms(100.0) - 100.0).abs() < 0.1);
    }

    #[test]
    fn what_is_longer_than_the_longest_counts_as_the_longest() {
        let mut waits = Waits::new();
        waits.record(Duration::from_secs(3600));
        assert!((waits.percentile_ms(50.0) - 60_000.0).abs() < 60.0);
    }
}
