//! Integers of any size: what a signature needs of the order of a group, a handful of operations. The inverse is our own, the others
//! are those of `crypto-bigint`.

use alloc::vec::Vec;

use crypto_bigint::{Odd, Uint};

use crate::inverse;

/// Unsigned integers with some number of bits, of which a modulus may leave some unused.
pub(crate) trait Integer: Copy + Ord + 'static {
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;

    /// Of bytes that say no larger an integer than there is.
    fn from_le_bytes(bytes: &[u8]) -> Self;

    /// Of bytes that say no larger an integer than there is.
    fn from_be_bytes(bytes: &[u8]) -> Self {
        let bytes: Vec<_> = bytes.iter().rev().copied().collect();
        Self::from_le_bytes(&bytes)
    }

    /// All of its bytes.
    fn to_le_bytes(&self) -> Vec<u8>;

    /// The sum, without what does not fit.
    fn plus(&self, other: &Self) -> Self;

    /// The difference, as if there were more bits above.
    fn minus(&self, other: &Self) -> Self;

    /// The product modulo `modulus`, of any two integers.
    fn times(&self, other: &Self, modulus: &Odd<Self>) -> Self;

    /// The inverse of any integer; nothing if there is none.
    fn inverse(&self, modulus: &Odd<Self>) -> Option<Self>;
}

impl<const WORDS: usize> Integer for Uint<WORDS> {
    const ZERO: Self = Self::ZERO;
    const ONE: Self = Self::ONE;

    fn from_le_bytes(bytes: &[u8]) -> Self {
        let mut integer = Self::ZERO;
        let word_bytes = size_of::<crypto_bigint::Word>();
        for (word, bytes) in integer
            .as_mut_words()
            .iter_mut()
            .zip(bytes.chunks(word_bytes))
        {
            let bytes = bytes.iter().rev();
            *word = bytes.fold(0, |word, byte| word << 8 | crypto_bigint::Word::from(*byte));
        }
        integer
    }

    fn to_le_bytes(&self) -> Vec<u8> {
        let words = self.as_words().iter();
        words.flat_map(|word| word.to_le_bytes()).collect()
    }

    fn plus(&self, other: &Self) -> Self {
        self.wrapping_add(other)
    }

    fn minus(&self, other: &Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline(never)]
    fn times(&self, other: &Self, modulus: &Odd<Self>) -> Self {
        let product = self.widening_mul(other);
        Self::rem_wide_vartime(product, modulus.as_nz_ref())
    }

    fn inverse(&self, modulus: &Odd<Self>) -> Option<Self> {
        const { assert!(Self::BITS <= inverse::MOST_BITS) };
        let limbs = inverse::inverse(self.as_words(), modulus.as_ref().as_words())?;
        let mut inverse = Self::ZERO;
        inverse::write(&limbs, inverse.as_mut_words());
        Some(inverse)
    }
}
