//! Verifies OpenID Connect ID Tokens: may I believe this token, now?
//!
//! `no_std` with `alloc`, and without a clock, network, randomness or unsafe code: keys ([`KeySet`]) and time
//! ([`UnixTime`]) come from the caller, and the same input gives the same verdict in a browser, in a CDN worker and here.
//!
//! ```
//! use idtoken::{Expectations, KeySet, Limits, Nonce, Policy, UnixTime, Verifier, alg};
//! # fn verify(raw: &str, jwks: &str, seconds: u64) -> Result<String, idtoken::Rejection> {
//! let keys = KeySet::from_json(jwks, alg::ALL, &Limits::default())?;
//! let policy = Policy::builder("https://idp.example", "my-client").build()?;
//! let expectations = Expectations::at(UnixTime::from_secs(seconds)?).nonce(Nonce::Equals("n-0S6_WzA2Mj"));
//! let token = Verifier::new(&policy).verify(raw, &keys, &expectations)?;
//! # Ok(token.subject()) }
//! ```
//!
//! The data goes one way: token text, [`UnverifiedToken`], candidate keys of the [`KeySet`], [`VerifiedJws`],
//! [`Claims`], and through the table of checks to an [`IdToken`] or a [`Rejection`].
//!
//! Where the keys come from is [`key_cache`]: discovery, rotation, outages; it says what to fetch, and never fetches.
//!
//! # Features
//!
//! - `pss`, `es384`, `es512`, `eddsa` (all default): the algorithms beside RS256, RS384, RS512 and ES256.
//! - `std`: [`UnixTime`] can read the system's clock (`UnixTime::now`). Nothing else changes.
//! - `serde`: reports, refusals and skipped keys can be serialized.
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
#[cfg(feature = "std")]
extern crate std;

pub mod alg;
pub mod audit;
mod base64url;
mod check;
mod claims;
mod classify;
mod error;
mod expectations;
pub mod headers;
mod issuers;
mod json;
mod jwk;
mod jws;
pub mod key_cache;
mod key_set;
mod limits;
pub mod options;
mod policy;
pub mod presets;
mod purpose;
mod replay;
mod report;
mod time;
mod token;
mod url;
mod verified_tokens;
mod verifier;

pub use claims::Claims;
pub use classify::{TokenKind, classify};
pub use error::{Class, Code, Rejection};
pub use expectations::{Expectations, Nonce};
pub use issuers::{Issuers, Keys};
pub use json::{Kind, Value};
pub use jwk::Jwk;
pub use jws::{KeyId, VerifiedJws};
pub use key_set::{KeySet, Skipped};
pub use limits::Limits;
pub use options::Spelling;
pub use policy::{
    AcrLadder, Azp, KidAbsent, NonceTransform, Policy, PolicyBuilder, SHash, Tenants, Tolerance,
};
pub use purpose::Purpose;
pub use replay::{ReplayKey, SeenTokens};
pub use report::{Line, Report, Status, Verdict};
pub use time::{UnixMillis, UnixTime};
pub use token::{Header, UnverifiedToken};
pub use verified_tokens::VerifiedTokens;
pub use verifier::{IdToken, Verifier};
