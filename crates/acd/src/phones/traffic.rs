//! Callers by rate: when they call, whom, how long they talk, when they lose patience.
//!
//! Arrivals are a Poisson process whose rate may change with the time, made by thinning one of the highest
//! rate (Lewis and Shedler 1979).

use super::hand::Call;
use super::random::{Random, Span};

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;
/// After a pause of the clock (a machine that slept) no more than this is caught up with.
const LONGEST_CATCH_UP_MS: i64 = 60_000;

/// Calls an hour, as a table of equal slots that begins when the traffic does and repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Calls an hour in each slot; none at all when empty.
    pub calls_per_hour: Vec<u32>,
    /// Length of a slot in milliseconds.
    pub slot_ms: i64,
}

impl Rate {
    /// The same at all times.
    pub fn constant(calls_per_hour: u32) -> Self {
        Self {
            calls_per_hour: vec![calls_per_hour],
            slot_ms: HOUR_MS,
        }
    }

    fn highest(&self) -> u32 {
        self.calls_per_hour.iter().copied().max().unwrap_or(0)
    }

    /// The rate so long after the beginning.
    fn at(&self, elapsed: i64) -> u32 {
        let slots = self.calls_per_hour.len().max(1);
        let slot = elapsed.max(0) / self.slot_ms.max(1);
        let place = usize::try_from(slot).unwrap_or(0) % slots;
        self.calls_per_hour.get(place).copied().unwrap_or(0)
    }
}

/// Somebody who calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The caller's number.
    pub number: Box<str>,
    /// Call variables by name, as a voice menu would set them.
    pub variables: Vec<(Box<str>, Box<str>)>,
}

/// What the callers are like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traffic {
    /// How many call.
    pub rate: Rate,
    /// Numbers that they call, each with its weight.
    pub dialed: Vec<(Box<str>, u32)>,
    /// How long one talks, drawn when an agent answers.
    pub talk: Span,
    /// How long one waits for an agent; none is for ever.
    pub patience: Option<Span>,
    /// How long one bears being on hold; none is for ever.
    pub hold_patience: Option<Span>,
    /// Of 1,000 callers who lost patience, how many call again.
    pub redial_permille: u32,
    /// After how long.
    pub redial_after: Span,
    /// Who calls, each as often as the others.
    pub profiles: Vec<Profile>,
}

/// A traffic under way.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    pub(super) traffic: Traffic,
    random: Random,
    began: i64,
}

impl Arrivals {
    pub(super) fn new(now: i64, traffic: Traffic, random: Random) -> Self {
        Self {
            traffic,
            random,
            began: now,
        }
    }

    /// When the next candidate arrives after the one at `at`; none when nobody ever calls.
    pub(super) fn next(&mut self, at: i64, now: i64) -> Option<i64> {
        let highest = i64::from(self.traffic.rate.highest());
        if highest == 0 {
            return None;
        }
        let from = at.max(now.saturating_sub(LONGEST_CATCH_UP_MS));
        let mean = HOUR_MS.saturating_mul(1000) / highest;
        // In thousandths, so that rounding does not change a high rate.
        let gap = Span::Exponential { mean_ms: mean }.draw(&mut self.random);
        Some(from.saturating_add(rounded(gap, &mut self.random)))
    }

    /// Who arrives at `at`; nobody when the rate is lower than the highest one, by chance.
    pub(super) fn arrive(&mut self, at: i64) -> Option<Call> {
        let rate = &self.traffic.rate;
        let (now, highest) = (rate.at(at.saturating_sub(self.began)), rate.highest());
        if self.random.below(highest.into()) >= now.into() {
            return None;
        }
        let dialed = self.dialed()?;
        let count = self.traffic.profiles.len() as u64;
        let place = usize::try_from(self.random.below(count)).unwrap_or(0);
        let profile = self.traffic.profiles.get(place).cloned();
        let profile = profile.unwrap_or_default();
        Some(Call {
            from: profile.number,
            dialed,
            variables: profile.variables,
            talk: Some(self.traffic.talk),
            patience: self.traffic.patience,
            hold_patience: self.traffic.hold_patience,
        })
    }

    /// After how long somebody who lost patience calls again, if at all.
    pub(super) fn redial(&mut self) -> Option<i64> {
        let again = self.random.chance(self.traffic.redial_permille);
        again.then(|| self.traffic.redial_after.draw(&mut self.random))
    }

