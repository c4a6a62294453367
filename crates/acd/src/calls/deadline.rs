//! Deadlines: nothing about a call waits for ever for somebody who does not come.

use tact_ged188::EventCause;

use super::CallId;
use super::call::PartyState;
use super::leave::Leaver;
use crate::fabric::{Cause, Command};
use crate::io::Output;
use crate::machine::Acd;
use crate::timers::Timer;

/// Milliseconds that a phone has to go off hook for a call that its client makes.
pub(super) const OFF_HOOK_MS: i64 = 15_000;
/// Milliseconds that the network has to ring somebody.
pub(super) const SETUP_MS: i64 = 30_000;
/// Milliseconds that somebody has to answer a call that was not routed.
pub(super) const RING_MS: i64 = 60_000;
/// Milliseconds that an agent has to answer a preview.
pub(super) const PREVIEW_MS: i64 = 60_000;
/// Milliseconds that the tone of a failed call lasts.
pub(super) const FAILED_MS: i64 = 30_000;

impl Acd {
    /// Puts the timer of a call where the first of its parties' deadlines is.
    pub(super) fn set_deadline(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let due = call.parties.iter().filter_map(|party| party.deadline).min();
        let before = std::mem::replace(&mut call.due, due);
        if before == due {
            return;
        }
        if let Some(before) = before {
            self.timers.cancel(before, Timer::Call(id));
        }
        if let Some(due) = due {
            self.timers.set(due, Timer::Call(id));
        }
    }

    /// The call has no timer any more.
    pub(super) fn forget_deadline(&mut self, id: CallId) {
        if let Some(due) = self.calls.get_mut(id).and_then(|call| call.due.take()) {
            self.timers.cancel(due, Timer::Call(id));
        }
    }

    /// A call's timer came up: whoever is late is given up.
    pub(crate) fn call_due(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.due = None;
        let late = call
            .parties
            .iter()
            .find(|party| party.deadline.is_some_and(|deadline| deadline <= now));
        if let Some((leg, state)) = late.map(|party| (party.leg, party.state)) {
            match state {
                PartyState::Offered | PartyState::Alerting => {
                    let cause = Cause::NoAnswer;
                    out.push(Output::Fabric(Command::Hangup { leg, cause }));
                    self.unanswered(now, id, leg, cause, out);
                }
                _ => self.leave(now, id, Leaver::hung_up(leg, EventCause::TIME_OUT), out),
            }
        }
        self.set_deadline(id);
    }
}
