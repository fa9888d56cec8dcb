//! The key cache of the core itself, in the loop of a shell: what a worker does with it.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use idtoken::key_cache::{
    CachedKeys, Failure, JwksUri, KeyCacheOptions, KeyCaches, KeyRequest, Lookup, Outcome, Response,
};
use idtoken::{
    Code, Expectations, Issuers, KeySet, Nonce, Policy, Purpose, UnixMillis, UnixTime, Verifier,
    alg,
};

use crate::client::{Answer, Client, Fetch, Key, Millis, Now, Reply, Token};
use crate::world::{EPOCH, Provider};

/// What all isolates have in common.
pub struct Shared<'w> {
    providers: &'w [Provider],
    issuers: Issuers,
    pub options: KeyCacheOptions,
    expectations: Expectations<'static>,
    /// For each provider and key of its own.
    requests: Vec<Vec<KeyRequest>>,
}

impl<'w> Shared<'w> {
    /// # Errors
    /// When the core refuses its configuration or a token.
    pub fn new(providers: &'w [Provider]) -> Result<Self, Box<dyn Error>> {
        let policy = |provider: &Provider| {
            let policy = Policy::builder(&provider.issuer, "client");
            policy.algorithms(["EdDSA"]).build()
        };
        let policies = providers.iter().map(policy).collect::<Result<_, _>>()?;
        let issuers = Issuers::new(policies)?;
        let mut options = KeyCacheOptions::default();
        let uri = |provider: &Provider| (provider.issuer.clone(), provider.jwks_uri.clone());
        options.jwks_uri = JwksUri::OfIssuer(providers.iter().map(uri).collect());
        let now = UnixTime::from_secs(EPOCH / 1000)?;
        let expectations = Expectations::at(now).nonce(Nonce::NotChecked);
        let verifier = Verifier::of_issuers(&issuers);
        let request = |token: &String| verifier.key_request(Purpose::Id, token, &expectations);
        let of_provider = |provider: &Provider| provider.tokens.iter().map(request).collect();
        let requests = providers
            .iter()
            .map(of_provider)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            providers,
            issuers,
            options,
            expectations,
            requests,
        })
    }
}

pub struct Ours<'w> {
    shared: &'w Shared<'w>,
    caches: KeyCaches,
    /// What `verify` said of each key's token by a set: it says the same each time, and a signature is dear.
    verdicts: Vec<Verdicts>,
}

#[derive(Default)]
struct Verdicts {
    set: Option<Arc<KeySet>>,
    of_keys: HashMap<usize, Result<(), Code>>,
}

impl<'w> Ours<'w> {
    /// A new isolate; `kept` is what the one before it left in a store.
    ///
    /// # Errors
    /// When the core refuses its configuration.
    pub fn new(
        shared: &'w Shared<'w>,
        seed: u64,
        kept: Option<&str>,
        now: Now,
    ) -> Result<Self, Box<dyn Error>> {
        let mut caches = KeyCaches::of_issuers(&shared.issuers, &shared.options, alg::ALL, seed)?;
        for snapshot in kept.unwrap_or_default().lines() {
            // One that is refused is one that is not there: the isolate fetches.
            let _ = caches.restore(snapshot, UnixMillis::from_millis(now.wall)?);
        }
        let verdicts = shared.providers.iter().map(|_| Verdicts::default());
        Ok(Self {
            verdicts: verdicts.collect(),
            shared,
            caches,
        })
    }

    fn judge(&mut self, token: &Token, keys: &CachedKeys) -> Answer {
        let verifier = Verifier::of_issuers(&self.shared.issuers);
        let provider = &self.shared.providers[token.provider];
        let verify = |raw: &str| {
            let verdict = verifier.verify(raw, keys, &self.shared.expectations);
            verdict.map(|_| ()).map_err(|rejection| rejection.code())
        };
        let verdict = match token.key {
            Key::Forged(name) => verify(&provider.forged(name)),
            Key::Own(key) => {
                let verdicts = &mut self.verdicts[token.provider];
                let set = verdicts.set.as_ref();
                if !set.is_some_and(|set| Arc::ptr_eq(set, keys.set())) {
                    verdicts.set = Some(Arc::clone(keys.set()));
                    verdicts.of_keys.clear();
                }
                let verdict = verdicts.of_keys.entry(key);
                *verdict.or_insert_with(|| verify(&provider.tokens[key]))
            }
        };
        match verdict {
            Ok(()) => Answer::Accept,
            Err(code) => Answer::Refuse(code.name()),
        }
    }
}

impl Client for Ours<'_> {
    fn ask(&mut self, token: &Token, now: Now) -> Answer {
        let Ok(time) = UnixMillis::from_millis(now.wall) else {
            return Answer::Refuse("config_time");
        };
        let lookup = match token.key {
            Key::Own(key) => {
                let request = &self.shared.requests[token.provider][key];
                self.caches.lookup(request, time)
            }
            Key::Forged(name) => {
                let raw = self.shared.providers[token.provider].forged(name);
                let verifier = Verifier::of_issuers(&self.shared.issuers);
                match verifier.key_request(Purpose::Id, &raw, &self.shared.expectations) {
                    Ok(request) => self.caches.lookup(&request, time),
                    Err(rejection) => return Answer::Refuse(rejection.code().name()),
                }
            }
        };
        match lookup {
            Lookup::Ready(keys) | Lookup::Stale(keys) => self.judge(token, &keys),
            Lookup::Wait => Answer::Wait(None),
            Lookup::Unavailable(rejection) => Answer::Refuse(rejection.code().name()),
        }
    }

    fn resume(&mut self, token: &Token, _: Option<u64>, now: Now) -> Answer {
        self.ask(token, now)
    }

    fn poll_fetch(&mut self, now: Now) -> Option<Fetch> {
        let now = UnixMillis::from_millis(now.wall).ok()?;
        let fetch = self.caches.poll_fetch(now)?;
        let mut providers = self.shared.providers.iter();
        Some(Fetch {
            id: fetch.id,
            provider: providers.position(|provider| provider.jwks_uri == fetch.url)?,
            if_none_match: fetch.if_none_match,
            timeout: fetch.timeout,
        })
    }

    fn handle(&mut self, id: u64, reply: Reply<'_>, now: Now) {
        let Ok(now) = UnixMillis::from_millis(now.wall) else {
            return;
        };
        let outcome = match &reply {
            Reply::Response(response) => Outcome::Response(Response {
                status: response.status,
                content_type: Some("application/json"),
                etag: Some(response.etag),
                body: response.body,
                ..Response::default()
            }),
            Reply::Network => Outcome::Failed(Failure::Network),
            Reply::Timeout => Outcome::Failed(Failure::Timeout),
        };
        self.caches.handle(id, outcome, now);
        while self.caches.poll_event().is_some() {}
    }

    fn wake_in(&self, now: Now) -> Option<Millis> {
        let at = self.caches.poll_timeout()?.as_millis();
        Some(at.saturating_sub(now.wall))
    }

    fn keep(&self) -> Option<String> {
        let of_issuer = |provider: &Provider| self.caches.snapshot(&provider.issuer);
        let snapshots: Vec<_> = self.shared.providers.iter().filter_map(of_issuer).collect();
        (!snapshots.is_empty()).then(|| snapshots.join("\n"))
    }
}
