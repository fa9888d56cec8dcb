//! Glue between `idtoken` and JavaScript: arguments become the core's types, answers become JavaScript's.
//! No rule lives here, and the TypeScript beside it wraps these raw classes.
#![no_std]

extern crate alloc;

use alloc::string::String;

use idtoken::{Expectations, Limits, Policy, Rejection, Spelling, alg};
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The keys of one issuer.
#[wasm_bindgen]
pub struct KeySet(idtoken::KeySet);

#[wasm_bindgen]
impl KeySet {
    /// Imports the text of a JWK Set, within limits given as JSON with camelCase names.
    ///
    /// # Errors
    /// Throws the rejection when a limit is unusable, or the set is malformed or holds no usable key.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8], limits: &str) -> Result<Self, JsValue> {
        Limits::from_json(limits, Spelling::Camel)
            .and_then(|limits| idtoken::KeySet::from_json(text, alg::ALL, &limits))
            .map(Self)
            .map_err(|rejection| thrown(&rejection))
    }

    /// The keys that were left out, and why.
    ///
    /// # Errors
    /// Throws when JavaScript has no memory left for the answer.
    pub fn skipped(&self) -> Result<JsValue, JsValue> {
        plain(self.0.skipped())
    }

    /// How many bytes a JWK Set may have within these limits.
    ///
    /// # Errors
    /// Throws the rejection when a limit is unusable.
    pub fn limit(limits: &str) -> Result<usize, JsValue> {
        Limits::from_json(limits, Spelling::Camel)
            .map(|limits| limits.max_jwks_bytes)
            .map_err(|rejection| thrown(&rejection))
    }
}

/// Verifies the tokens of one issuer.
#[wasm_bindgen]
pub struct Verifier(Policy);

#[wasm_bindgen]
impl Verifier {
    /// Reads a policy, in JSON with camelCase names.
    ///
    /// # Errors
    /// Throws the rejection when an option is unknown or has an unusable value.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str) -> Result<Self, JsValue> {
        Policy::from_json(policy, Spelling::Camel)
            .map(Self)
            .map_err(|rejection| thrown(&rejection))
    }

    /// Verifies a token and returns the ID Token as JSON.
    ///
    /// # Errors
    /// Throws the rejection.
    pub fn verify(
        &self,
        token: &str,
        keys: &KeySet,
        expectations: &str,
    ) -> Result<String, JsValue> {
        Expectations::from_json(expectations, Spelling::Camel)
            .and_then(|expectations| {
                idtoken::Verifier::new(&self.0).verify(token, &keys.0, &expectations)
            })
            .map(|id_token| id_token.to_json())
            .map_err(|rejection| thrown(&rejection))
    }

    /// Runs every check and returns the report.
    ///
    /// # Errors
    /// Throws the rejection when the expectations are unusable; never because of the token.
    pub fn explain(
        &self,
        token: &str,
        keys: &KeySet,
        expectations: &str,
    ) -> Result<JsValue, JsValue> {
        let expectations = Expectations::from_json(expectations, Spelling::Camel)
            .map_err(|rejection| thrown(&rejection))?;
        plain(&idtoken::Verifier::new(&self.0).explain(token, &keys.0, &expectations))
    }

    /// Imports the text of a JWK Set within the limits of this policy.
    ///
    /// # Errors
    /// Throws the rejection when the set is malformed or holds no usable key.
    #[wasm_bindgen(js_name = importKeys)]
    pub fn import_keys(&self, text: &[u8]) -> Result<KeySet, JsValue> {
        idtoken::KeySet::from_json(text, alg::ALL, self.0.limits())
            .map(KeySet)
            .map_err(|rejection| thrown(&rejection))
    }

    /// How many bytes a JWK Set may have under this policy.
    #[wasm_bindgen(js_name = keysLimit)]
    #[must_use]
    pub fn keys_limit(&self) -> usize {
        self.0.limits().max_jwks_bytes
    }

    /// How many bytes a token may have under this policy.
    #[wasm_bindgen(js_name = tokenLimit)]
    #[must_use]
    pub fn token_limit(&self) -> usize {
        self.0.limits().max_token_bytes
    }

    /// How many bytes a policy or the expectations may have.
    #[wasm_bindgen(js_name = optionsLimit)]
    #[must_use]
    pub fn options_limit() -> usize {
        Limits::MAX_OPTIONS_BYTES
    }
}

/// A rejection as the plain object that the shim turns into an `IdTokenError`.
fn thrown(rejection: &Rejection) -> JsValue {
    plain(rejection).unwrap_or_else(|error| error)
}

/// Plain objects and arrays, as `JSON.parse` would make them.
fn plain<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(JsValue::from)
}
