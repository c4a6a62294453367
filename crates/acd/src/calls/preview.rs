//! A contact of a campaign at an agent: the reservation, what the agent answers, the call to the customer.
//!
//! The reservation is a call from a port of the dialer to the agent's phone, which picks up by itself. Whoever accepts
//! stays off hook: the same leg then makes the call to the customer. While the customer is called the agent stays
//! reserved; when nobody can be had the agent is free again at once, without a tone to listen to. What may be asked of a
//! reservation is BAResponse in SET_CALL_DATA_REQ, nothing else. Reference finesse-api, 2.6.
//!
//! A phone beyond the trunk does not pick up by itself, so its agent often accepts while it rings. It rings on then, and
//! the customer is called once it is picked up; when it is not, the contact waits again, as if nothing was answered.
//! Until then the agent may think better of it. The reference is silent here.

use tact_ged188::{CallType, ControlFailure, EventCause, PeripheralError, Tag};

use super::CallId;
use super::call::{Call, Destination, Party, Place, Relation};
use super::data::{CallData, clamp};
use super::deadline::PREVIEW_MS;
use super::dial::{MAX_NUMBER, Order};
use super::leave::Leaver;
use crate::agent::Trigger;
use crate::dialer::{Contact, Offered, Response, Waiting};
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::Output;
use crate::machine::Acd;
use crate::refusal::Refusal;
use crate::routing::decision::{NotTaken, Outcome};
use crate::routing::{Longest, trace};
use crate::transitions::State;

/// The ECC variables of a campaign's calls.
const CAMPAIGN: &str = "BACampaign";
const ACCOUNT: &str = "BAAccountNumber";
const RESPONSE: &str = "BAResponse";
const STATUS: &str = "BAStatus";
const NAME: &str = "BABuddyName";
const NUMBER: &str = "BACustomerNumber";
/// BAStatus of the reservation and of the call to the customer.
const RESERVATION: &str = "PREVIEW_OUTBOUND_RESERVATION";
const CUSTOMER: &str = "PREVIEW_OUTBOUND";
/// What BAResponse begins with when it is about calling again later.
const CALLBACK: &str = "Callback";

/// What cannot be asked of this call.
const NOT_OF_THIS_CALL: Refusal = Refusal::peripheral(
    ControlFailure::GENERIC_OPERATION,
    PeripheralError::CM_ILLEGAL_CALLSTATE,
);

impl Acd {
    /// Reserves an agent for a contact and has the agent's phone ring and pick up.
    pub(crate) fn offer_preview(
        &mut self,
        now: i64,
        id: CallId,
        waiting: Waiting,
        longest: Longest,
        out: &mut Vec<Output>,
    ) {
        let agent = longest.agent;
        let login = self.agents.get(agent.0).and_then(|it| it.login.as_ref());
        let Some(device) = login.map(|login| login.device) else {
            return;
        };
        let contact = &waiting.contact;
        let port = Place::Port(clamp(&contact.port, MAX_NUMBER).into());
        let to = Destination::Place(Place::Phone(device));
        let mut call = Call::new(id, CallType::RESERVATION_PREVIEW, port, to);
        call.data = data(contact);
        call.queue = Some(longest.queue);
        self.calls.insert(call);
        let leg = self.join_offered(now, id, agent, device);
        if let Some(name) = self.id_of(agent) {
            let outcome = Outcome::Offered {
                queue: longest.queue.number,
                step: longest.step,
                agent: name,
                available_since: longest.since,
                priority: 0,
                enqueued_at: waiting.since,
            };
            trace(out, id, outcome);
        }
        let offered = Offered {
            waiting,
            agent,
            response: None,
        };
        self.dialer.offered.insert(id, offered);
        if let Some(agent) = self.agents.get_mut(agent.0) {
            agent.serving = Some(longest.queue);
        }
        self.agent_trigger(now, agent, Trigger::ReservedPreview, out);
        self.tell_begin(id, out);
        self.command_offer(id, leg, true, out);
    }

    /// The agent's phone picked up: the agent has some time to look, unless the contact is accepted already.
    pub(super) fn preview_begins(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        if call.kind != CallType::RESERVATION_PREVIEW {
            return;
        }
        let offered = self.dialer.offered.get(&id);
        if offered.is_some_and(|offered| offered.response == Some(Response::Accept)) {
            self.preview_accepted(now, id, out);
            return;
        }
        if let Some(party) = call.parties.first_mut() {
            party.deadline = Some(now.saturating_add(PREVIEW_MS));
        }
        self.set_deadline(id);
    }

