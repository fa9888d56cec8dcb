//! A clock that is a number, a provider that answers what it is told to, and tokens that fit.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use idtoken::key_cache::{
    CachedKeys, Event, Failure, Fetch, FetchKind, KeyCache, KeyCacheOptions, KeyRequest, Lookup,
    Outcome, Response,
};
use idtoken::{Code, Expectations, Nonce, Policy, Purpose, Spelling, UnixMillis, Verifier, alg};

pub(crate) const ISSUER: &str = "https://idp.example";
pub(crate) const JWKS_URI: &str = "https://idp.example/keys";
pub(crate) const START: u64 = 1_800_000_000_000;
pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;

/// A set of keys of these kids. Its keys are one point of the curve, which suffices: no signature is ever verified.
pub(crate) fn jwks(kids: &[&str]) -> String {
    let key = |kid: &&str| {
        format!(
            r#"{{"kty":"EC","crv":"P-256","alg":"ES256","kid":"{kid}","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}}"#
        )
    };
    let keys: Vec<_> = kids.iter().map(key).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

/// A token of the issuer that names a key. What it lacks is a signature of the right length.
pub(crate) fn token(kid: &str) -> String {
    token_with(&format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#), ISSUER)
}

pub(crate) fn token_with(header: &str, issuer: &str) -> String {
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!(
        "{}.{}.AAAA",
        encode(header),
        encode(&format!(r#"{{"iss":"{issuer}"}}"#))
    )
}

pub(crate) fn policy() -> Policy {
    policy_of(ISSUER)
}

pub(crate) fn policy_of(issuer: &str) -> Policy {
    let policy = Policy::builder(issuer, "client").algorithms(["ES256"]);
    policy.build().expect("policy")
}

pub(crate) fn options(json: &str) -> KeyCacheOptions {
    KeyCacheOptions::from_json(json, Spelling::Camel).expect("options")
}

/// With the address of the set given, so that every refresh is one fetch.
pub(crate) fn configured() -> KeyCacheOptions {
    options(&format!(r#"{{"jwksUri":"{JWKS_URI}"}}"#))
}

pub(crate) fn time(millis: u64) -> UnixMillis {
    UnixMillis::from_millis(millis).expect("time")
}

/// A good answer with a set.
pub(crate) fn set(body: &str) -> Outcome<'_> {
    Outcome::Response(ok(body))
}

pub(crate) fn ok(body: &str) -> Response<'_> {
    Response {
        status: 200,
        content_type: Some("application/json"),
        body: body.as_bytes(),
        ..Response::default()
    }
}

pub(crate) const NETWORK: Outcome<'_> = Outcome::Failed(Failure::Network);

/// A cache, and the time it lives in.
pub(crate) struct World {
    pub(crate) cache: KeyCache,
    pub(crate) policy: Policy,
    pub(crate) now: u64,
}

impl World {
    pub(crate) fn new(options: &KeyCacheOptions) -> Self {
        let policy = policy();
        Self {
            cache: KeyCache::new(&policy, options, alg::ALL, 1).expect("cache"),
            policy,
            now: START,
        }
    }

    /// One that has fetched a set with these keys, at the start.
    pub(crate) fn with_keys(options: &KeyCacheOptions, kids: &[&str]) -> Self {
        let mut world = Self::new(options);
        world.cache.want(time(world.now));
        world.answer(set(&jwks(kids)));
        world
    }

    pub(crate) fn pass(&mut self, millis: u64) -> &mut Self {
        self.now += millis;
        self
    }

    pub(crate) fn request(&self, raw: &str) -> Result<KeyRequest, Code> {
        let expectations = Expectations::at(time(self.now).to_time()).nonce(Nonce::NotChecked);
        Verifier::new(&self.policy)
            .key_request(Purpose::Id, raw, &expectations)
            .map_err(|rejection| rejection.code())
    }

    pub(crate) fn lookup(&mut self, kid: &str) -> Lookup {
        let request = self.request(&token(kid)).expect("a sound token");
        self.cache.lookup(&request, time(self.now))
    }

    /// What comes of a token with this kid: a word for the lookup, and whether its key is there.
    pub(crate) fn judge(&mut self, kid: &str) -> &'static str {
        match self.lookup(kid) {
            Lookup::Ready(keys) if self.has(&keys, kid) => "ready",
            Lookup::Ready(_) => "key_not_found",
            Lookup::Stale(keys) if self.has(&keys, kid) => "stale",
            Lookup::Stale(_) => "stale key_not_found",
            Lookup::Wait => "wait",
            Lookup::Unavailable(rejection) => {
                let status = (rejection.status(), rejection.retryable());
                assert_eq!(status, (503, true), "{rejection}");
                rejection.code().name()
            }
        }
    }

    /// Whether the verifier finds the key: then it goes on to the signature, which is too short.
    pub(crate) fn has(&self, keys: &CachedKeys, kid: &str) -> bool {
        let expectations = Expectations::at(time(self.now).to_time()).nonce(Nonce::NotChecked);
        let verdict = Verifier::new(&self.policy).verify(token(kid), keys, &expectations);
        match verdict.expect_err("no signature").code() {
            Code::KeyNotFound => false,
            Code::SignatureLength => true,
            code => panic!("{}", code.name()),
        }
    }

    pub(crate) fn fetch(&mut self) -> Option<Fetch> {
        self.cache.poll_fetch(time(self.now))
    }

    pub(crate) fn handle(&mut self, id: u64, outcome: Outcome<'_>) {
        self.cache.handle(id, outcome, time(self.now));
    }

    /// Answers the fetch that is due.
    pub(crate) fn answer(&mut self, outcome: Outcome<'_>) -> Fetch {
        let fetch = self.fetch().expect("a fetch");
        self.handle(fetch.id, outcome);
        fetch
    }

    pub(crate) fn events(&mut self) -> Vec<Event> {
        core::iter::from_fn(|| self.cache.poll_event()).collect()
    }

    /// The codes of the failures since the last call.
    pub(crate) fn failures(&mut self) -> Vec<&'static str> {
        let code = |event| match event {
            Event::FetchFailed { code, .. } => Some(code.name()),
            _ => None,
        };
        self.events().into_iter().filter_map(code).collect()
    }
}

pub(crate) const DISCOVERY: FetchKind = FetchKind::Discovery;
pub(crate) const JWKS: FetchKind = FetchKind::Jwks;
