//! Elements of a field, with the size of their limbs in their type.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "bounds.rs proves that no product overflows, and units are 32 bits, so no sum of 28 bits does"
)]

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod residues;

use alloc::vec::Vec;
use core::marker::PhantomData;

use crypto_bigint::{Odd, U256};

use crate::limbs::{self, BITS, Columns, Limb};

/// A field of integers modulo a prime of 255 or 256 bits.
pub(crate) trait Field {
    /// The prime p.
    const MODULUS: Odd<U256>;

    /// What an integer is multiplied by to get its element: 1, or more in Montgomery's form.
    const INTO_FORM: U256;

    /// The limbs of the element of 1.
    const ONE: [i64; 9];

    /// The lowest limb of p, between -2^28 and 2^28.
    const LOWEST_LIMB: i64;

    /// Limb 8 of a reduced element lies between -`TOP` and `TOP`, so that the element lies between -p and p.
    const TOP: i64;

    /// The element that the columns of a product stand for, plus `extra`, with reduced limbs.
    ///
    /// The columns are those of at most [`MAX_UNITS`], `extra` of at most [`MAX_EXTRA`].
    fn reduce<L: Limb>(columns: Columns<L>, extra: &[L; 9]) -> [L; 9];
}

/// An element of the field `F`, whose limbs are at most `UNITS` times as large as reduced ones.
///
/// Reduced, which is one unit, means: limbs 0 to 7 are between -2^28 and 2^28, limb 8 between -[`Field::TOP`] and
/// [`Field::TOP`]. Every product is reduced; a sum of elements has the sum of their units. The compiler checks that
/// nothing has more units than its type says, and that no product gets more than [`MAX_UNITS`]; the tests prove that
/// this is enough.
pub(crate) struct Element<F, const UNITS: u32 = 1> {
    limbs: [i64; 9],
    field: PhantomData<F>,
}

/// The units of one factor times the units of the other; of two products in one, both together.
///
/// A column has at most eight products of two large limbs for each: 15 * 8 * 2^28 * 2^28 is 2^63 - 2^59.
pub(crate) const MAX_UNITS: u32 = 15;

/// The units of what is added to a product while it is reduced.
pub(crate) const MAX_EXTRA: u32 = 3;

impl<F, const UNITS: u32> Clone for Element<F, UNITS> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F, const UNITS: u32> Copy for Element<F, UNITS> {}

impl<F, const A: u32> Element<F, A> {
    /// The element of 0.
    pub(crate) const ZERO: Self = Self::of([0; 9]);

    /// The sum, limb by limb.
    #[inline(always)]
    pub(crate) fn plus<const B: u32, const SUM: u32>(
        self,
        other: Element<F, B>,
    ) -> Element<F, SUM> {
        const { assert!(A + B <= SUM) };
        self.zip(other, |a, b| a + b)
    }

    /// The difference, limb by limb.
    #[inline(always)]
    pub(crate) fn minus<const B: u32, const SUM: u32>(
        self,
        other: Element<F, B>,
    ) -> Element<F, SUM> {
        const { assert!(A + B <= SUM) };
        self.zip(other, |a, b| a - b)
    }

    /// The negative.
    #[inline(always)]
    pub(crate) fn negative(self) -> Self {
        Self::of(self.limbs.map(|limb| -limb))
    }

    #[inline(always)]
    fn zip<const B: u32, const SUM: u32>(
        self,
        other: Element<F, B>,
        with: impl Fn(i64, i64) -> i64,
    ) -> Element<F, SUM> {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.limbs;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.limbs;
        Element::of([
            with(a0, b0),
            with(a1, b1),
            with(a2, b2),
            with(a3, b3),
            with(a4, b4),
            with(a5, b5),
            with(a6, b6),
            with(a7, b7),
            with(a8, b8),
        ])
    }

    #[inline(always)]
    const fn of(limbs: [i64; 9]) -> Self {
        Self {
            limbs,
            field: PhantomData,
        }
    }
}

impl<F: Field, const A: u32> Element<F, A> {
    /// The product.
    #[inline(always)]
    pub(crate) fn times<const B: u32>(self, other: Element<F, B>) -> Element<F> {
        const { assert!(A * B <= MAX_UNITS) };
        Element::of(multiply::<F>(&self.limbs, &other.limbs))
    }

    /// The square.
    #[inline(always)]
    pub(crate) fn squared(self) -> Element<F> {
        self.squared_plus(Element::<F>::ZERO)
    }

    /// `self^2 + extra`, reduced once.
    #[inline(always)]
    pub(crate) fn squared_plus<const B: u32>(self, extra: Element<F, B>) -> Element<F> {
        const { assert!(A * A <= MAX_UNITS && B <= MAX_EXTRA) };
        Element::of(square::<F>(&self.limbs, &extra.limbs))
    }

    /// `self * other - c * d`, reduced once.
    #[inline(always)]
    pub(crate) fn times_minus<const B: u32, const C: u32, const D: u32>(
        self,
        other: Element<F, B>,
        c: Element<F, C>,
        d: Element<F, D>,
    ) -> Element<F> {
        const { assert!(A * B + C * D <= MAX_UNITS) };
        Element::of(multiply_minus::<F>(
            [&self.limbs, &other.limbs],
            [&c.limbs, &d.limbs],
        ))
    }

