//! What a cache tells whoever watches it.

use alloc::vec::Vec;

use super::FetchKind;
use crate::error::Code;

/// Something that happened: a closed set, without a secret or anything from a token, fit for logs and metrics.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Event {
    /// A fetch was given out.
    FetchStarted {
        /// Of what.
        kind: FetchKind,
    },
    /// A fetch failed, or its answer was refused; the old set stays.
    FetchFailed {
        /// Of what.
        kind: FetchKind,
        /// Why.
        code: Code,
    },
    /// A set was fetched and taken.
    Refreshed {
        /// The keys that can verify something.
        keys: usize,
        /// The keys that were left out.
        skipped: usize,
    },
    /// The provider says that the set at hand is still the one (304).
    NotModified,
    /// The new set has other keys than the old one.
    Rotated {
        /// Keys that are new.
        added: usize,
        /// Keys that are gone, and no longer verify anything.
        removed: usize,
    },
    /// A token names a key that is not in the set, and the set is fetched again because of it.
    UnknownKey,
    /// A set that is no longer fresh is in use; told once for each time it goes stale.
    StaleServed,
    /// There is no set that may be used, and tokens are refused with `jwks_unavailable`; told once for each outage.
    Unavailable,
    /// A snapshot was taken.
    Restored {
        /// The keys that can verify something.
        keys: usize,
    },
}

impl Event {
    /// A word for logs and metrics, such as `fetch_failed`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::FetchStarted { .. } => "fetch_started",
            Self::FetchFailed { .. } => "fetch_failed",
            Self::Refreshed { .. } => "refreshed",
            Self::NotModified => "not_modified",
            Self::Rotated { .. } => "rotated",
            Self::UnknownKey => "unknown_key",
            Self::StaleServed => "stale_served",
            Self::Unavailable => "unavailable",
            Self::Restored { .. } => "restored",
        }
    }
}

/// More than a refresh tells, with room for a few of them.
const MOST: usize = 32;

/// Events that nobody has read yet.
#[derive(Debug, Default)]
pub(super) struct Events {
    unread: Vec<Event>,
    told_stale: bool,
    told_unavailable: bool,
}

impl Events {
    pub(super) fn tell(&mut self, event: Event) {
        match event {
            Event::StaleServed if core::mem::replace(&mut self.told_stale, true) => return,
            Event::Unavailable if core::mem::replace(&mut self.told_unavailable, true) => return,
            Event::Refreshed { .. } | Event::NotModified | Event::Restored { .. } => {
                (self.told_stale, self.told_unavailable) = (false, false);
            }
            _ => {}
        }
        if self.unread.len() >= MOST {
            self.unread.remove(0);
        }
        self.unread.push(event);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unread.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<Event> {
        (!self.unread.is_empty()).then(|| self.unread.remove(0))
    }
}
