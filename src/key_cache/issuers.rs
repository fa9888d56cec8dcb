//! The caches of several issuers.

use alloc::string::String;
use alloc::vec::Vec;

use super::{
    Event, Fetch, JwksUri, KeyCache, KeyCacheOptions, KeyRequest, Lookup, Outcome, snapshot,
};
use crate::alg::SignatureAlgorithm;
use crate::error::{Code, Rejection};
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
    pub fn new(mut caches: Vec<KeyCache>) -> Self {
        let step = caches.len() as u64;
        for (first, cache) in (0..).zip(&mut caches) {
            cache.schedule.number_from(first, step);
        }
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
        let policies = issuers.policies();
        let invalid = |hint| Err(Rejection::new(Code::ConfigInvalidOption, hint));
        match &options.jwks_uri {
            JwksUri::At(_) if policies.len() > 1 => {
                return invalid(
                    "with several issuers jwks_uri is an object: each issuer and its own",
                );
            }
            JwksUri::OfIssuer(uris) => {
                let is_known = |(issuer, _): &(String, String)| {
                    policies.iter().any(|policy| policy.issuer == *issuer)
                };
                if !uris.iter().all(is_known) {
                    return invalid("jwks_uri names an issuer that has no policy");
                }
            }
            _ => {}
        }
        let each = policies.iter().zip(0..);
        let caches = each.map(|(policy, nth)| {
            KeyCache::new(policy, options, algorithms, seed.wrapping_add(nth))
        });
        Ok(Self::new(caches.collect::<Result<_, _>>()?))
    }

    /// The caches, one an issuer.
    #[must_use]
    pub fn caches(&self) -> &[KeyCache] {
        &self.caches
    }

    /// As [`KeyCache::lookup`], in the cache of the token's issuer.
    pub fn lookup(&mut self, request: &KeyRequest, now: UnixMillis) -> Lookup {
        let mut caches = self.caches.iter_mut();
        match caches.find(|cache| cache.issuer() == request.issuer()) {
            Some(cache) => cache.lookup(request, now),
            None => Lookup::Unavailable(no_cache()),
        }
    }

    /// As [`KeyCache::want`], for all.
    pub fn want(&mut self, now: UnixMillis) {
        for cache in &mut self.caches {
            cache.want(now);
        }
    }

    /// As [`KeyCache::poll_fetch`]. Call it until it has nothing: several issuers may be fetched from at once, and the
    /// ids of all are different.
    #[must_use]
    pub fn poll_fetch(&mut self, now: UnixMillis) -> Option<Fetch> {
        self.caches
            .iter_mut()
            .find_map(|cache| cache.poll_fetch(now))
    }

    /// As [`KeyCache::handle`].
    pub fn handle(&mut self, id: u64, outcome: Outcome<'_>, now: UnixMillis) {
        if let Some(cache) = self.of_fetch(id) {
            cache.handle(id, outcome, now);
        }
    }

    /// As [`KeyCache::give_back`].
    pub fn give_back(&mut self, id: u64) {
        if let Some(cache) = self.of_fetch(id) {
            cache.give_back(id);
        }
    }

    /// As [`KeyCache::poll_timeout`]: the earliest of all.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        self.caches.iter().filter_map(KeyCache::poll_timeout).min()
    }

    /// As [`KeyCache::is_idle`], of all.
    #[must_use]
    pub fn is_idle(&mut self, now: UnixMillis) -> bool {
        self.caches.iter_mut().all(|cache| cache.is_idle(now))
    }

    /// As [`KeyCache::poll_event`], with the issuer it is about.
    #[must_use]
    pub fn poll_event(&mut self) -> Option<(&str, Event)> {
        self.caches.iter_mut().find_map(|cache| {
            let event = cache.events.next()?;
            Some((&*cache.issuer, event))
        })
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
        let mut caches = self.caches.iter();
        caches.find(|cache| cache.issuer() == issuer)?.snapshot()
    }

    /// As [`KeyCache::restore`]; the snapshot names its issuer.
    ///
    /// # Errors
    /// As [`KeyCache::restore`].
    pub fn restore(&mut self, text: &str, now: UnixMillis) -> Result<bool, Rejection> {
        let bounds = self.caches.iter().map(|cache| cache.limits.max_jwks_bytes);
        let snapshot = snapshot::parse(text, bounds.max().unwrap_or(0))?;
        let issuer = snapshot::issuer(&snapshot);
        let mut caches = self.caches.iter_mut();
        let cache = caches.find(|cache| cache.issuer() == issuer);
        let cache = cache.ok_or_else(|| snapshot::invalid("it is of another issuer"))?;
        cache.take_snapshot(&snapshot, now)
    }

    /// The cache that gave out a fetch: their numbers take turns.
    fn of_fetch(&mut self, id: u64) -> Option<&mut KeyCache> {
        let nth = id.checked_rem(self.caches.len() as u64)?;
        self.caches.get_mut(usize::try_from(nth).ok()?)
    }
}

/// A request of a verifier that has other policies than these caches.
fn no_cache() -> Rejection {
    let hint = "there is no key cache for this issuer";
    Rejection::new(Code::ConfigInvalidOption, hint)
}

/// The keys of all issuers that may be used at one instant.
#[derive(Clone, Copy, Debug)]
pub struct UsableKeys<'c> {
    caches: &'c [KeyCache],
    now: UnixMillis,
}

impl Keys for UsableKeys<'_> {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        let cache = self.caches.iter().find(|cache| cache.issuer() == issuer)?;
        let held = cache.held.as_ref()?;
        held.age(self.now, cache.stale_if_error)?;
        Some(&*held.set)
    }

    fn missing(&self, _: &str) -> Rejection {
        Code::JwksUnavailable.into()
    }
}
