//! The algorithm table, and the seam behind which arithmetic is done.
//!
//! Adding an algorithm is one file here and one row in [`TABLE`] and [`ALL`].

mod ecdsa;
#[cfg(feature = "eddsa")]
mod eddsa;
mod rsa;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;

use crate::error::Code;
use crate::jwk::Jwk;
use crate::limits::Limits;

pub use ecdsa::uncompressed_point;
#[cfg(feature = "eddsa")]
pub use eddsa::canonical_point;
pub use rsa::{RsaNumbers, rsa_numbers};

/// The kind of key that an algorithm needs (RFC 7518 section 3.1, RFC 8037 section 3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyType {
    /// `kty` of the JWK.
    pub kty: &'static str,
    /// `crv` of the JWK, where the type has curves.
    pub crv: Option<&'static str>,
}

impl KeyType {
    /// RSA keys of any size.
    pub const RSA: Self = Self::new("RSA", None);
    /// Keys on NIST P-256.
    pub const P256: Self = Self::new("EC", Some("P-256"));
    /// Keys on NIST P-384.
    pub const P384: Self = Self::new("EC", Some("P-384"));
    /// Keys on NIST P-521.
    pub const P521: Self = Self::new("EC", Some("P-521"));
    /// Ed25519 keys.
    pub const ED25519: Self = Self::new("OKP", Some("Ed25519"));

    const fn new(kty: &'static str, crv: Option<&'static str>) -> Self {
        Self { kty, crv }
    }

    pub(crate) fn fits(self, jwk: &Jwk<'_>) -> bool {
        jwk.kty == self.kty && (self.crv.is_none() || jwk.crv.as_deref() == self.crv)
    }
}

/// The hash of an algorithm: what is signed, and what `at_hash` is half of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// The name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The hash of the data.
    #[must_use]
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => digest::<sha2::Sha256>(data),
            Self::Sha384 => digest::<sha2::Sha384>(data),
            Self::Sha512 => digest::<sha2::Sha512>(data),
        }
    }
}

/// Each hash in a function of its own: engines compile a function of the wasm when it is first called.
#[inline(never)]
fn digest<H: sha2::Digest>(data: &[u8]) -> Vec<u8> {
    H::digest(data).to_vec()
}

/// All facts of one algorithm that are not arithmetic.
#[derive(Debug, Eq, PartialEq)]
pub struct Facts {
    /// The `alg` value (RFC 7518 section 3.1, RFC 9864).
    pub name: &'static str,
    /// Another spelling of the same algorithm.
    pub also: Option<&'static str>,
    /// The keys it works with.
    pub key_type: KeyType,
    /// Its hash.
    pub hash: Hash,
}

impl Facts {
    const fn new(name: &'static str, key_type: KeyType, hash: Hash) -> Self {
        Self {
            name,
            also: None,
            key_type,
            hash,
        }
    }

    /// Whether `alg` is a spelling of this algorithm. Exact case (RFC 7515 section 4.1.1).
    #[must_use]
    pub fn is_called(&self, alg: &str) -> bool {
        self.name == alg || self.also == Some(alg)
    }
}

/// Every algorithm of this build. No symmetric one and no `none`: there is nothing to confuse them with.
pub static TABLE: &[Facts] = &[
    Facts::new("RS256", KeyType::RSA, Hash::Sha256),
    Facts::new("RS384", KeyType::RSA, Hash::Sha384),
    Facts::new("RS512", KeyType::RSA, Hash::Sha512),
    #[cfg(feature = "pss")]
    Facts::new("PS256", KeyType::RSA, Hash::Sha256),
    #[cfg(feature = "pss")]
    Facts::new("PS384", KeyType::RSA, Hash::Sha384),
    #[cfg(feature = "pss")]
    Facts::new("PS512", KeyType::RSA, Hash::Sha512),
    Facts::new("ES256", KeyType::P256, Hash::Sha256),
    #[cfg(feature = "es384")]
    Facts::new("ES384", KeyType::P384, Hash::Sha384),
    #[cfg(feature = "es512")]
    Facts::new("ES512", KeyType::P521, Hash::Sha512),
    // RFC 9864 names Ed25519 what everybody called EdDSA: two spellings of one algorithm.
    #[cfg(feature = "eddsa")]
    Facts {
        name: "EdDSA",
        also: Some("Ed25519"),
        key_type: KeyType::ED25519,
        hash: Hash::Sha512,
    },
];

/// The facts of the algorithm spelled `alg`.
#[must_use]
pub fn facts(alg: &str) -> Option<&'static Facts> {
    TABLE.iter().find(|facts| facts.is_called(alg))
}

