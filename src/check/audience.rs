//! `aud` and `azp`: for whom the token was made, and who asked for it.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::kind::perhaps_access_token;
use super::{Case, Finding};
use crate::error::Code;
use crate::json::{Kind, Value};
use crate::policy::{Azp, Policy};

/// OpenID Connect Core 1.0 section 3.1.3.7 (3): this client is in `aud`, as a whole string.
pub(super) fn aud(case: &mut Case<'_>) -> Result<(), Finding> {
    let audiences = audiences(case.claim("aud")?.ok_or(Code::AudMissing)?)?;
    let policy = case.policy()?;
    if audiences.iter().any(|name| is_client(policy, name)) {
        return Ok(());
    }
    // This client asked for a token that is for somebody else.
    let azp = case.claim("azp")?.and_then(Value::as_str);
    let is_asked_for = azp.is_some_and(|azp| is_client(policy, &azp));
    Err(perhaps_access_token(case, Code::AudMismatch, is_asked_for))
}

pub(super) fn expected_aud(case: &Case<'_>) -> Option<String> {
    Some(case.policy().ok()?.client_ids.join(" or "))
}

/// The same clause: the token must be refused when it has further audiences that are not trusted.
pub(super) fn aud_trusted(case: &mut Case<'_>) -> Result<(), Finding> {
    let (audiences, policy) = (readable_audiences(case)?, case.policy()?);
    let is_trusted = |name: &str| {
        policy
            .trusted_audiences
            .iter()
            .any(|trusted| trusted == name)
    };
    let is_known = |name: &Cow<'_, str>| is_client(policy, name) || is_trusted(name);
    if !audiences.iter().any(|name| is_client(policy, name)) {
        // To trust them would not help, and must not look as if it did.
        return Err(Finding::Skip("the token is not for this client"));
    }
    match audiences.iter().all(is_known) {
        true => Ok(()),
        false => Err(Code::AudUntrusted.into()),
    }
}

pub(super) fn expected_trusted(case: &Case<'_>) -> Option<String> {
    let policy = case.policy().ok()?;
    let known: Vec<_> = policy
        .client_ids
        .iter()
        .chain(&policy.trusted_audiences)
        .cloned()
        .collect();
    Some(format!("nothing but {}", known.join(", ")))
}

/// Section 3.1.3.7 (4) and (5). Errata 2 leaves `azp` to extensions, so the policy says what it means here.
pub(super) fn azp(case: &mut Case<'_>) -> Result<(), Finding> {
    let policy = case.policy()?;
    let rule = policy.azp;
    if rule == Azp::Ignore {
        return Err(Finding::Skip("the policy says to ignore azp"));
    }
    let Some(azp) = case.claim("azp")? else {
        let is_required = rule == Azp::RequireWhenMultiAud && readable_audiences(case)?.len() > 1;
        return Err(if is_required {
            Code::AzpMissing.into()
        } else {
            Finding::Skip("there is no azp")
        });
    };
    let azp = azp.as_str().ok_or(Code::AzpType)?;
    if authorized_parties(policy).iter().any(|party| *party == azp) {
        Ok(())
    } else {
        Err(Code::AzpMismatch.into())
    }
}

pub(super) fn expected_azp(case: &Case<'_>) -> Option<String> {
    Some(authorized_parties(case.policy().ok()?).join(" or "))
}

fn authorized_parties(policy: &Policy) -> &[String] {
    match policy.authorized_parties.is_empty() {
        true => &policy.client_ids,
        false => &policy.authorized_parties,
    }
}

fn is_client(policy: &Policy, name: &str) -> bool {
    policy.client_ids.iter().any(|client| client == name)
}

fn readable_audiences<'c>(case: &'c Case<'_>) -> Result<Vec<Cow<'c, str>>, Finding> {
    let skip = Finding::Skip("the audience could not be read");
    match case.claim("aud")?.map(audiences) {
        Some(Ok(audiences)) => Ok(audiences),
        _ => Err(skip),
    }
}

/// RFC 7519 section 4.1.3: a string, or an array of strings and nothing else (CVE-2020-26160).
pub(super) fn audiences(aud: Value<'_>) -> Result<Vec<Cow<'_, str>>, Code> {
    if let Some(single) = aud.as_str() {
        return Ok(Vec::from([single]));
    }
    if aud.kind() != Kind::Array {
        return Err(Code::AudType);
    }
    let all: Option<Vec<_>> = aud.items().map(Value::as_str).collect();
    match all {
        Some(all) if all.is_empty() => Err(Code::AudEmpty),
        all => all.ok_or(Code::AudType),
    }
}
