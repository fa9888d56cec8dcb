//! ECDSA on P-256 (FIPS 186-5 section 6.4.2, RFC 7518 section 3.4).

mod curve;
mod field;

use alloc::boxed::Box;

use crypto_bigint::{Odd, U256};
use idtoken::alg::{SignatureAlgorithm, VerifyingKey, downcast, uncompressed_point};
use idtoken::{Code, Jwk, Limits};
use sha2::{Digest as _, Sha256};

use crate::element::Field as _;
use crate::scalar::product;
use crate::tables::Pair;
use curve::{Affine, Point};
pub(crate) use field::P256;

/// n, the order of the group.
const ORDER: Odd<U256> =
    Odd::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

/// ECDSA on P-256 with SHA-256.
pub(crate) struct Es256;

struct Key(Pair<Point>);

impl VerifyingKey for Key {}

impl Key {
    fn of(x: &U256, y: &U256) -> Option<Self> {
        Some(Self(Pair::of(Affine::at(x, y)?)?))
    }

    /// Whether r is the x of (z / s) * G + (r / s) * Q, modulo n.
    fn verify(&self, z: &U256, r: &U256, s: &U256) -> bool {
        let is_scalar = |integer: &U256| *integer != U256::ZERO && integer < ORDER.as_ref();
        let inverse = s.invert_odd_mod_vartime(&ORDER).into_option();
        let (true, true, Some(inverse)) = (is_scalar(r), is_scalar(s), inverse) else {
            return false;
        };
        let over_s = |integer| <[u8; 32]>::from(product(integer, &inverse, &ORDER).to_le_bytes());
        let point = self.0.sum(&over_s(z), &over_s(r));
        // x is below p, and p is above n, so x may be r or r + n.
        let room = P256::MODULUS.wrapping_sub(&ORDER);
        point.has_x(r) || (*r < room && point.has_x(&r.wrapping_add(&ORDER)))
    }
}

impl SignatureAlgorithm for Es256 {
    fn name(&self) -> &'static str {
        "ES256"
    }

    fn import(&self, jwk: &Jwk<'_>, _: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let point = uncompressed_point(jwk, 32)?;
        let [_, coordinates @ ..] = point.as_slice() else {
            return Err(Code::KeyEcCoordinate);
        };
        let ([x, y], []) = coordinates.as_chunks::<32>() else {
            return Err(Code::KeyEcCoordinate);
        };
        let key = Key::of(&U256::from_be_slice(x), &U256::from_be_slice(y));
        Ok(Box::new(key.ok_or(Code::KeyEcNotOnCurve)?))
    }

    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        let key: &Key = downcast(key)?;
        // Raw r and s of exactly this length; DER has another.
        let ([r, s], []) = signature.as_chunks::<32>() else {
            return Err(Code::SignatureLength);
        };
        let z = U256::from_be_slice(&Sha256::digest(message));
        if key.verify(&z, &U256::from_be_slice(r), &U256::from_be_slice(s)) {
            key.0.accepted();
            Ok(())
        } else {
            Err(Code::SignatureInvalid)
        }
    }
}
