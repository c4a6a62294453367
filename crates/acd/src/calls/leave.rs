//! How parties leave and calls end.
//!
//! Whatever the reason, everything goes through [`Acd::take_out`]: commands, events and agent states in one order.

use smallvec::{SmallVec, smallvec};
use tact_ged188::EventCause;

use super::CallId;
use super::call::{Call, Party, PartyState, Relation};
use crate::agent::{Trigger, WrapUp};
use crate::directory::DeviceIndex;
use crate::fabric::{Cause, Command, LegId};
use crate::io::Output;
use crate::machine::Acd;

/// A party that leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaver {
    pub(super) leg: LegId,
    /// As events say it.
    pub(super) cause: EventCause,
    /// How the fabric is told; nothing for a leg that is gone already.
    pub(super) hang_up: Option<Cause>,
}

impl Leaver {
    /// Somebody whose leg is hung up.
    pub(super) fn hung_up(leg: LegId, cause: EventCause) -> Self {
        Self {
            leg,
            cause,
            hang_up: Some(Cause::Normal),
        }
    }

    /// Somebody whose leg ended at its own end.
    pub(super) fn gone(leg: LegId, cause: EventCause) -> Self {
        Self {
            leg,
            cause,
            hang_up: None,
        }
    }
}

impl Acd {
    /// One party leaves; the others too when the call cannot go on without it.
    pub(super) fn leave(&mut self, now: i64, id: CallId, first: Leaver, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let mut leavers: SmallVec<[Leaver; 3]> = smallvec![first];
        if !call.goes_on_without(first.leg) {
            leavers.extend(others(call, first.leg));
        }
        self.take_out(now, id, &leavers, out);
    }

    /// Everyone leaves, this one first.
    pub(super) fn clear(&mut self, now: i64, id: CallId, first: Leaver, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let mut leavers: SmallVec<[Leaver; 3]> = smallvec![first];
        leavers.extend(others(call, first.leg));
        self.take_out(now, id, &leavers, out);
    }

    /// Takes parties out of a call: hangs up, tells of it, lets the agents' states follow, and ends the call when
    /// nobody is left and nobody wraps it up.
    fn take_out(&mut self, now: i64, id: CallId, leavers: &[Leaver], out: &mut Vec<Output>) {
        let mut left: SmallVec<[(Party, EventCause); 3]> = SmallVec::new();
        for leaver in leavers {
            if self.calls.call_of(leaver.leg) != Some(id) {
                continue;
            }
            if let Some(cause) = leaver.hang_up {
                let leg = leaver.leg;
                out.push(Output::Fabric(Command::Hangup { leg, cause }));
            }
            if let Some(party) = self.calls.take(leaver.leg) {
                left.push((party, leaver.cause));
            }
        }
        self.connect_media(id, out);
        self.tell_left(id, &left, out);
        self.end_ticket(now, id, out);
        for (party, _) in &left {
            self.party_left(now, id, party, out);
        }
        self.end_monitors(now, id, out);
        self.end_if_over(id, out);
        self.set_deadline(id);
    }

    pub(super) fn tell_left(
        &self,
        id: CallId,
        left: &[(Party, EventCause)],
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let known = || {
            left.iter()
                .filter(|(party, _)| party.state != PartyState::Offered)
        };
        if call.parties.is_empty() && call.queued {
            self.tell_dequeued(call, out);
        }
        for (party, cause) in known() {
            self.tell_connection_cleared(call, &party.place, *cause, out);
        }
        for (party, _) in known().filter(|(party, _)| party.state == PartyState::Connected) {
            self.tell_rtp_stopped(call, &party.place, out);
        }
        if let Some((last, cause)) = left.last()
            && call.parties.is_empty()
        {
            self.tell_cleared(call, &last.place, *cause, out);
        }
    }

    /// Routing forgets a call in which nobody waits for an agent any more.
    fn end_ticket(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        if call.ticket && !call.parties.iter().any(|party| !party.state.is_called()) {
            call.ticket = false;
            call.queued = false;
            self.ticket_gone(now, id, out);
        }
    }

    /// What it means for a phone that its party left a call: the agent's state follows, and the call ends for the
    /// phone's clients unless the agent wraps it up.
    pub(super) fn party_left(
        &mut self,
        now: i64,
        id: CallId,
        party: &Party,
        out: &mut Vec<Output>,
    ) {
        let (Some(device), Some(call)) = (party.place.device(), self.calls.get(id)) else {
            return;
        };
        let (origin, counts) = (call.origin, call.is_talk());
        let answered = party.state.is_answered();
        if answered && counts {
            self.note_left(device, origin);
            self.line_changed(now, device, out);
        }
        if !counts {
            self.reservation_over(now, id, party, out);
        } else if !answered && party.agent.is_none() {
            // Who is reserved for a routed call is freed by routing.
            self.nothing_came(now, device, party.state, out);
        }
        let working = party
            .agent
            .filter(|agent| answered && self.in_wrap_up(*agent));
        match (working, self.calls.get_mut(id)) {
            (Some(agent), Some(call)) => {
                call.wrapping.push((agent, device));
                self.calls.kept.entry(agent).or_default().push(id);
            }
            _ => self.end_for(id, device, out),
        }
    }

    /// A call ended at a phone before it was answered: it rings no more, or what was dialled came to nothing. Unless
    /// there is another call, queued ones may be offered there again.
    fn nothing_came(
        &mut self,
        now: i64,
        device: DeviceIndex,
        was: PartyState,
        out: &mut Vec<Output>,
    ) {
        let wrap_up = WrapUp::None;
        let idle = self.calls.at(device).is_empty();
        if let Some(agent) = self.owner(device).filter(|_| idle) {
            // Of a preview it was the customer who could not be had.
            let trigger = match was.is_called() || self.looks_at_preview(agent) {
                true => Trigger::OfferGone,
                false => Trigger::LastCallEnded { wrap_up },
            };
            self.agent_trigger(now, agent, trigger, out);
        }
    }

    /// Supervisors who listened to an agent who is gone listen to nothing.
    pub(super) fn end_monitors(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let ended: SmallVec<[(CallId, LegId); 1]> = call
            .monitors
            .iter()
            .filter_map(|monitor| self.calls.get(*monitor))
            .filter_map(|monitor| {
                let Relation::Monitor { target, .. } = monitor.relation else {
                    return None;
                };
                let gone = call.party_at(target).is_none();
                Some((monitor.id, monitor.parties.first()?.leg)).filter(|_| gone)
            })
            .collect();
        for (monitor, leg) in ended {
            let leaver = Leaver::hung_up(leg, EventCause::NONE);
            self.clear(now, monitor, leaver, out);
        }
    }

    /// END_CALL_EVENT once nobody is left and nobody wraps up.
    pub(super) fn end_if_over(&mut self, id: CallId, out: &mut Vec<Output>) {
        let over = |call: &Call| call.parties.is_empty() && call.wrapping.is_empty();
        if !self.calls.get(id).is_some_and(over) {
            return;
        }
        self.forget_deadline(id);
        if let Some(Relation::Monitor { of, .. }) = self.calls.get(id).map(|call| call.relation)
            && let Some(monitored) = self.calls.get_mut(of)
        {
            monitored.monitors.retain(|monitor| *monitor != id);
        }
        self.end_call(id, out);
    }
}

/// Everyone else in a call.
fn others(call: &Call, leg: LegId) -> impl Iterator<Item = Leaver> {
    call.parties
        .iter()
        .filter(move |party| party.leg != leg)
        .map(|party| Leaver::hung_up(party.leg, EventCause::NONE))
}
