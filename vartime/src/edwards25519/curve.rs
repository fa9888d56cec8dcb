//! The group of Ed25519: -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032 section 5.1).
//!
//! The formulas are complete: they hold for any two points of the curve, as -1 is a square modulo p and d is none.

use alloc::vec::Vec;

use crypto_bigint::U256;
use once_cell::race::OnceBox;

use super::field::P25519;
use crate::element::{self, Field as _, Packed};
use crate::tables::{Curve, Tables};
use crate::windows::{Group, Shape};

type Element<const UNITS: u32 = 1> = element::Element<P25519, UNITS>;

const D: U256 =
    U256::from_be_hex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
/// 2^((p - 1) / 4), a square root of -1.
const ROOT_OF_MINUS_ONE: U256 =
    U256::from_be_hex("2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0");
const BASE: [u8; 32] = *b"\x58\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\
                          \x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66";

/// (x / z, y / z), with t = x * y / z: the extended coordinates of RFC 8032 section 5.1.4.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    x: Element,
    y: Element,
    z: Element,
    t: Element,
}

/// What adding an affine point (x, y) needs of it.
#[derive(Clone, Copy)]
pub(crate) struct Affine {
    y_plus_x: Packed<P25519>,
    y_minus_x: Packed<P25519>,
    two_dxy: Packed<P25519>,
}

/// A point as it is read.
#[derive(Clone, Copy)]
pub(crate) struct Decoded {
    x: Element,
    y: Element,
}

impl Decoded {
    /// The point that the bytes encode (RFC 8032 section 5.1.3); nothing if they encode none.
    pub(crate) fn of(bytes: &[u8; 32]) -> Option<Self> {
        let encoded = U256::from_le_slice(bytes);
        let sign = encoded.bit_vartime(255);
        let y = encoded.bitand(&U256::MAX.shr_vartime(1));
        if y >= *P25519::MODULUS.as_ref() {
            return None;
        }
        let y = Element::from_integer(&y);
        let one = Element::ONE;
        let d = Element::from_integer(&D);
        let u = y.squared().minus::<1, 2>(one).reduced();
        let v = d.times(y.squared()).plus::<1, 2>(one).reduced();
        let x = root_of_ratio(u, v)?;
        let odd = x.to_integer().bit_vartime(0);
        if sign && x.is_zero() {
            return None;
        }
        let x = if odd == sign { x } else { x.negative() };
        Some(Self { x, y })
    }

    /// The negative.
    pub(crate) fn negative(self) -> Self {
        Self {
            x: self.x.negative(),
            ..self
        }
    }

    /// Whether eight times the point is the neutral element.
    pub(crate) fn is_of_small_order(self) -> bool {
        self.point().is_of_small_order()
    }

    /// The point as an entry.
    pub(crate) fn entry(self) -> Affine {
        Affine::at(self.x, self.y, two_d())
    }

    fn point(self) -> Point {
        Point {
            x: self.x,
            y: self.y,
            z: Element::ONE,
            t: self.x.times(self.y),
        }
    }
}

impl Affine {
    fn at(x: Element, y: Element, two_d: Element) -> Self {
        Self {
            y_plus_x: y.plus::<1, 2>(x).reduced().into(),
            y_minus_x: y.minus::<1, 2>(x).reduced().into(),
            two_dxy: x.times(y).times(two_d).into(),
        }
    }
}

fn two_d() -> Element {
    let d = Element::from_integer(&D);
    d.plus::<1, 2>(d).reduced()
}

impl Point {
    /// The encoding (RFC 8032 section 5.1.2); nothing if z is zero, which no sum of points has.
    pub(crate) fn encoded(&self) -> Option<[u8; 32]> {
        let inverse = self.z.inverse()?;
        let sign = self.x.times(inverse).to_integer().bit_vartime(0);
        let y = self.y.times(inverse).to_integer();
        let sign = U256::from(u8::from(sign)).shl_vartime(255);
        Some(y.bitor(&sign).to_le_bytes().into())
    }

    /// Whether eight times the point is the neutral element.
    pub(crate) fn is_of_small_order(mut self) -> bool {
        self.double(3);
        self.is_neutral()
    }

