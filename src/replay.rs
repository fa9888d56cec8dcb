//! The key of a token's one use, and a memory of used ones (rule R84).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::alg::Hash;
use crate::error::{Code, Rejection};
use crate::json::Value;
use crate::time::UnixTime;
use crate::verifier::IdToken;

/// What stands for the one use of a token: SHA-256 over its issuer and its `jti` or, without one, its `nonce`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ReplayKey {
    digest: [u8; 32],
    until: UnixTime,
}

impl ReplayKey {
    /// The digest, by which a store knows it.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// From when on the token is refused as expired, so that a store may forget it: `exp` and its policy's tolerance.
    #[must_use]
    pub fn until(&self) -> UnixTime {
        self.until
    }
}

impl IdToken {
    /// The key of this token's one use. Consume it last, when everything else has been accepted.
    ///
    /// # Errors
    /// `claim_missing` when the token has neither `jti` nor `nonce`.
    pub fn replay_key(&self) -> Result<ReplayKey, Rejection> {
        let claims = self.claims();
        let text = |name| claims.str(name).filter(|text| !text.is_empty());
        let (name, value) = match (text("jti"), text("nonce")) {
            (Some(jti), _) => ("jti", jti),
            (None, Some(nonce)) => ("nonce", nonce),
            (None, None) => {
                let hint = "jti or nonce: without both, a second use cannot be told";
                return Err(Rejection::new(Code::ClaimMissing, hint));
            }
        };
        // Each with its length, so that no two triples are the same bytes.
        let mut fields = Vec::new();
        for field in [&*self.issuer(), name, &*value] {
            fields.extend_from_slice(&(field.len() as u64).to_be_bytes());
            fields.extend_from_slice(field.as_bytes());
        }
        let digest = Hash::Sha256.digest(&fields);
        let exp = claims.get("exp").and_then(Value::as_f64);
        // A fraction of a second more.
        let until = exp.unwrap_or(0.0) + 1.0 + f64::from(self.exp_tolerance);
        Ok(ReplayKey {
            digest: digest.try_into().map_err(|_| Code::InternalError)?,
            until: UnixTime::from_secs_f64(until)?,
        })
    }
}

/// Remembers used tokens in memory, as long as they could be used again: for one process.
#[derive(Debug)]
pub struct SeenTokens {
    capacity: usize,
    seen: BTreeMap<[u8; 32], UnixTime>,
    /// The first time at which one of them can be forgotten.
    earliest: Option<UnixTime>,
    /// The latest `until` that was forgotten.
    forgotten: Option<UnixTime>,
}

impl SeenTokens {
    /// Room for so many tokens at a time; each takes some 60 bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            seen: BTreeMap::new(),
            earliest: None,
            forgotten: None,
        }
    }

    /// Remembers the use of a token.
    ///
    /// # Errors
    /// `replay_detected` when it was used before; `replay_store_unavailable` when there is no room, as nothing that could
    /// be used again is forgotten for it, or when a clock was turned back to before what is forgotten.
    pub fn consume(&mut self, key: &ReplayKey, now: UnixTime) -> Result<(), Rejection> {
        if self.seen.contains_key(&key.digest) {
            return Err(Code::ReplayDetected.into());
        }
        if self.seen.len() >= self.capacity {
            self.forget(now);
        }
        if self.seen.len() >= self.capacity {
            return Err(Rejection::new(Code::ReplayStoreUnavailable, "it is full"));
        }
        if self.forgotten.is_some_and(|latest| key.until <= latest) {
            let hint = "the clock was turned back, and this use may be forgotten";
            return Err(Rejection::new(Code::ReplayStoreUnavailable, hint));
        }
        self.seen.insert(key.digest, key.until);
        self.earliest = Some(self.earliest.map_or(key.until, |at| at.min(key.until)));
        Ok(())
    }

    /// How many uses are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Forgets the tokens that have expired.
    fn forget(&mut self, now: UnixTime) {
        if self.earliest.is_none_or(|earliest| earliest > now) {
            return;
        }
        let expired = self.seen.values().copied().filter(|until| *until <= now);
        self.forgotten = self.forgotten.max(expired.max());
        self.seen.retain(|_, until| *until > now);
        self.earliest = self.seen.values().copied().min();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn time(seconds: u64) -> UnixTime {
        UnixTime::from_secs(NOW + seconds).unwrap()
    }

    fn key(name: u8, until: u64) -> ReplayKey {
        ReplayKey {
            digest: [name; 32],
            until: time(until),
        }
    }

    fn code(result: Result<(), Rejection>) -> &'static str {
        result.map_or_else(|rejection| rejection.code().name(), |()| "taken")
    }

    #[test]
    fn a_second_use_is_detected_until_the_token_expires() {
        let mut seen = SeenTokens::new(8);
        for (name, until) in [(1, 60), (2, 30), (3, 90)] {
            assert_eq!(code(seen.consume(&key(name, until), time(0))), "taken");
            for now in [0, until - 1] {
                let again = seen.consume(&key(name, until), time(now));
                assert_eq!(code(again), "replay_detected");
            }
        }
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn a_full_memory_refuses_and_forgets_only_what_has_expired() {
        let mut seen = SeenTokens::new(2);
        assert_eq!(code(seen.consume(&key(1, 30), time(0))), "taken");
        assert_eq!(code(seen.consume(&key(2, 60), time(0))), "taken");
        let full = seen.consume(&key(3, 90), time(29)).unwrap_err();
        assert_eq!((full.status(), full.retryable()), (503, true));
        assert_eq!(full.code(), Code::ReplayStoreUnavailable);
        for name in [1, 2] {
            assert_eq!(
                code(seen.consume(&key(name, 90), time(29))),
                "replay_detected"
            );
        }
        assert_eq!(code(seen.consume(&key(3, 90), time(30))), "taken");
        assert_eq!(
            code(seen.consume(&key(4, 90), time(30))),
            "replay_store_unavailable"
        );
        assert_eq!(code(seen.consume(&key(2, 60), time(30))), "replay_detected");
        assert_eq!(code(seen.consume(&key(4, 90), time(60))), "taken");
    }

    #[test]
    fn a_clock_turned_back_lets_no_forgotten_token_in() {
        let mut seen = SeenTokens::new(1);
        assert_eq!(code(seen.consume(&key(1, 30), time(0))), "taken");
        assert_eq!(code(seen.consume(&key(2, 90), time(30))), "taken");
        assert_eq!(
            code(seen.consume(&key(1, 30), time(0))),
            "replay_store_unavailable"
        );
        // Later tokens are not in doubt.
        assert_eq!(code(seen.consume(&key(3, 120), time(90))), "taken");
        assert_eq!(
            code(seen.consume(&key(2, 90), time(0))),
            "replay_store_unavailable"
        );
    }

    #[test]
    fn without_room_nobody_gets_in() {
        let mut seen = SeenTokens::new(0);
        assert_eq!(
            code(seen.consume(&key(1, 30), time(0))),
            "replay_store_unavailable"
        );
        assert!(seen.is_empty());
    }

    #[test]
    fn a_hundred_thousand_tokens_of_an_hour_fit_and_go() {
        let mut seen = SeenTokens::new(3_700);
        for second in 0..100_000_u64 {
            let mut digest = [0; 32];
            digest[..8].copy_from_slice(&second.to_be_bytes());
            let key = ReplayKey {
                digest,
                until: time(second + 3_600),
            };
            assert_eq!(seen.consume(&key, time(second)), Ok(()));
            assert!(seen.len() <= 3_700);
        }
    }
}
