//! Proof that every number stays an exact integer: products modulo n, run over intervals.
//!
//! An interval stands for every integer in it, and each operation gives an interval that holds every possible result; so
//! one run over the largest digits that there may be is a run over all numbers.

use alloc::vec;
use alloc::vec::Vec;

use super::super::columns::Digits;
use super::super::integer;
use super::super::pair::{Doubles, Pair, Radix};
use super::{Layout, Modulus, Reduction, Scratch};

/// All integers from `low` to `high`, and an `f64` holds each of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval {
    low: i64,
    high: i64,
}

const EXACT: i64 = 1 << 53;

impl Interval {
    fn new(low: i128, high: i128) -> Self {
        let end = |end: i128| {
            let end = i64::try_from(end).ok();
            end.filter(|end| (-EXACT..=EXACT).contains(end))
                .expect("an f64 holds every number that may come up")
        };
        assert!(low <= high);
        Self {
            low: end(low),
            high: end(high),
        }
    }

    fn up_to(bound: i64) -> Self {
        Self::new((-bound).into(), bound.into())
    }

    fn ends(self) -> [i128; 2] {
        [self.low.into(), self.high.into()]
    }

    fn plus(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.ends(), other.ends());
        Self::new(a + c, b + d)
    }

    fn times(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.ends(), other.ends());
        let products = [a * c, a * d, b * c, b * d];
        let [low, high] = [products.iter().min(), products.iter().max()];
        Self::new(*low.unwrap(), *high.unwrap())
    }

    /// The nearest integers of both ends, and what may be left.
    fn split(self, bits: u32) -> (Self, Self) {
        let half = 1_i128 << (bits - 1);
        let [low, high] = self.ends().map(|end| (end + half) >> bits);
        // Halves are rounded to even numbers, so upwards or downwards.
        let high = Self::new(low - 1, high);
        (high, Self::new(-half, half))
    }
}

impl From<i32> for Interval {
    fn from(number: i32) -> Self {
        Self::new(number.into(), number.into())
    }
}

impl Pair for [Interval; 2] {
    type Number = Interval;

    fn of(numbers: [Interval; 2]) -> Self {
        numbers
    }

    fn numbers(self) -> [Interval; 2] {
        self
    }

    fn plus(self, [c, d]: Self) -> Self {
        let [a, b] = self;
        [a.plus(c), b.plus(d)]
    }

    fn times(self, [c, d]: Self) -> Self {
        let [a, b] = self;
        [a.times(c), b.times(d)]
    }

    fn split(self, radix: Radix) -> (Self, Self) {
        let [(a, b), (c, d)] = self.map(|number| number.split(radix.bits));
        ([a, c], [b, d])
    }

    fn carry_out(self, radix: Radix) -> Interval {
        let [first, second] = self.map(Interval::ends);
        let [low, high] = [0, 1].map(|end| {
            let sum: i128 = first[end] + (second[end] << radix.bits);
            sum >> (2 * radix.bits)
        });
        Interval::new(low - 1, high + 1)
    }
}

/// The largest modulus of each radix.
const LARGEST: [usize; 2] = [3008, 8192];

/// Digits may be this far from zero.
fn bound(radix: Radix) -> i64 {
    (1 << (radix.bits - 1)) + (1 << 8)
}

fn all_of(layout: Layout, bound: i64) -> Digits<[Interval; 2]> {
    let digit = Interval::up_to(bound);
    Digits::of(core::iter::repeat([digit; 2]), layout.length)
}

/// Runs a product and a square of digits that are as large as they may be.
fn multiply(layout: Layout, bound: i64) -> [Digits<[Interval; 2]>; 2] {
    let radix = layout.radix;
    let reduction = Reduction {
        radix,
        n: all_of(layout, 1 << (radix.bits - 1)),
        inverse: all_of(layout, bound),
    };
    let factor = all_of(layout, bound);
    let scratch = &mut Scratch::of(layout.length);
    let mut results = [(); 2].map(|()| Digits::zeros(layout.length));
    let [product, square] = &mut results;
    reduction.product(&factor, &factor, scratch, product);
    reduction.square(&factor, scratch, square);
    results
}

#[test]
fn every_number_is_exact_and_digits_stay_small() {
    for bits in LARGEST {
        let layout = Layout::of(bits);
        let bound = bound(layout.radix);
        for result in multiply(layout, bound) {
            for Interval { low, high } in result.numbers() {
                assert!(-bound <= low && high <= bound, "{low} {high}");
            }
        }
    }
}

#[test]
#[should_panic(expected = "an f64 holds every number")]
fn larger_digits_would_be_too_large() {
    let layout = Layout::of(3008);
    multiply(layout, bound(layout.radix) * 3 / 2);
}

/// R has room for the highest digits, and the columns below those that `reduce` looks at are worth next to nothing: see
/// docs/arithmetic.md.
#[test]
fn layouts_are_roomy() {
    for bits in 2048..=8192 {
        let Layout { radix, length } = Layout::of(bits);
        assert!(length % 2 == 0);
        assert!(length * radix.bits as usize >= bits + 8);
        assert!(3 * radix.bits >= 53 + 1 + 10);
        let smallest_of_its_radix = [2048, 3009].contains(&bits);
        let is_largest = [3008, 8192].contains(&(bits - 1));
        assert!(smallest_of_its_radix || is_largest || length >= Layout::of(bits - 1).length);
    }
}

