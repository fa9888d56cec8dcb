//! P-521 (SP 800-186 section 3.2.1.5): integers modulo p = 2^521 - 1, and the parameters.
//!
//! Nineteen limbs of 28 bits: with 29 bits, 18 limbs would do, but their products would leave no room for sums. An element x
//! is kept as x * 2^532, in Montgomery's form, as for the other curves.

use crypto_bigint::{Odd, U576};
use idtoken::alg::Hash;
use once_cell::race::OnceBox;

use super::curve::Point;
use super::sparse::{self, Sparse, Term};
use super::{Coordinates, Nist};
use crate::element::Field;
use crate::limbs::{Columns, Limb};
use crate::tables::Tables;

/// The field of P-521, and the curve.
#[derive(Clone, Copy)]
pub(crate) struct P521;

impl Field for P521 {
    type Array<T: Copy + Send + Sync> = [T; 19];
    type Integer = U576;

    const BITS: u32 = 28;

    const MODULUS: Odd<U576> = Odd::from_be_hex(
        "00000000000001ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
         ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    );

    /// 2^1064 mod p = 2^22, which takes x to x * 2^532.
    const INTO_FORM: U576 = U576::from_u64(1 << 22);

    const ZERO: [i64; 19] = [0; 19];

    /// 2^532 = 2^11.
    const ONE: [i64; 19] = [
        1 << 11,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
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

    const TOP: i64 = (1 << 16) + 1;

    #[inline(always)]
    fn reduce<L: Limb>(columns: Columns<[L; 19]>, extra: &[L; 19]) -> [L; 19] {
        sparse::reduce::<Self, L>(columns, extra)
    }
}

impl Sparse for P521 {
    /// 2^521.
    const TERMS: &'static [Term] = &[Term {
        limb: 18,
        shift: 17,
        is_negative: false,
    }];
}

impl Nist for P521 {
    const HASH: Hash = Hash::Sha512;

    const NAME: &'static str = "ES512";

    const BYTES: usize = 66;

    const B: U576 = U576::from_be_hex(
        "0000000000000051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b48991\
         8ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    );

    const BASE: Coordinates<U576> = Coordinates {
        x: U576::from_be_hex(
            "00000000000000c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af60\
         6b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        ),
        y: U576::from_be_hex(
            "000000000000011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17\
         273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        ),
    };

    const ORDER: Odd<U576> = Odd::from_be_hex(
        "00000000000001ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
         fffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    );

    const ORDER_BITS: u32 = 521;

    const KEY_WIDTH: u32 = 6;
    const BASE_WIDTH: u32 = 7;

    fn base_tables() -> &'static OnceBox<Tables<Point<Self>>> {
        static TABLES: OnceBox<Tables<Point<P521>>> = OnceBox::new();
        &TABLES
    }
}