    /// The doubling of RFC 8032 section 5.1.4, which does not look at t: so it is computed only if it is asked for.
    #[inline(never)]
    fn doubled(&self, with_t: bool) -> Self {
        let a = self.x.squared();
        let b = self.y.squared();
        let c = self.z.squared();
        let h: Element<2> = a.plus(b);
        let x_plus_y: Element<2> = self.x.plus(self.y);
        let e = h.minus::<1, 3>(x_plus_y.squared());
        let g: Element<2> = a.minus(b);
        let f: Element<4> = c.plus::<1, 2>(c).plus(g);
        Self {
            x: e.times(f),
            y: g.times(h),
            z: f.times(g),
            t: if with_t { e.times(h) } else { self.t },
        }
    }

    /// The sum with an entry or its negative, which for (x, y) is (-x, y): the addition of RFC 8032 section 5.1.4, for a second point
    /// with z = 1.
    #[inline(never)]
    fn plus_affine(&self, entry: &Affine, is_negative: bool) -> Self {
        let (y_plus_x, y_minus_x) = match is_negative {
            false => (&entry.y_plus_x, &entry.y_minus_x),
            true => (&entry.y_minus_x, &entry.y_plus_x),
        };
        let (y_plus_x, y_minus_x) = (y_plus_x.element(), y_minus_x.element());
        let two_dxy = entry.two_dxy.element();
        let two_dxy = if is_negative {
            two_dxy.negative()
        } else {
            two_dxy
        };
        let a = y_minus_x.times(self.y.minus::<1, 2>(self.x));
        let b = y_plus_x.times(self.y.plus::<1, 2>(self.x));
        let c = two_dxy.times(self.t);
        let d: Element<2> = self.z.plus(self.z);
        let e: Element<2> = b.minus(a);
        let f: Element<3> = d.minus(c);
        let g: Element<3> = d.plus(c);
        let h: Element<2> = b.plus(a);
        Self {
            x: e.times(f),
            y: g.times(h),
            z: f.times(g),
            t: e.times(h),
        }
    }
}

/// A square root of u / v, if there is one: u * v^3 * (u * v^7)^((p - 5) / 8), perhaps times a root of -1.
fn root_of_ratio(u: Element, v: Element) -> Option<Element> {
    let v3 = v.squared().times(v);
    let uv7 = u.times(v3.squared()).times(v);
    let root = u.times(v3).times(power_of_root(uv7));
    let other = root.times(Element::from_integer(&ROOT_OF_MINUS_ONE));
    let is_root = |x: &Element| v.times(x.squared()).minus::<1, 2>(u).is_zero();
    [root, other].into_iter().find(is_root)
}

/// x^((p - 5) / 8), and (p - 5) / 8 is 2^252 - 3: 250 ones and 01.
fn power_of_root(x: Element) -> Element {
    let shifted = |power: Element, bits| (0..bits).fold(power, |power, _| power.squared());
    // x to the power of as many ones as both have together.
    let joined = |ones: Element, (others, count)| shifted(ones, count).times(others);
    let two = joined(x, (x, 1));
    let four = joined(two, (two, 2));
    let five = joined(four, (x, 1));
    let ten = joined(five, (five, 5));
    let twenty = joined(ten, (ten, 10));
    let forty = joined(twenty, (twenty, 20));
    let fifty = joined(forty, (ten, 10));
    let hundred = joined(fifty, (fifty, 50));
    let two_hundred = joined(hundred, (hundred, 100));
    let all = joined(two_hundred, (fifty, 50));
    shifted(all, 2).times(x)
}

impl Group for Point {
    type Entry = Affine;

    const NEUTRAL: Self = Self {
        x: Element::ZERO,
        y: Element::ONE,
        z: Element::ONE,
        t: Element::ZERO,
    };

    const SCALAR_BITS: u32 = 253;

    fn double(&mut self, times: u32) {
        for left in (0..times).rev() {
            *self = self.doubled(left == 0);
        }
    }

    fn add(&mut self, entry: &Affine) {
        *self = self.plus_affine(entry, false);
    }

    fn subtract(&mut self, entry: &Affine) {
        *self = self.plus_affine(entry, true);
    }

    /// On the curve y = 1 only with x = 0, while x = 0 also with y = -1.
    fn is_neutral(&self) -> bool {
        self.y.minus::<1, 2>(self.z).is_zero()
    }

    fn glance(entry: &Affine) -> i32 {
        entry.y_plus_x.glance() ^ entry.y_minus_x.glance() ^ entry.two_dxy.glance()
    }

    fn entries(points: &[Self]) -> Option<Vec<Affine>> {
        let two_d = two_d();
        let zs: Vec<_> = points.iter().map(|point| point.z).collect();
        let affine = |(point, inverse): (&Self, Element)| {
            Affine::at(point.x.times(inverse), point.y.times(inverse), two_d)
        };
        let inverses = element::inverses(&zs)?;
        Some(points.iter().zip(inverses).map(affine).collect())
    }
}

