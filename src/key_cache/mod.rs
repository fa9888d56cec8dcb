//! Where keys come from, without fetching them: what to fetch and when, what an answer is worth, and which keys a token
//! is judged by until then. It does no I/O, reads no clock and makes no randomness; docs/keys.md has its table.

mod absent;
mod answer;
mod discovery;
mod event;
mod fetch;
mod held;
mod issuers;
mod lookup;
mod options;
mod schedule;
mod snapshot;
mod take;

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::alg::SignatureAlgorithm;
use crate::error::{Code, Rejection};
use crate::limits::Limits;
use crate::policy::Policy;
use crate::time::UnixMillis;
use absent::Absent;
use answer::Refusal;
use discovery::Discovered;
use event::Events;
use held::{Age, Held};
use schedule::Schedule;

pub use event::Event;
pub use fetch::{Failure, Fetch, FetchKind, Outcome, Response};
pub use issuers::{KeyCaches, UsableKeys};
pub use lookup::{Begun, CachedKeys, KeyRequest, Lookup};
pub use options::{JwksUri, KeyCacheOptions};

/// The keys of one issuer: fetched when a token needs them, kept through an outage for a bounded time.
pub struct KeyCache {
    issuer: Arc<str>,
    source: Source,
    limits: Limits,
    algorithms: &'static [&'static dyn SignatureAlgorithm],
    cache_max_age: u64,
    stale_if_error: u64,
    schedule: Schedule,
    /// What the fetch of a set, under way, has asked for.
    asked: Asked,
    held: Option<Held>,
    generation: u64,
    absent: Absent,
    last_failure: Option<Code>,
    events: Events,
}

/// Where the set is.
#[derive(Debug)]
enum Source {
    Configured(String),
    /// The document, once it was fetched.
    Discovery(Option<Discovered>),
}

#[derive(Debug, Default)]
struct Asked {
    url: String,
    etag: Option<String>,
}

