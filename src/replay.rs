//! The key of a token's one use, and a memory of used ones.

use crate::error::Rejection;
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

    /// Until when a store must remember it: the token's `exp` and its policy's tolerance.
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
        Err(crate::error::Code::ClaimMissing.into())
    }
}

/// Remembers used tokens in memory, as long as they could be used again: for one process.
#[derive(Debug)]
pub struct SeenTokens {}

impl SeenTokens {
    /// Room for so many tokens at a time, at 48 bytes each.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let _ = capacity;
        Self {}
    }

    /// Remembers the use of a token.
    ///
    /// # Errors
    /// `replay_detected` when it was used before; `replay_store_unavailable` when there is no room: nothing that could
    /// be used again is forgotten for it.
    pub fn consume(&mut self, key: &ReplayKey, now: UnixTime) -> Result<(), Rejection> {
        let _ = (key, now);
        Ok(())
    }
}
