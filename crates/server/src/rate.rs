//! How much somebody may do in a time: a bucket that fills at a steady rate and holds ten seconds' worth. Pure: time is a
//! parameter.

/// Seconds' worth that may be used at once.
const BURST_S: i64 = 10;
/// A second in the bucket's unit.
const SECOND_US: i64 = 1_000_000;

/// What has been used: the moment at which the bucket is full again, microseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used(i64);

impl Used {
    /// Takes `amount`, of which `per_second` come back each second; false, and nothing is taken, when there is not so much.
    pub fn take(&mut self, now_ms: i64, amount: usize, per_second: u32) -> bool {
        let now = now_ms.saturating_mul(1000);
        let amount = i64::try_from(amount).unwrap_or(i64::MAX);
        let cost = amount.saturating_mul(SECOND_US) / i64::from(per_second.max(1));
        let full_again = self.0.max(now).saturating_add(cost);
        let fits = full_again.saturating_sub(now) <= BURST_S * SECOND_US;
        if fits {
            self.0 = full_again;
        }
        fits
    }

    /// Seconds until `amount` can be taken; 0 when it can be now.
    pub fn wait_s(self, now_ms: i64, amount: usize, per_second: u32) -> u64 {
        let mut tried = self;
        if tried.take(now_ms, amount, per_second) {
            return 0;
        }
        let now = now_ms.saturating_mul(1000);
        let over = self.0.saturating_sub(now) / SECOND_US;
        u64::try_from(over.saturating_sub(BURST_S).saturating_add(1)).unwrap_or(1)
    }

    /// True when nothing is used any more.
    pub fn is_full(self, now_ms: i64) -> bool {
        self.0 <= now_ms.saturating_mul(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_seconds_worth_at_once_and_then_the_rate() {
        let mut used = Used::default();
        for _ in 0..100 {
            assert!(used.take(1_000, 1, 10));
        }
        assert!(!used.take(1_000, 1, 10));
        assert_eq!(used.wait_s(1_000, 1, 10), 1);
        assert!(used.take(1_100, 1, 10));
        assert!(!used.take(1_100, 1, 10));
        assert!(!used.is_full(10_999));
        assert!(used.is_full(11_100));
        assert!(used.take(60_000, 100, 10));
    }

    #[test]
    fn what_is_too_much_takes_nothing() {
        let mut used = Used::default();
        assert!(!used.take(0, 101, 10));
        assert!(used.take(0, 100, 10));
        assert!(!used.take(0, usize::MAX, 0));
    }
}