impl KeyCache {
    /// A cache without keys. Algorithms are usually [`crate::alg::ALL`]; the seed spreads retries of many instances, and
    /// the same seed with the same calls gives the same answers.
    ///
    /// # Errors
    /// `config_invalid_option` for an option out of its range, for a `jwks_uri` that is not https, and for an issuer with
    /// tenants without a `jwks_uri`: a template has no discovery document of its own.
    pub fn new(
        policy: &Policy,
        options: &KeyCacheOptions,
        algorithms: &'static [&'static dyn SignatureAlgorithm],
        seed: u64,
    ) -> Result<Self, Rejection> {
        options.check()?;
        let source = match options.jwks_uri.of_issuer(&policy.issuer) {
            Some(uri) => {
                let wrong =
                    |hint| Rejection::new(Code::ConfigInvalidOption, ["jwks_uri: ", hint].concat());
                discovery::check(uri).map_err(wrong)?;
                Source::Configured(uri.into())
            }
            // The document of one tenant would speak for all of them.
            None if policy.tenants.is_some() => {
                let hint =
                    "an issuer with tenants needs a jwks_uri: a template has no discovery document";
                return Err(Rejection::new(Code::ConfigInvalidOption, hint));
            }
            None => Source::Discovery(None),
        };
        Ok(Self {
            issuer: policy.issuer.as_str().into(),
            source,
            limits: policy.limits.clone(),
            algorithms,
            cache_max_age: options.cache_max_age,
            stale_if_error: options.stale_if_error,
            schedule: Schedule::new(options.cooldown_duration, options.timeout_duration, seed),
            asked: Asked::default(),
            held: None,
            generation: 0,
            absent: Absent::default(),
            last_failure: None,
            events: Events::default(),
        })
    }

    /// The issuer whose keys these are, as its policy names it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Which keys a token is judged by. Anything but [`Lookup::Ready`] may have made a fetch due: call
    /// [`KeyCache::poll_fetch`] next.
    pub fn lookup(&mut self, request: &KeyRequest, now: UnixMillis) -> Lookup {
        self.heed(now);
        let Some((keys, age)) = self.usable(now) else {
            self.schedule.want(now);
            if self.schedule.is_open(now) {
                return Lookup::Wait;
            }
            self.events.tell(Event::Unavailable);
            return Lookup::Unavailable(self.unavailable());
        };
        if request.is_missing_in(&keys)
            && let Some(instead) = self.look_for(request, now)
        {
            return instead;
        }
        if age == Age::Fresh {
            return Lookup::Ready(keys);
        }
        self.schedule.want(now);
        // In an outage nobody waits.
        if age == Age::Old && !self.schedule.has_failed() && self.schedule.is_open(now) {
            return Lookup::Wait;
        }
        self.events.tell(Event::StaleServed);
        Lookup::Stale(keys)
    }

    /// A key that is not in the set at hand (OpenID Connect Core 1.0 section 10.1.1): a newer set may have it, if one may
    /// be fetched and it is not known to lack it. `None`: the set at hand decides, and the token is refused.
    fn look_for(&mut self, request: &KeyRequest, now: UnixMillis) -> Option<Lookup> {
        let (kid, alg) = request.key();
        self.absent.heed(now);
        if self.absent.is_known(kid, alg, self.schedule.last_good()) {
            return None;
        }
        if self.schedule.is_open(now) {
            self.absent
                .note(kid, alg, self.schedule.next_refresh(), now);
            if !self.schedule.is_busy() && !self.schedule.is_wanted() {
                self.schedule.want(now);
                self.events.tell(Event::UnknownKey);
            }
            return Some(Lookup::Wait);
        }
        // Nobody knows whether the provider has rotated: that is no reason to call the token bad.
        let is_unsure = self.schedule.has_failed();
        if is_unsure {
            self.events.tell(Event::Unavailable);
        }
        is_unsure.then(|| Lookup::Unavailable(self.unavailable()))
    }

    /// Asks for fresh keys without a token: at start, and from a timer to keep them fresh. Nothing happens while they are
    /// fresh.
    pub fn want(&mut self, now: UnixMillis) {
        self.heed(now);
        if !self.usable(now).is_some_and(|(_, age)| age == Age::Fresh) {
            self.schedule.want(now);
        }
    }

    /// The fetch to make now. At most one is under way; its answer goes to [`KeyCache::handle`], whatever it is. Call it
    /// after a lookup, after [`KeyCache::want`], after each [`KeyCache::handle`], and at [`KeyCache::poll_timeout`].
    #[must_use]
    pub fn poll_fetch(&mut self, now: UnixMillis) -> Option<Fetch> {
        self.heed(now);
        let first = match self.jwks_uri(now) {
            Some(_) => FetchKind::Jwks,
            None => FetchKind::Discovery,
        };
        let (id, kind) = self.schedule.start(first, now)?;
        let (url, if_none_match, max_bytes) = match kind {
            FetchKind::Discovery => (discovery::address(&self.issuer), None, discovery::MAX_BYTES),
            FetchKind::Jwks => {
                let url = String::from(self.source.jwks_uri().unwrap_or_default());
                let same = self.held.as_ref().filter(|held| held.jwks_uri == url);
                let etag = same.and_then(|held| held.etag.clone());
                self.asked = Asked {
                    url: url.clone(),
                    etag: etag.clone(),
                };
                (url, etag, self.limits.max_jwks_bytes)
            }
        };
        self.events.tell(Event::FetchStarted { kind });
        Some(Fetch {
            id,
            issuer: String::from(&*self.issuer),
            kind,
            url,
            if_none_match,
            max_bytes,
            timeout: self.schedule.patience(),
        })
    }

    /// Takes the answer to a fetch. An answer that is late, or comes twice, changes nothing.
    pub fn handle(&mut self, id: u64, outcome: Outcome<'_>, now: UnixMillis) {
        self.heed(now);
        let Some(kind) = self.schedule.finish(id) else {
            return;
        };
        let result = match kind {
            FetchKind::Discovery => self.take_discovery(&outcome, now),
            FetchKind::Jwks => self.take_set(&outcome, now),
        };
        self.settle(kind, result, now);
    }

    /// Takes the answer to a fetch of the set that another cache of this issuer made, of the same address and without
    /// `If-None-Match`: it began and was answered at these times. It counts as a refresh of this cache's own, in place of
    /// one under way, whose answer then is late. So many caches can share one fetch, and one cooldown.
    ///
    /// It says nothing of keys that were asked for here after it began. Nothing happens before the address is known, nor
    /// when a refresh has ended here since, or the set at hand is newer.
    pub fn adopt(
        &mut self,
        outcome: Outcome<'_>,
        began: UnixMillis,
        answered: UnixMillis,
        now: UnixMillis,
    ) {
        self.heed(now);
        let Some(url) = self.source.jwks_uri().map(String::from) else {
            return;
        };
        let is_newer = |held: &Held| held.fetched_at > answered;
        if self.schedule.has_ended_after(answered) || self.held.as_ref().is_some_and(is_newer) {
            return;
        }
        self.schedule.begin_elsewhere();
        self.absent.put_off(began, self.schedule.next_refresh());
        self.asked = Asked { url, etag: None };
        let answered = answered.min(now);
        let result = self.take_set(&outcome, answered);
        self.settle(FetchKind::Jwks, result, answered);
    }

    /// Takes a fetch back that was not made, as a snapshot was found instead: neither good nor failed, so the next one
    /// need not wait.
    pub fn give_back(&mut self, id: u64) {
        self.schedule.give_back(id);
    }

    /// When [`KeyCache::poll_fetch`] may have something new without any other call: the fetch under way times out, or
    /// one that is due may be made.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<UnixMillis> {
        self.schedule.timeout()
    }

    /// Whether neither a fetch nor an event is to be had now: for who looks after each token.
    #[must_use]
    pub fn is_idle(&mut self, now: UnixMillis) -> bool {
        self.heed(now);
        self.events.is_empty() && self.poll_timeout().is_none_or(|at| at > now)
    }

    /// What has happened, oldest first. Bounded: when nobody reads them, the oldest are lost.
    #[must_use]
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.next()
    }

    /// The keys that may be used now, for `explain` and for people; changes nothing.
    #[must_use]
    pub fn keys(&self, now: UnixMillis) -> Option<CachedKeys> {
        self.usable(now).map(|(keys, _)| keys)
    }

    /// The set as text, to be kept elsewhere: JSON `{ v, issuer, jwksUri, fetchedAt, etag, jwks }`.
    #[must_use]
    pub fn snapshot(&self) -> Option<String> {
        let held = self.held.as_ref()?;
        Some(snapshot::write(&self.issuer, held))
    }

    /// Takes a set that was kept elsewhere, through every check that a fetched one passes. It keeps the time it was
    /// fetched at. One that is older than the set at hand, or too old to be used, changes nothing; whether it was taken is
    /// the answer.
    ///
    /// # Errors
    /// `snapshot_invalid` when it is no snapshot of this issuer, of this `jwks_uri`, or from the future; `jwks_invalid`
    /// or `jwks_no_usable_key` when its set is unusable.
    pub fn restore(&mut self, text: &str, now: UnixMillis) -> Result<bool, Rejection> {
        let snapshot = snapshot::parse(text, self.limits.max_jwks_bytes)?;
        self.take_snapshot(&snapshot, now)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache")
            .field("issuer", &self.issuer)
            .field("set", &self.held.as_ref().map(|held| &held.set))
            .field("generation", &self.generation)
            .field("schedule", &self.schedule)
            .field("last_failure", &self.last_failure)
            .finish_non_exhaustive()
    }
}

