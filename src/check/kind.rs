//! What kind of token this is. An ID Token has no standard type, so the rule is to refuse every other kind
//! (RFC 8725 sections 3.11 and 3.12).

use alloc::string::String;

use super::{Case, Finding};
use crate::error::{Code, Rejection};
use crate::json::Kind;

pub(super) const TYP: &[Code] = &[
    Code::TypUnexpected,
    Code::KindAccessToken,
    Code::KindLogoutToken,
    Code::KindOther,
    Code::PopRequired,
];

/// RFC 7519 section 5.1: media types compare without case, and `application/` may be left out.
pub(super) fn typ(case: &mut Case<'_>) -> Result<(), Finding> {
    let Some(typ) = case.header()?.get("typ") else {
        return Ok(());
    };
    let typ = typ
        .as_str()
        .ok_or(Code::TypUnexpected)?
        .to_ascii_lowercase();
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "jwt" => Ok(()),
        "at+jwt" => Err(Code::KindAccessToken.into()),
        "logout+jwt" => Err(Code::KindLogoutToken.into()),
        "id_token+cnf" => Err(Code::PopRequired.into()),
        "sd-jwt" | "dc+sd-jwt" => Err(Code::KindOther.into()),
        other if other.ends_with("+jwt") => Err(Code::KindOther.into()),
        _ => Err(Code::TypUnexpected.into()),
    }
}

pub(super) fn expected_typ(_: &Case<'_>) -> Option<String> {
    Some("JWT or absent".into())
}

/// Tokens that say nothing in `typ` but show by their claims what they are.
pub(super) fn claims(case: &mut Case<'_>) -> Result<(), Finding> {
    const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
    let payload = case.payload()?;
    let events = payload
        .get("events")
        .filter(|events| events.kind() == Kind::Object);
    if events.is_some_and(|events| events.get(LOGOUT).is_some()) {
        let hint = "its events claim says logout";
        return Err(Rejection::new(Code::KindLogoutToken, hint).into());
    }
    let has = |name| payload.get(name).is_some();
    // RFC 9068 section 2.2: client_id and scope, and nothing of a login.
    let looks_like_9068 =
        has("client_id") && (has("scope") || has("scp")) && !has("nonce") && !has("at_hash");
    let token_use = payload.get("token_use").and_then(|value| value.as_str());
    if looks_like_9068 || token_use.as_deref() == Some("access") {
        return Err(Finding::Warn(Code::KindLooksLikeAccessToken));
    }
    Ok(())
}
