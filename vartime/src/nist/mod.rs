//! ECDSA on the NIST curves (FIPS 186-5 section 6.4.2, RFC 7518 section 3.4).

mod curve;
mod p256;
mod p384;
mod p521;
mod sparse;

use alloc::boxed::Box;
use core::marker::PhantomData;

use crypto_bigint::Odd;
use idtoken::alg::{Hash, SignatureAlgorithm, VerifyingKey, downcast, uncompressed_point};
use idtoken::{Code, Jwk, Limits};
use once_cell::race::OnceBox;

use crate::element::Field;
use crate::integer::Integer;
use crate::tables::{Pair, Tables};
use curve::{Affine, Point};
pub(crate) use p256::P256;
pub(crate) use p384::P384;
pub(crate) use p521::P521;

/// A curve y^2 = x^3 - 3x + b over this field, whose group has a prime order n below p, and its algorithm.
pub(crate) trait Nist: Field + Copy + Send + Sync {
    /// The hash that goes with the curve. It has no more bits than n.
    const HASH: Hash;

    /// The name of the algorithm.
    const NAME: &'static str;

    /// The bytes of a coordinate, and of a scalar.
    const BYTES: usize;

    /// b
    const B: Self::Integer;

    /// The base point G.
    const BASE: Coordinates<Self::Integer>;

    /// n, the order of G.
    const ORDER: Odd<Self::Integer>;

    /// The bits of n.
    const ORDER_BITS: u32;

    /// The bits of a digit in the large table of a key.
    const KEY_WIDTH: u32;

    /// The bits of a digit in the large table of the base point, which all keys share.
    const BASE_WIDTH: u32;

    /// The tables of the base point, made when the first key comes.
    fn base_tables() -> &'static OnceBox<Tables<Point<Self>>>;
}

/// Affine coordinates.
pub(crate) struct Coordinates<I> {
    x: I,
    y: I,
}

/// ECDSA on the curve.
pub(crate) struct Ecdsa<C>(PhantomData<C>);

impl<C> Ecdsa<C> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

struct Key<C: Nist>(Pair<Point<C>>);

impl<C: Nist> VerifyingKey for Key<C> {}

impl<C: Nist> Key<C> {
    fn of(coordinates: &Coordinates<C::Integer>) -> Option<Self> {
        Some(Self(Pair::of(Affine::at(coordinates)?)?))
    }

    /// Whether r is the x of (z / s) * G + (r / s) * Q, modulo n.
    fn verify(&self, z: &C::Integer, r: &C::Integer, s: &C::Integer) -> bool {
        let order = &C::ORDER;
        let is_scalar =
            |integer: &C::Integer| *integer != Integer::ZERO && integer < order.as_ref();
        let (true, true, Some([base, own])) =
            (is_scalar(r), is_scalar(s), Integer::over([z, r], s, order))
        else {
            return false;
        };
        let point = self.0.sum(&base.to_le_bytes(), &own.to_le_bytes());
        // x is below p, and p is above n, so x may be r or r + n.
        let room = C::MODULUS.as_ref().minus(order);
        point.has_x(r) || (*r < room && point.has_x(&r.plus(order)))
    }
}

/// The two integers of so many bytes each.
fn halves<C: Nist>(bytes: &[u8]) -> Option<[C::Integer; 2]> {
    let (first, second) = bytes.split_at_checked(C::BYTES)?;
    let is_half = second.len() == C::BYTES;
    is_half.then(|| [first, second].map(C::Integer::from_be_bytes))
}

impl<C: Nist> SignatureAlgorithm for Ecdsa<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn import(&self, jwk: &Jwk<'_>, _: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let point = uncompressed_point(jwk, C::BYTES)?;
        let coordinates = point.split_first().map_or(&[][..], |(_, rest)| rest);
        let [x, y] = halves::<C>(coordinates).ok_or(Code::KeyEcCoordinate)?;
        let key = Key::<C>::of(&Coordinates { x, y });
        Ok(Box::new(key.ok_or(Code::KeyEcNotOnCurve)?))
    }

    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        let key: &Key<C> = downcast(key)?;
        // Raw r and s of exactly this length; DER has another.
        let [r, s] = halves::<C>(signature).ok_or(Code::SignatureLength)?;
        let z = C::Integer::from_be_bytes(&C::HASH.digest(message));
        if key.verify(&z, &r, &s) {
            key.0.accepted();
            Ok(())
        } else {
            Err(Code::SignatureInvalid)
        }
    }
}

#[cfg(test)]
mod tests {
    use ::p256::ecdsa::{Signature, SigningKey, signature::Signer as _};

    use super::*;

    #[test]
    fn accepted_signatures_make_a_key_hot_and_refused_ones_do_not() {
        let secret = SigningKey::from_slice(&[7; 32]).unwrap();
        let signature: Signature = secret.sign(b"message");
        let signature = signature.to_bytes();
        let point = secret.verifying_key().to_sec1_point(false);
        let [x, y] = halves::<P256>(&point.as_bytes()[1..]).unwrap();
        let key = Key::<P256>::of(&Coordinates { x, y }).unwrap();
        let verdict = |message: &[u8]| Ecdsa::<P256>::NEW.verify(&key, message, &signature);
        for _ in 0..100 {
            assert_eq!(verdict(b"another"), Err(Code::SignatureInvalid));
        }
        assert!(!key.0.is_hot());
        // Until both large tables are begun, and have grown to 33 and 17 blocks, by one a signature.
        for _ in 0..12 + 33 + 11 + 17 {
            assert!(!key.0.is_hot());
            assert_eq!(verdict(b"message"), Ok(()));
        }
        assert!(key.0.is_hot());
    }
}
