//! Who the token is about, and what the policy demands of the other claims.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
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
    if required.is_empty() {
        return Err(Finding::Skip("the policy requires no further claims"));
    }
    let payload = case.payload()?;
    let mut first = None;
    let mut faults = Vec::new();
    for RequiredClaim { name, requirement } in required {
        let (code, fault) = match payload.get(name) {
            Some(found) if requirement.is_met_by(found) => continue,
            Some(_) => (Code::ClaimMismatch, "is not as required"),
            None => (Code::ClaimMissing, "is missing"),
        };
        first = first.or(Some(code));
        faults.push(format!("{} {fault}", shown(name)));
    }
    match first {
        Some(code) => Err(Rejection::new(code, faults.join(", ")).into()),
        None => Ok(()),
    }
}

pub(super) fn expected_claims(case: &Case<'_>) -> Option<String> {
    let required = &case.policy().ok()?.required_claims;
    let names: Vec<_> = required.iter().map(|claim| shown(&claim.name)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// OpenID Connect Core 1.0 section 5.6.2: pointers to claims elsewhere are never followed.
pub(super) fn distributed_claims(case: &mut Case<'_>) -> Result<(), Finding> {
    let payload = case.payload()?;
    let is_there = |name| payload.get(name).is_some();
    match is_there("_claim_names") || is_there("_claim_sources") {
        true => Err(Finding::Warn(Code::DistributedClaimsPresent)),
        false => Ok(()),
    }
}
