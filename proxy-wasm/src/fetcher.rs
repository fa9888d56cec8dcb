//! One fetch for all virtual machines. Envoy runs the filter once per worker and once in its main thread, each with a
//! cache of its own; they share bytes under a name. Whoever takes the lease of an address fetches it and publishes the
//! answer as it came, and each cache judges it for itself: same input, same keys.

use alloc::collections::{BTreeMap, BTreeSet};

use idtoken::UnixMillis;
use idtoken::key_cache::{Failure, Fetch, Outcome};

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
    /// When the answer was published that was taken last, by name.
    taken: BTreeMap<String, u64>,
    /// Providers whose fetch was made here and was answered just now.
    own: BTreeSet<usize>,
}

/// A fetch that the core waits for.
struct Open {
    provider: usize,
    fetch: Fetch,
    since: u64,
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
        for (provider, source) in sources.iter_mut().enumerate() {
            let Some(source) = source else { continue };
            while let Some(fetch) = source.cache.poll_fetch(now) {
                self.open.push(Open {
                    provider,
                    fetch,
                    since: at,
                    token: None,
                });
            }
        }
        // Nobody waits any longer: the core has timed it out.
        let is_over = |open: &Open| open.since.saturating_add(open.fetch.timeout) <= at;
        let all = core::mem::take(&mut self.open).into_iter();
        let (over, open): (Vec<Open>, Vec<Open>) = all.partition(is_over);
        let mine = over.iter().filter(|open| open.token.is_some());
        self.own.extend(mine.map(|open| open.provider));
        let mut progress = !over.is_empty();
        for mut open in open {
            let Some(Some(source)) = sources.get_mut(open.provider) else {
                continue;
            };
            if open.token.is_some() {
                self.open.push(open);
                continue;
            }
            let name = name_of(source, &open.fetch);
            if let Some(answer) = self.published(&name, source.cooldown, exchange, at) {
                source
                    .cache
                    .handle(open.fetch.id, outcome(&answer, &open.fetch), now);
                progress = true;
            } else if take_lease(&name, open.fetch.timeout, exchange, at) {
                // Without If-None-Match: the other virtual machines may not have the set that it would confirm.
                open.token = exchange.get(&source.cluster, &open.fetch.url, open.fetch.timeout);
                match open.token {
                    Some(_) => self.open.push(open),
                    None => {
                        let failed = Answer::failed(Failure::Network);
                        self.settle(source, &open, failed, exchange, now);
                        progress = true;
                    }
                }
            } else {
                self.open.push(open);
            }
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
        answer: Answer,
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) {
        let name = name_of(source, &open.fetch);
        source
            .cache
            .handle(open.fetch.id, outcome(&answer, &open.fetch), now);
        self.own.insert(open.provider);
        let at = now.as_millis();
        self.taken.insert(name.clone(), at);
        // Nobody reads beyond the bound.
        let answer = match answer.body.len() > open.fetch.max_bytes {
            true => Answer::failed(Failure::TooLarge),
            false => answer,
        };
        let published = Published { at, answer };
        exchange.write(&name, &published.to_bytes(), None);
        exchange.write(&lease_of(&name), b"0", None);
    }

    /// An answer that another virtual machine has got, if it is new to us and no older than two fetches are apart.
    fn published(
        &mut self,
        name: &str,
        cooldown: u64,
        exchange: &mut dyn Exchange,
        now: u64,
    ) -> Option<Answer> {
        let (bytes, _) = exchange.read(name)?;
        let published = Published::from_bytes(&bytes)?;
        let taken = self.taken.get(name).copied().unwrap_or_default();
        let is_young = published.at.saturating_add(cooldown) > now;
        if published.at <= taken || !is_young {
            return None;
        }
        self.taken.insert(name.to_owned(), published.at);
        Some(published.answer)
    }
}

/// The first write of a name is not guarded by a version. Envoy configures one virtual machine before it starts the
/// others, so that one writes.
pub fn prepare(cluster: &str, url: &str, exchange: &mut dyn Exchange) {
    let lease = lease_of(&format!("{cluster} {url}"));
    if exchange.read(&lease).is_none() {
        exchange.write(&lease, b"0", None);
    }
}

fn name_of(source: &Source, fetch: &Fetch) -> String {
    format!("{} {}", source.cluster, fetch.url)
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

fn outcome<'a>(answer: &'a Answer, fetch: &Fetch) -> Outcome<'a> {
    match answer.body.len() > fetch.max_bytes {
        true => Outcome::Failed(Failure::TooLarge),
        false => answer.outcome(),
    }
}
