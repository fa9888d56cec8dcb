//! One fetch for all virtual machines. Envoy runs the filter once per worker and once in its main thread, each with a
//! cache of its own; they share bytes under a name. Whoever takes the lease of an address fetches it and publishes the
//! answer as it came, and each cache judges it for itself: same input, same keys.

use alloc::collections::{BTreeMap, BTreeSet};

use idtoken::UnixMillis;
use idtoken::key_cache::{Failure, Fetch};

use crate::keys::Source;
use crate::shared::{Answer, Published};

/// What the virtual machines share, and the way out.
pub trait Exchange {
    /// The bytes under a name, and their version.
    fn read(&mut self, name: &str) -> Option<(Vec<u8>, Option<u32>)>;
    /// Writes bytes under a name; with a version only if it is still that one. Whether it was.
    fn write(&mut self, name: &str, bytes: &[u8], version: Option<u32>) -> bool;
    /// Sends a GET to a cluster; its answer comes with this number.
    fn get(&mut self, cluster: &str, url: &str, timeout: u64) -> Option<u32>;
}

/// Sees to the fetches of one virtual machine.
#[derive(Default)]
pub struct Fetcher {
    /// The fetches that were made here.
    open: Vec<Open>,
    /// Whether another virtual machine holds a lease that is wanted here.
    waits: bool,
    /// When the answer came that was taken last, by the place of the provider: two may share an address.
    taken: BTreeMap<usize, u64>,
    /// Providers whose fetch was made here and was answered just now.
    own: BTreeSet<usize>,
}

/// A fetch under way.
struct Open {
    provider: usize,
    fetch: Fetch,
    since: UnixMillis,
    /// The number of the request.
    token: u32,
}

impl Open {
    fn is_over(&self, now: UnixMillis) -> bool {
        let end = self.since.as_millis().saturating_add(self.fetch.timeout);
        end <= now.as_millis()
    }
}

/// A lease outlasts the fetch that it is for by so much, in milliseconds: enough to publish what came of it.
const SLACK: u64 = 1000;
/// No lease is longer than this: one that seems so is from before a clock was turned back.
const LONGEST_LEASE: u64 = 120_000;

impl Fetcher {
    /// Takes over what others published, and starts what is due. Whether a cache got an answer.
    ///
    /// Nothing is begun without the lease, so that the time of a fetch begins when it is made.
    pub(crate) fn run(
        &mut self,
        sources: &mut [Option<Source>],
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) -> bool {
        let mut progress = self.take_over(sources, exchange, now);
        self.waits = false;
        for provider in 0..sources.len() {
            let Some(Some(source)) = sources.get_mut(provider) else {
                continue;
            };
            if let Some(at) = self.open.iter().position(|open| open.provider == provider) {
                if self.open.get(at).is_some_and(|open| open.is_over(now)) {
                    let open = self.open.swap_remove(at);
                    let failed = Answer::failed(Failure::Timeout);
                    self.settle(source, &open, failed, exchange, now);
                    progress = true;
                }
                continue;
            }
            if source.cache.poll_timeout().is_none_or(|at| at > now) {
                continue;
            }
            let name = source.name();
            if !take_lease(&name, source.timeout, exchange, now.as_millis()) {
                self.waits = true;
                continue;
            }
            // Who held it may have published between the look and the lease.
            if self.take_over(sources, exchange, now) {
                release(&name, exchange);
                progress = true;
                continue;
            }
            progress |= self.start(provider, sources, exchange, now);
        }
        progress
    }

    /// Starts what the cache of a provider wants fetched. Whether that ended at once.
    fn start(
        &mut self,
        provider: usize,
        sources: &mut [Option<Source>],
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) -> bool {
        let Some(Some(source)) = sources.get_mut(provider) else {
            return false;
        };
        let Some(fetch) = source.cache.poll_fetch(now) else {
            release(&source.name(), exchange);
            return false;
        };
        // Without If-None-Match: the other virtual machines may not have the set that it would confirm.
        let token = exchange.get(&source.cluster, &fetch.url, fetch.timeout);
        let open = Open {
            provider,
            fetch,
            since: now,
            token: token.unwrap_or_default(),
        };
        match token {
            Some(_) => self.open.push(open),
            None => {
                let failed = Answer::failed(Failure::Network);
                self.settle(source, &open, failed, exchange, now);
            }
        }
        token.is_none()
    }

