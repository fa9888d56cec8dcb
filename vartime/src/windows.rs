//! Multiples of points by tables: what both curves share.
//!
//! A scalar is written with 52 digits between -15 and 16, each for five bits, in blocks of four. A [`Table`] holds the
//! sixteen multiples of the point at the lowest digit of every block. The digits above it use the same entries: in each
//! of four rounds the next digit of every block is added, and in between the sum is doubled five times. That takes 15
//! doublings where one block would need 255, and a quarter of the entries that every digit would need for none.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;

/// Bits of a digit.
const WIDTH: u32 = 5;
/// The largest digit, and the entries of a block.
const LARGEST: usize = 16;
/// The digits of a block.
const ROUNDS: usize = 4;
/// The blocks of a table.
const BLOCKS: usize = 13;

/// A group of points.
pub(crate) trait Group: Copy {
    /// A point in the form that is cheapest to add.
    type Entry: Copy;

    /// The neutral element.
    const NEUTRAL: Self;

    /// Twice the point.
    fn doubled(self) -> Self;

    /// The sum.
    fn plus(self, entry: &Self::Entry) -> Self;

    /// The difference.
    fn minus(self, entry: &Self::Entry) -> Self;

    /// Whether this is the neutral element.
    fn is_neutral(self) -> bool;

    /// The points as entries; nothing if one has no such form.
    fn entries(points: &[Self]) -> Option<Vec<Self::Entry>>;
}

/// The digits of a scalar: `digits[block][round]` counts 2^(5 * (4 * block + round)).
pub(crate) struct Digits([[i8; ROUNDS]; BLOCKS]);

impl Digits {
    const ZERO: Self = Self([[0; ROUNDS]; BLOCKS]);

    /// The digits of a little-endian integer below 2^256.
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "there are never more than 14 bits without a digit"
    )]
    pub(crate) fn of(scalar: &[u8; 32]) -> Self {
        let mut bytes = scalar.iter();
        // The bits that no digit has yet; a digit above 16 is taken from the next power, which then gets one more.
        let (mut bits, mut count) = (0_i32, 0);
        let digit = || {
            if count < WIDTH {
                bits += i32::from(bytes.next().copied().unwrap_or(0)) << count;
                count += 8;
            }
            let low = bits & 31;
            let digit = if low > 16 { low - 32 } else { low };
            bits = (bits - digit) >> WIDTH;
            count -= WIDTH;
            digit as i8
        };
        let mut digits = Self::ZERO;
        digits.0.as_flattened_mut().fill_with(digit);
        digits
    }
}

/// Multiples of one point: `blocks[block][digit - 1]` is digit * 2^(20 * block) times the point.
pub(crate) struct Table<G: Group> {
    blocks: Box<[Block<G>]>,
}

type Block<G> = [<G as Group>::Entry; LARGEST];

impl<G: Group> Table<G> {
    /// The table of a point; nothing if it does not stand up to [`Table::holds`].
    pub(crate) fn of(point: G) -> Option<Self> {
        let next = |point: &G| Some((0..ROUNDS).fold(*point, |point, _| shifted(point)));
        let first: Vec<_> = iter::successors(Some(point), next).take(BLOCKS).collect();
        let mut multiples = Vec::with_capacity(BLOCKS * LARGEST);
        for entry in G::entries(&first)? {
            let mut multiple = G::NEUTRAL;
            for _ in 0..LARGEST {
                multiple = multiple.plus(&entry);
                multiples.push(multiple);
            }
        }
        let entries = G::entries(&multiples)?;
        let (blocks, _) = entries.as_chunks();
        let table = Self {
            blocks: blocks.into(),
        };
        table.holds().then_some(table)
    }

    /// Whether the entries are the multiples of the first one that they should be.
    ///
    /// Two sums, which are neutral whatever the point is. In every block all entries together are 17 times the eighth,
    /// as 1 + 2 + ... + 16 = 17 * 8; that every entry counts, and all those from one on count too, finds a wrong one as
    /// well as a wrong step from one to the next. And 2 * 2^15 times the sixteenth of a block is the first of the next.
    fn holds(&self) -> bool {
        let mut eighths = G::NEUTRAL;
        for [.., eighth, _, _, _, _, _, _, _, _] in &self.blocks {
            eighths = eighths.minus(eighth);
        }
        let mut multiples = (0..4).fold(eighths, |sum, _| sum.doubled());
        for block in &self.blocks {
            let [.., eighth, _, _, _, _, _, _, _, _] = block;
            multiples = block.iter().fold(multiples.minus(eighth), G::plus);
        }

        let (mut largest, mut next) = (Digits::ZERO, Digits::ZERO);
        for [.., digit] in largest.0.iter_mut().take(BLOCKS - 1) {
            *digit = 16;
        }
        for [digit, ..] in next.0.iter_mut().skip(1) {
            *digit = -1;
        }
        let steps = sum(&[(self, &largest), (self, &largest), (self, &next)]);
        multiples.is_neutral() && steps.is_neutral()
    }
}

