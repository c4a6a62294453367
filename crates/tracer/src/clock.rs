//! How far a client's clock is from the server's, as an interval (logs.md 5, Skew).
//!
//! A GET leaves the client at t1 and reaches the server at t2; the answer leaves the server at t3 and reaches the
//! client at t4, t1 and t4 by the client's clock. So client minus server lies between t1 - t2 and t4 - t3. The
//! intervals of one client are intersected, as NTP does. Never a single number.

use std::collections::BTreeMap;

use crate::attempt::{Attempt, Get};
use crate::request::Request;

/// The interval in which client clock minus server clock lies, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    pub(crate) min: i64,
    pub(crate) max: i64,
}

impl Offset {
    /// A client's time by the server's clock, moved no further than the interval demands.
    pub(crate) fn to_server(self, at: i64) -> i64 {
        at.saturating_sub(0.clamp(self.min, self.max))
    }
}

/// The clocks of the clients.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    by_host: BTreeMap<String, Offset>,
    host_of_log: BTreeMap<usize, String>,
}

impl Clocks {
    /// Bounds each client's clock by the requests that its log and the server's have in common. `request_of` finds
    /// the server's side of a GET.
    pub(crate) fn new<'a>(
        attempts: &[Attempt],
        request_of: impl Fn(&Get) -> Option<&'a Request>,
        name_of_log: impl Fn(usize) -> String,
    ) -> Clocks {
        let mut clocks = Clocks::default();
        for attempt in attempts {
            // Later GETs may be under way together, so their answers can't be told apart.
            for get in attempt.system_info.iter().chain(&attempt.before) {
                let Some(request) = request_of(get) else {
                    continue;
                };
                let Some(((answered, _), left)) = get.answered.zip(get.asked.at) else {
                    continue;
                };
                let Some(back) = answered.at else { continue };
                let host = clocks
                    .host_of_log
                    .entry(attempt.log)
                    .or_insert_with(|| match &request.access {
                        Some(access) => access.client.clone(),
                        None => name_of_log(attempt.log),
                    });
                // A stamp is true to its millisecond, and either side may have waited before it wrote.
                let seen = Offset {
                    min: left - request.at - 1,
                    max: back - request.end() + 1,
                };
                // A clock that was set in between contradicts; then the older interval stands.
                match clocks.by_host.get_mut(host.as_str()) {
                    _ if seen.min > seen.max => {}
                    None => _ = clocks.by_host.insert(host.clone(), seen),
                    Some(known) => {
                        let min = known.min.max(seen.min);
                        let max = known.max.min(seen.max);
                        if min <= max {
                            *known = Offset { min, max };
                        }
                    }
                }
            }
        }
        clocks
    }

    /// A client's time by the server's clock.
    pub(crate) fn to_server(&self, log: usize, at: i64) -> i64 {
        let offset = self
            .host_of_log
            .get(&log)
            .and_then(|host| self.by_host.get(host));
        offset.map_or(at, |offset| offset.to_server(at))
    }

    /// Each client with its interval.
    pub(crate) fn offsets(&self) -> impl Iterator<Item = (&str, Offset)> {
        self.by_host
            .iter()
            .map(|(host, offset)| (host.as_str(), *offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_moves_no_further_than_the_interval_demands() {
        let around = Offset { min: -3, max: 5 };
        assert_eq!(around.to_server(1_000), 1_000);
        let behind = Offset {
            min: -3_200,
            max: -2_400,
        };
        assert_eq!(behind.to_server(1_000), 3_400);
        let ahead = Offset {
            min: 2_000,
            max: 2_500,
        };
        assert_eq!(ahead.to_server(5_000), 3_000);
    }

    #[test]
    fn an_interval_that_contradicts_itself_or_the_known_one_is_not_taken() {
        use crate::attempt::Moment;
        use crate::fact::Place;
        let moment = |at| Moment {
            at: Some(at),
            place: Place { source: 0, line: 1 },
        };
        let attempt = |left, back| Attempt {
            system_info: Some(Get {
                path: "/SystemInfo".into(),
                nocache: left,
                asked: moment(left),
                answered: Some((moment(back), 200)),
            }),
            ..Attempt::default()
        };
        let fact = crate::fact::Fact {
            at: 1_000,
            place: Place { source: 0, line: 1 },
            kind: crate::fact::Kind::Start {
                thread: String::new(),
                method: "GET".into(),
                resource: "/SystemInfo".into(),
                nocache: None,
                category: None,
                user: String::new(),
            },
        };
        let requests = crate::request::requests(&[fact]);
        let told = [
            attempt(2_000, 500),
            attempt(997, 1_004),
            attempt(5_000, 5_001),
        ];
        let clocks = Clocks::new(&told, |_| requests.first(), |_| "a".into());
        let found: Vec<_> = clocks.offsets().collect();
        assert_eq!(found, [("a", Offset { min: -4, max: 5 })]);
        assert_eq!(clocks.to_server(0, 1_000), 1_000);
    }
}
