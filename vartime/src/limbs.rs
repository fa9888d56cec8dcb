//! Integers as limbs of 28 or 29 bits with a sign: what all fields are made of.
//!
//! The integer of `limbs` is the sum of `limbs[i] * 2^(bits * i)`. Limbs may be negative, and larger than their bits for a
//! while: sums and differences are taken limb by limb, without carries.
//!
//! WebAssembly multiplies 64 bits by 64 bits into 64 bits and has nothing wider, so a limb is small enough that the sum of
//! as many products as there are limbs fits into an `i64`. What multiplies is written for any [`Limb`], so that the tests can
//! run the same lines over intervals, which proves that no `i64` overflows.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "src/element/bounds.rs proves that nothing here overflows"
)]

use alloc::vec::Vec;
use core::ops::{Add, Mul, Sub};

/// As many numbers as an integer has limbs.
pub(crate) trait Array<T>: Copy + Send + Sync + AsRef<[T]> + AsMut<[T]> {
    /// What `number` gives for every place, the lowest first.
    fn of(number: impl FnMut(usize) -> T) -> Self;
}

impl<T: Copy + Send + Sync, const N: usize> Array<T> for [T; N] {
    #[inline(always)]
    fn of(number: impl FnMut(usize) -> T) -> Self {
        core::array::from_fn(number)
    }
}

/// A number in one place of a long integer: `i64`, or in the tests the interval it lies in.
pub(crate) trait Limb:
    Copy + Send + Sync + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + From<i32>
{
    /// Times 2^`bits`.
    fn shifted(self, bits: u32) -> Self;

    /// The two numbers `(high, low)` with `self = high * 2^bits + low` and `-2^(bits-1) <= low < 2^(bits-1)`.
    fn split(self, bits: u32) -> (Self, Self);

    /// The two numbers `(high, low)` with `self = high * 2^bits + low` and `0 <= low < 2^bits`: cheaper, and `low` is larger.
    fn cut(self, bits: u32) -> (Self, Self);
}

impl Limb for i64 {
    #[inline(always)]
    fn shifted(self, bits: u32) -> Self {
        self << bits
    }

    #[inline(always)]
    fn split(self, bits: u32) -> (Self, Self) {
        let high = (self + (1 << (bits - 1))) >> bits;
        (high, self - (high << bits))
    }

    #[inline(always)]
    fn cut(self, bits: u32) -> (Self, Self) {
        (self >> bits, self & ((1 << bits) - 1))
    }
}

/// A product before its carries, in two halves: column k is the sum of all `a[i] * b[j]` with `i + j = k`. The last of
/// the upper half is zero.
pub(crate) type Columns<A> = [A; 2];

/// All columns of `a * b`.
#[inline(always)]
pub(crate) fn product<L: Limb, A: Array<L>>(a: &A, b: &A) -> Columns<A> {
    columns(|from, to| {
        let (a, b) = (part(a, from, to), part(b, from, to));
        products(a.iter().zip(b.iter().rev()))
    })
}

/// All columns of `a * a`: each product of two different limbs is taken once, and twice that is added.
#[inline(always)]
pub(crate) fn square<L: Limb, A: Array<L>>(a: &A) -> Columns<A> {
    columns(|from, to| {
        let a = part(a, from, to);
        let half = a.len() / 2;
        let once = products(a.iter().zip(a.iter().rev()).take(half));
        let middle = a.get(half).filter(|_| a.len() % 2 == 1);
        once + once + middle.map_or(L::from(0), |limb| *limb * *limb)
    })
}

/// The columns, each of the limbs from one place up to another, of both factors.
#[inline(always)]
fn columns<L: Limb, A: Array<L>>(column: impl Fn(usize, usize) -> L) -> Columns<A> {
    [
        A::of(|place| column(0, place + 1)),
        A::of(|place| column(place + 1, usize::MAX)),
    ]
}

