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
use core::hint::black_box;
use core::iter;

use once_cell::race::OnceBox;

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

    /// Adds a point.
    fn add(&mut self, entry: &Self::Entry);

    /// Takes a point away.
    fn subtract(&mut self, entry: &Self::Entry);

    /// Whether this is the neutral element.
    fn is_neutral(&self) -> bool;

    /// Something of an entry, of nearly every line of the processor's cache that it is in.
    fn glance(entry: &Self::Entry) -> i32;

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
    pub(crate) const fn largest(self) -> usize {
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
///
/// It grows a block at a time, so that nobody has to wait for the whole of a large one.
pub(crate) struct Table<G: Group> {
    shape: Shape,
    point: G::Entry,
    /// Those that are there come first.
    blocks: Box<[OnceBox<Block<G>>]>,
}

type Block<G> = Vec<<G as Group>::Entry>;

impl<G: Group> Table<G> {
    /// The whole table of a point; nothing if it does not hold.
    pub(crate) fn of(point: G::Entry, shape: Shape) -> Option<Self> {
        let table = Self::begun(point, shape);
        while !table.is_whole() {
            table.grow()?;
        }
        Some(table)
    }

    /// The table of a point, still without any block.
    pub(crate) fn begun(point: G::Entry, shape: Shape) -> Self {
        let blocks = iter::repeat_with(OnceBox::new).take(shape.blocks);
        Self {
            shape,
            point,
            blocks: blocks.collect(),
        }
    }

    /// Whether all blocks are there. Sums need them all.
    pub(crate) fn is_whole(&self) -> bool {
        self.blocks.last().is_some_and(|last| last.get().is_some())
    }

    /// Makes the next block; nothing if it is not what it should be, and then it is not there.
    pub(crate) fn grow(&self) -> Option<()> {
        let Some(place) = self.blocks.iter().find(|place| place.get().is_none()) else {
            return Some(());
        };
        let before = self.blocks().last();
        let first = match before {
            None => self.point,
            Some(before) => self.first_after(before)?,
        };
        let block = self.block(first)?;
        let holds = self.shape.holds::<G>(&block);
        let follows = before.is_none_or(|before| self.shape.follows::<G>(before, &block));
        if !(holds && follows) {
            return None;
        }
        // Another thread may have made it meanwhile, which is the same.
        let _ = place.set(Box::new(block));
        Some(())
    }

    /// The first entry of the block after this one.
    fn first_after(&self, before: &Block<G>) -> Option<G::Entry> {
        let mut first = G::NEUTRAL;
        first.add(before.first()?);
        first.double(self.shape.step());
        G::entries(&[first])?.pop()
    }

    /// The block with this first entry.
    fn block(&self, first: G::Entry) -> Option<Block<G>> {
        let mut multiple = G::NEUTRAL;
        let multiples = iter::repeat_with(|| {
            multiple.add(&first);
            multiple
        });
        let multiples: Vec<_> = multiples.take(self.shape.largest()).collect();
        G::entries(&multiples)
    }

    /// How it is laid out.
    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    /// The point whose multiples these are.
    pub(crate) fn point(&self) -> G::Entry {
        self.point
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

    /// The entries that are there.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.blocks().map(Vec::len).sum()
    }

    fn blocks(&self) -> impl Iterator<Item = &Block<G>> {
        self.blocks.iter().map_while(OnceBox::get)
    }
}

/// What is checked of every block.
impl Shape {
    /// Whether all entries of a block together are `largest + 1` times the middle one: 1 + 2 + ... + 16 = 17 * 8.
    ///
    /// That every entry counts, and all those from one on count too, finds a wrong one as well as a wrong step from one to
    /// the next.
    fn holds<G: Group>(self, block: &[G::Entry]) -> bool {
        let middle = self.largest().div_euclid(2).saturating_sub(1);
        let Some(middle) = block.get(middle) else {
            return false;
        };
        let mut sum = G::NEUTRAL;
        sum.subtract(middle);
        sum.double(self.width.saturating_sub(1));
        sum.subtract(middle);
        block.iter().for_each(|entry| sum.add(entry));
        sum.is_neutral()
    }

    /// Whether the first entry of a block is where the block before it ends: twice its largest entry, doubled for all rounds
    /// but the first.
    fn follows<G: Group>(self, before: &[G::Entry], block: &[G::Entry]) -> bool {
        let (Some(largest), Some(first)) = (before.last(), block.first()) else {
            return false;
        };
        let mut sum = G::NEUTRAL;
        sum.add(largest);
        let other_rounds = (self.rounds as u32).saturating_sub(1);
        sum.double(self.width.saturating_mul(other_rounds).saturating_add(1));
        sum.subtract(first);
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

/// The entry that a digit counts, whatever its sign is; none for zero.
fn counted<G: Group>(block: &Block<G>, digit: i16) -> Option<&G::Entry> {
    let place = usize::from(digit.unsigned_abs()).checked_sub(1)?;
    block.get(place)
}

/// A scalar times the point of a table.
pub(crate) struct Term<'t, G: Group> {
    table: &'t Table<G>,
    /// In the order of their powers, so those of a block stand together.
    digits: Vec<i16>,
}

impl<G: Group> Term<'_, G> {
    /// Looks at every entry that will be added. They lie all over a large table, which in a busy process is no longer in a
    /// cache: so they come from memory together, and not each when its turn is.
    fn look_ahead(&self) {
        let digits = self.digits.chunks(self.table.shape.rounds.max(1));
        let entries = self.table.blocks().zip(digits).flat_map(|(block, digits)| {
            digits
                .iter()
                .filter_map(|digit| counted::<G>(block, *digit))
        });
        black_box(entries.fold(0, |seen, entry| seen ^ G::glance(entry)));
    }

    /// Adds what the digits of this round count.
    fn add_round(&self, round: usize, sum: &mut G) {
        let digits = self.digits.iter().skip(round);
        let digits = digits.step_by(self.table.shape.rounds);
        for (block, digit) in self.table.blocks().zip(digits) {
            match counted::<G>(block, *digit) {
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
    terms.iter().for_each(Term::look_ahead);
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
