//! Proof that no limb overflows, and comparisons with the paper's divsteps and with the inverses of `crypto-bigint`.

use alloc::vec::Vec;

use crypto_bigint::{Odd, Uint};

use super::{BITS, LIMBS, MATRICES, ROOM, clear, divsteps, multiply};
use crate::edwards25519::P25519;
use crate::element::Field as _;
use crate::element::bounds::Interval;
use crate::element::residues::Random;
use crate::integer::Integer;
use crate::nist::{Nist as _, P256, P384, P521};

/// All limbs but the highest.
fn digits() -> Interval {
    Interval::up_to(1 << (BITS - 1))
}

/// The highest, too, and with room to spare.
fn limbs() -> Interval {
    Interval::up_to(1 << BITS)
}

/// As many matrices as there can be, one after the other, and every highest limb is made of the one before.
#[test]
fn no_product_with_a_matrix_overflows() {
    // The entries of a row are 2^30 together: then a sum of two products is no larger than with 2^29 in each.
    let rows = [[Interval::up_to(1 << (BITS - 1)); 2]; 2];
    let mut pairs = Vec::from([[digits(); 2]; LIMBS]);
    for _ in 0..MATRICES {
        pairs.push([0.into(); 2]);
        multiply(&mut pairs, rows);
        let (highest, others) = pairs.split_last().expect("limbs");
        assert!(highest.iter().all(|limb| limb.is_within(limbs())));
        let others = others.as_flattened();
        assert!(others.iter().all(|limb| limb.is_within(digits())));
    }
}

#[test]
fn no_column_overflows() {
    let mut columns = [limbs(); ROOM];
    clear(&mut columns, MATRICES, &[digits(); LIMBS]);
    // And a limb of the modulus and a carry are added.
    for column in columns {
        let _ = column + digits() + Interval::up_to(1 << (64 - BITS));
    }
}

/// A divstep as the paper defines it.
fn divstep((delta, f, g): (i32, i128, i128)) -> (i32, i128, i128) {
    match (g % 2 == 0, delta > 0) {
        (true, _) => (1 + delta, f, g / 2),
        (false, true) => (1 - delta, g, (g - f) / 2),
        (false, false) => (1 + delta, f, (g + f) / 2),
    }
}

#[test]
fn thirty_divsteps_are_those_of_the_paper() {
    let random = &mut Random(1);
    for round in 0..30_000_u32 {
        // Of every size, and with many zeros or ones at the end.
        let mut number = || match random.next() % 4 {
            0 => (random.next().cast_signed() >> (round % 62)) << (round % 31),
            1 => !(random.next().cast_signed() << (round % 31)),
            _ => random.next().cast_signed() >> 2,
        };
        let (f, g) = (number() >> 2 | 1, number() >> 2);
        let delta = (random.next() % 80) as i32 - 40;
        let mut expected = (delta, i128::from(f), i128::from(g));
        for _ in 0..BITS {
            expected = divstep(expected);
        }
        let mut delta = delta;
        let rows = divsteps(&mut delta, [f, g]);
        for [u, v] in rows {
            assert!(u.abs() + v.abs() <= 1 << BITS);
        }
        let [new_f, new_g] = rows.map(|[u, v]| {
            let sum = i128::from(u) * i128::from(f) + i128::from(v) * i128::from(g);
            assert_eq!(sum % (1 << BITS), 0);
            sum >> BITS
        });
        assert_eq!((delta, new_f, new_g), expected);
    }
}

fn assert_is_theirs<const WORDS: usize>(x: &Uint<WORDS>, modulus: &Odd<Uint<WORDS>>) {
    let theirs = x.invert_odd_mod_vartime(modulus).into_option();
    assert_eq!(x.inverse(modulus), theirs, "{x} modulo {modulus}");
}

fn check<const WORDS: usize>(modulus: &Odd<Uint<WORDS>>) {
    let random = &mut Random(1);
    let one = Uint::ONE;
    for _ in 0..10_000 {
        let bytes = [(); WORDS].map(|()| random.next().to_le_bytes());
        let x: Uint<WORDS> = Integer::from_le_bytes(bytes.as_flattened());
        let x = x.times(&one, modulus);
        assert_is_theirs(&x, modulus);
    }
    let small = (0..100_u32).map(Uint::from);
    let powers: Vec<_> = (0..Uint::<WORDS>::BITS)
        .map(|bit| one.shl_vartime(bit))
        .collect();
    let half = modulus.shr_vartime(1);
    let near = [modulus.as_ref(), &half, &Uint::ZERO];
    let edges = near.into_iter().chain(&powers);
    // What is not below the modulus, too.
    for edge in edges {
        for offset in small.clone().take(4) {
            assert_is_theirs(&edge.wrapping_add(&offset), modulus);
            assert_is_theirs(&edge.wrapping_sub(&offset), modulus);
            assert_is_theirs(&modulus.wrapping_sub(edge).wrapping_sub(&offset), modulus);
        }
    }
    for x in small {
        assert_is_theirs(&x, modulus);
    }
    for (place, high) in powers.iter().enumerate() {
        // Ones from one bit to another.
        for low in powers.iter().take(place).step_by(7) {
            assert_is_theirs(&high.wrapping_sub(low), modulus);
        }
    }
}

#[test]
fn inverses_modulo_the_numbers_of_p256_are_theirs() {
    check(&P256::MODULUS);
    check(&P256::ORDER);
}

#[test]
fn inverses_modulo_the_numbers_of_p384_are_theirs() {
    check(&P384::MODULUS);
    check(&P384::ORDER);
}

#[test]
fn inverses_modulo_the_numbers_of_p521_are_theirs() {
    check(&P521::MODULUS);
    check(&P521::ORDER);
}

#[test]
fn inverses_modulo_the_prime_of_ed25519_are_theirs() {
    check(&P25519::MODULUS);
}

/// Small ones that are no primes, and the largest ones.
#[test]
fn inverses_modulo_other_odd_numbers_are_theirs() {
    type Largest = Uint<9>;
    for modulus in (3..200_u32).step_by(2) {
        let modulus = Odd::new(Largest::from(modulus)).expect("odd");
        for x in 0..200_u32 {
            assert_is_theirs(&x.into(), &modulus);
        }
        let largest = Odd::new(
            Largest::MAX
                .wrapping_sub(modulus.as_ref())
                .wrapping_add(&Uint::ONE),
        );
        assert_is_theirs(modulus.as_ref(), &largest.expect("odd"));
    }
}

/// 1595 divsteps, found by a search backwards from the end: 54 matrices, where two more are allowed.
#[test]
fn an_inverse_that_takes_long_is_found() {
    let from = Uint::<9>::from_be_hex;
    let x = from(
        "af2395dca3afb124c0d4e11035895ea4a8eed09844cf452c7ee29b13dacc2e8b44fb273b6ea780c7870a1cb9fadeb335954526286ad5195e8a790f43667fd40c472eda145f92bfd9",
    );
    let modulus = from(
        "05d6276873e78b2ef7dd54c986447cdf1ce62153cbac3004ce02f7549f7f5fc7f0b03e13af30db0a0da9d5494c0184894a5a347a4a0e9e330a525fdb5ad55ce87c7aa33b59c0ec47",
    );
    assert_is_theirs(&x, &Odd::new(modulus).unwrap());
}
