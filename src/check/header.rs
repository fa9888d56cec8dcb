//! Text and header: what can be refused without knowing any key.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Finding};
use crate::error::Code;
use crate::issuers::max_token_bytes;
use crate::json::{Kind, Value, equal};
use crate::limits::Limits;
use crate::token::{Header, Segments, UnverifiedToken};

pub(super) const TEXT: &[Code] = &[
    Code::TokenFormat,
    Code::TokenMissing,
    Code::TokenTooLarge,
    Code::TokenSegments,
    Code::JweUnsupported,
    Code::Base64Padding,
];

pub(super) const DECODING: &[Code] = &[
    Code::JsonSyntax,
    Code::HeaderTooLarge,
    Code::Base64Invalid,
    Code::Base64TrailingBits,
    Code::JsonUtf8,
    Code::JsonNotObject,
    Code::JsonTrailing,
    Code::JsonDuplicateMember,
    Code::JsonDepth,
    Code::JsonLimits,
    Code::JsonSurrogate,
];

pub(super) fn text(case: &mut Case<'_>) -> Result<(), Finding> {
    let most = max_token_bytes(case.policies);
    case.segments = Some(match &case.known {
        None => Segments::split(case.raw, most)?,
        Some(known) => Segments::known(case.raw, known.dots, most)?,
    });
    Ok(())
}

pub(super) fn expected_text(case: &Case<'_>) -> Option<String> {
    let most = max_token_bytes(case.policies);
    Some(format!("three base64url parts, at most {most} bytes"))
}

pub(super) fn decode(case: &mut Case<'_>) -> Result<(), Finding> {
    let segments = case.segments;
    let segments = segments.ok_or(Finding::Skip("the token could not be taken apart"))?;
    case.token = Some(match &case.known {
        None => UnverifiedToken::decode(segments)?,
        Some(known) => {
            UnverifiedToken::known(segments, known.header.clone(), known.payload.clone())
        }
    });
    Ok(())
}

/// RFC 8725 section 3.2: `none`, however it is written, gets its own answer, as somebody meant to deceive.
pub(super) fn alg(case: &mut Case<'_>) -> Result<(), Finding> {
    let alg = case.header()?.get("alg").ok_or(Code::AlgMissing)?;
    let name = alg.as_str().filter(|name| !name.is_empty());
    if name.ok_or(Code::AlgInvalid)?.eq_ignore_ascii_case("none") {
        return Err(Code::AlgNone.into());
    }
    Ok(())
}

/// RFC 7515 section 4.1.11. No extension is understood here, so a well-formed `crit` is refused too.
pub(super) fn crit(case: &mut Case<'_>) -> Result<(), Finding> {
    let header = case.header()?;
    match header.get("crit") {
        None => Ok(()),
        Some(crit) => Err(wrong_crit(header, crit).into()),
    }
}

/// None of its names is understood here, and it may be wrong beside.
#[cold]
fn wrong_crit(header: &Header, crit: Value<'_>) -> Code {
    let names: Option<Vec<_>> = match crit.kind() {
        Kind::Array => crit.items().map(|item| item.as_str()).collect(),
        _ => None,
    };
    let Some(names) = names.filter(|names| !names.is_empty()) else {
        return Code::CritInvalid;
    };
    for (at, name) in names.iter().enumerate() {
        let is_repeated = names.iter().skip(at).filter(|other| *other == name).count() > 1;
        if is_repeated || REGISTERED.contains(&&**name) || header.get(name).is_none() {
            return Code::CritInvalid;
        }
    }
    Code::CritUnsupported
}

/// The parameters of RFC 7515 section 4.1 and RFC 7516 section 4.1: `crit` must not name them.
const REGISTERED: [&str; 13] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip",
];

pub(super) fn b64(case: &mut Case<'_>) -> Result<(), Finding> {
    absent(case, "b64", Code::B64Unsupported)
}

pub(super) fn zip(case: &mut Case<'_>) -> Result<(), Finding> {
    absent(case, "zip", Code::HeaderInvalid)
}

pub(super) fn cty(case: &mut Case<'_>) -> Result<(), Finding> {
    absent(case, "cty", Code::CtyUnexpected)
}

fn absent(case: &Case<'_>, name: &str, code: Code) -> Result<(), Finding> {
    match case.header()?.get(name) {
        None => Ok(()),
        Some(_) => Err(code.into()),
    }
}

pub(super) fn expected_absent(_: &Case<'_>) -> Option<String> {
    Some("absent".into())
}

pub(super) fn kid(case: &mut Case<'_>) -> Result<(), Finding> {
    let Some(kid) = case.header()?.get("kid") else {
        return Err(Finding::Skip("the header has no kid"));
    };
    match kid.as_str().map_or(0, |kid| kid.len()) {
        1..=Limits::MAX_KID_BYTES => Ok(()),
        _ => Err(Code::KidInvalid.into()),
    }
}

/// Never used to find or trust a key, never fetched (RFC 8725 section 3.10).
pub(super) fn embedded_key(case: &mut Case<'_>) -> Result<(), Finding> {
    let header = case.header()?;
    let embedded = ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"];
    if embedded.iter().any(|name| header.get(name).is_some()) {
        return Err(Finding::Warn(Code::HeaderEmbeddedKey.into()));
    }
    Ok(())
}

pub(super) fn payload(case: &mut Case<'_>) -> Result<(), Finding> {
    let token = case.token.as_ref();
    let token = token.ok_or(Finding::Skip("the token could not be taken apart"))?;
    token.payload().map(|_| ()).map_err(Finding::from)
}

/// RFC 7519 section 5.3: a claim may be repeated in the header, but not contradicted.
pub(super) fn claims(case: &mut Case<'_>) -> Result<(), Finding> {
    let (header, payload) = (case.header()?, case.payload()?);
    for name in ["iss", "sub", "aud"] {
        let Some(copy) = header.get(name) else {
            continue;
        };
        if !payload.get(name).is_some_and(|claim| equal(claim, copy)) {
            return Err(Code::HeaderClaimMismatch.into());
        }
    }
    Ok(())
}
