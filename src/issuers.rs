//! Several issuers, each with keys of its own.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Rejection};
use crate::key_set::KeySet;
use crate::limits::Limits;
use crate::policy::Policy;

/// The policies of several issuers; the token's `iss` chooses among them.
#[derive(Clone, Debug)]
pub struct Issuers {
    policies: Vec<Policy>,
}

impl Issuers {
    /// Takes one policy for each issuer.
    ///
    /// # Errors
    /// `config_issuer` when there is none, or two could be for the same token.
    pub fn new(policies: Vec<Policy>) -> Result<Self, Rejection> {
        // Compared one by one: lists are short, and sorting strings weighs 2 KB in the wasm.
        let issuers: Vec<_> = policies.iter().map(Policy::issuers).collect();
        let is_shared = |at: usize, issuer: &String| {
            let others = issuers.iter().enumerate().filter(|(other, _)| *other != at);
            others
                .into_iter()
                .any(|(_, others)| others.contains(issuer))
        };
        let mut all = issuers.iter().enumerate();
        if policies.is_empty()
            || all.any(|(at, own)| own.iter().any(|issuer| is_shared(at, issuer)))
        {
            let hint = "each issuer needs exactly one policy";
            return Err(Rejection::new(Code::ConfigIssuer, hint));
        }
        Ok(Self { policies })
    }

    /// The policies.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The bounds on the keys of an issuer, named as in its policy.
    #[must_use]
    pub fn limits_of(&self, issuer: &str) -> Limits {
        let policy = match &*self.policies {
            [only] => Some(only),
            several => several.iter().find(|policy| policy.issuer == issuer),
        };
        policy
            .map(|policy| policy.limits.clone())
            .unwrap_or_default()
    }

    /// The longest token that any of the policies allows, in bytes: the bound before the issuer is known.
    #[must_use]
    pub fn max_token_bytes(&self) -> usize {
        max_token_bytes(&self.policies)
    }
}

pub(crate) fn max_token_bytes(policies: &[Policy]) -> usize {
    let each = policies.iter().map(|policy| policy.limits.max_token_bytes);
    each.max().unwrap_or(0)
}

/// Where the keys of an issuer are found. A key is looked for in the set of the token's issuer and nowhere else: the same
/// `kid` in another issuer's set is irrelevant.
pub trait Keys {
    /// The keys of the issuer that a policy names; for a templated issuer, its template.
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet>;

    /// Whether this is one set, given without the name of its issuer. A verifier of several issuers refuses it: whoever
    /// owns a key of it could sign for all of them.
    fn is_of_one_issuer(&self) -> bool {
        false
    }

    /// What a token is refused with when there is no set for its issuer.
    fn missing(&self) -> Rejection {
        let hint = "there is no key set for this issuer";
        Rejection::new(Code::ConfigInvalidOption, hint)
    }
}

/// One set for one issuer.
impl Keys for KeySet {
    fn of_issuer(&self, _: &str) -> Option<&KeySet> {
        Some(self)
    }

    fn is_of_one_issuer(&self) -> bool {
        true
    }
}

/// A set for each issuer.
impl Keys for BTreeMap<String, KeySet> {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        self.get(issuer)
    }
}
