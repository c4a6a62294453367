//! The dialer: contacts of a campaign that wait for an agent to look at them.
//!
//! Knows who is to be called and which queue's agents are asked; the reservation and the call to the customer are
//! `calls::preview`'s. Calls that wait go before contacts: an agent looks at one only when no call wants the agent.
//! A contact that its agent skips, or does not answer in time, waits again for somebody else. What a campaign makes of an
//! outcome (another attempt, another list) is the campaign's. Reference finesse-api, 2.6; acd-and-telephony, 3.5.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::calls::CallId;
use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;
use crate::routing::{Longest, Plan};

/// Contacts that wait at once; further ones are left out.
pub const MAX_CONTACTS: usize = 10_000;

/// Somebody whom a campaign wants called, after an agent had a look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// SkillGroupNumber of the skill group or precision queue whose agents are asked.
    pub queue: u32,
    /// The customer's number, beyond the trunk; BACustomerNumber.
    pub number: Box<str>,
    /// Number of the dialer's port, which calls the agent.
    pub port: Box<str>,
    /// BACampaign.
    pub campaign: Box<str>,
    /// BABuddyName: `last name, first name`.
    pub name: Box<str>,
    /// BAAccountNumber.
    pub account: Box<str>,
    /// Call variables by name (`callVariable1`, `user.x`).
    pub variables: Vec<(Box<str>, Box<str>)>,
}

/// A contact that waits, or that an agent looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) contact: Contact,
    /// When it came, in milliseconds since 1970.
    pub(crate) since: i64,
    /// Its place among all that came.
    order: u64,
    /// Who did not want it last.
    pub(crate) refused: Option<AgentIndex>,
}

/// A contact that an agent looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offered {
    pub(crate) waiting: Waiting,
    pub(crate) agent: AgentIndex,
    /// What the agent answered; none when the reservation ends by itself.
    pub(crate) response: Option<Response>,
}

/// What an agent makes of a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Response {
    /// Call the customer.
    Accept,
    /// Somebody else, another time.
    Reject,
    /// Nobody.
    RejectClose,
}

impl Response {
    /// The word in BAResponse. Capitals do not matter: clients differ.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [
            ("Accept", Self::Accept),
            ("Reject", Self::Reject),
            ("RejectClose", Self::RejectClose),
        ]
        .into_iter()
        .find_map(|(name, response)| name.eq_ignore_ascii_case(word).then_some(response))
    }
}

/// The state of the dialer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Dialer {
    /// By queue, in the order in which they came.
    waiting: BTreeMap<u32, VecDeque<Waiting>>,
    /// By the reservation.
    pub(crate) offered: BTreeMap<CallId, Offered>,
    last_order: u64,
    /// Somebody became available, a contact came, or the configuration is another one.
    look: bool,
}

impl Dialer {
    /// There may be somebody for a contact.
    pub(crate) fn stir(&mut self) {
        self.look = true;
    }

    /// How many contacts wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    /// A contact waits again, in its old place.
    pub(crate) fn put_back(&mut self, waiting: Waiting) {
        let line = self.waiting.entry(waiting.contact.queue).or_default();
        let place = line.partition_point(|other| other.order < waiting.order);
        line.insert(place, waiting);
        self.stir();
    }

    /// Other queues: contacts of those that are no more are dropped, and somebody may be there for the rest.
    pub(crate) fn replan(&mut self, plan: &Plan) {
        self.waiting
            .retain(|queue, _| plan.queue_by_number(*queue).is_some());
        self.stir();
    }

    fn take(&mut self, queue: u32, place: usize) -> Option<Waiting> {
        let line = self.waiting.get_mut(&queue)?;
        let taken = line.remove(place);
        if line.is_empty() {
            self.waiting.remove(&queue);
        }
        taken
    }
}

impl Acd {
    /// Contacts that wait for an agent; not those that somebody looks at.
    pub fn contacts_waiting(&self) -> usize {
        self.dialer.len()
    }

    /// A contact for the agents of its queue. One for a queue that does not exist, or too many, is left out.
    pub(crate) fn preview(&mut self, now: i64, contact: Contact) {
        let known = self.directory.plan().queue_by_number(contact.queue);
        if known.is_none() || self.dialer.len() >= MAX_CONTACTS {
            return;
        }
        self.dialer.last_order = self.dialer.last_order.saturating_add(1);
        self.dialer.put_back(Waiting {
            contact,
            since: now,
            order: self.dialer.last_order,
            refused: None,
        });
    }

    /// Has agents for whom no call waits look at contacts, the oldest first. Behind `settle`, so that calls go first.
    pub(crate) fn settle_previews(&mut self, now: i64, out: &mut Vec<Output>) {
        if !std::mem::take(&mut self.dialer.look) {
            return;
        }
        while let Some((queue, place, longest)) = self.next_preview() {
            // None when the centre is full of calls: again when the next thing happened.
            let Some(id) = self.calls.new_call() else {
                self.dialer.stir();
                return;
            };
            if let Some(waiting) = self.dialer.take(queue, place) {
                self.offer_preview(now, id, waiting, longest, out);
            }
        }
    }

    /// The oldest contact that somebody could look at: its queue, its place there, and who.
    fn next_preview(&mut self) -> Option<(u32, usize, Longest)> {
        let mut best: Option<(u64, u32, usize, Longest)> = None;
        for (queue, line) in &self.dialer.waiting {
            if self
                .routing
                .longest(self.directory.plan(), *queue, None)
                .is_none()
            {
                continue;
            }
            let found = line.iter().enumerate().find_map(|(place, waiting)| {
                let plan = self.directory.plan();
                let longest = self.routing.longest(plan, *queue, waiting.refused)?;
                Some((waiting.order, *queue, place, longest))
            });
            if let Some(found) = found
                && best.is_none_or(|best| found.0 < best.0)
            {
                best = Some(found);
            }
        }
        best.map(|(_, queue, place, longest)| (queue, place, longest))
    }
}
