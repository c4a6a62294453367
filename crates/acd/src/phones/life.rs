//! The life of a leg: offered, ringing, answered, held, joined with others, over.

use super::hand::Call;
use super::leg::{Leg, Phase, Visit};
use super::person::{Mood, Person};
use super::random::Span;
use super::script::Ring;
use super::simulated::{Due, Joined, MOST, Outcome, SimulatedPhones};
use crate::fabric::{Cause, Endpoint, Event, LegId};

impl SimulatedPhones {
    pub(super) fn call(&mut self, now: i64, call: Call, of_traffic: bool) -> Option<Event> {
        if self.legs.len() >= MOST {
            self.tally.turned_away += 1;
            return None;
        }
        self.tally.arrived += 1;
        let visit = Visit {
            arrived: now,
            met: None,
            again: of_traffic.then(|| call.clone()),
        };
        let person = Person::calling(now, &call);
        let to = Endpoint::Outside(call.from.clone());
        let leg = self.next_leg();
        self.add(now, leg, Leg::calling(to, person, Some(visit)));
        self.feel(now, leg);
        Some(Event::Incoming {
            leg,
            from: call.from,
            dialed: call.dialed,
            variables: call.variables,
        })
    }

    pub(super) fn next_leg(&mut self) -> LegId {
        let leg = LegId(self.next_leg);
        self.next_leg += 2;
        leg
    }

    pub(super) fn add(&mut self, now: i64, id: LegId, leg: Leg) {
        self.remove(now, id);
        self.legs.insert(id, leg);
    }

    pub(super) fn leg_due(&mut self, now: i64, id: LegId) -> Option<Event> {
        let leg = self.legs.get_mut(&id)?;
        leg.due = None;
        let gone = |cause| Some(Event::Gone { leg: id, cause });
        match leg.phase {
            Phase::Offered => {
                let cause = match leg.ring {
                    Ring::Busy => Some(Cause::Busy),
                    Ring::Invalid => Some(Cause::InvalidNumber),
                    Ring::Unreachable => Some(Cause::Unreachable),
                    _ => None,
                };
                if let Some(cause) = cause {
                    self.remove(now, id);
                    return gone(cause);
                }
                leg.phase = Phase::Ringing;
                let (Ring::Answer(span) | Ring::Reject(span) | Ring::NoAnswer(span)) = leg.ring
                else {
                    return Some(Event::Ringing { leg: id });
                };
                let at = now.saturating_add(span.draw(&mut self.random));
                self.arm(id, Some(at));
                Some(Event::Ringing { leg: id })
            }
            Phase::Ringing => {
                let cause = match leg.ring {
                    Ring::Reject(_) => Cause::Rejected,
                    Ring::NoAnswer(_) => Cause::NoAnswer,
                    _ => return self.answer(now, id),
                };
                self.remove(now, id);
                gone(cause)
            }
            Phase::Answered => {
                self.leave(now, id);
                gone(Cause::Normal)
            }
        }
    }

    pub(super) fn answer(&mut self, now: i64, id: LegId) -> Option<Event> {
        self.legs.get_mut(&id)?.phase = Phase::Answered;
        self.feel(now, id);
        Some(Event::Answered { leg: id })
    }

    /// The mood of whoever is at a leg, after anything that may change it.
    pub(super) fn feel(&mut self, now: i64, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let joined = leg.bridge.and_then(|bridge| self.bridges.get(&bridge));
        let company = joined.is_some_and(|legs| legs.len() > 1);
        let mood = match leg.phase {
            Phase::Offered | Phase::Ringing => Mood::Ringing,
            Phase::Answered if leg.held => Mood::OnHold,
            Phase::Answered if leg.called || company => Mood::Talking,
            Phase::Answered => Mood::Waiting,
        };
        if mood == leg.person.mood() {
            return;
        }
        if mood == Mood::Talking
            && let Some(visit) = &mut leg.visit
            && visit.met.is_none()
        {
            visit.met = Some(now);
            self.tally.met += 1;
        }
        let leaves = leg.person.turn(now, mood, &mut self.random);
        self.arm(id, leaves);
    }

    /// Whoever is at the leg hangs up.
    pub(super) fn leave(&mut self, now: i64, id: LegId) {
        if let Some(leg) = self.remove(now, id) {
            self.over(now, leg, true);
        }
    }

