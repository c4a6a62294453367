//! How far each clock is from the server's, as an interval (logs.md 5, Skew).
//!
//! A request leaves a client at t1 and reaches the server at t2; something that follows from it leaves the server at t3
//! and reaches the client at t4, t1 and t4 by the client's clock. So client minus server lies between t1 - t2 and
//! t4 - t3, whatever the way took. The intervals of one client are intersected, as NTP does. Never a single number.
//! The CTI server's log is bounded in the same way, by its requests and answers with one InvokeID.

use std::collections::BTreeMap;

use crate::attempt::{Attempt, Get};
use crate::index::Index;
use crate::request::Request;

/// What the CTI server's clock is called.
pub(crate) const CTI_SERVER: &str = "CTI server";

/// How an interval is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// By what the client itself measured and printed.
    Told,
    /// By requests and answers that both sides logged.
    Pairs,
    /// Somebody said so.
    Given,
}

impl Source {
    /// As JSON prints it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Source::Told => "told",
            Source::Pairs => "pairs",
            Source::Given => "given",
        }
    }
}

/// The interval in which a clock minus the server's lies, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) source: Source,
}

impl Offset {
    /// A client's time by the server's clock, moved no further than the interval demands.
    pub(crate) fn to_server(self, at: i64) -> i64 {
        at.saturating_sub(0.clamp(self.min, self.max))
    }

    /// How much later than that the moment may have been.
    pub(crate) fn slack(self) -> i64 {
        0.clamp(self.min, self.max).saturating_sub(self.min)
    }
}

