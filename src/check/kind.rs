//! What kind of token this is. An ID Token has no standard type, so the rule is to refuse every other kind
//! (RFC 8725 sections 3.11 and 3.12).

use alloc::string::String;

use super::{Case, Finding, logout};
use crate::error::{Code, Rejection};
use crate::json::{Kind, Value};
use crate::purpose::Purpose;
use crate::token::Header;

pub(super) const TYP: &[Code] = &[
    Code::TypUnexpected,
    Code::KindAccessToken,
    Code::KindLogoutToken,
    Code::KindOther,
    Code::KindIdToken,
    Code::PopRequired,
];

/// RFC 7519 section 5.1, and for each purpose the types it may have. `JWT` says no more than no type at all.
pub(super) fn typ(case: &mut Case<'_>) -> Result<(), Finding> {
    let kind = TokenType::of(case.header()?).ok_or(Code::TypUnexpected)?;
    match (case.purpose, kind) {
        (Purpose::Id | Purpose::Logout, TokenType::Untyped)
        | (Purpose::Logout, TokenType::Logout)
        | (Purpose::Access, TokenType::Access) => Ok(()),
        (Purpose::Access, TokenType::Untyped) => Err(Code::KindIdToken.into()),
        (Purpose::Logout, _) => Err(Code::TypUnexpected.into()),
        (_, TokenType::Access) => Err(Code::KindAccessToken.into()),
        (_, TokenType::Logout) => Err(Code::KindLogoutToken.into()),
        (_, TokenType::BoundIdToken) => Err(Code::PopRequired.into()),
        (_, TokenType::Other) => Err(Code::KindOther.into()),
    }
}

pub(super) fn expected_typ(case: &Case<'_>) -> Option<String> {
    Some(match case.purpose {
        Purpose::Id => "JWT or absent".into(),
        Purpose::Logout => "logout+jwt, JWT or absent".into(),
        Purpose::Access => "at+jwt".into(),
    })
}

/// What `typ` says a token is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TokenType {
    /// Absent, or `JWT`.
    Untyped,
    Access,
    Logout,
    BoundIdToken,
    /// Another kind that is explicitly typed.
    Other,
}

impl TokenType {
    /// `None` for a type that is no kind of JWT. Media types compare without case, and `application/` may be left out.
    pub(crate) fn of(header: &Header) -> Option<Self> {
        let Some(typ) = header.get("typ") else {
            return Some(Self::Untyped);
        };
        let typ = typ.as_str()?;
        if typ == "JWT" {
            return Some(Self::Untyped);
        }
        let typ = typ.to_ascii_lowercase();
        Some(match typ.strip_prefix("application/").unwrap_or(&typ) {
            "jwt" => Self::Untyped,
            "at+jwt" => Self::Access,
            "logout+jwt" => Self::Logout,
            "id_token+cnf" => Self::BoundIdToken,
            "sd-jwt" | "dc+sd-jwt" => Self::Other,
            other if other.ends_with("+jwt") => Self::Other,
            _ => return None,
        })
    }
}

/// Tokens that say nothing in `typ` but show by their claims what they are.
pub(super) fn claims(case: &mut Case<'_>) -> Result<(), Finding> {
    let payload = case.payload()?;
    if says_logout(payload) {
        let hint = "its events claim says logout";
        return Err(Rejection::new(Code::KindLogoutToken, hint).into());
    }
    if looks_like_access_token(payload) {
        let warning = Rejection::new(Code::KindLooksLikeAccessToken, ACCESS_TOKEN);
        return Err(Finding::Warn(warning));
    }
    Ok(())
}

/// What people pass by mistake, and what they meant to.
const ACCESS_TOKEN: &str = "it looks like an access token: pass the id_token";

/// A failure for which an access token in place of the ID Token may be the reason.
pub(super) fn perhaps_access_token(case: &Case<'_>, code: Code, is_sure: bool) -> Finding {
    let looks_like_one = is_sure || case.payload().is_ok_and(looks_like_access_token);
    let hint = (case.purpose == Purpose::Id && looks_like_one).then_some(ACCESS_TOKEN);
    Rejection::hinted(code, hint).into()
}

pub(crate) fn says_logout(payload: Value<'_>) -> bool {
    let events = payload
        .get("events")
        .filter(|events| events.kind() == Kind::Object);
    events.is_some_and(|events| events.get(logout::EVENT).is_some())
}

/// RFC 9068 section 2.2: client_id and scope, and nothing of a login; or Amazon Cognito's own word for it.
pub(crate) fn looks_like_access_token(payload: Value<'_>) -> bool {
    let has = |name| payload.get(name).is_some();
    let token_use = payload.get("token_use").and_then(Value::as_str);
    let is_9068 =
        has("client_id") && (has("scope") || has("scp")) && !has("nonce") && !has("at_hash");
    is_9068 || token_use.as_deref() == Some("access")
}
