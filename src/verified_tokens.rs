//! Remembers which signatures were found good, so that the same token costs no second signature verification.
//!
//! Only this one fact is remembered: a key of this key set signed this text. Every check runs again, each time, with
//! the keys, the expectations and the time of that call, so a remembered token gets the verdict it would get without.

use alloc::vec::Vec;
use core::fmt;
use core::mem::size_of;

use crate::error::{Code, Rejection};

/// A bounded memory of good signatures, for those who see the same token many times, such as a gateway. Use one with
/// key sets of one slice of algorithms: what one implementation of an algorithm found good is not asked of another.
///
/// ```
/// # use idtoken::{Expectations, IdToken, KeySet, Rejection, VerifiedTokens, Verifier};
/// # fn verify(verifier: Verifier<'_>, raw: &str, keys: &KeySet, expected: &Expectations<'_>) -> Result<IdToken, Rejection> {
/// let mut memory = VerifiedTokens::new(1024 * 1024)?; // one for many requests
/// verifier.verify_remembering(raw, keys, expected, &mut memory)
/// # }
/// ```
pub struct VerifiedTokens {
    buckets: Vec<Bucket>,
}

/// A signature that was found good: what was signed, by which set and text, and the place of the key in the set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct GoodSignature {
    /// The first half of SHA-512 over the digest of the key set and the whole token. A token of a set that was replaced is
    /// not found again; and nobody can make two tokens share an entry.
    pub(crate) digest: [u8; 32],
    /// Which key of the set it was.
    pub(crate) key: usize,
}

/// Where an entry may be. The newest is first, and the oldest gives way.
type Bucket = [Option<GoodSignature>; 4];

impl VerifiedTokens {
    /// The most memory that it may be given: 64 MiB.
    pub const MAX_BYTES: usize = 64 * 1024 * 1024;

    /// A memory of at most `bytes`, all of it taken at once; a token costs about 50 of them.
    ///
    /// # Errors
    /// `config_invalid_option` when that is too little for anything, or more than [`VerifiedTokens::MAX_BYTES`].
    pub fn new(bytes: usize) -> Result<Self, Rejection> {
        let count = bytes.checked_div(size_of::<Bucket>()).unwrap_or_default();
        if count == 0 || bytes > Self::MAX_BYTES {
            let hint = "a memory of verified tokens has 256 bytes to 64 MiB";
            return Err(Rejection::new(Code::ConfigInvalidOption, hint));
        }
        Ok(Self {
            buckets: alloc::vec![[None; 4]; count],
        })
    }

    /// The key that was found to have signed this.
    pub(crate) fn key_of(&self, digest: &[u8; 32]) -> Option<usize> {
        let bucket = self.buckets.get(self.place(digest))?;
        let mut entries = bucket.iter().flatten();
        entries
            .find(|entry| entry.digest == *digest)
            .map(|entry| entry.key)
    }

    /// Adds what was found when a token was accepted.
    pub(crate) fn add(&mut self, signature: GoodSignature) {
        let place = self.place(&signature.digest);
        let Some(bucket) = self.buckets.get_mut(place) else {
            return;
        };
        if !bucket.contains(&Some(signature)) {
            bucket.rotate_right(1);
            bucket[0] = Some(signature);
        }
    }

    /// The digest is as good as random, so a part of it is a place.
    fn place(&self, digest: &[u8; 32]) -> usize {
        let [a, b, c, d, ..] = *digest;
        let number = u32::from_le_bytes([a, b, c, d]) as usize;
        number.checked_rem(self.buckets.len()).unwrap_or_default()
    }
}

/// Without the digests: they are of no use in a log.
impl fmt::Debug for VerifiedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedTokens")
            .field("buckets", &self.buckets.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(number: u32) -> GoodSignature {
        let mut digest = [7; 32];
        digest[..4].copy_from_slice(&number.to_le_bytes());
        GoodSignature { digest, key: 3 }
    }

    #[test]
    fn forgets_the_oldest_of_a_bucket() -> Result<(), Rejection> {
        let mut memory = VerifiedTokens::new(size_of::<Bucket>())?;
        for number in 0..4 {
            memory.add(signature(number));
            // Again: it takes no second place.
            memory.add(signature(number));
        }
        let knows =
            |memory: &VerifiedTokens, number| memory.key_of(&signature(number).digest) == Some(3);
        assert!((0..4).all(|number| knows(&memory, number)));
        memory.add(signature(4));
        assert!(!knows(&memory, 0));
        assert!((1..=4).all(|number| knows(&memory, number)));
        Ok(())
    }

    #[test]
    fn is_bounded_by_bytes() -> Result<(), Rejection> {
        for bytes in [
            0,
            size_of::<Bucket>() - 1,
            VerifiedTokens::MAX_BYTES + 1,
            usize::MAX,
        ] {
            assert!(VerifiedTokens::new(bytes).is_err());
        }
        let memory = VerifiedTokens::new(100_000)?;
        assert!(memory.buckets.capacity() * size_of::<Bucket>() <= 100_000);
        assert!(size_of::<Bucket>() <= 256);
        Ok(())
    }
}
