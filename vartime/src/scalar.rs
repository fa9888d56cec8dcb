//! Integers modulo the order of a group, by `crypto-bigint`: a handful of operations for a signature.

use crypto_bigint::{Odd, U256};

/// The remainder of `low + 2^256 * high`.
#[inline(never)]
pub(crate) fn remainder(low: U256, high: U256, order: &Odd<U256>) -> U256 {
    U256::rem_wide_vartime((low, high), order.as_nz_ref())
}

/// The product of two integers below 2^256.
pub(crate) fn product(a: &U256, b: &U256, order: &Odd<U256>) -> U256 {
    let (low, high) = a.widening_mul(b);
    remainder(low, high, order)
}
