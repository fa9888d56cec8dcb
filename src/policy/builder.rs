//! Building a policy, and all checks of one.

use alloc::collections::BinaryHeap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::{
    AcrLadder, Azp, KidAbsent, NonceTransform, Policy, SHash, Tenants, Tolerance, required,
};
use crate::alg;
use crate::error::{Code, Rejection};
use crate::limits::Limits;
use crate::options::{self, Spelling};
use crate::token::shown;
use crate::url;

/// A day. Providers issue ID Tokens for minutes to hours.
const MAX_LIFETIME: u64 = 24 * 60 * 60;

/// Collects the options of a [`Policy`]; [`PolicyBuilder::build`] checks them.
#[derive(Clone, Debug)]
pub struct PolicyBuilder {
    pub(super) policy: Policy,
    pub(super) algorithms: Vec<String>,
    pub(super) required_claims: Option<(String, Spelling)>,
    /// A list that demands something was given, and was empty.
    empty_demand: bool,
}

impl PolicyBuilder {
    pub(super) fn new(issuer: String, client_ids: Vec<String>) -> Self {
        Self {
            policy: Policy {
                issuer,
                issuer_aliases: Vec::new(),
                client_ids,
                trusted_audiences: Vec::new(),
                authorized_parties: Vec::new(),
                azp: Azp::default(),
                algorithms: Vec::new(),
                tolerance: Tolerance::default(),
                max_lifetime: MAX_LIFETIME,
                max_token_age: None,
                max_age: None,
                acr_values: Vec::new(),
                acr_ladder: None,
                amr_all: Vec::new(),
                amr_any: Vec::new(),
                required_claims: Vec::new(),
                s_hash: SHash::default(),
                tenants: None,
                nonce_transform: NonceTransform::default(),
                kid_absent: KidAbsent::default(),
                limits: Limits::default(),
            },
            // OpenID Connect Core 1.0 section 3.1.3.7 (7).
            algorithms: Vec::from([String::from("RS256")]),
            required_claims: None,
            empty_demand: false,
        }
    }

    /// An empty list would demand nothing, which nobody who writes it means.
    fn demand(&mut self, items: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
        let items = collect(items);
        self.empty_demand |= items.is_empty();
        items
    }

    /// Other spellings of the issuer that its tokens carry, such as Google's `accounts.google.com`.
    #[must_use]
    pub fn issuer_aliases(mut self, aliases: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.issuer_aliases = collect(aliases);
        self
    }

