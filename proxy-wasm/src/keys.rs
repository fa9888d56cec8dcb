//! The keys of all providers: the core says what to fetch, the [`crate::fetcher`] sees to it.

use idtoken::key_cache::{Event, JwksUri, KeyCache, KeyRequest, Lookup};
use idtoken::{Rejection, UnixMillis};

use crate::config::{Config, KeySource, Leaf};
use crate::fetcher::{self, Exchange, Fetcher};
use crate::shared::Answer;

#[cfg(feature = "rustcrypto")]
pub(crate) use idtoken::alg::ALL as ALGORITHMS;
#[cfg(not(feature = "rustcrypto"))]
pub(crate) use idtoken_vartime::ALL as ALGORITHMS;

/// The caches of those providers whose keys are fetched, by their place in the configuration.
pub struct Keys {
    sources: Vec<Option<Source>>,
    fetcher: Fetcher,
}

/// A cache, and where its fetches go.
pub struct Source {
    pub(crate) cache: KeyCache,
    pub(crate) cluster: String,
    pub(crate) url: String,
    /// No two fetches are closer than this, in milliseconds; so an answer that young is as good as a new one.
    pub(crate) cooldown: u64,
    /// How long a fetch may take, in milliseconds.
    pub(crate) timeout: u64,
    /// When the keys at hand were confirmed last.
    fresh_at: Option<u64>,
}

impl Source {
    /// Under which the virtual machines share the answers of its address.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.cluster, self.url)
    }
}

/// What is to be counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// The place of the provider.
    pub provider: usize,
    /// What happened.
    pub event: Event,
    /// Whether this virtual machine made the fetch; the others take its answer over.
    pub own: bool,
}

impl Keys {
    /// Empty caches. The seed spreads retries.
    ///
    /// # Errors
    /// An option of a cache is out of its range.
    pub fn new(config: &Config, seed: u64) -> Result<Self, Rejection> {
        let sources = config.providers.iter().zip(&config.leaves);
        let sources = sources.map(|(provider, Leaf { policy, .. })| {
            let KeySource::Remote { cluster, options } = &provider.keys else {
                return Ok(None);
            };
            let JwksUri::At(url) = &options.jwks_uri else {
                return Ok(None);
            };
            let cache = KeyCache::new(policy, options, ALGORITHMS, seed);
            let place = format!("providers.{}.remote_jwks", provider.name);
            Ok(Some(Source {
                cache: cache.map_err(|error| error.within(&place))?,
                cluster: cluster.clone(),
                url: url.clone(),
                cooldown: options.cooldown_duration,
                timeout: options.timeout_duration,
                fresh_at: None,
            }))
        });
        Ok(Self {
            sources: sources.collect::<Result<_, Rejection>>()?,
            fetcher: Fetcher::default(),
        })
    }

    /// Makes ready what the virtual machines share.
    pub fn prepare(&self, exchange: &mut dyn Exchange) {
        for source in self.sources.iter().flatten() {
            fetcher::prepare(source, exchange);
        }
    }

    /// As [`KeyCache::lookup`], of a provider.
    pub fn lookup(&mut self, provider: usize, request: &KeyRequest, now: UnixMillis) -> Lookup {
        match self.source(provider) {
            Some(source) => source.cache.lookup(request, now),
            None => Lookup::Wait,
        }
    }

    /// Asks for fresh keys of all, and sees to what is to be fetched. Whether anything came of it is the answer.
    pub fn tick(&mut self, exchange: &mut dyn Exchange, now: UnixMillis) -> bool {
        for source in self.sources.iter_mut().flatten() {
            source.cache.want(now);
        }
        self.fetcher.run(&mut self.sources, exchange, now)
    }

    /// Takes over what other virtual machines have fetched. Whether anything came of it is the answer.
    pub fn take_over(&mut self, exchange: &mut dyn Exchange, now: UnixMillis) -> bool {
        self.fetcher.take_over(&mut self.sources, exchange, now)
    }

    /// Takes the answer to a fetch.
    pub fn answered(
        &mut self,
        token: u32,
        answer: Answer,
        exchange: &mut dyn Exchange,
        now: UnixMillis,
    ) {
        self.fetcher
            .answered(&mut self.sources, token, answer, exchange, now);
    }

    /// Whether a fetch is under way, here or in another virtual machine.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.fetcher.is_busy()
    }

    /// When keys may be there, in whole seconds from now: for a client that was sent away.
    #[must_use]
    pub fn retry_after(&self, now: UnixMillis) -> u64 {
        let caches = self.sources.iter().flatten();
        let due = caches
            .filter_map(|source| source.cache.poll_timeout())
            .min();
        let wait = due.map_or(5000, |due| due.as_millis().saturating_sub(now.as_millis()));
        wait.div_ceil(1000).clamp(1, 300)
    }

    /// What happened since the last call.
    pub fn events(&mut self, now: UnixMillis) -> Vec<Told> {
        let mut told = Vec::new();
        for (provider, source) in self.sources.iter_mut().enumerate() {
            let Some(source) = source else { continue };
            let own = self.fetcher.is_own(provider);
            while let Some(event) = source.cache.poll_event() {
                if matches!(event, Event::Refreshed { .. } | Event::NotModified) {
                    source.fresh_at = Some(now.as_millis());
                }
                told.push(Told {
                    provider,
                    event,
                    own,
                });
            }
        }
        self.fetcher.forget_own();
        told
    }

    /// The age of each provider's keys in seconds, where there are any.
    pub fn ages(&self, now: UnixMillis) -> impl Iterator<Item = (usize, u64)> {
        let sources = self.sources.iter().enumerate();
        sources.filter_map(move |(provider, source)| {
            let fresh_at = source.as_ref()?.fresh_at?;
            Some((provider, now.as_millis().saturating_sub(fresh_at) / 1000))
        })
    }

    fn source(&mut self, provider: usize) -> Option<&mut Source> {
        self.sources.get_mut(provider)?.as_mut()
    }
}
