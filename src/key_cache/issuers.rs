//! The caches of several issuers.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Event, Fetch, KeyCache, KeyCacheOptions, KeyRequest, Lookup, Outcome};
use crate::alg::SignatureAlgorithm;
use crate::error::Rejection;
use crate::issuers::{Issuers, Keys};
use crate::key_set::KeySet;
use crate::time::UnixMillis;

/// One cache an issuer; the token's issuer chooses. One issuer is a list of one, so a shell needs only this.
#[derive(Debug)]
pub struct KeyCaches {
    caches: Vec<KeyCache>,
}

impl KeyCaches {
    /// Takes caches that were made one by one.
    #[must_use]
    pub fn new(caches: Vec<KeyCache>) -> Self {
        Self { caches }
    }

    /// A cache for each issuer, with the same options.
    ///
    /// # Errors
    /// As [`KeyCache::new`]; and `config_invalid_option` for one `jwks_uri` for several issuers, or one for an issuer
    /// that has no policy.
    pub fn of_issuers(
        issuers: &Issuers,
        options: &KeyCacheOptions,
        algorithms: &'static [&'static dyn SignatureAlgorithm],
        seed: u64,
    ) -> Result<Self, Rejection> {
        let caches = issuers.policies().iter();
        let caches = caches.map(|policy| KeyCache::new(policy, options, algorithms, seed));
        Ok(Self::new(caches.collect::<Result<_, _>>()?))
    }

    /// The caches, one an issuer.
    #[must_use]
    pub fn caches(&self) -> &[KeyCache] {
        &self.caches
    }

    /// As [`KeyCache::lookup`], in the cache of the token's issuer.
    pub fn lookup(&mut self, request: &KeyRequest, now: UnixMillis) -> Lookup {
        let _ = (request, now);
        Lookup::Wait
    }

    /// As [`KeyCache::want`], for all.
    pub fn want(&mut self, now: UnixMillis) {
        let _ = now;
    }

    /// As [`KeyCache::poll_fetch`]. Call it until it has nothing: several issuers may be fetched from at once, and the
    /// ids of all are different.
    #[must_use]
    pub fn poll_fetch(&mut self, now: UnixMillis) -> Option<Fetch> {
        let _ = now;
        None
    }

    /// As [`KeyCache::handle`].
    pub fn handle(&mut self, id: u64, outcome: Outcome<'_>, now: UnixMillis) {
        let _ = (id, outcome, now);
    }

    /// As [`KeyCache::poll_timeout`]: the earliest of all.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        None
    }

    /// As [`KeyCache::poll_event`], with the issuer it is about.
    #[must_use]
    pub fn poll_event(&mut self) -> Option<(&str, Event)> {
        None
    }

    /// As [`KeyCache::keys`], of all issuers: what `explain` takes.
    #[must_use]
    pub fn keys(&self, now: UnixMillis) -> UsableKeys<'_> {
        UsableKeys {
            caches: &self.caches,
            now,
        }
    }

    /// As [`KeyCache::snapshot`], of the named issuer.
    #[must_use]
    pub fn snapshot(&self, issuer: &str) -> Option<String> {
        let _ = issuer;
        None
    }

    /// As [`KeyCache::restore`]; the snapshot names its issuer.
    ///
    /// # Errors
    /// As [`KeyCache::restore`].
    pub fn restore(&mut self, text: &str, now: UnixMillis) -> Result<bool, Rejection> {
        let _ = (text, now);
        Ok(false)
    }
}

/// The keys of all issuers that may be used at one instant.
#[derive(Clone, Copy, Debug)]
pub struct UsableKeys<'c> {
    caches: &'c [KeyCache],
    now: UnixMillis,
}

impl Keys for UsableKeys<'_> {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        let _ = (self.caches, self.now, issuer);
        None
    }
}
