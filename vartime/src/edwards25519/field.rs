//! Integers modulo p = 2^255 - 19, the field of Ed25519 (RFC 8032 section 5.1).

#![allow(
    clippy::arithmetic_side_effects,
    reason = "src/element/bounds.rs proves that nothing here overflows"
)]

use crypto_bigint::{Odd, U256};

use crate::element::Field;
use crate::limbs::{self, Columns, Limb};

/// The field of Ed25519.
pub(crate) struct P25519;

#[inline(always)]
fn carry<L: Limb>(limb: L) -> (L, L) {
    limb.split(P25519::BITS)
}

#[inline(always)]
fn cut<L: Limb>(limb: L) -> (L, L) {
    limb.cut(P25519::BITS)
}

impl Field for P25519 {
    type Array<T: Copy + Send + Sync> = [T; 9];
    type Integer = U256;

    const BITS: u32 = 29;

    const MODULUS: Odd<U256> =
        Odd::from_be_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");

    const INTO_FORM: U256 = U256::ONE;

    const ZERO: [i64; 9] = [0; 9];

    const ONE: [i64; 9] = [1, 0, 0, 0, 0, 0, 0, 0, 0];

    const LOWEST_LIMB: i64 = -19;

    const TOP: i64 = (1 << 22) + (1 << 5);

    const IS_SHORT: bool = true;

    #[inline(always)]
    fn product<L: Limb>(a: &[L; 9], b: &[L; 9]) -> Columns<[L; 9]> {
        limbs::product_of_nine(a, b)
    }

    #[inline(always)]
    fn square<L: Limb>(a: &[L; 9]) -> Columns<[L; 9]> {
        limbs::square_of_nine(a)
    }

    /// columns + extra modulo p.
    ///
    /// Nine limbs are 261 bits, and 2^261 = 2^6 * 2^255 is 64 * 19 = 1216 modulo p: column k + 9 goes into column k,
    /// 1216 times. Carried first, so that the product stays small.
    #[inline(always)]
    fn reduce<L: Limb>(columns: Columns<[L; 9]>, extra: &[L; 9]) -> [L; 9] {
        let [low, high] = columns;
        let [c0, c1, c2, c3, c4, c5, c6, c7, c8] = low;
        let [c9, c10, c11, c12, c13, c14, c15, c16, _] = high;
        let [e0, e1, e2, e3, e4, e5, e6, e7, e8] = *extra;

        let (up0, low0) = cut(c9);
        let (up1, low1) = cut(c10);
        let (up2, low2) = cut(c11);
        let (up3, low3) = cut(c12);
        let (up4, low4) = cut(c13);
        let (up5, low5) = cut(c14);
        let (up6, low6) = cut(c15);
        let (up7, low7) = cut(c16);

        let fold = L::from(1216);
        let c0 = c0 + low0 * fold + e0;
        let c1 = c1 + (low1 + up0) * fold + e1;
        let c2 = c2 + (low2 + up1) * fold + e2;
        let c3 = c3 + (low3 + up2) * fold + e3;
        let c4 = c4 + (low4 + up3) * fold + e4;
        let c5 = c5 + (low5 + up4) * fold + e5;
        let c6 = c6 + (low6 + up5) * fold + e6;
        let c7 = c7 + (low7 + up6) * fold + e7;
        let c8 = c8 + up7 * fold + e8;

        // What stands above 2^255 goes down, 19 times, before the last carries.
        let (above, c7) = cut(c7);
        let (t, top) = (c8 + above).split(23);

        let (up, l0) = carry(c0 + t * L::from(19));
        let (up, l1) = carry(c1 + up);
        let (up, l2) = carry(c2 + up);
        let (up, l3) = carry(c3 + up);
        let (up, l4) = carry(c4 + up);
        let (up, l5) = carry(c5 + up);
        let (up, l6) = carry(c6 + up);
        let (up, l7) = carry(c7 + up);
        [l0, l1, l2, l3, l4, l5, l6, l7, top + up]
    }
}
