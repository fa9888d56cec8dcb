//! When the next fetch may be made. A refresh is one fetch of the set, with one of the discovery document before it
//! where that is due; refreshes are apart by the cooldown, whatever asks for them.

use super::FetchKind;
use crate::time::UnixMillis;

/// The longest wait after failures: long enough to leave a provider in peace, short enough to notice its return.
const LONGEST_WAIT: u64 = 300_000;

/// Every instant kept here lies in the past; what is to come is an instant and a duration. So a clock that was turned
/// back makes nothing wait longer than its duration: [`Schedule::heed`] moves the instants with it.
#[derive(Debug)]
pub(super) struct Schedule {
    cooldown: u64,
    timeout: u64,
    /// The fetch under way.
    under_way: Option<UnderWay>,
    /// The discovery document has come, and the set is next.
    half_done: Option<UnixMillis>,
    /// Since when a refresh is wanted.
    due: Option<UnixMillis>,
    /// When the last refresh ended, and how long the next one has to wait from there.
    last: Option<(UnixMillis, u64)>,
    /// Refreshes that failed since the last one that did not.
    failures: u32,
    /// How many refreshes were begun.
    begun: u64,
    /// Which of them was the last good one.
    last_good: u64,
    next_id: u64,
    id_step: u64,
    random: u64,
}

#[derive(Debug)]
struct UnderWay {
    id: u64,
    kind: FetchKind,
    started: UnixMillis,
}

impl Schedule {
    pub(super) fn new(cooldown: u64, timeout: u64, seed: u64) -> Self {
        Self {
            cooldown,
            timeout,
            under_way: None,
            half_done: None,
            due: None,
            last: None,
            failures: 0,
            begun: 0,
            last_good: 0,
            next_id: 0,
            id_step: 1,
            random: seed,
        }
    }

    /// Numbers the fetches so that those of several caches differ.
    pub(super) fn number_from(&mut self, first: u64, step: u64) {
        (self.next_id, self.id_step) = (first, step);
    }

    /// Takes note of the time. Gives the fetch that nobody waits for any more.
    pub(super) fn heed(&mut self, now: UnixMillis) -> Option<FetchKind> {
        let instants = [
            self.half_done.as_mut(),
            self.due.as_mut(),
            self.last.as_mut().map(|(ended, _)| ended),
            self.under_way.as_mut().map(|fetch| &mut fetch.started),
        ];
        for instant in instants.into_iter().flatten() {
            *instant = (*instant).min(now);
        }
        let fetch = self.under_way.as_ref()?;
        let deadline = fetch.started.after(self.timeout);
        if now < deadline {
            return None;
        }
        let kind = self.under_way.take()?.kind;
        self.failed(deadline, 0);
        Some(kind)
    }

    /// Asks for a refresh, at once or when the cooldown is over.
    pub(super) fn want(&mut self, now: UnixMillis) {
        self.due.get_or_insert(now);
    }

    /// Nothing is wanted any more.
    pub(super) fn want_nothing(&mut self) {
        self.due = None;
    }

    /// Whether a refresh has begun and not ended.
    pub(super) fn is_busy(&self) -> bool {
        self.under_way.is_some() || self.half_done.is_some()
    }

    /// Whether a refresh may begin, or has begun.
    pub(super) fn is_open(&self, now: UnixMillis) -> bool {
        let waited = |(ended, wait): (UnixMillis, u64)| now.since(ended) >= wait;
        self.is_busy() || self.last.is_none_or(waited)
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.due.is_some()
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// The number of the first refresh that begins from now on.
    pub(super) fn next_refresh(&self) -> u64 {
        self.begun.saturating_add(1)
    }

    /// The number of the last good refresh; 0 for none.
    pub(super) fn last_good(&self) -> u64 {
        self.last_good
    }

    /// Starts the fetch that is to be made now, if there is one.
    pub(super) fn start(&mut self, first: FetchKind, now: UnixMillis) -> Option<(u64, FetchKind)> {
        if self.under_way.is_some() {
            return None;
        }
        let kind = if self.half_done.take().is_some() {
            FetchKind::Jwks
        } else {
            if !self.is_open(now) {
                return None;
            }
            self.due.take()?;
            self.begun = self.next_refresh();
            first
        };
        let id = self.next_id;
        self.next_id = id.saturating_add(self.id_step);
        let started = now;
        self.under_way = Some(UnderWay { id, kind, started });
        Some((id, kind))
    }

    /// Ends the fetch of this id, if it is the one under way.
    pub(super) fn finish(&mut self, id: u64) -> Option<FetchKind> {
        let fetch = self.under_way.take_if(|fetch| fetch.id == id)?;
        Some(fetch.kind)
    }

    /// Ends the refresh that this fetch is a part of, as if it had not begun.
    pub(super) fn give_back(&mut self, id: u64) {
        self.under_way.take_if(|fetch| fetch.id == id);
    }

    pub(super) fn has_ended_after(&self, instant: UnixMillis) -> bool {
        self.last.is_some_and(|(ended, _)| ended > instant)
    }

    /// Begins a refresh that somebody else made, in place of one under way.
    pub(super) fn begin_elsewhere(&mut self) {
        (self.under_way, self.half_done) = (None, None);
        self.begun = self.next_refresh();
    }

    /// The discovery document was good.
    pub(super) fn go_on(&mut self, now: UnixMillis) {
        self.half_done = Some(now);
    }

    /// The refresh was good; whoever wanted one has it.
    pub(super) fn succeeded(&mut self, now: UnixMillis) {
        self.due = None;
        self.last = Some((now, self.cooldown));
        self.failures = 0;
        self.last_good = self.begun;
    }

    /// The refresh failed. Each failure in a row doubles the wait; the provider may ask for more. A random part on top
    /// keeps many instances, whose fetches failed at one time, from coming back at one time.
    pub(super) fn failed(&mut self, at: UnixMillis, asked_for: u64) {
        let doubled = self.cooldown.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        // With the random part it is the longest wait at most.
        let wait = doubled.max(asked_for).min(LONGEST_WAIT / 5 * 4);
        let wait = wait.max(self.cooldown);
        let extra = self.draw().checked_rem((wait / 4).max(1));
        self.last = Some((at, wait.saturating_add(extra.unwrap_or(0))));
    }

    /// How many milliseconds a fetch may take.
    pub(super) fn patience(&self) -> u64 {
        self.timeout
    }

    /// When [`Schedule::heed`] or [`Schedule::start`] may have something new.
    pub(super) fn timeout(&self) -> Option<UnixMillis> {
        if let Some(fetch) = &self.under_way {
            return Some(fetch.started.after(self.timeout));
        }
        let due = self.half_done.or(self.due)?;
        match self.last {
            Some((ended, wait)) if self.half_done.is_none() => Some(due.max(ended.after(wait))),
            _ => Some(due),
        }
    }

    /// SplitMix64: the same seed, the same waits.
    fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
