//! The only maker of a [`VerifiedJws`].

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::alg::Facts;
use crate::base64url;
use crate::error::{Code, Rejection};
use crate::json::Document;
use crate::key_set::Key;
use crate::token::{Header, UnverifiedToken};

/// Header and payload whose signature was verified. There is no other way to get one than a good signature.
#[derive(Clone, Debug)]
pub struct VerifiedJws {
    header: Header,
    payload: Document,
    key: KeyId,
}

/// Which key verified a signature, and with which algorithm.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct KeyId {
    /// The algorithm, such as `RS256`.
    pub alg: &'static str,
    /// The `kid` of the JWK, if it has one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub kid: Option<String>,
}

impl VerifiedJws {
    /// Tries the candidates in turn; the caller has bounded their number. Takes the token out of its place only when
    /// the signature is good, so that a report can still look at a bad one.
    pub(crate) fn verify(
        place: &mut Option<UnverifiedToken<'_>>,
        facts: &'static Facts,
        candidates: &[&Key],
    ) -> Result<Self, Rejection> {
        let token = place.as_ref().ok_or(Code::InternalError)?;
        let signature = decode_signature(token)?;
        let mut failure = Code::KeyNotFound;
        for key in candidates {
            match key.verify(facts, token.signing_input(), &signature) {
                Ok(()) => {
                    let token = place.take().ok_or(Code::InternalError)?;
                    let (header, payload) = token.into_parts()?;
                    let (alg, kid) = (facts.name, key.kid().map(Into::into));
                    return Ok(Self {
                        header,
                        payload,
                        key: KeyId { alg, kid },
                    });
                }
                Err(code) => failure = code,
            }
        }
        let count = candidates.len();
        Err(match failure {
            Code::SignatureInvalid if count > 1 => {
                Rejection::new(failure, format!("{count} keys were tried"))
            }
            _ => failure.into(),
        })
    }

    /// The verified header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The verified payload: JSON text.
    #[must_use]
    pub fn payload_json(&self) -> &str {
        self.payload.text()
    }

    /// Which key verified the signature.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key
    }

    pub(crate) fn payload(&self) -> &Document {
        &self.payload
    }
}

fn decode_signature(token: &UnverifiedToken<'_>) -> Result<Vec<u8>, Rejection> {
    let text = token.signature_text();
    if text.is_empty() {
        return Err(Code::SignatureMissing.into());
    }
    base64url::decode(text).map_err(|code| Rejection::new(code, "in the signature"))
}