    /// Whether BAResponse may be set on a call, and what that answers: on reservations the three answers and callbacks,
    /// on a campaign's call to a customer anything else; on other calls nothing.
    pub(super) fn check_campaign(
        &self,
        id: CallId,
        change: &CallData,
    ) -> Result<Option<Response>, Refusal> {
        let call = self.calls.get(id).ok_or(NOT_OF_THIS_CALL)?;
        let word = change.named(RESPONSE);
        let response = word.and_then(Response::of);
        let callback = word
            .and_then(|word| word.get(..CALLBACK.len()))
            .is_some_and(|word| word.eq_ignore_ascii_case(CALLBACK));
        let fits = match call.origin {
            CallType::RESERVATION_PREVIEW => response.is_some() || callback,
            CallType::CUSTOMER_PREVIEW => response.is_none(),
            _ => word.is_none(),
        };
        fits.then_some(response).ok_or(NOT_OF_THIS_CALL)
    }

    /// Reservations are answered, and nothing else.
    pub(super) fn check_no_reservation(&self, id: CallId) -> Result<(), Refusal> {
        match self.calls.get(id) {
            Some(call) if !call.is_talk() => Err(NOT_OF_THIS_CALL),
            _ => Ok(()),
        }
    }

    /// The agent answered with BAResponse.
    pub(super) fn preview_answered(
        &mut self,
        now: i64,
        id: CallId,
        response: Response,
        out: &mut Vec<Output>,
    ) {
        let Some(offered) = self.dialer.offered.get_mut(&id) else {
            return;
        };
        offered.response = Some(response);
        let call = self.calls.get(id);
        let party = call.and_then(|call| call.parties.first());
        if response != Response::Accept {
            self.end_reservation(now, id, out);
        } else if party.is_some_and(|party| party.state.is_answered()) {
            self.preview_accepted(now, id, out);
        }
    }

    /// The agent accepted and is at the phone.
    fn preview_accepted(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        if let Some(next) = self.calls.new_call() {
            self.call_customer(now, id, next, out);
            return;
        }
        // The centre is full of calls: somebody else, another time.
        if let Some(offered) = self.dialer.offered.get_mut(&id) {
            offered.response = Some(Response::Reject);
        }
        self.end_reservation(now, id, out);
    }

    /// The reservation ends, its leg makes the call to the customer.
    fn call_customer(&mut self, now: i64, id: CallId, next: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let queue = call.queue;
        let mut data = call.data.clone();
        let leg = call.parties.first().map(|party| party.leg);
        let (Some(offered), Some(party)) = (
            self.dialer.offered.remove(&id),
            leg.and_then(|leg| self.calls.take(leg)),
        ) else {
            return;
        };
        let Some(device) = party.place.device() else {
            return;
        };
        if let Some(agent) = self.id_of(offered.agent) {
            trace(out, id, Outcome::Answered { agent });
        }
        let leg = party.leg;
        self.tell_left(id, &[(party, EventCause::NONE)], out);
        self.count_calls(now, device);
        self.end_for(id, device, out);
        self.end_if_over(id, out);
        data.set(Tag::ANI, "");
        data.set_named(STATUS, CUSTOMER);
        data.set_named(RESPONSE, "");
        let number = clamp(&offered.waiting.contact.number, MAX_NUMBER);
        let order = Order {
            device,
            kind: CallType::CUSTOMER_PREVIEW,
            to: Destination::Place(Place::Outside(number.into())),
            relation: Relation::None,
            data,
            leg: Some(leg),
        };
        self.dial(now, next, order, out);
        if let Some(call) = self.calls.get_mut(next) {
            call.queue = queue;
        }
    }

    /// Whoever dials by hand looks at no preview any more, and does not wait for its customer.
    pub(super) fn leave_preview(&mut self, now: i64, device: DeviceIndex, out: &mut Vec<Output>) {
        let preview = self.calls.parties_at(device).find_map(|(call, party)| {
            let dials = call.kind == CallType::CUSTOMER_PREVIEW && !party.state.is_answered();
            (dials || !call.is_talk()).then_some((call.id, party.leg))
        });
        if let Some((id, leg)) = preview {
            self.leave(now, id, Leaver::hung_up(leg, EventCause::NONE), out);
        }
    }

    fn end_reservation(&mut self, now: i64, id: CallId, out: &mut Vec<Output>) {
        let call = self.calls.get(id);
        if let Some(leg) = call.and_then(|call| Some(call.parties.first()?.leg)) {
            self.leave(now, id, Leaver::hung_up(leg, EventCause::NONE), out);
        }
    }

