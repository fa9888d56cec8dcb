//! The group of P-256: y^2 = x^3 - 3x + b (SP 800-186 section 3.2.1.3).

use alloc::vec::Vec;

use crypto_bigint::U256;
use once_cell::race::OnceBox;

use super::field::P256;
use crate::element::{self, Field as _, Packed};
use crate::tables::{Curve, Tables};
use crate::windows::{Group, Shape};

type Element<const UNITS: u32 = 1> = element::Element<P256, UNITS>;

const B: U256 =
    U256::from_be_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
const BASE: (U256, U256) = (
    U256::from_be_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
    U256::from_be_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
);

/// (x / z^2, y / z^3): Jacobian coordinates; the point at infinity has z = 0.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    x: Element,
    y: Element,
    z: Element,
}

/// An affine point; never that at infinity.
#[derive(Clone, Copy)]
pub(crate) struct Affine {
    x: Packed<P256>,
    y: Packed<P256>,
}

impl Affine {
    /// The point with these coordinates; nothing if they are none, or not on the curve.
    pub(crate) fn at(x: &U256, y: &U256) -> Option<Self> {
        if x >= P256::MODULUS.as_ref() || y >= P256::MODULUS.as_ref() {
            return None;
        }
        let (x, y) = (Element::from_integer(x), Element::from_integer(y));
        let three: Element<3> = Element::ONE.plus::<1, 2>(Element::ONE).plus(Element::ONE);
        let cubed_minus_3x = x.times(x.squared().minus::<3, 4>(three));
        let right: Element<2> = cubed_minus_3x.plus(Element::from_integer(&B));
        let difference: Element<2> = y.squared().minus(right.reduced());
        difference.is_zero().then(|| Self {
            x: x.into(),
            y: y.into(),
        })
    }
}

impl Point {
    /// Whether the affine x is this integer, which is below p.
    pub(crate) fn has_x(&self, x: &U256) -> bool {
        let expected = Element::from_integer(x).times(self.z.squared());
        !self.is_neutral() && expected.minus::<1, 2>(self.x).is_zero()
    }

    /// `madd` of the Explicit-Formulas Database.
    #[inline(never)]
    fn add_affine(&mut self, x2: &Element, y2: &Element) {
        if self.is_neutral() {
            (self.x, self.y, self.z) = (*x2, *y2, Element::ONE);
            return;
        }
        let zz = self.z.squared();
        let h: Element<2> = x2.times(zz).minus(self.x);
        let r: Element<2> = y2.times(self.z.times(zz)).minus(self.y);
        if h.is_zero() {
            // The same x: the same point, or its negative.
            if r.is_zero() {
                self.double_once();
            } else {
                *self = Self::NEUTRAL;
            }
            return;
        }
        let hh = h.squared();
        let hhh = h.times(hh);
        let v = self.x.times(hh);
        self.x = r.squared_plus(hhh.plus::<1, 2>(v).plus::<1, 3>(v).negative());
        self.y = r.times_minus(v.minus::<1, 2>(self.x), self.y, hhh);
        self.z = self.z.times(h);
    }

    /// `dbl-2001-b` of the Explicit-Formulas Database, for a = -3.
    #[inline(never)]
    fn double_once(&mut self) {
        let delta = self.z.squared();
        let gamma = self.y.squared();
        let two_gamma: Element<2> = gamma.plus(gamma);
        let four_gamma: Element<4> = two_gamma.plus(two_gamma);
        let four_beta = four_gamma.times(self.x);
        let difference: Element<2> = self.x.minus(delta);
        let thrice: Element<6> = difference.plus::<2, 4>(difference).plus(difference);
        let alpha = thrice.times(self.x.plus::<1, 2>(delta));
        let y_plus_z: Element<2> = self.y.plus(self.z);
        self.x = alpha.squared_plus(four_beta.plus::<1, 2>(four_beta).negative());
        self.y = alpha.times_minus(four_beta.minus::<1, 2>(self.x), two_gamma, four_gamma);
        self.z = y_plus_z.squared_plus(gamma.plus::<1, 2>(delta).negative());
    }
}

impl Group for Point {
    type Entry = Affine;

    const NEUTRAL: Self = Self {
        x: Element::ONE,
        y: Element::ONE,
        z: Element::ZERO,
    };

    const SCALAR_BITS: u32 = 256;

    fn double(&mut self, times: u32) {
        for _ in 0..times {
            self.double_once();
        }
    }

    fn add(&mut self, entry: &Affine) {
        self.add_affine(&entry.x.element(), &entry.y.element());
    }

    fn subtract(&mut self, entry: &Affine) {
        self.add_affine(&entry.x.element(), &entry.y.element().negative());
    }

    fn is_neutral(&self) -> bool {
        self.z.is_zero()
    }

    fn entries(points: &[Self]) -> Option<Vec<Affine>> {
        let zs: Vec<_> = points.iter().map(|point| point.z).collect();
        let affine = |(point, inverse): (&Self, Element)| {
            let squared = inverse.squared();
            Affine {
                x: point.x.times(squared).into(),
                y: point.y.times(squared.times(inverse)).into(),
            }
        };
        let inverses = element::inverses(&zs)?;
        Some(points.iter().zip(inverses).map(affine).collect())
    }
}

