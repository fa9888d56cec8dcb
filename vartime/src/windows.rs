//! Multiples of points by tables: what all curves share.
//!
//! A scalar is written in digits of `width` bits, above -2^(width-1) and up to 2^(width-1), in blocks of `rounds` digits.
//! A [`Table`] holds all multiples of the point at the lowest digit of every block. The digits above it use the same
//! entries: in each round the next digit of every block is added, and in between the sum is doubled `width` times.
//!
//! So one block of all digits is small and soon made, but needs a doubling for every bit; blocks of one digit need none.

#[cfg(test)]
pub(crate) mod tests;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;

/// A group of points.
pub(crate) trait Group: Copy {
    /// A point in the form that is cheapest to add.
    type Entry: Copy;

    /// The neutral element.
    const NEUTRAL: Self;

    /// All scalars are below two to the power of this.
    const SCALAR_BITS: u32;

    /// Doubles the point so many times.
    fn double(&mut self, times: u32);

    /// Adds a point. In place, as copies of points cost as much as a product.
    fn add(&mut self, entry: &Self::Entry);

    /// Takes a point away.
    fn subtract(&mut self, entry: &Self::Entry);

    /// Whether this is the neutral element.
    fn is_neutral(&self) -> bool;

    /// The points as entries; nothing if one has no such form.
    fn entries(points: &[Self]) -> Option<Vec<Self::Entry>>;
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// The bits of a digit, from 2 to 8.
    width: u32,
    /// The digits of a block.
    rounds: usize,
    blocks: usize,
}

impl Shape {
    /// Blocks of `rounds` digits of `width` bits, for the scalars of this group.
    pub(crate) const fn new<G: Group>(width: u32, rounds: usize) -> Self {
        Self {
            width,
            rounds,
            blocks: Self::digits::<G>(width).div_ceil(rounds),
        }
    }

    /// All digits in one block.
    pub(crate) const fn one_block<G: Group>(width: u32) -> Self {
        Self::new::<G>(width, Self::digits::<G>(width))
    }

    /// For one bit more than a scalar has, so that the last digit has room for a carry.
    const fn digits<G: Group>(width: u32) -> usize {
        match G::SCALAR_BITS.checked_div(width) {
            Some(full) => full.saturating_add(1) as usize,
            None => 0,
        }
    }

    /// The largest digit, and the entries of a block.
    const fn largest(self) -> usize {
        1 << self.width.saturating_sub(1)
    }

    /// The bits from one block to the next.
    const fn step(self) -> u32 {
        self.width.saturating_mul(self.rounds as u32)
    }

    /// The entries of a table.
    pub(crate) const fn entries(self) -> usize {
        self.blocks.saturating_mul(self.largest())
    }
}

/// Multiples of one point: entry `digit - 1` of a block is digit * 2^(step * block) times the point.
pub(crate) struct Table<G: Group> {
    shape: Shape,
    entries: Box<[G::Entry]>,
}

impl<G: Group> Table<G> {
    /// The table of a point; nothing if it does not stand up to [`Table::holds`].
    pub(crate) fn of(point: G::Entry, shape: Shape) -> Option<Self> {
        let mut first = G::NEUTRAL;
        first.add(&point);
        let mut firsts = Vec::new();
        for _ in 1..shape.blocks {
            first.double(shape.step());
            firsts.push(first);
        }
        let mut entries = Vec::with_capacity(shape.entries());
        // Block by block, as points take far more memory than entries.
        let mut multiples = Vec::with_capacity(shape.largest());
        for first in iter::once(point).chain(G::entries(&firsts)?) {
            multiples.clear();
            let mut multiple = G::NEUTRAL;
            for _ in 0..shape.largest() {
                multiple.add(&first);
                multiples.push(multiple);
            }
            entries.extend(G::entries(&multiples)?);
        }
        let table = Self {
            shape,
            entries: entries.into(),
        };
        table.holds().then_some(table)
    }

    /// The point whose multiples these are.
    pub(crate) fn point(&self) -> Option<G::Entry> {
        self.entries.first().copied()
    }