/// The clocks beside the server's.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    by_host: BTreeMap<String, Offset>,
    host_of_log: BTreeMap<usize, String>,
    /// Pairs that contradict what is known: the clock was set in between, or the lines are not what they seem.
    contradictions: BTreeMap<String, u32>,
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
                let name = || match request.browser() {
                    Some(access) => access.client.clone(),
                    None => name_of_log(attempt.log),
                };
                let host = clocks.host_of_log.entry(attempt.log).or_insert_with(name);
                let host = host.clone();
                // A request that is dated by the client's own nocache says nothing about the server's clock.
                if request.is_by_client {
                    continue;
                }
                let Some(((answered, _), left)) = get.answered.zip(get.asked.at) else {
                    continue;
                };
                let Some(back) = answered.at else { continue };
                // A stamp is true to its millisecond, and either side may have waited before it wrote.
                let seen = Offset {
                    min: left - request.at - 1,
                    max: back + answered.slack - request.end() + 1,
                    source: Source::Pairs,
                };
                clocks.bound(&host, seen);
            }
        }
        clocks
    }

    /// Bounds the clients' clocks by the sign-in itself: the PUT, the CTI server's event that follows from it, and the
    /// Update that the client got. Called when GETs alone are not enough, it never contradicts them.
    pub(crate) fn by_sign_in(
        &mut self,
        attempts: &[Attempt],
        index: &Index<'_>,
        name_of_log: impl Fn(usize) -> String,
    ) {
        for attempt in attempts {
            let Some(id) = attempt.request_id.as_deref() else {
                continue;
            };
            let Some(seen) = index.server_side_of(id) else {
                continue;
            };
            // What the page asked before it signed in bounds the PUT better than a stamp of whole seconds.
            let asked = attempt.before.iter().map(|get| get.nocache).max();
            let put = attempt.put.and_then(|put| Some((put.at?, put.slack)));
            let left = match (put, asked) {
                (Some((at, slack)), Some(asked)) if (at..=at + slack).contains(&asked) => asked,
                (Some((at, _)), _) => at,
                (None, Some(asked)) => asked,
                (None, None) => continue,
            };
            let back = attempt
                .delivered
                .and_then(|moment| Some(moment.at? + moment.slack));
            let host = self
                .host_of_log
                .entry(attempt.log)
                .or_insert_with(|| name_of_log(attempt.log))
                .clone();
            let (Some(back), (first, last)) = (back, seen) else {
                continue;
            };
            self.bound(
                &host,
                Offset {
                    min: left - first - 1,
                    max: back - last + 1,
                    source: Source::Pairs,
                },
            );
        }
    }

    /// Takes what a client says of its own clock where no pair is known.
    pub(crate) fn told(&mut self, log: usize, name: impl FnOnce() -> String, drift: (i64, i64)) {
        let host = self.host_of_log.entry(log).or_insert_with(name).clone();
        self.by_host.entry(host).or_insert(Offset {
            min: drift.0 - 1,
            max: drift.1 + 1,
            source: Source::Told,
        });
    }

    /// Takes what somebody says of a clock; nothing else counts then.
    pub(crate) fn given(&mut self, host: &str, offset: i64) {
        self.by_host.insert(
            host.to_owned(),
            Offset {
                min: offset,
                max: offset,
                source: Source::Given,
            },
        );
    }

    /// Intersects a host's interval with another. One that contradicts is counted and not taken.
    pub(crate) fn bound(&mut self, host: &str, seen: Offset) {
        if seen.min > seen.max {
            *self.contradictions.entry(host.to_owned()).or_default() += 1;
            return;
        }
        match self.by_host.get_mut(host) {
            None => _ = self.by_host.insert(host.to_owned(), seen),
            Some(known) if known.source == Source::Given => {}
            Some(known) => {
                let min = known.min.max(seen.min);
                let max = known.max.min(seen.max);
                if min <= max {
                    *known = Offset { min, max, ..seen };
                } else {
                    *self.contradictions.entry(host.to_owned()).or_default() += 1;
                }
            }
        }
    }

    /// The interval of the host that sent this client log.
    pub(crate) fn of_log(&self, log: usize) -> Option<Offset> {
        self.host_of_log
            .get(&log)
            .and_then(|host| self.by_host.get(host))
            .copied()
    }

    /// A client's time by the server's clock.
    pub(crate) fn to_server(&self, log: usize, at: i64) -> i64 {
        self.of_log(log).map_or(at, |offset| offset.to_server(at))
    }

    /// The one client whose clock is known, where there is just one: its clock is the one of records that carry no
    /// time of their own.
    pub(crate) fn only_client(&self) -> Option<Offset> {
        let mut clients = self.by_host.iter().filter(|(host, _)| *host != CTI_SERVER);
        let (_, offset) = clients.next()?;
        clients.next().is_none().then_some(*offset)
    }

    /// Each clock with its interval, and how many pairs contradicted it.
    pub(crate) fn offsets(&self) -> impl Iterator<Item = (&str, Offset, u32)> {
        self.by_host.iter().map(|(host, offset)| {
            let against = self.contradictions.get(host).copied().unwrap_or(0);
            (host.as_str(), *offset, against)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(min: i64, max: i64) -> Offset {
        Offset {
            min,
            max,
            source: Source::Pairs,
        }
    }

    #[test]
    fn a_time_moves_no_further_than_the_interval_demands() {
        let around = pair(-3, 5);
        assert_eq!((around.to_server(1_000), around.slack()), (1_000, 3));
        let behind = pair(-3_200, -2_400);
        assert_eq!((behind.to_server(1_000), behind.slack()), (3_400, 800));
        assert_eq!(pair(2_000, 2_500).to_server(5_000), 3_000);
    }

    #[test]
    fn an_interval_that_contradicts_itself_or_the_known_one_is_not_taken() {
        use crate::attempt::Moment;
        use crate::fact::Place;
        let moment = |at| Moment {
            at: Some(at),
            place: Place { source: 0, line: 1 },
            slack: 0,
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
        assert_eq!(found, [("a", pair(-4, 5), 2)]);
        assert_eq!(clocks.to_server(0, 1_000), 1_000);
    }

    #[test]
    fn the_worked_example_of_the_reference_is_bounded_and_not_guessed() {
        // logs.md 5: request out 22.875, seen by the CTI server 22.921, answered 22.999, back 22.977.
        let mut clocks = Clocks::default();
        clocks.bound(CTI_SERVER, pair(22_999 - 22_977, 22_921 - 22_875));
        let found: Vec<_> = clocks.offsets().collect();
        assert_eq!(found, [(CTI_SERVER, pair(22, 46), 0)]);
    }

    #[test]
    fn what_somebody_gives_counts_more_than_pairs_and_pairs_more_than_what_is_told() {
        let mut clocks = Clocks::default();
        clocks.told(0, || "b".into(), (-433_852, -433_852));
        assert_eq!(
            clocks.of_log(0).map(|offset| (offset.min, offset.source)),
            Some((-433_853, Source::Told))
        );
        clocks.given("b", 7);
        clocks.bound("b", pair(1, 2));
        assert_eq!(clocks.of_log(0).map(|offset| offset.max), Some(7));
    }
}
