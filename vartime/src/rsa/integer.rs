//! From bytes to digits, and back.

use alloc::vec::Vec;
use core::iter;

use super::columns::Digits;
use super::modulus::Layout;
use super::pair::{Doubles, Pair as _};

/// The digits of a big-endian integer, each at most half a radix from zero. What is beyond the layout is dropped.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "fewer than 24 bits and a carry wait for the next 32, so that all is at most 2^55"
)]
pub(super) fn from_bytes(bytes: &[u8], layout: Layout) -> Digits<Doubles> {
    let radix = layout.radix.bits;
    let half = 1_u64 << (radix - 1);
    let (short, words) = bytes.as_rchunks::<4>();
    let highest = short
        .iter()
        .fold(0, |word, byte| word << 8 | u32::from(*byte));
    let words = words.iter().rev().map(|word| u32::from_be_bytes(*word));
    let mut words = words.chain([highest]);
    let (mut bits, mut count) = (0_u64, 0);
    let mut digit = || {
        if count < radix {
            bits += u64::from(words.next().unwrap_or(0)) << count;
            count += 32;
        }
        let rounded = bits + half;
        let digit = rounded & ((1 << radix) - 1);
        bits = rounded >> radix;
        count -= radix;
        // Both are below 2^24, so this is exact.
        (digit.cast_signed() - half.cast_signed()) as f64
    };
    let pairs = iter::repeat_with(|| Doubles::of([digit(), digit()]));
    Digits::of(pairs, layout.length)
}

/// The lowest `length` bytes, big-endian, of digits below the radix.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "fewer than 8 bits wait for the next 24"
)]
pub(super) fn to_bytes(digits: &[u32], radix: u32, length: usize) -> Vec<u8> {
    let mut digits = digits.iter();
    let (mut bits, mut count) = (0_u32, 0);
    let byte = || {
        if count < 8 {
            bits |= digits.next().copied().unwrap_or(0) << count;
            count += radix;
        }
        let [byte, ..] = bits.to_le_bytes();
        bits >>= 8;
        count -= 8;
        byte
    };
    let mut bytes: Vec<u8> = iter::repeat_with(byte).take(length).collect();
    bytes.reverse();
    bytes
}

/// The digits below the radix of the same integer; nothing if it is negative, or too long.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "a digit is below 2^53, and so is what is carried"
)]
pub(super) fn carried(digits: impl Iterator<Item = f64>, radix: u32) -> Option<Vec<u32>> {
    let mut carry = 0_i64;
    let mut low = |digit: f64| {
        let sum = digit as i64 + carry;
        carry = sum >> radix;
        (sum & ((1 << radix) - 1)) as u32
    };
    let digits: Vec<u32> = digits.map(&mut low).collect();
    (carry == 0).then_some(digits)
}
