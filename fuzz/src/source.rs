//! Bytes read as decisions. When they run out every answer is the first choice, and first choices are sound: the empty
//! input is a good token, and each byte of a longer one can break something.

/// The input of a generator.
#[derive(Clone, Debug)]
pub struct Source<'d> {
    rest: &'d [u8],
}

impl<'d> Source<'d> {
    /// Reads from `data`.
    pub fn new(data: &'d [u8]) -> Self {
        Self { rest: data }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.rest {
            [first, rest @ ..] => {
                self.rest = rest;
                *first
            }
            [] => 0,
        }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    /// One of `choices`; the first stands for what is sound.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Something odd, once in `often`.
    pub fn is_odd(&mut self, often: usize) -> bool {
        self.below(often) == often - 1
    }

    /// At most `most` bytes, as they are.
    pub fn bytes(&mut self, most: usize) -> &'d [u8] {
        let length = usize::from(self.byte()).min(most).min(self.rest.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

/// Pseudo-random bytes: SplitMix64, the same on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    /// A tape of decisions. Most are 0, so that a token has a few faults and not only faults.
    pub fn tape(&mut self) -> Vec<u8> {
        let faults = [0, 1, 3, 6, 12, 48][self.below(6)];
        let mut tape = vec![0; 48 + self.below(64)];
        for _ in 0..faults {
            let at = self.below(tape.len());
            tape[at] = self.number() as u8;
        }
        tape
    }

    /// Decisions without a preference.
    pub fn noise(&mut self) -> Vec<u8> {
        (0..self.below(96)).map(|_| self.number() as u8).collect()
    }

    /// `seed` with a few of its bytes changed, repeated, moved or lost.
    pub fn mutate(&mut self, seed: &[u8]) -> Vec<u8> {
        const WORDS: [&str; 16] = [
            "\"", "\\u0000", "\\ud800", "\\udc00", "{", "}", "[", "]", ",", ":", "1e400", "-0.0",
            "null", "\u{feff}", ".", "=",
        ];
        let mut out = seed.to_vec();
        for _ in 0..self.below(5) {
            let (at, length) = (self.below(out.len() + 1), self.below(9));
            let end = (at + length).min(out.len());
            match self.below(6) {
                0 if at < out.len() => out[at] ^= 1 << self.below(8),
                1 if at < out.len() => out[at] = self.number() as u8,
                2 => drop(out.drain(at..end)),
                3 => {
                    let copy = out[at..end].to_vec();
                    out.splice(at..at, copy);
                }
                4 => out.truncate(at.max(out.len() / 2)),
                _ => {
                    let word = WORDS[self.below(WORDS.len())];
                    out.splice(at..at, word.bytes());
                }
            }
        }
        out
    }
}
