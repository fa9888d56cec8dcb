//! The only maker of a [`VerifiedJws`].

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::alg::Facts;
use crate::base64url;
use crate::error::{Code, Rejection};
use crate::json::Document;
use crate::key_set::{Key, KeySet};
use crate::token::{Header, UnverifiedToken};
use crate::verified_tokens::{Remembered, Signer};

/// Header and payload whose signature was verified. There is no other way to get one than a good signature.
#[derive(Clone, Debug)]
pub struct VerifiedJws {
    dots: [usize; 2],
    header: Header,
    payload: Document,
    key: KeyId,
    signer: Signer,
    /// The number under which it was found, if the signature was found good before.
    remembered_as: Option<u64>,
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
    /// Tries the candidates in turn; the caller has bounded their number. One that is known to have signed this very text
    /// is not tried again.
    ///
    /// Takes the token out of its place only when the signature is good, so that a report can still look at a bad one.
    pub(crate) fn verify(
        place: &mut Option<UnverifiedToken<'_>>,
        facts: &'static Facts,
        keys: &KeySet,
        candidates: &[&Key],
        known: Option<&Remembered>,
    ) -> Result<Self, Rejection> {
        let known = known.filter(|known| known.signer.set == *keys.digest());
        let is_known = |key: &&&Key| known.is_some_and(|known| known.signer.key == key.index());
        if let Some(key) = candidates.iter().find(is_known) {
            let number = known.map(|known| known.number);
            return Self::signed_by(key, place, facts, keys, number);
        }
        let token = place.as_ref().ok_or(Code::InternalError)?;
        let signature = decode_signature(token)?;
        let mut failure = Code::KeyNotFound;
        for key in candidates {
            match key.verify(facts, token.signing_input(), &signature) {
                Ok(()) => return Self::signed_by(key, place, facts, keys, None),
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

    fn signed_by(
        key: &Key,
        place: &mut Option<UnverifiedToken<'_>>,
        facts: &'static Facts,
        keys: &KeySet,
        remembered_as: Option<u64>,
    ) -> Result<Self, Rejection> {
        let token = place.take().ok_or(Code::InternalError)?;
        let (dots, header, payload) = token.into_parts()?;
        let (alg, kid) = (facts.name, key.kid().map(Into::into));
        Ok(Self {
            dots,
            header,
            payload,
            key: KeyId { alg, kid },
            signer: Signer {
                set: keys.digest().clone(),
                key: key.index(),
            },
            remembered_as,
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

    pub(crate) fn remembered_as(&self) -> Option<u64> {
        self.remembered_as
    }

    /// Whether this is what it was found as, by number and by signer: each memory counts from the beginning.
    pub(crate) fn was_found_as(&self, known: &Remembered) -> bool {
        self.remembered_as == Some(known.number) && self.signer == known.signer
    }

    /// What a memory keeps of it, under this number.
    pub(crate) fn remembered(&self, number: u64) -> Remembered {
        Remembered {
            number,
            dots: self.dots,
            header: self.header.clone(),
            payload: self.payload.clone(),
            signer: self.signer.clone(),
        }
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