    fn dialed(&mut self) -> Option<Box<str>> {
        let weights = self
            .traffic
            .dialed
            .iter()
            .map(|(_, weight)| u64::from(*weight));
        let mut left = self.random.below(weights.sum());
        for (number, weight) in &self.traffic.dialed {
            match left.checked_sub((*weight).into()) {
                None => return Some(number.clone()),
                Some(rest) => left = rest,
            }
        }
        None
    }
}

/// Thousandths to milliseconds, up or down by chance, so that the mean stays.
fn rounded(thousandths: i64, random: &mut Random) -> i64 {
    let rest = u32::try_from(thousandths.rem_euclid(1000)).unwrap_or(0);
    thousandths.div_euclid(1000) + i64::from(random.chance(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic(rate: Rate) -> Traffic {
        Traffic {
            rate,
            dialed: vec![("8000".into(), 3), ("8001".into(), 1)],
            talk: Span::Fixed(1000),
            patience: None,
            hold_patience: None,
            redial_permille: 300,
            redial_after: Span::Fixed(60_000),
            profiles: Vec::new(),
        }
    }

    /// Times and numbers of the calls of so many hours.
    fn calls(rate: Rate, hours: i64) -> Vec<(i64, Box<str>)> {
        let mut arrivals = Arrivals::new(0, traffic(rate), Random::new(3));
        let mut calls = Vec::new();
        let mut at = 0;
        while let Some(next) = arrivals.next(at, at) {
            at = next;
            if at >= hours * HOUR_MS {
                break;
            }
            if let Some(call) = arrivals.arrive(at) {
                calls.push((at, call.dialed));
            }
        }
        calls
    }

    #[test]
    fn a_constant_rate_gives_as_many_calls_with_the_spread_of_chance() {
        let calls = calls(Rate::constant(3600), 100);
        // 360,000 calls, 600 of deviation.
        let total = i64::try_from(calls.len()).unwrap();
        assert!((total - 360_000).abs() < 1800, "{total}");
        let mut seconds = vec![0_u32; 360_000];
        for (at, _) in &calls {
            seconds[usize::try_from(at / 1000).unwrap()] += 1;
        }
        // Poisson: the variance is the mean, one call a second.
        let variance = seconds
            .iter()
            .map(|n| f64::from(*n) - 1.0)
            .map(|d| d * d)
            .sum::<f64>()
            / 360_000.0;
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
        let first = calls
            .iter()
            .filter(|(_, number)| &**number == "8000")
            .count();
        let share = first as f64 / calls.len() as f64;
        assert!((share - 0.75).abs() < 0.005, "{share}");
    }

    #[test]
    fn a_rate_may_change_with_the_time_and_repeats() {
        let rate = Rate {
            calls_per_hour: vec![0, 6000, 600],
            slot_ms: HOUR_MS,
        };
        let calls = calls(rate, 6);
        let in_hour = |hour| calls.iter().filter(|(at, _)| at / HOUR_MS == hour).count();
        assert_eq!((in_hour(0), in_hour(3)), (0, 0));
        for (hour, wanted) in [(1, 6000.0_f64), (2, 600.0), (4, 6000.0), (5, 600.0)] {
            let found = in_hour(hour) as f64;
            assert!(
                (found - wanted).abs() < 4.0 * wanted.sqrt(),
                "{found} in hour {hour}"
            );
        }
    }

    #[test]
    fn nobody_calls_without_a_rate_or_a_number() {
        assert!(calls(Rate::constant(0), 1).is_empty());
        let mut silent = traffic(Rate::constant(60));
        silent.dialed.clear();
        let mut arrivals = Arrivals::new(0, silent, Random::new(1));
        assert_eq!(arrivals.arrive(5), None);
    }

    #[test]
    fn a_machine_that_slept_does_not_get_all_the_missed_calls() {
        let mut arrivals = Arrivals::new(0, traffic(Rate::constant(60)), Random::new(1));
        let next = arrivals.next(0, 100 * HOUR_MS).unwrap();
        assert!(next >= 100 * HOUR_MS - LONGEST_CATCH_UP_MS);
    }

    #[test]
    fn some_who_lost_patience_call_again() {
        let mut arrivals = Arrivals::new(0, traffic(Rate::constant(60)), Random::new(3));
        let again = (0..10_000)
            .filter(|_| arrivals.redial() == Some(60_000))
            .count();
        assert!((2850..3150).contains(&again), "{again}");
    }
}
