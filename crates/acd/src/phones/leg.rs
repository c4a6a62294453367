//! One leg: where it leads, who is there, how far it is.

use smallvec::SmallVec;

use super::hand::Call;
use super::person::Person;
use super::script::Ring;
use crate::fabric::{Endpoint, LegId};

/// When something happens, and its place among what happens then.
pub(super) type Key = (i64, u64);

/// How far a leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The machine has just asked for it.
    Offered,
    /// It rings.
    Ringing,
    /// Somebody is at it. A caller's leg begins so.
    Answered,
}

#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub(super) to: Endpoint,
    pub(super) person: Person,
    pub(super) phase: Phase,
    /// What becomes of its ringing.
    pub(super) ring: Ring,
    /// The machine called it, not the other way round.
    pub(super) called: bool,
    /// Told to hold by the machine.
    pub(super) held: bool,
    /// The hold key was pressed.
    pub(super) key: bool,
    pub(super) bridge: Option<u32>,
    /// Where the next thing about it stands in the queue.
    pub(super) due: Option<Key>,
    pub(super) visit: Option<Visit>,
    /// Legs to whoever is at this one.
    pub(super) riders: SmallVec<[LegId; 1]>,
}

/// One call to the centre, as its caller sees it.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) arrived: i64,
    /// When somebody was on the line first.
    pub(super) met: Option<i64>,
    /// Of the traffic: perhaps they call again.
    pub(super) again: Option<Call>,
}

impl Leg {
    /// Of somebody who calls.
    pub(super) fn calling(to: Endpoint, person: Person, visit: Option<Visit>) -> Self {
        Self {
            to,
            person,
            phase: Phase::Answered,
            ring: Ring::ByHand,
            called: false,
            held: false,
            key: false,
            bridge: None,
            due: None,
            visit,
            riders: SmallVec::new(),
        }
    }

    /// Of somebody who is called.
    pub(super) fn called(to: Endpoint, person: Person, ring: Ring) -> Self {
        Self {
            phase: Phase::Offered,
            ring,
            called: true,
            ..Self::calling(to, person, None)
        }
    }

    /// Whether it leads to this extension or number.
    pub(super) fn is_at(&self, number: &str) -> bool {
        match &self.to {
            Endpoint::Phone(own) | Endpoint::Outside(own) => **own == *number,
            Endpoint::Nailed(_) => false,
        }
    }
}