    /// All identifiers of this client; any one of them in `aud` is enough.
    #[must_use]
    pub fn client_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.client_ids = collect(ids);
        self
    }

    /// Audiences beside the client that a token may also have. Default: none.
    #[must_use]
    pub fn trusted_audiences(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.trusted_audiences = collect(names);
        self
    }

    /// Who may stand in `azp`. Default: the client.
    #[must_use]
    pub fn authorized_parties(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.authorized_parties = self.demand(ids);
        self
    }

    /// What is demanded of `azp`.
    #[must_use]
    pub fn azp(mut self, azp: Azp) -> Self {
        self.policy.azp = azp;
        self
    }

    /// The signature algorithms that the issuer uses. Default: `RS256`.
    #[must_use]
    pub fn algorithms(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.algorithms = collect(names);
        self
    }

    /// By how many seconds clocks may differ. Default: 60 each.
    #[must_use]
    pub fn clock_tolerance(mut self, tolerance: Tolerance) -> Self {
        self.policy.tolerance = tolerance;
        self
    }

    /// The longest time from `iat` to `exp`, in seconds. Default: a day.
    #[must_use]
    pub fn max_lifetime(mut self, seconds: u64) -> Self {
        self.policy.max_lifetime = seconds;
        self
    }

    /// The longest time since `iat`, in seconds. Default: not limited.
    #[must_use]
    pub fn max_token_age(mut self, seconds: u64) -> Self {
        self.policy.max_token_age = Some(seconds);
        self
    }

    /// The longest time since the user logged in, in seconds; makes `auth_time` mandatory. Default: not limited.
    #[must_use]
    pub fn max_age(mut self, seconds: u64) -> Self {
        self.policy.max_age = Some(seconds);
        self
    }

    /// Values of `acr`, any of which is enough. Default: not looked at.
    #[must_use]
    pub fn acr_values(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.acr_values = self.demand(values);
        self
    }

    /// Levels of `acr` in order, and the weakest that is enough; instead of `acr_values`.
    #[must_use]
    pub fn acr_ladder(mut self, ladder: AcrLadder) -> Self {
        self.policy.acr_ladder = Some(ladder);
        self
    }

    /// Methods that must all be in `amr`.
    #[must_use]
    pub fn amr_all(mut self, methods: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.amr_all = self.demand(methods);
        self
    }

    /// Methods of which one must be in `amr`.
    #[must_use]
    pub fn amr_any(mut self, methods: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy.amr_any = self.demand(methods);
        self
    }

    /// Claims that must be there, as a JSON object. Each member is the exact value (a string, a number, true, false), or
    /// an object with any of `any_of` (a list of such values), `contains` (a value that must be in the claim's array)
    /// and `glob` (text in which `*` stands for anything). `{"email": {}}` means that there must be one, other than null.
    #[must_use]
    pub fn required_claims(mut self, json: impl Into<String>) -> Self {
        self.required_claims = Some((json.into(), Spelling::Snake));
        self
    }

    /// What is demanded of `s_hash`.
    #[must_use]
    pub fn s_hash(mut self, s_hash: SHash) -> Self {
        self.policy.s_hash = s_hash;
        self
    }

    /// Makes the issuer a template: its placeholder, such as `{tenantid}`, is filled by the token's own `claim`, and only
    /// the tenants of the list are let in. With it, only issuer and subject together name a user.
    #[must_use]
    pub fn tenants(
        mut self,
        claim: impl Into<String>,
        allow: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.policy.tenants = Some(Tenants {
            claim: claim.into(),
            allow: collect(allow),
        });
        self
    }

    /// What the client did to the nonce before sending it. Default: nothing.
    #[must_use]
    pub fn nonce_transform(mut self, transform: NonceTransform) -> Self {
        self.policy.nonce_transform = transform;
        self
    }

    /// What to do with a token without `kid` when several keys fit. Default: refuse.
    #[must_use]
    pub fn kid_absent(mut self, choice: KidAbsent) -> Self {
        self.policy.kid_absent = choice;
        self
    }

    /// Bounds on sizes.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.policy.limits = limits;
        self
    }

    /// Checks the options.
    ///
    /// # Errors
    /// `config_issuer`, `config_audience`, `config_algorithms`, `config_skew` or `config_invalid_option`.
    pub fn build(self) -> Result<Policy, Rejection> {
        let mut policy = self.policy;
        check_issuer(&policy.issuer, policy.tenants.is_some())?;
        if policy.client_ids.is_empty() || policy.client_ids.iter().any(String::is_empty) {
            return Err(Code::ConfigAudience.into());
        }
        let lists = [
            &policy.issuer_aliases,
            &policy.trusted_audiences,
            &policy.authorized_parties,
            &policy.acr_values,
            &policy.amr_all,
            &policy.amr_any,
        ];
        let levels = policy.acr_ladder.iter().flat_map(|ladder| &ladder.levels);
        if lists
            .into_iter()
            .flatten()
            .chain(levels)
            .any(String::is_empty)
        {
            return Err(invalid("a list has an empty string"));
        }
        if self.empty_demand {
            return Err(invalid("a list that demands something is empty"));
        }
        if self.algorithms.is_empty() {
            return Err(Rejection::new(Code::ConfigAlgorithms, "the list is empty"));
        }
        for name in &self.algorithms {
            policy.algorithms.push(alg::facts(name).ok_or_else(|| {
                let hint = format!("{} cannot be verified here", shown(name));
                Rejection::new(Code::ConfigAlgorithms, hint)
            })?);
        }
        let Tolerance { exp, nbf, iat } = policy.tolerance;
        if exp.max(nbf).max(iat) > Tolerance::MAX {
            return Err(Rejection::new(
                Code::ConfigSkew,
                "the clock tolerance is at most 300 seconds",
            ));
        }
        if let Some((json, spelling)) = &self.required_claims {
            let document = options::parse(json.as_bytes())?;
            policy.required_claims = required::read(document.root(), *spelling)?;
        }
        check_tenants(&policy)?;
        if let Some(tenants) = &mut policy.tenants {
            // Sorted by a heap, as sorting a list of strings weighs 1.5 KB more in the wasm.
            let allow = BinaryHeap::from(mem::take(&mut tenants.allow));
            tenants.allow = allow.into_sorted_vec();
        }
        check_ladder(&policy)?;
        policy.limits.check()?;
        Ok(policy)
    }
}

fn collect(items: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}

fn invalid(hint: &'static str) -> Rejection {
    Rejection::new(Code::ConfigInvalidOption, hint)
}

/// OpenID Connect Core 1.0 section 2: https, a host, and neither query nor fragment.
fn check_issuer(issuer: &str, is_template: bool) -> Result<(), Rejection> {
    if issuer.contains('?') {
        return Err(Rejection::new(Code::ConfigIssuer, "it has a query"));
    }
    url::check(issuer, is_template).map_err(|hint| Rejection::new(Code::ConfigIssuer, hint))
}

/// One placeholder, and a list of tenants for it: an open template would let everybody's tenant in.
fn check_tenants(policy: &Policy) -> Result<(), Rejection> {
    let Some(tenants) = &policy.tenants else {
        return Ok(());
    };
    let count = |mark| policy.issuer.matches(mark).count();
    if count('{') != 1 || count('}') != 1 || policy.issuer.find('{') > policy.issuer.find('}') {
        return Err(Rejection::new(
            Code::ConfigIssuer,
            "with tenants it needs one {placeholder}",
        ));
    }
    if !policy.issuer_aliases.is_empty() {
        return Err(invalid("issuer_aliases do not go with tenants"));
    }
    if tenants.claim.is_empty()
        || tenants.allow.is_empty()
        || !tenants.allow.iter().all(|t| Tenants::is_id(t))
    {
        return Err(invalid(
            "tenants needs a claim, and a list of tenant ids (GUIDs) in allow",
        ));
    }
    Ok(())
}

fn check_ladder(policy: &Policy) -> Result<(), Rejection> {
    match &policy.acr_ladder {
        Some(_) if !policy.acr_values.is_empty() => {
            Err(invalid("acr_values or acr_ladder, not both"))
        }
        Some(ladder) if !ladder.levels.contains(&ladder.at_least) => {
            Err(invalid("acr_ladder.at_least must be one of its levels"))
        }
        Some(AcrLadder { levels, .. })
            if levels
                .iter()
                .enumerate()
                .any(|(at, level)| levels.iter().take(at).any(|other| other == level)) =>
        {
            Err(invalid("acr_ladder has a level twice"))
        }
        _ => Ok(()),
    }
}
