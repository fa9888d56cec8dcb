//! The columns of products of long integers.
//!
//! An integer is a row of digits: the sum of `digits[i] * radix^i`. Column k of a product is the sum of all
//! `a[i] * b[j]` with `i + j = k`. Sixteen columns are summed up at a time, and stay in registers meanwhile.
//!
//! So a product is made of rows: a pair of factors times the sixteen others that it meets in these columns. At one end of
//! the rows they meet fewer and fewer, and zeros beyond. Four such rows are written out, without the half of them that is zeros.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "integers here are places of digits, of which there are hundreds"
)]

use alloc::vec;
use alloc::vec::Vec;

use super::pair::{Pair, Radix};

/// The pairs of columns in a block.
pub(super) const PAIRS: usize = 8;

/// The rows at an end that are written out. More of them need more registers than there are.
const END: usize = 4;

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

    /// Of all places, with the zeros, as many as an array has.
    #[inline(always)]
    fn array<const N: usize>(&self, start: usize) -> Option<&[Place<P>; N]> {
        self.padded.get(start..)?.first_chunk()
    }

    /// The last places with digits: in the very last one is only the last digit, as the first number of a pair.
    #[inline(always)]
    fn last(&self) -> Option<&[Place<P>; END]> {
        self.array(PAIRS + self.length() / 2 + 1 - END)
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

/// The columns of `a * b` before the pair `end`. Both have the same length.
#[inline(always)]
pub(super) fn product<P: Pair>(block: &mut Block<P>, a: &Digits<P>, b: &Digits<P>, end: usize) {
    let columns = if end <= a.length() / 2 {
        lower_product
    } else {
        upper_product
    };
    columns(block, a, b, end);
}

/// Columns of the lower half: the last pairs of a that meet any of b meet its first ones, in the last columns.
#[inline(never)]
fn lower_product<P: Pair>(block: &mut Block<P>, a: &Digits<P>, b: &Digits<P>, end: usize) {
    let (Some(last), Some(others)) = (a.array(PAIRS + end - END), b.array(PAIRS)) else {
        return;
    };
    let count = end.saturating_sub(END);
    let factors = a.places(PAIRS, count);
    let rows = b.places(end + 1 - count, count + PAIRS - 1);
    let sums = with_rows([P::zero(); PAIRS], factors, rows, |factors| factors);
    *block = with_last_rows(sums, last, others);
}

/// Columns of the upper half: the first pairs of a that meet any of b meet its last ones, in the first columns.
#[inline(never)]
fn upper_product<P: Pair>(block: &mut Block<P>, a: &Digits<P>, b: &Digits<P>, end: usize) {
    let length = a.length() / 2;
    let start = end - length;
    let (Some(first), Some(others)) = (a.array(start), b.last()) else {
        return;
    };
    let sums = with_first_rows([P::zero(); PAIRS], first, others, |factors| factors);
    let count = (length + PAIRS - END).saturating_sub(start);
    let factors = a.places(start + END, count);
    let others = b.places(start + 1, count + PAIRS - 1);
    *block = with_rows(sums, factors, others, |factors| factors);
}

/// The columns of `a * a` before the pair `end`, a multiple of two.
///
/// With half of the first column as h, the digits below h meet only such from h on in these columns: their products are
/// taken once, and count twice. What is left are the products of the digits from h on among each other.
#[inline(never)]
pub(super) fn square<P: Pair>(block: &mut Block<P>, a: &Digits<P>, end: usize) {
    let twice = |factors: P| factors.plus(factors);
    let (length, first) = (a.length() / 2, end - PAIRS);
    let half = first / 2;
    let Some(lowest) = a.array(half + PAIRS) else {
        return;
    };
    let mut sums = [P::zero(); PAIRS];
    let mut start = first.saturating_sub(length);
    // As in the upper half of a product, if so many digits are below h.
    if first > length && start + END <= half {
        let (Some(first), Some(others)) = (a.array(start + PAIRS), a.last()) else {
            return;
        };
        sums = with_first_rows(sums, first, others, twice);
        start += END;
    }
    let count = half - start;
    let factors = a.places(start + PAIRS, count);
    let others = a.places(first + PAIRS + 1 - half, count + PAIRS - 1);
    let sums = with_rows(sums, factors, others, twice);
    *block = with_lowest_of_square(sums, lowest);
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

/// Adds four pairs of factors times the last others: the first one to the first pair of columns, the next one to the first
/// two, and so on.
#[inline(always)]
#[rustfmt::skip]
fn with_first_rows<P: Pair>(
    block: Block<P>,
    factors: &[Place<P>; END],
    others: &[Place<P>; END],
    scaled: impl Fn(P) -> P,
) -> Block<P> {
    let [a0, a1, a2, a3] = factors;
    let [b0, b1, b2, b3] = others;
    let [mut c0, mut c1, mut c2, mut c3, c4, c5, c6, c7] = block;
    add!(scaled(a0.even); c0 b3);
    add!(scaled(a1.even); c0 b2, c1 b3);
    add!(scaled(a2.even); c0 b1, c1 b2, c2 b3);
    add!(scaled(a3.even); c0 b0, c1 b1, c2 b2, c3 b3);
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Adds four pairs of factors times the first others: the first one to the last four pairs of columns, the next one to the
/// last three, and so on.
#[inline(always)]
#[rustfmt::skip]
fn with_last_rows<P: Pair>(
    block: Block<P>,
    factors: &[Place<P>; END],
    others: &[Place<P>; END],
) -> Block<P> {
    let [a0, a1, a2, a3] = factors;
    let [b0, b1, b2, b3] = others;
    let [c0, c1, c2, c3, mut c4, mut c5, mut c6, mut c7] = block;
    add!(a0.even; c4 b0, c5 b1, c6 b2, c7 b3);
    add!(a1.even; c5 b0, c6 b1, c7 b2);
    add!(a2.even; c6 b0, c7 b1);
    add!(a3.even; c7 b0);
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Adds the sixteen lowest columns of the square of sixteen digits.
///
/// Each two of them are multiplied once, and count twice. A digit meets itself in an even column, and the next one in the
/// column beside that: of such a pair only the second number counts twice.
#[inline(always)]
#[rustfmt::skip]
fn with_lowest_of_square<P: Pair>(block: Block<P>, digits: &[Place<P>; PAIRS]) -> Block<P> {
    let [a0, a1, a2, a3, a4, a5, a6, a7] = digits;
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
/// A column below 2^53 keeps what is at most half a radix from zero, and the rest goes one place higher; then the same with
/// these sums. Nothing is carried any further, so a digit is a little over half a radix, and none waits for the one before.
#[inline(never)]
pub(super) fn carry<P: Pair>(columns: &[P], radix: Radix, into: &mut Digits<P>) {
    let length = into.length() / 2;
    let zero = P::zero();
    let (mut digits, mut once, mut twice) = (zero, zero, zero);
    let mut places = into.padded.iter_mut().skip(PAIRS);
    for (columns, place) in columns.iter().take(length).zip(&mut places) {
        let (next_once, low) = columns.split(radix);
        let (next_twice, low) = low.plus(next_once.one_later(once)).split(radix);
        let even = low.plus(next_twice.one_later(twice));
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

/// Adds columns to sums. They are carried by one place for that, or the sums of two would not stay below 2^53.
pub(super) fn add_carried<P: Pair>(columns: &[P], radix: Radix, sums: &mut [P]) {
    let mut before = P::zero();
    for (columns, sums) in columns.iter().zip(sums) {
        let (high, low) = columns.split(radix);
        *sums = sums.plus(low.plus(high.one_later(before)));
        before = high;
    }
}
