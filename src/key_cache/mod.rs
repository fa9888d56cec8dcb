//! Where keys come from, without fetching them: what to fetch and when, what an answer is worth, and which keys a token
//! is judged by until then. It does no I/O, reads no clock and makes no randomness; docs/keys.md has its table.

mod event;
mod fetch;
mod issuers;
mod lookup;
mod options;

use alloc::string::String;

use crate::alg::SignatureAlgorithm;
use crate::error::Rejection;
use crate::policy::Policy;
use crate::time::UnixMillis;

pub use event::Event;
pub use fetch::{Failure, Fetch, FetchKind, Outcome, Response};
pub use issuers::{KeyCaches, UsableKeys};
pub use lookup::{CachedKeys, KeyRequest, Lookup};
pub use options::{JwksUri, KeyCacheOptions};

/// The keys of one issuer: fetched when a token needs them, kept through an outage for a bounded time.
#[derive(Debug)]
pub struct KeyCache {}

impl KeyCache {
    /// A cache without keys. Algorithms are usually [`crate::alg::ALL`]; the seed spreads retries of many instances, and
    /// the same seed with the same calls gives the same answers.
    ///
    /// # Errors
    /// `config_invalid_option` for an option out of its range, for a `jwks_uri` that is not https, and for an issuer with
    /// tenants without a `jwks_uri`: a template has no discovery document of its own.
    pub fn new(
        policy: &Policy,
        options: &KeyCacheOptions,
        algorithms: &'static [&'static dyn SignatureAlgorithm],
        seed: u64,
    ) -> Result<Self, Rejection> {
        let _ = (policy, options, algorithms, seed);
        Ok(Self {})
    }

    /// The issuer whose keys these are, as its policy names it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        ""
    }

    /// Which keys a token is judged by. Anything but [`Lookup::Ready`] may have made a fetch due: call
    /// [`KeyCache::poll_fetch`] next.
    pub fn lookup(&mut self, request: &KeyRequest, now: UnixMillis) -> Lookup {
        let _ = (request, now);
        Lookup::Wait
    }

    /// Asks for fresh keys without a token: at start, and from a timer to keep them fresh. Nothing happens while they are
    /// fresh.
    pub fn want(&mut self, now: UnixMillis) {
        let _ = now;
    }

    /// The fetch to make now. At most one is under way; its answer goes to [`KeyCache::handle`], whatever it is. Call it
    /// after a lookup, after [`KeyCache::want`], after each [`KeyCache::handle`], and at [`KeyCache::poll_timeout`].
    #[must_use]
    pub fn poll_fetch(&mut self, now: UnixMillis) -> Option<Fetch> {
        let _ = now;
        None
    }

    /// Takes the answer to a fetch. An answer that is late, or comes twice, changes nothing.
    pub fn handle(&mut self, id: u64, outcome: Outcome<'_>, now: UnixMillis) {
        let _ = (id, outcome, now);
    }

    /// When [`KeyCache::poll_fetch`] may have something new without any other call: the fetch under way times out, or
    /// one that is due may be made.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        None
    }

    /// What has happened, oldest first. Bounded: when nobody reads them, the oldest are lost.
    #[must_use]
    pub fn poll_event(&mut self) -> Option<Event> {
        None
    }

    /// The keys that may be used now, for `explain` and for people; changes nothing.
    #[must_use]
    pub fn keys(&self, now: UnixMillis) -> Option<CachedKeys> {
        let _ = now;
        None
    }

    /// The set as text, to be kept elsewhere: JSON `{ v, issuer, jwksUri, fetchedAt, etag, jwks }`.
    #[must_use]
    pub fn snapshot(&self) -> Option<String> {
        None
    }

    /// Takes a set that was kept elsewhere, through every check that a fetched one passes. It keeps the time it was
    /// fetched at. An older set than the present one changes nothing; whether this one was taken is the answer.
    ///
    /// # Errors
    /// `snapshot_invalid` when it is no snapshot of this issuer, of this `jwks_uri`, or from the future; `jwks_invalid`
    /// or `jwks_no_usable_key` when its set is unusable.
    pub fn restore(&mut self, text: &str, now: UnixMillis) -> Result<bool, Rejection> {
        let _ = (text, now);
        Ok(false)
    }
}