    /// The agent's phone left a reservation: the agent is free again, or did not come to the phone and is NOT_READY; the
    /// contact waits for somebody else unless it was closed, or its queue is no more.
    pub(super) fn reservation_over(
        &mut self,
        now: i64,
        id: CallId,
        party: &Party,
        out: &mut Vec<Output>,
    ) {
        let Some(Offered {
            mut waiting,
            agent,
            response,
        }) = self.dialer.offered.remove(&id)
        else {
            return;
        };
        if let Some(device) = party.place.device() {
            self.count_calls(now, device);
        }
        // Who accepts has to come to the phone still.
        let skipped = response.is_some_and(|response| response != Response::Accept);
        let came = skipped || party.state.is_answered();
        let name = self.id_of(agent);
        let plan = self.directory.plan();
        let queue = plan.queue_by_number(waiting.contact.queue);
        if response == Some(Response::RejectClose) || queue.is_none() {
            trace(out, id, Outcome::Gone { reserved: name });
        } else {
            let why = match came {
                true => NotTaken::Rejected,
                false => NotTaken::RingNoAnswer,
            };
            if let Some(agent) = name {
                trace(out, id, Outcome::Requeued { agent, why });
            }
            waiting.refused = Some(agent);
            self.dialer.put_back(waiting);
        }
        let trigger = match came {
            true => Trigger::OfferGone,
            false => Trigger::RingNoAnswer,
        };
        self.agent_trigger(now, agent, trigger, out);
    }

    /// Whether a dialer reserved the agent, and the customer was not reached yet.
    pub(super) fn looks_at_preview(&self, agent: AgentIndex) -> bool {
        let agent = self.agents.get(agent.0);
        agent.is_some_and(|agent| agent.place() == State::ReservedPreview)
    }
}

/// What the agent sees of a contact.
fn data(contact: &Contact) -> CallData {
    let mut data = CallData::default();
    data.set(Tag::ANI, clamp(&contact.port, MAX_NUMBER));
    for (name, value) in [
        (CAMPAIGN, &*contact.campaign),
        (ACCOUNT, &*contact.account),
        (RESPONSE, ""),
        (STATUS, RESERVATION),
        (NAME, &*contact.name),
        (NUMBER, &*contact.number),
    ] {
        data.set_named(name, value);
    }
    let own = |name: &str| data.named(name).is_none();
    let others = contact.variables.iter().filter(|(name, _)| own(name));
    let others: Vec<_> = others.cloned().collect();
    data.set_by_names(&others);
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::Event;
    use crate::io::Input;
    use crate::routing::tests::{Centre, config};

    /// As many calls as the centre bears; one of them.
    fn fill(acd: &mut Acd) -> CallId {
        let mut last = None;
        while let Some(id) = acd.calls.new_call() {
            let place = || Place::Outside("5550199".into());
            let to = Destination::Place(place());
            acd.calls
                .insert(Call::new(id, CallType::OTHER_IN, place(), to));
            last = Some(id);
        }
        last.unwrap()
    }

    fn contact() -> Input {
        Input::Preview(Contact {
            queue: 1,
            ..Contact::default()
        })
    }

    /// One agent, who is ready.
    fn centre() -> Centre {
        let mut centre = Centre::new(config(&[&[1]]));
        centre.ready(0);
        centre
    }

    #[test]
    fn a_contact_for_which_the_centre_is_too_full_waits_for_a_call_to_end() {
        let Centre { mut acd, now, .. } = centre();
        let one = fill(&mut acd);
        acd.handle(now, contact(), &mut Vec::new());
        assert_eq!(acd.contacts_waiting(), 1);
        assert!(!acd.looks_at_preview(AgentIndex(0)));
        acd.calls.remove(one);
        acd.handle(now, Input::Tick, &mut Vec::new());
        assert_eq!(acd.contacts_waiting(), 0);
        assert!(acd.looks_at_preview(AgentIndex(0)));
    }

    #[test]
    fn an_accepted_contact_for_whose_call_the_centre_is_too_full_waits_again() {
        let Centre { mut acd, now, .. } = centre();
        let out = &mut Vec::new();
        acd.handle(now, contact(), out);
        let (id, leg) = {
            let (call, party) = acd.calls.parties_at(DeviceIndex(0)).next().unwrap();
            (call.id, party.leg)
        };
        acd.preview_answered(now, id, Response::Accept, out);
        fill(&mut acd);
        acd.handle(now, Input::Fabric(Event::Answered { leg }), out);
        assert_eq!(acd.contacts_waiting(), 1);
        assert!(!acd.looks_at_preview(AgentIndex(0)));
        assert!(acd.agents.first().unwrap().available());
    }
}
