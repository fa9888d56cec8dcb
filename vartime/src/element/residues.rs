//! Tests that the arithmetic of all fields gives the right residues, against the big integers of `crypto-bigint`.

use alloc::vec::Vec;

use crypto_bigint::{BoxedUint, NonZero};

use super::{Element, Field, MAX_EXTRA, MAX_UNITS, Packed, inverses, unsigned};
use crate::edwards25519::P25519;
use crate::integer::Integer;
use crate::limbs::{self, Array, Limb as _};
use crate::nist::{P256, P384, P521};

/// Splitmix64: the same numbers in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Limbs of so many units; every second one as far from zero as it may be, or zero.
    fn limbs<F: Field>(&mut self, units: u32) -> F::Array<i64> {
        let mut limbs = F::Array::of(|_| i64::from(units) << (F::BITS - 1));
        *limbs.as_mut().last_mut().expect("limbs") = i64::from(units) * F::TOP;
        for limb in limbs.as_mut() {
            let bound = *limb;
            *limb = match self.next() % 6 {
                0 => bound,
                1 => -bound,
                2 => 0,
                _ => (self.next() % (2 * bound.unsigned_abs() + 1)).cast_signed() - bound,
            };
        }
        limbs
    }

    /// An integer below p.
    fn integer<F: Field>(&mut self) -> F::Integer {
        let bytes = [(); 9].map(|()| self.next().to_le_bytes());
        let below_p = big(bytes.as_flattened()).rem_vartime(&modulus::<F>());
        F::Integer::from_le_bytes(&below_p.to_le_bytes())
    }
}

/// The same integers once more, in a type that is no part of what is tested.
fn big(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_le_slice(bytes, 640).expect("room")
}

fn modulus<F: Field>() -> NonZero<BoxedUint> {
    let bytes = F::MODULUS.as_ref().to_le_bytes();
    NonZero::new(big(&bytes)).expect("not zero")
}

fn of_integer<F: Field>(integer: &F::Integer) -> BoxedUint {
    big(&integer.to_le_bytes())
}

/// What limbs or columns stand for, modulo p.
fn value<F: Field>(limbs: &[i64]) -> BoxedUint {
    let p = modulus::<F>();
    let base = big(&(1_u64 << F::BITS).to_le_bytes());
    limbs.iter().rev().fold(big(&[0]), |sum, limb| {
        let up = sum.mul_mod(&base, &p);
        let digit = big(&limb.unsigned_abs().to_le_bytes()).rem_vartime(&p);
        if *limb < 0 {
            up.sub_mod(&digit, &p)
        } else {
            up.add_mod(&digit, &p)
        }
    })
}

/// The columns of a product stand for the product, and reducing them divides by what stands for 1.
fn check_products<F: Field>(random: &mut Random) {
    let p = modulus::<F>();
    let value_of = |limbs: &F::Array<i64>| value::<F>(limbs.as_ref());
    let one = value_of(&F::ONE);
    for round in 0..1000_u32 {
        let units = 1 + round % MAX_UNITS;
        let a = random.limbs::<F>(units);
        let b = random.limbs::<F>(MAX_UNITS / units);
        let flat = |[low, high]: [F::Array<i64>; 2]| [low.as_ref(), high.as_ref()].concat();
        let columns = F::product(&a, &b);
        assert_eq!(flat(limbs::product(&a, &b)), flat(columns));
        let expected = value_of(&a).mul_mod(&value_of(&b), &p);
        assert_eq!(value::<F>(&flat(columns)), expected);

        let extra = random.limbs::<F>(round % (MAX_EXTRA + 1));
        let reduced = value_of(&F::reduce(columns, &extra));
        let extra = value_of(&extra).mul_mod(&one, &p);
        assert_eq!(reduced.mul_mod(&one, &p), expected.add_mod(&extra, &p));

        let a = random.limbs::<F>(3);
        assert_eq!(flat(F::square(&a)), flat(F::product(&a, &a)));
        assert_eq!(flat(limbs::square(&a)), flat(limbs::product(&a, &a)));
    }
}

/// A carry may run through all limbs up to the highest, but in random numbers hardly one in 2^28 does. Here each runs from
/// every column, up or down: the digits above are the largest there are, or the smallest, of those that are split and of
/// those that are cut.
fn check_carries<F: Field>() {
    let p = modulus::<F>();
    let one = value::<F>(F::ONE.as_ref());
    let (half, all) = (1_i64 << (F::BITS - 1), 1_i64 << F::BITS);
    let ends = [
        [half, half - 1],
        [-half - 1, -half],
        [all, all - 1],
        [-1, 0],
    ];
    let count = F::ZERO.as_ref().len();
    for to in [count - 1, count, 2 * count - 2, 2 * count - 1] {
        for from in 0..to {
            for [first, others] in ends {
                let column = |place: usize| match place {
                    _ if place == from => first,
                    _ if (from..to).contains(&place) => others,
                    _ => 0,
                };
                let columns = [0, count].map(|start| F::Array::of(|place| column(start + place)));
                let expected = [columns[0].as_ref(), columns[1].as_ref()].concat();
                let reduced = value::<F>(F::reduce(columns, &F::ZERO).as_ref());
                assert_eq!(
                    reduced.mul_mod(&one, &p),
                    value::<F>(&expected),
                    "{from} to {to}"
                );
            }
        }
    }
}

