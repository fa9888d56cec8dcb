//! The only maker of a [`VerifiedJws`].

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::alg::{Facts, Hash};
use crate::base64url;
use crate::error::{Code, Rejection};
use crate::json::Document;
use crate::key_set::{Key, KeySet};
use crate::token::{Header, UnverifiedToken};
use crate::verified_tokens::{GoodSignature, VerifiedTokens};

/// Header and payload whose signature was verified. There is no other way to get one than a good signature.
#[derive(Clone, Debug)]
pub struct VerifiedJws {
    header: Header,
    payload: Document,
    key: KeyId,
    /// For who wants to remember it.
    good: Option<GoodSignature>,
    /// The signature was found good before.
    remembered: bool,
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
        memory: Option<Memory<'_>>,
    ) -> Result<Self, Rejection> {
        let token = place.as_ref().ok_or(Code::InternalError)?;
        let signature = decode_signature(token)?;
        let digest = memory.and_then(|memory| memory.digest(token));
        let known = memory
            .zip(digest)
            .and_then(|(memory, digest)| memory.tokens.key_of(&digest));
        let mut failure = Code::KeyNotFound;
        for key in candidates {
            let verdict = match known == Some(key.index()) {
                true => Ok(()),
                false => key.verify(facts, token.signing_input(), &signature),
            };
            match verdict {
                Ok(()) => {
                    let token = place.take().ok_or(Code::InternalError)?;
                    let (header, payload) = token.into_parts()?;
                    let (alg, kid) = (facts.name, key.kid().map(Into::into));
                    return Ok(Self {
                        header,
                        payload,
                        key: KeyId { alg, kid },
                        remembered: known == Some(key.index()),
                        good: digest.map(|digest| GoodSignature {
                            digest,
                            key: key.index(),
                        }),
                    });
                }
                Err(code) => failure = code,
            }
        }
        Err(match (failure, candidates) {
            (Code::SignatureInvalid, [key]) => wrong_for(key, signature.len()),
            (Code::SignatureInvalid, many) => {
                Rejection::new(failure, format!("{} keys were tried", many.len()))
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

    pub(crate) fn is_remembered(&self) -> bool {
        self.remembered
    }

    pub(crate) fn good_signature(&self) -> Option<GoodSignature> {
        self.good
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

/// What was found before, and the set that the candidates are from.
#[derive(Clone, Copy)]
pub(crate) struct Memory<'a> {
    pub(crate) tokens: &'a VerifiedTokens,
    pub(crate) keys: &'a KeySet,
}

impl Memory<'_> {
    /// The set's digest has a fixed length and a token's signature no dot, so no two inputs run together. SHA-512 works on
    /// 64 bits at a time, which WebAssembly has.
    fn digest(&self, token: &UnverifiedToken<'_>) -> Option<[u8; 32]> {
        let whole = [
            self.keys.digest(),
            token.signing_input(),
            b".",
            token.signature_text(),
        ];
        Hash::Sha512.digest(&whole.concat()).first_chunk().copied()
    }
}

#[cold]
fn wrong_for(key: &Key, length: usize) -> Rejection {
    let code = Code::SignatureInvalid;
    match key.signature_bytes() {
        Some(needed) if needed != length => {
            let hint = format!(
                "it has {length} bytes, and the key needs {needed}: the token was cut or changed"
            );
            Rejection::new(code, hint)
        }
        _ => code.into(),
    }
}

fn decode_signature(token: &UnverifiedToken<'_>) -> Result<Vec<u8>, Rejection> {
    let text = token.signature_text();
    if text.is_empty() {
        return Err(Code::SignatureMissing.into());
    }
    base64url::decode(text).map_err(|code| Rejection::new(code, "in the signature"))
}
