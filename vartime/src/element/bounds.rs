//! Proof that no limb overflows: the arithmetic of both fields, run over intervals.
//!
//! An interval stands for every number in it, and each operation gives an interval that holds every possible result; so
//! one run over the largest inputs that the types allow is a run over all inputs.

use alloc::vec::Vec;
use core::ops::{Add, Mul, Sub};

use crypto_bigint::U256;

use super::residues::Random;
use super::{Element, Field, LIMB_MASK, MAX_EXTRA, MAX_UNITS, unsigned};
use crate::edwards25519::P25519;
use crate::limbs::{self, BITS, Columns, Limb};
use crate::p256::P256;

/// All integers from `low` to `high`, and all of them fit into an `i64`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval {
    low: i64,
    high: i64,
}

impl Interval {
    fn new(low: i128, high: i128) -> Self {
        assert!(low <= high);
        let fits = "an i64 holds every number that may come up";
        Self {
            low: low.try_into().expect(fits),
            high: high.try_into().expect(fits),
        }
    }

    fn up_to(bound: i64) -> Self {
        Self::new((-bound).into(), bound.into())
    }

    fn ends(self) -> [i128; 2] {
        [self.low.into(), self.high.into()]
    }

    fn is_within(self, other: Self) -> bool {
        other.low <= self.low && self.high <= other.high
    }
}

impl From<i32> for Interval {
    fn from(number: i32) -> Self {
        Self::new(number.into(), number.into())
    }
}

impl Add for Interval {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.ends(), other.ends());
        Self::new(a + c, b + d)
    }
}

impl Sub for Interval {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.ends(), other.ends());
        Self::new(a - d, b - c)
    }
}

impl Mul for Interval {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.ends(), other.ends());
        let mut products = [a * c, a * d, b * c, b * d];
        products.sort_unstable();
        Self::new(products[0], products[3])
    }
}

impl Limb for Interval {
    fn shifted(self, bits: u32) -> Self {
        let [low, high] = self.ends();
        Self::new(low << bits, high << bits)
    }

    fn split(self, bits: u32) -> (Self, Self) {
        let half = 1_i128 << (bits - 1);
        // The number that is shifted is in an i64, too.
        let rounded = self + Self::new(half, half);
        let [low, high] = rounded.ends().map(|end| end >> bits);
        // What is left may be anything, unless all numbers of the interval have the same high part.
        let rest = if low == high {
            self - Self::new(low, low).shifted(bits)
        } else {
            Self::new(-half, half - 1)
        };
        // `high << bits` is computed on the way.
        let _ = Self::new(low, high).shifted(bits);
        (Self::new(low, high), rest)
    }
}

/// Everything an element of so many units may be.
fn all_of<F: Field>(units: u32) -> [Interval; 9] {
    let mut limbs = [1 << (BITS - 1); 9];
    limbs[8] = F::TOP;
    limbs.map(|bound| Interval::up_to(bound * i64::from(units)))
}

fn assert_reduces<F: Field>(columns: Columns<Interval>) {
    for extra in 0..=MAX_EXTRA {
        for (limb, bound) in F::reduce(columns, &all_of::<F>(extra))
            .iter()
            .zip(all_of::<F>(1))
        {
            assert!(limb.is_within(bound), "{limb:?} is not within {bound:?}");
        }
    }
}

fn assert_all_products_reduce<F: Field>() {
    let product = |a, b| limbs::product(&all_of::<F>(a), &all_of::<F>(b));
    for (a, b) in pairs(MAX_UNITS) {
        assert_reduces::<F>(product(a, b));
        if a == b {
            assert_reduces::<F>(limbs::square(&all_of::<F>(a)));
        }
        for (c, d) in pairs(MAX_UNITS - a * b) {
            assert_reduces::<F>(limbs::difference(product(a, b), product(c, d)));
        }
    }
}

/// All pairs of units whose product is at most `limit`.
fn pairs(limit: u32) -> impl Iterator<Item = (u32, u32)> {
    (1..=limit).flat_map(move |a| (1..=limit / a).map(move |b| (a, b)))
}

