//! What makes a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4), beside what it shares with ID Tokens.

use super::{Case, Finding};
use crate::error::Code;
use crate::json::{Kind, Value};

/// The member of `events` that says logout.
pub(super) const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Section 2.6 (5): a user, a session, or both.
pub(super) fn subject(case: &mut Case<'_>) -> Result<(), Finding> {
    let has_sub = case.claim("sub")?.is_some();
    match case.claim("sid")?.map(is_text) {
        None if !has_sub => return Err(Code::LogoutSubjectMissing.into()),
        Some(false) => return Err(Code::LogoutSubjectMissing.into()),
        _ => {}
    }
    if has_sub {
        super::binding::sub(case)
    } else {
        Ok(())
    }
}

/// Section 2.6 (6): an object with the logout member, itself an object.
pub(super) fn events(case: &mut Case<'_>) -> Result<(), Finding> {
    let events = case.claim("events")?.ok_or(Code::LogoutEventsMissing)?;
    let event = events.get(EVENT).ok_or(Code::LogoutEventsInvalid)?;
    match event.kind() {
        Kind::Object => Ok(()),
        _ => Err(Code::LogoutEventsInvalid.into()),
    }
}

/// Section 2.6 (7): so that a logout token cannot be taken for an ID Token.
pub(super) fn nonce(case: &mut Case<'_>) -> Result<(), Finding> {
    match case.claim("nonce")? {
        None => Ok(()),
        Some(_) => Err(Code::LogoutNoncePresent.into()),
    }
}

/// Section 2.4: its name, by which the receiver can tell a second one.
pub(super) fn jti(case: &mut Case<'_>) -> Result<(), Finding> {
    match case.claim("jti")?.map(is_text) {
        Some(true) => Ok(()),
        _ => Err(Code::LogoutJtiMissing.into()),
    }
}

fn is_text(value: Value<'_>) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}
