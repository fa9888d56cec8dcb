//! Who the token is about, and what the policy demands of the other claims.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
use crate::json::Value;
use crate::limits::Limits;
use crate::policy::RequiredClaim;
use crate::token::shown;

/// OpenID Connect Core 1.0 section 2: at most 255 ASCII characters. NUL is one, but cuts the text for many a reader.
pub(super) fn sub(case: &mut Case<'_>) -> Result<(), Finding> {
    let sub = case.claim("sub")?.ok_or(Code::SubMissing)?;
    let sub = sub.as_str().ok_or(Code::SubInvalid)?;
    if sub.is_ascii() && !sub.contains('\0') && (1..=Limits::MAX_SUB_CHARS).contains(&sub.len()) {
        Ok(())
    } else {
        Err(Code::SubInvalid.into())
    }
}

/// Claims of the policy, each as it demands. The first that fails gives the code; the hint names all, in the policy's own
/// words.
pub(super) fn required_claims(case: &mut Case<'_>) -> Result<(), Finding> {
    let required = &case.policy()?.required_claims;
    match required.is_empty() {
        true => Err(Finding::Skip("the policy requires no further claims")),
        false => are_met(required, case.payload()?),
    }
}

#[inline(never)]
fn are_met(required: &[RequiredClaim], payload: Value<'_>) -> Result<(), Finding> {
    let mut first: Option<(Code, &str)> = None;
    let mut faults = String::new();
    for RequiredClaim { name, demand, .. } in required {
        let found = payload.get(name);
        let fault = match found {
            Some(found) if demand.is_met_by(found) => continue,
            Some(found) if !demand.is_of_type(found) => " has another type",
            Some(_) => " is not as required",
            None => " is missing",
        };
        let code = found.map_or(Code::ClaimMissing, |_| Code::ClaimMismatch);
        match first {
            Some(_) => faults.push_str(", "),
            None => first = Some((code, name)),
        }
        faults.push_str(&shown(name));
        faults.push_str(fault);
    }
    match first {
        Some((code, name)) => Err(Rejection::new(code, faults).of_claim(name).into()),
        None => Ok(()),
    }
}

pub(super) fn expected_claims(case: &Case<'_>) -> Option<String> {
    let required = &case.policy().ok()?.required_claims;
    let demand = |claim: &RequiredClaim| format!("{}: {}", shown(&claim.name), claim.text);
    let demands: Vec<_> = required.iter().map(demand).collect();
    (!demands.is_empty()).then(|| demands.join(", "))
}

/// OpenID Connect Core 1.0 section 5.6.2: pointers to claims elsewhere are never followed.
pub(super) fn distributed_claims(case: &mut Case<'_>) -> Result<(), Finding> {
    let payload = case.payload()?;
    let is_there = |name| payload.get(name).is_some();
    match is_there("_claim_names") || is_there("_claim_sources") {
        true => Err(Finding::Warn(Code::DistributedClaimsPresent.into())),
        false => Ok(()),
    }
}
