//! What one issuer's tokens must satisfy: validated once, never changed.

mod builder;
mod read;
mod required;

use alloc::string::String;
use alloc::vec::Vec;

use crate::alg::{self, Facts};
use crate::error::Rejection;
use crate::limits::Limits;
use crate::options::Spelling;

pub use builder::PolicyBuilder;
pub(crate) use required::RequiredClaim;

/// The rules for the tokens of one issuer. Immutable, so one verifier serves all threads and all requests.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) issuer: String,
    pub(crate) issuer_aliases: Vec<String>,
    /// Any of these is this client.
    pub(crate) client_ids: Vec<String>,
    pub(crate) trusted_audiences: Vec<String>,
    /// Empty: the client itself.
    pub(crate) authorized_parties: Vec<String>,
    pub(crate) azp: Azp,
    pub(crate) algorithms: Vec<&'static Facts>,
    pub(crate) tolerance: Tolerance,
    /// Seconds, as all durations below.
    pub(crate) max_lifetime: u64,
    pub(crate) max_token_age: Option<u64>,
    pub(crate) max_age: Option<u64>,
    pub(crate) acr_values: Vec<String>,
    pub(crate) acr_ladder: Option<AcrLadder>,
    pub(crate) amr_all: Vec<String>,
    pub(crate) amr_any: Vec<String>,
    pub(crate) required_claims: Vec<RequiredClaim>,
    pub(crate) s_hash: SHash,
    /// The issuer is a template, and these are who may fill it.
    pub(crate) tenants: Option<Tenants>,
    pub(crate) nonce_transform: NonceTransform,
    pub(crate) kid_absent: KidAbsent,
    pub(crate) limits: Limits,
}

impl Policy {
    /// Starts a policy. Issuer and client are what every token is checked against; there is no default for them.
    pub fn builder(issuer: impl Into<String>, client_id: impl Into<String>) -> PolicyBuilder {
        PolicyBuilder::new(issuer.into(), Vec::from([client_id.into()]))
    }

    /// Reads a policy from JSON.
    ///
    /// # Errors
    /// `config_*`; the hint names the option.
    pub fn from_json(text: impl AsRef<[u8]>, spelling: Spelling) -> Result<Self, Rejection> {
        read::policy(text.as_ref(), spelling)
    }

    /// For checking a signature alone: every algorithm of this build, and no issuer or client that a claim could equal.
    pub(crate) fn signature_only(limits: Limits) -> Self {
        let mut policy = PolicyBuilder::new(String::new(), Vec::new())
            .limits(limits)
            .policy;
        policy.algorithms = alg::TABLE.iter().collect();
        policy
    }

    /// What stands before and after the placeholder of an issuer that is a template.
    fn template(&self) -> Option<(&str, &str)> {
        self.tenants.as_ref()?;
        let (before, rest) = self.issuer.split_once('{')?;
        let (_, after) = rest.split_once('}')?;
        Some((before, after))
    }

