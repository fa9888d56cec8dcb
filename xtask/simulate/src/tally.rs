//! What is counted.

use std::collections::BTreeMap;

use crate::client::{HOUR, MINUTE, Millis, Token};

/// How long after a rotation its requests are counted.
pub const AFTER_ROTATION: Millis = 10 * MINUTE;

/// One contestant in one scenario.
#[derive(Debug, Default, PartialEq)]
pub struct Tally {
    pub tokens: u64,
    pub valid: u64,
    /// Valid tokens that were refused, by code.
    pub refused: BTreeMap<&'static str, u64>,
    /// Those of them whose key the isolate had from its last good fetch, within the time for which such a set is used.
    pub refused_in_bound: u64,
    /// Those of them that were refused by an isolate that had never had a good fetch.
    pub refused_cold: u64,
    /// Tokens that were accepted with a key that the isolate's last good fetch did not have, or after the time for which
    /// such a set is used.
    pub false_accepts: u64,
    /// How long after its withdrawal a key was still accepted.
    pub longest_stale: Millis,
    pub requests: u64,
    /// The most that one isolate made of one provider in an hour of the clock.
    pub requests_of_one: u64,
    /// In the ten minutes after the key was replaced.
    pub requests_after_rotation: u64,
    /// Isolates that made more requests than one and one for each cooldown since.
    pub over_cooldown: u64,
    pub longest_wait: Millis,
    /// How long after the trouble had ended a valid token was still refused.
    pub recovery: Millis,
    pub minutes: Vec<Minute>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Minute {
    pub valid: u64,
    pub refused: u64,
    pub requests: u64,
}

impl Tally {
    pub fn new(length: Millis) -> Self {
        let minutes = length.div_ceil(MINUTE) as usize;
        Self {
            minutes: vec![Minute::default(); minutes],
            ..Self::default()
        }
    }

    /// An isolate may end a little after the scenario.
    fn minute(&mut self, at: Millis) -> &mut Minute {
        let last = self.minutes.len() - 1;
        &mut self.minutes[((at / MINUTE) as usize).min(last)]
    }

    pub fn token(&mut self, token: &Token) {
        self.tokens += 1;
        if token.valid {
            self.valid += 1;
            self.minute(token.at).valid += 1;
        }
    }

    pub fn refused(&mut self, token: &Token, code: &'static str, mended: Millis) {
        *self.refused.entry(code).or_default() += 1;
        self.minute(token.at).refused += 1;
        if let Some(late) = token.at.checked_sub(mended) {
            self.recovery = self.recovery.max(late);
        }
    }

    pub fn request(&mut self, at: Millis, rotations: impl Iterator<Item = Millis>) {
        self.requests += 1;
        self.minute(at).requests += 1;
        let is_after = |rotation: Millis| (rotation..rotation + AFTER_ROTATION).contains(&at);
        if rotations.into_iter().any(is_after) {
            self.requests_after_rotation += 1;
        }
    }

    pub fn all_refused(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Requests of all isolates in the worst hour of the clock.
    pub fn requests_an_hour(&self) -> u64 {
        let hours = self.minutes.chunks((HOUR / MINUTE) as usize);
        let of_hour = |hour: &[Minute]| hour.iter().map(|minute| minute.requests).sum();
        hours.map(of_hour).max().unwrap_or(0)
    }
}

/// The requests of one isolate to one provider.
#[derive(Default)]
pub struct Requests {
    first: Option<Millis>,
    count: u64,
    hour: Millis,
    in_hour: u64,
    pub most_in_hour: u64,
    pub is_over_cooldown: bool,
}

impl Requests {
    pub fn note(&mut self, at: Millis, cooldown: Millis) {
        let since = at - *self.first.get_or_insert(at);
        self.count += 1;
        self.is_over_cooldown |= self.count > 1 + since / cooldown;
        if at / HOUR != self.hour {
            (self.hour, self.in_hour) = (at / HOUR, 0);
        }
        self.in_hour += 1;
        self.most_in_hour = self.most_in_hour.max(self.in_hour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::SECOND;
    use crate::testing::token;

    #[test]
    fn more_requests_than_the_cooldown_allows_are_noticed() {
        let mut requests = Requests::default();
        for at in [HOUR, HOUR + 30 * SECOND, 2 * HOUR] {
            requests.note(at, 30 * SECOND);
        }
        assert!(!requests.is_over_cooldown);
        assert_eq!(requests.most_in_hour, 2);
        let mut requests = Requests::default();
        for at in [0, 29 * SECOND] {
            requests.note(at, 30 * SECOND);
        }
        assert!(requests.is_over_cooldown);
    }

    #[test]
    fn recovery_counts_from_the_end_of_the_trouble() {
        let mut tally = Tally::new(HOUR);
        for at in [MINUTE, 3 * MINUTE] {
            tally.refused(&Token { at, ..token(0) }, "code", 2 * MINUTE);
        }
        assert_eq!(tally.recovery, MINUTE);
        assert_eq!(tally.all_refused(), 2);
        assert_eq!(tally.minutes[3].refused, 1);
    }
}
