//! Calls that arrive, and what else the fabric says.

use tact_ged188::{CallType, EventCause, Tag};

use super::CallId;
use super::call::{Call, Destination, Party, PartyState, Place, Purpose, Relation, event_cause};
use super::data::{CallData, clamp};
use super::dial::{MAX_NUMBER, Order};
use super::leave::Leaver;
use crate::agent::Trigger;
use crate::fabric::{Cause, Command, Event, LegId};
use crate::io::Output;
use crate::machine::Acd;

impl Acd {
    /// Something happened to a leg or a phone. What is about a leg that is not known, or no longer, is ignored.
    pub(crate) fn fabric_event(&mut self, now: i64, event: Event, out: &mut Vec<Output>) {
        let known = |leg| self.calls.call_of(leg);
        match event {
            Event::Incoming {
                leg,
                from,
                dialed,
                variables,
            } => {
                if known(leg).is_none() {
                    self.incoming(now, leg, &from, &dialed, &variables, out);
                }
            }
            Event::Dialed {
                leg,
                device,
                number,
            } => {
                if known(leg).is_none() {
                    self.dialed(now, leg, &device, &number, out);
                }
            }
            Event::Ringing { leg } => {
                if let Some(id) = known(leg) {
                    self.ringing(now, id, leg, out);
                }
            }
            Event::Answered { leg } => {
                if let Some(id) = known(leg) {
                    self.answered(now, id, leg, out);
                } else {
                    self.line_answered(now, leg, out);
                }
            }
            Event::Gone { leg, cause } => {
                if let Some(id) = known(leg) {
                    self.gone(now, id, leg, cause, out);
                } else {
                    self.line_gone(now, leg, out);
                }
            }
            Event::Held { leg } => {
                if let Some(id) = known(leg)
                    && self.party_state(id, leg) == Some(PartyState::Connected)
                    && self.check_no_reservation(id).is_ok()
                {
                    self.hold(now, id, leg, EventCause::NONE, out);
                }
            }
            Event::Retrieved { leg } => {
                if let Some(id) = known(leg)
                    && self.party_state(id, leg) == Some(PartyState::Held)
                {
                    self.retrieve(now, id, leg, out);
                }
            }
            Event::DeviceDown { device } => {
                if let Some(device) = self.directory.device(&device)
                    && self.calls.down.insert(device)
                    && self.mobile_at(device).is_none()
                    && let Some(agent) = self.owner(device)
                {
                    self.agent_trigger(now, agent, Trigger::DeviceLost, out);
                }
            }
            Event::DeviceUp { device } => {
                if let Some(device) = self.directory.device(&device) {
                    self.calls.down.remove(&device);
                }
            }
        }
    }

    /// Somebody outside called: a route, or a phone directly; nobody else is reached from outside.
    fn incoming(
        &mut self,
        now: i64,
        leg: LegId,
        from: &str,
        dialed: &str,
        variables: &[(Box<str>, Box<str>)],
        out: &mut Vec<Output>,
    ) {
        let to = self.destination(dialed);
        let kind = match &to {
            Destination::Route(_) => CallType::PREROUTE_ACD_IN,
            Destination::Place(Place::Phone(_)) => CallType::OTHER_IN,
            Destination::Place(Place::Outside(_) | Place::Port(_)) => {
                let cause = Cause::InvalidNumber;
                out.push(Output::Fabric(Command::Hangup { leg, cause }));
                return;
            }
        };
        let Some(id) = self.calls.new_call() else {
            let cause = Cause::Busy;
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
            return;
        };
        let from = clamp(from, MAX_NUMBER);
        let place = Place::Outside(from.into());
        let mut call = Call::new(id, kind, place.clone(), to.clone());
        let dialed = clamp(dialed, MAX_NUMBER);
        call.data.set(Tag::ANI, from);
        call.data.set(Tag::DNIS, dialed);
        call.data.set(Tag::DIALED_NUMBER, dialed);
        call.data.set_by_names(variables);
        Self::stamp(now, &mut call);
        self.calls.insert(call);
        let party = Party::new(leg, place, PartyState::Waiting);
        self.calls.join(id, party);
        self.tell_begin(id, out);
        match to {
            Destination::Route(number) => self.route(now, id, &number, out),
            Destination::Place(place) => self.ring(now, id, &place, Purpose::Answer, out),
        }
    }

    /// Somebody dialled at a phone of the centre.
    fn dialed(&mut self, now: i64, leg: LegId, device: &str, number: &str, out: &mut Vec<Output>) {
        // Whoever lifts a phone that rings answers it, and dials nothing.
        let rings = |device| {
            let mut parties = self.calls.parties_at(device);
            parties.any(|(_, party)| party.state.is_called())
        };
        let device = self.directory.device(device).filter(|it| !rings(*it));
        let id = device.and_then(|_| self.calls.new_call());
        let (Some(device), Some(id)) = (device, id) else {
            let cause = Cause::Unreachable;
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
            return;
        };
        self.leave_preview(now, device, out);
        // The phone itself put its other calls on hold.
        let active = self.calls.active_at(device);
        if let Some((other, held)) = active.map(|(call, party)| (call.id, party.leg)) {
            self.hold(now, other, held, EventCause::NONE, out);
        }
        let to = self.destination(number);
        let order = Order {
            device,
            kind: Self::kind_of(&to),
            to,
            relation: Relation::None,
            data: CallData::default(),
            leg: Some(leg),
        };
        self.dial(now, id, order, out);
    }

    /// A leg ended at its own end.
    fn gone(&mut self, now: i64, id: CallId, leg: LegId, cause: Cause, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let Some(party) = call.party(leg) else {
            return;
        };
        if party.state.is_called() {
            return self.unanswered(now, id, leg, cause, out);
        }
        let ringing = call.parties.iter().any(|party| party.state.is_called());
        let cause = match (party.state, call.ticket, ringing) {
            (PartyState::Waiting, true, false) => EventCause::ABAND_LOCAL_QUEUE,
            (PartyState::Waiting, _, true) => EventCause::ABAND_RING,
            _ => event_cause(cause),
        };
        self.leave(now, id, Leaver::gone(leg, cause), out);
    }
}
