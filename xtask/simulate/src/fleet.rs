//! Runs one contestant through one scenario, place by place: isolates know nothing of each other.

use std::error::Error;

use crate::client::{Answer, Client, Key, Millis, Now, Reply, Token};
use crate::envoy::Envoy;
use crate::jose::{self, Jose};
use crate::ours::{Ours, Shared};
use crate::scenario::Scenario;
use crate::tally::{Requests, Tally};
use crate::traffic::{self, Life, Tokens};
use crate::world::{Happening, Provider};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Contestant {
    Ours,
    /// With a store at each place, where an isolate leaves its set for the next one.
    OursWithStore,
    Jose,
    Envoy,
}

pub const CONTESTANTS: [Contestant; 4] = [
    Contestant::Ours,
    Contestant::OursWithStore,
    Contestant::Jose,
    Contestant::Envoy,
];

impl Contestant {
    /// Whether it is the core itself, and not a model of something else.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Ours | Self::OursWithStore)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "idtoken",
            Self::OursWithStore => "idtoken with a store",
            Self::Jose => "jose (model)",
            Self::Envoy => "jwt_authn (model)",
        }
    }
}

/// A good fetch: which of the provider's sets it gave, and when.
type Good = Option<(usize, Millis)>;

/// What an isolate leaves in the store.
struct Left {
    snapshot: Option<String>,
    good: Vec<Good>,
}

/// A fetch under way.
struct UnderWay {
    id: u64,
    provider: usize,
    ends: Millis,
    /// Which set was published when it was made.
    set: usize,
    /// Nothing, when it times out.
    happening: Option<Happening>,
    if_none_match: Option<String>,
}

struct Run<'w> {
    scenario: &'w Scenario,
    providers: &'w [Provider],
    seed: u64,
    place: u64,
    life: &'w Life,
    /// For how long after its fetch a set is used, if the contestant promises an end.
    bound: Option<Millis>,
    cooldown: Millis,
    client: Box<dyn Client + 'w>,
    under_way: Vec<UnderWay>,
    waiting: Vec<(Token, Option<u64>)>,
    good: Vec<Good>,
    requests: Vec<Requests>,
}

/// # Errors
/// When the core refuses the simulation's own configuration.
pub fn run(
    scenario: &Scenario,
    contestant: Contestant,
    seed: u64,
) -> Result<Tally, Box<dyn Error>> {
    let providers = providers(scenario, seed);
    let shared = Shared::new(&providers)?;
    let fresh = shared.options.cache_max_age;
    let mut tally = Tally::new(scenario.length);
    for place in 0..scenario.isolates {
        let mut kept = None;
        let mut good = vec![None; providers.len()];
        for life in &traffic::lives(scenario, seed, place) {
            let now = now(life, life.from);
            let client: Box<dyn Client + '_> = match contestant {
                Contestant::Ours => Box::new(Ours::new(&shared, place ^ life.from, None, now)?),
                Contestant::OursWithStore => {
                    let kept = kept.as_deref();
                    Box::new(Ours::new(&shared, place ^ life.from, kept, now)?)
                }
                Contestant::Jose => Box::new(Jose::new(providers.len())),
                Contestant::Envoy => Box::new(Envoy::new(providers.len(), now)),
            };
            if contestant != Contestant::OursWithStore {
                good.fill(None);
            }
            let mut run = Run {
                scenario,
                providers: &providers,
                seed,
                place,
                life,
                bound: match contestant {
                    Contestant::Ours | Contestant::OursWithStore => {
                        Some(fresh + shared.options.stale_if_error)
                    }
                    Contestant::Jose => Some(jose::CACHE_MAX_AGE),
                    Contestant::Envoy => None,
                },
                cooldown: shared.options.cooldown_duration,
                client,
                under_way: Vec::new(),
                waiting: Vec::new(),
                good,
                requests: providers.iter().map(|_| Requests::default()).collect(),
            };
            let left = run.live(&mut tally);
            kept = left.snapshot.or(kept);
            good = left.good;
        }
    }
    Ok(tally)
}

fn providers(scenario: &Scenario, seed: u64) -> Vec<Provider> {
    let provider = |number| {
        let published = scenario.published(number);
        let sets: Vec<_> = published.iter().map(|(_, keys)| *keys).collect();
        Provider::new(number, seed, &sets)
    };
    (0..scenario.providers).map(provider).collect()
}

