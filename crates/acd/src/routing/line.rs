//! Who waits for a call, longest first, for one step.
//!
//! Agents become READY and NOT_READY far more often than a call is given, and each serves many steps. So
//! a line is put right only when it is asked: NOT_READY touches no line, READY adds the agent to those
//! lines that do not know the agent yet. What a line says of an agent may be old, but never
//! too late: an agent's `since` only grows. Each agent is in a line at most once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::calls::CallId;
use crate::directory::AgentIndex;

/// An agent in a line. The order is that in which calls are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Entry {
    since: i64,
    /// Narrower than an [`AgentIndex`]: lines are long, and looked at out of order.
    agent: u32,
    /// Which of the agent's steps the line is of.
    place: u32,
}

impl Entry {
    fn agent(self) -> AgentIndex {
        AgentIndex(usize::try_from(self.agent).unwrap_or(usize::MAX))
    }
}

/// One line.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Entry>", into = "Vec<Entry>")]
pub(super) struct Line {
    heap: BinaryHeap<Reverse<Entry>>,
}

impl From<Vec<Entry>> for Line {
    fn from(entries: Vec<Entry>) -> Self {
        Self {
            heap: entries.into_iter().map(Reverse).collect(),
        }
    }
}

impl From<Line> for Vec<Entry> {
    /// In order, so that two lines that say the same are written the same.
    fn from(line: Line) -> Self {
        let mut entries: Self = line.heap.into_iter().map(|Reverse(entry)| entry).collect();
        entries.sort_unstable();
        entries
    }
}

/// How routing sees one agent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Standing {
    /// Can be given a call now.
    pub(super) available: bool,
    /// Since when, in milliseconds since 1970. Never less than before.
    pub(super) since: i64,
    /// The call that the agent is reserved for.
    pub(super) reserved: Option<CallId>,
    /// Which lines know the agent: one bit for each of the agent's steps.
    known: SmallVec<[u64; 1]>,
}

impl Standing {
    fn known(&mut self, place: u32) -> Option<(&mut u64, u64)> {
        let word = usize::try_from(place / 64).ok()?;
        if self.known.len() <= word {
            self.known.resize(word + 1, 0);
        }
        Some((self.known.get_mut(word)?, 1 << (place % 64)))
    }
}

impl Line {
    /// The agent became available; `place` says which of the agent's steps this line is of.
    pub(super) fn join(&mut self, agent: AgentIndex, standing: &mut Standing, place: u32) {
        let since = standing.since;
        if let Some((word, bit)) = standing.known(place)
            && *word & bit == 0
        {
            *word |= bit;
            self.heap.push(Reverse(Entry {
                since,
                agent: u32::try_from(agent.0).unwrap_or(u32::MAX),
                place,
            }));
        }
    }

    /// The agent who waits longest; of several the first of the configuration. `but` is passed over.
    pub(super) fn longest(
        &mut self,
        standings: &mut [Standing],
        but: Option<AgentIndex>,
    ) -> Option<(i64, AgentIndex)> {
        let mut passed = None;
        let mut found = None;
        while let Some(Reverse(top)) = self.heap.peek().copied() {
            let agent = top.agent();
            let Some(standing) = standings.get_mut(agent.0) else {
                self.heap.pop();
                continue;
            };
            if !standing.available {
                self.heap.pop();
                if let Some((word, bit)) = standing.known(top.place) {
                    *word &= !bit;
                }
            } else if standing.since != top.since {
                let since = standing.since;
                self.heap.pop();
                self.heap.push(Reverse(Entry { since, ..top }));
            } else if but == Some(agent) {
                passed = self.heap.pop();
            } else {
                found = Some((top.since, agent));
                break;
            }
        }
        self.heap.extend(passed);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(since: i64) -> Standing {
        Standing {
            available: true,
            since,
            ..Standing::default()
        }
    }

    #[test]
    fn the_longest_waiting_is_found_however_old_the_line_is() {
        let mut standings = vec![standing(30), standing(10), standing(10)];
        let mut line = Line::default();
        for (place, standing) in standings.iter_mut().enumerate() {
            line.join(AgentIndex(place), standing, 70);
            line.join(AgentIndex(place), standing, 70);
        }
        assert_eq!(line.heap.len(), 3, "nobody is in a line twice");
        let longest = |line: &mut Line, standings: &mut Vec<Standing>, but| {
            line.longest(standings, but).map(|(_, agent)| agent.0)
        };
        assert_eq!(longest(&mut line, &mut standings, None), Some(1));
        let but = Some(AgentIndex(1));
        assert_eq!(longest(&mut line, &mut standings, but), Some(2));
        assert_eq!(longest(&mut line, &mut standings, None), Some(1));
        standings[1].since = 40;
        standings[2].available = false;
        assert_eq!(longest(&mut line, &mut standings, None), Some(0));
        standings[0].available = false;
        assert_eq!(longest(&mut line, &mut standings, None), Some(1));
        assert_eq!(longest(&mut line, &mut standings, but), None);
        assert_eq!(longest(&mut line, &mut standings, None), Some(1));
        standings[2].available = true;
        standings[2].since = 35;
        line.join(AgentIndex(2), &mut standings[2], 70);
        assert_eq!(longest(&mut line, &mut standings, None), Some(2));
    }
}
