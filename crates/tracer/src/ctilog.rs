//! The CTI server's messages, dated: its log has a time of day, but neither date nor zone (logs.md 5).
//!
//! The zone is the one that makes most requests with the same InvokeID and agent fall on each other; the date is
//! that of the record in the webservices log which a message is asked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::{CtiEntry, Facts, Kind, Place};

const DAY_MS: i64 = 86_400_000;
/// Zones are whole quarters of an hour.
const QUARTER_MS: i64 = 900_000;
/// The two clocks may differ by this much, and the wire takes its time.
const NEAR_MS: i64 = 5_000;

/// The entries by what they are asked for.
#[derive(Debug, Default)]
pub(crate) struct CtiLog<'a> {
    by_invoke: BTreeMap<(&'a str, i64), Vec<&'a CtiEntry>>,
    by_agent: BTreeMap<(&'a str, &'a str), Vec<&'a CtiEntry>>,
    /// Times of day of the messages that have one.
    times: BTreeMap<Place, i64>,
    /// Milliseconds that the log's clock is east of UTC.
    east: i64,
    taken: BTreeSet<Place>,
}

impl<'a> CtiLog<'a> {
    /// Reads the zone out of the requests that both logs have.
    pub(crate) fn new(facts: &'a Facts) -> CtiLog<'a> {
        let mut log = CtiLog::default();
        for entry in &facts.cti {
            log.times
                .extend(entry.time_of_day.map(|time| (entry.place, time)));
            if let Some(invoke_id) = entry.invoke_id {
                log.by_invoke
                    .entry((&entry.name, invoke_id))
                    .or_default()
                    .push(entry);
            }
            if let Some(agent) = &entry.agent {
                log.by_agent
                    .entry((&entry.name, agent))
                    .or_default()
                    .push(entry);
            }
        }
        let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
        for fact in &facts.facts {
            let Kind::CtiRequest {
                invoke_id, agent, ..
            } = &fact.kind
            else {
                continue;
            };
            let entries = log
                .by_invoke
                .get(&("SET_AGENT_STATE_REQ", i64::from(*invoke_id)));
            for entry in entries
                .into_iter()
                .flatten()
                .filter(|entry| entry.agent.as_ref().is_none_or(|id| id == agent))
            {
                if let Some(time) = entry.time_of_day {
                    let ahead = centred(time - fact.at.rem_euclid(DAY_MS));
                    *votes
                        .entry((ahead + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS)
                        .or_default() += 1;
                }
            }
        }
        log.east = votes
            .into_iter()
            .max_by_key(|(east, count)| (*count, -east.abs()))
            .map_or(0, |(east, _)| east);
        log
    }

    /// The zone is known better than the requests tell it: minutes east of UTC.
    pub(crate) fn in_zone(mut self, zone: Option<i32>) -> CtiLog<'a> {
        if let Some(zone) = zone {
            self.east = i64::from(zone) * 60_000;
        }
        self
    }

    /// When the CTI server noted this message by its own clock, in UTC, on the day around `at`.
    pub(crate) fn clock_of(&self, place: Place, at: i64) -> Option<i64> {
        let time = self.times.get(&place)?;
        Some(at + centred(time - self.east - at.rem_euclid(DAY_MS)))
    }

    /// Takes the message with this InvokeID that lies nearest to `at`.
    pub(crate) fn by_invoke(
        &mut self,
        name: &'a str,
        invoke_id: u32,
        agent: &str,
        at: i64,
    ) -> Option<Place> {
        let entries = self.by_invoke.get(&(name, i64::from(invoke_id)))?;
        let found = self.nearest(entries, at, -NEAR_MS..=NEAR_MS, agent)?;
        self.taken.insert(found);
        Some(found)
    }

    /// Takes the message about this agent that lies nearest to `at`.
    pub(crate) fn by_agent(&mut self, name: &'a str, agent: &'a str, at: i64) -> Option<Place> {
        let entries = self.by_agent.get(&(name, agent))?;
        let found = self.nearest(entries, at, -NEAR_MS..=NEAR_MS, agent)?;
        self.taken.insert(found);
        Some(found)
    }

    fn nearest(
        &self,
        entries: &[&CtiEntry],
        at: i64,
        near: std::ops::RangeInclusive<i64>,
        agent: &str,
    ) -> Option<Place> {
        entries
            .iter()
            .filter(|entry| !self.taken.contains(&entry.place))
            .filter(|entry| agent.is_empty() || entry.agent.as_ref().is_none_or(|id| id == agent))
            .filter_map(|entry| {
                // An article may have cut the time; then the id alone must do.
                let away = entry
                    .time_of_day
                    .map_or(0, |time| centred(time - self.east - at.rem_euclid(DAY_MS)));
                near.contains(&away).then_some((away.abs(), entry.place))
            })
            .min()
            .map(|(_, place)| place)
    }
}

/// A difference of two times of day, at most half a day either way.
fn centred(difference: i64) -> i64 {
    (difference + DAY_MS / 2).rem_euclid(DAY_MS) - DAY_MS / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Fact;

    fn entry(line: u64, time_of_day: i64, invoke_id: i64, agent: &str) -> CtiEntry {
        CtiEntry {
            time_of_day: Some(time_of_day),
            place: Place { source: 1, line },
            name: "SET_AGENT_STATE_REQ".into(),
            invoke_id: Some(invoke_id),
            agent: Some(agent.into()),
        }
    }

    fn sent(at: i64, invoke_id: u32, agent: &str) -> Fact {
        let kind = Kind::CtiRequest {
            invoke_id,
            agent: agent.into(),
            extension: "1".into(),
        };
        Fact {
            at,
            place: Place { source: 0, line: 1 },
            kind,
        }
    }

    #[test]
    fn the_zone_is_found_and_ids_that_were_used_again_stay_apart() {
        let west = -7 * 3_600_000;
        let (first, second) = (DAY_MS + 60_000, DAY_MS + 7_200_000);
        let facts = Facts {
            facts: vec![
                sent(first, 20, "2001"),
                sent(second, 20, "2001"),
                sent(second + 5, 21, "2002"),
            ],
            cti: vec![
                entry(1, (first + west).rem_euclid(DAY_MS) + 3, 20, "2001"),
                entry(2, (second + west).rem_euclid(DAY_MS) + 3, 20, "2001"),
                entry(3, (second + west).rem_euclid(DAY_MS) + 9, 21, "2002"),
            ],
            ..Facts::default()
        };
        let mut log = CtiLog::new(&facts);
        assert_eq!(log.east, west);
        let line = |place: Option<Place>| place.map(|place| place.line);
        assert_eq!(
            line(log.by_invoke("SET_AGENT_STATE_REQ", 20, "2001", second)),
            Some(2)
        );
        assert_eq!(
            line(log.by_invoke("SET_AGENT_STATE_REQ", 20, "2001", first)),
            Some(1)
        );
        assert_eq!(
            line(log.by_invoke("SET_AGENT_STATE_REQ", 20, "2001", first)),
            None
        );
        assert_eq!(
            line(log.by_agent("SET_AGENT_STATE_REQ", "2002", second)),
            Some(3)
        );
    }
}