/// What is proven for these layouts is proven for the moduli that have them.
#[test]
fn moduli_have_the_layouts_of_their_bits() {
    for bits in [2048, 2056, 3000, 3008, 3016, 3072, 4088, 4096, 4104, 8192] {
        let modulus = Modulus::of(&[0xff].repeat(bits / 8)).unwrap();
        let Layout { radix, length } = Layout::of(bits);
        assert_eq!(modulus.layout.radix.bits, radix.bits, "{bits}");
        assert_eq!(modulus.layout.length, length, "{bits}");
    }
}

/// Digits made of bytes are small, and stand for the same number.
#[test]
fn digits_of_bytes_are_at_most_half_a_radix() {
    for bits in LARGEST {
        let layout = Layout::of(bits);
        let radix = layout.radix.bits;
        let half = f64::from(1_u32 << (radix - 1));
        let ends = [0x00, 0x01, 0x7f, 0x80, 0xff].map(|byte| vec![byte; bits / 8]);
        let mixed =
            (1..50_u32).map(|n| (0..bits as u32 / 8).map(move |place| (place * n * n) as u8));
        for bytes in ends.into_iter().chain(mixed.map(Vec::from_iter)) {
            let digits = integer::from_bytes(&bytes, layout);
            assert!(digits.numbers().all(|digit| digit.abs() <= half));
            let carried = integer::carried(digits.numbers(), radix).unwrap();
            assert_eq!(integer::to_bytes(&carried, radix, bytes.len()), bytes);
        }
    }
}

/// Bytes are read in words of four, and the first ones may be fewer; zeros in front, and what is beyond the layout, change nothing.
#[test]
fn digits_of_bytes_do_not_depend_on_what_is_in_front() {
    for bits in [2048, 3008, 3016, 8192] {
        let layout = Layout::of(bits);
        let radix = layout.radix.bits;
        let numbers = |bytes: &[u8]| -> Vec<f64> {
            let digits = integer::from_bytes(bytes, layout);
            digits.numbers().collect()
        };
        let room = (layout.length * radix as usize).div_ceil(8);
        for length in (0..14).chain(bits / 8 - 7..=bits / 8) {
            let bytes: Vec<u8> = (0..length).map(|place| (place * 89) as u8 | 0x80).collect();
            let digits = numbers(&bytes);
            let carried = integer::carried(digits.iter().copied(), radix).unwrap();
            assert_eq!(integer::to_bytes(&carried, radix, length), bytes);
            for more in 1..9 {
                assert_eq!(numbers(&[&vec![0; more], &*bytes].concat()), digits);
                let zeros = vec![0; room - length];
                let longer = [&vec![0xff; more], &*zeros, &*bytes].concat();
                assert_eq!(numbers(&longer), digits, "{more} bytes beyond");
            }
        }
    }
}

/// The numbers an `f64` may have, of every size.
fn numbers() -> impl Iterator<Item = f64> {
    let powers = (0..53).map(|bit| 1_i64 << bit);
    let around = powers.flat_map(|power| [power - 1, power, power + 1]);
    let mixed = (1..5000_i64).map(|n| {
        let random = n.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64);
        (random >> 11) >> (n % 50)
    });
    around.chain(mixed).flat_map(|n| [n as f64, -n as f64])
}

/// `split` is what its words say, though it is made of roundings.
#[test]
fn splitting_is_exact() {
    for radix in [23, 24].map(Radix::of) {
        for number in numbers() {
            let (high, low) = Doubles::of([number, -number]).split(radix);
            let pairs = high.numbers().into_iter().zip(low.numbers());
            for ((high, low), number) in pairs.zip([number, -number]) {
                let [whole_high, whole_low] = [high as i64, low as i64];
                assert!(whole_high as f64 == high && whole_low as f64 == low);
                assert_eq!((whole_high << radix.bits) + whole_low, number as i64);
                assert!(whole_low.abs() <= 1 << (radix.bits - 1), "{number}");
            }
        }
    }
}

/// What is carried out of two columns is the nearest whole number, when what is below them is next to nothing.
#[test]
fn carrying_out_is_exact() {
    for radix in [23, 24].map(Radix::of) {
        for carried in numbers().map(|number| (number as i64) >> 24) {
            for below in [-1_i64, 0, 1].map(|sign| sign << (2 * radix.bits - 10)) {
                for first in numbers().take(60).map(|number| number as i64) {
                    // first + second * radix = carried * radix^2 + below, but for what second cannot express.
                    let sum = (i128::from(carried) << (2 * radix.bits)) + i128::from(below);
                    let second = (sum - i128::from(first)) >> radix.bits;
                    if second.abs() <= EXACT.into() {
                        let pair = Doubles::of([first as f64, second as f64]);
                        assert!(pair.carry_out(radix) == carried as f64, "{first} {second}");
                    }
                }
            }
        }
    }
}
