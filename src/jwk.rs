//! One JSON Web Key: what it says of itself, before any arithmetic (RFC 7517 section 4).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::base64url;
use crate::error::Code;
use crate::json::{Kind, Value};
use crate::limits::Limits;

/// A public key for signatures, as JSON.
#[derive(Clone, Debug)]
pub struct Jwk<'d> {
    value: Value<'d>,
    pub(crate) kty: Cow<'d, str>,
    pub(crate) crv: Option<Cow<'d, str>>,
    pub(crate) alg: Option<Cow<'d, str>>,
    pub(crate) kid: Option<String>,
    /// A private extension some multi-tenant providers use: the key is for this issuer only.
    pub(crate) issuer: Option<String>,
}

impl<'d> Jwk<'d> {
    /// Reads the members that decide whether the key is for verifying at all.
    ///
    /// The order matters only for what is reported: a published secret is worse than a wrong `use`.
    pub(crate) fn parse(value: Value<'d>) -> Result<Self, Code> {
        if value.kind() != Kind::Object || value.has_oddity() {
            return Err(Code::JwkSkipped);
        }
        let text = |name| match value.get(name) {
            None => Ok(None),
            Some(member) => member.as_str().map(Some).ok_or(Code::JwkSkipped),
        };
        let kty = text("kty")?.ok_or(Code::JwkSkipped)?;
        if kty == "oct" {
            return Err(Code::JwkSymmetric);
        }
        const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
        if PRIVATE.iter().any(|name| value.get(name).is_some()) {
            return Err(Code::JwkPrivateMaterial);
        }
        let intended = text("use")?;
        if intended
            .as_deref()
            .is_some_and(|intended| intended != "sig")
        {
            return Err(Code::JwkUse);
        }
        if let Some(operations) = value.get("key_ops") {
            check_key_ops(operations, intended.is_some())?;
        }
        Ok(Self {
            value,
            kty,
            crv: text("crv")?,
            alg: text("alg")?,
            kid: text("kid")?.map(Cow::into_owned),
            issuer: text("issuer")?.map(Cow::into_owned),
        })
    }

    /// The bytes of a base64url member.
    ///
    /// # Errors
    /// `jwk_skipped` when it is missing, not a string or not strict base64url.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, Code> {
        let text = self.value.get(name).and_then(Value::as_str);
        base64url::decode(text.ok_or(Code::JwkSkipped)?.as_bytes()).map_err(|_| Code::JwkSkipped)
    }

    /// Tells this key from any other, whatever its name; the idea of RFC 7638, of the bytes rather than the text.
    pub(crate) fn identity(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for name in ["n", "e", "x", "y"] {
            let bytes = self.bytes(name).unwrap_or_default();
            all.extend((bytes.len() as u64).to_be_bytes());
            all.extend(bytes);
        }
        all
    }
}

/// RFC 7517 section 4.3: no operation twice, none that contradicts `use`; and a key that says what it is for must say
/// `verify`.
fn check_key_ops(operations: Value<'_>, is_for_signatures: bool) -> Result<(), Code> {
    if operations.items().count() > Limits::MAX_KEY_OPS {
        return Err(Code::JwkKeyOps);
    }
    let names: Option<Vec<_>> = operations.items().map(Value::as_str).collect();
    let names = names.ok_or(Code::JwkKeyOps)?;
    let is_repeated = |name: &Cow<'_, str>| names.iter().filter(|other| *other == name).count() > 1;
    let contradicts = |name: &Cow<'_, str>| is_for_signatures && name != "verify" && name != "sign";
    if names.iter().any(is_repeated)
        || names.iter().any(contradicts)
        || !names.iter().any(|name| name == "verify")
    {
        return Err(Code::JwkKeyOps);
    }
    Ok(())
}
