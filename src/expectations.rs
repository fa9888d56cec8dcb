//! What this one request expects: the time, the nonce, and what came along with the token.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::{Document, Kind, Value};
use crate::limits::JsonLimits;
use crate::options::{self, Row, Setting, Spelling};
use crate::purpose::Purpose;
use crate::time::UnixTime;

/// What the token's `nonce` must be.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Nonce<'a> {
    /// The nonce of this login; never empty.
    Equals(&'a str),
    /// The authentication request had no nonce; a token with one belongs to another login.
    NoneSent,
    /// No login is in progress, as in a gateway; the nonce was checked by whoever logged the user in.
    NotChecked,
}

/// The expectations of one request. Time and nonce are mandatory.
#[derive(Clone)]
pub struct Expectations<'a> {
    pub(crate) now: UnixTime,
    pub(crate) nonce: Option<ExpectedNonce<'a>>,
    pub(crate) access_token: Option<Cow<'a, str>>,
    pub(crate) code: Option<Cow<'a, str>>,
    pub(crate) state: Option<Cow<'a, str>>,
    pub(crate) response_type: ResponseType,
    /// The claims of the token that is refreshed.
    pub(crate) previous: Option<Document>,
    /// The claims of the token that came from the authorization endpoint in this hybrid login.
    pub(crate) front_channel: Option<Document>,
}

#[derive(Clone, Eq, PartialEq)]
pub(crate) enum ExpectedNonce<'a> {
    Equals(Cow<'a, str>),
    NoneSent,
    NotChecked,
}

/// Which of code, ID Token and access token came from the authorization endpoint
/// (OAuth 2.0 Multiple Response Type Encoding Practices 1.0). The default is `code`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct ResponseType {
    /// The ID Token came from the authorization endpoint: a nonce is mandatory.
    pub(crate) with_id_token: bool,
    /// The ID Token came together with an access token: `at_hash` is mandatory.
    pub(crate) with_token: bool,
    /// The ID Token came together with a code: `c_hash` is mandatory.
    pub(crate) with_code: bool,
}

/// Without the nonce: it does not belong into logs.
impl fmt::Debug for Nonce<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equals(_) => "Equals",
            Self::NoneSent => "NoneSent",
            Self::NotChecked => "NotChecked",
        })
    }
}

/// Says what is there, and no secret.
impl fmt::Debug for Expectations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectations")
            .field("now", &self.now)
            .field("nonce", &self.nonce.is_some())
            .field("access_token", &self.access_token.is_some())
            .field("code", &self.code.is_some())
            .field("state", &self.state.is_some())
            .field("response_type", &self.response_type)
            .finish_non_exhaustive()
    }
}

impl<'a> Expectations<'a> {
    /// Starts with the time of the verification. Without a nonce every token is refused with `config_nonce_policy`.
    #[must_use]
    pub fn at(now: UnixTime) -> Self {
        Self {
            now,
            nonce: None,
            access_token: None,
            code: None,
            state: None,
            response_type: ResponseType::default(),
            previous: None,
            front_channel: None,
        }
    }

