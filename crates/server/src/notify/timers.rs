//! One task for all timers: whoever is registered is asked when its time has come.
//!
//! A session that is polled or pinged often moves its deadline often. It keeps one entry here and is asked again when
//! that entry falls due, so moving a deadline later costs nothing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock;

/// Something with a deadline.
pub(super) trait Timed: Send + Sync {
    /// The entry that is on the queue for it.
    fn armed(&self) -> &Armed;
    /// Its time has come, or had; returns when to ask again.
    fn due(self: Arc<Self>, now: i64) -> Option<i64>;
}

/// The earliest entry that is queued for one thing; `i64::MAX` without one.
#[derive(Debug)]
pub(super) struct Armed(AtomicI64);

impl Default for Armed {
    fn default() -> Armed {
        Armed(AtomicI64::new(i64::MAX))
    }
}

/// The queue of deadlines.
#[derive(Default)]
pub(super) struct Timers {
    queue: Mutex<Queue>,
    earlier: Notify,
}

#[derive(Default)]
struct Queue {
    entries: BTreeMap<(i64, u64), Weak<dyn Timed>>,
    sequence: u64,
}

impl Timers {
    /// Makes sure that `timed` is asked at `at` or before.
    pub(super) fn arm(&self, timed: &Arc<dyn Timed>, at: i64) {
        if timed.armed().0.fetch_min(at, Ordering::AcqRel) <= at {
            return;
        }
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let first = queue.entries.keys().next().map(|(first, _)| *first);
        queue.sequence += 1;
        let key = (at, queue.sequence);
        queue.entries.insert(key, Arc::downgrade(timed));
        drop(queue);
        if first.is_none_or(|first| at < first) {
            self.earlier.notify_one();
        }
    }

    /// Asks all whose time has come; returns when the next is due.
    fn turn(&self, now: i64) -> Option<i64> {
        loop {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let (at, _) = *queue.entries.keys().next()?;
            if at > now {
                return Some(at);
            }
            let Some(((at, _), timed)) = queue.entries.pop_first() else {
                continue;
            };
            drop(queue);
            let Some(timed) = timed.upgrade() else {
                continue;
            };
            // An entry that an earlier one replaced has nothing to say.
            let current =
                timed
                    .armed()
                    .0
                    .compare_exchange(at, i64::MAX, Ordering::AcqRel, Ordering::Acquire);
            if current.is_ok()
                && let Some(next) = Arc::clone(&timed).due(now)
            {
                // Never in the past: this loop has to end.
                self.arm(&timed, next.max(now + 1));
            }
        }
    }

    /// Drives the queue until it is dropped.
    pub(super) async fn run(timers: Weak<Timers>) {
        loop {
            let Some(this) = timers.upgrade() else { return };
            let next = this.turn(clock::now_ms());
            // A second at most, so that a dropped queue ends this task.
            let pause = next.map_or(1000, |next| (next - clock::now_ms()).clamp(0, 1000));
            let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(0));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = this.earlier.notified() => {}
            }
        }
    }
}
