//! The phones: every leg with the person at its far end, and what happens to each when.
//!
//! What a person does at a phone is a [`Hand`]; what the machine wants is a [`Command`]; what follows of
//! both waits in one queue, ordered by its time and then by when it was put there.

use std::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;

use super::hand::{Call, Hand};
use super::leg::{Key, Leg, Phase};
use super::random::{Random, Span};
use super::script::{Numbers, Ring};
use super::traffic::{Arrivals, Traffic};
use crate::fabric::{Command, Event, Fabric, LegId};

/// Legs at a time from which on nobody outside gets through, and things that wait to happen.
pub(super) const MOST: usize = 100_000;

/// There is no room for another caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{MOST} calls are under way")]
pub struct Full;

/// What was counted of those who called the centre.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that arrived.
    pub arrived: u64,
    /// Of them, those that have had somebody on the line.
    pub met: u64,
    /// Those whose caller left without that.
    pub abandoned: u64,
    /// Abandoned ones whose caller will call again.
    pub redials: u64,
    /// Calls that found no room.
    pub turned_away: u64,
}

/// What became of one call to the centre. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// When it arrived.
    pub arrived: i64,
    /// When somebody was on the line first; none if nobody ever was.
    pub met: Option<i64>,
    /// When it ended for the caller.
    pub left: i64,
    /// Whether the caller hung up, not the centre.
    pub by_caller: bool,
}

/// Simulated phones, and callers of all kinds.
#[derive(Debug, Clone)]
pub struct SimulatedPhones {
    /// Who behaves how.
    pub numbers: Numbers,
    pub(super) random: Random,
    pub(super) legs: BTreeMap<LegId, Leg>,
    pub(super) bridges: BTreeMap<u32, Joined>,
    pub(super) unplugged: BTreeSet<Box<str>>,
    pub(super) arrivals: Option<Arrivals>,
    due: BTreeMap<Key, Due>,
    last_key: u64,
    pub(super) next_leg: u64,
    pub(super) tally: Tally,
    pub(super) outcomes: Option<Vec<Outcome>>,
}

pub(super) type Joined = SmallVec<[LegId; 3]>;

#[derive(Debug, Clone)]
pub(super) enum Due {
    /// The next thing about a leg: it rings, is answered, its person leaves.
    Leg(LegId),
    Hand(Hand),
    /// Somebody who had lost patience calls again.
    Again(Call),
    Arrival,
    Say(Event),
}

impl SimulatedPhones {
    /// Phones that all work, and nobody who calls. Chance follows from `seed`.
    ///
    /// Legs are numbered from `now` (milliseconds since 1970), so that they are not used twice over a restart.
    pub fn new(seed: u64, now: i64) -> Self {
        Self {
            numbers: Numbers::default(),
            random: Random::new(seed),
            legs: BTreeMap::new(),
            bridges: BTreeMap::new(),
            unplugged: BTreeSet::new(),
            arrivals: None,
            due: BTreeMap::new(),
            last_key: 0,
            next_leg: (now.max(0).unsigned_abs() << 1) | 1,
            tally: Tally::default(),
            outcomes: None,
        }
    }

    /// From `now` on people call like this, instead of as before. Those who called already are not changed.
    pub fn receive(&mut self, now: i64, traffic: Traffic) {
        self.due.retain(|_, due| !matches!(due, Due::Arrival));
        let mut arrivals = Arrivals::new(now, traffic, self.random.fork());
        if let Some(at) = arrivals.next(now, now) {
            self.put(at, Due::Arrival);
        }
        self.arrivals = Some(arrivals);
    }

    /// Somebody does something at `at` (milliseconds since 1970).
    ///
    /// # Errors
    /// There is no room for another call.
    pub fn schedule(&mut self, at: i64, hand: Hand) -> Result<(), Full> {
        if self.legs.len().max(self.due.len()) >= MOST {
            return Err(Full);
        }
        self.put(at, Due::Hand(hand));
        Ok(())
    }