    /// The time of the verification.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        self.now
    }

    /// What the nonce must be.
    #[must_use]
    pub fn nonce(mut self, nonce: Nonce<'a>) -> Self {
        self.nonce = match nonce {
            // A lost nonce often arrives as an empty string; it must not pass as a nonce.
            Nonce::Equals("") => None,
            Nonce::Equals(text) => Some(ExpectedNonce::Equals(text.into())),
            Nonce::NoneSent => Some(ExpectedNonce::NoneSent),
            Nonce::NotChecked => Some(ExpectedNonce::NotChecked),
        };
        self
    }

    /// The access token that came along: `at_hash`, if present, must fit it.
    #[must_use]
    pub fn access_token(mut self, token: &'a str) -> Self {
        self.access_token = Some(token.into());
        self
    }

    /// The code that came along: `c_hash`, if present, must fit it.
    #[must_use]
    pub fn code(mut self, code: &'a str) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The state that came along: `s_hash`, if present, must fit it.
    #[must_use]
    pub fn state(mut self, state: &'a str) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The response type of the request, such as `code id_token`; it decides which hashes are mandatory.
    ///
    /// # Errors
    /// `config_invalid_option` for anything but a list of `code`, `id_token` and `token`.
    pub fn response_type(mut self, text: &str) -> Result<Self, Rejection> {
        let wrong = || {
            let hint = "response_type is a list of code, id_token and token";
            Rejection::new(Code::ConfigInvalidOption, hint)
        };
        self.response_type = ResponseType::parse(text).ok_or_else(wrong)?;
        Ok(self)
    }

    /// The token that is refreshed: the new one must be about the same user, client and login
    /// (OpenID Connect Core 1.0 section 12.2).
    ///
    /// Where sessions are stored, keep the text of [`IdToken::to_json`](crate::IdToken::to_json): it is what
    /// [`Expectations::from_json`] takes as `previous` (and as `front_channel`).
    #[must_use]
    pub fn previous(mut self, claims: &Claims) -> Self {
        self.previous = Some(claims.document().clone());
        self
    }

    /// The token that came from the authorization endpoint in this hybrid login: the one from the token endpoint must
    /// be about the same user (OpenID Connect Core 1.0 section 3.3.3.6).
    #[must_use]
    pub fn front_channel(mut self, claims: &Claims) -> Self {
        self.front_channel = Some(claims.document().clone());
        self
    }

    /// What no type can express: a nonce is named, and what the response type binds the token to is at hand.
    pub(crate) fn check(&self) -> Result<(), Rejection> {
        if self.nonce.is_none() {
            return Err(no_nonce());
        }
        if self.response_type.with_id_token && self.nonce == Some(ExpectedNonce::NoneSent) {
            // OpenID Connect Core 1.0 sections 3.2.2.1 and 3.3.2.11.
            let hint = "this response type demands that a nonce was sent";
            return Err(Rejection::new(Code::ConfigNoncePolicy, hint));
        }
        let invalid = |hint| Err(Rejection::new(Code::ConfigInvalidOption, hint));
        if self.response_type.with_token && self.access_token.is_none() {
            return invalid("this response type brings an access token; pass it to check at_hash");
        }
        if self.response_type.with_code && self.code.is_none() {
            return invalid("this response type brings a code; pass it to check c_hash");
        }
        Ok(())
    }
}

impl Expectations<'static> {
    /// Reads expectations from JSON: `now`, `nonce` (`{"equals": "..."}`, `"none_sent"` or `"not_checked"`), and
    /// optionally `access_token`, `code`, `state`, `response_type`, and `previous` and `front_channel`: earlier tokens
    /// as [`IdToken::to_json`](crate::IdToken::to_json) writes them.
    ///
    /// # Errors
    /// `config_time`, `config_nonce_policy`, `config_unknown_option` or `config_invalid_option`.
    pub fn from_json(text: impl AsRef<[u8]>, spelling: Spelling) -> Result<Self, Rejection> {
        Self::from_json_for(Purpose::Id, text, spelling)
    }

    /// The same for tokens of any kind. A logout token and an access token belong to no login in progress: of them
    /// nothing is expected but `now`.
    ///
    /// # Errors
    /// As [`Expectations::from_json`].
    pub fn from_json_for(
        purpose: Purpose,
        text: impl AsRef<[u8]>,
        spelling: Spelling,
    ) -> Result<Self, Rejection> {
        let (rows, nonce) = match purpose {
            Purpose::Id => (ROWS, None),
            Purpose::Logout | Purpose::Access => (NOW, Some(ExpectedNonce::NotChecked)),
        };
        let document = options::parse(text.as_ref())?;
        // Overwritten by `now`, which is mandatory.
        let mut read = (None, Self::at(UnixTime::EARLIEST));
        read.1.nonce = nonce;
        options::read(document.root(), rows, &[], spelling, &mut read)?;
        let (now, mut expectations) = read;
        expectations.now = now.ok_or(Code::ConfigTime)?;
        expectations.check()?;
        Ok(expectations)
    }
}

