//! Whether everybody heard the same in the same order.
//!
//! ALL_EVENTS sessions must all hear the same: whoever is first with the nth event says what it is, the others are
//! compared with it. An agent's session must hear what the first ALL_EVENTS session hears of that agent, and of each
//! call that it takes part in the same from ringing to the end. MonitorIDs differ and are left out.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tact_ged188::{HEADER_LEN, Message, Protocol, encode};

use crate::book::Hearer;

/// Everything that was compared.
#[derive(Default)]
pub(crate) struct Order {
    /// What ALL_EVENTS sessions heard, from the first that heard it.
    all: Vec<u64>,
    /// How much of it each has heard.
    places: Vec<usize>,
    /// Of each agent: what the reference heard and the own session did not yet, and the other way round.
    agents: Vec<(VecDeque<u64>, VecDeque<u64>)>,
    /// Of each call that is not over for everyone: what each heard of it.
    calls: HashMap<u32, Call>,
    /// Events heard by ALL_EVENTS sessions, and by agents'.
    pub(crate) heard: [u64; 2],
    /// Calls that were compared.
    pub(crate) compared: u64,
    /// Events that were not what they should have been.
    pub(crate) wrong: u64,
}

/// One call.
#[derive(Default)]
struct Call {
    reference: Vec<u64>,
    over: bool,
    agents: HashMap<usize, (Vec<u64>, bool)>,
}

impl Order {
    pub(crate) fn new(all: usize, agents: usize) -> Order {
        Order {
            places: vec![0; all],
            agents: (0..agents).map(|_| Default::default()).collect(),
            ..Order::default()
        }
    }

    /// Events that some session should have heard and has not.
    pub(crate) fn lost(&self, agents: usize) -> usize {
        let behind: usize = self.places.iter().map(|it| self.all.len() - it).sum();
        let unmatched = self.agents.iter().take(agents);
        let unmatched: usize = unmatched.map(|(one, other)| one.len() + other.len()).sum();
        behind + unmatched
    }

    /// Calls that are not over for everyone.
    pub(crate) fn open_calls(&self) -> usize {
        self.calls.len()
    }

    /// An event about an agent.
    pub(crate) fn of_agent(&mut self, hearer: Hearer, agent: usize, message: &Message) {
        let digest = digest(message);
        self.count(hearer, digest);
        let reference = match hearer {
            Hearer::All(0) => true,
            Hearer::All(_) => return,
            Hearer::Agent(own) => {
                self.wrong += u64::from(own != agent);
                false
            }
        };
        let Some((heard, own)) = self.agents.get_mut(agent) else {
            return;
        };
        let (mine, theirs) = if reference {
            (heard, own)
        } else {
            (own, heard)
        };
        match theirs.pop_front() {
            Some(expected) => self.wrong += u64::from(expected != digest),
            None => mine.push_back(digest),
        }
    }

    /// An event about a call.
    pub(crate) fn of_call(&mut self, hearer: Hearer, message: &Message) {
        let digest = digest(message);
        self.count(hearer, digest);
        let (id, part) = match message {
            Message::CallDeliveredEvent(event) => (event.connection_call_id, Part::Told),
            Message::CallEstablishedEvent(event) => (event.connection_call_id, Part::Told),
            Message::CallConnectionClearedEvent(event) => (event.connection_call_id, Part::Told),
            Message::CallClearedEvent(event) => (event.connection_call_id, Part::Told),
            Message::EndCallEvent(event) => (event.connection_call_id, Part::End),
            _ => return,
        };
        let call = match hearer {
            Hearer::All(other) if other > 0 => return,
            _ => self.calls.entry(id).or_default(),
        };
        let told = match hearer {
            Hearer::All(_) => (&mut call.reference, &mut call.over),
            Hearer::Agent(agent) => {
                let (told, over) = call.agents.entry(agent).or_default();
                (told, over)
            }
        };
        match part {
            Part::Told => told.0.push(digest),
            Part::End => *told.1 = true,
        }
        // The caller's and the taker's.
        let ended = call.agents.values().filter(|(_, over)| *over).count();
        if call.over && ended == 2 {
            let same = |(told, _): &(Vec<u64>, bool)| *told == call.reference;
            let different = call.agents.values().filter(|it| !same(it)).count();
            self.wrong += u64::try_from(different).unwrap_or(u64::MAX);
            self.compared += 1;
            self.calls.remove(&id);
        }
    }

