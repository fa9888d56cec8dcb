//! Why a token was refused.

mod codes;

use alloc::borrow::Cow;
use core::fmt;

pub use codes::Code;

/// What kind of trouble a [`Code`] stands for; decides the HTTP status and whether trying again can help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Class {
    /// The token is not to be believed: 401.
    Token,
    /// The token names a key that is not in the set; a newer set may hold it: 401, retryable.
    Key,
    /// The login is real but too weak or too old: 401 with an RFC 9470 challenge.
    StepUp,
    /// The key set, or one key of it, cannot be used: 503, retryable once the provider mends it.
    KeySet,
    /// What remembers used tokens cannot be used: 503, retryable once it can.
    Store,
    /// The caller's own policy or expectations are wrong: 500.
    Config,
    /// Accepted, but worth knowing.
    Warning,
}

/// A refusal: one [`Code`] and, where it helps, a hint for the person who has to mend it.
///
/// It never holds a token, a claim's value or a secret, so it may be logged and sent to the client.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejection {
    code: Code,
    hint: Option<Cow<'static, str>>,
}

impl Rejection {
    pub(crate) fn new(code: Code, hint: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            hint: Some(hint.into()),
        }
    }

    /// `config_invalid_option`, for programs with options of their own: a sentence that names the option.
    #[must_use]
    pub fn invalid_option(hint: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::ConfigInvalidOption, hint)
    }

    /// The same, of a part of something larger that the hint names.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        let what = self.hint.as_deref().unwrap_or(self.code.meaning());
        Self::new(self.code, alloc::format!("{place}: {what}"))
    }

    /// The stable code, such as `exp_expired`.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The rule of this project that was broken, such as `R73`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.code.rule()
    }

    /// The clause of the specification behind the rule.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        self.code.clause()
    }

    /// The claim or header parameter at fault, where there is one.
    #[must_use]
    pub fn claim(&self) -> Option<&'static str> {
        self.code.claim()
    }

    /// What may have gone wrong, in words. Not stable: for people, not for programs.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether the same token may be accepted later, with newer keys or a store that works again.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self.code.class(), Class::Key | Class::KeySet | Class::Store)
    }

    /// The HTTP status to answer with: 401, 500 or 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self.code.class() {
            Class::Token | Class::Key | Class::StepUp | Class::Warning => 401,
            Class::KeySet | Class::Store => 503,
            Class::Config => 500,
        }
    }
}

impl From<Code> for Rejection {
    fn from(code: Code) -> Self {
        Self { code, hint: None }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.name())?;
        f.write_str(": ")?;
        f.write_str(self.code.meaning())?;
        if let Some(hint) = &self.hint {
            f.write_str(" (")?;
            f.write_str(hint)?;
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl core::error::Error for Rejection {}

#[cfg(feature = "serde")]
impl serde::Serialize for Rejection {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Rejection", 8)?;
        out.serialize_field("code", self.code.name())?;
        out.serialize_field("rule", self.rule())?;
        out.serialize_field("clause", self.clause())?;
        if let Some(claim) = self.claim() {
            out.serialize_field("claim", claim)?;
        }
        if let Some(hint) = self.hint() {
            out.serialize_field("hint", hint)?;
        }
        out.serialize_field("retryable", &self.retryable())?;
        out.serialize_field("status", &self.status())?;
        out.serialize_field("message", self.code.meaning())?;
        out.end()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
