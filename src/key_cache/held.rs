//! The set at hand.

use alloc::string::String;
use alloc::sync::Arc;

use super::Event;
use crate::key_set::KeySet;
use crate::time::UnixMillis;

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

impl Held {
    pub(super) fn is_fresh(&self, now: UnixMillis) -> bool {
        now.since(self.fetched_at) < self.max_age
    }

    /// Fresh, or stale for no longer than allowed (RFC 5861 section 4).
    pub(super) fn is_usable(&self, now: UnixMillis, stale_if_error: u64) -> bool {
        now.since(self.fetched_at) < self.max_age.saturating_add(stale_if_error)
    }
}

/// Which keys came and went, told apart by their kid.
pub(super) fn rotation(old: &KeySet, new: &KeySet) -> Option<Event> {
    let missing = |from: &KeySet, among: &KeySet| {
        let is_missing = |kid: &Option<&str>| !among.kids().any(|other| other == *kid);
        from.kids().filter(is_missing).count()
    };
    let (added, removed) = (missing(new, old), missing(old, new));
    (added > 0 || removed > 0).then_some(Event::Rotated { added, removed })
}
