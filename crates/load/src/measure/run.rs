//! The runs: everyone signs in, changes state, signs out.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::Waits;
use crate::login::{Failure, LoginSettings, Seat, sign_in};

/// What signing in came to.
#[derive(Debug, Clone)]
pub struct SignIns {
    /// From the first request of a login to its last answer.
    pub waits: Waits,
    /// From the first login's start to the last one's end.
    pub elapsed: Duration,
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
#[derive(Debug, Clone)]
pub struct Changes {
    /// From before the PUT to its 202.
    pub accepted: Waits,
    /// From before the PUT to the event with its requestId.
    pub event: Waits,
    /// From the first PUT to the last event.
    pub elapsed: Duration,
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

/// Signs everyone in, `at_a_time` of them at a time. The first failure ends the run.
pub async fn sign_in_all(
    agents: &[LoginSettings],
    at_a_time: usize,
) -> Result<(Vec<Seat>, SignIns), Failure> {
    let mut waits = Waits::new();
    let mut seats = Vec::with_capacity(agents.len());
    let start = Instant::now();
    let mut logins = stream::iter(agents)
        .map(|settings| async move {
            let start = Instant::now();
            let seat = sign_in(settings).await?;
            Ok::<_, Failure>((seat, start.elapsed()))
        })
        .buffer_unordered(at_a_time);
    while let Some((seat, wait)) = logins.try_next().await? {
        waits.record(wait);
        seats.push(seat);
    }
    let elapsed = start.elapsed();
    Ok((seats, SignIns { waits, elapsed }))
}

/// Everyone changes between READY and NOT_READY `rounds` times, `at_a_time` of them at a time.
pub async fn state_changes(
    seats: &mut [Seat],
    at_a_time: usize,
    rounds: usize,
) -> Result<Changes, Failure> {
    let mut accepted = Waits::new();
    let mut event = Waits::new();
    let start = Instant::now();
    for _ in 0..rounds {
        let mut changes = stream::iter(seats.iter_mut())
            .map(|seat| async move {
                let state = if seat.state() == "READY" {
                    "NOT_READY"
                } else {
                    "READY"
                };
                seat.change(state).await
            })
            .buffer_unordered(at_a_time);
        while let Some(timing) = changes.try_next().await? {
            accepted.record(timing.accepted);
            event.record(timing.event);
        }
    }
    let elapsed = start.elapsed();
    Ok(Changes {
        accepted,
        event,
        elapsed,
    })
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
