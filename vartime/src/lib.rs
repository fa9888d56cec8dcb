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
mod limbs;
mod nist;
mod tables;
mod windows;

use idtoken::alg::{self, SignatureAlgorithm};

/// Every algorithm, in the order of [`alg::ALL`].
pub static ALL: &[&dyn SignatureAlgorithm] = &[
    alg::RS256,
    alg::RS384,
    alg::RS512,
    alg::PS256,
    alg::PS384,
    alg::PS512,
    ES256,
    ES384,
    ES512,
    EDDSA,
];

/// ECDSA on P-256 with SHA-256.
pub static ES256: &dyn SignatureAlgorithm = &nist::Ecdsa::<nist::P256>::NEW;
/// ECDSA on P-384 with SHA-384.
pub static ES384: &dyn SignatureAlgorithm = &nist::Ecdsa::<nist::P384>::NEW;
/// ECDSA on P-521 with SHA-512.
pub static ES512: &dyn SignatureAlgorithm = &nist::Ecdsa::<nist::P521>::NEW;
/// Ed25519.
pub static EDDSA: &dyn SignatureAlgorithm = &edwards25519::Ed25519;
