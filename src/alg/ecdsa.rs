//! ECDSA on the NIST curves (RFC 7518 section 3.4), over `p256`, `p384` and `p521`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{SignatureAlgorithm, VerifyingKey, downcast};
use crate::error::Code;
use crate::jwk::Jwk;
use crate::limits::Limits;

macro_rules! ecdsa {
    ($(#[$doc:meta])* $type:ident, $name:literal, $curve:ident, $field_bytes:literal) => {
        $(#[$doc])*
        pub(super) struct $type;

        impl VerifyingKey for $curve::ecdsa::VerifyingKey {}

        impl SignatureAlgorithm for $type {
            fn name(&self) -> &'static str {
                $name
            }

            fn import(&self, jwk: &Jwk<'_>, _: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
                let point = uncompressed_point(jwk, $field_bytes)?;
                let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(&point);
                Ok(Box::new(key.map_err(|_| Code::KeyEcNotOnCurve)?))
            }

            fn verify(
                &self,
                key: &dyn VerifyingKey,
                message: &[u8],
                signature: &[u8],
            ) -> Result<(), Code> {
                use $curve::ecdsa::signature::Verifier;
                let key: &$curve::ecdsa::VerifyingKey = downcast(key)?;
                // Raw r and s of exactly this length; DER has another.
                if signature.len() != 2 * $field_bytes {
                    return Err(Code::SignatureLength);
                }
                // Refuses r or s outside 1..n (CVE-2022-21449); accepts a high s, as RFC 7518 does.
                let signature = $curve::ecdsa::Signature::from_slice(signature);
                let signature = signature.map_err(|_| Code::SignatureInvalid)?;
                key.verify(message, &signature)
                    .map_err(|_| Code::SignatureInvalid)
            }
        }
    };
}

ecdsa!(
    /// ECDSA on P-256 with SHA-256.
    Es256, "ES256", p256, 32
);
#[cfg(feature = "es384")]
ecdsa!(
    /// ECDSA on P-384 with SHA-384.
    Es384, "ES384", p384, 48
);
#[cfg(feature = "es512")]
ecdsa!(
    /// ECDSA on P-521 with SHA-512.
    Es512, "ES512", p521, 66
);

/// The uncompressed point (SEC 1 section 2.3.3). RFC 7518 section 6.2.1.2: each coordinate is exactly as long as the
/// field, and both are there, so no compressed form and no point at infinity can be said.
///
/// # Errors
/// `key_ec_coordinate`
pub fn uncompressed_point(jwk: &Jwk<'_>, field_bytes: usize) -> Result<Vec<u8>, Code> {
    let mut point = Vec::from([4]);
    for name in ["x", "y"] {
        let coordinate = jwk.bytes(name).map_err(|_| Code::KeyEcCoordinate)?;
        if coordinate.len() != field_bytes {
            return Err(Code::KeyEcCoordinate);
        }
        point.extend(coordinate);
    }
    Ok(point)
}
