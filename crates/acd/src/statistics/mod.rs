//! What agents and skill groups did: seconds in each state and calls handled, by interval.
//!
//! Knows states and how long they lasted, neither queues nor parties. An agent's seconds count for each
//! of the agent's skill groups, so a group's are summed up when somebody asks; calls count for the
//! group that they were given from. Days, half hours and five minutes begin on the clock, in UTC; a
//! stretch that lasts over a boundary is split there. Reference ged188, 3.9 (113, 115).

mod answers;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use tact_ged188::AgentState;

use crate::at_phones::AtPhones;
use crate::calls::InHand;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::machine::Acd;

/// Milliseconds of the intervals.
const FIVE_MINUTES: i64 = 300_000;
const HALF_HOUR: i64 = 1_800_000;
const DAY: i64 = 86_400_000;

/// What a call was to the agent who took part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Given from a queue, or transferred to the agent.
    Handled,
    /// Made by the agent to the outside.
    Out,
    /// Made by the agent to another phone of the centre.
    Internal,
    /// Received from another phone of the centre.
    InternalReceived,
    /// Made by the dialer for the agent.
    AutoOut,
    /// The same, after a preview.
    Preview,
    /// The reservation call before it.
    Reservation,
    /// Supervisor's.
    BargeIn,
    /// Supervisor's.
    Intercept,
    /// Supervisor's.
    Monitor,
    /// Supervisor's.
    Whisper,
    /// For help.
    Emergency,
}

/// An agent's part in a call, when it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) agent: AgentIndex,
    pub(crate) work: Work,
    /// PeripheralNumber of the skill group that the call was given from.
    pub(crate) group: Option<u32>,
    /// Milliseconds connected.
    pub(crate) talk_ms: i64,
    /// Milliseconds on hold.
    pub(crate) held_ms: i64,
    /// Whether it was on hold at all.
    pub(crate) held: bool,
}

/// Calls of one kind in an interval. Times in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Calls {
    calls: u32,
    talk: i64,
    after: i64,
    held: u32,
    held_time: i64,
}

impl Calls {
    /// Talking, on hold and in wrap-up.
    fn time(&self) -> i64 {
        self.talk + self.held_time + self.after
    }
}

/// Calls by kind; most agents have few kinds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct ByWork(Vec<(Work, Calls)>);

impl ByWork {
    fn of(&self, work: Work) -> Calls {
        let found = self.0.iter().find(|(kind, _)| *kind == work);
        found.map(|(_, calls)| *calls).unwrap_or_default()
    }

    fn add(&mut self, work: Work, change: impl FnOnce(&mut Calls)) {
        if let Some((_, calls)) = self.0.iter_mut().find(|(kind, _)| *kind == work) {
            change(calls);
            return;
        }
        let mut calls = Calls::default();
        change(&mut calls);
        self.0.push((work, calls));
    }
}

/// Milliseconds in states during an interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Times {
    logged_on: i64,
    available: i64,
    not_ready: i64,
}

impl Times {
    fn add(&mut self, state: AgentState, ms: i64) {
        if state == AgentState::LOGOUT {
            return;
        }
        self.logged_on += ms;
        match state {
            AgentState::AVAILABLE => self.available += ms,
            AgentState::NOT_READY => self.not_ready += ms,
            _ => {}
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            logged_on: self.logged_on + other.logged_on,
            available: self.available + other.available,
            not_ready: self.not_ready + other.not_ready,
        }
    }
}

/// What was counted since an interval began, on the clock.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Since<T> {
    began: i64,
    counted: T,
}

impl<T: Default> Since<T> {
    /// Begins anew when the interval of `now` is another.
    fn roll(&mut self, now: i64, length: i64) -> &mut T {
        let began = now - now.rem_euclid(length);
        if began != self.began {
            self.began = began;
            self.counted = T::default();
        }
        &mut self.counted
    }
}

impl Since<Times> {
    /// Counts the part of a stretch that lies in the interval of `now`.
    fn stretch(&mut self, state: AgentState, since: i64, now: i64, length: i64) {
        self.roll(now, length);
        let ms = now.saturating_sub(since.max(self.began)).max(0);
        self.counted.add(state, ms);
    }
}

/// One agent's.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct OfAgent {
    state: AgentState,
    since: i64,
    session: (Times, ByWork),
    today: Since<Times>,
    half: Since<Times>,
    five: Since<Times>,
    today_calls: Since<ByWork>,
    /// What wrap-up is added to: kind and skill group of the last call.
    last: Option<(Work, Option<u32>)>,
}

impl OfAgent {
    fn new(now: i64) -> Self {
        Self {
            state: AgentState::LOGOUT,
            since: now,
            session: Default::default(),
            today: Since::default(),
            half: Since::default(),
            five: Since::default(),
            today_calls: Since::default(),
            last: None,
        }
    }

    /// Counts the present state up to now.
    fn count(&mut self, now: i64) {
        let (state, since) = (self.state, self.since);
        self.session.0.add(state, now.saturating_sub(since).max(0));
        self.today.stretch(state, since, now, DAY);
        self.half.stretch(state, since, now, HALF_HOUR);
        self.five.stretch(state, since, now, FIVE_MINUTES);
        self.since = now;
    }

    fn add(&mut self, now: i64, work: Work, change: impl Fn(&mut Calls)) {
        self.session.1.add(work, &change);
        self.today_calls.roll(now, DAY).add(work, &change);
    }
}

