//! The lives of isolates and the tokens that come to them: the same for every contestant.

use crate::client::{Key, MINUTE, Millis, Token};
use crate::random::Random;
use crate::scenario::Scenario;

/// Isolates do not all start at once.
const START_WITHIN: Millis = 10 * MINUTE;
/// How old a user's token may be: who holds an older one has fetched another.
const OLDEST: Millis = 30 * MINUTE;

/// One isolate, from its start to its end.
pub struct Life {
    pub from: Millis,
    pub until: Millis,
    /// How far its clock is ahead; the second one holds from the instant on.
    pub ahead: (i64, Millis, i64),
}

/// The lives at one place, one after the other.
pub fn lives(scenario: &Scenario, seed: u64, place: u64) -> Vec<Life> {
    let mut random = Random::of(&[seed, place, 0x6c69_6665]);
    let mut from = random.between(0, START_WITHIN);
    let mut lives = Vec::new();
    while from < scenario.length {
        let wait = scenario
            .life
            .map_or(Millis::MAX, |mean| random.wait(mean).max(1000));
        let until = from.saturating_add(wait).min(scenario.length);
        let skew = scenario.skew as i64;
        let mut off = || random.between(0, 2 * scenario.skew + 1) as i64 - skew;
        let (first, jump) = (off(), off());
        let jumps = random.between(0, 4) == 0;
        let at = random.between(from, until);
        let second = if jumps { first + jump } else { first };
        lives.push(Life {
            from,
            until,
            ahead: (first, at, second),
        });
        from = until;
    }
    lives
}

impl Life {
    /// What its clock reads.
    pub fn wall(&self, at: Millis) -> Millis {
        let (first, from, second) = self.ahead;
        let ahead = if at < from { first } else { second };
        (crate::world::EPOCH + at).saturating_add_signed(ahead)
    }
}

/// The tokens that come to one isolate, in order.
pub struct Tokens<'s> {
    scenario: &'s Scenario,
    until: Millis,
    random: Random,
    users: Millis,
    thief: Millis,
    attacker: Millis,
}

impl<'s> Tokens<'s> {
    pub fn of(scenario: &'s Scenario, life: &Life, seed: u64, place: u64) -> Self {
        let mut random = Random::of(&[seed, place, life.from, 0x746f_6b65]);
        let mut first = |from: Option<Millis>, mean: Option<Millis>| match (from, mean) {
            (Some(from), Some(mean)) => from.max(life.from) + random.wait(mean),
            _ => Millis::MAX,
        };
        Self {
            users: first(Some(0), Some(scenario.between_tokens)),
            thief: first(scenario.withdrawn(0, 0), scenario.between_stolen),
            attacker: first(Some(0), scenario.between_forged),
            scenario,
            until: life.until,
            random,
        }
    }

    fn users(&mut self, at: Millis) -> Token {
        let provider = self.random.between(0, self.scenario.providers as u64) as usize;
        let age = self.random.between(0, OLDEST);
        let key = self.scenario.signing_key(provider, at.saturating_sub(age));
        self.own(provider, key, at)
    }

    fn own(&self, provider: usize, key: usize, at: Millis) -> Token {
        let withdrawn = self.scenario.withdrawn(provider, key);
        Token {
            provider,
            key: Key::Own(key),
            at,
            valid: withdrawn.is_none_or(|from| at < from),
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let at = self.users.min(self.thief).min(self.attacker);
        if at >= self.until {
            return None;
        }
        let next = |random: &mut Random, mean: Option<Millis>| {
            mean.map_or(Millis::MAX, |mean| at + random.wait(mean))
        };
        if at == self.users {
            self.users = next(&mut self.random, Some(self.scenario.between_tokens));
            Some(self.users(at))
        } else if at == self.thief {
            self.thief = next(&mut self.random, self.scenario.between_stolen);
            Some(self.own(0, 0, at))
        } else {
            self.attacker = next(&mut self.random, self.scenario.between_forged);
            Some(Token {
                provider: 0,
                key: Key::Forged(self.random.next()),
                at,
                valid: false,
            })
        }
    }
}
