//! Glue of `RemoteVerifier`: the core's caches, verifier and memories in one class. The TypeScript around it fetches.

use alloc::string::String;
use alloc::vec::Vec;

use idtoken::key_cache::{
    Failure, FetchKind, KeyCache, KeyCacheOptions, KeyCaches, Lookup, Outcome, Response,
};
use idtoken::{Code, IdToken, Issuers, Purpose, Spelling, UnixMillis, VerifiedTokens};
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::inbox::Inbox;
use crate::replay::Use;
use crate::{ALL, Keys, issuers, plain, read, thrown};

/// Verifies tokens with keys that somebody fetches for it.
#[wasm_bindgen]
pub struct RemoteVerifier {
    issuers: Issuers,
    options: KeyCacheOptions,
    caches: Caches,
    verified: Option<VerifiedTokens>,
    /// Whether a store is asked about the use of each token.
    is_used_once: bool,
    /// That of the token that was accepted last.
    last_use: Option<Use>,
    /// The token that was found in the memory last.
    last_remembered: Option<IdToken>,
}

/// The options that the TypeScript reads, which are not in the text that comes here.
const OWN_OPTIONS: &[&str] = &[
    "fetch",
    "store",
    "replay",
    "on_event",
    "token_cache_bytes",
    "wait_until",
];

/// The key caches, and whether they have their randomness.
struct Caches {
    all: KeyCaches,
    is_seeded: bool,
}

/// A fetch to make.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    id: u64,
    issuer: String,
    kind: FetchKind,
    url: String,
    if_none_match: Option<String>,
    max_bytes: usize,
    timeout: u64,
}

#[wasm_bindgen]
impl RemoteVerifier {
    /// Reads policies and options, in JSON with camelCase names. Without bytes for it there is no memory of verified
    /// tokens. When each token is used once, a store outside remembers it: this instance may be replaced.
    ///
    /// # Errors
    /// Throws the rejection when an option is unknown or has an unusable value.
    #[wasm_bindgen(constructor)]
    pub fn new(
        policies: Vec<String>,
        options: &str,
        token_cache_bytes: Option<f64>,
        is_used_once: bool,
    ) -> Result<Self, JsValue> {
        let issuers = issuers(&policies)?;
        let options = KeyCacheOptions::from_json_beside(options, Spelling::Camel, OWN_OPTIONS);
        let options = options.map_err(thrown)?;
        let caches = KeyCaches::of_issuers(&issuers, &options, ALL, 0).map_err(thrown)?;
        // The cast saturates, so no number becomes a usable other one.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bytes = token_cache_bytes.map(|bytes| bytes as usize);
        let verified = bytes.map(VerifiedTokens::new).transpose();
        Ok(Self {
            caches: Caches {
                all: caches,
                is_seeded: false,
            },
            issuers,
            options,
            verified: verified.map_err(|error| thrown(error.within("tokenCacheBytes")))?,
            is_used_once,
            last_use: None,
            last_remembered: None,
        })
    }

    /// Verifies an ID Token and returns it as JSON, or its number if it is remembered, or nothing while keys have to be
    /// waited for.
    ///
    /// # Errors
    /// Throws the rejection.
    pub fn verify(&mut self, inbox: &Inbox, millis: f64) -> Result<JsValue, JsValue> {
        self.judge(Purpose::Id, inbox, millis)
    }

    /// Verifies a logout token and returns it as JSON, or nothing while keys have to be waited for.
    ///
    /// # Errors
    /// Throws the rejection.
    #[wasm_bindgen(js_name = verifyLogout)]
    pub fn verify_logout(&mut self, inbox: &Inbox, millis: f64) -> Result<JsValue, JsValue> {
        self.judge(Purpose::Logout, inbox, millis)
    }

    /// The token whose number was returned last, as JSON. A number stands for one text and one key: its JSON never changes.
    #[wasm_bindgen(js_name = lastRemembered)]
    #[must_use]
    pub fn last_remembered(&self) -> Option<String> {
        self.last_remembered.as_ref().map(IdToken::to_json)
    }

    /// Runs every check of an ID Token with the keys at hand and returns the report.
    ///
    /// # Errors
    /// Throws the rejection when the expectations are unusable; never because of the token.
    pub fn explain(&self, inbox: &Inbox, millis: f64) -> Result<JsValue, JsValue> {
        let expected = read(Purpose::Id, inbox)?;
        let keys = self.caches.all.keys(instant(millis)?);
        let verifier = idtoken::Verifier::of_issuers(&self.issuers);
        plain(&verifier.explain(inbox.token(), &keys, &expected))
    }