fn now(life: &Life, at: Millis) -> Now {
    Now {
        wall: life.wall(at),
        monotonic: at,
    }
}

impl Run<'_> {
    /// From the start to the end, and on until the last token has its answer. The next isolate has started by then, so
    /// what is left to it is what there is at the end.
    fn live(&mut self, tally: &mut Tally) -> Left {
        let mut left = None;
        let mut tokens = Tokens::of(self.scenario, self.life, self.seed, self.place).peekable();
        let mut at = self.life.from;
        self.start_fetches(at, tally);
        loop {
            let reply = self.under_way.iter().map(|fetch| fetch.ends).min();
            // An instant later at least: time has to go on.
            let wake = self.client.wake_in(self.now(at));
            let wake = wake.map(|wait| at + wait.max(1));
            let token = tokens.peek().map(|token| token.at);
            let Some(next) = [reply, wake, token].into_iter().flatten().min() else {
                break;
            };
            if next >= self.life.until {
                left.get_or_insert_with(|| self.leave());
                if self.waiting.is_empty() {
                    break;
                }
            }
            at = next;
            if reply == Some(at) {
                self.end_fetch(at, tally);
            } else if wake == Some(at) {
                self.start_fetches(at, tally);
                self.resume(None, at, tally);
            } else if let Some(token) = tokens.next() {
                tally.token(&token);
                let answer = self.client.ask(&token, self.now(at));
                self.settle(token, answer, at, tally);
            }
            self.start_fetches(at, tally);
        }
        for (token, _) in std::mem::take(&mut self.waiting) {
            self.settle(token, Answer::Refuse("never answered"), at, tally);
        }
        for requests in &self.requests {
            tally.requests_of_one = tally.requests_of_one.max(requests.most_in_hour);
            tally.over_cooldown += u64::from(requests.is_over_cooldown);
        }
        left.unwrap_or_else(|| self.leave())
    }

    fn leave(&self) -> Left {
        Left {
            snapshot: self.client.keep(),
            good: self.good.clone(),
        }
    }

    fn now(&self, at: Millis) -> Now {
        now(self.life, at)
    }

    fn start_fetches(&mut self, at: Millis, tally: &mut Tally) {
        while let Some(fetch) = self.client.poll_fetch(self.now(at)) {
            let provider = fetch.provider;
            tally.request(at, self.scenario.rotations());
            self.requests[provider].note(at, self.cooldown);
            let faults = self.scenario.faults;
            let happening = Happening::of(faults, provider, self.seed, self.place, at);
            let published = self.scenario.published(provider);
            let set = published.iter().rposition(|(from, _)| *from <= at);
            let is_in_time = happening.after < fetch.timeout;
            self.under_way.push(UnderWay {
                id: fetch.id,
                provider,
                ends: at + happening.after.min(fetch.timeout),
                set: set.unwrap_or(0),
                happening: is_in_time.then_some(happening),
                if_none_match: fetch.if_none_match,
            });
        }
    }

    fn end_fetch(&mut self, at: Millis, tally: &mut Tally) {
        let mut under_way = self.under_way.iter();
        let Some(nth) = under_way.position(|fetch| fetch.ends == at) else {
            return;
        };
        let fetch = self.under_way.swap_remove(nth);
        let set = &self.providers[fetch.provider].sets[fetch.set];
        let reply = match &fetch.happening {
            Some(happening) => happening.reply(set, fetch.if_none_match.as_deref()),
            None => Reply::Timeout,
        };
        if let Reply::Response(response) = reply
            && (response.set.is_some() || response.status == 304)
        {
            self.good[fetch.provider] = Some((fetch.set, at));
        }
        self.client.handle(fetch.id, reply, self.now(at));
        self.resume(Some(fetch.id), at, tally);
    }

    /// Asks again for the tokens that waited for this fetch, or for anything.
    fn resume(&mut self, ended: Option<u64>, at: Millis, tally: &mut Tally) {
        for (token, fetch) in std::mem::take(&mut self.waiting) {
            if fetch.is_some() && fetch != ended {
                self.waiting.push((token, fetch));
                continue;
            }
            let answer = self.client.resume(&token, fetch, self.now(at));
            self.settle(token, answer, at, tally);
        }
    }

    fn settle(&mut self, token: Token, answer: Answer, at: Millis, tally: &mut Tally) {
        if let Answer::Wait(fetch) = answer {
            self.waiting.push((token, fetch));
            return;
        }
        tally.longest_wait = tally.longest_wait.max(at - token.at);
        let good = self.good[token.provider];
        let is_held = good.is_some_and(|(set, fetched_at)| {
            let keys = &self.providers[token.provider].sets[set].keys;
            let is_in_it = matches!(token.key, Key::Own(key) if keys.contains(&key));
            // A clock that was turned back makes a set older than it looks.
            let slack = 2 * self.scenario.skew;
            is_in_it
                && self
                    .bound
                    .is_none_or(|bound| at - fetched_at <= bound + slack)
        });
        match answer {
            Answer::Accept => {
                tally.false_accepts += u64::from(!is_held);
                if let Key::Own(key) = token.key
                    && let Some(withdrawn) = self.scenario.withdrawn(token.provider, key)
                {
                    tally.longest_stale = tally.longest_stale.max(at.saturating_sub(withdrawn));
                }
            }
            Answer::Refuse(code) if token.valid => {
                tally.refused(&token, code, self.scenario.mended);
                tally.refused_in_bound += u64::from(is_held);
                tally.refused_cold += u64::from(good.is_none());
            }
            Answer::Refuse(_) | Answer::Wait(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Fetch, HOUR, SECOND};
    use crate::scenario::SCENARIOS;

    /// Fetches once, believes everybody, or never says anything.
    struct Odd {
        fetches: u64,
        says: Answer,
    }

    impl Client for Odd {
        fn ask(&mut self, _: &Token, _: Now) -> Answer {
            self.says
        }

        fn resume(&mut self, token: &Token, _: Option<u64>, now: Now) -> Answer {
            self.ask(token, now)
        }

        fn poll_fetch(&mut self, _: Now) -> Option<Fetch> {
            self.fetches = self.fetches.checked_sub(1)?;
            Some(Fetch {
                id: 1,
                provider: 0,
                if_none_match: None,
                timeout: 5 * SECOND,
            })
        }

        fn handle(&mut self, _: u64, _: Reply<'_>, _: Now) {}

        fn wake_in(&self, _: Now) -> Option<Millis> {
            None
        }
    }

    fn tally_of(scenario: &Scenario, fetches: u64, says: Answer) -> Tally {
        let providers = providers(scenario, 1);
        let life = Life {
            from: 0,
            until: scenario.length,
            ahead: (0, 0, 0),
        };
        let mut tally = Tally::new(scenario.length);
        let mut run = Run {
            scenario,
            providers: &providers,
            seed: 1,
            place: 0,
            life: &life,
            bound: Some(HOUR),
            cooldown: 30 * SECOND,
            client: Box::new(Odd { fetches, says }),
            under_way: Vec::new(),
            waiting: Vec::new(),
            good: vec![None],
            requests: vec![Requests::default()],
        };
        run.live(&mut tally);
        tally
    }

    fn scenario(name: &str) -> Scenario {
        let mut scenarios = SCENARIOS.iter();
        *scenarios
            .find(|scenario| scenario.name == name)
            .expect("a scenario of this name")
    }

    #[test]
    fn who_believes_everybody_is_found_out() {
        let tally = tally_of(&scenario("flood"), 1, Answer::Accept);
        assert!(tally.false_accepts > 90_000, "{}", tally.false_accepts);
        assert_eq!(tally.all_refused(), 0);
        // A removed key, long after the last fetch.
        let tally = tally_of(&scenario("sudden"), 1, Answer::Accept);
        assert!(tally.false_accepts > 0);
        assert!(tally.longest_stale > 50 * 60 * SECOND);
    }

    #[test]
    fn who_never_answers_is_found_out() {
        let tally = tally_of(&scenario("sudden"), 1, Answer::Wait(None));
        assert_eq!(tally.refused.get("never answered"), Some(&tally.valid));
    }

    #[test]
    fn who_refuses_everybody_is_found_out() {
        let tally = tally_of(&scenario("outage"), 1, Answer::Refuse("no"));
        assert_eq!(tally.all_refused(), tally.valid);
        assert!(tally.refused_in_bound > 0);
        assert!(tally.recovery > 50 * 60 * SECOND);
        let tally = tally_of(&scenario("outage"), 0, Answer::Refuse("no"));
        assert_eq!(tally.refused_cold, tally.valid);
    }
}
