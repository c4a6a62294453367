//! What a phone or a number does when it is called.

use std::collections::BTreeMap;

use super::random::Span;
use crate::fabric::Endpoint;

/// What becomes of the ringing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ring {
    /// It rings until the machine answers for the person at it, or hangs up: an agent's phone.
    ByHand,
    /// Somebody picks up after this long.
    Answer(Span),
    /// Somebody declines after this long.
    Reject(Span),
    /// Nobody picks up; the network gives up after this long.
    NoAnswer(Span),
    /// The line is busy.
    Busy,
    /// There is no such number.
    Invalid,
    /// The phone is not registered, or the network fails.
    Unreachable,
}

/// How one phone or number behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script {
    /// What becomes of the ringing.
    pub ring: Ring,
    /// How long whoever picked up talks before hanging up, time on hold not counted; none waits for the other side.
    pub stay: Option<Span>,
    /// How long they bear being on hold; none is for ever.
    pub hold_patience: Option<Span>,
}

impl Script {
    /// Rings like this, and then stays on the line.
    pub const fn new(ring: Ring) -> Self {
        Self {
            ring,
            stay: None,
            hold_patience: None,
        }
    }

    /// Answered after a while, for ever.
    pub const fn answers_after(ms: i64) -> Self {
        Self::new(Ring::Answer(Span::Fixed(ms)))
    }

    /// The same, and hangs up after having talked so long.
    #[must_use]
    pub const fn hangs_up_after(mut self, span: Span) -> Self {
        self.stay = Some(span);
        self
    }

    /// The same, and hangs up when held for longer, such as during a consultation.
    #[must_use]
    pub const fn leaves_hold_after(mut self, span: Span) -> Self {
        self.hold_patience = Some(span);
        self
    }
}

/// Digits that a number beyond the trunk has at least, unless it begins with the digit for an outside line.
const OUTSIDE_DIGITS: usize = 7;
/// How long a number without a script rings before somebody picks up.
const PICK_UP_MS: i64 = 2000;
/// How long the network lets a number ring that nobody answers.
const NETWORK_GIVES_UP_MS: i64 = 30_000;

/// Who behaves how: scripts by extension or number, and rules for all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    scripts: BTreeMap<Box<str>, Script>,
}

impl Numbers {
    /// Gives a phone or a number its script.
    pub fn set(&mut self, number: &str, script: Script) {
        self.scripts.insert(number.into(), script);
    }

    /// How a party behaves.
    ///
    /// A phone of the centre without a script rings until it is answered by hand. A number beyond the trunk
    /// without a script answers after two seconds, unless it ends in 0000 (busy), 9999 (nobody answers, the
    /// network gives up after 30 s) or 8888 (no such number). What is no outside number at all is invalid.
    pub fn script(&self, to: &Endpoint) -> Script {
        match to {
            Endpoint::Phone(extension) => self.scripts.get(extension).copied(),
            Endpoint::Outside(number) => {
                let known = self.scripts.get(number).copied();
                known.or_else(|| Some(outside(number)))
            }
            Endpoint::Nailed(_) => Some(Script::answers_after(0)),
        }
        .unwrap_or(Script::new(Ring::ByHand))
    }
}

fn outside(number: &str) -> Script {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let ring = if digits < OUTSIDE_DIGITS && !number.starts_with(['9', '+']) {
        Ring::Invalid
    } else if number.ends_with("0000") {
        Ring::Busy
    } else if number.ends_with("9999") {
        Ring::NoAnswer(Span::Fixed(NETWORK_GIVES_UP_MS))
    } else if number.ends_with("8888") {
        Ring::Invalid
    } else {
        Ring::Answer(Span::Fixed(PICK_UP_MS))
    };
    Script::new(ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_trunk_say_by_their_end_how_they_behave() {
        let numbers = Numbers::default();
        let ring = |number: &str| numbers.script(&Endpoint::Outside(number.into())).ring;
        assert_eq!(ring("5550101"), Ring::Answer(Span::Fixed(2000)));
        assert_eq!(ring("+49 30 5550101"), Ring::Answer(Span::Fixed(2000)));
        assert_eq!(ring("9123"), Ring::Answer(Span::Fixed(2000)));
        assert_eq!(ring("5550000"), Ring::Busy);
        assert_eq!(ring("5559999"), Ring::NoAnswer(Span::Fixed(30_000)));
        assert_eq!(ring("5558888"), Ring::Invalid);
        assert_eq!(ring("123"), Ring::Invalid);
        assert_eq!(ring(""), Ring::Invalid);
    }

    #[test]
    fn a_script_wins_over_the_rules() {
        let mut numbers = Numbers::default();
        numbers.set("5550000", Script::answers_after(5));
        numbers.set("3001", Script::new(Ring::Busy));
        let outside = numbers.script(&Endpoint::Outside("5550000".into()));
        assert_eq!(outside.ring, Ring::Answer(Span::Fixed(5)));
        assert_eq!(
            numbers.script(&Endpoint::Phone("3001".into())).ring,
            Ring::Busy
        );
        assert_eq!(
            numbers.script(&Endpoint::Phone("3002".into())).ring,
            Ring::ByHand
        );
    }
}