/// The sum of the scalars times the points.
#[inline(never)]
pub(crate) fn sum<G: Group>(terms: &[(&Table<G>, &Digits)]) -> G {
    let mut sum = G::NEUTRAL;
    for round in (0..ROUNDS).rev() {
        for (table, digits) in terms {
            for (block, digits) in table.blocks.iter().zip(&digits.0) {
                let digit = digits.get(round).copied().unwrap_or(0);
                sum = plus_multiple(sum, block, digit);
            }
        }
        if round > 0 {
            sum = shifted(sum);
        }
    }
    sum
}

/// The point at the next digit.
fn shifted<G: Group>(point: G) -> G {
    (0..WIDTH).fold(point, |point, _| point.doubled())
}

#[inline(always)]
fn plus_multiple<G: Group>(sum: G, block: &Block<G>, digit: i8) -> G {
    let entry = usize::from(digit.unsigned_abs())
        .checked_sub(1)
        .and_then(|place| block.get(place));
    match entry {
        None => sum,
        Some(entry) if digit < 0 => sum.minus(entry),
        Some(entry) => sum.plus(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Integers modulo a prime: a group in which every sum is known. If there is an entry `SPOILED`, it is a wrong one.
    #[derive(Clone, Copy, PartialEq)]
    struct Number<const SPOILED: usize = { usize::MAX }>(u128);

    const PRIME: u128 = (1 << 61) - 1;

    impl<const SPOILED: usize> Group for Number<SPOILED> {
        type Entry = Self;

        const NEUTRAL: Self = Self(0);

        fn doubled(self) -> Self {
            self.plus(&self)
        }

        fn plus(self, entry: &Self) -> Self {
            Self((self.0 + entry.0) % PRIME)
        }

        fn minus(self, entry: &Self) -> Self {
            Self((self.0 + PRIME - entry.0) % PRIME)
        }

        fn is_neutral(self) -> bool {
            self == Self::NEUTRAL
        }

        fn entries(points: &[Self]) -> Option<Vec<Self>> {
            let mut entries = points.to_vec();
            if let Some(entry) = entries.get_mut(SPOILED) {
                *entry = entry.doubled();
            }
            Some(entries)
        }
    }

    const POINT: Number = Number(0x1234_5678_9abc_def1);

    /// The scalar times the point, bit by bit.
    fn multiple(scalar: &[u8; 32], point: Number) -> Number {
        let bits = scalar
            .iter()
            .rev()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        bits.fold(Number::NEUTRAL, |sum, bit| {
            let sum = sum.doubled();
            if bit == 1 { sum.plus(&point) } else { sum }
        })
    }

    /// Ones and zeros in runs of every length and at every place, and some more.
    fn scalars() -> impl Iterator<Item = [u8; 32]> {
        let run = |from: usize, to: usize| {
            let bit = move |place| u8::from((from..to).contains(&place));
            core::array::from_fn(|byte| (0..8).map(|place| bit(8 * byte + place) << place).sum())
        };
        let runs = (0..256).flat_map(move |from| (from + 1..257).map(move |to| run(from, to)));
        let patterns = (0..=255).map(|byte| [byte; 32]);
        runs.chain(patterns)
    }

    #[test]
    fn a_sum_is_the_sum_of_the_multiples() {
        let other = Number(POINT.0 / 3);
        let (table, second) = (Table::of(POINT).unwrap(), Table::of(other).unwrap());
        let third = [0xc5; 32];
        for scalar in scalars() {
            let digits = Digits::of(&scalar);
            assert!(
                digits
                    .0
                    .as_flattened()
                    .iter()
                    .all(|digit| (-15..=16).contains(digit))
            );
            let sum = sum(&[(&table, &digits), (&second, &Digits::of(&third))]);
            let expected = multiple(&scalar, POINT).plus(&multiple(&third, other));
            assert!(sum == expected, "{scalar:?}");
        }
    }

    #[test]
    fn a_table_with_one_wrong_entry_does_not_hold() {
        for block in 0..BLOCKS {
            for place in 0..LARGEST {
                let mut table = Table::of(POINT).unwrap();
                assert!(table.holds());
                let entry = &mut table.blocks[block][place];
                *entry = entry.doubled();
                assert!(!table.holds(), "block {block}, entry {place}");
            }
        }
    }

    #[test]
    fn a_table_that_does_not_hold_is_not_made() {
        assert!(Table::of(POINT).is_some());
        // One that only the multiples have, and one that the first points of the blocks have, too.
        assert!(Table::of(Number::<200>(POINT.0)).is_none());
        assert!(Table::of(Number::<5>(POINT.0)).is_none());
    }

    #[test]
    fn a_table_with_a_wrong_step_does_not_hold() {
        for block in 0..BLOCKS {
            for place in 1..LARGEST {
                let mut table = Table::of(POINT).unwrap();
                for entry in &mut table.blocks[block][place..] {
                    *entry = entry.plus(&Number(1));
                }
                assert!(!table.holds(), "block {block}, from entry {place} on");
            }
        }
        for block in 1..BLOCKS {
            let mut table = Table::of(POINT).unwrap();
            for entry in table.blocks[block..].as_flattened_mut() {
                *entry = entry.doubled();
            }
            assert!(!table.holds(), "from block {block} on");
        }
    }
}