    /// Takes over what others published since the last time, whether it is needed now or not: so all have the same keys,
    /// and the same cooldown.
    pub(crate) fn take_over(
        &mut self,
        sources: &mut [Option<Source>],
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) -> bool {
        let mut progress = false;
        for (provider, source) in sources.iter_mut().enumerate() {
            let Some(source) = source else { continue };
            if self.open.iter().any(|open| open.provider == provider) {
                continue;
            }
            let Some(Published { began, at, answer }) =
                self.published(provider, source, exchange, now)
            else {
                continue;
            };
            source.cache.adopt(answer.outcome(), began, at, now);
            progress = true;
        }
        progress
    }

    pub(crate) fn answered(
        &mut self,
        sources: &mut [Option<Source>],
        token: u32,
        answer: Answer,
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) {
        let at = self.open.iter().position(|open| open.token == token);
        let Some(open) = at.map(|at| self.open.swap_remove(at)) else {
            return;
        };
        if let Some(Some(source)) = sources.get_mut(open.provider) {
            self.settle(source, &open, answer, exchange, now);
        }
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.waits || !self.open.is_empty()
    }

    pub(crate) fn is_own(&self, provider: usize) -> bool {
        self.own.contains(&provider)
    }

    pub(crate) fn forget_own(&mut self) {
        self.own.clear();
    }

    /// Hands the answer of a fetch of ours to its cache, and to everybody else.
    fn settle(
        &mut self,
        source: &mut Source,
        open: &Open,
        mut answer: Answer,
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) {
        let name = source.name();
        // By the cache's own clock: it has given the fetch up, and all have to agree on what came of it.
        if open.is_over(now) {
            answer = Answer::failed(Failure::Timeout);
        }
        source.cache.handle(open.fetch.id, answer.outcome(), now);
        self.own.insert(open.provider);
        let at = now.as_millis();
        self.taken.insert(open.provider, at);
        let published = Published {
            began: open.since,
            at: now,
            answer,
        };
        exchange.write(&name, &published.to_bytes(), None);
        // After the answer: who sees the time finds at least that one.
        exchange.write(&time_of(&name), at.to_string().as_bytes(), None);
        release(&name, exchange);
    }

    /// An answer that another virtual machine has got, if it is new to us and no older than two fetches are apart.
    fn published(
        &mut self,
        provider: usize,
        source: &Source,
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) -> Option<Published> {
        let name = source.name();
        let taken = self.taken.get(&provider).copied().unwrap_or_default();
        let now = now.as_millis();
        // After a clock was turned back, what is new may bear an earlier time.
        let is_new = |at: u64| at != taken && at.saturating_add(source.cooldown) > now;
        // A key set is long, and this is asked for each token of an unknown key.
        let (time, _) = exchange.read(&time_of(&name))?;
        if !is_new(core::str::from_utf8(&time).ok()?.parse().ok()?) {
            return None;
        }
        let (bytes, _) = exchange.read(&name)?;
        let published =
            Published::from_bytes(&bytes).filter(|published| is_new(published.at.as_millis()))?;
        self.taken.insert(provider, published.at.as_millis());
        Some(published)
    }
}

/// The first write of a name is not guarded by a version. Envoy configures one virtual machine before it starts the
/// others, so that one writes.
pub(crate) fn prepare(source: &Source, exchange: &mut dyn Exchange) {
    let lease = lease_of(&source.name());
    if exchange.read(&lease).is_none() {
        exchange.write(&lease, b"0", None);
    }
}

fn time_of(name: &str) -> String {
    format!("time {name}")
}

fn lease_of(name: &str) -> String {
    format!("lease {name}")
}

fn release(name: &str, exchange: &mut dyn Exchange) {
    exchange.write(&lease_of(name), b"0", None);
}

/// Whether this virtual machine is to fetch. A lease ends by itself, should its holder be gone.
fn take_lease(name: &str, timeout: u64, exchange: &mut dyn Exchange, now: u64) -> bool {
    let lease = lease_of(name);
    let held = exchange.read(&lease);
    let (until, version) = match &held {
        Some((bytes, version)) => (core::str::from_utf8(bytes).ok(), *version),
        None => (None, None),
    };
    let until: u64 = until.and_then(|text| text.parse().ok()).unwrap_or_default();
    let is_free = until <= now || until > now.saturating_add(LONGEST_LEASE);
    let mine = now
        .saturating_add(timeout)
        .saturating_add(SLACK)
        .to_string();
    is_free && exchange.write(&lease, mine.as_bytes(), version)
}
