//! `at_hash`, `c_hash`, `s_hash`: that access token, code and state belong to this ID Token.

use alloc::format;
use alloc::string::String;

use subtle::ConstantTimeEq as _;

use super::{Case, Finding};
use crate::base64url;
use crate::error::{Code, Rejection};
use crate::policy::SHash;

/// OpenID Connect Core 1.0 sections 3.2.2.9 and 3.1.3.8.
pub(super) fn at_hash(case: &mut Case<'_>) -> Result<(), Finding> {
    let expectations = case.expectations;
    let is_mandatory = expectations.response_type.with_token;
    let missing = is_mandatory.then_some(Code::AtHashMissing);
    let token = expectations.access_token.as_deref();
    check(case, "at_hash", token, missing, Code::AtHashMismatch)
}

/// Section 3.3.2.10.
pub(super) fn c_hash(case: &mut Case<'_>) -> Result<(), Finding> {
    let expectations = case.expectations;
    let is_mandatory = expectations.response_type.with_code;
    let missing = is_mandatory.then_some(Code::CHashMissing);
    let code = expectations.code.as_deref();
    check(case, "c_hash", code, missing, Code::CHashMismatch)
}

/// FAPI 1.0 Advanced section 5.1.1.
pub(super) fn s_hash(case: &mut Case<'_>) -> Result<(), Finding> {
    let is_mandatory = case.policy()?.s_hash == SHash::Required;
    let missing = is_mandatory.then_some(Code::SHashMissing);
    let state = case.expectations.state.as_deref();
    if is_mandatory && state.is_none() {
        let hint = "the policy demands s_hash; pass the state of this login";
        return Err(Rejection::new(Code::ConfigInvalidOption, hint).into());
    }
    check(case, "s_hash", state, missing, Code::SHashMismatch)
}

pub(super) fn expected(case: &Case<'_>, what: &str) -> Option<String> {
    let hash = case.facts().ok()?.hash.name();
    Some(format!("the left half of the {hash} of the {what}"))
}

/// The left half of the hash of the ASCII text, by the hash of the token's own algorithm.
fn check(
    case: &Case<'_>,
    name: &str,
    text: Option<&str>,
    missing: Option<Code>,
    mismatch: Code,
) -> Result<(), Finding> {
    let (claim, text) = match (case.claim(name)?, text) {
        (Some(claim), Some(text)) => (claim, text),
        (None, _) => return Err(missing.map_or(Finding::Skip("it is absent"), Finding::from)),
        (Some(_), None) => return Err(Finding::Skip("there is nothing to compare it with")),
    };
    let digest = case.facts()?.hash.digest(text.as_bytes());
    let half = digest.get(..digest.len() / 2).unwrap_or_default();
    let found = base64url::decode(&*claim.as_str().unwrap_or_default());
    match found.is_ok_and(|found| found.ct_eq(half).into()) {
        true => Ok(()),
        false => Err(mismatch.into()),
    }
}
