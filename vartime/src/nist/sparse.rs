//! Montgomery's reduction for a prime that is -1 and a few powers of two.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "src/element/bounds.rs proves that nothing here overflows"
)]

use crate::element::Field;
use crate::limbs::{Array, Columns, Limb};

/// A power of two in the prime: 2^(`shift` + the bits of all limbs below `limb`), or minus that.
pub(super) struct Term {
    pub(super) limb: usize,
    pub(super) shift: u32,
    pub(super) is_negative: bool,
}

impl Term {
    /// `sum` and the term's part of p times `digit`.
    #[inline(always)]
    fn add<L: Limb>(&self, sum: L, digit: L) -> L {
        let product = digit.shifted(self.shift);
        if self.is_negative {
            sum - product
        } else {
            sum + product
        }
    }
}

/// p = -1 + the terms. The last one is in the highest limb and positive.
pub(super) trait Sparse: Field {
    const TERMS: &'static [Term];
}

/// (columns + R * extra) / R modulo p, where R is one limb more than an element has.
///
/// Column by column, the digit q_k is what has to go; q_k * p is added in its place. The -1 of p takes q_k away from
/// column k, and each term adds it, shifted, some columns further up. All lower columns are then zero and dropped, which
/// is the division by R.
#[inline(always)]
pub(super) fn reduce<F: Sparse, L: Limb>(
    [low, high]: Columns<F::Array<L>>,
    extra: &F::Array<L>,
) -> F::Array<L> {
    let limbs = low.as_ref().len();
    let zero = L::from(0);
    let mut digits = F::Array::of(|_| zero);
    // Column `place`, with what the terms bring there of the digits so far.
    let filled = |column: L, place: usize, digits: &F::Array<L>| {
        F::TERMS.iter().fold(column, |column, term| {
            let digit = place.checked_sub(term.limb);
            let digit = digit.and_then(|place| digits.as_ref().get(place));
            digit.map_or(column, |digit| term.add(column, *digit))
        })
    };

    let mut up = zero;
    for (place, column) in low.as_ref().iter().enumerate() {
        let column = filled(*column, place, &digits) + up;
        let (carry, digit) = column.cut(F::BITS);
        up = carry;
        if let Some(place) = digits.as_mut().get_mut(place) {
            *place = digit;
        }
    }

    let mut columns = high;
    for (place, column) in columns.as_mut().iter_mut().enumerate() {
        *column = filled(*column, limbs + place, &digits);
    }
    for (column, extra) in columns.as_mut().iter_mut().zip(extra.as_ref()) {
        *column = *column + *extra;
    }

    // What stands above p is taken away as a multiple of p, before the last carries.
    let mut above = zero;
    if let Some(column) = columns.as_mut().get_mut(limbs - 2) {
        (above, *column) = column.cut(F::BITS);
    }
    let top_bits = F::TERMS.last().map_or(F::BITS, |term| term.shift);
    let highest = columns.as_mut().last_mut();
    let t = highest.map_or(zero, |highest| {
        let (t, digit) = (*highest + above).split(top_bits);
        *highest = digit;
        t
    });

    let mut terms = F::TERMS.iter();
    let mut next = terms.next();
    let mut carry = up + t;
    for (place, column) in columns.as_mut().iter_mut().enumerate() {
        let mut sum = *column + carry;
        if place == limbs - 1 {
            *column = sum;
            break;
        }
        while let Some(term) = next.filter(|term| term.limb == place) {
            sum = term.add(sum, zero - t);
            next = terms.next();
        }
        (carry, *column) = sum.split(F::BITS);
    }
    columns
}
