//! Ringing somebody: offered, ringing, answered, or not.

use smallvec::SmallVec;
use tact_ged188::{CallType, DeskSettingsMask, EventCause};

use super::CallId;
use super::call::{Destination, Party, PartyState, Place, Purpose, event_cause};
use super::deadline::{FAILED_MS, RING_MS, SETUP_MS};
use super::leave::Leaver;
use crate::agent::Trigger;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::fabric::{Cause, Command, Endpoint, LegId};
use crate::io::Output;
use crate::machine::Acd;
use crate::routing::{Unanswered, Withdrawn};

impl Acd {
    /// Whether a phone would be busy for a call that comes to it: one call at a time.
    pub(super) fn is_busy(&self, device: DeviceIndex) -> bool {
        !self.calls.at(device).is_empty()
    }

    /// Whether a phone is out of order; that of a mobile agent is elsewhere.
    pub(super) fn is_down(&self, device: DeviceIndex) -> bool {
        self.calls.down.contains(&device) && self.mobile_at(device).is_none()
    }

    /// Has the fabric ring a place for a call.
    pub(super) fn ring(
        &mut self,
        now: i64,
        id: CallId,
        place: &Place,
        purpose: Purpose,
        out: &mut Vec<Output>,
    ) {
        let refused = place.device().and_then(|device| {
            let down = self.is_down(device);
            let busy = self.is_busy(device);
            down.then_some(Cause::Unreachable)
                .or(busy.then_some(Cause::Busy))
        });
        if let Some(cause) = refused {
            self.call_failed(now, id, &Destination::Place(place.clone()), cause, out);
            return;
        }
        if let Some(agent) = place.device().and_then(|device| self.owner(device)) {
            self.agent_trigger(now, agent, Trigger::Alerting, out);
        }
        let leg = self.calls.new_leg();
        self.calls.join(
            id,
            Party {
                purpose,
                deadline: Some(now.saturating_add(SETUP_MS)),
                ..Party::new(leg, place.clone(), PartyState::Offered)
            },
        );
        self.command_offer(id, leg, false, out);
        self.set_deadline(id);
    }

    /// Tells the fabric to ring a leg; the phone picks up by itself where it must or its agent's desk settings say so.
    pub(super) fn command_offer(
        &self,
        id: CallId,
        leg: LegId,
        pick_up: bool,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let Some(place) = call.party(leg).map(|party| &party.place) else {
            return;
        };
        let agent = place.device().and_then(|device| self.owner(device));
        let settings = agent.map(|agent| self.directory.desk_settings(Some(agent)));
        let desk = settings.is_some_and(|settings| {
            settings
                .mask
                .contains(DeskSettingsMask::AUTO_ANSWER_ENABLED)
        });
        // The phone that makes a call shows whom it calls, all others who calls.
        let shown = match (&call.calling == place, &call.called) {
            (true, called) => self.called(called).1,
            (false, _) => self.number(&call.calling),
        };
        let to = self.endpoint(place);
        // Nobody but the agent picks up a phone beyond the trunk.
        let outside = matches!(to, Endpoint::Outside(_));
        out.push(Output::Fabric(Command::Offer {
            leg,
            to,
            from: shown.into(),
            auto_answer: (pick_up || desk) && !outside,
        }));
    }

    /// Where the fabric finds a place.
    pub(super) fn endpoint(&self, place: &Place) -> Endpoint {
        match place {
            Place::Phone(device) => match self.mobile_at(*device) {
                Some(mobile) => mobile.endpoint(),
                None => Endpoint::Phone(self.number(place).into()),
            },
            Place::Outside(number) | Place::Port(number) => Endpoint::Outside(number.clone()),
        }
    }

    /// It rings at the far end of a leg.
    pub(super) fn ringing(&mut self, now: i64, id: CallId, leg: LegId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        // Routing watches over the offers it makes.
        let deadline = (!call.ticket).then(|| now.saturating_add(RING_MS));
        let Some(party) = call.party_mut(leg) else {
            return;
        };
        if party.state != PartyState::Offered {
            return;
        }
        party.state = PartyState::Alerting;
        party.deadline = deadline;
        let place = party.place.clone();
        self.set_deadline(id);
        if let Some(device) = place.device() {
            self.begin_for(id, device, out);
        }
        if let Some(call) = self.calls.get(id) {
            self.tell_delivered(call, &place, out);
        }
    }