    /// Unplugs a phone `times` times from `from` on, every `every_ms`, for `down_ms` each; its conversations go on.
    ///
    /// # Errors
    /// There is no room for more.
    pub fn flap(
        &mut self,
        device: &str,
        from: i64,
        down_ms: i64,
        every_ms: i64,
        times: u16,
    ) -> Result<(), Full> {
        for time in 0..i64::from(times) {
            let at = from.saturating_add(every_ms.saturating_mul(time));
            let (device, cut) = (Box::<str>::from(device), false);
            let plug = Hand::Plug {
                device: device.clone(),
            };
            self.schedule(at, Hand::Unplug { device, cut })?;
            self.schedule(at.saturating_add(down_ms), plug)?;
        }
        Ok(())
    }

    /// What was counted.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// What became of each call to the centre since the last time, by when it ended; nothing before the first time.
    pub fn outcomes(&mut self) -> Vec<Outcome> {
        self.outcomes.replace(Vec::new()).unwrap_or_default()
    }

    /// Legs that are alive.
    pub fn legs(&self) -> usize {
        self.legs.len()
    }

    /// Who hears whom on a bridge.
    pub fn bridge(&self, bridge: u32) -> &[LegId] {
        self.bridges.get(&bridge).map_or(&[], SmallVec::as_slice)
    }

    pub(super) fn put(&mut self, at: i64, due: Due) -> Key {
        self.last_key += 1;
        let key = (at, self.last_key);
        self.due.insert(key, due);
        key
    }

    /// The next thing about a leg, instead of what was to happen; nothing when there is no time.
    pub(super) fn arm(&mut self, leg: LegId, at: Option<i64>) {
        let old = self.legs.get_mut(&leg).and_then(|known| known.due.take());
        if let Some(key) = old {
            self.due.remove(&key);
        }
        if let Some(at) = at
            && self.legs.contains_key(&leg)
        {
            let key = self.put(at, Due::Leg(leg));
            if let Some(known) = self.legs.get_mut(&leg) {
                known.due = Some(key);
            }
        }
    }

    /// What is due at `at`; `now` is when that is noticed.
    fn happen(&mut self, at: i64, now: i64, due: Due) -> Option<Event> {
        match due {
            Due::Leg(leg) => self.leg_due(now, leg),
            Due::Hand(hand) => self.handle(now, hand),
            Due::Again(call) => self.call(now, call, true),
            Due::Arrival => self.arrival(at, now),
            Due::Say(event) => Some(event),
        }
    }

    fn arrival(&mut self, at: i64, now: i64) -> Option<Event> {
        let arrivals = self.arrivals.as_mut()?;
        let call = arrivals.arrive(at);
        if let Some(next) = arrivals.next(at, now) {
            self.put(next, Due::Arrival);
        }
        self.call(now, call?, true)
    }
}

impl Fabric for SimulatedPhones {
    fn command(&mut self, now: i64, command: Command) {
        match command {
            Command::Offer {
                leg,
                to,
                auto_answer,
                ..
            } => self.offer(now, leg, to, auto_answer),
            Command::Answer { leg } => {
                if let Some(known) = self.legs.get_mut(&leg)
                    && known.phase != Phase::Answered
                    && matches!(
                        known.ring,
                        Ring::ByHand | Ring::Answer(_) | Ring::Reject(_) | Ring::NoAnswer(_)
                    )
                {
                    known.ring = Ring::Answer(Span::Fixed(0));
                    self.arm(leg, Some(now));
                }
            }
            Command::Hangup { leg, .. } => {
                if let Some(known) = self.remove(now, leg) {
                    self.over(now, known, false);
                }
            }
            Command::Hold { leg } => self.set_held(now, leg, true),
            Command::Retrieve { leg } => self.set_held(now, leg, false),
            Command::Bridge { bridge, legs } => self.join(now, bridge, legs),
            // Nobody here has ears.
            Command::Dtmf { .. } | Command::Tap { .. } => {}
            Command::Adopt { leg, to, answered } => self.adopt(now, leg, to, answered),
        }
    }

    fn poll(&mut self, now: i64) -> Option<Event> {
        while let Some(first) = self.due.first_entry() {
            let (at, _) = *first.key();
            if at > now {
                break;
            }
            let due = first.remove();
            if let Some(event) = self.happen(at, now, due) {
                return Some(event);
            }
        }
        None
    }

    fn next_due(&self) -> Option<i64> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }
}
