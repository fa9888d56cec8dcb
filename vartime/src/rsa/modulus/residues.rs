//! Powers modulo random odd numbers, compared with those of `crypto-bigint`.
//!
//! `SIGNATURES` in the environment says how many; `cargo xtask differential arithmetic` sets it.

use alloc::vec;
use alloc::vec::Vec;
use std::env;

use crypto_bigint::BoxedUint;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};

use super::{Layout, Modulus};

/// Splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Random bytes; or such with long runs of ones and zeros, whose digits are the largest and the smallest.
    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let kind = self.next() % 4;
        let mut run = 0;
        let byte = |_| match kind {
            0 => {
                if self.next().is_multiple_of(16) {
                    run ^= 0xff;
                }
                run
            }
            1 => 0xff,
            _ => self.next() as u8,
        };
        (0..length).map(byte).collect()
    }
}

fn theirs(n: &[u8], base: &[u8], exponent: u64) -> Vec<u8> {
    let n = BoxedUint::from_be_slice_vartime(n).into_odd().unwrap();
    let precision = n.bits_precision();
    let base = BoxedUint::from_be_slice(base, precision).unwrap();
    let params = BoxedMontyParams::new_vartime(n);
    let power = BoxedMontyForm::new(base, &params).pow(&BoxedUint::from(exponent));
    power.retrieve().to_be_bytes().to_vec()
}

#[test]
fn powers_are_those_of_crypto_bigint() {
    let random = &mut Random(1);
    let count = env::var("SIGNATURES").map_or(10_000, |text| text.parse().unwrap());
    for round in 0..count {
        // Mostly the usual sizes, and lengths between.
        let length = match round % 10 {
            0 => 257 + (random.next() % 127) as usize,
            1 => 384,
            2 => 512,
            3 if round % 100 == 3 => 513 + (random.next() % 512) as usize,
            // The last of the larger radix, and the ends of the smaller one.
            4 if round % 200 == 54 => 376,
            4 if round % 200 == 154 => 377,
            4 if round % 200 == 4 => 513,
            4 if round % 200 == 104 => 1024,
            _ => 256,
        };
        let mut n = random.bytes(length);
        n[0] |= 1 << (random.next() % 8);
        n[length - 1] |= 1;
        let mut base = random.bytes(length);
        match random.next() % 8 {
            0 => base.fill(0),
            1 => {
                base.clone_from(&n);
                base[length - 1] -= 1;
            }
            _ => base[0] = 0,
        }
        let exponent = match random.next() % 4 {
            0 => random.next() >> 31 | 0x1_0001,
            _ => 0x1_0001,
        };
        let modulus = Modulus::of(&n).unwrap();
        let ours = modulus.power(&base, exponent).unwrap();
        let theirs = theirs(&n, &base, exponent);
        assert!(
            theirs[..theirs.len() - length]
                .iter()
                .all(|byte| *byte == 0)
        );
        assert_eq!(
            ours,
            theirs[theirs.len() - length..],
            "{n:02x?} {base:02x?} {exponent}"
        );
    }
}

/// Moduli with the fewest and the most bits set, at every length where the digits change, and numbers at both ends.
#[test]
fn powers_at_the_edges_are_those_of_crypto_bigint() {
    let lengths = (256..=264).chain([301, 302, 346, 375, 376, 377, 378, 384, 512, 513, 1023, 1024]);
    for length in lengths {
        for (first, others) in [(0x01, 0), (0x80, 0), (0x01, 0xff), (0xff, 0xff)] {
            let mut n = vec![others; length];
            (n[0], n[length - 1]) = (first, others | 1);
            let modulus = Modulus::of(&n).unwrap();
            let near = |end: &[u8], less: u8| {
                let mut bytes = end.to_vec();
                bytes[length - 1] ^= less;
                bytes
            };
            let mut half = n.clone();
            half[0] >>= 1;
            let zero = vec![0; length];
            for base in [near(&zero, 0), near(&zero, 1), near(&n, 1), half] {
                for exponent in [0x1_0001, (1 << 33) - 1] {
                    let theirs = theirs(&n, &base, exponent);
                    assert_eq!(
                        modulus.power(&base, exponent).unwrap(),
                        theirs[theirs.len() - length..],
                        "{length} {first} {others} {base:02x?} {exponent}"
                    );
                }
            }
        }
    }
}