impl ResponseType {
    fn parse(text: &str) -> Option<Self> {
        let mut words: [bool; 3] = [false; 3];
        for word in text.split(' ') {
            let at = ["code", "id_token", "token"]
                .iter()
                .position(|known| *known == word)?;
            *words.get_mut(at)? = true;
        }
        let [code, id_token, token] = words;
        Some(Self {
            with_id_token: id_token,
            with_token: id_token && token,
            with_code: id_token && code,
        })
    }
}

type Read = (Option<UnixTime>, Expectations<'static>);

#[rustfmt::skip]
static NOW: &[Row<Read>] = &[
    Row { name: "now", read: now },
];

#[rustfmt::skip]
static ROWS: &[Row<Read>] = &[
    Row { name: "now", read: now },
    Row { name: "nonce", read: |to, from| { to.1.nonce = nonce(from)?; Ok(()) } },
    Row { name: "access_token", read: |to, from| { to.1.access_token = Some(from.text()?.into()); Ok(()) } },
    Row { name: "code", read: |to, from| { to.1.code = Some(from.text()?.into()); Ok(()) } },
    Row { name: "state", read: |to, from| { to.1.state = Some(from.text()?.into()); Ok(()) } },
    Row { name: "previous", read: |to, from| { to.1.previous = Some(claims(from)?); Ok(()) } },
    Row { name: "front_channel", read: |to, from| { to.1.front_channel = Some(claims(from)?); Ok(()) } },
    Row { name: "response_type", read: |to, from| { to.1.response_type = response_type(from)?; Ok(()) } },
];

fn now(to: &mut Read, from: Setting<'_>) -> Result<(), Rejection> {
    let seconds = from.value.as_f64();
    let seconds = seconds
        .ok_or_else(|| Rejection::new(Code::ConfigTime, "now must be a number of seconds"))?;
    to.0 = Some(UnixTime::from_secs_f64(seconds)?);
    Ok(())
}

/// Whatever is not one of the three forms is no decision about the nonce.
fn nonce(from: Setting<'_>) -> Result<Option<ExpectedNonce<'static>>, Rejection> {
    match (from.value.kind(), from.value.as_str().as_deref()) {
        (Kind::String, Some("none_sent")) => Ok(Some(ExpectedNonce::NoneSent)),
        (Kind::String, Some("not_checked")) => Ok(Some(ExpectedNonce::NotChecked)),
        (Kind::Object, _) => {
            let mut text: Option<String> = None;
            from.nested(EQUALS, &mut text)?;
            Ok(text.map(|text| ExpectedNonce::Equals(text.into())))
        }
        _ => Err(no_nonce()),
    }
}

static EQUALS: &[Row<Option<String>>] = &[Row {
    name: "equals",
    read: |to, from| {
        *to = non_empty(from.value);
        to.as_ref().map(|_| ()).ok_or_else(no_nonce)
    },
}];

fn no_nonce() -> Rejection {
    let hint = "pass the nonce of this login, or by name that none was sent (none_sent, expectNoNonce) or that it is not \
                checked (not_checked, skipNonceCheck)";
    Rejection::new(Code::ConfigNoncePolicy, hint)
}

fn non_empty(value: Value<'_>) -> Option<String> {
    Some(value.as_str().filter(|text| !text.is_empty())?.into())
}

fn response_type(from: Setting<'_>) -> Result<ResponseType, Rejection> {
    ResponseType::parse(&from.text()?)
        .ok_or_else(|| from.invalid("a list of code, id_token and token"))
}

/// The `claims` of a token as `verify` returned it.
fn claims(from: Setting<'_>) -> Result<Document, Rejection> {
    let claims = from
        .value
        .get("claims")
        .filter(|claims| claims.kind() == Kind::Object);
    let claims = claims.ok_or_else(|| from.invalid("a token as verify returned it"))?;
    Document::parse(claims.raw().into(), &JsonLimits::PAYLOAD)
        .map_err(|_| from.invalid("a token as verify returned it"))
}
