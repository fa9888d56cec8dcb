//! Glue between `idtoken` and JavaScript: arguments become the core's types, answers become JavaScript's.
//! No rule lives here, and the TypeScript beside it wraps these raw classes.
#![no_std]

extern crate alloc;

mod inbox;
mod remote;
mod replay;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;

#[cfg(feature = "rustcrypto")]
use idtoken::alg::ALL;
use idtoken::{
    Code, Expectations, IdToken, Issuers, KeySet, Limits, Policy, Purpose, Rejection, Spelling,
};
#[cfg(not(feature = "rustcrypto"))]
use idtoken_vartime::ALL;
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use inbox::Inbox;

/// The keys of one issuer, or none.
#[wasm_bindgen]
pub struct Keys(Option<Arc<KeySet>>);

#[wasm_bindgen]
impl Keys {
    /// Imports the text of a JWK Set, within limits given as JSON with camelCase names.
    ///
    /// # Errors
    /// Throws the rejection when a limit is unusable, or the set is malformed or holds no usable key.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8], limits: &str) -> Result<Self, JsValue> {
        let limits = Limits::from_json(limits, Spelling::Camel).map_err(thrown)?;
        Self::import(text, &limits)
    }

    /// For a token whose issuer has no keys here.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// The keys that were left out, and why.
    ///
    /// # Errors
    /// Throws when JavaScript has no memory left for the answer.
    pub fn skipped(&self) -> Result<JsValue, JsValue> {
        plain(
            &self
                .0
                .iter()
                .flat_map(|set| set.skipped())
                .collect::<Vec<_>>(),
        )
    }

    /// How many bytes a JWK Set may have within these limits.
    ///
    /// # Errors
    /// Throws the rejection when a limit is unusable.
    pub fn limit(limits: &str) -> Result<usize, JsValue> {
        let limits = Limits::from_json(limits, Spelling::Camel).map_err(thrown)?;
        Ok(limits.max_jwks_bytes)
    }

    fn import(text: &[u8], limits: &Limits) -> Result<Self, JsValue> {
        let set = KeySet::from_json(text, ALL, limits).map_err(thrown)?;
        Ok(Self(Some(Arc::new(set))))
    }
}

/// Keys under the name of their issuer. A verifier of one issuer needs no name.
struct Named<'a> {
    keys: &'a Keys,
    issuer: Option<String>,
}

impl idtoken::Keys for Named<'_> {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        let is_theirs = self.issuer.as_ref().is_none_or(|own| own == issuer);
        self.keys.0.as_deref().filter(|_| is_theirs)
    }

    fn is_of_one_issuer(&self) -> bool {
        self.issuer.is_none()
    }
}

/// Has no keys, but remembers whose were asked for.
#[derive(Default)]
struct Asked(Cell<Option<String>>);

impl idtoken::Keys for Asked {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        self.0.set(Some(issuer.into()));
        None
    }
}

/// Verifies the tokens of one issuer or of several.
#[wasm_bindgen]
pub struct Verifier(Issuers);

#[wasm_bindgen]
impl Verifier {
    /// Reads the policies of the issuers, each in JSON with camelCase names.
    ///
    /// # Errors
    /// Throws the rejection when an option is unknown or has an unusable value.
    #[wasm_bindgen(constructor)]
    pub fn new(policies: Vec<String>) -> Result<Self, JsValue> {
        issuers(&policies).map(Self)
    }

    /// Verifies an ID Token and returns it as JSON.
    ///
    /// # Errors
    /// Throws the rejection.
    pub fn verify(
        &self,
        inbox: &Inbox,
        keys: &Keys,
        issuer: Option<String>,
    ) -> Result<String, JsValue> {
        let keys = Named { keys, issuer };
        let expected = read(Purpose::Id, inbox)?;
        accepted(self.core().verify(inbox.token(), &keys, &expected))
    }

    /// Verifies a logout token and returns it as JSON.
    ///
    /// # Errors
    /// Throws the rejection.
    #[wasm_bindgen(js_name = verifyLogout)]
    pub fn verify_logout(
        &self,
        inbox: &Inbox,
        keys: &Keys,
        issuer: Option<String>,
    ) -> Result<String, JsValue> {
        let keys = Named { keys, issuer };
        let now = read(Purpose::Logout, inbox)?.now();
        accepted(self.core().verify_logout(inbox.token(), &keys, now))
    }

    /// Verifies an access token and returns it as JSON.
    ///
    /// # Errors
    /// Throws the rejection.
    #[wasm_bindgen(js_name = requireAccessToken)]
    pub fn require_access_token(
        &self,
        inbox: &Inbox,
        keys: &Keys,
        issuer: Option<String>,
    ) -> Result<String, JsValue> {
        let keys = Named { keys, issuer };
        let now = read(Purpose::Access, inbox)?.now();
        accepted(self.core().require_access_token(inbox.token(), &keys, now))
    }

