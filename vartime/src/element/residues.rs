//! Tests that the arithmetic of both fields gives the right residues, against the big integers of `crypto-bigint`.

use alloc::vec::Vec;

use crypto_bigint::U256;

use super::{Element, Field, MAX_EXTRA, MAX_UNITS, Packed, inverses, unsigned};
use crate::edwards25519::P25519;
use crate::limbs::{self, BITS};
use crate::p256::P256;

/// Splitmix64: the same numbers in every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Limbs of so many units; every second one as far from zero as it may be, or zero.
    fn limbs<F: Field>(&mut self, units: u32) -> [i64; 9] {
        core::array::from_fn(|place| {
            let bound = if place == 8 { F::TOP } else { 1 << (BITS - 1) } * i64::from(units);
            match self.next() % 6 {
                0 => bound,
                1 => -bound,
                2 => 0,
                _ => (self.next() % (2 * bound.unsigned_abs() + 1)).cast_signed() - bound,
            }
        })
    }

    fn integer<F: Field>(&mut self) -> U256 {
        let words = [self.next(), self.next(), self.next(), self.next()];
        let bytes = words.map(u64::to_le_bytes);
        U256::from_le_slice(bytes.as_flattened()).rem_vartime(F::MODULUS.as_nz_ref())
    }
}

/// What limbs or columns stand for, modulo p.
fn value<F: Field>(limbs: &[i64]) -> U256 {
    let p = F::MODULUS.as_nz_ref();
    limbs.iter().rev().fold(U256::ZERO, |sum, limb| {
        let up = sum.mul_mod_vartime(&U256::from_u64(1 << BITS), p);
        let digit = U256::from_u64(limb.unsigned_abs());
        if *limb < 0 {
            up.sub_mod(&digit, p)
        } else {
            up.add_mod(&digit, p)
        }
    })
}

/// The columns of a product stand for the product, and reducing them divides by what stands for 1.
fn check_products<F: Field>(random: &mut Random) {
    let p = F::MODULUS.as_nz_ref();
    let one = value::<F>(&F::ONE);
    for round in 0..2000_u32 {
        let units = 1 + round % MAX_UNITS;
        let a = random.limbs::<F>(units);
        let b = random.limbs::<F>(MAX_UNITS / units);
        let columns = limbs::product(&a, &b);
        let expected = value::<F>(&a).mul_mod_vartime(&value::<F>(&b), p);
        assert_eq!(value::<F>(&columns), expected);

        let extra = random.limbs::<F>(round % (MAX_EXTRA + 1));
        let reduced = value::<F>(&F::reduce(columns, &extra));
        let extra = value::<F>(&extra).mul_mod_vartime(&one, p);
        assert_eq!(
            reduced.mul_mod_vartime(&one, p),
            expected.add_mod(&extra, p)
        );

        let a = random.limbs::<F>(3);
        assert_eq!(limbs::square(&a), limbs::product(&a, &a));
    }
}

fn check_operations<F: Field>(random: &mut Random) {
    let p = F::MODULUS.as_nz_ref();
    let minus_one = F::MODULUS.wrapping_sub(&U256::ONE);
    let edges = [U256::ZERO, U256::ONE, minus_one, minus_one.shr_vartime(1)];
    let integers: Vec<_> = (0..200)
        .map(|_| random.integer::<F>())
        .chain(edges)
        .collect();
    let element = |integer| Element::<F>::from_integer(integer);
    for pair in integers.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        let (x, y) = (element(a), element(b));
        assert_eq!(x.to_integer(), *a);
        assert_eq!(Packed::from(x).element().to_integer(), *a);
        assert_eq!(x.negative().to_integer(), a.neg_mod(p));
        assert_eq!(x.plus::<1, 2>(y).reduced().to_integer(), a.add_mod(b, p));
        assert_eq!(x.minus::<1, 2>(y).reduced().to_integer(), a.sub_mod(b, p));
        let (ab, aa) = (a.mul_mod_vartime(b, p), a.mul_mod_vartime(a, p));
        assert_eq!(x.times(y).to_integer(), ab);
        assert_eq!(x.squared().to_integer(), aa);
        assert_eq!(x.squared_plus(y).to_integer(), aa.add_mod(b, p));
        let difference = x.times_minus(y, x, x).to_integer();
        assert_eq!(difference, ab.sub_mod(&aa, p));
    }

    let elements: Vec<_> = integers.iter().map(element).collect();
    assert!(inverses(&elements).is_none(), "zero is among them");
    let elements: Vec<_> = elements.into_iter().filter(|x| !x.is_zero()).collect();
    for (x, inverse) in elements.iter().zip(inverses(&elements).expect("no zero")) {
        assert_eq!(x.times(inverse).to_integer(), U256::ONE);
    }
    assert!(Element::<F>::ZERO.inverse().is_none());
}

fn check_constants<F: Field>() {
    assert_eq!(Element::<F>::ONE.to_integer(), U256::ONE);
    assert_eq!(Element::<F>::from_integer(&U256::ONE).limbs, F::ONE);
    assert_eq!(Element::<F>::ZERO.to_integer(), U256::ZERO);
    let lowest = unsigned::<F>(F::MODULUS.as_ref()).limbs[0];
    assert_eq!(limbs::carry(lowest).1, F::LOWEST_LIMB);
}

/// Of all that two units can be, 0, p and -p are zero, and what ends like them is not.
fn check_zeros<F: Field>(random: &mut Random) {
    let p = unsigned::<F>(F::MODULUS.as_ref());
    assert!(p.is_zero() && p.negative().is_zero());
    let x = Element::<F>::from_integer(&random.integer::<F>());
    assert!(x.minus::<1, 2>(x).is_zero() && Element::<F>::ZERO.is_zero());
    for multiple in [p, p.negative(), Element::of([0; 9])] {
        for place in 0..9 {
            let mut other = multiple;
            other.limbs[place] ^= 1;
            assert!(!other.is_zero(), "limb {place}");
        }
    }
}

fn check<F: Field>() {
    let random = &mut Random(1);
    check_constants::<F>();
    check_products::<F>(random);
    check_operations::<F>(random);
    check_zeros::<F>(random);
}

#[test]
fn p256_agrees_with_big_integers() {
    check::<P256>();
}

#[test]
fn p25519_agrees_with_big_integers() {
    check::<P25519>();
}
