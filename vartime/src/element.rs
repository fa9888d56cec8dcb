//! Elements of a field, with the size of their limbs in their type.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "bounds.rs proves that no product overflows, and units are 32 bits, so no sum of limbs does"
)]

#[cfg(test)]
pub(crate) mod bounds;
#[cfg(test)]
pub(crate) mod residues;

use alloc::vec::Vec;

use crypto_bigint::Odd;

use crate::integer::Integer;
use crate::limbs::{self, Array, Columns, Limb};

/// A field of integers modulo a prime.
pub(crate) trait Field: 'static {
    /// As many numbers as an element has limbs.
    type Array<T: Copy + Send + Sync>: Array<T>;

    /// The integers that p is one of.
    type Integer: Integer;

    /// The bits of a limb.
    const BITS: u32;

    /// The prime p.
    const MODULUS: Odd<Self::Integer>;

    /// What an integer is multiplied by to get its element: 1, or more in Montgomery's form.
    const INTO_FORM: Self::Integer;

    /// The limbs of 0.
    const ZERO: Self::Array<i64>;

    /// The limbs of the element of 1.
    const ONE: Self::Array<i64>;

    /// The lowest limb of p, between -2^(BITS-1) and 2^(BITS-1).
    const LOWEST_LIMB: i64;

    /// The highest limb of a reduced element lies between -`TOP` and `TOP`, so that the element lies between -p and p.
    const TOP: i64;

    /// Whether an element is so short that sums of limbs are written in line wherever they are needed: see [`placed`].
    const IS_SHORT: bool = false;

    /// The columns of a product.
    #[inline(always)]
    fn product<L: Limb>(a: &Self::Array<L>, b: &Self::Array<L>) -> Columns<Self::Array<L>> {
        limbs::product(a, b)
    }

    /// The columns of a square.
    #[inline(always)]
    fn square<L: Limb>(a: &Self::Array<L>) -> Columns<Self::Array<L>> {
        limbs::square(a)
    }

    /// The element that the columns of a product stand for, plus `extra`, with reduced limbs.
    ///
    /// The columns are those of at most [`MAX_UNITS`], `extra` of at most [`MAX_EXTRA`].
    fn reduce<L: Limb>(columns: Columns<Self::Array<L>>, extra: &Self::Array<L>) -> Self::Array<L>;
}

/// An element of the field `F`, whose limbs are at most `UNITS` times as large as reduced ones.
///
/// Reduced, which is one unit, means: the highest limb is between -[`Field::TOP`] and [`Field::TOP`], the others between
/// -2^(BITS-1) and 2^(BITS-1). Every product is reduced; a sum of elements has the sum of their units. The compiler checks that
/// nothing has more units than its type says, and that no product gets more than [`MAX_UNITS`]; the tests prove that
/// this is enough.
pub(crate) struct Element<F: Field, const UNITS: u32 = 1> {
    limbs: F::Array<i64>,
}

/// The units of one factor times the units of the other; of two products in one, both together.
///
/// Of nine limbs of 29 bits, a column has at most eight products of two large limbs: 15 * 8 * 2^28 * 2^28 is 2^63 - 2^59.
/// Of 19 limbs of 28 bits it is less.
pub(crate) const MAX_UNITS: u32 = 15;

/// The units of what is added to a product while it is reduced.
pub(crate) const MAX_EXTRA: u32 = 3;

impl<F: Field, const UNITS: u32> Clone for Element<F, UNITS> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Field, const UNITS: u32> Copy for Element<F, UNITS> {}

impl<F: Field, const A: u32> Element<F, A> {
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
        Element::<F, 0> { limbs: F::ZERO }.minus(self)
    }

    #[inline(always)]
    fn zip<const B: u32, const SUM: u32>(
        self,
        other: Element<F, B>,
        with: impl Fn(i64, i64) -> i64,
    ) -> Element<F, SUM> {
        placed::<F, _>(|| {
            let mut limbs = self.limbs;
            for (limb, other) in limbs.as_mut().iter_mut().zip(other.limbs.as_ref()) {
                *limb = with(*limb, *other);
            }
            Element { limbs }
        })
    }

    /// The product.
    #[inline(always)]
    pub(crate) fn times<const B: u32>(self, other: Element<F, B>) -> Element<F> {
        const { assert!(A * B <= MAX_UNITS) };
        Element {
            limbs: multiply::<F>(&self.limbs, &other.limbs),
        }
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
        Element {
            limbs: square::<F>(&self.limbs, &extra.limbs),
        }
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
        Element {
            limbs: multiply_minus::<F>([&self.limbs, &other.limbs], [&c.limbs, &d.limbs]),
        }
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
        let lowest = self.limbs.as_ref().first().copied().unwrap_or(0);
        let (_, lowest) = lowest.split(F::BITS);
        (lowest == 0 || lowest == F::LOWEST_LIMB || lowest == -F::LOWEST_LIMB)
            && self.reduced().limbs.as_ref().iter().all(|limb| *limb == 0)
    }
}