    /// Runs every check and returns the report. `kind` says what the token is to be, if not an ID Token: `logout_token`
    /// or `access_token`.
    ///
    /// # Errors
    /// Throws the rejection when the expectations are unusable; never because of the token.
    pub fn explain(
        &self,
        inbox: &Inbox,
        keys: &Keys,
        issuer: Option<String>,
        kind: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let keys = Named { keys, issuer };
        let purpose = purpose_of(kind.as_deref());
        let (core, expected) = (self.core(), read(purpose, inbox)?);
        plain(&match purpose {
            Purpose::Id => core.explain(inbox.token(), &keys, &expected),
            Purpose::Logout => core.explain_logout(inbox.token(), &keys, expected.now()),
            Purpose::Access => core.explain_access_token(inbox.token(), &keys, expected.now()),
        })
    }

    /// Whose keys the token needs, as their policy is named; nothing when it will be refused without any.
    ///
    /// # Errors
    /// Throws the rejection when the expectations are unusable.
    #[wasm_bindgen(js_name = issuerOf)]
    pub fn issuer_of(
        &self,
        inbox: &Inbox,
        kind: Option<String>,
    ) -> Result<Option<String>, JsValue> {
        let purpose = purpose_of(kind.as_deref());
        let (core, expected) = (self.core(), read(purpose, inbox)?);
        let asked = Asked::default();
        // `verify` ends at the keys, if it gets there; `explain` gets there with tokens of every kind, but takes longer.
        let _ = core.verify(inbox.token(), &asked, &expected);
        let issuer = asked.0.take();
        if issuer.is_none() {
            let _ = core.explain(inbox.token(), &asked, &expected);
        }
        Ok(issuer.or(asked.0.take()))
    }

    /// Imports the text of a JWK Set within the limits of the issuer's policy.
    ///
    /// # Errors
    /// Throws the rejection when the set is malformed or holds no usable key.
    #[wasm_bindgen(js_name = importKeys)]
    pub fn import_keys(&self, text: &[u8], issuer: &str) -> Result<Keys, JsValue> {
        Keys::import(text, &self.0.limits_of(issuer))
    }

    /// How many bytes a JWK Set may have under the issuer's policy.
    #[wasm_bindgen(js_name = keysLimit)]
    #[must_use]
    pub fn keys_limit(&self, issuer: &str) -> usize {
        self.0.limits_of(issuer).max_jwks_bytes
    }

    /// How many bytes a token may have.
    #[wasm_bindgen(js_name = tokenLimit)]
    #[must_use]
    pub fn token_limit(&self) -> usize {
        self.0.max_token_bytes()
    }

    /// How many bytes a policy or the expectations may have.
    #[wasm_bindgen(js_name = optionsLimit)]
    #[must_use]
    pub fn options_limit() -> usize {
        Limits::MAX_OPTIONS_BYTES
    }

    fn core(&self) -> idtoken::Verifier<'_> {
        idtoken::Verifier::of_issuers(&self.0)
    }
}

/// Says what kind of token a text looks like.
#[wasm_bindgen]
#[must_use]
pub fn classify(token: &str) -> String {
    idtoken::classify(token).name().into()
}

/// How many bytes of a token are looked at to classify it.
#[wasm_bindgen(js_name = classifyLimit)]
#[must_use]
pub fn classify_limit() -> usize {
    Limits::MAX_TOKEN_BYTES
}

/// The rejection of an argument that is not of the shape that its type says, for the shim to add a hint.
///
/// # Errors
/// Throws when JavaScript has no memory left for the answer.
#[wasm_bindgen(js_name = wrongShape)]
pub fn wrong_shape() -> Result<JsValue, JsValue> {
    plain(&Rejection::from(Code::ConfigInvalidOption))
}

fn issuers(policies: &[String]) -> Result<Issuers, JsValue> {
    let read = |policy: &String| Policy::from_json(policy, Spelling::Camel);
    let policies: Result<Vec<_>, _> = policies.iter().map(read).collect();
    policies.and_then(Issuers::new).map_err(thrown)
}

fn purpose_of(kind: Option<&str>) -> Purpose {
    match kind {
        Some("logout_token") => Purpose::Logout,
        Some("access_token") => Purpose::Access,
        _ => Purpose::Id,
    }
}

fn read(purpose: Purpose, inbox: &Inbox) -> Result<Expectations<'static>, JsValue> {
    let text = inbox.expectations();
    Expectations::from_json_for(purpose, text, Spelling::Camel).map_err(thrown)
}

fn accepted(verdict: Result<IdToken, Rejection>) -> Result<String, JsValue> {
    verdict.map(|token| token.to_json()).map_err(thrown)
}

/// A rejection as the plain object that the shim turns into an `IdTokenError`.
fn thrown(rejection: Rejection) -> JsValue {
    plain(&rejection).unwrap_or_else(|error| error)
}

/// Plain objects and arrays, as `JSON.parse` would make them.
fn plain<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(JsValue::from)
}
