//! How far the server's clock is ahead of a client's, as an interval (logs.md 5, Skew).
//!
//! A request leaves by the client's clock (its nocache) and arrives by the server's: server - client is at most the
//! difference. Intervals of one host are intersected, as NTP does; a stamp is true to its millisecond.

use std::collections::BTreeMap;

use crate::fact::{ClientLine, ClientSays, Facts, Kind};
use crate::input::Source;

/// The interval in which server clock minus client clock lies, milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The client's address, else the client log's name.
    pub(crate) host: String,
    /// At least.
    pub(crate) min_ms: i64,
    /// At most.
    pub(crate) max_ms: i64,
}

/// One interval for each client that left a client log with dates.
pub(crate) fn intervals(facts: &Facts, sources: &[Source]) -> Vec<Clock> {
    let mut begun = BTreeMap::new();
    let mut addresses = BTreeMap::new();
    let mut open = BTreeMap::new();
    for fact in &facts.facts {
        match &fact.kind {
            Kind::Start {
                thread,
                nocache: Some(nocache),
                ..
            } => {
                open.insert(thread.as_str(), *nocache);
                begun.insert(*nocache, (fact.at, fact.at));
            }
            Kind::End { thread, .. } => {
                let entry = open
                    .remove(thread.as_str())
                    .and_then(|nocache| begun.get_mut(&nocache));
                if let Some((_, end)) = entry {
                    *end = fact.at;
                }
            }
            Kind::Access {
                client,
                nocache: Some(nocache),
                ..
            } => _ = addresses.insert(*nocache, client.as_str()),
            _ => {}
        }
    }
    let mut hosts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (source, lines) in &facts.clients {
        for (at, line) in lines.iter().enumerate() {
            let ClientSays::Get { nocache, .. } = &line.says else {
                continue;
            };
            let (Some((start, end)), Some(left)) = (begun.get(nocache), line.client_at) else {
                continue;
            };
            let returned = answer(lines.get(at + 1..).unwrap_or_default());
            let host = match (addresses.get(nocache), sources.get(*source)) {
                (Some(address), _) => (*address).to_owned(),
                (None, Some(file)) => file.name.clone(),
                (None, None) => continue,
            };
            let most = start - left.min(*nocache) + 1;
            let least = returned.map_or(i64::MIN, |back| end - back - 1);
            let known = hosts.entry(host).or_insert((i64::MIN, i64::MAX));
            let narrowed = (known.0.max(least), known.1.min(most));
            // A clock that was set in between contradicts; then the older interval stands.
            if narrowed.0 <= narrowed.1 {
                *known = narrowed;
            }
        }
    }
    hosts
        .into_iter()
        .filter(|(_, (min, max))| *min != i64::MIN && *max != i64::MAX)
        .map(|(host, (min_ms, max_ms))| Clock {
            host,
            min_ms,
            max_ms,
        })
        .collect()
}

/// When the next answer without a requestId came back, by the client's clock.
fn answer(lines: &[ClientLine]) -> Option<i64> {
    let line = lines.iter().find(|line| {
        matches!(
            line.says,
            ClientSays::Answer {
                request_id: None,
                ..
            }
        )
    })?;
    line.client_at
}
