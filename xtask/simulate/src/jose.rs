//! A model of the rules of `createRemoteJWKSet` of jose 6.2.18, after its documentation and `src/jwks/remote.ts`, with
//! the defaults: not jose itself.
//!
//! - A set is fresh for 10 minutes. Without a fresh one every token waits for a fetch, one at a time for all of them.
//! - A key that is missing leads to a fetch as well, unless the last good one is less than 30 seconds ago.
//! - A failed fetch fails every token that waits for it; there is no wait before the next, and no use of a stale set.

use crate::client::{Answer, Client, Fetch, Key, MINUTE, Millis, Now, Reply, SECOND, Token};

/// How long a set is fresh: `cacheMaxAge`.
pub const CACHE_MAX_AGE: Millis = 10 * MINUTE;
const COOLDOWN_DURATION: Millis = 30 * SECOND;
const TIMEOUT_DURATION: Millis = 5 * SECOND;

/// One resolver for each provider.
pub struct Jose {
    resolvers: Vec<Resolver>,
    fetches: u64,
}

#[derive(Default)]
struct Resolver {
    set: Option<Local>,
    pending: Option<Pending>,
    /// How the last fetch ended.
    failure: Option<&'static str>,
}

struct Local {
    keys: Vec<usize>,
    updated_at: Millis,
}

struct Pending {
    id: u64,
    is_started: bool,
}

impl Jose {
    pub fn new(providers: usize) -> Self {
        Self {
            resolvers: (0..providers).map(|_| Resolver::default()).collect(),
            fetches: 0,
        }
    }

    fn reload(&mut self, provider: usize) -> Answer {
        let fetches = &mut self.fetches;
        let pending = self.resolvers[provider].pending.get_or_insert_with(|| {
            *fetches += 1;
            Pending {
                id: *fetches,
                is_started: false,
            }
        });
        Answer::Wait(Some(pending.id))
    }
}

impl Resolver {
    fn is_valid_for(&self, duration: Millis, now: Now) -> bool {
        let updated_at = self.set.as_ref().map(|set| set.updated_at);
        updated_at.is_some_and(|at| now.wall < at + duration)
    }

    fn has(&self, key: Key) -> bool {
        let set = self.set.as_ref();
        set.is_some_and(|set| matches!(key, Key::Own(key) if set.keys.contains(&key)))
    }
}

impl Client for Jose {
    fn ask(&mut self, token: &Token, now: Now) -> Answer {
        let resolver = &self.resolvers[token.provider];
        if !resolver.is_valid_for(CACHE_MAX_AGE, now) {
            return self.reload(token.provider);
        }
        if resolver.has(token.key) {
            return Answer::Accept;
        }
        if resolver.is_valid_for(COOLDOWN_DURATION, now) {
            return Answer::Refuse("ERR_JWKS_NO_MATCHING_KEY");
        }
        self.reload(token.provider)
    }

    fn resume(&mut self, token: &Token, _: Option<u64>, _: Now) -> Answer {
        let resolver = &self.resolvers[token.provider];
        match resolver.failure {
            Some(code) => Answer::Refuse(code),
            None if resolver.has(token.key) => Answer::Accept,
            None => Answer::Refuse("ERR_JWKS_NO_MATCHING_KEY"),
        }
    }

    fn poll_fetch(&mut self, _: Now) -> Option<Fetch> {
        let mut all = self.resolvers.iter_mut().enumerate();
        all.find_map(|(provider, resolver)| {
            let pending = resolver.pending.as_mut()?;
            let is_new = !std::mem::replace(&mut pending.is_started, true);
            is_new.then_some(Fetch {
                id: pending.id,
                provider,
                if_none_match: None,
                timeout: TIMEOUT_DURATION,
            })
        })
    }

    fn handle(&mut self, id: u64, reply: Reply<'_>, now: Now) {
        let is_its = |resolver: &&mut Resolver| {
            let pending = resolver.pending.as_ref();
            pending.is_some_and(|pending| pending.id == id)
        };
        let Some(resolver) = self.resolvers.iter_mut().find(is_its) else {
            return;
        };
        resolver.pending = None;
        resolver.failure = match reply {
            Reply::Response(response) => match response.set {
                Some(set) => {
                    resolver.set = Some(Local {
                        keys: set.keys.clone(),
                        updated_at: now.wall,
                    });
                    None
                }
                None => Some("ERR_JOSE_GENERIC"),
            },
            Reply::Network => Some("fetch failed"),
            Reply::Timeout => Some("ERR_JWKS_TIMEOUT"),
        };
    }

    fn wake_in(&self, _: Now) -> Option<Millis> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, good, token};

    fn loaded() -> Jose {
        let mut jose = Jose::new(1);
        let Answer::Wait(Some(id)) = jose.ask(&token(0), at(0)) else {
            panic!("no set, so it has to wait");
        };
        assert_eq!(jose.poll_fetch(at(0)).map(|fetch| fetch.id), Some(id));
        assert!(jose.poll_fetch(at(0)).is_none(), "one at a time");
        jose.handle(id, good(&[0]), at(100));
        assert_eq!(jose.resume(&token(0), Some(id), at(100)), Answer::Accept);
        jose
    }

    #[test]
    fn a_set_is_fresh_for_ten_minutes_and_then_not_used() {
        let mut jose = loaded();
        assert_eq!(jose.ask(&token(0), at(10 * MINUTE)), Answer::Accept);
        let Answer::Wait(id) = jose.ask(&token(0), at(10 * MINUTE + 100)) else {
            panic!("no longer fresh");
        };
        jose.handle(id.unwrap(), Reply::Network, at(10 * MINUTE + 105));
        let refused = Answer::Refuse("fetch failed");
        assert_eq!(jose.resume(&token(0), id, at(10 * MINUTE + 105)), refused);
        // The next token tries again at once.
        assert!(matches!(
            jose.ask(&token(0), at(10 * MINUTE + 106)),
            Answer::Wait(_)
        ));
    }

    #[test]
    fn a_missing_key_is_fetched_after_the_cooldown() {
        let mut jose = loaded();
        let missing = Answer::Refuse("ERR_JWKS_NO_MATCHING_KEY");
        assert_eq!(jose.ask(&token(1), at(30 * SECOND)), missing);
        let Answer::Wait(Some(id)) = jose.ask(&token(1), at(30 * SECOND + 100)) else {
            panic!("the cooldown is over");
        };
        jose.handle(id, good(&[0, 1]), at(31 * SECOND));
        assert_eq!(
            jose.resume(&token(1), Some(id), at(31 * SECOND)),
            Answer::Accept
        );
    }
}
