//! The set at hand.

use alloc::string::String;
use alloc::sync::Arc;

use super::Event;
use crate::key_set::KeySet;
use crate::time::UnixMillis;

/// With traffic a set is renewed before this is over; after a quiet night the provider is asked first, as a key may have
/// been removed meanwhile.
const STALE_WHILE_REVALIDATE: u64 = 300_000;

/// A set, the text it came from, and how long it is good for.
pub(super) struct Held {
    pub(super) set: Arc<KeySet>,
    /// As it came: for snapshots, and to see whether the next one is the same.
    pub(super) text: Arc<str>,
    pub(super) jwks_uri: String,
    pub(super) etag: Option<String>,
    pub(super) fetched_at: UnixMillis,
    pub(super) max_age: u64,
}

/// How old a set is that may still be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Age {
    Fresh,
    /// For so short a time no longer fresh that nobody has to wait for newer keys (RFC 5861 section 3).
    Stale,
    /// Better than none where the provider cannot be reached (RFC 5861 section 4).
    Old,
}

impl Held {
    /// `None` when it is too old to be used.
    pub(super) fn age(&self, now: UnixMillis, stale_if_error: u64) -> Option<Age> {
        let stale_for = now.since(self.fetched_at).checked_sub(self.max_age);
        match stale_for {
            None => Some(Age::Fresh),
            Some(millis) if millis >= stale_if_error => None,
            Some(millis) if millis >= STALE_WHILE_REVALIDATE => Some(Age::Old),
            Some(_) => Some(Age::Stale),
        }
    }
}

/// Which keys came and went. Another key under an old name is one of each: that is what somebody on call has to know of.
pub(super) fn rotation(old: &KeySet, new: &KeySet) -> Option<Event> {
    let missing = |from: &KeySet, among: &KeySet| {
        let is_new = |key: &(Option<&str>, &[u8])| !among.identities().any(|other| other == *key);
        from.identities().filter(is_new).count()
    };
    let (added, removed) = (missing(new, old), missing(old, new));
    (added > 0 || removed > 0).then_some(Event::Rotated { added, removed })
}
