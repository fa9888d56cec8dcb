//! What chance decides: numbers, and what the provider does.

use crate::world::jwks;

/// xorshift64*: the same seed, the same events.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    pub(crate) fn one_in(&mut self, odds: u64) -> bool {
        self.below(odds) == 0
    }
}

/// What the provider does at the moment.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Provider {
    Up,
    Down,
    /// It answers, with nonsense.
    Broken,
    /// It never answers.
    Silent,
}

/// The keys that the provider publishes are three in a row: numbers from `first` on.
pub(crate) fn published(first: u64) -> String {
    let kids: Vec<_> = (first..first + 3).map(|nth| format!("k{nth}")).collect();
    jwks(&kids.iter().map(|kid| &**kid).collect::<Vec<_>>())
}
