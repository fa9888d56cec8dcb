//! RSA with PKCS#1 v1.5 and with PSS (RFC 7518 sections 3.3 and 3.5), over the `rsa` crate.

use alloc::boxed::Box;
use alloc::vec::Vec;

use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, PublicKey};

use super::{SignatureAlgorithm, VerifyingKey, downcast};
use crate::error::Code;
use crate::jwk::Jwk;
use crate::limits::Limits;

/// FIPS 186-5 section A.1.1. With e = 1 anything would be a signature.
const MIN_EXPONENT: u64 = 65537;
/// The same clause ends at 2^256, but the crate, as every fast one, ends at 33 bits: a longer exponent is only work.
const MAX_EXPONENT: u64 = PublicKey::MAX_PUB_EXPONENT;

/// Leading zero octets change nothing, but need not be read without end.
const MAX_EXPONENT_BYTES: usize = 33;

impl VerifyingKey for PublicKey {
    fn signature_bytes(&self) -> Option<usize> {
        Some(self.size())
    }
}

/// One padding with one hash.
pub(super) struct Rsa {
    pub(super) name: &'static str,
    /// Checks the length of the signature, then the whole encoded message; for PSS also that the salt is as long as
    /// the hash (RFC 7518 section 3.5).
    pub(super) verify: fn(&PublicKey, &[u8], &[u8]) -> rsa::errors::Result<()>,
}

impl SignatureAlgorithm for Rsa {
    fn name(&self) -> &'static str {
        self.name
    }

    fn import(&self, jwk: &Jwk<'_>, limits: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let numbers = rsa_numbers(jwk, limits)?;
        let key = PublicKey::new_with_size_limits(
            BoxedUint::from_be_slice_vartime(&numbers.modulus),
            BoxedUint::from(numbers.exponent),
            Limits::MIN_RSA_BITS..=limits.rsa_max_bits,
        );
        Ok(Box::new(key.map_err(|_| Code::KeyRsaInvalid)?))
    }

    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        (self.verify)(downcast(key)?, message, signature).map_err(|_| Code::SignatureInvalid)
    }
}

/// What a public key is made of, checked.
pub struct RsaNumbers {
    /// Big-endian, odd, without zeros in front.
    pub modulus: Vec<u8>,
    /// The bits of the modulus.
    pub bits: usize,
    /// Odd, and not too small.
    pub exponent: u64,
}

/// The numbers of a JWK (RFC 7518 section 6.3.1).
///
/// # Errors
/// The `key_*` code of the key rule that was broken.
pub fn rsa_numbers(jwk: &Jwk<'_>, limits: &Limits) -> Result<RsaNumbers, Code> {
    let (modulus, exponent) = (jwk.bytes("n")?, jwk.bytes("e")?);
    // RFC 7518 section 6.3.1.1 warns of libraries that put a zero octet first; it changes nothing but the length.
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(&modulus);
    let Some((first, last)) = modulus.first().zip(modulus.last()) else {
        return Err(Code::KeyRsaInvalid);
    };
    if *first == 0 || last & 1 == 0 {
        return Err(Code::KeyRsaInvalid);
    }
    let unused = usize::try_from(first.leading_zeros()).unwrap_or(0);
    let bits = modulus.len().saturating_mul(8).saturating_sub(unused);
    if bits < Limits::MIN_RSA_BITS {
        return Err(Code::KeyRsaTooSmall);
    }
    if bits > limits.rsa_max_bits {
        return Err(Code::KeyRsaTooLarge);
    }
    let exponent = exponent_of(&exponent).ok_or(Code::KeyRsaExponent)?;
    Ok(RsaNumbers {
        modulus: modulus.into(),
        bits,
        exponent,
    })
}

/// The exponent, if it is odd and within the bounds.
fn exponent_of(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > MAX_EXPONENT_BYTES {
        return None;
    }
    let mut value: u64 = 0;
    for byte in bytes {
        value = value.checked_mul(256)?.checked_add(u64::from(*byte))?;
    }
    let fits = value & 1 == 1 && (MIN_EXPONENT..=MAX_EXPONENT).contains(&value);
    fits.then_some(value)
}
