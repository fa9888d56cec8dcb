//! Several issuers, each with keys of its own.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::borrow::Borrow;

use crate::error::{Code, Rejection};
use crate::key_set::KeySet;
use crate::limits::Limits;
use crate::policy::Policy;

/// The policies of several issuers; the token's `iss` chooses among them.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use idtoken::{Expectations, IdToken, Issuers, KeySet, Policy, Rejection, Verifier};
/// # fn verify(raw: &str, keys: [&KeySet; 2], expectations: &Expectations<'_>) -> Result<IdToken, Rejection> {
/// # let [work_keys, shop_keys] = keys;
/// let work = Policy::builder("https://work.example", "my-client").build()?;
/// let shop = Policy::builder("https://shop.example", "my-other-client").build()?;
/// let issuers = Issuers::new(vec![work, shop])?;
/// // Each issuer's tokens are verified with its own keys only. The sets may be owned, borrowed or in an `Arc`.
/// let keys = BTreeMap::from([("https://work.example", work_keys), ("https://shop.example", shop_keys)]);
/// Verifier::of_issuers(&issuers).verify(raw, &keys, expectations)
/// # }
/// ```
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
        let is_shared = |(at, policy): (usize, &Policy)| {
            let others = || policies.iter().skip(at.saturating_add(1));
            let is_taken = |iss: &String| others().any(|other| other.is_for(iss));
            // Two policies of one template could not be told apart by what `Keys` is asked for.
            others().any(|other| other.issuer == policy.issuer)
                || policy.issuers().iter().any(is_taken)
        };
        let hint = if policies.is_empty() {
            "the list of policies is empty"
        } else if policies.iter().enumerate().any(is_shared) {
            "each issuer needs exactly one policy"
        } else {
            return Ok(Self { policies });
        };
        Err(Rejection::new(Code::ConfigIssuer, hint))
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

    /// What a token is refused with when there is no set for this issuer.
    fn missing(&self, issuer: &str) -> Rejection {
        no_set(issuer)
    }
}

fn no_set(issuer: &str) -> Rejection {
    let hint = format!("there is no key set for {issuer}");
    Rejection::new(Code::ConfigInvalidOption, hint)
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

/// A set for each issuer, owned or shared.
impl<N: Borrow<str> + Ord, S: Borrow<KeySet>> Keys for BTreeMap<N, S> {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        self.get(issuer).map(S::borrow)
    }
}
