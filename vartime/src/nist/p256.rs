//! P-256 (SP 800-186 section 3.2.1.3): integers modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1, and the parameters.
//!
//! An element x is kept as x * 2^261 (Montgomery's form), because reducing from below costs no multiplication here: the
//! lowest 96 bits of p are ones, so the multiple of p that clears a limb is that limb itself.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "src/element/bounds.rs proves that nothing here overflows"
)]

use crypto_bigint::{Odd, U256};
use idtoken::alg::Hash;
use once_cell::race::OnceBox;

use super::curve::Point;
use super::{Coordinates, Nist};
use crate::element::Field;
use crate::limbs::{self, Columns, Limb};
use crate::tables::Tables;

/// The field of P-256, and the curve.
#[derive(Clone, Copy)]
pub(crate) struct P256;

#[inline(always)]
fn carry<L: Limb>(limb: L) -> (L, L) {
    limb.split(P256::BITS)
}

#[inline(always)]
fn cut<L: Limb>(limb: L) -> (L, L) {
    limb.cut(P256::BITS)
}

impl Field for P256 {
    type Array<T: Copy + Send + Sync> = [T; 9];
    type Integer = U256;

    const BITS: u32 = 29;

    const MODULUS: Odd<U256> =
        Odd::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

    /// 2^522 mod p, which takes x to x * 2^261.
    const INTO_FORM: U256 =
        U256::from_be_hex("000013fffffff7fffffffffffffffbffffffeffffffffc000000000000000c00");

    const ZERO: [i64; 9] = [0; 9];

    /// 2^261 = 2^229 - 2^197 - 2^101 + 2^5.
    const ONE: [i64; 9] = [1 << 5, 0, 0, -(1 << 14), 0, 0, -(1 << 23), 1 << 26, 0];

    const LOWEST_LIMB: i64 = -1;

    const TOP: i64 = (1 << 23) + 1;

    const IS_SHORT: bool = true;

    #[inline(always)]
    fn product<L: Limb>(a: &[L; 9], b: &[L; 9]) -> Columns<[L; 9]> {
        limbs::product_of_nine(a, b)
    }

    #[inline(always)]
    fn square<L: Limb>(a: &[L; 9]) -> Columns<[L; 9]> {
        limbs::square_of_nine(a)
    }

    /// (columns + 2^261 * extra) / 2^261 modulo p.
    ///
    /// Column by column, q_k is the limb that has to go; q_k * p is added in its place. With
    /// p = -1 + 2^9 * 2^(3*29) + 2^18 * 2^(6*29) - 2^21 * 2^(7*29) + 2^24 * 2^(8*29) that takes q_k away from column k
    /// and adds it, shifted, three, six, seven and eight columns further up. Columns 0 to 8 are then zero and dropped,
    /// which is the division by 2^261.
    #[inline(always)]
    fn reduce<L: Limb>(columns: Columns<[L; 9]>, extra: &[L; 9]) -> [L; 9] {
        let [low, high] = columns;
        let [c0, c1, c2, c3, c4, c5, c6, c7, c8] = low;
        let [c9, c10, c11, c12, c13, c14, c15, c16, _] = high;
        let [e0, e1, e2, e3, e4, e5, e6, e7, e8] = *extra;

        let (up, q0) = cut(c0);
        let (up, q1) = cut(c1 + up);
        let (up, q2) = cut(c2 + up);
        let (up, q3) = cut(c3 + up + q0.shifted(9));
        let (up, q4) = cut(c4 + up + q1.shifted(9));
        let (up, q5) = cut(c5 + up + q2.shifted(9));
        let (up, q6) = cut(c6 + up + q3.shifted(9) + q0.shifted(18));
        let (up, q7) = cut(c7 + up + q4.shifted(9) + q1.shifted(18) - q0.shifted(21));
        let (up, q8) =
            cut(c8 + up + q5.shifted(9) + q2.shifted(18) - q1.shifted(21) + q0.shifted(24));

        let c9 = c9 + q6.shifted(9) + q3.shifted(18) - q2.shifted(21) + q1.shifted(24) + e0;
        let c10 = c10 + q7.shifted(9) + q4.shifted(18) - q3.shifted(21) + q2.shifted(24) + e1;
        let c11 = c11 + q8.shifted(9) + q5.shifted(18) - q4.shifted(21) + q3.shifted(24) + e2;
        let c12 = c12 + q6.shifted(18) - q5.shifted(21) + q4.shifted(24) + e3;
        let c13 = c13 + q7.shifted(18) - q6.shifted(21) + q5.shifted(24) + e4;
        let c14 = c14 + q8.shifted(18) - q7.shifted(21) + q6.shifted(24) + e5;
        let c15 = c15 - q8.shifted(21) + q7.shifted(24) + e6;
        let c16 = c16 + q8.shifted(24) + e7;

        // What stands above 2^256 is taken away as a multiple of p, before the last carries.
        let (above, c16) = cut(c16);
        let (t, top) = (above + e8).split(24);

        let (up, l0) = carry(c9 + up + t);
        let (up, l1) = carry(c10 + up);
        let (up, l2) = carry(c11 + up);
        let (up, l3) = carry(c12 + up - t.shifted(9));
        let (up, l4) = carry(c13 + up);
        let (up, l5) = carry(c14 + up);
        let (up, l6) = carry(c15 + up - t.shifted(18));
        let (up, l7) = carry(c16 + up + t.shifted(21));
        [l0, l1, l2, l3, l4, l5, l6, l7, top + up]
    }
}

impl Nist for P256 {
    const HASH: Hash = Hash::Sha256;

    const NAME: &'static str = "ES256";

    const BYTES: usize = 32;

    const B: U256 =
        U256::from_be_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    const BASE: Coordinates<U256> = Coordinates {
        x: U256::from_be_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
        y: U256::from_be_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
    };

    const ORDER: Odd<U256> =
        Odd::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    const ORDER_BITS: u32 = 256;

    const KEY_WIDTH: u32 = 8;
    const BASE_WIDTH: u32 = 8;

    fn base_tables() -> &'static OnceBox<Tables<Point<Self>>> {
        static TABLES: OnceBox<Tables<Point<P256>>> = OnceBox::new();
        &TABLES
    }
}
