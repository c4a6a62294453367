//! Times for what carries none (logs.md 5, Dates): access logs without a stamp, client logs with a time of day only,
//! and records of the oldest release, which are dated by the nocache of a client.

use std::collections::BTreeMap;

use crate::fact::{ClientLog, Fact, Facts, Kind, Place};

const DAY_MS: i64 = 86_400_000;
/// Zones are whole quarters of an hour.
const QUARTER_MS: i64 = 900_000;

/// What somebody says about times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Midnight, in UTC, of the day of logs without a date, milliseconds since 1970.
    pub date: Option<i64>,
    /// Minutes east of UTC of logs without a zone.
    pub zone: Option<i32>,
    /// How far a host's clock is ahead of the server's, milliseconds.
    pub offsets: BTreeMap<String, i64>,
}

/// Gives times from neighbours, else those that were given.
pub(crate) fn date(facts: &mut Facts, given: &Given) {
    join_excerpts(facts);
    access(facts);
    clients(facts, given);
    facts.facts.sort_by_key(|fact| (fact.at, fact.place));
}

/// A page's log that came in pieces: files without an agent in their name, of the release without dates, that follow
/// each other. A log that a desktop sent always names its agent.
fn join_excerpts(facts: &mut Facts) {
    let is_piece = |log: &ClientLog| {
        log.agent.is_none()
            && log
                .lines
                .iter()
                .all(|line| line.at.is_none() || line.is_coarse())
    };
    let mut joined: Vec<ClientLog> = Vec::with_capacity(facts.clients.len());
    for log in std::mem::take(&mut facts.clients) {
        match joined.last_mut() {
            Some(last) if is_piece(last) && is_piece(&log) => last.lines.extend(log.lines),
            _ => joined.push(log),
        }
    }
    facts.clients = joined;
}

/// Lines without a stamp in front of the first that a nocache dates happened before it, in its second at the latest.
fn access(facts: &mut Facts) {
    if facts.undated.is_empty() {
        return;
    }
    let is_access = |fact: &&Fact| matches!(fact.kind, Kind::Access(_) | Kind::Gadget { .. });
    let mut dated: Vec<(Place, i64)> = facts
        .facts
        .iter()
        .filter(is_access)
        .map(|fact| (fact.place, fact.at))
        .collect();
    dated.sort_unstable();
    for (place, access) in std::mem::take(&mut facts.undated) {
        let behind = dated.partition_point(|(other, _)| *other <= place);
        let Some((_, at)) = dated.get(behind) else {
            continue;
        };
        facts.by_client.insert(place);
        facts.facts.push(Fact {
            at: *at,
            place,
            kind: Kind::Access(access),
        });
    }
}

/// Dates a client log by the nocache that it holds, by an exact key that a dated log has too, or by what is given.
fn clients(facts: &mut Facts, given: &Given) {
    use crate::fact::Says;
    let mut by_id: BTreeMap<&str, i64> = BTreeMap::new();
    for fact in &facts.facts {
        if let Kind::Api {
            request_id: Some(id),
            ..
        }
        | Kind::Publish {
            request_id: Some(id),
            ..
        } = &fact.kind
        {
            by_id.entry(id).or_insert(fact.at);
        }
    }
    let mut dated = Vec::new();
    for log in &facts.clients {
        if log.lines.iter().all(|line| line.of_day.is_none()) {
            dated.push(None);
            continue;
        }
        // (time of day, the same moment in UTC, as far as a key tells it)
        let key = log.lines.iter().find_map(|line| {
            let at = match &line.says {
                Says::Get { nocache, .. } => Some(*nocache),
                Says::Put { request_id } | Says::Received { request_id, .. } => {
                    by_id.get(request_id.as_str()).copied()
                }
                _ => None,
            }?;
            Some((line.of_day?, at))
        });
        dated.push(match (key, given.date, given.zone) {
            (_, Some(date), Some(zone)) => Some(date - i64::from(zone) * 60_000),
            (Some((of_day, at)), date, zone) => {
                let day = at - at.rem_euclid(DAY_MS);
                let ahead = of_day - at.rem_euclid(DAY_MS);
                let east = match zone {
                    Some(zone) => i64::from(zone) * 60_000,
                    // Of two zones a day apart the one within half a day of UTC.
                    None => {
                        let east = (ahead + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS;
                        (east + DAY_MS / 2).rem_euclid(DAY_MS) - DAY_MS / 2
                    }
                };
                // The local day may be another than the one in UTC.
                let midnight = date.unwrap_or_else(|| {
                    let away = (day + of_day - east - at + DAY_MS / 2).div_euclid(DAY_MS);
                    day - away * DAY_MS
                });
                Some(midnight - east)
            }
            (None, Some(date), None) => Some(date),
            (None, None, _) => None,
        });
    }
    for (log, base) in facts.clients.iter_mut().zip(dated) {
        let Some(mut base) = base else { continue };
        let mut last: Option<i64> = None;
        for line in &mut log.lines {
            let Some(of_day) = line.of_day else { continue };
            // Midnight passed.
            if last.is_some_and(|last| last - of_day > DAY_MS / 2) {
                base += DAY_MS;
            }
            last = Some(of_day);
            line.at = Some(base + of_day);
        }
    }
}

/// Moves what a client's clock dated to the server's, where that client's clock is known. Returns how much later each
/// such fact may have been.
pub(crate) fn to_server(facts: &mut Facts, offset: crate::clock::Offset) {
    for fact in &mut facts.facts {
        if facts.by_client.contains(&fact.place) {
            fact.at = offset.to_server(fact.at);
        }
    }
    facts.facts.sort_by_key(|fact| (fact.at, fact.place));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{ClientLine, Says};

    fn log(lines: &[(i64, Says)]) -> Facts {
        let lines = lines
            .iter()
            .zip(1..)
            .map(|((of_day, says), line)| ClientLine {
                at: None,
                place: Place { source: 0, line },
                says: says.clone(),
                of_day: Some(*of_day),
            });
        let log = ClientLog {
            agent: Some("1".into()),
            source: 0,
            lines: lines.collect(),
            drift: None,
        };
        Facts {
            clients: vec![log],
            ..Facts::default()
        }
    }

    fn times(mut facts: Facts, given: &Given) -> Vec<Option<i64>> {
        date(&mut facts, given);
        facts.clients[0].lines.iter().map(|line| line.at).collect()
    }

    #[test]
    fn a_log_without_dates_takes_them_from_a_nocache_and_rolls_over_at_midnight() {
        // 23:59:59 four hours west of UTC is 03:59:59 of the next day there.
        let at = 1_366_689_599_163;
        let get = Says::Get {
            path: "/SystemInfo".into(),
            nocache: at,
        };
        let lines = [(86_399_000, get), (1_000, Says::Established)];
        let found = times(log(&lines), &Given::default());
        assert_eq!(found, [Some(at - 163), Some(at - 163 + 2_000)]);
    }

    #[test]
    fn without_a_key_the_given_day_and_zone_count_and_without_those_nothing_does() {
        let lines = [(3_600_000, Says::Established)];
        assert_eq!(times(log(&lines), &Given::default()), [None]);
        let given = Given {
            date: Some(1_366_675_200_000),
            zone: Some(-240),
            ..Given::default()
        };
        assert_eq!(
            times(log(&lines), &given),
            [Some(1_366_675_200_000 + 5 * 3_600_000)]
        );
    }
}
