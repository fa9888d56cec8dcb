//! The columns of products of long integers.
//!
//! An integer is a row of digits: the sum of `digits[i] * radix^i`. Column k of a product is the sum of all
//! `a[i] * b[j]` with `i + j = k`. Sixteen columns are summed up at a time, and stay in registers meanwhile.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "integers here are places of digits, of which there are hundreds"
)]

use alloc::vec;
use alloc::vec::Vec;

use super::pair::{Pair, Radix};

/// The columns of a block.
pub(super) const COLUMNS: usize = 2 * PAIRS;
const PAIRS: usize = 8;

/// Neighbouring columns, from an even one on.
pub(super) type Block<P> = [P; PAIRS];

/// The digits of an integer, an even number of them.
///
/// They are kept in pairs from even places on, and again from odd places on, so that sixteen neighbours are eight pairs
/// wherever they start. Before and after them is a block of zeros.
#[derive(Clone)]
pub(super) struct Digits<P> {
    padded: Vec<Place<P>>,
}

/// The digits `2 * k` and `2 * k + 1`, and the digits `2 * k - 1` and `2 * k`.
#[derive(Clone, Copy)]
struct Place<P> {
    even: P,
    odd: P,
}

impl<P: Pair> Digits<P> {
    /// So many zeros.
    pub(super) fn zeros(length: usize) -> Self {
        let zero = Place {
            even: P::zero(),
            odd: P::zero(),
        };
        Self {
            padded: vec![zero; length / 2 + 2 * PAIRS],
        }
    }

    /// The digits in pairs.
    pub(super) fn of(pairs: impl Iterator<Item = P>, length: usize) -> Self {
        let mut digits = Self::zeros(length);
        let mut before = P::zero();
        let pairs = pairs.take(length / 2).chain([P::zero()]);
        for (place, even) in digits.padded.iter_mut().skip(PAIRS).zip(pairs) {
            let odd = even.one_later(before);
            *place = Place { even, odd };
            before = even;
        }
        digits
    }

    /// How many digits there are.
    pub(super) fn length(&self) -> usize {
        2 * (self.padded.len() - 2 * PAIRS)
    }

    /// The digits, one by one.
    pub(super) fn numbers(&self) -> impl Iterator<Item = P::Number> {
        let places = self.places(PAIRS, self.length() / 2);
        places.iter().flat_map(|place| place.even.numbers())
    }

    /// Of all places, with the zeros, so many.
    #[inline(always)]
    fn places(&self, start: usize, count: usize) -> &[Place<P>] {
        let rest = self.padded.get(start..).unwrap_or_default();
        rest.get(..count).unwrap_or_default()
    }
}

/// Adds a pair of factors times some pairs of others to columns: `add!(a: c0 b3, c1 b4)`.
///
/// What is added to is a local, so that all columns of a block stay in registers; an array would not.
macro_rules! add {
    ($factors:expr; $($sum:ident $others:expr),+) => {{
        let [a0, a1] = $factors.each();
        $($sum = $sum.plus(a0.times($others.even).plus(a1.times($others.odd)));)+
    }};
}

/// Adds the columns of `a * b` from `first` on. Both have the same length.
#[inline(never)]
pub(super) fn add_product<P: Pair>(
    block: &mut Block<P>,
    a: &Digits<P>,
    b: &Digits<P>,
    first: usize,
) {
    let (length, first) = (a.length() / 2, first / 2);
    // Of a the pairs that meet any of b in these columns.
    let start = first.saturating_sub(length);
    let end = length.min(first + PAIRS);
    let count = end - start;
    let factors = a.places(start + PAIRS, count);
    let others = b.places(first + PAIRS + 1 - end, count + PAIRS - 1);
    *block = with_rows(*block, factors, others, |factors| factors);
}

