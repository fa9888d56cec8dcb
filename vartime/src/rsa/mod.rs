//! RSA (RFC 8017, RFC 7518 sections 3.3 and 3.5).

mod columns;
mod integer;
mod modulus;
mod padding;
mod pair;

use alloc::boxed::Box;

use idtoken::alg::{Hash, SignatureAlgorithm, VerifyingKey, downcast, rsa_numbers};
use idtoken::{Code, Jwk, Limits};

use modulus::Modulus;

/// One padding with one hash.
pub(crate) struct Rsa {
    pub(crate) name: &'static str,
    pub(crate) padding: Padding,
    pub(crate) hash: Hash,
}

/// How the hash of a message becomes a number as long as the modulus.
#[derive(Clone, Copy)]
pub(crate) enum Padding {
    Pkcs1,
    Pss,
}

struct Key {
    modulus: Modulus,
    bits: usize,
    exponent: u64,
}

impl VerifyingKey for Key {
    fn signature_bytes(&self) -> Option<usize> {
        Some(self.modulus.bytes())
    }
}

impl SignatureAlgorithm for Rsa {
    fn name(&self) -> &'static str {
        self.name
    }

    fn import(&self, jwk: &Jwk<'_>, limits: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let numbers = rsa_numbers(jwk, limits)?;
        Ok(Box::new(Key {
            modulus: Modulus::of(&numbers.modulus).ok_or(Code::KeyRsaInvalid)?,
            bits: numbers.bits,
            exponent: numbers.exponent,
        }))
    }

    /// RFC 8017 sections 8.1.2 and 8.2.2: the signature is exactly as long as the modulus, and a number below it.
    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        let key: &Key = downcast(key)?;
        let encoded = key
            .modulus
            .exceeds(signature)
            .then(|| key.modulus.power(signature, key.exponent));
        let is_good = encoded.flatten().is_some_and(|encoded| match self.padding {
            Padding::Pkcs1 => padding::is_pkcs1(&encoded, self.hash, message),
            Padding::Pss => padding::is_pss(&encoded, key.bits, self.hash, message),
        });
        if is_good {
            Ok(())
        } else {
            Err(Code::SignatureInvalid)
        }
    }
}