    /// What stands in the token's issuer where the template has its placeholder.
    pub(crate) fn tenant<'i>(&self, iss: &'i str) -> Option<&'i str> {
        let (before, after) = self.template()?;
        iss.strip_prefix(before)?.strip_suffix(after)
    }

    /// Whether this policy is for the tokens of `iss`. The tenant is one that was let in by name: an issuer for everybody is
    /// no issuer at all.
    pub(crate) fn is_for(&self, iss: &str) -> bool {
        let Some(tenants) = &self.tenants else {
            return iss == self.issuer || self.issuer_aliases.iter().any(|alias| alias == iss);
        };
        let is_listed = |id| tenants.allow.binary_search_by(|one| one.as_str().cmp(id));
        self.tenant(iss).is_some_and(|id| is_listed(id).is_ok())
    }

    /// Every value of `iss` that this policy is for.
    pub(crate) fn issuers(&self) -> Vec<String> {
        match (self.template(), &self.tenants) {
            (Some((before, after)), Some(tenants)) => {
                let fill = |tenant: &String| [before, tenant, after].concat();
                tenants.allow.iter().map(fill).collect()
            }
            _ => self
                .issuer_aliases
                .iter()
                .chain([&self.issuer])
                .cloned()
                .collect(),
        }
    }

    /// The names of all options, in snake case.
    pub fn option_names() -> impl Iterator<Item = &'static str> {
        read::names()
    }

    /// The values of `acr` that are enough; empty when it is not looked at. For a challenge (RFC 9470 section 3).
    #[must_use]
    pub fn acr_values(&self) -> &[String] {
        match &self.acr_ladder {
            Some(ladder) => {
                let mut levels = ladder.levels.iter();
                let below = levels.position(|level| *level == ladder.at_least);
                ladder.levels.get(below.unwrap_or(0)..).unwrap_or(&[])
            }
            None => &self.acr_values,
        }
    }

    /// The longest time since the user logged in, in seconds, where it is limited.
    #[must_use]
    pub fn max_age(&self) -> Option<u64> {
        self.max_age
    }

    /// The bounds of this policy.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

/// Seconds by which clocks may differ (RFC 7519 section 4.1.4), one for each comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tolerance {
    /// How long after `exp` a token is still taken.
    pub exp: u16,
    /// How long before `nbf` a token is already taken.
    pub nbf: u16,
    /// How far `iat` and `auth_time` may lie in the future.
    pub iat: u16,
}

impl Tolerance {
    /// "A few minutes" (OpenID Connect Core 1.0 section 2), and below the six that the conformance suite's expired
    /// token is old.
    pub const MAX: u16 = 300;

    /// The same for all comparisons.
    #[must_use]
    pub const fn all(seconds: u16) -> Self {
        Self {
            exp: seconds,
            nbf: seconds,
            iat: seconds,
        }
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::all(60)
    }
}

/// What is demanded of `azp` (OpenID Connect Core 1.0 section 3.1.3.7 (4) and (5)).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Azp {
    /// Not looked at.
    Ignore,
    /// If present, it is one of the authorized parties.
    #[default]
    IfPresentEquals,
    /// The same, and present when there are several audiences.
    RequireWhenMultiAud,
}

/// Levels of login in order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AcrLadder {
    /// `acr` values from the weakest to the strongest.
    pub levels: Vec<String>,
    /// The weakest level that is enough; one of `levels`.
    pub at_least: String,
}

/// What is demanded of `s_hash` (FAPI 1.0 Advanced section 5.1.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SHash {
    /// If present, and the state is given, they fit.
    #[default]
    IfPresent,
    /// It is present; a detached signature over the response.
    Required,
}

/// The tenants of an issuer that is a template, such as `https://login.example/{tenantid}/v2.0`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tenants {
    /// The claim that names the tenant, such as `tid`.
    pub claim: String,
    /// The tenants that are let in, in order; each 36 characters of hexadecimal digits and hyphens.
    pub allow: Vec<String>,
}

impl Tenants {
    /// Whether `text` has the form of a tenant's name, so that nothing else can stand in an issuer's place.
    pub(crate) fn is_id(text: &str) -> bool {
        text.len() == 36
            && text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    }
}

/// What the client did to the nonce before sending it (OpenID Connect Core 1.0 section 15.5.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum NonceTransform {
    /// Nothing.
    #[default]
    Plain,
    /// base64url(SHA-256(nonce)).
    Sha256B64url,
    /// hex(SHA-256(nonce)), as with Apple and Firebase.
    Sha256Hex,
}

/// What to do with a token without `kid` when several keys fit (OpenID Connect Core 1.0 section 10.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum KidAbsent {
    /// Refuse: the provider must name the key.
    #[default]
    RejectIfMany,
    /// Try them, at most [`Limits::max_key_trials`].
    TryAll,
}