    /// One visit is over; perhaps they try again.
    pub(super) fn over(&mut self, now: i64, leg: Leg, by_caller: bool) {
        let Some(visit) = leg.visit else {
            return;
        };
        if let Some(outcomes) = &mut self.outcomes {
            outcomes.push(Outcome {
                arrived: visit.arrived,
                met: visit.met,
                left: now,
                by_caller,
            });
        }
        if !by_caller || leg.person.has_talked() {
            return;
        }
        self.tally.abandoned += 1;
        if let (Some(call), Some(arrivals)) = (visit.again, &mut self.arrivals)
            && let Some(after) = arrivals.redial()
        {
            self.tally.redials += 1;
            self.put(now.saturating_add(after), Due::Again(call));
        }
    }

    /// The leg is no more; those who were on the line with it may be alone now.
    pub(super) fn remove(&mut self, now: i64, id: LegId) -> Option<Leg> {
        self.arm(id, None);
        let leg = self.legs.remove(&id)?;
        if let Some(bridge) = leg.bridge {
            self.part(now, bridge, id);
        }
        if let Endpoint::Nailed(line) = &leg.to
            && let Some(line) = self.legs.get_mut(line)
        {
            line.riders.retain(|rider| *rider != id);
        }
        for rider in &leg.riders {
            if self.remove(now, *rider).is_some() {
                let (leg, cause) = (*rider, Cause::Normal);
                self.put(now, Due::Say(Event::Gone { leg, cause }));
            }
        }
        Some(leg)
    }

    fn part(&mut self, now: i64, bridge: u32, id: LegId) {
        let Some(legs) = self.bridges.get_mut(&bridge) else {
            return;
        };
        legs.retain(|leg| *leg != id);
        let left = legs.clone();
        if left.is_empty() {
            self.bridges.remove(&bridge);
        }
        for leg in left {
            self.feel(now, leg);
        }
    }

    pub(super) fn set_held(&mut self, now: i64, id: LegId, held: bool) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.held = held;
            self.feel(now, id);
        }
    }

    pub(super) fn join(&mut self, now: i64, bridge: u32, legs: Joined) {
        let before = self.bridges.remove(&bridge).unwrap_or_default();
        for leg in &before {
            if let Some(known) = self.legs.get_mut(leg) {
                known.bridge = None;
            }
        }
        let mut joined = Joined::new();
        for id in legs {
            let Some(leg) = self.legs.get_mut(&id) else {
                continue;
            };
            let elsewhere = leg.bridge.replace(bridge);
            if let Some(other) = elsewhere.filter(|other| *other != bridge) {
                self.part(now, other, id);
            }
            if !joined.contains(&id) {
                joined.push(id);
            }
        }
        let concerned: Joined = before.iter().chain(&joined).copied().collect();
        if !joined.is_empty() {
            self.bridges.insert(bridge, joined);
        }
        for leg in concerned {
            self.feel(now, leg);
        }
    }

    pub(super) fn offer(&mut self, now: i64, id: LegId, to: Endpoint, auto_answer: bool) {
        let script = self.numbers.script(&to);
        let down = match &to {
            Endpoint::Phone(device) => self.unplugged.contains(device),
            Endpoint::Outside(_) => false,
            Endpoint::Nailed(line) => match self.legs.get_mut(line) {
                Some(line) => {
                    line.riders.push(id);
                    line.phase != Phase::Answered
                }
                None => true,
            },
        };
        let ring = match script.ring {
            _ if down => Ring::Unreachable,
            Ring::ByHand | Ring::Answer(_) if auto_answer => Ring::Answer(Span::Fixed(0)),
            ring => ring,
        };
        self.add(now, id, Leg::called(to, Person::called(now, script), ring));
        self.arm(id, Some(now));
    }

    /// The legs of a restarted machine are given their persons back, who may have become others meanwhile.
    pub(super) fn adopt(&mut self, now: i64, id: LegId, to: Endpoint, answered: bool) {
        if self.legs.contains_key(&id) {
            return;
        }
        // Ours are odd.
        if id.0 % 2 == 1 {
            self.next_leg = self.next_leg.max(id.0.saturating_add(2));
            let traffic = self.arrivals.as_ref().map(|arrivals| &arrivals.traffic);
            let call = Call {
                talk: traffic.map(|traffic| traffic.talk),
                patience: traffic.and_then(|traffic| traffic.patience),
                ..Call::default()
            };
            let person = match &to {
                Endpoint::Outside(_) => Person::calling(now, &call),
                _ => Person::called(now, self.numbers.script(&to)),
            };
            self.add(now, id, Leg::calling(to, person, None));
            self.feel(now, id);
        } else {
            self.offer(now, id, to, false);
            if answered && let Some(leg) = self.legs.get_mut(&id) {
                leg.phase = Phase::Answered;
                self.arm(id, None);
                self.feel(now, id);
            }
        }
    }
}
