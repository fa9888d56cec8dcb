//! Keys that were asked for and are not there.

use alloc::string::String;
use alloc::vec::Vec;

use crate::time::UnixMillis;

/// Enough for the keys that services with a wrong clock or provider keep asking for; a flood of others costs no fetch
/// either, because of the cooldown.
const MOST: usize = 256;
/// A key that a provider uses before all its caches publish it is found after this time at the latest. Short, as that
/// happens in rotations; and a token that is sent again and again for ever costs no more than one fetch in it.
const LIFETIME: u64 = 60_000;

/// What tokens asked for in vain: bounded, and forgotten after a while.
#[derive(Debug, Default)]
pub(super) struct Absent {
    notes: Vec<Note>,
}

#[derive(Debug)]
struct Note {
    kid: Option<String>,
    alg: &'static str,
    /// The refresh that decides whether the key exists: the first one begun after it was asked for.
    refresh: u64,
    at: UnixMillis,
}

impl Absent {
    /// Whether a refresh, the last good one or one before it, has shown that there is no such key.
    pub(super) fn is_known(&self, kid: Option<&str>, alg: &str, last_good: u64) -> bool {
        let is_it = |note: &&Note| note.kid.as_deref() == kid && note.alg == alg;
        let note = self.notes.iter().find(is_it);
        note.is_some_and(|note| note.refresh <= last_good)
    }

    /// Notes that a key is asked for and not there; `refresh` will tell.
    pub(super) fn note(
        &mut self,
        kid: Option<&str>,
        alg: &'static str,
        refresh: u64,
        at: UnixMillis,
    ) {
        let is_it = |note: &Note| note.kid.as_deref() == kid && note.alg == alg;
        if self.notes.iter().any(is_it) {
            return;
        }
        if self.notes.len() >= MOST {
            self.notes.remove(0);
        }
        let kid = kid.map(String::from);
        self.notes.push(Note {
            kid,
            alg,
            refresh,
            at,
        });
    }

    /// A refresh that began at `since` cannot tell of keys that were asked for later: the one of this number will.
    pub(super) fn put_off(&mut self, since: UnixMillis, refresh: u64) {
        for note in &mut self.notes {
            if note.at >= since {
                note.refresh = note.refresh.max(refresh);
            }
        }
    }

    /// Forgets what is old.
    pub(super) fn heed(&mut self, now: UnixMillis) {
        for note in &mut self.notes {
            note.at = note.at.min(now);
        }
        self.notes.retain(|note| now.since(note.at) < LIFETIME);
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn it_is_bounded_and_the_newest_are_kept() {
        let mut absent = Absent::default();
        let now = UnixMillis::from_millis(1_800_000_000_000).unwrap();
        for nth in 0..100_000 {
            absent.note(Some(&format!("x{nth}")), "ES256", 1, now);
        }
        assert_eq!(absent.notes.len(), MOST);
        assert!(absent.is_known(Some("x99999"), "ES256", 1));
        assert!(!absent.is_known(Some("x99999"), "ES256", 0));
        assert!(!absent.is_known(Some("x99999"), "RS256", 1));
        assert!(!absent.is_known(Some("x0"), "ES256", 1));
    }
}
