//! Telephony as the machine sees it: legs, and what happens to them.
//!
//! The centre is always in the middle: each party of a call is one leg between the fabric and the
//! machine, and who hears whom is decided here. So hold, transfer and conference are the machine's own
//! and take effect when it says so; only what another person does (ring, answer, hang up, dial) comes
//! back as an [`Event`]. The machine never sees SIP. Reference acd-and-telephony, 4.4.
//!
//! [`crate::phones`] implements [`Fabric`] with simulated phones; real telephony will implement it later.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::by_number::Number;

/// One leg. The machine's own are even, those of the fabric odd; none is used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LegId(pub u64);

impl Number for LegId {
    fn number(self) -> u64 {
        self.0
    }

    fn of(number: u64) -> Self {
        Self(number)
    }
}

/// Where a leg leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Endpoint {
    /// A phone of the centre, by extension.
    Phone(Box<str>),
    /// A number beyond the trunk.
    Outside(Box<str>),
    /// Whoever is at the far end of this leg, which stays connected between calls: the nailed line of a mobile agent.
    /// A leg to it is answered at once, and gone when the line is.
    Nailed(LegId),
}

/// Why a leg ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// Somebody hung up.
    Normal,
    /// The line is busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// The call was declined.
    Rejected,
    /// There is no such number.
    InvalidNumber,
    /// The phone is not registered, or the network failed.
    Unreachable,
}

/// What the machine wants of the fabric. A command about a leg that is gone does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Ring a phone or call a number. Answered by [`Event::Ringing`], then [`Event::Answered`] or [`Event::Gone`].
    Offer {
        /// The new leg.
        leg: LegId,
        /// Whom to ring.
        to: Endpoint,
        /// The number to show.
        from: Box<str>,
        /// Whether the phone picks up by itself.
        auto_answer: bool,
    },
    /// Pick up a phone that rings. Answered by [`Event::Answered`] or [`Event::Gone`].
    Answer {
        /// The ringing leg.
        leg: LegId,
    },
    /// End the leg. No event follows.
    Hangup {
        /// The leg.
        leg: LegId,
        /// Why.
        cause: Cause,
    },
    /// Play music to the leg.
    Hold {
        /// The leg.
        leg: LegId,
    },
    /// Connect it again.
    Retrieve {
        /// The leg.
        leg: LegId,
    },
    /// These legs, and only these, hear each other; replaces what the bridge joined before.
    Bridge {
        /// Number of the bridge: its call's.
        bridge: u32,
        /// The legs; none ends the bridge.
        legs: SmallVec<[LegId; 3]>,
    },
    /// Send tones.
    Dtmf {
        /// The leg that hears them.
        leg: LegId,
        /// 0 to 9, A to D, * and #.
        digits: Box<str>,
    },
    /// Let one leg listen to a bridge without being heard.
    Tap {
        /// The leg that listens.
        leg: LegId,
        /// The bridge.
        bridge: u32,
    },
    /// The machine was restarted and believes in this leg: answered by [`Event::Gone`] when it is no more.
    Adopt {
        /// The leg.
        leg: LegId,
        /// Where it leads.
        to: Endpoint,
        /// Whether it was answered; else it rings.
        answered: bool,
    },
}

/// What the fabric has to tell. An event about an unknown leg is ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody outside called a number of the centre.
    Incoming {
        /// The caller's leg.
        leg: LegId,
        /// The caller's number.
        from: Box<str>,
        /// The number called.
        dialed: Box<str>,
        /// Call variables by name (`callVariable1`, `user.x`), as a voice menu would set them.
        variables: Vec<(Box<str>, Box<str>)>,
    },
    /// Somebody dialled on a phone of the centre.
    Dialed {
        /// The phone's leg.
        leg: LegId,
        /// The phone's extension.
        device: Box<str>,
        /// The number dialled.
        number: Box<str>,
    },
    /// The far end rings.
    Ringing {
        /// The leg.
        leg: LegId,
    },
    /// Somebody picked up.
    Answered {
        /// The leg.
        leg: LegId,
    },
    /// The leg ended at its own end.
    Gone {
        /// The leg.
        leg: LegId,
        /// Why.
        cause: Cause,
    },
    /// The hold key of a phone.
    Held {
        /// The leg.
        leg: LegId,
    },
    /// The same key again.
    Retrieved {
        /// The leg.
        leg: LegId,
    },
    /// A phone left: out of order, unplugged.
    DeviceDown {
        /// Its extension.
        device: Box<str>,
    },
    /// It is back.
    DeviceUp {
        /// Its extension.
        device: Box<str>,
    },
}

/// Telephony. A pure machine like the centre itself: time is given, nothing blocks.
pub trait Fabric {
    /// Takes one command at `now` (milliseconds since 1970).
    fn command(&mut self, now: i64, command: Command);

    /// The next event that is due by `now`.
    fn poll(&mut self, now: i64) -> Option<Event>;

    /// When [`Fabric::poll`] has something next, in milliseconds since 1970.
    fn next_due(&self) -> Option<i64>;
}
