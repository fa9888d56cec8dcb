//! The claims of a token whose signature was verified.

use alloc::borrow::Cow;

use crate::json::{Document, Value};
use crate::jws::VerifiedJws;

/// What the issuer says of the user. It wraps the [`VerifiedJws`] it reads from, so it cannot come from anything else.
#[derive(Clone, Debug)]
pub struct Claims {
    jws: VerifiedJws,
}

impl Claims {
    pub(crate) fn new(jws: VerifiedJws) -> Self {
        Self { jws }
    }

    /// A claim by name, registered or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.jws.payload().root().get(name)
    }

    /// A claim that is a string.
    #[must_use]
    pub fn str(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name)?.as_str()
    }

    /// All claims in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Value<'_>)> {
        self.jws.payload().root().members()
    }

    /// The claims as the issuer wrote them: JSON text without duplicate names. Numbers stand as
    /// written, so one that nobody checked may be beyond what a reader can hold.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.jws.payload_json()
    }

    pub(crate) fn document(&self) -> &Document {
        self.jws.payload()
    }

    pub(crate) fn jws(&self) -> &VerifiedJws {
        &self.jws
    }
}
