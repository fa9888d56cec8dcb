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
fn with_rows<P: Pair>(
    block: Block<P>,
    factors: &[Place<P>],
    others: &[Place<P>],
    scaled: impl Fn(P) -> P,
) -> Block<P> {
    let [
        mut c0,
        mut c1,
        mut c2,
        mut c3,
        mut c4,
        mut c5,
        mut c6,
        mut c7,
    ] = block;
    for (factor, row) in factors.iter().zip(others.windows(PAIRS).rev()) {
        let [b0, b1, b2, b3, b4, b5, b6, b7] = row else {
            break;
        };
        let [a0, a1] = scaled(factor.even).each();
        let products = |b: &Place<P>| a0.times(b.even).plus(a1.times(b.odd));
        c0 = c0.plus(products(b0));
        c1 = c1.plus(products(b1));
        c2 = c2.plus(products(b2));
        c3 = c3.plus(products(b3));
        c4 = c4.plus(products(b4));
        c5 = c5.plus(products(b5));
        c6 = c6.plus(products(b6));
        c7 = c7.plus(products(b7));
    }
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Adds the sixteen lowest columns of the square of sixteen digits.
///
/// Each two of them are multiplied once, and count twice. A digit meets itself in an even column, and the next one in the
/// column beside that: of such a pair only the second number counts twice.
#[inline(always)]
fn with_lowest_of_square<P: Pair>(block: Block<P>, digits: &[Place<P>]) -> Block<P> {
    let [p0, p1, p2, p3, p4, p5, p6, p7] = digits else {
        return block;
    };
    let [
        mut c0,
        mut c1,
        mut c2,
        mut c3,
        mut c4,
        mut c5,
        mut c6,
        mut c7,
    ] = block;
    // The digits of a pair with themselves, with the next pair, and with any other.
    let own = |a: &Factors<P>, b: &Place<P>| a.first.times(b.even.second_doubled());
    let next = |a: &Factors<P>, b: &Place<P>| {
        let product = a.second.times(b.odd.second_doubled());
        a.twice_first.times(b.even).plus(product)
    };
    let other = |a: &Factors<P>, b: &Place<P>| {
        let product = a.twice_second.times(b.odd);
        a.twice_first.times(b.even).plus(product)
    };

    let a = &Factors::of(p0);
    c0 = c0.plus(own(a, p0));
    c1 = c1.plus(next(a, p1));
    c2 = c2.plus(other(a, p2));
    c3 = c3.plus(other(a, p3));
    c4 = c4.plus(other(a, p4));
    c5 = c5.plus(other(a, p5));
    c6 = c6.plus(other(a, p6));
    c7 = c7.plus(other(a, p7));
    let a = &Factors::of(p1);
    c2 = c2.plus(own(a, p1));
    c3 = c3.plus(next(a, p2));
    c4 = c4.plus(other(a, p3));
    c5 = c5.plus(other(a, p4));
    c6 = c6.plus(other(a, p5));
    c7 = c7.plus(other(a, p6));
    let a = &Factors::of(p2);
    c4 = c4.plus(own(a, p2));
    c5 = c5.plus(next(a, p3));
    c6 = c6.plus(other(a, p4));
    c7 = c7.plus(other(a, p5));
    let a = &Factors::of(p3);
    c6 = c6.plus(own(a, p3));
    c7 = c7.plus(next(a, p4));
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// Two neighbouring digits, each spread over a pair.
struct Factors<P> {
    first: P,
    second: P,
    twice_first: P,
    twice_second: P,
}

impl<P: Pair> Factors<P> {
    #[inline(always)]
    fn of(place: &Place<P>) -> Self {
        let [first, second] = place.even.each();
        Self {
            first,
            second,
            twice_first: first.plus(first),
            twice_second: second.plus(second),
        }
    }
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