/// The limbs from one place up to another, or to the end.
#[inline(always)]
fn part<L, A: Array<L>>(limbs: &A, from: usize, to: usize) -> &[L] {
    let limbs = limbs.as_ref();
    limbs.get(from..to.min(limbs.len())).unwrap_or_default()
}

#[inline(always)]
fn products<'l, L: Limb + 'l>(pairs: impl Iterator<Item = (&'l L, &'l L)>) -> L {
    pairs.fold(L::from(0), |sum, (a, b)| sum + *a * *b)
}

/// All columns of `a * b` for nine limbs, written out: faster than in loops.
#[inline(always)]
pub(crate) fn product_of_nine<L: Limb>(a: &[L; 9], b: &[L; 9]) -> Columns<[L; 9]> {
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = *a;
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = *b;
    let low = [
        a0 * b0,
        a0 * b1 + a1 * b0,
        a0 * b2 + a1 * b1 + a2 * b0,
        a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
        a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
        a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
        a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
        a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
        a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
    ];
    let high = [
        a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
        a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
        a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
        a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
        a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
        a6 * b8 + a7 * b7 + a8 * b6,
        a7 * b8 + a8 * b7,
        a8 * b8,
        L::from(0),
    ];
    [low, high]
}

/// All columns of `a * a` for nine limbs.
#[inline(always)]
pub(crate) fn square_of_nine<L: Limb>(a: &[L; 9]) -> Columns<[L; 9]> {
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = *a;
    let [d0, d1, d2, d3, d4, d5, d6, d7, _] = a.map(|limb| limb + limb);
    let low = [
        a0 * a0,
        d0 * a1,
        d0 * a2 + a1 * a1,
        d0 * a3 + d1 * a2,
        d0 * a4 + d1 * a3 + a2 * a2,
        d0 * a5 + d1 * a4 + d2 * a3,
        d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3,
        d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
        d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4,
    ];
    let high = [
        d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5,
        d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5,
        d3 * a8 + d4 * a7 + d5 * a6,
        d4 * a8 + d5 * a7 + a6 * a6,
        d5 * a8 + d6 * a7,
        d6 * a8 + a7 * a7,
        d7 * a8,
        a8 * a8,
        L::from(0),
    ];
    [low, high]
}

/// The columns of the difference of two products.
#[inline(always)]
pub(crate) fn difference<L: Limb, A: Array<L>>(mut a: Columns<A>, b: Columns<A>) -> Columns<A> {
    for (a, b) in a.iter_mut().zip(&b) {
        for (column, other) in a.as_mut().iter_mut().zip(b.as_ref()) {
            *column = *column - *other;
        }
    }
    a
}

/// Reads a little-endian integer into limbs, none of them negative.
///
/// Like [`to_le_bytes`] one function for all lengths: it is needed a few times a signature.
#[inline(never)]
pub(crate) fn read(bytes: &[u8], limbs: &mut [i64], limb_bits: u32) {
    let mut bytes = bytes.iter();
    // The bits that no limb has yet.
    let (mut bits, mut count) = (0_u64, 0);
    for limb in limbs {
        while count < limb_bits {
            bits |= u64::from(bytes.next().copied().unwrap_or(0)) << count;
            count += 8;
        }
        *limb = (bits & ((1 << limb_bits) - 1)).cast_signed();
        bits >>= limb_bits;
        count -= limb_bits;
    }
}

/// The little-endian integer of limbs, which is not negative. Bits above whole bytes are left out, and none may be set.
#[inline(never)]
pub(crate) fn to_le_bytes(limbs: &[i64], limb_bits: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut carry, mut bits, mut count) = (0, 0_u64, 0);
    for limb in limbs {
        let limb = limb + carry;
        carry = limb >> limb_bits;
        bits |= (limb - (carry << limb_bits)).cast_unsigned() << count;
        count += limb_bits;
        while count >= 8 {
            bytes.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    }
    bytes
}
