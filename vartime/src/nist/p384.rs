//! P-384 (SP 800-186 section 3.2.1.4): integers modulo p = 2^384 - 2^128 - 2^96 + 2^32 - 1, and the parameters.
//!
//! Fourteen limbs of 28 bits. An element x is kept as x * 2^392, in Montgomery's form.

use crypto_bigint::{Odd, U384};
use idtoken::alg::Hash;
use once_cell::race::OnceBox;

use super::curve::Point;
use super::sparse::{self, Sparse, Term};
use super::{Coordinates, Nist};
use crate::element::Field;
use crate::limbs::{Columns, Limb};
use crate::tables::Tables;

/// The field of P-384, and the curve.
#[derive(Clone, Copy)]
pub(crate) struct P384;

impl Field for P384 {
    type Array<T: Copy + Send + Sync> = [T; 14];
    type Integer = U384;

    const BITS: u32 = 28;

    const MODULUS: Odd<U384> = Odd::from_be_hex(
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    );

    /// 2^784 mod p, which takes x to x * 2^392.
    const INTO_FORM: U384 = U384::from_be_hex(
        "00000000000000000000000000010000000200000000fffffffe000000000000000200000000fffffffe000000010000",
    );

    const ZERO: [i64; 14] = [0; 14];

    /// 2^392 = 2^136 + 2^104 - 2^40 + 2^8.
    const ONE: [i64; 14] = [
        1 << 8,
        -(1 << 12),
        0,
        1 << 20,
        1 << 24,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ];

    const LOWEST_LIMB: i64 = -1;

    const TOP: i64 = (1 << 19) + 1;

    #[inline(always)]
    fn reduce<L: Limb>(columns: Columns<[L; 14]>, extra: &[L; 14]) -> [L; 14] {
        sparse::reduce::<Self, L>(columns, extra)
    }
}

impl Sparse for P384 {
    /// 2^32, -2^96, -2^128 and 2^384.
    const TERMS: &'static [Term] = &[
        Term {
            limb: 1,
            shift: 4,
            is_negative: false,
        },
        Term {
            limb: 3,
            shift: 12,
            is_negative: true,
        },
        Term {
            limb: 4,
            shift: 16,
            is_negative: true,
        },
        Term {
            limb: 13,
            shift: 20,
            is_negative: false,
        },
    ];
}

impl Nist for P384 {
    const HASH: Hash = Hash::Sha384;

    const NAME: &'static str = "ES384";

    const BYTES: usize = 48;

    const B: U384 = U384::from_be_hex(
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    );

    const BASE: Coordinates<U384> = Coordinates {
        x: U384::from_be_hex(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        ),
        y: U384::from_be_hex(
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
    };

    const ORDER: Odd<U384> = Odd::from_be_hex(
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    );

    const ORDER_BITS: u32 = 384;

    const KEY_WIDTH: u32 = 7;
    const BASE_WIDTH: u32 = 8;

    fn base_tables() -> &'static OnceBox<Tables<Point<Self>>> {
        static TABLES: OnceBox<Tables<Point<P384>>> = OnceBox::new();
        &TABLES
    }
}
