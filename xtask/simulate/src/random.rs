//! Numbers that look random and are the same in every run.

/// SplitMix64: 64 bits of state, and any seed is a good one.
pub struct Random(u64);

impl Random {
    /// A stream of its own for each list of numbers: what one contestant draws must not change what another meets.
    pub fn of(seeds: &[u64]) -> Self {
        let mut mixed = Self(0);
        for seed in seeds {
            mixed.0 = mixed.next() ^ seed;
        }
        Self(mixed.next())
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 inclusive to 1 exclusive.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `from` inclusive to `until` exclusive; `from` when there is nothing between.
    pub fn between(&mut self, from: u64, until: u64) -> u64 {
        from + self.next() % until.saturating_sub(from).max(1)
    }

    /// The wait for the next of many things that happen independently, `mean` apart: at least 1.
    pub fn wait(&mut self, mean: u64) -> u64 {
        let wait = -(1.0 - self.share()).ln() * mean as f64;
        (wait as u64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seeds_give_the_same_numbers_and_others_do_not() {
        let first = |seeds: &[u64]| Random::of(seeds).next();
        assert_eq!(first(&[1, 2]), first(&[1, 2]));
        assert_ne!(first(&[1, 2]), first(&[2, 1]));
        assert_ne!(first(&[1]), first(&[1, 0]));
    }

    #[test]
    fn waits_are_as_long_as_they_should_be() {
        let mut random = Random::of(&[7]);
        let total: u64 = (0..10_000).map(|_| random.wait(1000)).sum();
        assert!((9_500_000..10_500_000).contains(&total), "{total}");
    }
}
