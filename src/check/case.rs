//! A verification under way.

use alloc::vec::Vec;

use super::{CHECKS, Check, Finding};
use crate::alg::Facts;
use crate::error::Code;
use crate::expectations::Expectations;
use crate::issuers::Keys;
use crate::json::Value;
use crate::jws::VerifiedJws;
use crate::key_set::{Key, KeySet};
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::token::{Header, Segments, UnverifiedToken};
use crate::verified_tokens::{Remembered, VerifiedTokens};

/// The inputs of a verification, and what its rows have found so far.
pub(crate) struct Case<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) raw: &'a [u8],
    /// One an issuer.
    pub(crate) policies: &'a [Policy],
    pub(crate) keys: &'a dyn Keys,
    pub(crate) expectations: &'a Expectations<'a>,
    /// What this very text was found to be before.
    pub(crate) known: Option<Remembered>,
    /// The policy of the token's issuer: the only one there is, or the one that `iss` chooses.
    pub(super) policy: Option<&'a Policy>,
    pub(super) segments: Option<Segments<'a>>,
    /// Until the signature is found good; then it is in `jws`.
    pub(super) token: Option<UnverifiedToken<'a>>,
    pub(super) facts: Option<&'static Facts>,
    /// The set that the candidates are from.
    pub(super) key_set: Option<&'a KeySet>,
    pub(super) candidates: Vec<&'a Key>,
    pub(crate) jws: Option<VerifiedJws>,
    /// What was odd, though no reason to refuse it.
    pub(crate) warnings: Vec<Code>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        purpose: Purpose,
        raw: &'a [u8],
        policies: &'a [Policy],
        keys: &'a dyn Keys,
        expectations: &'a Expectations<'a>,
    ) -> Self {
        let policy = match policies {
            [only] => Some(only),
            _ => None,
        };
        Self {
            purpose,
            raw,
            policies,
            keys,
            expectations,
            known: None,
            policy,
            segments: None,
            token: None,
            facts: None,
            key_set: None,
            candidates: Vec::new(),
            jws: None,
            warnings: Vec::new(),
        }
    }

    /// A case whose token may be in a memory.
    pub(crate) fn with_memory(self, memory: Option<&VerifiedTokens>) -> Self {
        let known = memory.and_then(|memory| memory.find(self.raw));
        Self {
            known: known.cloned(),
            ..self
        }
    }

    /// A case whose token was taken apart before.
    pub(crate) fn with_token(self, token: UnverifiedToken<'a>) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }

    /// The rows for this kind of token.
    pub(crate) fn checks(&self) -> impl Iterator<Item = &'static Check> + use<> {
        let purpose = self.purpose;
        let is_for = move |check: &&Check| check.purposes.contains(&purpose);
        CHECKS.iter().filter(is_for)
    }

    /// The policy of the token's issuer.
    pub(crate) fn policy(&self) -> Result<&'a Policy, Finding> {
        self.policy
            .ok_or(Finding::Skip("no policy is for this issuer"))
    }

    /// The header, verified or, in a report only, not.
    pub(crate) fn header(&self) -> Result<&Header, Finding> {
        let unverified = || self.token.as_ref().map(UnverifiedToken::header);
        let header = self
            .jws
            .as_ref()
            .map(VerifiedJws::header)
            .or_else(unverified);
        header.ok_or(Finding::Skip("the header could not be read"))
    }

    /// The payload, verified or, in a report only, not.
    pub(crate) fn payload(&self) -> Result<Value<'_>, Finding> {
        let unverified = || self.token.as_ref()?.payload().ok();
        let payload = self
            .jws
            .as_ref()
            .map(VerifiedJws::payload)
            .or_else(unverified);
        Ok(payload
            .ok_or(Finding::Skip("the claims could not be read"))?
            .root())
    }

    /// A claim, if the payload has it.
    pub(crate) fn claim(&self, name: &str) -> Result<Option<Value<'_>>, Finding> {
        Ok(self.payload()?.get(name))
    }

    pub(crate) fn facts(&self) -> Result<&'static Facts, Finding> {
        self.facts
            .ok_or(Finding::Skip("the algorithm is not known"))
    }
}
