//! Ed25519 (RFC 8032 section 5.1, RFC 8037 section 3.1, RFC 9864).

mod curve;
mod field;

use alloc::boxed::Box;

use crypto_bigint::{Odd, U256, U512};
use idtoken::alg::{Hash, SignatureAlgorithm, VerifyingKey, canonical_point, downcast};
use idtoken::{Code, Jwk, Limits};

use crate::tables::Pair;
use crate::{integer, inverse};
use curve::{Decoded, Point};
#[cfg(test)]
pub(crate) use field::P25519;

/// L, the order of the base point.
const ORDER: Odd<U256> =
    Odd::from_be_hex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");

/// 2^540 modulo L, for [`inverse::remainder`].
const POWER: U256 =
    U256::from_be_hex("07c309a3dceec73d217f5be65cb5c63ab39a2a852c2d8fffb5572b26679e7901");

/// Ed25519, whichever way it is spelled.
pub(crate) struct Ed25519;

struct Key {
    /// -A.
    negative: Pair<Point>,
    encoded: [u8; 32],
}

impl VerifyingKey for Key {}

impl Key {
    fn of(encoded: [u8; 32]) -> Option<Self> {
        let point = Decoded::of(&encoded)?;
        // With a key of small order one signature fits many messages.
        if point.is_of_small_order() {
            return None;
        }
        Some(Self {
            negative: Pair::of(point.negative().entry())?,
            encoded,
        })
    }

    /// RFC 8032 section 5.1.7, strictly: S below the group order, and a canonical R not of small order, that is
    /// S * B - k * A.
    fn verify(&self, message: &[u8], encoded: &[u8; 32], scalar: &[u8; 32]) -> bool {
        if U256::from_le_slice(scalar) >= *ORDER.as_ref() {
            return false;
        }
        let hash = Hash::Sha512.digest(&[&encoded[..], &self.encoded, message].concat());
        let hash = U512::from_le_slice(&hash);
        let k = inverse::remainder(hash.as_words(), POWER.as_words(), ORDER.as_ref().as_words());
        let k: U256 = integer::of_limbs(&k);
        let k: [u8; 32] = k.to_le_bytes().into();
        let point = self.negative.sum(scalar, &k);
        // Only a canonical encoding equals one that is made here.
        point.encoded().as_ref() == Some(encoded) && !point.is_of_small_order()
    }
}

impl SignatureAlgorithm for Ed25519 {
    fn name(&self) -> &'static str {
        "EdDSA"
    }

    fn import(&self, jwk: &Jwk<'_>, _: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let key = Key::of(canonical_point(jwk)?);
        Ok(Box::new(key.ok_or(Code::KeyOkpInvalid)?))
    }

    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        let key: &Key = downcast(key)?;
        let ([r, s], []) = signature.as_chunks::<32>() else {
            return Err(Code::SignatureInvalid);
        };
        if key.verify(message, r, s) {
            key.negative.accepted();
            Ok(())
        } else {
            Err(Code::SignatureInvalid)
        }
    }
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED as BASE;
    use curve25519_dalek::scalar::Scalar;

    use super::*;

    #[test]
    fn accepted_signatures_make_a_key_hot_and_refused_ones_do_not() {
        // The secret is one, and so is the nonce.
        let base = BASE.to_bytes();
        let hash = Hash::Sha512.digest(&[&base[..], &base, b"message"].concat());
        let s = Scalar::ONE + Scalar::from_bytes_mod_order_wide(hash.as_array().unwrap());
        let signature = [base, s.to_bytes()].concat();
        let key = Key::of(base).unwrap();
        let verdict = |message: &[u8]| Ed25519.verify(&key, message, &signature);
        for _ in 0..100 {
            assert_eq!(verdict(b"another"), Err(Code::SignatureInvalid));
        }
        assert!(!key.negative.is_hot());
        // Until both large tables are begun, and have grown to 32 and 16 blocks, by one a signature.
        for _ in 0..12 + 32 + 11 + 16 {
            assert!(!key.negative.is_hot());
            assert_eq!(verdict(b"message"), Ok(()));
        }
        assert!(key.negative.is_hot());
    }
}