    /// Somebody picked up at the far end of a leg.
    pub(super) fn answered(&mut self, now: i64, id: CallId, leg: LegId, out: &mut Vec<Output>) {
        match self.party_state(id, leg) {
            Some(PartyState::OffHook) => return self.off_hook(now, id, leg, out),
            Some(PartyState::Offered) => self.ringing(now, id, leg, out),
            Some(PartyState::Alerting) => {}
            _ => return,
        }
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        if call.offered().is_some_and(|party| party.leg == leg) {
            call.ticket = false;
            call.queued = false;
            self.offer_answered(now, id, out);
        }
        self.connect(now, id, leg, out);
        self.joined(id, leg, out);
        self.preview_begins(now, id, out);
    }

    pub(super) fn party_state(&self, id: CallId, leg: LegId) -> Option<PartyState> {
        Some(self.calls.get(id)?.party(leg)?.state)
    }

    /// A party is connected, and with it those who waited for somebody: CALL_ESTABLISHED_EVENT.
    fn connect(&mut self, now: i64, id: CallId, leg: LegId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let legs: SmallVec<[(LegId, Place); 2]> = call
            .parties
            .iter()
            .filter(|party| party.leg == leg || party.state == PartyState::Waiting)
            .map(|party| (party.leg, party.place.clone()))
            .collect();
        for (_, place) in &legs {
            self.hold_others(now, id, place, out);
        }
        for (leg, place) in &legs {
            let agent = place.device().and_then(|device| self.owner(device));
            if let Some(party) = self.calls.get_mut(id).and_then(|call| call.party_mut(*leg)) {
                party.state = PartyState::Connected;
                party.deadline = None;
                party.agent = agent;
            }
        }
        self.set_deadline(id);
        let Some(call) = self.calls.get(id) else {
            return;
        };
        if let Some(answering) = call.party(leg) {
            self.tell_established(call, &answering.place, out);
        }
        self.tap(call, leg, out);
        self.connect_media(id, out);
        for (_, place) in &legs {
            if let Some(device) = place.device() {
                self.line_changed(now, device, out);
            }
        }
        if let Some(call) = self.calls.get(id) {
            for (_, place) in &legs {
                self.tell_rtp_started(call, place, out);
            }
        }
    }

    /// A phone talks on one line: what is connected there besides this call is put on hold.
    pub(super) fn hold_others(
        &mut self,
        now: i64,
        id: CallId,
        place: &Place,
        out: &mut Vec<Output>,
    ) {
        let active = place
            .device()
            .and_then(|device| self.calls.active_at(device))
            .map(|(call, party)| (call.id, party.leg));
        if let Some((other, leg)) = active.filter(|(other, _)| *other != id) {
            self.hold(now, other, leg, EventCause::NONE, out);
        }
    }

    /// Somebody who was called did not answer, or could not.
    pub(super) fn unanswered(
        &mut self,
        now: i64,
        id: CallId,
        leg: LegId,
        cause: Cause,
        out: &mut Vec<Output>,
    ) {
        let offered = self.calls.get(id).and_then(|call| call.offered());
        if offered.is_some_and(|party| party.leg == leg) {
            let why = match (cause, self.party_state(id, leg)) {
                (_, Some(PartyState::Offered)) => Unanswered::NotArrived,
                (Cause::NoAnswer, _) => Unanswered::RingNoAnswer,
                (Cause::Unreachable, _) => Unanswered::DeviceLost,
                _ => Unanswered::Rejected,
            };
            self.divert(now, id, leg, event_cause(cause), out);
            self.offer_unanswered(now, id, why, out);
            return;
        }
        let Some(party) = self.calls.take(leg) else {
            return;
        };
        if party.state == PartyState::Alerting
            && let Some(call) = self.calls.get(id)
        {
            self.tell_connection_cleared(call, &party.place, event_cause(cause), out);
        }
        if let Some(call) = self.calls.get(id).filter(|call| call.parties.is_empty()) {
            self.tell_cleared(call, &party.place, event_cause(cause), out);
        }
        self.party_left(now, id, &party, out);
        self.call_failed(now, id, &Destination::Place(party.place), cause, out);
        self.end_if_over(id, out);
    }