    /// `self` with reduced limbs.
    pub(crate) fn reduced(self) -> Element<F> {
        self.times(Element::<F>::ONE)
    }

    /// Whether this is a multiple of p.
    ///
    /// Up to three units that can only be 0, p and -p. Hardly anything else ends like one of these.
    #[inline(always)]
    pub(crate) fn is_zero(self) -> bool {
        const { assert!(A <= 3) };
        let [lowest, ..] = self.limbs;
        let (_, lowest) = limbs::carry(lowest);
        (lowest == 0 || lowest == F::LOWEST_LIMB || lowest == -F::LOWEST_LIMB)
            && self.reduced().limbs == [0; 9]
    }
}

const LIMB_MASK: i64 = (1 << BITS) - 1;

/// An integer below 2^256 or p, limb by limb: without a sign they are twice as large.
fn unsigned<F: Field>(integer: &U256) -> Element<F, 2> {
    Element::of(unsigned_limbs(integer))
}

#[inline(never)]
fn unsigned_limbs(integer: &U256) -> [i64; 9] {
    let mut rest = *integer;
    [(); 9].map(|()| {
        let [lowest, ..] = rest.to_words();
        rest = rest.shr_vartime(BITS);
        lowest as i64 & LIMB_MASK
    })
}

/// The integer of reduced limbs, or if that is negative, p more.
#[inline(never)]
fn signed(limbs: &[i64; 9], modulus: &U256) -> U256 {
    // From the highest limb down, so that at the end all of it is modulo 2^256.
    let integer = limbs.iter().rev().fold(U256::ZERO, |integer, limb| {
        let digit = U256::from_u64(limb.unsigned_abs());
        let up = integer.shl_vartime(BITS);
        if *limb < 0 {
            up.wrapping_sub(&digit)
        } else {
            up.wrapping_add(&digit)
        }
    });
    // Between -p and p: as its highest limb is, or the next one that is not zero.
    let highest = limbs.iter().rev().find(|limb| **limb != 0);
    if highest.is_some_and(|limb| *limb < 0) {
        integer.wrapping_add(modulus)
    } else {
        integer
    }
}

/// A function of its own, so that the code of a product exists once for every field.
#[inline(never)]
fn multiply<F: Field>(a: &[i64; 9], b: &[i64; 9]) -> [i64; 9] {
    F::reduce(limbs::product(a, b), &[0; 9])
}

#[inline(never)]
fn multiply_minus<F: Field>([a, b]: [&[i64; 9]; 2], [c, d]: [&[i64; 9]; 2]) -> [i64; 9] {
    let columns = limbs::difference(limbs::product(a, b), limbs::product(c, d));
    F::reduce(columns, &[0; 9])
}

#[inline(never)]
fn square<F: Field>(a: &[i64; 9], extra: &[i64; 9]) -> [i64; 9] {
    F::reduce(limbs::square(a), extra)
}

impl<F: Field> Element<F> {
    /// The element of 1.
    pub(crate) const ONE: Self = Self::of(F::ONE);

    /// The element of an integer modulo p.
    pub(crate) fn from_integer(integer: &U256) -> Self {
        unsigned::<F>(integer).times(unsigned::<F>(&F::INTO_FORM))
    }

    /// The one integer from 0 to p - 1 of this element.
    pub(crate) fn to_integer(self) -> U256 {
        // Reduced, so larger than -p and smaller than p.
        let Self { limbs, .. } = self.times(unsigned::<F>(&U256::ONE));
        signed(&limbs, F::MODULUS.as_ref())
    }

    /// The element that times this one is 1; nothing for zero.
    pub(crate) fn inverse(self) -> Option<Self> {
        let inverse = self.to_integer().invert_odd_mod_vartime(&F::MODULUS);
        inverse
            .into_option()
            .map(|integer| Self::from_integer(&integer))
    }
}

/// The inverses of many elements for the price of one; nothing if one of them is zero.
pub(crate) fn inverses<F: Field>(elements: &[Element<F>]) -> Option<Vec<Element<F>>> {
    // The product of all elements before each; then, from the end, what is left of the inverse of the whole product.
    let mut before = Vec::with_capacity(elements.len());
    if elements.is_empty() {
        return Some(before);
    }
    let mut product = Element::ONE;
    for element in elements {
        before.push(product);
        product = product.times(*element);
    }
    let mut rest = product.inverse()?;
    for (place, element) in before.iter_mut().zip(elements).rev() {
        *place = place.times(rest);
        rest = rest.times(*element);
    }
    Some(before)
}

/// A reduced element as it is kept in a table, in half the bytes.
pub(crate) struct Packed<F> {
    limbs: [i32; 9],
    field: PhantomData<F>,
}

impl<F> Clone for Packed<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Packed<F> {}

impl<F> Packed<F> {
    /// The element.
    #[inline(always)]
    pub(crate) fn element(&self) -> Element<F> {
        Element::of(self.limbs.map(i64::from))
    }
}

impl<F: Field> From<Element<F>> for Packed<F> {
    fn from(element: Element<F>) -> Self {
        // Limbs 0 to 7 have 29 bits with their sign.
        const { assert!(F::TOP <= 1 << 28) };
        let limbs = element.limbs.map(|limb| limb as i32);
        Self {
            limbs,
            field: PhantomData,
        }
    }
}
