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
];

/// OpenID Connect Core 1.0 section 3.1.3.7 (2): exactly the configured text. No prefix (CVE-2024-53861), no array
/// (CVE-2025-30144), no normalisation.
pub(super) fn iss(case: &mut Case<'_>) -> Result<(), Finding> {
    let payload = case.payload()?;
    let iss = payload.get("iss").ok_or(Code::IssMissing)?;
    let iss = iss.as_str().ok_or(Code::IssType)?;
    for policy in case.policies {
        match &policy.tenants {
            Some(tenants) => {
                if let Some(tenant) = tenant(&policy.issuer, &iss) {
                    check_tenant(tenants, tenant, payload)?;
                    case.policy = Some(policy);
                    return Ok(());
                }
            }
            None if names(policy, &iss) => {
                case.policy = Some(policy);
                return Ok(());
            }
            None => {}
        }
    }
    Err(foreign(case.policies, &iss))
}

pub(super) fn expected(case: &Case<'_>) -> Option<String> {
    let issuers: Vec<&str> = case.policies.iter().map(|policy| &*policy.issuer).collect();
    Some(issuers.join(" or "))
}

fn names(policy: &Policy, iss: &str) -> bool {
    iss == policy.issuer || policy.issuer_aliases.iter().any(|alias| alias == iss)
}

/// What stands in the token's issuer where the template has its placeholder.
fn tenant<'i>(template: &str, iss: &'i str) -> Option<&'i str> {
    let (before, rest) = template.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    iss.strip_prefix(before)?.strip_suffix(after)
}

/// The placeholder is filled by the same token's own claim, and the tenant is one that was let in by name: an issuer for
/// everybody is no issuer at all.
fn check_tenant(tenants: &Tenants, tenant: &str, payload: Value<'_>) -> Result<(), Finding> {
    let claim = payload.get(&tenants.claim).and_then(Value::as_str);
    if claim.as_deref() != Some(tenant) || !Tenants::is_id(tenant) {
        return Err(Code::IssTemplateMismatch.into());
    }
    if tenants.allow.iter().any(|allowed| allowed == tenant) {
        Ok(())
    } else {
        Err(Code::TenantNotAllowed.into())
    }
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
