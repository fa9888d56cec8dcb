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
    open: Vec<Open>,
    /// When the answer came that was taken last, by the place of the provider: two may share an address.
    taken: BTreeMap<usize, u64>,
    /// Providers whose fetch was made here and was answered just now.
    own: BTreeSet<usize>,
}

/// A fetch that the core waits for.
struct Open {
    provider: usize,
    fetch: Fetch,
    since: UnixMillis,
    /// The number of the request, where this virtual machine made it.
    token: Option<u32>,
}

impl Fetcher {
    /// Starts what is due, and takes over what others published. Whether a cache got an answer.
    pub(crate) fn run(
        &mut self,
        sources: &mut [Option<Source>],
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) -> bool {
        let at = now.as_millis();
        let mut progress = self.take_over(sources, exchange, now);
        for (provider, source) in sources.iter_mut().enumerate() {
            let Some(source) = source else { continue };
            while let Some(fetch) = source.cache.poll_fetch(now) {
                self.open.push(Open {
                    provider,
                    fetch,
                    since: now,
                    token: None,
                });
            }
        }
        // Nobody waits any longer: the core has timed it out.
        let is_over = |open: &Open| open.since.as_millis().saturating_add(open.fetch.timeout) <= at;
        let all = core::mem::take(&mut self.open).into_iter();
        let (over, open): (Vec<Open>, Vec<Open>) = all.partition(is_over);
        let mine = over.iter().filter(|open| open.token.is_some());
        self.own.extend(mine.map(|open| open.provider));
        progress |= !over.is_empty();
        for mut open in open {
            let Some(Some(source)) = sources.get_mut(open.provider) else {
                continue;
            };
            let name = source.name();
            if open.token.is_none() && take_lease(&name, open.fetch.timeout, exchange, at) {
                // Without If-None-Match: the other virtual machines may not have the set that it would confirm.
                open.token = exchange.get(&source.cluster, &open.fetch.url, open.fetch.timeout);
                if open.token.is_none() {
                    let failed = Answer::failed(Failure::Network);
                    self.settle(source, &open, failed, exchange, now);
                    progress = true;
                    continue;
                }
            }
            self.open.push(open);
        }
        progress
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
            let is_own = |open: &Open| open.provider == provider && open.token.is_some();
            if self.open.iter().any(is_own) {
                continue;
            }
            let Some(Published { began, at, answer }) =
                self.published(provider, source, exchange, now)
            else {
                continue;
            };
            self.open.retain(|open| open.provider != provider);
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
        let at = self.open.iter().position(|open| open.token == Some(token));
        let Some(open) = at.map(|at| self.open.swap_remove(at)) else {
            return;
        };
        if let Some(Some(source)) = sources.get_mut(open.provider) {
            self.settle(source, &open, answer, exchange, now);
        }
    }

    pub(crate) fn is_busy(&self) -> bool {
        !self.open.is_empty()
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
        // One byte beyond the bound tells as much as all of them.
        answer.body.truncate(open.fetch.max_bytes.saturating_add(1));
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
        exchange.write(&lease_of(&name), b"0", None);
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
        let is_new = |at: u64| at > taken && at.saturating_add(source.cooldown) > now;
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
pub fn prepare(cluster: &str, url: &str, exchange: &mut dyn Exchange) {
    let lease = lease_of(&name_of(cluster, url));
    if exchange.read(&lease).is_none() {
        exchange.write(&lease, b"0", None);
    }
}

/// Under which the virtual machines share the answers of an address.
pub(crate) fn name_of(cluster: &str, url: &str) -> String {
    format!("{cluster} {url}")
}

fn time_of(name: &str) -> String {
    format!("time {name}")
}

fn lease_of(name: &str) -> String {
    format!("lease {name}")
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
    let mine = now.saturating_add(timeout).to_string();
    until <= now && exchange.write(&lease, mine.as_bytes(), version)
}
