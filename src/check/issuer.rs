//! `iss`: whose token this is. Read before the signature, because it chooses keys and policy; the signature then covers
//! the very bytes that were read.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
use crate::json::Value;
use crate::policy::{Policy, Tenants};
use crate::token::shown;

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
/// (CVE-2025-30144), no normalisation. No two policies are for the same issuer.
pub(super) fn iss(case: &mut Case<'_>) -> Result<(), Finding> {
    let iss = case.claim("iss")?.ok_or(Code::IssMissing)?;
    let iss = iss.as_str().ok_or(Code::IssType)?;
    let policies = case.policies;
    let policy = policies.iter().find(|policy| policy.is_for(&iss));
    let policy = policy.ok_or_else(|| foreign(policies, &iss))?;
    // The bound before this was the largest of all policies.
    if case.raw.len() > policy.limits.max_token_bytes {
        return Err(Code::TokenTooLarge.into());
    }
    case.policy = Some(policy);
    Ok(())
}

/// The same token's own claim names the tenant too (rule R65). Decided after the signature, as it is no part of the route.
pub(super) fn tenant_claim(case: &mut Case<'_>) -> Result<(), Finding> {
    let policy = case.policy()?;
    let tenants = policy.tenants.as_ref();
    let tenants = tenants.ok_or(Finding::Skip("the issuer is no template"))?;
    let text = |name: &str| Ok::<_, Finding>(case.claim(name)?.and_then(Value::as_str));
    let iss = text("iss")?.unwrap_or_default();
    if !policy.is_for(&iss) {
        return Err(Finding::Skip("iss names no tenant that is let in"));
    }
    let problem = match text(&tenants.claim)? {
        Some(claim) if policy.tenant(&iss) == Some(&claim) => return Ok(()),
        Some(_) => "differs from the tenant in iss",
        None => "is missing or no string",
    };
    let hint = format!("{} {problem}", shown(&tenants.claim));
    Err(Rejection::new(Code::IssTemplateMismatch, hint).into())
}

pub(super) fn expected_tenant(case: &Case<'_>) -> Option<String> {
    let tenants = case.policy().ok()?.tenants.as_ref()?;
    Some(format!(
        "{} equal to the tenant in iss",
        shown(&tenants.claim)
    ))
}

pub(super) fn expected(case: &Case<'_>) -> Option<String> {
    let name = |policy: &Policy| match &policy.tenants {
        Some(tenants) => format!(
            "{} (tenants let in: {})",
            policy.issuer,
            tenants.allow.len()
        ),
        None => policy.issuer.clone(),
    };
    let issuers: Vec<_> = case.policies.iter().map(name).collect();
    Some(issuers.join(" or "))
}

/// Why none of the policies is for this issuer.
#[cold]
fn foreign(policies: &[Policy], iss: &str) -> Rejection {
    let tenant = |policy: &Policy| policy.tenant(iss).map(Tenants::is_id);
    let (code, hint) = match policies.iter().filter_map(tenant).next_back() {
        Some(true) => (
            Code::TenantNotAllowed,
            Some("the tenant in iss is not in tenants.allow"),
        ),
        Some(false) => (
            Code::IssTemplateMismatch,
            Some("what stands in iss for the placeholder is no tenant id (GUID)"),
        ),
        None => {
            let near = |policy: &Policy| near_miss(iss, &policy.issuer);
            let code = match policies {
                [_] => Code::IssMismatch,
                _ => Code::IssUnknown,
            };
            (code, policies.iter().find_map(near))
        }
    };
    Rejection::hinted(code, hint)
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
    } else if differs_by_tenant(found, expected) {
        Some("differs only by a tenant; for several tenants configure a {placeholder} and tenants")
    } else {
        None
    }
}

/// Whether all that differs is a tenant's id, where the policy has a word such as `common`.
fn differs_by_tenant(found: &str, expected: &str) -> bool {
    let mut pairs = found.split('/').zip(expected.split('/'));
    found.matches('/').count() == expected.matches('/').count()
        && pairs.all(|(found, expected)| found == expected || Tenants::is_id(found))
}
