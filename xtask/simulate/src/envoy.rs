//! A model of the rules of `remote_jwks` of Envoy's jwt_authn filter, after its API documentation and `jwks_cache.cc`,
//! `jwks_async_fetcher.cc`, `authenticator.cc` and `jwks_fetcher.cc` at commit 02a45cb9a20f: not Envoy itself. With
//! `async_fetch: {}`, its defaults, `http_uri.timeout: 5s` and no `retry_policy`.
//!
//! - The set is fetched at start, before the listener takes requests, and again 5 seconds before `cache_duration` (10
//!   minutes) ends; after a failure each second. A set that was fetched so never expires.
//! - Only when there is no set a request fetches one for itself, and shares that fetch with no other.
//! - A key that is missing is refused; nothing is fetched because of it (a change that did was merged and reverted:
//!   envoyproxy/envoy pull requests 36458 and 37763).

use crate::client::{Answer, Client, Fetch, Key, MINUTE, Millis, Now, Reply, SECOND, Token};

const CACHE_DURATION: Millis = 10 * MINUTE;
const REFETCH_BEFORE_EXPIRED: Millis = 5 * SECOND;
const FAILED_REFETCH_DURATION: Millis = SECOND;
const TIMEOUT: Millis = 5 * SECOND;

/// One worker with its cache, one provider entry for each provider.
pub struct Envoy {
    entries: Vec<Entry>,
    own: Vec<Own>,
    queue: Vec<Fetch>,
    fetches: u64,
}

#[derive(Default)]
struct Entry {
    set: Option<Held>,
    /// The fetch of the main thread, under way.
    asynchronous: Option<u64>,
    /// When the main thread fetches again.
    refetch_at: Millis,
    /// Until the first fetch has ended, the listener takes no requests.
    is_ready: bool,
}

/// The fetch of one request: for which provider, and, once it has ended, whether it was good.
struct Own {
    id: u64,
    provider: usize,
    ended: Option<bool>,
}

struct Held {
    keys: Vec<usize>,
    expires: Millis,
}

impl Envoy {
    pub fn new(providers: usize, now: Now) -> Self {
        let entry = || Entry {
            refetch_at: now.monotonic,
            ..Entry::default()
        };
        Self {
            entries: (0..providers).map(|_| entry()).collect(),
            own: Vec::new(),
            queue: Vec::new(),
            fetches: 0,
        }
    }

    fn fetch(&mut self, provider: usize) -> u64 {
        self.fetches += 1;
        self.queue.push(Fetch {
            id: self.fetches,
            provider,
            if_none_match: None,
            timeout: TIMEOUT,
        });
        self.fetches
    }
}

impl Entry {
    fn verify(&self, key: Key) -> Answer {
        let set = self.set.as_ref();
        let has = |keys: &[usize]| matches!(key, Key::Own(key) if keys.contains(&key));
        if set.is_some_and(|set| has(&set.keys)) {
            Answer::Accept
        } else {
            Answer::Refuse("JwksKidAlgMismatch")
        }
    }
}

impl Client for Envoy {
    fn ask(&mut self, token: &Token, now: Now) -> Answer {
        let entry = &self.entries[token.provider];
        if !entry.is_ready {
            return Answer::Wait(None);
        }
        let set = entry.set.as_ref();
        if set.is_some_and(|set| now.monotonic < set.expires) {
            return entry.verify(token.key);
        }
        let id = self.fetch(token.provider);
        self.own.push(Own {
            id,
            provider: token.provider,
            ended: None,
        });
        Answer::Wait(Some(id))
    }

    fn resume(&mut self, token: &Token, fetch: Option<u64>, now: Now) -> Answer {
        let Some(fetch) = fetch else {
            return self.ask(token, now);
        };
        let mut own = self.own.iter();
        match own.position(|own| own.id == fetch && own.ended.is_some()) {
            None => Answer::Wait(Some(fetch)),
            Some(at) if self.own.swap_remove(at).ended == Some(true) => {
                self.entries[token.provider].verify(token.key)
            }
            Some(_) => Answer::Refuse("JwksFetchFail"),
        }
    }

    fn poll_fetch(&mut self, now: Now) -> Option<Fetch> {
        let is_due =
            |entry: &Entry| entry.asynchronous.is_none() && entry.refetch_at <= now.monotonic;
        if let Some(provider) = self.entries.iter().position(is_due) {
            let id = self.fetch(provider);
            self.entries[provider].asynchronous = Some(id);
        }
        self.queue.pop()
    }

