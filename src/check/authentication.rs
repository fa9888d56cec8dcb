//! `auth_time`, `acr`, `amr`: when and how the user logged in. A failure here asks for a new login, not for a new token
//! (RFC 9470).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::lifetime::{not_future, not_older, number};
use super::{Case, Finding};
use crate::error::Code;
use crate::json::{Kind, Value};
use crate::policy::Policy;

/// OpenID Connect Core 1.0 section 3.1.3.7 (13). A `max_age` of 0 is legal: the user must have logged in just now.
pub(super) fn auth_time(case: &mut Case<'_>) -> Result<(), Finding> {
    let most = case.policy()?.max_age;
    let most = most.ok_or(Finding::Skip("the policy sets no max_age"))?;
    let time = number(case, "auth_time", Code::AuthTimeType)?.ok_or(Code::AuthTimeMissing)?;
    not_future(
        case,
        time,
        case.policy()?.tolerance.iat,
        Code::AuthTimeFuture,
    )?;
    not_older(case, time, most, Code::AuthTimeTooOld)
}

pub(super) fn expected_auth_time(case: &Case<'_>) -> Option<String> {
    case.policy()
        .ok()?
        .max_age
        .map(|most| format!("at most {most} s ago"))
}

/// Section 3.1.3.7 (12). The value `0` says that the login means nothing (section 2), so it satisfies no policy.
pub(super) fn acr(case: &mut Case<'_>) -> Result<(), Finding> {
    let accepted = accepted_levels(case.policy()?);
    if accepted.is_empty() {
        return Err(Finding::Skip("the policy demands no acr"));
    }
    let acr = case.claim("acr")?.ok_or(Code::AcrMissing)?;
    let acr = acr.as_str().ok_or(Code::AcrInsufficient)?;
    if acr != "0" && accepted.iter().any(|level| *level == acr) {
        Ok(())
    } else {
        Err(Code::AcrInsufficient.into())
    }
}

pub(super) fn expected_acr(case: &Case<'_>) -> Option<String> {
    let accepted = accepted_levels(case.policy().ok()?);
    (!accepted.is_empty()).then(|| accepted.join(" or "))
}

/// Any of a list, or one rung of a ladder and all above it.
fn accepted_levels(policy: &Policy) -> &[String] {
    let Some(ladder) = &policy.acr_ladder else {
        return &policy.acr_values;
    };
    let lowest = ladder
        .levels
        .iter()
        .position(|level| *level == ladder.at_least);
    lowest
        .and_then(|at| ladder.levels.get(at..))
        .unwrap_or_default()
}

/// OpenID Connect Core 1.0 section 2, RFC 8176.
pub(super) fn amr(case: &mut Case<'_>) -> Result<(), Finding> {
    let (all, any) = (&case.policy()?.amr_all, &case.policy()?.amr_any);
    if all.is_empty() && any.is_empty() {
        return Err(Finding::Skip("the policy demands no amr"));
    }
    let amr = case.claim("amr")?.ok_or(Code::AmrInsufficient)?;
    let used: Option<Vec<Cow<'_, str>>> = match amr.kind() {
        Kind::Array => amr.items().map(Value::as_str).collect(),
        _ => None,
    };
    let used = used.ok_or(Code::AmrType)?;
    let is_used = |method: &String| used.iter().any(|used| used == method);
    if all.iter().all(is_used) && (any.is_empty() || any.iter().any(is_used)) {
        Ok(())
    } else {
        Err(Code::AmrInsufficient.into())
    }
}

pub(super) fn expected_amr(case: &Case<'_>) -> Option<String> {
    let (all, any) = (&case.policy().ok()?.amr_all, &case.policy().ok()?.amr_any);
    match (all.is_empty(), any.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("all of {}", all.join(", "))),
        (true, false) => Some(format!("one of {}", any.join(", "))),
        (false, false) => Some(format!(
            "all of {}; one of {}",
            all.join(", "),
            any.join(", ")
        )),
    }
}
