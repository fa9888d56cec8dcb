//! `exp`, `nbf`, `iat`: all compared as the numbers they are; a NumericDate may have a fraction (RFC 7519 section 2).

use alloc::format;
use alloc::string::String;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
use crate::time::looks_like_milliseconds;

const MILLISECONDS: &str = "it looks like milliseconds";

/// OpenID Connect Core 1.0 section 3.1.3.7 (9): now is before `exp`, so equality is too late.
pub(super) fn exp(case: &mut Case<'_>) -> Result<(), Finding> {
    let exp = case.claim("exp")?.ok_or(Code::ExpMissing)?;
    let exp = exp
        .number()
        .ok_or(Code::ExpType)?
        .map_err(|_| Code::ExpRange)?;
    if exp < 0.0 {
        return Err(Code::ExpRange.into());
    }
    let late_by = now(case) - exp;
    if late_by < f64::from(case.policy()?.tolerance.exp) {
        return Ok(());
    }
    Err(off(Code::ExpExpired, "it expired", late_by, "ago"))
}

pub(super) fn expected_exp(case: &Case<'_>) -> Option<String> {
    let tolerance = case.policy().ok()?.tolerance.exp;
    let earliest = case
        .expectations
        .now
        .as_secs()
        .saturating_sub(tolerance.into());
    Some(format!("after {earliest} (now less {tolerance} s)"))
}

/// RFC 7519 section 4.1.5: optional; now is not before it.
pub(super) fn nbf(case: &mut Case<'_>) -> Result<(), Finding> {
    let nbf = number(case, "nbf", Code::NbfType)?.ok_or(Finding::Skip("there is no nbf"))?;
    not_future(case, nbf, case.policy()?.tolerance.nbf, Code::NbfFuture)
}

pub(super) fn expected_nbf(case: &Case<'_>) -> Option<String> {
    Some(not_after(case, case.policy().ok()?.tolerance.nbf))
}

/// OpenID Connect Core 1.0 section 3.1.3.7 (10).
pub(super) fn iat(case: &mut Case<'_>) -> Result<(), Finding> {
    let iat = number(case, "iat", Code::IatType)?.ok_or(Code::IatMissing)?;
    not_future(case, iat, case.policy()?.tolerance.iat, Code::IatFuture)
}

pub(super) fn expected_iat(case: &Case<'_>) -> Option<String> {
    Some(not_after(case, case.policy().ok()?.tolerance.iat))
}

/// A token that lives for years is a mistake of the issuer, and a gift to whoever steals it.
pub(super) fn lifetime(case: &mut Case<'_>) -> Result<(), Finding> {
    let skip = || Finding::Skip("exp and iat could not be read");
    let exp = number(case, "exp", Code::ExpType)
        .ok()
        .flatten()
        .ok_or_else(skip)?;
    let iat = number(case, "iat", Code::IatType)
        .ok()
        .flatten()
        .ok_or_else(skip)?;
    if exp <= iat {
        return Err(Code::ExpBeforeIat.into());
    }
    if looks_like_milliseconds(exp) {
        return Err(Code::TimeLooksLikeMs.into());
    }
    let life = exp - iat;
    if life > seconds(case.policy()?.max_lifetime) {
        return Err(off(Code::ExpTooFar, "it lives for", life, "in all"));
    }
    Ok(())
}

pub(super) fn expected_lifetime(case: &Case<'_>) -> Option<String> {
    Some(format!(
        "after iat, by at most {} s",
        case.policy().ok()?.max_lifetime
    ))
}

/// OpenID Connect Core 1.0 section 3.1.3.7 (10): the client may refuse tokens that were issued too long ago.
pub(super) fn token_age(case: &mut Case<'_>) -> Result<(), Finding> {
    let most = case.policy()?.max_token_age;
    let most = most.ok_or(Finding::Skip("the policy sets no max_token_age"))?;
    let iat = number(case, "iat", Code::IatType).ok().flatten();
    let iat = iat.ok_or(Finding::Skip("iat could not be read"))?;
    not_older(case, iat, most, Code::IatTooOld)
}

pub(super) fn expected_token_age(case: &Case<'_>) -> Option<String> {
    case.policy()
        .ok()?
        .max_token_age
        .map(|most| format!("at most {most} s ago"))
}

/// A claim that is a number, if it is there.
pub(super) fn number(
    case: &Case<'_>,
    name: &str,
    wrong_type: Code,
) -> Result<Option<f64>, Finding> {
    let Some(value) = case.claim(name)? else {
        return Ok(None);
    };
    Ok(Some(value.number().ok_or(wrong_type)??))
}

pub(super) fn not_future(
    case: &Case<'_>,
    time: f64,
    tolerance: u16,
    code: Code,
) -> Result<(), Finding> {
    let early_by = time - now(case);
    if early_by <= f64::from(tolerance) {
        Ok(())
    } else if looks_like_milliseconds(time) {
        Err(Rejection::new(code, MILLISECONDS).into())
    } else {
        Err(off(code, "it lies", early_by, "ahead of this clock"))
    }
}

/// Clocks may differ here as elsewhere.
pub(super) fn not_older(case: &Case<'_>, time: f64, most: u64, code: Code) -> Result<(), Finding> {
    let age = now(case) - time;
    if age <= seconds(most) + f64::from(case.policy()?.tolerance.iat) {
        Ok(())
    } else {
        Err(off(code, "it lies", age, "back"))
    }
}

/// By how much, so that nobody has to subtract; none of the rows fails by less than nothing.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn off(code: Code, before: &str, seconds: f64, after: &str) -> Finding {
    let seconds = seconds as u64;
    Rejection::new(code, format!("{before} {seconds} s {after}")).into()
}

pub(super) fn not_after(case: &Case<'_>, tolerance: u16) -> String {
    let latest = case
        .expectations
        .now
        .as_secs()
        .saturating_add(tolerance.into());
    format!("at most {latest} (now plus {tolerance} s)")
}

fn now(case: &Case<'_>) -> f64 {
    case.expectations.now.as_f64()
}

/// Exact for all durations that anybody means: up to 2^53 seconds.
#[allow(clippy::cast_precision_loss)]
fn seconds(whole: u64) -> f64 {
    whole as f64
}