    /// Compares what ALL_EVENTS sessions hear.
    fn count(&mut self, hearer: Hearer, digest: u64) {
        let Hearer::All(number) = hearer else {
            self.heard[1] += 1;
            return;
        };
        self.heard[0] += 1;
        let Some(place) = self.places.get_mut(number) else {
            return;
        };
        match self.all.get(*place) {
            Some(expected) => self.wrong += u64::from(*expected != digest),
            None => self.all.push(digest),
        }
        *place += 1;
    }
}

enum Part {
    Told,
    End,
}

/// A number for an event, the same for the same bytes behind the MonitorID, which comes first in all of them.
fn digest(message: &Message) -> u64 {
    let mut bytes = Vec::new();
    let mut hasher = DefaultHasher::new();
    message.message_type().hash(&mut hasher);
    if encode(message, Protocol::CURRENT, &mut bytes).is_ok() {
        bytes.get(HEADER_LEN + 4..).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use tact_ged188::{
        AgentState, AgentStateEvent, CallClearedEvent, CallDeliveredEvent, EndCallEvent,
    };

    use super::*;

    fn state(number: u32) -> Message {
        AgentStateEvent {
            agent_state: AgentState::AVAILABLE,
            state_duration: number,
            ..AgentStateEvent::default()
        }
        .into()
    }

    /// What ALL_EVENTS sessions 0 and 1 and the session of agent 0 hear of the agent: lost, wrong.
    fn heard(first: &[u32], second: &[u32], own: &[u32]) -> (usize, u64) {
        let mut order = Order::new(2, 1);
        for (hearer, numbers) in [
            (Hearer::All(0), first),
            (Hearer::All(1), second),
            (Hearer::Agent(0), own),
        ] {
            for number in numbers {
                order.of_agent(hearer, 0, &state(*number));
            }
        }
        (order.lost(1), order.wrong)
    }

    #[test]
    fn nothing_is_wrong_when_everyone_hears_the_same() {
        assert_eq!(heard(&[1, 2, 3], &[1, 2, 3], &[1, 2, 3]), (0, 0));
    }

    #[test]
    fn an_event_that_one_session_did_not_hear_is_lost() {
        assert_eq!(heard(&[1, 2, 3], &[1, 2], &[1, 2, 3]).0, 1);
        assert_eq!(heard(&[1, 2, 3], &[1, 2, 3], &[1, 2]).0, 1);
        assert!(heard(&[1, 2, 3], &[1, 3], &[1, 2, 3]).1 > 0);
        assert!(heard(&[1, 2, 3], &[1, 2, 3], &[2, 3]).1 > 0);
    }

    #[test]
    fn events_that_change_places_are_wrong() {
        assert_eq!(heard(&[1, 2, 3], &[2, 1, 3], &[1, 2, 3]), (0, 2));
        assert_eq!(heard(&[1, 2, 3], &[1, 2, 3], &[1, 3, 2]), (0, 2));
    }

    #[test]
    fn a_call_of_which_somebody_heard_less_is_wrong() {
        for (taker_hears, wrong) in [(true, 0), (false, 1)] {
            let mut order = Order::new(1, 2);
            for hearer in [Hearer::All(0), Hearer::Agent(0), Hearer::Agent(1)] {
                if taker_hears || hearer != Hearer::Agent(1) {
                    order.of_call(hearer, &CallDeliveredEvent::default().into());
                }
                order.of_call(hearer, &CallClearedEvent::default().into());
                assert_eq!(order.open_calls(), 1);
                order.of_call(hearer, &EndCallEvent::default().into());
            }
            assert_eq!((order.open_calls(), order.wrong), (0, wrong));
        }
    }
}