fn check_operations<F: Field>(random: &mut Random) {
    let p = modulus::<F>();
    let minus_one = F::MODULUS.as_ref().minus(&F::Integer::ONE);
    let edges = [F::Integer::ZERO, F::Integer::ONE, minus_one];
    let integers: Vec<_> = (0..100)
        .map(|_| random.integer::<F>())
        .chain(edges)
        .collect();
    let element = |integer| Element::<F>::from_integer(integer);
    let read = |element: Element<F>| of_integer::<F>(&element.to_integer());
    for pair in integers.windows(2) {
        let [x, y] = [element(&pair[0]), element(&pair[1])];
        let [a, b] = [&pair[0], &pair[1]].map(of_integer::<F>);
        assert_eq!(read(x), a);
        assert_eq!(read(Packed::from(x).element()), a);
        assert_eq!(read(x.negative()), a.neg_mod(&p));
        assert_eq!(read(x.plus::<1, 2>(y).reduced()), a.add_mod(&b, &p));
        assert_eq!(read(x.minus::<1, 2>(y).reduced()), a.sub_mod(&b, &p));
        let (ab, aa) = (a.mul_mod(&b, &p), a.mul_mod(&a, &p));
        assert_eq!(read(x.times(y)), ab);
        assert_eq!(read(x.squared()), aa);
        assert_eq!(read(x.squared_plus(y)), aa.add_mod(&b, &p));
        assert_eq!(read(x.times_minus(y, x, x)), ab.sub_mod(&aa, &p));
    }

    let elements: Vec<_> = integers.iter().map(element).collect();
    assert!(inverses(&elements).is_none(), "zero is among them");
    let elements: Vec<_> = elements.into_iter().filter(|x| !x.is_zero()).collect();
    for (x, inverse) in elements.iter().zip(inverses(&elements).expect("no zero")) {
        assert_eq!(read(x.times(inverse)), big(&[1]));
    }
    assert!(Element::<F>::ZERO.inverse().is_none());
}

fn check_constants<F: Field>() {
    let one = F::Integer::ONE;
    assert!(Element::<F>::ONE.to_integer() == one);
    assert!(Element::<F>::ZERO.to_integer() == F::Integer::ZERO);
    let same = |a: &F::Array<i64>, b: &F::Array<i64>| a.as_ref() == b.as_ref();
    assert!(same(&Element::<F>::from_integer(&one).limbs, &F::ONE));
    let lowest = unsigned::<F>(F::MODULUS.as_ref()).limbs.as_ref()[0];
    assert_eq!(lowest.split(F::BITS).1, F::LOWEST_LIMB);
}

/// Of all that two units can be, 0, p and -p are zero, and what ends like them is not.
fn check_zeros<F: Field>(random: &mut Random) {
    let p = unsigned::<F>(F::MODULUS.as_ref());
    assert!(p.is_zero() && p.negative().is_zero());
    let x = Element::<F>::from_integer(&random.integer::<F>());
    assert!(x.minus::<1, 2>(x).is_zero() && Element::<F>::ZERO.is_zero());
    let zero = Element { limbs: F::ZERO };
    for (multiple, sign) in [(p, 1), (p.negative(), -1), (zero, 1)] {
        for place in 0..F::ZERO.as_ref().len() {
            let mut other = multiple;
            other.limbs.as_mut()[place] ^= 1;
            assert!(!other.is_zero(), "limb {place}");
        }
        // The same in other limbs: what is taken from one is given to the next.
        for place in 1..F::ZERO.as_ref().len() {
            let mut same = multiple;
            same.limbs.as_mut()[place - 1] -= sign << F::BITS;
            same.limbs.as_mut()[place] += sign;
            assert!(same.is_zero(), "limb {place}");
        }
    }
}

fn check<F: Field>() {
    let random = &mut Random(1);
    check_constants::<F>();
    check_products::<F>(random);
    check_carries::<F>();
    check_operations::<F>(random);
    check_zeros::<F>(random);
}

#[test]
fn p256_agrees_with_big_integers() {
    check::<P256>();
}

#[test]
fn p384_agrees_with_big_integers() {
    check::<P384>();
}

#[test]
fn p521_agrees_with_big_integers() {
    check::<P521>();
}

#[test]
fn p25519_agrees_with_big_integers() {
    check::<P25519>();
}
