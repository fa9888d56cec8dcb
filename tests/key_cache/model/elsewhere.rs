//! What the cache does not fetch itself: snapshots, and answers that other caches got.

use idtoken::key_cache::Outcome;

use super::{FRESH, Run, STALE, Taken};
use crate::chance::published;
use crate::world::{MINUTE, SECOND, ok, time};

impl Run {
    pub(super) fn snapshot(&mut self) {
        if let (true, Some(text), Some(taken)) = (
            self.random.one_in(2),
            self.world.cache.snapshot(),
            self.taken.clone(),
        ) {
            self.snapshots.push((text, taken));
            return;
        }
        let Some((text, then)) = self.snapshots.pop() else {
            return;
        };
        let now = self.world.now;
        self.note_timeout();
        let taken = self.world.cache.restore(&text, time(now));
        let is_newer = self.taken.as_ref().is_none_or(|taken| then.at > taken.at);
        let is_taken = is_newer && now - then.at < FRESH + STALE;
        assert_eq!(taken, Ok(is_taken));
        if is_taken {
            self.taken = Some(then);
        }
        self.count("snapshot");
    }

    /// Another cache has asked the provider, not before the last refresh here.
    pub(super) fn adopt(&mut self) {
        let since = self.ended.map_or(0, |ended| self.passed - ended);
        // A clock that was turned back has brought the end of the last refresh nearer.
        let longest = if self.is_monotone {
            since.min(MINUTE)
        } else {
            0
        };
        let ago = self.random.below(longest + 1);
        let now = self.world.now;
        let (began, answered) = (now - ago - self.random.below(SECOND), now - ago);
        let body = published(self.first);
        let (began, answered, now) = (time(began), time(answered), time(now));
        self.world
            .cache
            .adopt(Outcome::Response(ok(&body)), began, answered, now);
        (self.under_way, self.half_done) = (None, false);
        let (first, at) = (self.first, answered.as_millis());
        self.taken = Some(Taken { first, at });
        self.ended = Some(self.passed - ago);
        self.has_failed = false;
        self.count("adopted");
    }
}
