//! Algorithm, key, signature: in this order, so that nothing is computed for a token that no key can have signed.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
use crate::jws::VerifiedJws;
use crate::key_set::{Found, Key, KeySet};
use crate::policy::KidAbsent;
use crate::token::{shown, shown_kid};

pub(super) const SIGNATURE: &[Code] = &[
    Code::SignatureInvalid,
    Code::SignatureMissing,
    Code::SignatureLength,
    Code::Base64Invalid,
    Code::Base64TrailingBits,
];

/// RFC 8725 section 3.1: the header only chooses among what the policy allows.
pub(super) fn alg_allowed(case: &mut Case<'_>) -> Result<(), Finding> {
    let alg = case.header()?.alg();
    let alg = alg.ok_or(Finding::Skip("the header names no algorithm"))?;
    let allowed = case.policy()?.algorithms.iter().copied();
    let facts = allowed.into_iter().find(|facts| facts.is_called(&alg));
    let refused = || {
        Rejection::new(
            Code::AlgNotAllowed,
            format!("the token has {}", shown(&alg)),
        )
    };
    case.facts = Some(facts.ok_or_else(refused)?);
    Ok(())
}

pub(super) fn expected_alg(case: &Case<'_>) -> Option<String> {
    let names: Vec<_> = case
        .policy()
        .ok()?
        .algorithms
        .iter()
        .map(|facts| facts.name)
        .collect();
    Some(names.join(", "))
}

/// The key that the token names, among the issuer's own, for this algorithm.
pub(super) fn key(case: &mut Case<'_>) -> Result<(), Finding> {
    let (facts, policy) = (case.facts()?, case.policy()?);
    let issuer = case.claim("iss")?.and_then(|iss| iss.as_str());
    let kid = case.header()?.kid();
    if case.policies.len() > 1 && case.keys.is_of_one_issuer() {
        let hint = "with several issuers the keys are given by issuer";
        return Err(Rejection::new(Code::ConfigInvalidOption, hint).into());
    }
    let keys = case.keys.of_issuer(&policy.issuer);
    let keys = keys.ok_or_else(|| case.keys.missing(&policy.issuer))?;
    let issuers = [issuer.as_deref().unwrap_or_default(), &policy.issuer];
    let candidates = match keys.find(&issuers, kid.as_deref(), facts) {
        Found::Keys(candidates) => candidates,
        Found::OfAnotherAlgorithm(named) => {
            let alg = case.header()?.alg().unwrap_or_default();
            return Err(mismatch(kid.as_deref().unwrap_or_default(), &named, &alg));
        }
        Found::Nothing => return Err(not_found(keys, kid.as_deref())),
    };
    match (&kid, candidates.len()) {
        (_, 1) => {}
        (None, _) if policy.kid_absent == KidAbsent::RejectIfMany => {
            return Err(Rejection::new(Code::KeyAmbiguous, "the token has no kid").into());
        }
        (_, many) if many > policy.limits.max_key_trials => {
            return Err(Rejection::new(Code::KeyAmbiguous, "more keys than max_key_trials").into());
        }
        _ => {}
    }
    // Asked for once: the next answer of a rotating holder may be another set.
    case.key_set = Some(keys);
    case.candidates = candidates;
    Ok(())
}

/// A key of that name is there, but for another algorithm.
#[cold]
fn mismatch(kid: &str, named: &[&Key], alg: &str) -> Finding {
    let algorithms: Vec<_> = named.iter().flat_map(|key| key.algorithms()).collect();
    let (kid, algorithms) = (shown_kid(kid), algorithms.join(", "));
    let hint = format!("kid {kid} is for {algorithms}; the token says {alg}");
    Rejection::new(Code::AlgKeyMismatch, hint).into()
}

/// There is no such key, and the provider may have rotated.
#[cold]
fn not_found(keys: &KeySet, kid: Option<&str>) -> Finding {
    let Some(kid) = kid else {
        let hint = "the token has no kid, and no key of the set is for its issuer and algorithm";
        return Rejection::new(Code::KeyNotFound, hint).into();
    };
    if keys.keys().iter().any(|key| key.kid() == Some(kid)) {
        let hint = "the set has that kid, but its JWK is for another issuer; perhaps this is the set of all tenants";
        return Rejection::new(Code::KeyNotFound, hint).into();
    }
    let shown = shown_kid(kid);
    let left_out = keys
        .skipped()
        .iter()
        .find(|skipped| skipped.kid.as_deref() == Some(kid));
    let hint = match left_out {
        Some(skipped) => format!("kid {shown} was left out: {}", skipped.code.name()),
        None => format!(
            "kid {shown} is not among {}; the provider may have rotated",
            kids(keys)
        ),
    };
    Rejection::new(Code::KeyNotFound, hint).into()
}

pub(super) fn expected_key(case: &Case<'_>) -> Option<String> {
    let keys = case.keys.of_issuer(&case.policy().ok()?.issuer)?;
    Some(format!("one of {}", kids(keys)))
}

fn kids(keys: &KeySet) -> String {
    const MOST: usize = 8;
    let first = keys.keys().iter().take(MOST);
    let mut kids: Vec<_> = first.map(kid_of).collect();
    if keys.len() > MOST {
        kids.push("others".into());
    }
    kids.join(", ")
}

pub(super) fn signature(case: &mut Case<'_>) -> Result<(), Finding> {
    if case.candidates.is_empty() {
        return Err(Finding::Skip("there is no key to verify it with"));
    }
    let facts = case.facts()?;
    let keys = case.key_set.ok_or(Code::InternalError)?;
    let (candidates, known) = (&case.candidates, case.known.as_ref());
    case.jws = Some(VerifiedJws::verify(
        &mut case.token,
        facts,
        keys,
        candidates,
        known,
    )?);
    Ok(())
}

pub(super) fn expected_signature(case: &Case<'_>) -> Option<String> {
    let (key, others) = case.candidates.split_first()?;
    let alg = case.facts().ok()?.name;
    let others = if others.is_empty() { "" } else { " or others" };
    Some(format!("{alg} by {}{others}", kid_of(key)))
}

fn kid_of(key: &Key) -> String {
    key.kid().map_or("(no kid)".into(), shown_kid)
}