/// Verifies signatures of one algorithm. Implemented over RustCrypto here; a faster backend brings its own slice.
pub trait SignatureAlgorithm: Sync {
    /// The name in [`TABLE`].
    fn name(&self) -> &'static str;

    /// Checks and imports a key of this algorithm's [`KeyType`].
    ///
    /// Algorithms of one slice that share a key type share the imported key.
    ///
    /// # Errors
    /// The `key_*` code of the key rule that was broken.
    fn import(&self, jwk: &Jwk<'_>, limits: &Limits) -> Result<Box<dyn VerifyingKey>, Code>;

    /// Whether `signature` is over `message`, by this key.
    ///
    /// # Errors
    /// `signature_length` or `signature_invalid`, and nothing more precise: no oracle.
    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code>;
}

/// A checked public key. Which one it is only its algorithm knows.
pub trait VerifyingKey: Any + Send + Sync {
    /// How many bytes a signature has, if the key decides that and a wrong number is `signature_invalid`: for a hint.
    fn signature_bytes(&self) -> Option<usize> {
        None
    }
}

/// The key as the type that the algorithm imported; another backend's key verifies nothing.
///
/// # Errors
/// `signature_invalid`
pub fn downcast<K: 'static>(key: &dyn VerifyingKey) -> Result<&K, Code> {
    (key as &dyn Any)
        .downcast_ref()
        .ok_or(Code::SignatureInvalid)
}

/// Every algorithm of this build over RustCrypto. Pass a shorter slice, and the linker drops the rest.
pub static ALL: &[&dyn SignatureAlgorithm] = &[
    RS256,
    RS384,
    RS512,
    #[cfg(feature = "pss")]
    PS256,
    #[cfg(feature = "pss")]
    PS384,
    #[cfg(feature = "pss")]
    PS512,
    ES256,
    #[cfg(feature = "es384")]
    ES384,
    #[cfg(feature = "es512")]
    ES512,
    #[cfg(feature = "eddsa")]
    EDDSA,
];

/// RSASSA-PKCS1-v1_5 with SHA-256.
pub static RS256: &dyn SignatureAlgorithm = &rsa::Rsa {
    name: "RS256",
    verify: ::rsa::PublicKey::pkcs1v15_verify::<sha2::Sha256>,
};
/// RSASSA-PKCS1-v1_5 with SHA-384.
pub static RS384: &dyn SignatureAlgorithm = &rsa::Rsa {
    name: "RS384",
    verify: ::rsa::PublicKey::pkcs1v15_verify::<sha2::Sha384>,
};
/// RSASSA-PKCS1-v1_5 with SHA-512.
pub static RS512: &dyn SignatureAlgorithm = &rsa::Rsa {
    name: "RS512",
    verify: ::rsa::PublicKey::pkcs1v15_verify::<sha2::Sha512>,
};
/// RSASSA-PSS with SHA-256.
#[cfg(feature = "pss")]
pub static PS256: &dyn SignatureAlgorithm = &rsa::Rsa {
    name: "PS256",
    verify: ::rsa::PublicKey::pss_verify::<sha2::Sha256>,
};
/// RSASSA-PSS with SHA-384.
#[cfg(feature = "pss")]
pub static PS384: &dyn SignatureAlgorithm = &rsa::Rsa {
    name: "PS384",
    verify: ::rsa::PublicKey::pss_verify::<sha2::Sha384>,
};
/// RSASSA-PSS with SHA-512.
#[cfg(feature = "pss")]
pub static PS512: &dyn SignatureAlgorithm = &rsa::Rsa {
    name: "PS512",
    verify: ::rsa::PublicKey::pss_verify::<sha2::Sha512>,
};
/// ECDSA on P-256 with SHA-256.
pub static ES256: &dyn SignatureAlgorithm = &ecdsa::Es256;
/// ECDSA on P-384 with SHA-384.
#[cfg(feature = "es384")]
pub static ES384: &dyn SignatureAlgorithm = &ecdsa::Es384;
/// ECDSA on P-521 with SHA-512.
#[cfg(feature = "es512")]
pub static ES512: &dyn SignatureAlgorithm = &ecdsa::Es512;
/// Ed25519.
#[cfg(feature = "eddsa")]
pub static EDDSA: &dyn SignatureAlgorithm = &eddsa::Ed25519;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_tables_agree() {
        let names: Vec<_> = ALL.iter().map(|algorithm| algorithm.name()).collect();
        let facts: Vec<_> = TABLE.iter().map(|facts| facts.name).collect();
        assert_eq!(names, facts);
    }
}