    /// The term `scalar` times the point, for [`sum`]. The scalar is little-endian.
    pub(crate) fn times(&self, scalar: &[u8]) -> Term<'_, G> {
        let count = self.shape.blocks.saturating_mul(self.shape.rounds);
        let digits = digits(scalar, self.shape.width, count);
        Term {
            table: self,
            digits,
        }
    }

    #[cfg(test)]
    pub(crate) fn entries(&self) -> &[G::Entry] {
        &self.entries
    }

    fn blocks(&self) -> impl Iterator<Item = &[G::Entry]> {
        self.entries.chunks_exact(self.shape.largest())
    }

    /// Whether the entries are the multiples of the first one that they should be.
    fn holds(&self) -> bool {
        self.blocks_hold() && (self.shape.blocks == 1 || self.steps_hold())
    }

    /// Whether in every block all entries together are `largest + 1` times the middle one: 1 + 2 + ... + 16 = 17 * 8.
    ///
    /// One sum, which is neutral whatever the point is. That every entry counts, and all those from one on count too,
    /// finds a wrong one as well as a wrong step from one to the next.
    fn blocks_hold(&self) -> bool {
        let middle = self.shape.largest().div_euclid(2).saturating_sub(1);
        let middles = || self.blocks().filter_map(|block| block.get(middle));
        let mut sum = G::NEUTRAL;
        middles().for_each(|entry| sum.subtract(entry));
        sum.double(self.shape.width.saturating_sub(1));
        middles().for_each(|entry| sum.subtract(entry));
        self.entries.iter().for_each(|entry| sum.add(entry));
        sum.is_neutral()
    }

    /// Whether the first entry of every block is where the block before it ends: twice its largest entry, doubled for all
    /// rounds but the first.
    fn steps_hold(&self) -> bool {
        let Shape {
            width,
            rounds,
            blocks,
        } = self.shape;
        let mut sum = G::NEUTRAL;
        let before = self.blocks().take(blocks.saturating_sub(1));
        before
            .filter_map(<[_]>::last)
            .for_each(|entry| sum.add(entry));
        let other_rounds = (rounds as u32).saturating_sub(1);
        sum.double(width.saturating_mul(other_rounds).saturating_add(1));
        let firsts = self.blocks().skip(1).filter_map(<[_]>::first);
        firsts.for_each(|entry| sum.subtract(entry));
        sum.is_neutral()
    }
}

/// The digits of a little-endian integer, the lowest first.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "there are never more than 16 bits without a digit"
)]
#[inline(never)]
fn digits(scalar: &[u8], width: u32, count: usize) -> Vec<i16> {
    let largest = 1 << (width - 1);
    let mut bytes = scalar.iter();
    // The bits that no digit has yet; a digit above the largest is taken from the next power, which then gets one more.
    let (mut bits, mut unread) = (0_i32, 0);
    let digit = || {
        if unread < width {
            bits += i32::from(bytes.next().copied().unwrap_or(0)) << unread;
            unread += 8;
        }
        let low = bits & (2 * largest - 1);
        let digit = if low > largest {
            low - 2 * largest
        } else {
            low
        };
        bits = (bits - digit) >> width;
        unread -= width;
        digit as i16
    };
    iter::repeat_with(digit).take(count).collect()
}

/// A scalar times the point of a table.
pub(crate) struct Term<'t, G: Group> {
    table: &'t Table<G>,
    /// In the order of their powers, so those of a block stand together.
    digits: Vec<i16>,
}

impl<G: Group> Term<'_, G> {
    /// Adds what the digits of this round count.
    fn add_round(&self, round: usize, sum: &mut G) {
        let digits = self.digits.iter().skip(round);
        let digits = digits.step_by(self.table.shape.rounds);
        for (block, digit) in self.table.blocks().zip(digits) {
            let place = usize::from(digit.unsigned_abs()).checked_sub(1);
            match place.and_then(|place| block.get(place)) {
                None => {}
                Some(entry) if *digit < 0 => sum.subtract(entry),
                Some(entry) => sum.add(entry),
            }
        }
    }
}

/// The sum of the terms. All tables of several rounds must have the same width.
#[inline(never)]
pub(crate) fn sum<G: Group>(terms: &[Term<'_, G>]) -> G {
    let shapes = terms.iter().map(|term| term.table.shape);
    // One round needs no doublings, so its width does not matter.
    let (rounds, width) = shapes
        .map(|shape| (shape.rounds, shape.width))
        .max()
        .unwrap_or_default();
    let mut sum = G::NEUTRAL;
    for round in (0..rounds).rev() {
        for term in terms {
            if round < term.table.shape.rounds {
                term.add_round(round, &mut sum);
            }
        }
        if round > 0 {
            sum.double(width);
        }
    }
    sum
}
