//! State changes at a fixed rate, whether or not the ones before are done.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};

use super::Changes;
use super::run::other_state;
use crate::login::{Failure, Seat, Timing};

/// One agent after the other changes between READY and NOT_READY, `rate` changes a second for `seconds`. Where the next
/// agent is not yet done with its last change, another takes its place; where none is, the change waits, and is late.
pub async fn changes_at_a_rate(seats: &mut Vec<Seat>, rate: u32, seconds: u32) -> Changes {
    let mut outcome = Changes::default();
    let mut idle: VecDeque<Seat> = seats.drain(..).collect();
    let mut under_way = FuturesUnordered::new();
    let start = Instant::now();
    for number in 0..rate.saturating_mul(seconds) {
        let due = start + Duration::from_secs(1) * number / rate;
        let seat = loop {
            let done = if idle.is_empty() {
                under_way.next().await
            } else {
                // The time comes, or there is nothing to wait for but the time.
                match timeout_at(due, under_way.next()).await {
                    Ok(None) => {
                        tokio::time::sleep_until(due).await;
                        None
                    }
                    Ok(done) => done,
                    Err(_) => None,
                }
            };
            match done {
                Some(done) => idle.extend(note(&mut outcome, done)),
                None => break idle.pop_front(),
            }
        };
        // Everyone has failed.
        let Some(seat) = seat else { break };
        under_way.push(change(seat, due));
    }
    while let Some(done) = under_way.next().await {
        idle.extend(note(&mut outcome, done));
    }
    outcome.elapsed = start.elapsed();
    seats.extend(idle);
    outcome
}

type Done = (Seat, Duration, Result<Timing, Failure>);

async fn change(mut seat: Seat, due: Instant) -> Done {
    let late = due.elapsed();
    let state = other_state(&seat);
    let outcome = seat.change(state).await;
    (seat, late, outcome)
}

/// The seat, unless it failed: then nobody knows what state it is in.
fn note(outcome: &mut Changes, (seat, late, result): Done) -> Option<Seat> {
    match result {
        Ok(timing) => {
            outcome.accepted.record(late + timing.accepted);
            outcome.event.record(late + timing.event);
            Some(seat)
        }
        Err(failure) => {
            outcome.failures.add(failure);
            None
        }
    }
}
