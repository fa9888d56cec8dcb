//! Taking in what was fetched, or kept elsewhere.

use alloc::string::String;
use alloc::sync::Arc;

use super::answer::{Answer, Refusal, judge};
use super::discovery::{self, Discovered};
use super::held::{self, Age, Held};
use super::{Asked, Event, KeyCache, Outcome, Source, snapshot};
use crate::error::{Code, Rejection};
use crate::json::Document;
use crate::key_set::KeySet;
use crate::time::UnixMillis;

impl KeyCache {
    pub(super) fn take_discovery(
        &mut self,
        outcome: &Outcome<'_>,
        now: UnixMillis,
    ) -> Result<(), Refusal> {
        let (Answer::Document(body), response) = judge(outcome, discovery::MAX_BYTES)? else {
            return Err(Code::JwksFetchStatus.into());
        };
        let jwks_uri = discovery::jwks_uri(body, &self.issuer)?;
        self.source = Source::Discovery(Some(Discovered {
            jwks_uri,
            fetched_at: now,
            max_age: response.max_age(self.cache_max_age),
        }));
        Ok(())
    }

    /// A new set takes the place of the old one only once it was imported, and then entirely (rule R120).
    pub(super) fn take_set(
        &mut self,
        outcome: &Outcome<'_>,
        now: UnixMillis,
    ) -> Result<(), Refusal> {
        let (answer, response) = judge(outcome, self.limits.max_jwks_bytes)?;
        let Asked { url, etag } = core::mem::take(&mut self.asked);
        let max_age = response.max_age(self.cache_max_age);
        let new_etag = response.entity_tag().map(String::from);
        let Answer::Document(body) = answer else {
            // It speaks of the set that was asked about, which a snapshot may have replaced since.
            let same = self
                .held
                .as_mut()
                .filter(|held| etag.is_some() && held.etag == etag && held.jwks_uri == url);
            let held = same.ok_or(Code::JwksFetchStatus)?;
            (held.fetched_at, held.max_age) = (now, max_age);
            held.etag = new_etag.or(etag);
            self.events.tell(Event::NotModified);
            return Ok(());
        };
        let (set, text) = self.import(body).map_err(|rejection| rejection.code())?;
        let (keys, skipped) = (set.len(), set.skipped().len());
        self.events.tell(Event::Refreshed { keys, skipped });
        self.put(Held {
            set,
            text,
            jwks_uri: url,
            etag: new_etag,
            fetched_at: now,
            max_age,
        });
        Ok(())
    }

    pub(super) fn take_snapshot(
        &mut self,
        snapshot: &Document,
        now: UnixMillis,
    ) -> Result<bool, Rejection> {
        self.heed(now);
        if snapshot::issuer(snapshot) != *self.issuer {
            return Err(snapshot::invalid("it is of another issuer"));
        }
        let read = snapshot::read(snapshot, now)?;
        if self
            .source
            .jwks_uri()
            .is_some_and(|uri| uri != read.jwks_uri)
        {
            return Err(snapshot::invalid("it is from another jwks_uri"));
        }
        let (set, text) = self.import(read.jwks.as_bytes())?;
        let keys = set.len();
        let restored = Held {
            set,
            text,
            jwks_uri: read.jwks_uri,
            etag: read.etag,
            fetched_at: read.fetched_at,
            max_age: self.cache_max_age,
        };
        let is_newer = |held: &Held| held.fetched_at >= restored.fetched_at;
        if self.held.as_ref().is_some_and(is_newer) {
            return Ok(false);
        }
        let Some(age) = restored.age(now, self.stale_if_error) else {
            return Ok(false);
        };
        if age == Age::Fresh {
            self.schedule.want_nothing();
        }
        self.events.tell(Event::Restored { keys });
        self.put(restored);
        Ok(true)
    }

    /// Imports a set, unless it is the one at hand: most refreshes bring the same text.
    fn import(&self, text: &[u8]) -> Result<(Arc<KeySet>, Arc<str>), Rejection> {
        if let Some(held) = &self.held
            && held.text.as_bytes() == text
        {
            return Ok((Arc::clone(&held.set), Arc::clone(&held.text)));
        }
        let set = KeySet::from_json(text, self.algorithms, &self.limits)?;
        // The import has seen that it is text.
        let text = core::str::from_utf8(text).map_err(|_| Code::JwksInvalid)?;
        Ok((Arc::new(set), text.into()))
    }

    fn put(&mut self, new: Held) {
        let old = self.held.as_ref().map(|held| &held.set);
        if !old.is_some_and(|old| Arc::ptr_eq(old, &new.set)) {
            self.generation = self.generation.saturating_add(1);
            if let Some(rotated) = old.and_then(|old| held::rotation(old, &new.set)) {
                self.events.tell(rotated);
            }
        }
        self.held = Some(new);
    }
}