/// Does something with limbs that is little beside a product: in line for short elements, where it counts, and else in a
/// function of its own, as every copy of a loop over many limbs weighs as much as the products do.
#[inline(always)]
fn placed<F: Field, T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn apart<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    if F::IS_SHORT { work() } else { apart(work) }
}

/// An integer below p or little more, limb by limb: without a sign they are twice as large.
fn unsigned<F: Field>(integer: &F::Integer) -> Element<F, 2> {
    let mut limbs = F::ZERO;
    limbs::read(&integer.to_le_bytes(), limbs.as_mut(), F::BITS);
    Element { limbs }
}

/// The integer of reduced limbs, or if that is negative, p more.
fn signed<F: Field>(mut limbs: F::Array<i64>) -> F::Integer {
    // Between -p and p: as its highest limb is, or the next one that is not zero.
    let highest = limbs.as_ref().iter().rev().find(|limb| **limb != 0);
    if highest.is_some_and(|limb| *limb < 0) {
        let modulus = unsigned::<F>(F::MODULUS.as_ref());
        let sum = Element::<F> { limbs }.plus::<2, 3>(modulus);
        limbs = sum.limbs;
    }
    Integer::from_le_bytes(&limbs::to_le_bytes(limbs.as_ref(), F::BITS))
}

/// A function of its own, so that the code of a product exists once for every field.
#[inline(never)]
fn multiply<F: Field>(a: &F::Array<i64>, b: &F::Array<i64>) -> F::Array<i64> {
    F::reduce(F::product(a, b), &F::ZERO)
}

#[inline(never)]
fn multiply_minus<F: Field>(
    [a, b]: [&F::Array<i64>; 2],
    [c, d]: [&F::Array<i64>; 2],
) -> F::Array<i64> {
    let columns = limbs::difference(F::product(a, b), F::product(c, d));
    F::reduce(columns, &F::ZERO)
}

#[inline(never)]
fn square<F: Field>(a: &F::Array<i64>, extra: &F::Array<i64>) -> F::Array<i64> {
    F::reduce(F::square(a), extra)
}

impl<F: Field> Element<F> {
    /// The element of 0.
    pub(crate) const ZERO: Self = Self { limbs: F::ZERO };

    /// The element of 1.
    pub(crate) const ONE: Self = Self { limbs: F::ONE };

    /// The element of an integer modulo p.
    pub(crate) fn from_integer(integer: &F::Integer) -> Self {
        unsigned::<F>(integer).times(unsigned::<F>(&F::INTO_FORM))
    }

    /// The one integer from 0 to p - 1 of this element.
    pub(crate) fn to_integer(self) -> F::Integer {
        // Reduced, so larger than -p and smaller than p.
        let Self { limbs } = self.times(unsigned::<F>(&F::Integer::ONE));
        signed::<F>(limbs)
    }

    /// The element that times this one is 1; nothing for zero.
    pub(crate) fn inverse(self) -> Option<Self> {
        let inverse = self.to_integer().inverse(&F::MODULUS);
        inverse.map(|integer| Self::from_integer(&integer))
    }
}

/// The inverses of many elements for the price of one; nothing if one of them is zero.
pub(crate) fn inverses<F: Field>(elements: &[Element<F>]) -> Option<Vec<Element<F>>> {
    // The product of all elements before each; then, from the end, what is left of the inverse of the whole product.
    let mut before = Vec::with_capacity(elements.len());
    if elements.is_empty() {
        return Some(before);
    }
    let mut product = Element::<F>::ONE;
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
pub(crate) struct Packed<F: Field> {
    limbs: F::Array<i32>,
}

impl<F: Field> Clone for Packed<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Field> Copy for Packed<F> {}

impl<F: Field> Packed<F> {
    /// Something of both its ends.
    #[inline(always)]
    pub(crate) fn glance(&self) -> i32 {
        let [first, last] = [self.limbs.as_ref().first(), self.limbs.as_ref().last()];
        first.copied().unwrap_or(0) ^ last.copied().unwrap_or(0)
    }

    /// The element.
    #[inline(always)]
    pub(crate) fn element(&self) -> Element<F> {
        placed::<F, _>(|| {
            let mut element = Element::<F>::ZERO;
            for (limb, packed) in element.limbs.as_mut().iter_mut().zip(self.limbs.as_ref()) {
                *limb = i64::from(*packed);
            }
            element
        })
    }
}

impl<F: Field> From<Element<F>> for Packed<F> {
    fn from(element: Element<F>) -> Self {
        // All limbs but the highest have at most 29 bits with their sign.
        const { assert!(F::BITS <= 29 && F::TOP <= 1 << 28) };
        placed::<F, _>(|| {
            let mut limbs = element.limbs.as_ref().iter();
            let limb = |_| limbs.next().map_or(0, |limb| *limb as i32);
            Self {
                limbs: F::Array::of(limb),
            }
        })
    }
}