/// At every length, of the smallest modulus, the largest and some other.
#[test]
fn the_form_is_a_square_of_the_radix_at_every_length() {
    let random = &mut Random(4);
    for length in 256..=1024 {
        let mut smallest = vec![0; length];
        smallest[0] = 1;
        for mut n in [smallest, vec![0xff; length], random.bytes(length)] {
            n[0] |= 1;
            n[length - 1] |= 1;
            let modulus = Modulus::of(&n).unwrap();
            let Layout { radix, length } = modulus.layout;
            let bits = 2 * length as u32 * radix.bits;
            let square = BoxedUint::one_with_precision(bits + 1).shl(bits);
            let n_of_theirs = BoxedUint::from_be_slice_vartime(&n);
            let theirs = square.rem_vartime(n_of_theirs.as_nz_vartime().unwrap());
            let theirs = theirs.to_be_bytes();
            let ours = modulus.residue(&modulus.form).unwrap();
            assert_eq!(ours, theirs[theirs.len() - n.len()..], "{n:02x?}");
            // As every product that is multiplied again: see bounds.rs.
            let bound = f64::from((1 << (radix.bits - 1)) + (1 << 8));
            assert!(modulus.form.numbers().all(|digit| digit.abs() <= bound));
        }
    }
}

/// A result may be negative.
#[test]
fn residues_are_found_on_both_sides_of_zero() {
    use super::super::columns::Digits;
    use super::super::integer;
    use super::super::pair::{Doubles, Pair as _};
    let random = &mut Random(3);
    let mut n = random.bytes(256);
    (n[0], n[255]) = (0xc3, 1);
    let modulus = Modulus::of(&n).unwrap();
    let mut last = n.clone();
    last[255] -= 1;
    for bytes in [vec![0; 256], [&[0x5a], &n[1..]].concat(), last] {
        assert!(modulus.exceeds(&bytes));
        let digits = integer::from_bytes(&bytes, modulus.layout);
        for times in [-1.0, 0.0] {
            let both = digits.numbers().zip(modulus.reduction.n.numbers());
            let numbers: Vec<f64> = both.map(|(digit, n)| digit + times * n).collect();
            let (pairs, _) = numbers.as_chunks();
            let pairs = pairs.iter().copied().map(Doubles::of);
            let sum = Digits::of(pairs, digits.length());
            assert_eq!(modulus.residue(&sum).unwrap(), bytes, "{times}");
        }
    }
    assert!(!modulus.exceeds(&n));
}

/// What the self-check is for: with any constant spoiled, a modulus is not made.
#[test]
fn a_modulus_with_a_wrong_constant_does_not_hold() {
    use super::super::columns::Digits;
    let n = Random(2).bytes(255);
    let n = [&[0xc3], &n[..254], &[1]].concat();
    let spoiled = |digits: &Digits<_>, place: usize| {
        use super::super::pair::{Doubles, Pair as _};
        let mut numbers: Vec<f64> = digits.numbers().collect();
        numbers[place] += 1.0;
        let (pairs, _) = numbers.as_chunks();
        Digits::of(pairs.iter().copied().map(Doubles::of), digits.length())
    };
    assert!(Modulus::of(&n).unwrap().holds());
    for place in 0..86 {
        let mut modulus = Modulus::of(&n).unwrap();
        modulus.reduction.inverse = spoiled(&modulus.reduction.inverse, place);
        assert!(!modulus.holds(), "{place} of the inverse");
        let mut modulus = Modulus::of(&n).unwrap();
        modulus.form = spoiled(&modulus.form, place);
        assert!(!modulus.holds(), "{place} of the form");
    }
}
