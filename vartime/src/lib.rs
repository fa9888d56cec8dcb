//! Signature verification for `idtoken` that is made for public data only: in variable time, with a table for every key.
//!
//! A verifier holds no secret, so constant time protects nothing here; and a key of a JWKS lives for weeks, so it pays to
//! compute multiples of it once. **Nothing of this may ever sign or decrypt.**
//!
//! ECDSA and EdDSA are done here, everything else by the core's own algorithms. `docs/arithmetic.md` has the argument for
//! the arithmetic.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod edwards25519;
mod element;
mod integer;
mod inverse;
mod limbs;
mod nist;
mod rsa;
mod tables;
mod windows;

use idtoken::alg::{Hash, SignatureAlgorithm};
use rsa::{Padding, Rsa};

/// Every algorithm, in the order of [`idtoken::alg::ALL`].
pub static ALL: &[&dyn SignatureAlgorithm] = &[
    RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EDDSA,
];

/// RSASSA-PKCS1-v1_5 with SHA-256.
pub static RS256: &dyn SignatureAlgorithm = &Rsa {
    name: "RS256",
    padding: Padding::Pkcs1,
    hash: Hash::Sha256,
};
/// RSASSA-PKCS1-v1_5 with SHA-384.
pub static RS384: &dyn SignatureAlgorithm = &Rsa {
    name: "RS384",
    padding: Padding::Pkcs1,
    hash: Hash::Sha384,
};
/// RSASSA-PKCS1-v1_5 with SHA-512.
pub static RS512: &dyn SignatureAlgorithm = &Rsa {
    name: "RS512",
    padding: Padding::Pkcs1,
    hash: Hash::Sha512,
};
/// RSASSA-PSS with SHA-256.
pub static PS256: &dyn SignatureAlgorithm = &Rsa {
    name: "PS256",
    padding: Padding::Pss,
    hash: Hash::Sha256,
};
/// RSASSA-PSS with SHA-384.
pub static PS384: &dyn SignatureAlgorithm = &Rsa {
    name: "PS384",
    padding: Padding::Pss,
    hash: Hash::Sha384,
};
/// RSASSA-PSS with SHA-512.
pub static PS512: &dyn SignatureAlgorithm = &Rsa {
    name: "PS512",
    padding: Padding::Pss,
    hash: Hash::Sha512,
};
/// ECDSA on P-256 with SHA-256.
pub static ES256: &dyn SignatureAlgorithm = &nist::Ecdsa::<nist::P256>::NEW;
/// ECDSA on P-384 with SHA-384.
pub static ES384: &dyn SignatureAlgorithm = &nist::Ecdsa::<nist::P384>::NEW;
/// ECDSA on P-521 with SHA-512.
pub static ES512: &dyn SignatureAlgorithm = &nist::Ecdsa::<nist::P521>::NEW;
/// Ed25519.
pub static EDDSA: &dyn SignatureAlgorithm = &edwards25519::Ed25519;
