//! `iss`: whose token this is. Read before the signature, because it chooses keys and policy; the signature then covers
//! the very bytes that were read.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
use crate::json::Value;
use crate::policy::{Policy, Tenants};

pub(super) const CODES: &[Code] = &[
    Code::IssMismatch,
    Code::IssMissing,
    Code::IssType,
    Code::IssUnknown,
    Code::IssTemplateMismatch,
    Code::TenantNotAllowed,
    Code::TokenTooLarge,
];

/// OpenID Connect Core 1.0 section 3.1.3.7 (2): exactly the configured text. No prefix (CVE-2024-53861), no array
/// (CVE-2025-30144), no normalisation. An issuer that is configured by its full name comes before a template.
pub(super) fn iss(case: &mut Case<'_>) -> Result<(), Finding> {
    let iss = case.claim("iss")?.ok_or(Code::IssMissing)?;
    let iss = iss.as_str().ok_or(Code::IssType)?;
    let policies = case.policies;
    let exact = policies
        .iter()
        .find(|policy| policy.tenants.is_none() && names(policy, &iss));
    let policy = match exact {
        Some(policy) => policy,
        None => of_tenant(policies, &iss)?,
    };
    // The bound before this was the largest of all policies.
    if case.raw.len() > policy.limits.max_token_bytes {
        return Err(Code::TokenTooLarge.into());
    }
    case.policy = Some(policy);
    Ok(())
}

/// The tenant is one that was let in by name: an issuer for everybody is no issuer at all.
fn of_tenant<'p>(policies: &'p [Policy], iss: &str) -> Result<&'p Policy, Finding> {
    let mut refusal = foreign(policies, iss);
    for policy in policies {
        let Some(tenants) = &policy.tenants else {
            continue;
        };
        match tenant(policy, iss) {
            Some(id) if tenants.allow.iter().any(|allowed| allowed == id) => return Ok(policy),
            Some(id) if Tenants::is_id(id) => refusal = Code::TenantNotAllowed.into(),
            Some(_) => refusal = Code::IssTemplateMismatch.into(),
            None => {}
        }
    }
    Err(refusal)
}

/// The same token's own claim names the tenant too (rule R65). Decided after the signature, as it is no part of the route.
pub(super) fn tenant_claim(case: &mut Case<'_>) -> Result<(), Finding> {
    let policy = case.policy()?;
    let tenants = policy.tenants.as_ref();
    let tenants = tenants.ok_or(Finding::Skip("the issuer is no template"))?;
    let iss = case
        .claim("iss")?
        .and_then(Value::as_str)
        .unwrap_or_default();
    let claim = case.claim(&tenants.claim)?.and_then(Value::as_str);
    if claim.is_some() && claim.as_deref() == tenant(policy, &iss) {
        Ok(())
    } else {
        Err(Code::IssTemplateMismatch.into())
    }
}

pub(super) fn expected(case: &Case<'_>) -> Option<String> {
    let issuers: Vec<&str> = case.policies.iter().map(|policy| &*policy.issuer).collect();
    Some(issuers.join(" or "))
}

fn names(policy: &Policy, iss: &str) -> bool {
    iss == policy.issuer || policy.issuer_aliases.iter().any(|alias| alias == iss)
}

/// What stands in the token's issuer where the template has its placeholder.
fn tenant<'i>(policy: &Policy, iss: &'i str) -> Option<&'i str> {
    let (before, after) = policy.template()?;
    iss.strip_prefix(before)?.strip_suffix(after)
}

fn foreign(policies: &[Policy], iss: &str) -> Finding {
    let [only] = policies else {
        let hint = policies
            .iter()
            .find_map(|policy| near_miss(iss, &policy.issuer));
        return with(Code::IssUnknown, hint);
    };
    with(Code::IssMismatch, near_miss(iss, &only.issuer))
}

fn with(code: Code, hint: Option<&'static str>) -> Finding {
    match hint {
        Some(hint) => Rejection::new(code, hint).into(),
        None => code.into(),
    }
}

/// What people stumble over. It helps, but it never passes.
fn near_miss(found: &str, expected: &str) -> Option<&'static str> {
    if found.trim_end_matches('/') == expected.trim_end_matches('/') {
        Some("differs only by a trailing slash")
    } else if found.eq_ignore_ascii_case(expected) {
        Some("differs only in upper and lower case")
    } else if found
        .strip_prefix("http://")
        .is_some_and(|rest| expected.strip_prefix("https://") == Some(rest))
    {
        Some("differs only by http in place of https")
    } else {
        None
    }
}
