//! The runs: everyone signs in, changes state, signs out.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Failures, Waits};
use crate::login::{Failure, LoginSettings, Seat, sign_in};

/// What signing in came to.
#[derive(Debug, Clone, Default)]
pub struct SignIns {
    /// From the first request of a login, or from the moment it was due, to its last answer.
    pub waits: Waits,
    /// From the first login's start to the last one's end.
    pub elapsed: Duration,
    /// Those that came to nothing.
    pub failures: Failures,
}

impl SignIns {
    /// Adds a later run to this one.
    pub fn add(&mut self, later: &SignIns) {
        self.waits.add(&later.waits);
        self.elapsed += later.elapsed;
    }

    /// Logins a second.
    pub fn per_second(&self) -> f64 {
        per_second(self.waits.count(), self.elapsed)
    }
}

/// What state changes came to.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// From before the PUT, or from the moment it was due, to its 202.
    pub accepted: Waits,
    /// From there to the event with its requestId.
    pub event: Waits,
    /// From the first PUT to the last event.
    pub elapsed: Duration,
    /// Those that came to nothing.
    pub failures: Failures,
}

impl Changes {
    /// State changes a second.
    pub fn per_second(&self) -> f64 {
        per_second(self.event.count(), self.elapsed)
    }
}

fn per_second(count: u64, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
}

/// Signs everyone in, `at_a_time` of them at a time.
pub async fn sign_in_all(agents: &[LoginSettings], at_a_time: usize) -> (Vec<Seat>, SignIns) {
    let mut outcome = SignIns::default();
    let mut seats = Vec::with_capacity(agents.len());
    let start = Instant::now();
    let mut logins = stream::iter(agents)
        .map(|settings| async move {
            let start = Instant::now();
            (sign_in(settings).await, start.elapsed())
        })
        .buffer_unordered(at_a_time);
    while let Some((login, wait)) = logins.next().await {
        match login {
            Ok(seat) => {
                outcome.waits.record(wait);
                seats.push(seat);
            }
            Err(failure) => outcome.failures.add(failure),
        }
    }
    outcome.elapsed = start.elapsed();
    (seats, outcome)
}

/// Everyone changes between READY and NOT_READY `rounds` times, `at_a_time` of them at a time.
pub async fn state_changes(
    seats: &mut [Seat],
    at_a_time: usize,
    rounds: usize,
) -> Result<Changes, Failure> {
    let mut outcome = Changes::default();
    let start = Instant::now();
    for _ in 0..rounds {
        let mut changes = stream::iter(seats.iter_mut())
            .map(|seat| async move { seat.change(other_state(seat)).await })
            .buffer_unordered(at_a_time);
        while let Some(timing) = changes.try_next().await? {
            outcome.accepted.record(timing.accepted);
            outcome.event.record(timing.event);
        }
    }
    outcome.elapsed = start.elapsed();
    Ok(outcome)
}

/// Where a change between READY and NOT_READY leads.
pub(super) fn other_state(seat: &Seat) -> &'static str {
    match seat.state() {
        "READY" => "NOT_READY",
        _ => "READY",
    }
}

/// Signs everyone out and closes the channels.
pub async fn sign_out_all(seats: Vec<Seat>, at_a_time: usize) -> Result<(), Failure> {
    let mut leaving = stream::iter(seats)
        .map(|mut seat| async move {
            let signed_out = seat.sign_out().await;
            seat.close().await;
            signed_out
        })
        .buffer_unordered(at_a_time);
    while leaving.try_next().await?.is_some() {}
    Ok(())
}
