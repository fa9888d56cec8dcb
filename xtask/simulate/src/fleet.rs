//! Runs one contestant through one scenario, place by place: isolates know nothing of each other.

use std::error::Error;

use crate::client::{Answer, Client, Key, MINUTE, Millis, Now, Reply, Token};
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

/// A good fetch: which of the provider's sets it gave, and when.
type Good = Option<(usize, Millis)>;

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
    let published = |provider| scenario.published(provider);
    let sets = |provider| -> Vec<_> { published(provider).iter().map(|(_, set)| *set).collect() };
    let numbers = 0..scenario.providers;
    let providers: Vec<_> = numbers
        .map(|number| Provider::new(number, seed, &sets(number)))
        .collect();
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
            run.live(&mut tally);
            kept = run.client.keep().or(kept);
            good = run.good;
        }
    }
    Ok(tally)
}

fn now(life: &Life, at: Millis) -> Now {
    Now {
        wall: life.wall(at),
        monotonic: at,
    }
}

impl Run<'_> {
    fn live(&mut self, tally: &mut Tally) {
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
            if next >= self.life.until && self.waiting.is_empty() {
                break;
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

impl Contestant {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "idtoken",
            Self::OursWithStore => "idtoken, store",
            Self::Jose => "jose (model)",
            Self::Envoy => "jwt_authn (model)",
        }
    }
}

/// What a run of the contestant that is tested must show, whatever the scenario; and what some scenarios add.
pub fn breaches(scenario: &Scenario, contestant: Contestant, tally: &Tally) -> Vec<String> {
    let mut breaches = Vec::new();
    if !matches!(contestant, Contestant::Ours | Contestant::OursWithStore) {
        return breaches;
    }
    let mut must = |holds: bool, what: String| {
        if !holds {
            breaches.push(format!("{}, {}: {what}", scenario.name, contestant.name()));
        }
    };
    must(
        tally.false_accepts == 0,
        format!("{} false accepts", tally.false_accepts),
    );
    must(
        !tally.refused.contains_key("never answered"),
        "tokens were never answered".to_owned(),
    );
    let in_bound = tally.refused_in_bound;
    // A clock that is wrong may make a store's set look as if it came from the future; then it is not taken.
    must(
        in_bound == 0 || scenario.skew > 0,
        format!("{in_bound} tokens with a known key refused within the stale bound"),
    );
    must(
        tally.over_cooldown == 0 || scenario.skew > 0,
        format!("{} isolates over the cooldown", tally.over_cooldown),
    );
    if scenario.changes.is_empty() {
        let others = tally.refused.keys().any(|code| *code != "jwks_unavailable");
        must(!others, format!("wrong codes: {:?}", tally.refused));
    }
    must(
        tally.recovery <= 10 * MINUTE,
        format!("recovery took {} s", tally.recovery / 1000),
    );
    breaches
}
