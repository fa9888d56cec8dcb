//! Which token may ask for keys, and what it gets.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::alg::Facts;
use crate::check::{Case, Finding, Stage};
use crate::error::{Code, Rejection};
use crate::expectations::Expectations;
use crate::issuers::Keys;
use crate::json::Value;
use crate::key_set::{Found, KeySet};
use crate::purpose::Purpose;
use crate::verified_tokens::VerifiedTokens;
use crate::verifier::{self, IdToken, Verifier};

/// The key that a token asks for. Only a token that could be accepted with the right key has one.
#[derive(Clone, Debug)]
pub struct KeyRequest {
    /// As the policy has it, which for tenants is a template.
    issuer: String,
    /// As the token has it.
    iss: String,
    kid: Option<String>,
    facts: &'static Facts,
}

impl KeyRequest {
    /// The issuer whose keys are wanted, as its policy names it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The kid, and the algorithm that the key must be for.
    pub(super) fn key(&self) -> (Option<&str>, &'static str) {
        (self.kid.as_deref(), self.facts.name)
    }

    pub(super) fn is_missing_in(&self, keys: &CachedKeys) -> bool {
        let issuers = [&*self.iss, &*self.issuer];
        let found = keys.set.find(&issuers, self.kid.as_deref(), self.facts);
        matches!(found, Found::Nothing)
    }
}

impl Verifier<'_> {
    /// The key that a token asks for: [`Verifier::begin`] without its rest. `verify` runs these checks again.
    ///
    /// # Errors
    /// What `verify` would say.
    pub fn key_request(
        &self,
        purpose: Purpose,
        raw: impl AsRef<[u8]>,
        expectations: &Expectations<'_>,
    ) -> Result<KeyRequest, Rejection> {
        Ok(self
            .begin(purpose, raw.as_ref(), expectations, None)?
            .request)
    }
}

impl<'p> Verifier<'p> {
    /// Runs the checks that come before the key: a token that fails one is refused, with the same code, whatever the
    /// keys, and must not cause a fetch. [`Begun::verify`] runs the others, when the keys are at hand. A token that is in
    /// the memory is not decoded again.
    ///
    /// # Errors
    /// What `verify` would say.
    pub fn begin<'a>(
        &self,
        purpose: Purpose,
        raw: &'a [u8],
        expectations: &'a Expectations<'_>,
        memory: Option<&VerifiedTokens>,
    ) -> Result<Begun<'a>, Rejection>
    where
        'p: 'a,
    {
        let case = Case::new(purpose, raw, self.policies, &NoKeys, expectations);
        let mut case = case.with_memory(memory);
        verifier::run(&mut case, |stage| stage < Stage::Key)?;
        let request = request_of(&case).map_err(|finding| match finding {
            Finding::Fail(rejection) => purpose.refusal(rejection),
            Finding::Warn(_) | Finding::Skip(_) => Code::InternalError.into(),
        })?;
        Ok(Begun { case, request })
    }
}

fn request_of(case: &Case<'_>) -> Result<KeyRequest, Finding> {
    let iss = case.claim("iss")?.and_then(Value::as_str);
    Ok(KeyRequest {
        issuer: case.policy()?.issuer.clone(),
        iss: iss.unwrap_or_default().into_owned(),
        kid: case.header()?.kid().map(Into::into),
        facts: case.facts()?,
    })
}

/// A token of which everything before the key was checked.
pub struct Begun<'a> {
    case: Case<'a>,
    request: KeyRequest,
}

impl<'a> Begun<'a> {
    /// The key it asks for.
    #[must_use]
    pub fn request(&self) -> &KeyRequest {
        &self.request
    }

    /// Runs the other checks: the verdict is that of [`Verifier::verify`]. A memory learns of a token that is accepted.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        self,
        keys: &'a impl Keys,
        memory: Option<&mut VerifiedTokens>,
    ) -> Result<IdToken, Rejection> {
        let mut case = self.case;
        let raw = case.raw;
        case.keys = keys;
        verifier::run(&mut case, |stage| stage >= Stage::Key)?;
        let mut token = verifier::accept(case)?;
        token.remember_in(memory, raw);
        Ok(token)
    }
}

/// Without the token: it does not belong into logs.
impl fmt::Debug for Begun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").finish_non_exhaustive()
    }
}

/// None of the checks before the key looks at keys.
struct NoKeys;

impl Keys for NoKeys {
    fn of_issuer(&self, _: &str) -> Option<&KeySet> {
        None
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
    pub(super) fn new(issuer: &Arc<str>, set: &Arc<KeySet>, generation: u64) -> Self {
        Self {
            issuer: Arc::clone(issuer),
            set: Arc::clone(set),
            generation,
        }
    }

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
