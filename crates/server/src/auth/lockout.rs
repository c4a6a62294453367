//! Failures in a row, and the lock that follows. Pure: time is a parameter. Bounded: the entry that was touched
//! longest ago makes room.

use std::collections::BTreeMap;

/// Counts failures by user name.
#[derive(Debug)]
pub(super) struct Lockout {
    /// Failures in a row that lock.
    failures: u32,
    /// How long the lock holds, milliseconds.
    lock_ms: i64,
    /// Most names remembered.
    capacity: usize,
    entries: BTreeMap<String, Entry>,
    /// Names by the moment at which they were last touched.
    order: BTreeMap<u64, String>,
    touches: u64,
}

#[derive(Debug, Default)]
struct Entry {
    failures: u32,
    locked_until: Option<i64>,
    touched: u64,
}

impl Lockout {
    pub(super) fn new(failures: u32, lock_ms: i64, capacity: usize) -> Lockout {
        Lockout {
            failures,
            lock_ms,
            capacity,
            entries: BTreeMap::new(),
            order: BTreeMap::new(),
            touches: 0,
        }
    }

    /// Milliseconds for which `name` stays locked; `None` when it is not.
    pub(super) fn locked(&self, name: &str, now: i64) -> Option<i64> {
        let until = self.entries.get(name)?.locked_until?;
        (now < until).then_some(until - now)
    }

    /// A failure of `name`. True when it is the one that locks. Failures while locked do not count.
    pub(super) fn failed(&mut self, name: &str, now: i64) -> bool {
        if self.locked(name, now).is_some() {
            return false;
        }
        let mut entry = self.take(name).unwrap_or_default();
        if entry.locked_until.is_some() {
            // The lock has run out: the count begins anew.
            entry = Entry::default();
        }
        entry.failures += 1;
        let locks = entry.failures >= self.failures;
        if locks {
            entry.locked_until = Some(now.saturating_add(self.lock_ms));
        }
        self.put(name, entry);
        locks
    }

    /// A success of `name`: its failures are forgotten.
    pub(super) fn succeeded(&mut self, name: &str) {
        self.take(name);
    }

    fn take(&mut self, name: &str) -> Option<Entry> {
        let entry = self.entries.remove(name)?;
        self.order.remove(&entry.touched);
        Some(entry)
    }

    fn put(&mut self, name: &str, mut entry: Entry) {
        while self.entries.len() >= self.capacity {
            let Some((_, oldest)) = self.order.pop_first() else {
                break;
            };
            self.entries.remove(&oldest);
        }
        self.touches += 1;
        entry.touched = self.touches;
        self.order.insert(self.touches, name.to_owned());
        self.entries.insert(name.to_owned(), entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn lockout() -> Lockout {
        Lockout::new(5, 5 * MINUTE, 100)
    }

    fn fail(lockout: &mut Lockout, name: &str, times: u32, now: i64) -> Vec<bool> {
        (0..times).map(|_| lockout.failed(name, now)).collect()
    }

    #[test]
    fn the_fifth_failure_locks_for_five_minutes() {
        let mut lockout = lockout();
        assert_eq!(
            fail(&mut lockout, "a", 5, 0),
            [false, false, false, false, true]
        );
        assert_eq!(lockout.locked("a", 0), Some(5 * MINUTE));
        assert_eq!(lockout.locked("a", 5 * MINUTE - 1), Some(1));
        assert_eq!(lockout.locked("a", 5 * MINUTE), None);
        assert_eq!(lockout.locked("b", 0), None);
    }

    #[test]
    fn a_success_begins_the_count_anew() {
        let mut lockout = lockout();
        fail(&mut lockout, "a", 4, 0);
        lockout.succeeded("a");
        assert_eq!(fail(&mut lockout, "a", 4, 0), [false; 4]);
    }

    #[test]
    fn the_end_of_the_lock_begins_the_count_anew() {
        let mut lockout = lockout();
        fail(&mut lockout, "a", 5, 0);
        assert_eq!(
            fail(&mut lockout, "a", 5, 5 * MINUTE),
            [false, false, false, false, true]
        );
    }

    #[test]
    fn failures_while_locked_do_not_prolong_the_lock() {
        let mut lockout = lockout();
        fail(&mut lockout, "a", 5, 0);
        assert_eq!(fail(&mut lockout, "a", 10, MINUTE), [false; 10]);
        assert_eq!(lockout.locked("a", MINUTE), Some(4 * MINUTE));
    }

    #[test]
    fn the_table_is_bounded_and_forgets_the_oldest() {
        let mut lockout = Lockout::new(2, MINUTE, 3);
        for name in ["a", "b", "c"] {
            lockout.failed(name, 0);
        }
        // Touching `a` makes `b` the oldest.
        assert!(lockout.failed("a", 0));
        lockout.failed("d", 0);
        assert_eq!(lockout.entries.len(), 3);
        assert_eq!(lockout.order.len(), 3);
        assert!(lockout.locked("a", 0).is_some());
        assert!(!lockout.failed("b", 0));
    }
}