    fn handle(&mut self, id: u64, reply: Reply<'_>, now: Now) {
        let keys = match reply {
            Reply::Response(response) => response.set.map(|set| set.keys.clone()),
            Reply::Network | Reply::Timeout => None,
        };
        let is_good = keys.is_some();
        let hold = |expires| keys.map(|keys| Held { keys, expires });
        if let Some(own) = self.own.iter_mut().find(|own| own.id == id) {
            own.ended = Some(is_good);
            if is_good {
                self.entries[own.provider].set = hold(now.monotonic + CACHE_DURATION);
            }
            return;
        }
        let mut entries = self.entries.iter_mut();
        let Some(entry) = entries.find(|entry| entry.asynchronous == Some(id)) else {
            return;
        };
        entry.asynchronous = None;
        entry.is_ready = true;
        let wait = if is_good {
            entry.set = hold(Millis::MAX);
            CACHE_DURATION - REFETCH_BEFORE_EXPIRED
        } else {
            FAILED_REFETCH_DURATION
        };
        entry.refetch_at = now.monotonic + wait;
    }

    fn wake_in(&self, now: Now) -> Option<Millis> {
        let idle = self
            .entries
            .iter()
            .filter(|entry| entry.asynchronous.is_none());
        let next = idle.map(|entry| entry.refetch_at).min()?;
        Some(next.saturating_sub(now.monotonic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, good, token};

    fn fetch_at(envoy: &mut Envoy, now: Millis) -> u64 {
        envoy.poll_fetch(at(now)).expect("a fetch is due").id
    }

    #[test]
    fn the_main_thread_fetches_before_anything_else_and_again_in_time() {
        let mut envoy = Envoy::new(1, at(0));
        assert_eq!(envoy.ask(&token(0), at(0)), Answer::Wait(None));
        let id = fetch_at(&mut envoy, 0);
        assert!(envoy.poll_fetch(at(0)).is_none());
        envoy.handle(id, good(&[0]), at(100));
        assert_eq!(envoy.resume(&token(0), None, at(100)), Answer::Accept);
        assert_eq!(envoy.wake_in(at(100)), Some(595 * SECOND));
    }

    #[test]
    fn a_fetched_set_is_used_for_ever_and_failures_are_tried_again_each_second() {
        let mut envoy = Envoy::new(1, at(0));
        let id = fetch_at(&mut envoy, 0);
        envoy.handle(id, good(&[0]), at(0));
        let id = fetch_at(&mut envoy, 595 * SECOND);
        envoy.handle(id, Reply::Network, at(595 * SECOND));
        assert_eq!(envoy.wake_in(at(595 * SECOND)), Some(SECOND));
        let later = 100 * 60 * MINUTE;
        assert_eq!(envoy.ask(&token(0), at(later)), Answer::Accept);
        let missing = Answer::Refuse("JwksKidAlgMismatch");
        assert_eq!(envoy.ask(&token(1), at(later)), missing);
    }

    #[test]
    fn without_a_set_each_request_fetches_for_itself() {
        let mut envoy = Envoy::new(1, at(0));
        let id = fetch_at(&mut envoy, 0);
        envoy.handle(id, Reply::Network, at(5));
        let first = envoy.ask(&token(0), at(10));
        let second = envoy.ask(&token(0), at(11));
        let (Answer::Wait(Some(first)), Answer::Wait(Some(second))) = (first, second) else {
            panic!("both fetch");
        };
        assert_ne!(first, second);
        envoy.handle(first, Reply::Timeout, at(20));
        envoy.handle(second, good(&[0]), at(21));
        let failed = Answer::Refuse("JwksFetchFail");
        assert_eq!(envoy.resume(&token(0), Some(first), at(21)), failed);
        assert_eq!(
            envoy.resume(&token(0), Some(second), at(21)),
            Answer::Accept
        );
        // What a request fetched is good for ten minutes.
        assert_eq!(envoy.ask(&token(0), at(22)), Answer::Accept);
        let expired = 21 + CACHE_DURATION;
        assert!(matches!(
            envoy.ask(&token(0), at(expired)),
            Answer::Wait(Some(_))
        ));
    }
}
