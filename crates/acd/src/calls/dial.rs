//! Calls that somebody at a phone of the centre makes.

use tact_ged188::{CallType, Tag};

use super::CallId;
use super::call::{Call, Destination, Party, PartyState, Place, Purpose, Relation};
use super::data::{CallData, RouterKey, clamp};
use super::deadline::{OFF_HOOK_MS, RING_MS};
use crate::agent::Trigger;
use crate::directory::DeviceIndex;
use crate::fabric::{Cause, LegId};
use crate::io::Output;
use crate::machine::Acd;
use crate::routing::Routed;

/// Bytes of a number.
pub(super) const MAX_NUMBER: usize = 40;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// A call to be made.
#[derive(Debug)]
pub(super) struct Order {
    /// The phone that makes it.
    pub(super) device: DeviceIndex,
    pub(super) to: Destination,
    pub(super) kind: CallType,
    pub(super) relation: Relation,
    pub(super) data: CallData,
    /// The phone's leg when it is off hook already.
    pub(super) leg: Option<LegId>,
}

impl Acd {
    /// Whom a number is for: a route, a phone of the centre, or somebody beyond the trunk.
    pub(super) fn destination(&self, number: &str) -> Destination {
        let number = clamp(number, MAX_NUMBER);
        if self.has_route(number) {
            return Destination::Route(number.into());
        }
        match self.directory.device(number) {
            Some(device) => Destination::Place(Place::Phone(device)),
            None => Destination::Place(Place::Outside(number.into())),
        }
    }

    /// What a call from a phone is, by whom it is for.
    pub(super) fn kind_of(to: &Destination) -> CallType {
        match to {
            Destination::Route(_) => CallType::PREROUTE_ACD_IN,
            Destination::Place(Place::Phone(_)) => CallType::AGENT_INSIDE,
            Destination::Place(Place::Outside(_) | Place::Port(_)) => CallType::OUT,
        }
    }

    /// Makes a call: off hook first, then the number.
    pub(super) fn dial(&mut self, now: i64, id: CallId, order: Order, out: &mut Vec<Output>) {
        if let Some(agent) = self.owner(order.device) {
            self.agent_trigger(now, agent, Trigger::OffHook, out);
        }
        let place = Place::Phone(order.device);
        let mut call = Call::new(id, order.kind, place.clone(), order.to);
        call.relation = order.relation;
        call.data = order.data;
        let dialed = self.called(&call.called).1.to_owned();
        call.data.set(Tag::DIALED_NUMBER, &dialed);
        if call.data.text(Tag::ANI).is_empty() {
            call.data.set(Tag::ANI, self.number(&place));
        }
        Self::stamp(now, &mut call);
        call.audience.push(order.device);
        self.calls.insert(call);
        let leg = order.leg.unwrap_or_else(|| self.calls.new_leg());
        let state = match order.leg {
            Some(_) => PartyState::Waiting,
            None => PartyState::OffHook,
        };
        // A phone beyond the trunk rings first.
        let patience = match self.mobile_at(order.device) {
            Some(_) => RING_MS,
            None => OFF_HOOK_MS,
        };
        let deadline = order.leg.is_none().then(|| now.saturating_add(patience));
        self.calls.join(
            id,
            Party {
                deadline,
                ..Party::new(leg, place, state)
            },
        );
        self.set_deadline(id);
        self.tell_begin(id, out);
        if let Some(call) = self.calls.get(id) {
            self.tell_service_initiated(call, out);
        }
        if order.leg.is_some() {
            self.originate(now, id, out);
        } else {
            self.command_offer(id, leg, true, out);
        }
    }

    /// The phone of whoever makes a call is off hook.
    pub(super) fn off_hook(&mut self, now: i64, id: CallId, leg: LegId, out: &mut Vec<Output>) {
        if let Some(party) = self.calls.get_mut(id).and_then(|call| call.party_mut(leg)) {
            party.state = PartyState::Waiting;
            party.deadline = None;
        }
        self.set_deadline(id);
        self.originate(now, id, out);
    }

    /// The number is dialled.
    fn originate(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        self.tell_originated(call, out);
        match call.called.clone() {
            Destination::Route(number) => self.route(now, id, &number, out),
            Destination::Place(place) => {
                if place.device().is_none() {
                    self.tell_reached_network(call, &place, out);
                }
                self.ring(now, id, &place, Purpose::Answer, out);
            }
        }
    }

    /// Writes on a call that routing is asked about it.
    pub(super) fn stamp(now: i64, call: &mut Call) {
        let Destination::Route(number) = &call.called else {
            return;
        };
        call.data.key = Some(RouterKey {
            day: u32::try_from(now.div_euclid(DAY_MS)).unwrap_or_default(),
            call_id: call.id.0,
            sequence: call
                .data
                .key
                .map_or(0, |key| key.sequence.saturating_add(1)),
        });
        call.data.set(Tag::DIALED_NUMBER, number);
        call.data.set(Tag::DNIS, number);
    }

    /// Whether calls to a number are routed.
    fn has_route(&self, number: &str) -> bool {
        self.directory.plan().route_to(number).is_some()
    }

    /// Asks routing for an agent.
    pub(super) fn route(&mut self, now: i64, id: CallId, number: &str, out: &mut Vec<Output>) {
        if let Some(call) = self.calls.get_mut(id) {
            call.ticket = true;
            call.queue = None;
        }
        match self.route_call(now, id, number, out) {
            Routed::Offered(_) => {}
            Routed::Waiting => self.call_waits(now, id, out),
            Routed::Closed(Some(to)) => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.ticket = false;
                }
                let to = self.destination(&to);
                self.send_on(now, id, to, out);
            }
            ended => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.ticket = false;
                }
                let cause = match ended {
                    Routed::NoRoute => Cause::InvalidNumber,
                    _ => Cause::Unreachable,
                };
                let to = Destination::Route(number.into());
                self.call_failed(now, id, &to, cause, out);
            }
        }
    }
}