/// The numbers that an `i64` may have, with those at its ends, around zero and around powers of two.
fn numbers() -> Vec<i64> {
    let random = &mut Random(3);
    let powers = (0..64).flat_map(|bit| {
        let power = 1_i128 << bit;
        [power - 1, power, -power, -power - 1]
    });
    let powers = powers.filter_map(|number| i64::try_from(number).ok());
    // Of every size: a random number is nearly always large.
    let random = (0..2000_u32).map(|round| random.next().cast_signed() >> (round % 64));
    powers.chain(random).collect()
}

fn only(number: i64) -> Interval {
    Interval::new(number.into(), number.into())
}

fn fits(number: i128) -> bool {
    i64::try_from(number).is_ok()
}

/// What `limbs.rs` does to an `i64` and what is done here to an interval are the same five operations.
#[test]
fn an_interval_of_one_number_is_that_number() {
    let numbers = numbers();
    for &x in &numbers {
        let wide = i128::from(x);
        for bits in [9, 18, 21, 24] {
            if fits(wide << bits) {
                assert_eq!(only(x).shifted(bits), only(x.shifted(bits)));
            }
        }
        for bits in [23, 24, BITS] {
            let half = 1_i64 << (bits - 1);
            if fits(wide + i128::from(half)) {
                let (high, low) = x.split(bits);
                assert_eq!(only(x).split(bits), (only(high), only(low)));
                assert!((-half..half).contains(&low), "{x} {bits}");
                assert_eq!((i128::from(high) << bits) + i128::from(low), wide);
            }
        }
    }
    for pair in numbers.windows(2) {
        let (x, y) = (pair[0], pair[1]);
        let [a, b] = [x, y].map(i128::from);
        if fits(a + b) {
            assert_eq!(only(x) + only(y), only(x + y));
        }
        if fits(a - b) {
            assert_eq!(only(x) - only(y), only(x - y));
        }
        if fits(a * b) {
            assert_eq!(only(x) * only(y), only(x * y));
        }
    }
}

/// What comes of two numbers lies in what comes of intervals that hold them.
#[test]
fn an_interval_holds_every_result() {
    // So small that every result fits.
    let numbers: Vec<_> = numbers().into_iter().map(|number| number >> 33).collect();
    let around = |x: i64, end: i64| Interval::new(x.min(end).into(), x.max(end).into());
    for four in numbers.windows(4) {
        let [x, end, y, other_end] = [four[0], four[1], four[2], four[3]];
        let (a, b) = (around(x, end), around(y, other_end));
        assert!(only(x + y).is_within(a + b));
        assert!(only(x - y).is_within(a - b));
        assert!(only(x * y).is_within(a * b));
        for bits in [9, 18, 21, 24, BITS] {
            assert!(only(x.shifted(bits)).is_within(a.shifted(bits)));
            let ((high, low), (highs, lows)) = (x.split(bits), a.split(bits));
            assert!(only(high).is_within(highs) && only(low).is_within(lows));
        }
    }
}

#[test]
fn no_product_overflows_and_all_are_reduced() {
    assert_all_products_reduce::<P256>();
    assert_all_products_reduce::<P25519>();
}

#[test]
#[should_panic(expected = "an i64 holds every number")]
fn one_unit_more_would_be_too_many() {
    limbs::product(&all_of::<P256>(1), &all_of::<P256>(MAX_UNITS + 1));
}

/// Integers come as limbs without a sign, which counts as two units.
#[test]
fn integers_are_two_units() {
    fn assert_fits<F: Field>(largest: &U256) {
        let Element { limbs, .. } = unsigned::<F>(largest);
        assert!(limbs[8] <= 2 * F::TOP);
        const { assert!(LIMB_MASK <= 2 << (BITS - 1)) };
    }
    assert_fits::<P256>(&U256::MAX);
    assert_fits::<P25519>(P25519::MODULUS.as_ref());
}

/// Reduced limbs 0 to 7 stand for less than 2^232, limb 8 for the rest.
#[test]
fn reduced_elements_lie_between_minus_p_and_p() {
    fn assert_small<F: Field>() {
        let top = |units: i64| {
            let top = U256::from_u64((units * (F::TOP + 1)).unsigned_abs());
            top.concat(&U256::ZERO).shl_vartime(8 * BITS)
        };
        let p = F::MODULUS.concat(&U256::ZERO);
        assert!(top(1) < p);
        // So three units, which may be asked whether they are zero, lie between -2p and 2p.
        assert!(top(3) < p.shl_vartime(1));
    }
    assert_small::<P256>();
    assert_small::<P25519>();
}
