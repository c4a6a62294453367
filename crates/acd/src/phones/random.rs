//! Chance from a seed, and how long things take.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood 2014): 64 bits of state, every seed is good. The
//! distributions compute in `f64` and are rounded to milliseconds; the centre itself never sees them.

/// A stream of random numbers that follows from its seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own, so that what one part draws does not change what another one gets.
    pub fn fork(&mut self) -> Self {
        Self::new(self.bits())
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A whole number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        // The upper half of a product is as even as 64 bits can be.
        let product = u128::from(self.bits()) * u128::from(end);
        (product >> 64) as u64
    }

    /// True in `permille` of 1,000 cases.
    pub fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < u64::from(permille)
    }

    /// Above 0 and at most 1, so that it has a logarithm.
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Mean 0, variance 1 (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.unit().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// How long something takes, as a distribution. Everything is in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Always the same.
    Fixed(i64),
    /// Without memory, as in the Erlang formulas.
    Exponential {
        /// The mean.
        mean_ms: i64,
    },
    /// Many short ones and a long tail, as real calls are.
    LogNormal {
        /// The mean.
        mean_ms: i64,
        /// Standard deviation of the logarithm, in thousandths; 1,200 is usual.
        sigma_permille: u32,
    },
    /// Between two bounds, both included.
    Uniform {
        /// The shortest.
        from_ms: i64,
        /// The longest.
        to_ms: i64,
    },
}

impl Span {
    /// One of them; never negative.
    pub fn draw(self, random: &mut Random) -> i64 {
        let ms = match self {
            Self::Fixed(ms) => ms,
            Self::Exponential { mean_ms } => (-random.unit().ln() * mean_ms as f64).round() as i64,
            Self::LogNormal {
                mean_ms,
                sigma_permille,
            } => {
                let sigma = f64::from(sigma_permille) / 1000.0;
                let factor = (sigma * random.normal() - sigma * sigma / 2.0).exp();
                (factor * mean_ms as f64).round() as i64
            }
            Self::Uniform { from_ms, to_ms } => {
                let width = to_ms.saturating_sub(from_ms).max(0).unsigned_abs();
                from_ms.saturating_add_unsigned(random.below(width.saturating_add(1)))
            }
        };
        ms.max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_numbers() {
        // The first numbers of SplitMix64 from the seed 1234567, as its reference implementation prints them.
        let mut random = Random::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    /// Mean and standard deviation of many draws.
    fn moments(span: Span) -> (f64, f64) {
        let mut random = Random::new(7);
        let draws: Vec<f64> = (0..100_000)
            .map(|_| span.draw(&mut random) as f64)
            .collect();
        let count = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / count;
        let variance = draws.iter().map(|ms| (ms - mean).powi(2)).sum::<f64>() / count;
        (mean, variance.sqrt())
    }

    #[test]
    fn spans_have_the_mean_and_the_spread_of_their_distribution() {
        let near = |(mean, deviation): (f64, f64), wanted: (f64, f64)| {
            assert!(
                (mean / wanted.0 - 1.0).abs() < 0.02,
                "mean {mean}, not {}",
                wanted.0
            );
            assert!(
                (deviation - wanted.1).abs() <= 0.05 * wanted.1,
                "deviation {deviation}, not {}",
                wanted.1
            );
        };
        let mean_ms = 180_000;
        near(moments(Span::Exponential { mean_ms }), (180e3, 180e3));
        // sqrt(exp(sigma^2) - 1) times the mean.
        let sigma_permille = 800;
        let log_normal = Span::LogNormal {
            mean_ms,
            sigma_permille,
        };
        near(moments(log_normal), (180e3, 180e3 * 0.9468));
        let uniform = Span::Uniform {
            from_ms: 2000,
            to_ms: 8000,
        };
        near(moments(uniform), (5000.0, 1732.0));
        assert_eq!(moments(Span::Fixed(5)), (5.0, 0.0));
    }

    #[test]
    fn nonsense_takes_no_time() {
        let mut random = Random::new(1);
        assert_eq!(Span::Fixed(-5).draw(&mut random), 0);
        let backwards = Span::Uniform {
            from_ms: 9,
            to_ms: 3,
        };
        assert_eq!(backwards.draw(&mut random), 9);
        assert_eq!(Span::Exponential { mean_ms: 0 }.draw(&mut random), 0);
        assert_eq!(random.below(0), 0);
    }
}
