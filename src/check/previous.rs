//! Against an earlier ID Token of the same login: the one that is refreshed, or the one from the front channel.

use super::{Case, Finding};
use crate::error::Code;
use crate::json::{Document, Value, equal};

pub(super) const REFRESH: &[Code] = &[
    Code::RefreshSub,
    Code::RefreshIss,
    Code::RefreshAud,
    Code::RefreshAuthTime,
    Code::RefreshNonce,
];

/// OpenID Connect Core 1.0 section 12.2: a refreshed ID Token speaks of the same user, client and login.
pub(super) fn refresh(case: &mut Case<'_>) -> Result<(), Finding> {
    let earlier = claims(&case.expectations.previous, "there is no previous token")?;
    let now = case.payload()?;
    same(earlier, now, "iss", Code::RefreshIss)?;
    same(earlier, now, "sub", Code::RefreshSub)?;
    same(earlier, now, "aud", Code::RefreshAud)?;
    if now.get("auth_time").is_some() {
        same(earlier, now, "auth_time", Code::RefreshAuthTime)?;
    }
    if now.get("nonce").is_some() {
        same(earlier, now, "nonce", Code::RefreshNonce)?;
    }
    Ok(())
}

/// Section 3.3.3.6: both ID Tokens of a hybrid login come from one issuer and are about one user.
pub(super) fn pair(case: &mut Case<'_>) -> Result<(), Finding> {
    let earlier = claims(
        &case.expectations.front_channel,
        "there is no token from the front channel",
    )?;
    let now = case.payload()?;
    same(earlier, now, "iss", Code::PairIssMismatch)?;
    same(earlier, now, "sub", Code::PairSubMismatch)
}

fn claims<'e>(
    earlier: &'e Option<Document>,
    otherwise: &'static str,
) -> Result<Value<'e>, Finding> {
    let earlier = earlier.as_ref().ok_or(Finding::Skip(otherwise))?;
    Ok(earlier.root())
}

fn same(earlier: Value<'_>, now: Value<'_>, name: &str, code: Code) -> Result<(), Finding> {
    match (earlier.get(name), now.get(name)) {
        (Some(earlier), Some(now)) if equal(earlier, now) => Ok(()),
        _ => Err(code.into()),
    }
}