impl Curve for Point {
    const SMALL: Shape = Shape::one_block::<Self>(5);
    const KEY: Shape = Shape::new::<Self>(8, 2);
    const BASE: Shape = Shape::new::<Self>(8, 1);

    fn base() -> Option<Affine> {
        Decoded::of(&BASE).map(Decoded::entry)
    }

    fn base_tables() -> &'static OnceBox<Tables<Self>> {
        static TABLES: OnceBox<Tables<Point>> = OnceBox::new();
        &TABLES
    }
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::edwards::EdwardsPoint;
    use curve25519_dalek::scalar::Scalar;
    use curve25519_dalek::traits::Identity as _;

    use super::*;
    use crate::tables::tests::large;
    use crate::windows::{Table, sum};

    fn ours(point: EdwardsPoint) -> Decoded {
        Decoded::of(&point.compress().to_bytes()).unwrap()
    }

    /// Multiples of the base point that meet its table, each with every component of small order.
    fn points() -> Vec<EdwardsPoint> {
        let multiples = [0, 1, 2, 3, 16, 17, 32, 1 << 20];
        let multiples = multiples.map(|k: u64| ED25519_BASEPOINT_POINT * Scalar::from(k));
        let points = multiples
            .iter()
            .flat_map(|point| EIGHT_TORSION.map(|small| point + small));
        points.flat_map(|point| [point, -point]).collect()
    }

    fn scalars() -> Vec<Scalar> {
        let near = (0..3).map(|k: u64| Scalar::from(k));
        let powers = [4, 5, 20, 251].map(|bit| (0..bit).fold(Scalar::ONE, |k, _| k + k));
        near.chain(powers).flat_map(|k| [k, -k]).collect()
    }

    /// As docs/arithmetic.md says.
    #[test]
    fn large_tables_have_their_sizes() {
        assert_eq!(large::<Point>(), ([2048, 4096], [221, 442], 21));
    }

    /// Every pair of shapes that a signature may meet.
    #[test]
    fn multiples_are_those_of_dalek() {
        // Large tables take their time, so for a fifth of the points.
        for (base_shape, shape, step) in [
            (Point::SMALL, Point::SMALL, 1),
            (Point::BASE, Point::SMALL, 5),
            (Point::BASE, Point::KEY, 5),
        ] {
            let table = Table::<Point>::of(Point::base().unwrap(), base_shape).unwrap();
            for point in points().into_iter().step_by(step) {
                let second = Table::of(ours(point).entry(), shape).unwrap();
                for k in scalars() {
                    for l in scalars() {
                        let sum = sum(&[table.times(k.as_bytes()), second.times(l.as_bytes())]);
                        // Not reduced by an order that the point does not have.
                        let expected = EdwardsPoint::mul_base(&k) + point * l;
                        assert_eq!(sum.encoded(), Some(expected.compress().to_bytes()));
                        assert_eq!(sum.is_of_small_order(), expected.is_small_order());
                    }
                }
            }
        }
    }

    #[test]
    fn only_the_neutral_element_is_neutral() {
        for point in points() {
            let neutral = point == EdwardsPoint::identity();
            assert_eq!(ours(point).point().is_neutral(), neutral);
        }
    }

    #[test]
    fn t_is_the_product_of_x_and_y() {
        let entry = Point::base().unwrap();
        let points = points().into_iter().map(|point| ours(point).point());
        for point in points.chain([Point::NEUTRAL]) {
            let [mut doubled, mut often, mut sum, mut difference] = [point; 4];
            doubled.double(1);
            often.double(5);
            sum.add(&entry);
            difference.subtract(&entry);
            for Point { x, y, z, t } in [point, doubled, often, sum, difference] {
                assert!(t.times(z).minus::<1, 2>(x.times(y)).is_zero());
            }
        }
    }

    #[test]
    fn what_is_decoded_is_encoded_alike() {
        for point in points() {
            let encoded = point.compress().to_bytes();
            assert_eq!(ours(point).point().encoded(), Some(encoded));
            assert_eq!(
                ours(point).negative().point().encoded(),
                Some((-point).compress().to_bytes())
            );
        }
        // x = 0 with a sign, and y = p.
        let mut one = [0; 32];
        (one[0], one[31]) = (1, 0x80);
        assert!(Decoded::of(&one).is_none());
        assert!(Decoded::of(&P25519::MODULUS.to_le_bytes().into()).is_none());
    }
}
