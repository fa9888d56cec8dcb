//! Integers of any size: what a signature needs of the order of a group, a handful of operations. Division is our own, the others are
//! those of `crypto-bigint`.

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

    /// Two integers, each divided by a third; nothing if that has no inverse. They have no more bits than the modulus.
    fn over(numerators: [&Self; 2], denominator: &Self, modulus: &Odd<Self>) -> Option<[Self; 2]>;

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

    fn over(numerators: [&Self; 2], denominator: &Self, modulus: &Odd<Self>) -> Option<[Self; 2]> {
        ratios(numerators, denominator, modulus)
    }

    fn inverse(&self, modulus: &Odd<Self>) -> Option<Self> {
        let [inverse] = ratios([&Self::ONE], self, modulus)?;
        Some(inverse)
    }
}

fn ratios<const WORDS: usize, const N: usize>(
    numerators: [&Uint<WORDS>; N],
    denominator: &Uint<WORDS>,
    modulus: &Odd<Uint<WORDS>>,
) -> Option<[Uint<WORDS>; N]> {
    const { assert!(Uint::<WORDS>::BITS <= inverse::MOST_BITS) };
    let numerators = numerators.map(|numerator| &numerator.as_words()[..]);
    let ratios = inverse::ratios(
        numerators,
        denominator.as_words(),
        modulus.as_ref().as_words(),
    )?;
    Some(ratios.map(|limbs| of_limbs(&limbs)))
}

/// The integer of limbs of `inverse.rs`.
pub(crate) fn of_limbs<const WORDS: usize>(limbs: &[i64]) -> Uint<WORDS> {
    let mut integer = Uint::ZERO;
    inverse::write(limbs, integer.as_mut_words());
    integer
}
