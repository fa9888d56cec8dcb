//! The groups of the NIST curves against those of RustCrypto, each by the same tests.

use alloc::vec::Vec;

use ::p256::elliptic_curve::point::DecompressPoint as _;
use ::p256::elliptic_curve::sec1::ToSec1Point as _;
use ::p256::elliptic_curve::subtle::Choice;

use super::*;
use crate::element::Field as _;
use crate::integer::Integer as _;
use crate::tables::tests::large;
use crate::windows::{Table, sum};

macro_rules! agrees_with_rustcrypto {
    ($name:ident, $curve:ty, $theirs:ident, $few:literal, $fewer:literal) => {
        mod $name {
            use ::$theirs::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

            use super::*;

            type Integer = <$curve as crate::element::Field>::Integer;
            type Points = Point<$curve>;

            const BYTES: usize = <$curve>::BYTES;

            fn bytes(integer: &Integer) -> Vec<u8> {
                integer.to_le_bytes()[..BYTES]
                    .iter()
                    .rev()
                    .copied()
                    .collect()
            }

            fn ours(point: ProjectivePoint) -> Affine<$curve> {
                let point = point.to_affine().to_sec1_point(false);
                let (x, y) = point.as_bytes()[1..].split_at(BYTES);
                let [x, y] = [x, y].map(Integer::from_be_bytes);
                Affine::at(&Coordinates { x, y }).unwrap()
            }

            fn with_x(x: &Integer) -> Option<ProjectivePoint> {
                let x = FieldBytes::try_from(&bytes(x)[..]).unwrap();
                let point = AffinePoint::decompress(&x, Choice::from(0));
                point.into_option().map(ProjectivePoint::from)
            }

            fn integer(small: u64) -> Integer {
                Integer::from_le_bytes(&small.to_le_bytes())
            }

            /// The base point, multiples of it that meet its tables, and points with the smallest and the largest x.
            fn points() -> Vec<ProjectivePoint> {
                let base = ProjectivePoint::GENERATOR;
                let multiples = [1, 2, 3, 16, 17, 32, 33, 64, 65, 1 << 14, 1 << 20];
                let multiples = multiples.map(|k: u64| base * Scalar::from(k));
                let edges = (0..6).flat_map(|x| {
                    let x = integer(x);
                    [x, <$curve>::MODULUS.as_ref().minus(&x)]
                });
                let points = multiples
                    .into_iter()
                    .chain(edges.filter_map(|x| with_x(&x)));
                points.flat_map(|point| [point, -point]).collect()
            }

            /// Around 0 and n, powers of two, all bits, and one with many digits.
            fn scalars() -> Vec<(Integer, Scalar)> {
                let mut scalars = Vec::new();
                let (mut small, mut theirs) = (Integer::ZERO, Scalar::ZERO);
                for _ in 0..3 {
                    scalars.push((small, theirs));
                    let minus = <$curve>::ORDER.as_ref().minus(&small);
                    scalars.push((minus, -theirs));
                    small = small.plus(&Integer::ONE);
                    theirs += Scalar::ONE;
                }
                let (mut power, mut theirs) = (Integer::ONE, Scalar::ONE);
                let (mut varied, mut theirs_varied) = (Integer::ZERO, Scalar::ZERO);
                for bit in 0..<$curve>::ORDER_BITS {
                    if bit % 3 == 1 || bit % 7 == 2 {
                        varied = varied.plus(&power);
                        theirs_varied += theirs;
                    }
                    if [4, 5, 6, 7, 14, 20, <$curve>::ORDER_BITS - 1].contains(&bit) {
                        scalars.push((power, theirs));
                        scalars.push((power.minus(&Integer::ONE), theirs - Scalar::ONE));
                    }
                    power = power.plus(&power);
                    theirs = theirs + theirs;
                }
                scalars.push((varied, theirs_varied));
                scalars
            }

            /// Every pair of shapes that a signature may meet.
            #[test]
            fn multiples() {
                // Large tables take their time, so for some of the points.
                for (base_shape, shape, step) in [
                    (Points::SMALL, Points::SMALL, $few),
                    (Points::BASE, Points::SMALL, $fewer),
                    (Points::BASE, Points::KEY, $fewer),
                ] {
                    let table = Table::<Points>::of(Points::base().unwrap(), base_shape).unwrap();
                    for point in points().into_iter().step_by(step) {
                        let second = Table::<Points>::of(ours(point), shape).unwrap();
                        for (k, theirs_k) in scalars() {
                            let base = ProjectivePoint::GENERATOR * theirs_k;
                            // From the last, which meets all of a large table.
                            for (l, theirs_l) in scalars().into_iter().rev().step_by(step) {
                                let [first, other] = [&k, &l].map(Integer::to_le_bytes);
                                let mut sum = sum(&[table.times(&first), second.times(&other)]);
                                let expected = base + point * theirs_l;
                                let same = if expected == ProjectivePoint::IDENTITY {
                                    sum.is_neutral()
                                } else {
                                    let neutral = sum.is_neutral();
                                    sum.subtract(&ours(expected));
                                    sum.is_neutral() && !neutral
                                };
                                assert!(
                                    same,
                                    "{:?} {first:?} {other:?} {shape:?}",
                                    point.to_affine()
                                );
                            }
                        }
                    }
                }
            }

            #[test]
            fn only_points_of_the_curve_are_taken() {
                let Coordinates { x, y } = <$curve>::BASE;
                let at = |x, y| Affine::<$curve>::at(&Coordinates { x, y });
                assert!(at(x, y).is_some());
                let mut power = Integer::ONE;
                for _ in 0..8 * BYTES {
                    assert!(at(x.plus(&power), y).is_none());
                    assert!(at(x, y.minus(&power)).is_none());
                    power = power.plus(&power);
                }
                assert!(at(Integer::ZERO, Integer::ZERO).is_none());
            }

            /// The points with a small x, whose coordinates plus p may still have as many bytes.
            #[test]
            fn coordinates_are_below_p() {
                let mut found = 0;
                for x in (0..20).map(integer) {
                    let Some(point) = with_x(&x) else { continue };
                    let point = point.to_affine().to_sec1_point(false);
                    let y = Integer::from_be_bytes(&point.as_bytes()[1 + BYTES..]);
                    let at = |x, y| Affine::<$curve>::at(&Coordinates { x, y });
                    let p = <$curve>::MODULUS;
                    assert!(at(x, y).is_some());
                    assert!(at(x.plus(p.as_ref()), y).is_none());
                    assert!(at(x, y.plus(p.as_ref())).is_none());
                    found += 1;
                }
                assert!(found > 3);
            }
        }
    };
}

agrees_with_rustcrypto!(p256, P256, p256, 1, 5);
agrees_with_rustcrypto!(p384, P384, p384, 5, 13);
agrees_with_rustcrypto!(p521, P521, p521, 7, 17);

use crate::nist::{P256, P384, P521};

/// As docs/arithmetic.md and docs/decisions.md say.
#[test]
fn large_tables_have_their_sizes() {
    assert_eq!(large::<Point<P256>>(), ([2176, 4224], [157, 304], 31));
    assert_eq!(large::<Point<P384>>(), ([1792, 6272], [201, 702], 22));
    assert_eq!(large::<Point<P521>>(), ([1408, 4800], [214, 730], 21));
}
