//! Proof that no limb overflows: the arithmetic of all fields, run over intervals.
//!
//! An interval stands for every number in it, and each operation gives an interval that holds every possible result; so
//! one run over the largest inputs that the types allow is a run over all inputs.

use alloc::vec::Vec;
use core::ops::{Add, Mul, Sub};

use super::residues::Random;
use super::{Element, Field, MAX_EXTRA, MAX_UNITS, signed, unsigned};
use crate::edwards25519::P25519;
use crate::integer::Integer;
use crate::limbs::{self, Array, Columns, Limb};
use crate::nist::{P256, P384, P521};

/// All integers from `low` to `high`, and all of them fit into an `i64`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
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

    pub(crate) fn up_to(bound: i64) -> Self {
        Self::new((-bound).into(), bound.into())
    }

    fn ends(self) -> [i128; 2] {
        [self.low.into(), self.high.into()]
    }

    pub(crate) fn is_within(self, other: Self) -> bool {
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

    fn cut(self, bits: u32) -> (Self, Self) {
        let [low, high] = self.ends().map(|end| end >> bits);
        let rest = if low == high {
            self - Self::new(low, low).shifted(bits)
        } else {
            Self::new(0, (1 << bits) - 1)
        };
        (Self::new(low, high), rest)
    }
}

/// How far the limbs of an element of so many units may be from zero.
fn bounds<F: Field>(units: u32) -> F::Array<i64> {
    let mut limbs = F::Array::of(|_| i64::from(units) << (F::BITS - 1));
    *limbs.as_mut().last_mut().expect("limbs") = i64::from(units) * F::TOP;
    limbs
}

/// Everything an element of so many units may be.
fn all_of<F: Field>(units: u32) -> F::Array<Interval> {
    let bounds = bounds::<F>(units);
    F::Array::of(|place| Interval::up_to(bounds.as_ref()[place]))
}

fn assert_reduces<F: Field>(columns: Columns<F::Array<Interval>>) {
    for extra in 0..=MAX_EXTRA {
        let reduced = F::reduce(columns, &all_of::<F>(extra));
        for (limb, bound) in reduced.as_ref().iter().zip(all_of::<F>(1).as_ref()) {
            assert!(limb.is_within(*bound), "{limb:?} is not within {bound:?}");
        }
    }
}

fn assert_all_products_reduce<F: Field>() {
    let product = |a, b| F::product(&all_of::<F>(a), &all_of::<F>(b));
    for (a, b) in pairs(MAX_UNITS) {
        assert_reduces::<F>(product(a, b));
        if a == b {
            assert_reduces::<F>(F::square(&all_of::<F>(a)));
        }
        for (c, d) in pairs(MAX_UNITS - a * b) {
            assert_reduces::<F>(limbs::difference::<Interval, _>(
                product(a, b),
                product(c, d),
            ));
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

/// What `limbs.rs` does to an `i64` and what is done here to an interval are the same six operations.
#[test]
fn an_interval_of_one_number_is_that_number() {
    let numbers = numbers();
    for &x in &numbers {
        let wide = i128::from(x);
        for bits in [4, 9, 12, 16, 17, 18, 20, 21, 24] {
            if fits(wide << bits) {
                assert_eq!(only(x).shifted(bits), only(x.shifted(bits)));
            }
        }
        for bits in [17, 20, 23, 24, 28, 29] {
            let half = 1_i64 << (bits - 1);
            if fits(wide + i128::from(half)) {
                let (high, low) = x.split(bits);
                assert_eq!(only(x).split(bits), (only(high), only(low)));
                assert!((-half..half).contains(&low), "{x} {bits}");
                assert_eq!((i128::from(high) << bits) + i128::from(low), wide);
            }
            let (high, low) = x.cut(bits);
            assert_eq!(only(x).cut(bits), (only(high), only(low)));
            assert!((0..1 << bits).contains(&low), "{x} {bits}");
            assert_eq!((i128::from(high) << bits) + i128::from(low), wide);
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
        for bits in [4, 9, 12, 16, 17, 18, 20, 21, 24, 28, 29] {
            assert!(only(x.shifted(bits)).is_within(a.shifted(bits)));
            let ((high, low), (highs, lows)) = (x.split(bits), a.split(bits));
            assert!(only(high).is_within(highs) && only(low).is_within(lows));
            let ((high, low), (highs, lows)) = (x.cut(bits), a.cut(bits));
            assert!(only(high).is_within(highs) && only(low).is_within(lows));
        }
    }
}

#[test]
fn no_product_overflows_and_all_are_reduced() {
    assert_all_products_reduce::<P256>();
    assert_all_products_reduce::<P384>();
    assert_all_products_reduce::<P521>();
    assert_all_products_reduce::<P25519>();
}

#[test]
#[should_panic(expected = "an i64 holds every number")]
fn one_unit_more_would_be_too_many() {
    P256::product(&all_of::<P256>(1), &all_of::<P256>(MAX_UNITS + 1));
}

/// Integers come as limbs without a sign, which counts as two units.
#[test]
fn integers_are_two_units() {
    fn assert_fits<F: Field>(largest: &F::Integer) {
        let Element { limbs } = unsigned::<F>(largest);
        let bounds = bounds::<F>(2);
        let fits = limbs.as_ref().iter().zip(bounds.as_ref());
        assert!(
            fits.clone()
                .all(|(limb, bound)| (0..=*bound).contains(limb))
        );
        // And nothing of the integer is lost.
        assert!(signed::<F>(limbs) == *largest);
    }
    /// All coordinates and scalars of so many bytes.
    fn assert_all_fit<F: Field>(bytes: usize) {
        assert_fits::<F>(F::MODULUS.as_ref());
        assert_fits::<F>(&F::Integer::from_le_bytes(&[0xff].repeat(bytes)));
    }
    assert_all_fit::<P256>(32);
    assert_all_fit::<P384>(48);
    assert_fits::<P521>(P521::MODULUS.as_ref());
    assert_fits::<P25519>(P25519::MODULUS.as_ref());
}

/// The limbs below the highest stand for less than one of the highest, which stands for the rest.
#[test]
fn reduced_elements_lie_between_minus_p_and_p() {
    fn assert_small<F: Field>() {
        let limbs_of_p = unsigned::<F>(F::MODULUS.as_ref()).limbs;
        let highest_of_p = *limbs_of_p.as_ref().last().expect("limbs");
        assert!(F::TOP < highest_of_p);
        // So three units, which may be asked whether they are zero, lie between -2p and 2p.
        assert!(3 * (F::TOP + 1) < 2 * highest_of_p);
    }
    assert_small::<P256>();
    assert_small::<P384>();
    assert_small::<P521>();
    assert_small::<P25519>();
}
