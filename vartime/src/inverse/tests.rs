//! Proof that no limb overflows, and comparisons with the paper's divsteps and with the inverses of `crypto-bigint`.

use alloc::vec::Vec;

use crypto_bigint::{NonZero, Odd, U256, U512, U1024, Uint};

use super::{BITS, LIMBS, MATRICES, POWER, ROOM, clear, divsteps, multiply, product, remainder};
use crate::edwards25519::P25519;
use crate::element::Field as _;
use crate::element::bounds::Interval;
use crate::element::residues::Random;
use crate::integer::{Integer, of_limbs};
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

/// The highest limb of the second factor may be larger than a digit.
#[test]
fn no_column_of_a_product_overflows() {
    let mut columns = [0.into(); ROOM + LIMBS];
    let mut d = [digits(); ROOM];
    d[ROOM - 1] = limbs();
    product(&mut columns, &[digits(); LIMBS], &d);
    assert!(columns.iter().all(|column| column.is_within(digits())));
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

/// Of numerators at all edges of what they may be, also above the modulus.
fn check_ratios<const WORDS: usize>(modulus: &Odd<Uint<WORDS>>, random: &mut Random) {
    let most = Uint::<WORDS>::MAX.shr_vartime(modulus.leading_zeros());
    let mut number = || {
        let bytes = [(); WORDS].map(|()| random.next().to_le_bytes());
        Uint::<WORDS>::from_le_bytes(bytes.as_flattened())
    };
    for _ in 0..1000 {
        let (x, other) = (number(), number().bitand(&most));
        let edges = [Uint::ZERO, Uint::ONE, most, *modulus.as_ref()];
        let below = edges.map(|edge| edge.wrapping_sub(&Uint::ONE).bitand(&most));
        for numerators in [
            [other, edges[0]],
            [below[2], other],
            [edges[1], most],
            [edges[3], below[3]],
        ] {
            let Some(inverse) = x.invert_odd_mod_vartime(modulus).into_option() else {
                continue;
            };
            let [a, b] = &numerators;
            let ours = Uint::over([a, b], &x, modulus);
            let theirs = |numerator: &Uint<WORDS>| {
                let (low, high) = numerator.widening_mul(&inverse);
                Uint::rem_wide_vartime((low, high), modulus.as_nz_ref())
            };
            assert_eq!(
                ours,
                Some([theirs(a), theirs(b)]),
                "{numerators:?} over {x}"
            );
        }
    }
}

fn check<const WORDS: usize>(modulus: &Odd<Uint<WORDS>>) {
    let random = &mut Random(1);
    let one = Uint::ONE;
    check_ratios(modulus, random);
    for _ in 0..10_000 {
        let bytes = [(); WORDS].map(|()| random.next().to_le_bytes());
        let x: Uint<WORDS> = Integer::from_le_bytes(bytes.as_flattened());
        let x = x.rem_vartime(modulus.as_nz_ref());
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

/// Of Ed25519: 512 bits modulo L.
#[test]
fn remainders_are_theirs() {
    let order = Odd::<U256>::from_be_hex(
        "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed",
    );
    let one = U1024::ONE;
    let wide_order: U1024 = order.as_ref().resize();
    let power: U256 = one
        .shl_vartime(POWER)
        .rem_vartime(&NonZero::new(wide_order).unwrap())
        .resize();
    let random = &mut Random(1);
    let check = |integer: U512| {
        let ours: U256 = of_limbs(&remainder(
            integer.as_words(),
            power.as_words(),
            order.as_ref().as_words(),
        ));
        let (low, high) = integer.split();
        assert_eq!(
            ours,
            U256::rem_wide_vartime((low, high), order.as_nz_ref()),
            "{integer}"
        );
    };
    for _ in 0..10_000 {
        let bytes = [(); 8].map(|()| random.next().to_le_bytes());
        check(U512::from_le_slice(bytes.as_flattened()));
    }
    for bit in 0..512 {
        let edge = U512::ONE.shl_vartime(bit);
        check(edge);
        check(edge.wrapping_sub(&U512::ONE));
        check(U512::MAX.wrapping_sub(&edge));
    }
    for times in 0..2000_u32 {
        let multiple: U512 = order
            .as_ref()
            .resize::<8>()
            .wrapping_mul(&U512::from(times));
        check(multiple);
        check(multiple.wrapping_sub(&U512::ONE));
    }
}
