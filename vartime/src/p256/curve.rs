//! The group of P-256: y^2 = x^3 - 3x + b (SP 800-186 section 3.2.1.3).

use alloc::vec::Vec;

use crypto_bigint::U256;

use super::field::P256;
use crate::element::{self, Field as _, Packed};
use crate::windows::Group;

type Element<const UNITS: u32 = 1> = element::Element<P256, UNITS>;

const B: U256 =
    U256::from_be_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
const BASE: (U256, U256) = (
    U256::from_be_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
    U256::from_be_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
);

/// (x / zz, y / zzz), with zz^3 = zzz^2; the point at infinity has zz = 0.
///
/// In these coordinates adding an affine point takes ten products, and comparing x with a number takes one.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    x: Element,
    y: Element<2>,
    zz: Element,
    zzz: Element,
}

/// An affine point; never that at infinity.
#[derive(Clone, Copy)]
pub(crate) struct Affine {
    x: Packed<P256>,
    y: Packed<P256>,
}

impl Point {
    /// The base point G.
    pub(crate) fn base() -> Option<Self> {
        let (x, y) = BASE;
        Self::at(&x, &y)
    }

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
        difference.is_zero().then_some(Self::affine(x, y))
    }

    /// Whether the affine x is this integer, which is below p.
    pub(crate) fn has_x(&self, x: &U256) -> bool {
        let difference: Element<2> = Element::from_integer(x).times(self.zz).minus(self.x);
        !self.is_neutral() && difference.is_zero()
    }

    fn affine(x: Element, y: Element) -> Self {
        Self {
            x,
            y: y.widened(),
            zz: Element::ONE,
            zzz: Element::ONE,
        }
    }

    /// `madd-2008-s` of the Explicit-Formulas Database.
    #[inline(never)]
    fn plus_affine(self, x2: Element, y2: Element) -> Self {
        if self.is_neutral() {
            return Self::affine(x2, y2);
        }
        let p: Element<2> = x2.times(self.zz).minus(self.x);
        let r: Element<3> = y2.times(self.zzz).minus(self.y);
        if p.is_zero() {
            // The same x: the same point, or its negative.
            return if r.is_zero() {
                self.doubled()
            } else {
                Self::NEUTRAL
            };
        }
        let pp = p.squared();
        let ppp = p.times(pp);
        let q = self.x.times(pp);
        let ppp_2q: Element<3> = ppp.plus::<1, 2>(q).plus(q);
        let x = r.squared_plus(ppp_2q.negative());
        let y = r.times(q.minus::<1, 2>(x)).minus(self.y.times(ppp));
        Self {
            x,
            y,
            zz: self.zz.times(pp),
            zzz: self.zzz.times(ppp),
        }
    }
}

impl Group for Point {
    type Entry = Affine;

    const NEUTRAL: Self = Self {
        x: Element::ZERO,
        y: Element::ZERO,
        zz: Element::ZERO,
        zzz: Element::ZERO,
    };

    /// `dbl-2008-s-1` of the Explicit-Formulas Database, for a = -3.
    #[inline(never)]
    fn doubled(self) -> Self {
        let y = self.y.reduced();
        let u: Element<2> = y.plus(y);
        let v = u.squared();
        let w = u.times(v);
        let s = self.x.times(v);
        let difference: Element<2> = self.x.minus(self.zz);
        let thrice: Element<6> = difference.plus::<2, 4>(difference).plus(difference);
        let m = thrice.times(self.x.plus::<1, 2>(self.zz));
        let x = m.squared_plus(s.plus::<1, 2>(s).negative());
        let y = m.times(s.minus::<1, 2>(x)).minus(w.times(y));
        Self {
            x,
            y,
            zz: v.times(self.zz),
            zzz: w.times(self.zzz),
        }
    }

    fn plus(self, entry: &Affine) -> Self {
        self.plus_affine(entry.x.element(), entry.y.element())
    }

    fn minus(self, entry: &Affine) -> Self {
        self.plus_affine(entry.x.element(), entry.y.element().negative())
    }

    fn is_neutral(self) -> bool {
        self.zz.is_zero()
    }

    fn entries(points: &[Self]) -> Option<Vec<Affine>> {
        let zzzs: Vec<_> = points.iter().map(|point| point.zzz).collect();
        let affine = |(point, inverse): (&Self, Element)| {
            // zz^3 = zzz^2, so 1 / zz = (zz / zzz)^2.
            let x = point.x.times(point.zz.times(inverse).squared());
            let y = point.y.times(inverse);
            Affine {
                x: x.into(),
                y: y.into(),
            }
        };
        let inverses = element::inverses(&zzzs)?;
        Some(points.iter().zip(inverses).map(affine).collect())
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
    use crate::windows::{Digits, Table, sum};

    const ORDER: U256 =
        U256::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    fn coordinates(point: AffinePoint) -> (U256, U256) {
        let point = point.to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        (U256::from_be_slice(x), U256::from_be_slice(y))
    }

    fn ours(point: ProjectivePoint) -> Point {
        if point == ProjectivePoint::IDENTITY {
            return Point::NEUTRAL;
        }
        let (x, y) = coordinates(point.to_affine());
        Point::at(&x, &y).unwrap()
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

    #[test]
    fn multiples_are_those_of_rustcrypto() {
        let table = Table::of(Point::base().unwrap()).unwrap();
        let theirs = |k: &U256| Scalar::reduce(k);
        let digits = |k: &U256| Digits::of(&k.to_le_bytes().into());
        assert_eq!(theirs(&ORDER).to_repr(), Scalar::ZERO.to_repr());
        for point in points() {
            let second = Table::of(ours(point)).unwrap();
            for k in scalars() {
                for l in scalars() {
                    let sum = sum(&[(&table, &digits(&k)), (&second, &digits(&l))]);
                    let expected = ProjectivePoint::GENERATOR * theirs(&k) + point * theirs(&l);
                    let same = match ours(expected) {
                        neutral if neutral.is_neutral() => sum.is_neutral(),
                        other => {
                            let entry = Point::entries(&[other]).unwrap();
                            sum.minus(&entry[0]).is_neutral() && !sum.is_neutral()
                        }
                    };
                    assert!(same, "{:?} {k} {l}", point.to_affine());
                }
            }
        }
    }

    #[test]
    fn only_points_of_the_curve_are_taken() {
        let (x, y) = BASE;
        assert!(Point::at(&x, &y).is_some());
        for bit in 0..256 {
            let flipped = U256::ONE.shl_vartime(bit);
            assert!(Point::at(&x.bitxor(&flipped), &y).is_none());
            assert!(Point::at(&x, &y.bitxor(&flipped)).is_none());
        }
        assert!(Point::at(&U256::ZERO, &U256::ZERO).is_none());
    }

    /// Two points whose coordinates plus p still have 256 bits. There is none with y = 0, so none with y = p.
    #[test]
    fn coordinates_are_below_p() {
        let root_of_b =
            U256::from_be_hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        let x_of_five =
            U256::from_be_hex("d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7");
        let (zero, five) = (U256::ZERO, U256::from_u64(5));
        assert!(Point::at(&zero, &root_of_b).is_some());
        assert!(Point::at(&zero.wrapping_add(&P256::MODULUS), &root_of_b).is_none());
        assert!(Point::at(&x_of_five, &five).is_some());
        assert!(Point::at(&x_of_five, &five.wrapping_add(&P256::MODULUS)).is_none());
    }
}
