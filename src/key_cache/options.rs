//! What can be set, and the bounds of it.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::MOST_MAX_AGE;
use crate::error::{Code, Rejection};
use crate::json::{Kind, Value};
use crate::options::{self, Row, Setting, Spelling};

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
        Self::from_json_beside(text, spelling, &[])
    }

    /// The same for a program with options of its own beside these: they are not in the text, but a misspelt name may be
    /// meant for one of them. Their names are in snake case.
    ///
    /// # Errors
    /// As [`KeyCacheOptions::from_json`].
    pub fn from_json_beside(
        text: impl AsRef<[u8]>,
        spelling: Spelling,
        others: &[&'static str],
    ) -> Result<Self, Rejection> {
        let document = options::parse(text.as_ref())?;
        let mut options = Self::default();
        options::read(document.root(), ROWS, others, spelling, &mut options)?;
        options.check()?;
        Ok(options)
    }

    /// Whether every duration is within its bounds.
    pub(super) fn check(&self) -> Result<(), Rejection> {
        let invalid = |hint| Err(Rejection::new(Code::ConfigInvalidOption, hint));
        if !(1_000..=MOST_MAX_AGE).contains(&self.cache_max_age) {
            return invalid("cache_max_age is from 1000 to 86400000 milliseconds");
        }
        if !(1_000..=300_000).contains(&self.cooldown_duration) {
            return invalid("cooldown_duration is from 1000 to 300000 milliseconds");
        }
        if !(100..=60_000).contains(&self.timeout_duration) {
            return invalid("timeout_duration is from 100 to 60000 milliseconds");
        }
        if self.stale_if_error > 604_800_000 {
            return invalid("stale_if_error is at most 604800000 milliseconds");
        }
        Ok(())
    }
}

impl JwksUri {
    pub(super) fn of_issuer(&self, issuer: &str) -> Option<&str> {
        match self {
            Self::Discovered => None,
            Self::At(uri) => Some(uri),
            Self::OfIssuer(uris) => {
                let own = uris.iter().find(|(name, _)| name == issuer);
                own.map(|(_, uri)| &**uri)
            }
        }
    }
}

#[rustfmt::skip]
static ROWS: &[Row<KeyCacheOptions>] = &[
    Row { name: "jwks_uri", read: |to, from| { to.jwks_uri = jwks_uri(from)?; Ok(()) } },
    Row { name: "cache_max_age", read: |to, from| { to.cache_max_age = from.whole()?; Ok(()) } },
    Row { name: "cooldown_duration", read: |to, from| { to.cooldown_duration = from.whole()?; Ok(()) } },
    Row { name: "timeout_duration", read: |to, from| { to.timeout_duration = from.whole()?; Ok(()) } },
    Row { name: "stale_if_error", read: |to, from| { to.stale_if_error = from.whole()?; Ok(()) } },
];

fn jwks_uri(from: Setting<'_>) -> Result<JwksUri, Rejection> {
    if from.value.kind() != Kind::Object {
        return from.text().map(JwksUri::At);
    }
    let uri = |(issuer, uri): (_, Value<'_>)| Some((String::from(issuer), uri.as_str()?.into()));
    let uris: Option<Vec<_>> = from.value.members().map(uri).collect();
    uris.map(JwksUri::OfIssuer)
        .ok_or_else(|| from.invalid("a URL, or an object of issuers and their URLs"))
}

impl Default for KeyCacheOptions {
    fn default() -> Self {
        Self {
            jwks_uri: JwksUri::default(),
            cache_max_age: 600_000,
            cooldown_duration: 30_000,
            timeout_duration: 5_000,
            stale_if_error: 86_400_000,
        }
    }
}
