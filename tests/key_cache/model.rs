//! The model of the random runs: it knows only what was really answered, and what follows from that.

mod elsewhere;

use std::collections::BTreeMap;

use idtoken::key_cache::{Failure, Fetch, FetchKind, Lookup, Outcome, Response};

use crate::chance::{Provider, Random, published};
use crate::world::{HOUR, ISSUER, JWKS_URI, MINUTE, SECOND, World, configured, ok, options, time};

const COOLDOWN: u64 = 30 * SECOND;
const TIMEOUT: u64 = 5 * SECOND;
const FRESH: u64 = 10 * MINUTE;
const STALE: u64 = HOUR;
/// For so long a set is served stale without asking the provider first.
const UNASKED: u64 = 5 * MINUTE;

/// A good set that was taken: its keys, its text, and when.
#[derive(Clone)]
struct Taken {
    first: u64,
    at: u64,
}

pub(crate) struct Run {
    world: World,
    random: Random,
    provider: Provider,
    first: u64,
    /// Fetches that were given out, also those that nobody waits for; they may be answered more than once.
    given: Vec<(Fetch, u64, u64)>,
    /// The id that is waited for, and since when.
    under_way: Option<(u64, u64)>,
    half_done: bool,
    /// When the last refresh ended, in time that has passed: a clock turned back takes nothing from it.
    ended: Option<u64>,
    has_failed: bool,
    passed: u64,
    taken: Option<Taken>,
    snapshots: Vec<(String, Taken)>,
    refreshes: u64,
    pub(crate) trace: u64,
    pub(crate) counts: BTreeMap<&'static str, u64>,
    with_discovery: bool,
    is_monotone: bool,
}