    /// Whom the call was for cannot be had. Whoever talks goes on talking; a phone left alone hears the tone, a caller
    /// from outside is hung up.
    pub(super) fn call_failed(
        &mut self,
        now: i64,
        id: CallId,
        failing: &Destination,
        cause: Cause,
        out: &mut Vec<Output>,
    ) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let preview = call.kind == CallType::CUSTOMER_PREVIEW;
        let mut anchored = call
            .parties
            .iter_mut()
            .filter(|party| !party.state.is_called());
        let (Some(alone), None) = (anchored.next(), anchored.next()) else {
            self.set_deadline(id);
            return;
        };
        let (leg, place) = (alone.leg, alone.place.clone());
        let answered = alone.state.is_answered();
        if !answered {
            alone.state = PartyState::Failed;
        }
        alone.deadline = Some(now.saturating_add(FAILED_MS));
        self.set_deadline(id);
        if let Some(call) = self.calls.get(id) {
            self.tell_failed(call, &place, failing, event_cause(cause), out);
        }
        if preview || place.device().is_none() {
            let leaver = Leaver {
                leg,
                cause: event_cause(cause),
                hang_up: Some(cause),
            };
            self.clear(now, id, leaver, out);
        }
    }

    /// Has a queued call ring at the phone of an agent, who is reserved for it already.
    pub(crate) fn offer_call(
        &mut self,
        now: i64,
        id: CallId,
        agent: AgentIndex,
        out: &mut Vec<Output>,
    ) {
        let login = self.agents.get(agent.0).and_then(|it| it.login.as_ref());
        let Some(device) = login.map(|login| login.device) else {
            return;
        };
        let queue = self.given_from(id);
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.queue = queue;
        call.ticket = true;
        let queued = std::mem::take(&mut call.queued);
        if let Some(call) = self.calls.get(id) {
            if queued {
                self.tell_dequeued(call, out);
            }
            self.tell_pre_call(call, agent, device, out);
        }
        let leg = self.join_offered(now, id, agent, device);
        self.command_offer(id, leg, false, out);
    }

    /// An agent's phone becomes a party that is about to ring.
    pub(super) fn join_offered(
        &mut self,
        now: i64,
        id: CallId,
        agent: AgentIndex,
        device: DeviceIndex,
    ) -> LegId {
        let leg = self.calls.new_leg();
        self.calls.join(
            id,
            Party {
                agent: Some(agent),
                deadline: Some(now.saturating_add(SETUP_MS)),
                ..Party::new(leg, Place::Phone(device), PartyState::Offered)
            },
        );
        self.set_deadline(id);
        leg
    }

    /// Stops the ringing at the agent's phone and tells why the call leaves it (CALL_DIVERTED_EVENT). Routing has put the
    /// call back already or will: it follows with `call_waits` or `offer_call`, unless the call is over.
    pub(crate) fn withdraw_offer(
        &mut self,
        now: i64,
        id: CallId,
        agent: AgentIndex,
        why: Withdrawn,
        out: &mut Vec<Output>,
    ) {
        let offered = self.calls.get(id).and_then(|call| call.offered());
        let Some(leg) = offered
            .filter(|party| party.agent == Some(agent))
            .map(|party| party.leg)
        else {
            return;
        };
        let (cause, told) = match why {
            Withdrawn::RingNoAnswer => (Cause::NoAnswer, EventCause::CALL_NOT_ANSWERED),
            Withdrawn::AgentGone => (Cause::Normal, EventCause::REDIRECTED),
        };
        out.push(Output::Fabric(Command::Hangup { leg, cause }));
        self.divert(now, id, leg, told, out);
    }

    /// A routed call leaves the phone it rang at: CALL_DIVERTED_EVENT, and END_CALL_EVENT for the phone's clients.
    pub(super) fn divert(
        &mut self,
        now: i64,
        id: CallId,
        leg: LegId,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let Some(party) = self.calls.take(leg) else {
            return;
        };
        if let Some(call) = self.calls.get_mut(id) {
            call.queue = None;
        }
        if party.state == PartyState::Alerting
            && let Some(call) = self.calls.get(id)
        {
            self.tell_diverted(call, &party.place, &call.called, cause, out);
        }
        self.party_left(now, id, &party, out);
        self.set_deadline(id);
    }

    /// A call whose offer failed waits again, or one that overflowed waits elsewhere: CALL_QUEUED_EVENT with
    /// `Acd::queues_of` the call. Not called for what `route_call` answers with `Waiting`.
    pub(crate) fn call_waits(&mut self, _now: i64, id: CallId, out: &mut Vec<Output>) {
        let queues = self.queues_of(id);
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.ticket = true;
        call.queued = true;
        if let Some(call) = self.calls.get(id) {
            self.tell_queued(call, &queues, out);
        }
    }
}
