//! `nonce`: that the token belongs to this login (OpenID Connect Core 1.0 section 3.1.3.7 (11)).

use alloc::borrow::Cow;
use alloc::string::String;

use subtle::ConstantTimeEq as _;

use super::{Case, Finding};
use crate::alg::Hash;
use crate::base64url;
use crate::error::Code;
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
    let found = claim.ok_or(Code::NonceMissing)?;
    let found = found.as_str().ok_or(Code::NonceType)?;
    let expected = transform(case.policy()?.nonce_transform, expected);
    // In constant time: whoever can have tokens checked must not learn the nonce of another login by timing.
    if found.as_bytes().ct_eq(expected.as_bytes()).into() {
        Ok(())
    } else {
        Err(Code::NonceMismatch.into())
    }
}

pub(super) fn expected(case: &Case<'_>) -> Option<String> {
    Some(match &case.expectations.nonce {
        Some(ExpectedNonce::Equals(_)) => "the nonce of this login".into(),
        Some(ExpectedNonce::NoneSent) => "absent".into(),
        Some(ExpectedNonce::NotChecked) | None => return None,
    })
}

/// OpenID Connect Core 1.0 section 15.5.2.
fn transform(how: NonceTransform, nonce: &str) -> Cow<'_, str> {
    let digest = || Hash::Sha256.digest(nonce.as_bytes());
    match how {
        NonceTransform::Plain => nonce.into(),
        NonceTransform::Sha256B64url => base64url::encode(&digest()).into(),
        NonceTransform::Sha256Hex => hex(&digest()).into(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let pair = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(pair).collect()
}