impl Curve for Point {
    const SMALL: Shape = Shape::one_block::<Self>(5);
    const KEY: Shape = Shape::new::<Self>(7, 2);
    const BASE: Shape = Shape::new::<Self>(7, 1);

    fn base() -> Option<Affine> {
        let (x, y) = BASE;
        Affine::at(&x, &y)
    }

    fn base_tables() -> &'static OnceBox<Tables<Self>> {
        static TABLES: OnceBox<Tables<Point>> = OnceBox::new();
        &TABLES
    }
}

#[cfg(test)]
mod tests {
    use p256::elliptic_curve::PrimeField as _;
    use p256::elliptic_curve::ops::Reduce as _;
    use p256::elliptic_curve::point::DecompressPoint as _;
    use p256::elliptic_curve::sec1::ToSec1Point as _;
    use p256::elliptic_curve::subtle::Choice;
    use p256::{AffinePoint, ProjectivePoint, Scalar};

    use super::*;
    use crate::windows::{Table, sum};

    const ORDER: U256 =
        U256::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    fn coordinates(point: AffinePoint) -> (U256, U256) {
        let point = point.to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        (U256::from_be_slice(x), U256::from_be_slice(y))
    }

    fn ours(point: ProjectivePoint) -> Affine {
        let (x, y) = coordinates(point.to_affine());
        Affine::at(&x, &y).unwrap()
    }

    fn with_x(x: &U256) -> Option<ProjectivePoint> {
        let point = AffinePoint::decompress(&x.to_be_bytes().into(), Choice::from(0));
        point.into_option().map(ProjectivePoint::from)
    }

    /// The base point, multiples of it that meet its table, and points with the smallest and the largest x.
    fn points() -> Vec<ProjectivePoint> {
        let base = ProjectivePoint::GENERATOR;
        let multiples = [1, 2, 3, 16, 17, 32, 1 << 20].map(|k: u64| base * Scalar::from(k));
        let near = (0..6).map(U256::from_u64);
        let edges = near.flat_map(|x| [x, P256::MODULUS.wrapping_sub(&x)]);
        let points = multiples
            .into_iter()
            .chain(edges.filter_map(|x| with_x(&x)));
        points.flat_map(|point| [point, -point]).collect()
    }

    /// Around 0, n and 2^256, and powers of two.
    fn scalars() -> Vec<U256> {
        let near = (0..3).map(U256::from_u64);
        let edges = near.flat_map(|offset| {
            let bases = [U256::ZERO, ORDER].into_iter();
            bases.flat_map(move |base| [base.wrapping_add(&offset), base.wrapping_sub(&offset)])
        });
        let powers = [4, 5, 20, 255].map(|bit| U256::ONE.shl_vartime(bit));
        edges.chain(powers).collect()
    }

    /// Every pair of shapes that a signature may meet.
    #[test]
    fn multiples_are_those_of_rustcrypto() {
        let theirs = |k: &U256| Scalar::reduce(k);
        let bytes = |k: &U256| <[u8; 32]>::from(k.to_le_bytes());
        assert_eq!(theirs(&ORDER).to_repr(), Scalar::ZERO.to_repr());
        // Large tables take their time, so for a fifth of the points.
        for (base_shape, shape, step) in [
            (Point::SMALL, Point::SMALL, 1),
            (Point::BASE, Point::SMALL, 5),
            (Point::BASE, Point::KEY, 5),
        ] {
            let table = Table::of(Point::base().unwrap(), base_shape).unwrap();
            for point in points().into_iter().step_by(step) {
                let second = Table::<Point>::of(ours(point), shape).unwrap();
                for k in scalars() {
                    for l in scalars() {
                        let mut sum = sum(&[table.times(&bytes(&k)), second.times(&bytes(&l))]);
                        let expected = ProjectivePoint::GENERATOR * theirs(&k) + point * theirs(&l);
                        let same = if expected == ProjectivePoint::IDENTITY {
                            sum.is_neutral()
                        } else {
                            let neutral = sum.is_neutral();
                            sum.subtract(&ours(expected));
                            sum.is_neutral() && !neutral
                        };
                        assert!(same, "{:?} {k} {l} {shape:?}", point.to_affine());
                    }
                }
            }
        }
    }

    #[test]
    fn only_points_of_the_curve_are_taken() {
        let (x, y) = BASE;
        assert!(Affine::at(&x, &y).is_some());
        for bit in 0..256 {
            let flipped = U256::ONE.shl_vartime(bit);
            assert!(Affine::at(&x.bitxor(&flipped), &y).is_none());
            assert!(Affine::at(&x, &y.bitxor(&flipped)).is_none());
        }
        assert!(Affine::at(&U256::ZERO, &U256::ZERO).is_none());
    }

    /// Two points whose coordinates plus p still have 256 bits. There is none with y = 0, so none with y = p.
    #[test]
    fn coordinates_are_below_p() {
        let root_of_b =
            U256::from_be_hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        let x_of_five =
            U256::from_be_hex("d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7");
        let (zero, five) = (U256::ZERO, U256::from_u64(5));
        assert!(Affine::at(&zero, &root_of_b).is_some());
        assert!(Affine::at(&zero.wrapping_add(&P256::MODULUS), &root_of_b).is_none());
        assert!(Affine::at(&x_of_five, &five).is_some());
        assert!(Affine::at(&x_of_five, &five.wrapping_add(&P256::MODULUS)).is_none());
    }
}
