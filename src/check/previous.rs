//! Against an earlier ID Token of the same login: the one that is refreshed, or the one from the front channel.

use super::audience::audiences;
use super::{Case, Finding};
use crate::error::Code;
use crate::json::{Document, Value, equal};
use crate::policy::Azp;

pub(super) const REFRESH: &[Code] = &[
    Code::RefreshSub,
    Code::RefreshIss,
    Code::RefreshAud,
    Code::RefreshAzp,
    Code::RefreshAuthTime,
    Code::RefreshNonce,
];

/// OpenID Connect Core 1.0 section 12.2: a refreshed ID Token speaks of the same user, client and login.
pub(super) fn refresh(case: &mut Case<'_>) -> Result<(), Finding> {
    let earlier = claims(&case.expectations.previous, "there is no previous token")?;
    is_refreshed(earlier, case.payload()?, case.policy()?.azp)
}

#[inline(never)]
fn is_refreshed(earlier: Value<'_>, now: Value<'_>, azp: Azp) -> Result<(), Finding> {
    same(earlier, now, "iss", Code::RefreshIss)?;
    same(earlier, now, "sub", Code::RefreshSub)?;
    if !has_same_audience(earlier, now) {
        return Err(Code::RefreshAud.into());
    }
    // The one or none, and the same.
    if azp != Azp::Ignore && (earlier.get("azp").is_some() || now.get("azp").is_some()) {
        same(earlier, now, "azp", Code::RefreshAzp)?;
    }
    if now.get("auth_time").is_some() {
        // A microsecond apart is the same time, written by another writer of JSON.
        match (time(earlier), time(now)) {
            (Some(earlier), Some(now)) if (earlier - now).abs() < 1e-6 => {}
            _ => return Err(Code::RefreshAuthTime.into()),
        }
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

fn time(claims: Value<'_>) -> Option<f64> {
    claims.get("auth_time")?.as_f64()
}

/// The order of audiences says nothing, nor does a list of one.
fn has_same_audience(earlier: Value<'_>, now: Value<'_>) -> bool {
    let read = |aud: Option<_>| audiences(aud?).ok();
    match (read(earlier.get("aud")), read(now.get("aud"))) {
        (Some(earlier), Some(now)) => {
            earlier.iter().all(|name| now.contains(name))
                && now.iter().all(|name| earlier.contains(name))
        }
        _ => false,
    }
}

fn same(earlier: Value<'_>, now: Value<'_>, name: &str, code: Code) -> Result<(), Finding> {
    match (earlier.get(name), now.get(name)) {
        (Some(earlier), Some(now)) if equal(earlier, now) => Ok(()),
        _ => Err(code.into()),
    }
}