impl Run {
    pub(crate) fn new(seed: u64, with_discovery: bool, is_monotone: bool) -> Self {
        let stale = format!(r#""staleIfError":{STALE}"#);
        let options = match with_discovery {
            true => options(&format!("{{{stale}}}")),
            false => options(&format!(r#"{{{stale},"jwksUri":"{JWKS_URI}"}}"#)),
        };
        assert_eq!(options.cooldown_duration, configured().cooldown_duration);
        Self {
            world: World::new(&options),
            random: Random(seed.wrapping_mul(2) | 1),
            provider: Provider::Up,
            first: 100,
            given: Vec::new(),
            under_way: None,
            half_done: false,
            ended: None,
            has_failed: false,
            passed: 0,
            taken: None,
            snapshots: Vec::new(),
            refreshes: 0,
            trace: 0,
            counts: BTreeMap::new(),
            with_discovery,
            is_monotone,
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_insert(0) += 1;
        for byte in what.bytes() {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub(crate) fn step(&mut self) {
        match self.random.below(100) {
            0..=29 => self.pass(),
            30..=59 => self.lookup(),
            60..=74 => self.poll(),
            75..=89 => self.answer(),
            90..=91 => self.world.cache.want(time(self.world.now)),
            92..=93 => self.snapshot(),
            94 => self.rotate(),
            95 => self.change_provider(),
            96 if !self.is_monotone => self.turn_clock(),
            // With discovery its address may not be known.
            97 if !self.with_discovery => self.adopt(),
            _ => {}
        }
        self.note_timeout();
    }

    fn pass(&mut self) {
        let scale = [SECOND, SECOND, 10 * SECOND, MINUTE, 5 * MINUTE];
        let scale = scale[usize::try_from(self.random.below(5)).expect("index")];
        let millis = match self.random.one_in(500) {
            true => self.random.below(3 * HOUR),
            false => self.random.below(scale),
        };
        self.world.pass(millis);
        self.passed += millis;
    }

    fn turn_clock(&mut self) {
        let millis = self.random.below(2 * HOUR);
        // The cache has seen both times, as the model has: the answer to nothing makes it take note.
        let nothing = || Outcome::Failed(Failure::Network);
        self.world.handle(u64::MAX, nothing());
        self.world.now -= millis;
        self.world.handle(u64::MAX, nothing());
        if let Some((_, since)) = &mut self.under_way {
            *since = (*since).min(self.world.now);
        }
        if let Some(taken) = &mut self.taken {
            taken.at = taken.at.min(self.world.now);
        }
        // It would be from the future for as long as the clock was turned back.
        self.snapshots.clear();
        self.count("clock turned back");
    }

    /// A fetch that nobody waits for any more is a failed refresh, from its deadline on.
    fn note_timeout(&mut self) {
        if let Some((_, since)) = self.under_way
            && self.world.now >= since + TIMEOUT
        {
            self.under_way = None;
            self.end(true);
            // It may be noticed late.
            self.ended = self
                .ended
                .map(|at| at - (self.world.now - since - TIMEOUT).min(at));
            self.count("timed out");
        }
    }

    fn end(&mut self, has_failed: bool) {
        self.ended = Some(self.passed);
        self.has_failed = has_failed;
    }

    fn rotate(&mut self) {
        self.first += 1 + self.random.below(3);
        self.count("rotation");
    }

    fn change_provider(&mut self) {
        let states = [
            Provider::Up,
            Provider::Up,
            Provider::Up,
            Provider::Down,
            Provider::Broken,
            Provider::Silent,
        ];
        self.provider = states[usize::try_from(self.random.below(6)).expect("index")];
    }

    /// The model of what a token of this key must be told.
    fn lookup(&mut self) {
        self.note_timeout();
        let nth = match self.random.below(10) {
            0 => self.random.below(1_000_000) + 1_000_000,
            1..=2 => self.first.saturating_sub(self.random.below(4)),
            _ => self.first + self.random.below(4),
        };
        let kid = format!("k{nth}");
        let now = self.world.now;
        let usable = self
            .taken
            .clone()
            .filter(|taken| now - taken.at < FRESH + STALE);
        let lookup = self.world.lookup(&kid);
        let known = |taken: &Taken| (taken.first..taken.first + 3).contains(&nth);
        let (word, keys) = match &lookup {
            Lookup::Ready(keys) => ("ready", Some(keys)),
            Lookup::Stale(keys) => ("stale", Some(keys)),
            Lookup::Wait => ("wait", None),
            Lookup::Unavailable(rejection) => (rejection.code().name(), None),
        };
        match &usable {
            // Fail closed.
            None => assert!(
                ["wait", "jwks_unavailable"].contains(&word),
                "{word} without keys"
            ),
            // No refusal of a known key, and no fetch for it while it is fresh.
            Some(taken) if known(taken) => {
                let waited = |ended| self.passed - ended >= COOLDOWN;
                let is_busy = self.under_way.is_some() || self.half_done;
                let is_open = is_busy || self.ended.is_none_or(waited);
                let expected = match now - taken.at {
                    ..FRESH => "ready",
                    age if age >= FRESH + UNASKED && !self.has_failed && is_open => "wait",
                    _ => "stale",
                };
                assert_eq!(word, expected, "of a known key");
            }
            Some(_) => assert!(
                word != "jwks_unavailable" || self.has_failed,
                "unavailable though the last refresh was good"
            ),
        }
        if let (Some(keys), Some(taken)) = (keys, &usable) {
            assert_eq!(
                self.world.has(keys, &kid),
                known(taken),
                "{kid}: a removed key, or a lost one"
            );
            assert_eq!(keys.set().len(), 3);
        }
        self.count(word);
        if word == "wait" {
            // Whoever waits is woken.
            assert!(
                self.world.cache.poll_timeout().is_some(),
                "a wait without an end"
            );
        }
    }

    fn poll(&mut self) {
        self.note_timeout();
        while self.world.cache.poll_event().is_some() {}
        let is_idle = self.world.cache.is_idle(time(self.world.now));
        let Some(fetch) = self.world.fetch() else {
            return;
        };
        assert!(!is_idle, "a fetch out of idleness");
        assert!(self.under_way.is_none(), "two fetches at a time");
        if self.half_done {
            assert_eq!(fetch.kind, FetchKind::Jwks);
            self.half_done = false;
        } else {
            if let Some(ended) = self.ended {
                assert!(
                    self.passed - ended >= COOLDOWN,
                    "{} ms after the last",
                    self.passed - ended
                );
            }
            self.refreshes += 1;
            assert!(self.refreshes <= 1 + self.passed / COOLDOWN);
        }
        self.under_way = Some((fetch.id, self.world.now));
        self.given.push((fetch, self.world.now, self.first));
        self.count("fetch");
    }

    fn answer(&mut self) {
        if self.given.is_empty() {
            return;
        }
        // Any of the last few, in any order, and sometimes once more later on.
        let nth = self.random.below(self.given.len().min(4) as u64);
        let nth = self.given.len() - 1 - usize::try_from(nth).expect("index");
        let (fetch, _, first) = self.given[nth].clone();
        if !self.random.one_in(3) {
            self.given.remove(nth);
        }
        self.note_timeout();
        let is_waited_for = self.under_way.is_some_and(|(id, _)| id == fetch.id);
        let provider = match is_waited_for {
            true => self.provider,
            // A late answer may well be a good one, of keys that are long gone.
            false => Provider::Up,
        };
        let set = published(first);
        let metadata = format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"{JWKS_URI}"}}"#);
        let body = if fetch.kind == FetchKind::Jwks {
            &set
        } else {
            &metadata
        };
        let tag = format!("\"{first}\"");
        let is_same = fetch.if_none_match.as_deref() == Some(&tag);
        let good = Response {
            etag: Some(&tag),
            ..ok(body)
        };
        let outcome = match provider {
            Provider::Silent => return,
            Provider::Down => Outcome::Failed(Failure::Network),
            Provider::Broken => Outcome::Response(match self.random.below(4) {
                0 => Response {
                    status: 500,
                    ..good
                },
                1 => Response {
                    content_type: Some("text/html"),
                    ..good
                },
                2 => Response {
                    body: b"{\"keys\":[]}",
                    ..good
                },
                _ => Response {
                    status: 304,
                    ..Response::default()
                },
            }),
            Provider::Up if is_same => Outcome::Response(Response {
                status: 304,
                body: b"",
                ..good
            }),
            Provider::Up => Outcome::Response(good),
        };
        let is_unasked_304 =
            matches!(&outcome, Outcome::Response(response) if response.status == 304);
        let is_good = provider == Provider::Up
            || (is_unasked_304 && fetch.if_none_match.is_some() && fetch.kind == FetchKind::Jwks);
        self.world.handle(fetch.id, outcome);
        if !is_waited_for {
            self.count("late");
            return;
        }
        self.under_way = None;
        match (is_good, fetch.kind) {
            (true, FetchKind::Discovery) => self.half_done = true,
            (true, FetchKind::Jwks) => self.take(provider, first, is_same),
            (false, _) => {
                self.end(true);
                self.count("failed");
            }
        }
    }

    fn take(&mut self, provider: Provider, first: u64, is_same: bool) {
        let at = self.world.now;
        if provider == Provider::Up {
            self.taken = Some(Taken { first, at });
            self.count(if is_same { "not modified" } else { "refreshed" });
        } else if let Some(taken) = &mut self.taken {
            // A 304 out of turn: the set at hand is said to be good, and it is believed.
            taken.at = at;
        }
        self.end(false);
    }

    /// However it stands: with a provider that answers, a key of it is soon found.
    pub(crate) fn settle(&mut self) {
        self.provider = Provider::Up;
        let kid = format!("k{}", self.first);
        for _ in 0..15 * 60 {
            self.world.pass(SECOND);
            self.passed += SECOND;
            self.note_timeout();
            let lookup = self.world.lookup(&kid);
            if let Lookup::Ready(keys) | Lookup::Stale(keys) = &lookup
                && self.world.has(keys, &kid)
            {
                return;
            }
            // The answers come in any order, and one that was lost before does not come at all.
            for _ in 0..10 {
                self.poll();
                self.answer();
            }
        }
        panic!("wedged");
    }
}