/// Calls that waited in a queue. Times in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Queued {
    calls: u32,
    time: i64,
    longest: i64,
}

/// One skill group's in an interval.
type GroupCounts = (ByWork, Queued);

/// One skill group's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct OfGroup {
    today: Since<GroupCounts>,
    half: Since<GroupCounts>,
    five: Since<GroupCounts>,
}

impl OfGroup {
    fn each(&mut self, now: i64, change: impl Fn(&mut GroupCounts)) {
        change(self.today.roll(now, DAY));
        change(self.half.roll(now, HALF_HOUR));
        change(self.five.roll(now, FIVE_MINUTES));
    }
}

/// Everybody's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Statistics {
    /// In the order of the configuration.
    agents: Vec<OfAgent>,
    /// By PeripheralNumber; none for a group without a call.
    groups: BTreeMap<u32, OfGroup>,
    /// Answered calls at each phone.
    in_hand: AtPhones<SmallVec<[InHand; 1]>>,
}

impl Statistics {
    /// Nobody did anything yet.
    pub(crate) fn new(agents: usize, now: i64) -> Self {
        Self {
            agents: (0..agents).map(|_| OfAgent::new(now)).collect(),
            ..Default::default()
        }
    }

    /// Takes the answered calls at a phone out.
    pub(crate) fn take_in_hand(&mut self, device: DeviceIndex) -> SmallVec<[InHand; 1]> {
        self.in_hand.remove(device).unwrap_or_default()
    }

    /// Puts them back.
    pub(crate) fn put_in_hand(&mut self, device: DeviceIndex, calls: SmallVec<[InHand; 1]>) {
        if !calls.is_empty() {
            *self.in_hand.place(device) = Some(calls);
        }
    }

    /// The answered calls at a phone.
    fn in_hand(&self, device: DeviceIndex) -> &[InHand] {
        self.in_hand.get(device).map_or(&[], SmallVec::as_slice)
    }

    /// Agents came to the end of the configuration.
    pub(crate) fn grow(&mut self, agents: usize, now: i64) {
        self.agents.resize_with(agents, || OfAgent::new(now));
    }
}

impl Acd {
    /// The agent is in this state from now on; harmless when that is not new. Whatever tells a state tells it here
    /// too, so nobody else need.
    pub(crate) fn agent_changed(&mut self, now: i64, agent: AgentIndex, to: AgentState) {
        let Some(own) = self.statistics.agents.get_mut(agent.0) else {
            return;
        };
        let from = own.state;
        if from == to {
            return;
        }
        let lasted = now.saturating_sub(own.since).max(0);
        own.count(now);
        own.state = to;
        if from == AgentState::LOGOUT {
            own.session = Default::default();
            own.last = None;
        }
        if matches!(from, AgentState::WORK_NOT_READY | AgentState::WORK_READY)
            && let Some((work, group)) = own.last.take()
        {
            let after = |calls: &mut Calls| calls.after += lasted;
            own.add(now, work, after);
            if let Some(group) = group {
                let group = self.statistics.groups.entry(group).or_default();
                group.each(now, |(calls, _)| calls.add(work, after));
            }
        }
    }

    /// An agent's part in a call is over. Wrap-up that follows is added to it by itself.
    pub(crate) fn call_handled(&mut self, now: i64, part: &Part) {
        let change = |calls: &mut Calls| {
            calls.calls = calls.calls.saturating_add(1);
            calls.talk += part.talk_ms.max(0);
            calls.held += u32::from(part.held);
            calls.held_time += part.held_ms.max(0);
        };
        if let Some(own) = self.statistics.agents.get_mut(part.agent.0) {
            own.add(now, part.work, change);
            own.last = Some((part.work, part.group));
        }
        if let Some(group) = part.group {
            let group = self.statistics.groups.entry(group).or_default();
            group.each(now, |(calls, _)| calls.add(part.work, change));
        }
    }

    /// A call left the queue of a skill group after so many milliseconds: answered, abandoned or sent elsewhere.
    pub(crate) fn call_left_queue(&mut self, now: i64, group: u32, waited_ms: i64) {
        let group = self.statistics.groups.entry(group).or_default();
        group.each(now, |(_, queued)| {
            queued.calls = queued.calls.saturating_add(1);
            queued.time += waited_ms.max(0);
            queued.longest = queued.longest.max(waited_ms);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_over_a_boundary_is_split_there() {
        let mut agent = OfAgent::new(0);
        agent.state = AgentState::AVAILABLE;
        agent.since = FIVE_MINUTES - 10;
        agent.count(FIVE_MINUTES + 7);
        assert_eq!(agent.five.counted.available, 7);
        assert_eq!(agent.half.counted.available, 17);
        assert_eq!(agent.session.0.available, 17);
        agent.count(HALF_HOUR + 1);
        assert_eq!(agent.five.counted.available, 1);
        assert_eq!(agent.half.counted.available, 1);
        assert_eq!(
            agent.today.counted.available,
            HALF_HOUR + 1 - FIVE_MINUTES + 10
        );
    }

    #[test]
    fn a_clock_that_goes_back_counts_nothing() {
        let mut agent = OfAgent::new(0);
        agent.state = AgentState::NOT_READY;
        agent.since = 5000;
        agent.count(4000);
        assert_eq!(agent.session.0, Times::default());
    }
}
