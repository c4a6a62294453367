//! What a person does at a phone, by script or by somebody's wish.

use super::leg::{Leg, Phase};
use super::person::Person;
use super::random::Span;
use super::simulated::{Due, SimulatedPhones};
use crate::fabric::{Cause, Endpoint, Event, LegId};

/// Somebody outside calls the centre.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The caller's number.
    pub from: Box<str>,
    /// The number called.
    pub dialed: Box<str>,
    /// Call variables by name (`callVariable1`, `user.x`).
    pub variables: Vec<(Box<str>, Box<str>)>,
    /// How long the caller talks before hanging up, drawn when somebody is on the line, time on hold not counted; none
    /// waits for the other side.
    pub talk: Option<Span>,
    /// How long the caller waits for somebody; none is for ever.
    pub patience: Option<Span>,
    /// How long the caller bears being on hold; none is for ever.
    pub hold_patience: Option<Span>,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hand {
    /// Calls the centre from outside.
    Call(Call),
    /// Dials on a phone of the centre.
    Dial {
        /// The phone's extension.
        device: Box<str>,
        /// What is dialled.
        number: Box<str>,
    },
    /// Picks up the phone that rings, the oldest call first.
    PickUp {
        /// Its extension, or the number outside.
        device: Box<str>,
    },
    /// Hangs up the call that is not on hold, or else the oldest one.
    HangUp {
        /// Its extension, or the number outside.
        device: Box<str>,
    },
    /// Presses the hold key, which also takes a held call back.
    Hold {
        /// The phone's extension.
        device: Box<str>,
    },
    /// Unplugs the phone.
    Unplug {
        /// Its extension.
        device: Box<str>,
        /// Whether its conversations end; else only its registration is lost and they go on.
        cut: bool,
    },
    /// Plugs it in again.
    Plug {
        /// Its extension.
        device: Box<str>,
    },
}

impl SimulatedPhones {
    /// Does it.
    pub(super) fn handle(&mut self, now: i64, hand: Hand) -> Option<Event> {
        match hand {
            Hand::Call(call) => self.call(now, call, false),
            Hand::Dial { device, number } => {
                if self.unplugged.contains(&device) {
                    return None;
                }
                let to = Endpoint::Phone(device.clone());
                let person = Person::called(now, self.numbers.script(&to));
                let leg = self.next_leg();
                self.add(now, leg, Leg::calling(to, person, None));
                self.feel(now, leg);
                Some(Event::Dialed {
                    leg,
                    device,
                    number,
                })
            }
            Hand::PickUp { device } => {
                let leg = self.find(&device, |leg| leg.phase == Phase::Ringing)?;
                self.answer(now, leg)
            }
            Hand::HangUp { device } => {
                let active = |leg: &Leg| leg.phase == Phase::Answered && !leg.held && !leg.key;
                let leg = self.find(&device, active);
                let leg = leg.or_else(|| self.find(&device, |_| true))?;
                let declined = self.legs.get(&leg)?.phase != Phase::Answered;
                self.leave(now, leg);
                let cause = if declined {
                    Cause::Rejected
                } else {
                    Cause::Normal
                };
                Some(Event::Gone { leg, cause })
            }
            Hand::Hold { device } => {
                let leg = self.find(&device, |leg| leg.phase == Phase::Answered)?;
                let known = self.legs.get_mut(&leg)?;
                known.key = !known.key;
                Some(if known.key {
                    Event::Held { leg }
                } else {
                    Event::Retrieved { leg }
                })
            }
            Hand::Unplug { device, cut } => self.unplug(now, device, cut),
            Hand::Plug { device } => {
                let was = self.unplugged.remove(&device);
                was.then_some(Event::DeviceUp { device })
            }
        }
    }

    /// The phone is gone first, then the legs that it takes along.
    fn unplug(&mut self, now: i64, device: Box<str>, cut: bool) -> Option<Event> {
        if !self.unplugged.insert(device.clone()) {
            return None;
        }
        let at_it = |leg: &Leg| leg.is_at(&device) && (cut || leg.phase != Phase::Answered);
        let lost: Vec<LegId> = self
            .legs
            .iter()
            .filter(|(_, leg)| at_it(leg))
            .map(|(id, _)| *id)
            .collect();
        for leg in lost {
            self.remove(now, leg);
            let cause = Cause::Unreachable;
            self.put(now, Due::Say(Event::Gone { leg, cause }));
        }
        Some(Event::DeviceDown { device })
    }

    /// The oldest leg at a phone or number that is like this.
    fn find(&self, device: &str, like: impl Fn(&Leg) -> bool) -> Option<LegId> {
        let mut legs = self.legs.iter();
        legs.find(|(_, leg)| leg.is_at(device) && like(leg))
            .map(|(id, _)| *id)
    }
}
