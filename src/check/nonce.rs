//! `nonce`: that the token belongs to this login (OpenID Connect Core 1.0 section 3.1.3.7 (11)).

use alloc::string::String;

use subtle::ConstantTimeEq as _;

use super::kind::perhaps_access_token;
use super::{Case, Finding};
use crate::alg::Hash;
use crate::base64url;
use crate::error::{Code, Rejection};
use crate::expectations::ExpectedNonce;
use crate::policy::NonceTransform;

pub(super) fn nonce(case: &mut Case<'_>) -> Result<(), Finding> {
    let claim = case.claim("nonce")?;
    let expected = match &case.expectations.nonce {
        Some(ExpectedNonce::Equals(expected)) => expected,
        Some(ExpectedNonce::NoneSent) => match claim {
            None => return Ok(()),
            Some(_) => return Err(Code::NonceUnexpected.into()),
        },
        Some(ExpectedNonce::NotChecked) => return Err(Finding::Skip("the caller opted out")),
        None => return Err(Code::ConfigNoncePolicy.into()),
    };
    if claim.is_none() && case.expectations.previous.is_some() {
        // OpenID Connect Core 1.0 section 12.2; one that is there is compared with the first token's as well.
        return Err(Finding::Skip("a refreshed token may have no nonce"));
    }
    let missing = || perhaps_access_token(case, Code::NonceMissing, false);
    let found = claim.ok_or_else(missing)?;
    let found = found.as_str().ok_or(Code::NonceType)?;
    if is_of(expected, case.policy()?.nonce_transform, &found) {
        return Ok(());
    }
    let hint = HINTS.iter().find(|(how, _)| is_of(expected, *how, &found));
    let hint = hint.map(|(_, hint)| *hint);
    Err(Rejection::hinted(Code::NonceMismatch, hint).into())
}

/// The nonce is that of this login, but for what was done to it.
const HINTS: [(NonceTransform, &str); 3] = [
    (
        NonceTransform::Sha256Hex,
        "the token has the SHA-256 of this nonce: the client hashed it before sending; set nonce_transform to sha256_hex",
    ),
    (
        NonceTransform::Sha256B64url,
        "the token has the SHA-256 of this nonce: the client hashed it before sending; set nonce_transform to sha256_b64url",
    ),
    (
        NonceTransform::Plain,
        "the nonce came back as it was sent: set nonce_transform to plain",
    ),
];

pub(super) fn expected(case: &Case<'_>) -> Option<String> {
    Some(match &case.expectations.nonce {
        Some(ExpectedNonce::Equals(_)) => "the nonce of this login".into(),
        Some(ExpectedNonce::NoneSent) => "absent".into(),
        Some(ExpectedNonce::NotChecked) | None => return None,
    })
}

/// OpenID Connect Core 1.0 section 15.5.2. In constant time: whoever can have tokens checked must not learn the nonce of
/// another login by timing.
fn is_of(nonce: &str, how: NonceTransform, found: &str) -> bool {
    let digest = || Hash::Sha256.digest(nonce.as_bytes());
    let is_it = match how {
        NonceTransform::Plain => found.as_bytes().ct_eq(nonce.as_bytes()),
        NonceTransform::Sha256Hex => found.as_bytes().ct_eq(hex(&digest()).as_bytes()),
        NonceTransform::Sha256B64url => base64url::decode(found)
            .unwrap_or_default()
            .ct_eq(&digest()),
    };
    is_it.into()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let pair = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(pair).collect()
}