    /// The use of the token that was accepted last, if a store has to be asked about it.
    ///
    /// # Errors
    /// Throws when JavaScript has no memory left for the answer.
    #[wasm_bindgen(js_name = takeUse)]
    pub fn take_use(&mut self) -> Result<JsValue, JsValue> {
        match self.last_use.take() {
            Some(last) => plain(&last),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Asks for fresh keys of all issuers.
    ///
    /// # Errors
    /// Throws the rejection when the clock is not set.
    pub fn want(&mut self, millis: f64) -> Result<(), JsValue> {
        let now = instant(millis)?;
        seeded(&mut self.caches, &self.issuers, &self.options)?.want(now);
        Ok(())
    }

    /// The fetch to make now.
    ///
    /// # Errors
    /// Throws the rejection when the clock is not set.
    #[wasm_bindgen(js_name = pollFetch)]
    pub fn poll_fetch(&mut self, millis: f64) -> Result<JsValue, JsValue> {
        let now = instant(millis)?;
        let Some(fetch) = self.caches.all.poll_fetch(now) else {
            return Ok(JsValue::UNDEFINED);
        };
        plain(&Order {
            id: fetch.id,
            issuer: fetch.issuer,
            kind: fetch.kind,
            url: fetch.url,
            if_none_match: fetch.if_none_match,
            max_bytes: fetch.max_bytes,
            timeout: fetch.timeout,
        })
    }

    /// Whether there is neither a fetch to make nor an event to tell.
    ///
    /// # Errors
    /// Throws the rejection when the clock is not set.
    #[wasm_bindgen(js_name = isIdle)]
    pub fn is_idle(&mut self, millis: f64) -> Result<bool, JsValue> {
        Ok(self.caches.all.is_idle(instant(millis)?))
    }

    /// Takes the answer to a fetch, as it came.
    ///
    /// # Errors
    /// Throws the rejection when the clock is not set.
    #[allow(clippy::too_many_arguments)]
    pub fn handle(
        &mut self,
        id: f64,
        status: u16,
        content_type: Option<String>,
        cache_control: Option<String>,
        age: Option<String>,
        etag: Option<String>,
        retry_after: Option<String>,
        body: &[u8],
        millis: f64,
    ) -> Result<(), JsValue> {
        let response = Response {
            status,
            content_type: content_type.as_deref(),
            cache_control: cache_control.as_deref(),
            age: age.as_deref(),
            etag: etag.as_deref(),
            retry_after: retry_after.as_deref(),
            body,
        };
        self.take(id, Outcome::Response(response), millis)
    }

    /// Takes note that there is no answer to a fetch.
    ///
    /// # Errors
    /// Throws the rejection when the clock is not set.
    pub fn fail(&mut self, id: f64, failure: &str, millis: f64) -> Result<(), JsValue> {
        let failure = match failure {
            "timeout" => Failure::Timeout,
            "redirect" => Failure::Redirect,
            "too_large" => Failure::TooLarge,
            _ => Failure::Network,
        };
        self.take(id, Outcome::Failed(failure), millis)
    }

    /// When there may be another fetch to make without any other call, in milliseconds.
    #[wasm_bindgen(js_name = pollTimeout)]
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn poll_timeout(&self) -> Option<f64> {
        self.caches
            .all
            .poll_timeout()
            .map(|at| at.as_millis() as f64)
    }

    /// What has happened, as the issuer and the event.
    ///
    /// # Errors
    /// Throws when JavaScript has no memory left for the answer.
    #[wasm_bindgen(js_name = pollEvent)]
    pub fn poll_event(&mut self) -> Result<JsValue, JsValue> {
        match self.caches.all.poll_event() {
            Some(event) => plain(&event),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The issuers, as their policies name them.
    #[must_use]
    pub fn issuers(&self) -> Vec<String> {
        let caches = self.caches.all.caches().iter();
        caches.map(|cache| cache.issuer().into()).collect()
    }

    /// The keys of an issuer that may be used now.
    ///
    /// # Errors
    /// Throws the rejection when the clock is not set.
    pub fn keys(&self, issuer: &str, millis: f64) -> Result<Option<Keys>, JsValue> {
        let now = instant(millis)?;
        let mut caches = self.caches.all.caches().iter();
        let keys = caches.find(|cache| cache.issuer() == issuer);
        let keys = keys.and_then(|cache| KeyCache::keys(cache, now));
        Ok(keys.map(|keys| Keys(Some(keys.set().clone()))))
    }

    /// The keys of an issuer as text.
    #[must_use]
    pub fn snapshot(&self, issuer: &str) -> Option<String> {
        self.caches.all.snapshot(issuer)
    }

    /// Takes such a text in place of the answer to a fetch, unless it is older than what is at hand: then the fetch is
    /// still to be made.
    ///
    /// # Errors
    /// Throws the rejection when the text is unusable.
    pub fn restore(&mut self, id: f64, text: &str, millis: f64) -> Result<bool, JsValue> {
        let is_taken = self
            .caches
            .all
            .restore(text, instant(millis)?)
            .map_err(thrown)?;
        if is_taken {
            self.caches.all.give_back(number(id));
        }
        Ok(is_taken)
    }

    /// The refusal that follows from what a store says about the use of a token: it was not the first, or no answer.
    #[wasm_bindgen(js_name = useRefused)]
    #[must_use]
    pub fn use_refused(is_known: bool, is_logout: bool) -> JsValue {
        let code = match is_known {
            true => Code::ReplayDetected,
            false => Code::ReplayStoreUnavailable,
        };
        let purpose = match is_logout {
            true => Purpose::Logout,
            false => Purpose::Id,
        };
        thrown(purpose.refusal(code.into()))
    }

    /// How many bytes a snapshot may have: those of the longest set, each escaped with six, and some more.
    #[wasm_bindgen(js_name = snapshotLimit)]
    #[must_use]
    pub fn snapshot_limit(&self) -> usize {
        let policies = self.issuers.policies().iter();
        let longest = policies.map(|policy| policy.limits().max_jwks_bytes).max();
        longest
            .unwrap_or(0)
            .saturating_mul(6)
            .saturating_add(32 * 1024)
    }

    /// How many bytes a token may have.
    #[wasm_bindgen(js_name = tokenLimit)]
    #[must_use]
    pub fn token_limit(&self) -> usize {
        self.issuers.max_token_bytes()
    }
}

impl RemoteVerifier {
    fn judge(&mut self, purpose: Purpose, inbox: &Inbox, millis: f64) -> Result<JsValue, JsValue> {
        let expected = read(purpose, inbox)?;
        let now = instant(millis)?;
        let verifier = idtoken::Verifier::of_issuers(&self.issuers);
        let memory = self.verified.as_mut().filter(|_| purpose == Purpose::Id);
        let known = memory.as_deref();
        let begun = verifier.begin(purpose, inbox.token(), &expected, known);
        let begun = begun.map_err(thrown)?;
        let caches = seeded(&mut self.caches, &self.issuers, &self.options)?;
        let keys = match caches.lookup(begun.request(), now) {
            Lookup::Ready(keys) | Lookup::Stale(keys) => keys,
            Lookup::Wait => return Ok(JsValue::UNDEFINED),
            Lookup::Unavailable(rejection) => return Err(thrown(rejection)),
        };
        let issuer = self.is_used_once.then(|| begun.request().issuer().into());
        let token = begun.verify(&keys, memory).map_err(thrown)?;
        if let Some(issuer) = issuer {
            let last = Use::of(issuer, &token, expected.now());
            self.last_use = Some(last.map_err(|refused| thrown(purpose.refusal(refused)))?);
        }
        match token.remembered_as() {
            // Warnings may be other ones each time.
            Some(number) if token.warnings().is_empty() => {
                self.last_remembered = Some(token);
                Ok(number_of(number))
            }
            _ => Ok(token.to_json().into()),
        }
    }

    fn take(&mut self, id: f64, outcome: Outcome<'_>, millis: f64) -> Result<(), JsValue> {
        self.caches
            .all
            .handle(number(id), outcome, instant(millis)?);
        Ok(())
    }
}

/// The caches. Some hosts have no randomness while a module is loaded, so it is asked for at the first use; nothing has
/// happened in the caches until then.
fn seeded<'c>(
    caches: &'c mut Caches,
    issuers: &Issuers,
    options: &KeyCacheOptions,
) -> Result<&'c mut KeyCaches, JsValue> {
    if !caches.is_seeded {
        // Without randomness retries of many instances are not spread: no reason to let nobody in.
        let seed = getrandom::u64().unwrap_or_default();
        caches.all = KeyCaches::of_issuers(issuers, options, ALL, seed).map_err(thrown)?;
        caches.is_seeded = true;
    }
    Ok(&mut caches.all)
}

fn instant(millis: f64) -> Result<UnixMillis, JsValue> {
    UnixMillis::from_millis_f64(millis).map_err(thrown)
}

/// Ids are counted from 0, so they are exact.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn number(id: f64) -> u64 {
    id as u64
}

/// Counted from 0 as well.
#[allow(clippy::cast_precision_loss)]
fn number_of(counted: u64) -> JsValue {
    JsValue::from_f64(counted as f64)
}
