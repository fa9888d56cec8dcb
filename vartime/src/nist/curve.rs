//! The groups of the NIST curves: y^2 = x^3 - 3x + b (SP 800-186 section 3.2.1).

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use once_cell::race::OnceBox;

use super::{Coordinates, Nist};
use crate::element::{self, Element, Packed};
use crate::tables::{Curve, Tables};
use crate::windows::{Group, Shape};

/// (x / zz, y / zzz), where zz = z^2 and zzz = z^3 for some z; the point at infinity has z = 0.
#[derive(Clone, Copy)]
pub(crate) struct Point<C: Nist> {
    x: Element<C>,
    y: Element<C>,
    zz: Element<C>,
    zzz: Element<C>,
}

/// An affine point; never that at infinity.
#[derive(Clone, Copy)]
pub(crate) struct Affine<C: Nist> {
    x: Packed<C>,
    y: Packed<C>,
}

impl<C: Nist> Affine<C> {
    /// The point with these coordinates; nothing if they are none, or not on the curve.
    pub(crate) fn at(coordinates: &Coordinates<C::Integer>) -> Option<Self> {
        let Coordinates { x, y } = coordinates;
        if x >= C::MODULUS.as_ref() || y >= C::MODULUS.as_ref() {
            return None;
        }
        let (x, y): (Element<C>, Element<C>) = (Element::from_integer(x), Element::from_integer(y));
        let one = Element::<C>::ONE;
        let three: Element<C, 3> = one.plus::<1, 2>(one).plus(one);
        let cubed_minus_3x = x.times(x.squared().minus::<3, 4>(three));
        let right: Element<C, 2> = cubed_minus_3x.plus(Element::from_integer(&C::B));
        let difference: Element<C, 2> = y.squared().minus(right.reduced());
        difference.is_zero().then(|| Self {
            x: x.into(),
            y: y.into(),
        })
    }
}

impl<C: Nist> Point<C> {
    /// Whether the affine x is this integer, which is below p.
    pub(crate) fn has_x(&self, x: &C::Integer) -> bool {
        let expected = Element::from_integer(x).times(self.zz);
        !self.is_neutral() && expected.minus::<1, 2>(self.x).is_zero()
    }

    /// The sum with an entry or its negative: `madd-2008-s` of the Explicit-Formulas Database.
    #[inline(never)]
    fn plus_affine(&self, entry: &Affine<C>, is_negative: bool) -> Self {
        let (x2, y2) = (entry.x.element(), entry.y.element());
        let y2 = if is_negative { y2.negative() } else { y2 };
        if self.is_neutral() {
            return Self {
                x: x2,
                y: y2,
                zz: Element::ONE,
                zzz: Element::ONE,
            };
        }
        let h: Element<C, 2> = x2.times(self.zz).minus(self.x);
        let r: Element<C, 2> = y2.times(self.zzz).minus(self.y);
        if h.is_zero() {
            // The same x: the same point, or its negative.
            return if r.is_zero() {
                self.doubled()
            } else {
                Self::NEUTRAL
            };
        }
        let hh = h.squared();
        let hhh = h.times(hh);
        let v = self.x.times(hh);
        let x = r.squared_plus(hhh.plus::<1, 2>(v).plus::<1, 3>(v).negative());
        Self {
            x,
            y: r.times_minus(v.minus::<1, 2>(x), self.y, hhh),
            zz: self.zz.times(hh),
            zzz: self.zzz.times(hhh),
        }
    }

    /// `dbl-2008-s-1` of the Explicit-Formulas Database, for a = -3.
    #[inline(never)]
    fn doubled(&self) -> Self {
        let two_y: Element<C, 2> = self.y.plus(self.y);
        let v = two_y.squared();
        let w = two_y.times(v);
        let s = self.x.times(v);
        let difference: Element<C, 2> = self.x.minus(self.zz);
        let thrice: Element<C, 6> = difference.plus::<2, 4>(difference).plus(difference);
        let m = thrice.times(self.x.plus::<1, 2>(self.zz));
        let x = m.squared_plus(s.plus::<1, 2>(s).negative());
        Self {
            x,
            y: m.times_minus(s.minus::<1, 2>(x), w, self.y),
            zz: v.times(self.zz),
            zzz: w.times(self.zzz),
        }
    }
}

impl<C: Nist> Group for Point<C> {
    type Entry = Affine<C>;

    const NEUTRAL: Self = Self {
        x: Element::ONE,
        y: Element::ONE,
        zz: Element::ZERO,
        zzz: Element::ZERO,
    };

    const SCALAR_BITS: u32 = C::ORDER_BITS;

    fn double(&mut self, times: u32) {
        for _ in 0..times {
            *self = self.doubled();
        }
    }

    fn add(&mut self, entry: &Affine<C>) {
        *self = self.plus_affine(entry, false);
    }

    fn subtract(&mut self, entry: &Affine<C>) {
        *self = self.plus_affine(entry, true);
    }

    fn is_neutral(&self) -> bool {
        self.zz.is_zero()
    }

    fn glance(entry: &Affine<C>) -> i32 {
        entry.x.glance() ^ entry.y.glance()
    }

    fn entries(points: &[Self]) -> Option<Vec<Affine<C>>> {
        let zzzs: Vec<_> = points.iter().map(|point| point.zzz).collect();
        let affine = |(point, inverse): (&Self, Element<C>)| {
            // 1 / z is zz / zzz.
            let over_zz = point.zz.times(inverse).squared();
            Affine {
                x: point.x.times(over_zz).into(),
                y: point.y.times(inverse).into(),
            }
        };
        let inverses = element::inverses(&zzzs)?;
        Some(points.iter().zip(inverses).map(affine).collect())
    }
}

impl<C: Nist> Curve for Point<C> {
    const SMALL: Shape = Shape::one_block::<Self>(5);
    const KEY: Shape = Shape::new::<Self>(C::KEY_WIDTH, 2);
    const BASE: Shape = Shape::new::<Self>(C::BASE_WIDTH, 1);

    fn base() -> Option<Affine<C>> {
        Affine::at(&C::BASE)
    }

    fn base_tables() -> &'static OnceBox<Tables<Self>> {
        C::base_tables()
    }
}