/// Adds the columns of `a * a` from `first` on, a multiple of four.
///
/// With half of `first` as h, the digits below h meet only such from h on in these columns: their products are taken once,
/// and count twice. What is left are the products of the digits from h on among each other.
#[inline(never)]
pub(super) fn add_square<P: Pair>(block: &mut Block<P>, a: &Digits<P>, first: usize) {
    let (length, first) = (a.length() / 2, first / 2);
    let (start, half) = (first.saturating_sub(length), first / 2);
    let count = half - start;
    let factors = a.places(start + PAIRS, count);
    let others = a.places(first + PAIRS + 1 - half, count + PAIRS - 1);
    let sums = with_rows(*block, factors, others, |factors| factors.plus(factors));
    *block = with_lowest_of_square(sums, a.places(half + PAIRS, PAIRS));
}

/// Adds each pair of factors times its sixteen others: the last ones for the first factors, and so on downwards.
#[inline(always)]
#[rustfmt::skip]
fn with_rows<P: Pair>(
    block: Block<P>,
    factors: &[Place<P>],
    others: &[Place<P>],
    scaled: impl Fn(P) -> P,
) -> Block<P> {
    let [mut c0, mut c1, mut c2, mut c3, mut c4, mut c5, mut c6, mut c7] = block;
    for (factor, row) in factors.iter().zip(others.windows(PAIRS).rev()) {
        let [b0, b1, b2, b3, b4, b5, b6, b7] = row else {
            break;
        };
        add!(scaled(factor.even); c0 b0, c1 b1, c2 b2, c3 b3, c4 b4, c5 b5, c6 b6, c7 b7);
    }
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Adds the sixteen lowest columns of the square of sixteen digits.
///
/// Each two of them are multiplied once, and count twice. A digit meets itself in an even column, and the next one in the
/// column beside that: of such a pair only the second number counts twice.
#[inline(always)]
#[rustfmt::skip]
fn with_lowest_of_square<P: Pair>(block: Block<P>, digits: &[Place<P>]) -> Block<P> {
    let [a0, a1, a2, a3, a4, a5, a6, a7] = digits else {
        return block;
    };
    let [mut c0, mut c1, mut c2, mut c3, mut c4, mut c5, mut c6, mut c7] = block;
    // The first digit with its pair, and the second with itself and the digit after it.
    let first = |pair: &Place<P>| {
        let [first, _] = pair.even.each();
        first.times(pair.even.second_doubled())
    };
    let second = |pair: &Place<P>, next: &Place<P>| {
        let [first, second] = pair.even.each();
        let products = first.plus(first).times(next.even);
        products.plus(second.times(next.odd.second_doubled()))
    };
    let twice = |pair: &Place<P>| pair.even.plus(pair.even);
    c0 = c0.plus(first(a0));
    c1 = c1.plus(second(a0, a1));
    add!(twice(a0); c2 a2, c3 a3, c4 a4, c5 a5, c6 a6, c7 a7);
    c2 = c2.plus(first(a1));
    c3 = c3.plus(second(a1, a2));
    add!(twice(a1); c4 a3, c5 a4, c6 a5, c7 a6);
    c4 = c4.plus(first(a2));
    c5 = c5.plus(second(a2, a3));
    add!(twice(a2); c6 a4, c7 a5);
    c6 = c6.plus(first(a3));
    c7 = c7.plus(second(a3, a4));
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Turns columns into digits, from the lowest up. Those that have no place are dropped.
///
/// A column below 2^53 is split into its digit and what belongs one and two places higher. Nothing is carried any
/// further, so a digit is the sum of three such parts, a little over a radix, and none waits for the one before.
#[inline(never)]
pub(super) fn carry<P: Pair>(columns: &[P], radix: Radix, into: &mut Digits<P>) {
    let length = into.length() / 2;
    let zero = P::zero();
    let (mut digits, mut once, mut twice) = (zero, zero, zero);
    let mut places = into.padded.iter_mut().skip(PAIRS);
    for (columns, place) in columns.iter().take(length).zip(&mut places) {
        let (high, low) = columns.split(radix);
        let (next_twice, next_once) = high.split(radix);
        let even = low.plus(next_once.one_later(once)).plus(twice);
        let odd = even.one_later(digits);
        *place = Place { even, odd };
        (digits, once, twice) = (even, next_once, next_twice);
    }
    // The last digit is also the first one of a pair.
    if let Some(place) = places.next() {
        *place = Place {
            even: zero,
            odd: zero.one_later(digits),
        };
    }
}
