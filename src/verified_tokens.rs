//! Remembers tokens that were accepted, so that the same text need not be decoded, nor its signature verified, again.
//!
//! What is remembered follows from the text and the key set alone: what the text says, and that a key of this set signed
//! it. Every check runs again, each time, with the keys, the expectations and the time of that call, so a remembered token
//! gets the verdict it would get without.

#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::iter;
use core::mem::size_of;

use crate::error::{Code, Rejection};
use crate::json::Document;
use crate::token::Header;

/// A bounded memory of accepted tokens, for those who see the same ones many times, such as a gateway.
///
/// Use it only with key sets that were made with one list of algorithms: a signature that one implementation found good is
/// not verified again by another. It holds the tokens in clear until others need the room, so it is as secret as they are.
/// It needs `&mut`: have one for each thread, or a lock, which need not be held between [`Verifier::begin`] and
/// `Begun::verify`.
///
/// [`Verifier::begin`]: crate::Verifier::begin
///
/// ```
/// # use idtoken::{Expectations, IdToken, KeySet, Rejection, VerifiedTokens, Verifier};
/// # fn verify(verifier: Verifier<'_>, raw: &str, keys: &KeySet, expected: &Expectations<'_>) -> Result<IdToken, Rejection> {
/// let mut memory = VerifiedTokens::new(4 * 1024 * 1024)?; // one for many requests
/// verifier.verify_remembering(raw, keys, expected, &mut memory)
/// # }
/// ```
pub struct VerifiedTokens {
    buckets: Vec<Bucket>,
    /// The bytes that all tokens may take together, and those that they take.
    room: usize,
    used: usize,
    /// The bucket that gives way next.
    next: usize,
    /// How many were ever added.
    added: u64,
}

/// Where a token may be: at most [`PLACES`], the oldest first.
type Bucket = Vec<Entry>;

const PLACES: usize = 4;

const BUCKET_BYTES: usize = size_of::<Bucket>() + PLACES * size_of::<Entry>();

struct Entry {
    raw: Box<[u8]>,
    token: Remembered,
}

/// What a text was found to be. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Remembered {
    /// No other token of this memory has it, or ever had.
    pub(crate) number: u64,
    pub(crate) dots: [usize; 2],
    pub(crate) header: Header,
    pub(crate) payload: Document,
    pub(crate) signer: Signer,
}

/// Which key has signed a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Signer {
    /// The digest of the set: under another one signatures are verified anew.
    pub(crate) set: Arc<[u8]>,
    /// The key's place in the set.
    pub(crate) key: usize,
}

impl VerifiedTokens {
    /// The least memory that it may be given: 8 KiB.
    pub const MIN_BYTES: usize = 8 * 1024;

    /// The most memory that it may be given: 64 MiB.
    pub const MAX_BYTES: usize = 64 * 1024 * 1024;

    /// Few tokens take less, so bytes run out before places do.
    const BYTES_PER_PLACE: usize = 1024;

    /// A memory of at most `bytes`, taken as tokens come. A token takes its own length and some three times that of its
    /// claims, mostly 3 to 4 KiB; one that takes more than all is not remembered.
    ///
    /// # Errors
    /// `config_invalid_option` for less than [`VerifiedTokens::MIN_BYTES`] or more than [`VerifiedTokens::MAX_BYTES`].
    pub fn new(bytes: usize) -> Result<Self, Rejection> {
        if !(Self::MIN_BYTES..=Self::MAX_BYTES).contains(&bytes) {
            let hint = "a memory of verified tokens has 8 KiB to 64 MiB";
            return Err(Rejection::new(Code::ConfigInvalidOption, hint));
        }
        let count = bytes.div_euclid(Self::BYTES_PER_PLACE * PLACES);
        Ok(Self {
            buckets: iter::repeat_with(Bucket::new).take(count).collect(),
            room: bytes.saturating_sub(count.saturating_mul(BUCKET_BYTES)),
            used: 0,
            next: 0,
            added: 0,
        })
    }

    /// What this very text was found to be.
    pub(crate) fn find(&self, raw: &[u8]) -> Option<&Remembered> {
        let bucket = self.buckets.get(self.bucket_of(raw))?;
        let entry = bucket.iter().find(|entry| is_same(&entry.raw, raw))?;
        Some(&entry.token)
    }

    /// Adds a token that was accepted, in place of what was known of the same text.
    pub(crate) fn add(&mut self, raw: &[u8], numbered: impl FnOnce(u64) -> Remembered) {
        self.insert(Entry {
            raw: raw.into(),
            token: numbered(self.added),
        });
    }

    fn insert(&mut self, entry: Entry) {
        let (place, needed) = (self.bucket_of(&entry.raw), entry.bytes());
        if needed > self.room {
            return;
        }
        self.forget(place, |known| is_same(&known.raw, &entry.raw));
        while self.room.saturating_sub(self.used) < needed {
            let place = self.next;
            let next = place.saturating_add(1);
            self.next = next.checked_rem(self.buckets.len()).unwrap_or_default();
            self.forget(place, |_| true);
        }
        let is_full = |bucket: &Bucket| bucket.len() >= PLACES;
        if self.buckets.get(place).is_some_and(is_full) {
            self.forget(place, |_| true);
        }
        if let Some(bucket) = self.buckets.get_mut(place) {
            bucket.push(entry);
            self.used = self.used.saturating_add(needed);
            self.added = self.added.saturating_add(1);
        }
    }

    /// Forgets the oldest token of a bucket that is such a one.
    fn forget(&mut self, place: usize, is_such: impl FnMut(&Entry) -> bool) {
        let Some(bucket) = self.buckets.get_mut(place) else {
            return;
        };
        if let Some(at) = bucket.iter().position(is_such) {
            let gone = bucket.remove(at);
            self.used = self.used.saturating_sub(gone.bytes());
        }
    }

    /// A token ends with its signature, which is as good as random.
    fn bucket_of(&self, raw: &[u8]) -> usize {
        let number = end_of(raw).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        (number as usize)
            .checked_rem(self.buckets.len())
            .unwrap_or_default()
    }
}

impl Entry {
    /// The memory it takes beside its place. The set may be gone, so that nobody else has its digest.
    fn bytes(&self) -> usize {
        let Remembered {
            header,
            payload,
            signer,
            ..
        } = &self.token;
        let digest = size_of::<[usize; 2]>().saturating_add(signer.set.len());
        let decoded = header.bytes().saturating_add(payload.bytes());
        self.raw
            .len()
            .saturating_add(decoded)
            .saturating_add(digest)
    }
}

/// The last eight bytes.
fn end_of(raw: &[u8]) -> u64 {
    raw.last_chunk().copied().map_or(0, u64::from_le_bytes)
}

/// Whether two texts are the same.
///
/// Who does not know how a signature ends learns nothing from the time that this takes. Who does not have the whole text
/// learns no more than how it ends, since all of it is looked at.
fn is_same(known: &[u8], raw: &[u8]) -> bool {
    if known.len() != raw.len() || end_of(known) != end_of(raw) {
        return false;
    }
    let ((known, rest), (raw, raw_rest)) = (known.as_chunks::<8>(), raw.as_chunks::<8>());
    let eights = known.iter().zip(raw).fold(0, |differing, (a, b)| {
        differing | u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b)
    });
    eights == 0 && rest == raw_rest
}

/// Without the tokens: they do not belong into logs.
impl fmt::Debug for VerifiedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedTokens")
            .field("room", &self.room)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}