/// What the calls above share.
impl KeyCache {
    /// Takes note of the time: a fetch may have got lost, a clock may have been turned back.
    fn heed(&mut self, now: UnixMillis) {
        if let Some(held) = &mut self.held {
            held.fetched_at = held.fetched_at.min(now);
        }
        if let Source::Discovery(Some(found)) = &mut self.source {
            found.fetched_at = found.fetched_at.min(now);
        }
        if let Some(kind) = self.schedule.heed(now) {
            self.fail(kind, Code::JwksFetchTimeout);
        }
    }

    /// Ends a fetch.
    fn settle(&mut self, kind: FetchKind, result: Result<(), Refusal>, at: UnixMillis) {
        match (result, kind) {
            (Ok(()), FetchKind::Discovery) => self.schedule.go_on(at),
            (Ok(()), FetchKind::Jwks) => {
                self.schedule.succeeded(at);
                self.last_failure = None;
            }
            (Err(refusal), _) => {
                self.schedule.failed(at, refusal.retry_after);
                self.fail(kind, refusal.code);
            }
        }
    }

    fn fail(&mut self, kind: FetchKind, code: Code) {
        self.last_failure = Some(code);
        self.events.tell(Event::FetchFailed { kind, code });
    }

    /// The keys that may be used now, and how old they are.
    fn usable(&self, now: UnixMillis) -> Option<(CachedKeys, Age)> {
        let held = self.held.as_ref()?;
        let age = held.age(now, self.stale_if_error)?;
        let keys = CachedKeys::new(&self.issuer, &held.set, self.generation);
        Some((keys, age))
    }

    /// Where the set is, unless that is to be discovered first. After a failure it is: the set may have moved.
    fn jwks_uri(&self, now: UnixMillis) -> Option<&str> {
        if let Source::Discovery(found) = &self.source {
            let found = found.as_ref()?;
            if self.schedule.has_failed() || now.since(found.fetched_at) >= found.max_age {
                return None;
            }
        }
        self.source.jwks_uri()
    }

    fn unavailable(&self) -> Rejection {
        match self.last_failure {
            Some(code) => Rejection::new(Code::JwksUnavailable, code.name()),
            None => Code::JwksUnavailable.into(),
        }
    }
}

impl Source {
    fn jwks_uri(&self) -> Option<&str> {
        match self {
            Self::Configured(uri) => Some(uri),
            Self::Discovery(found) => found.as_ref().map(|found| &*found.jwks_uri),
        }
    }
}
