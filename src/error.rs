//! Why a token was refused.

mod codes;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

pub use codes::Code;

/// What kind of trouble a [`Code`] stands for; decides the HTTP status and whether trying again can help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Class {
    /// The token is not to be believed: 401, for a logout token 400.
    Token,
    /// The token names a key that is not in the set; a newer set may hold it: the same, but retryable.
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
/// It never holds a token, a claim's value or a secret, so it may be logged and sent to the client. By how much a time is
/// off it may say.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejection {
    code: Code,
    /// Apart, because most code that hands a rejection on has no use for it: this way it is 1.5 KB less of gzipped wasm.
    more: Option<Box<More>>,
}

/// What there is to say beside the code.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct More {
    hint: Option<Cow<'static, str>>,
    /// The claim that the policy names, where the code is about no certain one.
    claim: Option<String>,
    of_logout: bool,
}

impl Rejection {
    pub(crate) fn new(code: Code, hint: impl Into<Cow<'static, str>>) -> Self {
        Self::from(code).with_hint(hint.into())
    }

    #[inline(never)]
    fn with_hint(mut self, hint: Cow<'static, str>) -> Self {
        self.more().hint = Some(hint);
        self
    }

    /// With a hint, if there is one.
    pub(crate) fn hinted(code: Code, hint: Option<&'static str>) -> Self {
        match hint {
            Some(hint) => Self::new(code, hint),
            None => code.into(),
        }
    }

    /// The refusal of a claim that only the policy names.
    pub(crate) fn of_claim(mut self, name: &str) -> Self {
        self.more().claim = Some(name.into());
        self
    }

    /// The refusal of a logout token.
    pub(crate) fn of_logout(mut self) -> Self {
        self.more().of_logout = true;
        self
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// `config_invalid_option`, for programs with options of their own: a sentence that names the option.
    #[must_use]
    pub fn invalid_option(hint: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::ConfigInvalidOption, hint)
    }

    /// The same, of a part of something larger that the hint names.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        let what = self.hint().unwrap_or(self.code.meaning());
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
    pub fn claim(&self) -> Option<&str> {
        let own = self.more.as_ref().and_then(|more| more.claim.as_deref());
        own.or(self.code.claim())
    }

    /// What may have gone wrong, in words. Not stable: for people, not for programs.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.more.as_ref()?.hint.as_deref()
    }

    /// Whether the same token may be accepted later, with newer keys or a store that works again.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self.code.class(), Class::Key | Class::KeySet | Class::Store)
    }

    /// The HTTP status to answer with: 401, 500 or 503; for a logout token 400 in place of 401
    /// (OpenID Connect Back-Channel Logout 1.0 section 2.8).
    #[must_use]
    pub fn status(&self) -> u16 {
        let of_logout = self.more.as_ref().is_some_and(|more| more.of_logout);
        match self.code.class() {
            Class::Token | Class::Key if of_logout => 400,
            Class::Token | Class::Key | Class::StepUp | Class::Warning => 401,
            Class::KeySet | Class::Store => 503,
            Class::Config => 500,
        }
    }
}

impl From<Code> for Rejection {
    fn from(code: Code) -> Self {
        Self { code, more: None }
    }
}

/// The stable name.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.name())?;
        f.write_str(": ")?;
        f.write_str(self.code.meaning())?;
        if let Some(hint) = self.hint() {
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
