//! `iss`: whose token this is. Read before the signature, because it chooses keys and policy; the signature then covers
//! the very bytes that were read.

use alloc::string::{String, ToString};

use super::{Case, Finding};
use crate::error::{Code, Rejection};

/// OpenID Connect Core 1.0 section 3.1.3.7 (2): exactly the configured text. No prefix (CVE-2024-53861), no array
/// (CVE-2025-30144), no normalisation.
pub(super) fn iss(case: &mut Case<'_>) -> Result<(), Finding> {
    let iss = case.claim("iss")?.ok_or(Code::IssMissing)?;
    let iss = iss.as_str().ok_or(Code::IssType)?;
    let policy = case.policy;
    if iss == policy.issuer || policy.issuer_aliases.iter().any(|alias| *alias == iss) {
        return Ok(());
    }
    Err(match near_miss(&iss, &policy.issuer) {
        Some(hint) => Rejection::new(Code::IssMismatch, hint).into(),
        None => Code::IssMismatch.into(),
    })
}

pub(super) fn expected(case: &Case<'_>) -> Option<String> {
    Some(case.policy.issuer.to_string())
}

/// What people stumble over. It helps, but it never passes.
fn near_miss(found: &str, expected: &str) -> Option<&'static str> {
    if found.trim_end_matches('/') == expected.trim_end_matches('/') {
        Some("differs only by a trailing slash")
    } else if found.eq_ignore_ascii_case(expected) {
        Some("differs only in upper and lower case")
    } else {
        None
    }
}
