//! Ed25519 (RFC 8037 section 3.1, RFC 9864), over `ed25519-dalek`.

use alloc::boxed::Box;

use ed25519_dalek::{Signature, VerifyingKey as PublicKey};

use super::{SignatureAlgorithm, VerifyingKey, downcast};
use crate::error::Code;
use crate::jwk::Jwk;
use crate::limits::Limits;

impl VerifyingKey for PublicKey {}

/// Ed25519, whichever way it is spelled.
pub(super) struct Ed25519;

impl SignatureAlgorithm for Ed25519 {
    fn name(&self) -> &'static str {
        "EdDSA"
    }

    fn import(&self, jwk: &Jwk<'_>, _: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let key = PublicKey::from_bytes(&canonical_point(jwk)?).map_err(|_| Code::KeyOkpInvalid)?;
        // With a key of small order one signature fits many messages.
        if key.is_weak() {
            return Err(Code::KeyOkpInvalid);
        }
        Ok(Box::new(key))
    }

    /// RFC 8032 section 5.1.7, strictly: S below the group order, and a canonical R not of small order.
    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        let key: &PublicKey = downcast(key)?;
        let signature = Signature::from_slice(signature).map_err(|_| Code::SignatureInvalid)?;
        key.verify_strict(message, &signature)
            .map_err(|_| Code::SignatureInvalid)
    }
}

/// The encoded point (RFC 8037 section 2), which is canonical but perhaps none of the curve.
///
/// # Errors
/// `key_okp_invalid`
pub fn canonical_point(jwk: &Jwk<'_>) -> Result<[u8; 32], Code> {
    let bytes = jwk.bytes("x").map_err(|_| Code::KeyOkpInvalid)?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| Code::KeyOkpInvalid)?;
    if is_canonical(&bytes) {
        Ok(bytes)
    } else {
        Err(Code::KeyOkpInvalid)
    }
}

/// RFC 8032 section 5.1.3: y is below 2^255 - 19, so that one point has one encoding. The topmost bit is the sign of x.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    *lowest < 0xed || middle.iter().any(|byte| *byte != 0xff) || highest & 0x7f != 0x7f
}
