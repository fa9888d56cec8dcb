//! What happens when: one event of the host in, what the host shall do out.

use idtoken::audit::Record;
use idtoken::{Code, Rejection, UnixMillis};

use crate::answer::{self, Answer, Reason};
use crate::config::{Audit, Config, Mode};
use crate::decide::{Decider, Decision, Refusal};
use crate::fetcher::Exchange;
use crate::identity::{self, Edits};
use crate::metrics;
use crate::request::Request;
use crate::requirement::Verdict;
use crate::shared;
use crate::waiting::Waiting;

/// What the host offers.
pub trait Host: Exchange {
    /// Adds to a counter.
    fn count(&mut self, name: &str, by: u64);
    /// Sets a gauge.
    fn set(&mut self, name: &str, value: u64);
    /// Adds to a gauge, or takes away.
    fn change(&mut self, name: &str, by: i64);
    /// Adds a value to a histogram.
    fn observe(&mut self, name: &str, value: u64);
    /// Writes a line of the audit.
    fn audit(&mut self, line: &str);
    /// Nanoseconds since 1970.
    fn now(&mut self) -> u64;
}

/// What becomes of a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// It goes on, changed so.
    Pass(Edits),
    /// It is answered.
    Answer(Answer),
    /// It waits.
    Wait,
}

/// One plugin in one virtual machine.
pub struct State {
    decider: Decider,
    waiting: Waiting<Request>,
    /// How many of them are to be looked at again.
    due: usize,
    /// How many of them the gauge has counted.
    told: i64,
}

impl State {
    /// Reads the configuration.
    ///
    /// # Errors
    /// One sentence that names the field.
    pub fn new(config: &[u8], host: &mut dyn Host) -> Result<Self, Rejection> {
        let config = Config::from_json(config)?;
        let decider = Decider::new(config, host.now())?;
        decider.keys.prepare(host);
        Ok(Self {
            decider,
            waiting: Waiting::default(),
            due: 0,
            told: 0,
        })
    }

    /// What the operator wants.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.decider.config
    }

    /// A request came, by this number.
    pub fn request(&mut self, id: u32, request: Request, host: &mut dyn Host) -> Action {
        let started = host.now();
        let Some(now) = self.clock(started) else {
            return self.refuse(&request, Code::ConfigTime.into(), started, host);
        };
        match self.decide(&request, now, host) {
            Decision::Wait if self.is_report() => {
                self.refuse(&request, unavailable(), started, host)
            }
            Decision::Wait => match self.waiting.add(id, started / 1_000_000, request) {
                Ok(()) => {
                    self.tell_waiting(host);
                    Action::Wait
                }
                Err(request) => self.refuse(&request, unavailable(), started, host),
            },
            decision => self.finish(&request, decision, started, host),
        }
    }

    /// Before a token is refused for want of keys, what others have fetched since the last tick is taken over.
    fn decide(&mut self, request: &Request, now: UnixMillis, host: &mut dyn Host) -> Decision {
        let decision = self.decider.decide(request, now);
        let codes = [Code::KeyNotFound, Code::JwksUnavailable];
        let lacks_keys = matches!(&decision, Decision::Refuse(refusal) if codes.iter().any(|code| refusal.reason.is(*code)));
        if lacks_keys && self.decider.keys.take_over(host, now) {
            // What waits for these keys is seen to at the next tick, as it would be had the tick taken them over.
            self.due = self.waiting.len();
            self.tell(now, host);
            return self.decider.decide(request, now);
        }
        decision
    }

    /// Its client has gone.
    pub fn gone(&mut self, id: u32, host: &mut dyn Host) {
        self.waiting.remove(id);
        self.tell_waiting(host);
    }

    /// Whether this request waits.
    #[must_use]
    pub fn is_waiting(&self, id: u32) -> bool {
        self.waiting.has(id)
    }

    /// Time has passed. What becomes of requests that waited.
    pub fn tick(&mut self, host: &mut dyn Host) -> Vec<(u32, Action)> {
        let at = host.now();
        let Some(now) = self.clock(at) else {
            return Vec::new();
        };
        let progress = self.decider.keys.tick(host, now);
        self.tell(now, host);
        if progress || self.waiting.is_over(at / 1_000_000) {
            self.due = self.waiting.len();
        }
        self.look_again(host)
    }

    /// A fetch was answered. What becomes of requests that waited.
    pub fn answered(
        &mut self,
        token: u32,
        answer: shared::Answer,
        host: &mut dyn Host,
    ) -> Vec<(u32, Action)> {
        let at = host.now();
        let Some(now) = self.clock(at) else {
            return Vec::new();
        };
        self.decider.keys.answered(token, answer, host, now);
        self.decider.keys.tick(host, now);
        self.tell(now, host);
        self.due = self.waiting.len();
        self.look_again(host)
    }

    /// Whether something is to happen soon.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.waiting.is_empty() || self.decider.keys.is_busy()
    }

    /// At some of those that are due; the next tick sees to the rest.
    fn look_again(&mut self, host: &mut dyn Host) -> Vec<(u32, Action)> {
        if self.due == 0 {
            return Vec::new();
        }
        let at = host.now();
        let Some(now) = self.clock(at) else {
            return Vec::new();
        };
        let mut actions = Vec::new();
        let some = self.waiting.take(at / 1_000_000);
        self.due = match some.is_empty() {
            true => 0,
            false => self.due.saturating_sub(some.len()),
        };
        for (id, since, request, is_over) in some {
            let started = since.saturating_mul(1_000_000);
            let action = match self.decider.decide(&request, now) {
                Decision::Wait if !is_over => {
                    // There is room: it was taken out just now.
                    let _ = self.waiting.add(id, since, request);
                    continue;
                }
                Decision::Wait => self.refuse(&request, unavailable(), started, host),
                decision => self.finish(&request, decision, started, host),
            };
            actions.push((id, action));
        }
        self.tell_waiting(host);
        actions
    }

    /// By how much the number has changed: the gauge is that of all virtual machines.
    fn tell_waiting(&mut self, host: &mut dyn Host) {
        let count = i64::try_from(self.waiting.len()).unwrap_or(i64::MAX);
        let by = count.saturating_sub(self.told);
        if by != 0 {
            host.change(metrics::WAITING, by);
            self.told = count;
        }
    }

    fn refuse(
        &self,
        request: &Request,
        rejection: Rejection,
        started: u64,
        host: &mut dyn Host,
    ) -> Action {
        let refusal = Refusal::from(Reason::Core(rejection));
        self.finish(request, Decision::Refuse(refusal), started, host)
    }

    /// Counts and tells a decision, and makes of it what the host shall do.
    fn finish(
        &self,
        request: &Request,
        decision: Decision,
        started: u64,
        host: &mut dyn Host,
    ) -> Action {
        let config = &self.decider.config;
        let now = host.now();
        host.observe(metrics::DURATION, now.saturating_sub(started) / 1000);
        let action = match &decision {
            Decision::Open => {
                host.count(&metrics::validation(None, "open", "none"), 1);
                Action::Pass(identity::strip(config, request))
            }
            Decision::Pass(accepted) => {
                self.count_accepted(accepted, host);
                let edits = identity::pass(config, request, accepted);
                host.count(metrics::LEFT_OUT, edits.left_out);
                Action::Pass(edits)
            }
            Decision::Refuse(refusal) => {
                let leaf = refusal.leaf.and_then(|leaf| config.leaves.get(leaf));
                let provider = leaf.and_then(|leaf| config.providers.get(leaf.provider));
                let provider = provider.map(|provider| provider.name.as_str());
                let reason = refusal.reason.name();
                host.count(&metrics::validation(provider, "refused", reason), 1);
                let policy = leaf.map(|leaf| &leaf.policy);
                let retry_after = self
                    .clock(now)
                    .map_or(1, |now| self.decider.keys.retry_after(now));
                let reason = &refusal.reason;
                Action::Answer(answer::answer(config, request, reason, policy, retry_after))
            }
            Decision::Wait => Action::Wait,
        };
        self.audit(request, &decision, now, host);
        match self.is_report() {
            true => Action::Pass(Edits::default()),
            false => action,
        }
    }

    fn count_accepted(
        &self,
        accepted: &[alloc::rc::Rc<crate::requirement::Judged>],
        host: &mut dyn Host,
    ) {
        if accepted.is_empty() {
            host.count(&metrics::validation(None, "accepted", "no_token"), 1);
        }
        for judged in accepted {
            let provider = identity::provider_of(&self.decider.config, judged);
            if let (Some(provider), Verdict::Accepted(token)) = (provider, &judged.verdict) {
                let name = provider.name.as_str();
                host.count(&metrics::validation(Some(name), "accepted", "ok"), 1);
                if provider.memory.is_some() {
                    host.count(&metrics::memory(name, token.remembered_as().is_some()), 1);
                }
            }
        }
    }

    fn audit(&self, request: &Request, decision: &Decision, now: u64, host: &mut dyn Host) {
        let config = &self.decider.config;
        let Ok(at) = UnixMillis::from_millis(now / 1_000_000) else {
            return;
        };
        let trace = request.trace();
        let record = Record {
            at,
            allowed: true,
            reason: "ok",
            provider: None,
            token: None,
            trace: trace.as_deref(),
            service: "envoy",
        };
        match decision {
            Decision::Refuse(refusal) if config.audit != Audit::Off => {
                let leaf = refusal.leaf.and_then(|leaf| config.leaves.get(leaf));
                let provider = leaf.and_then(|leaf| config.providers.get(leaf.provider));
                let record = Record {
                    allowed: false,
                    reason: refusal.reason.name(),
                    provider: provider.map(|provider| provider.name.as_str()),
                    ..record
                };
                host.audit(&record.to_json());
            }
            Decision::Pass(accepted) if config.audit == Audit::All => {
                if accepted.is_empty() {
                    let reason = "no_token";
                    host.audit(&Record { reason, ..record }.to_json());
                }
                for judged in accepted {
                    let Verdict::Accepted(token) = &judged.verdict else {
                        continue;
                    };
                    let provider = identity::provider_of(config, judged);
                    let record = Record {
                        provider: provider.map(|provider| provider.name.as_str()),
                        token: Some(token),
                        ..record
                    };
                    host.audit(&record.to_json());
                }
            }
            _ => {}
        }
    }

    /// Counts what happened to the keys.
    fn tell(&mut self, now: UnixMillis, host: &mut dyn Host) {
        let name = |at: usize, config: &Config| config.providers.get(at).map(|p| p.name.clone());
        for told in self.decider.keys.events(now) {
            let provider = name(told.provider, &self.decider.config);
            let metric = provider.and_then(|provider| metrics::key_event(&provider, &told));
            if let Some(metric) = metric {
                host.count(&metric, 1);
            }
        }
        for (at, age) in self.decider.keys.ages(now) {
            if let Some(provider) = name(at, &self.decider.config) {
                host.set(&metrics::key_age(&provider), age);
            }
        }
    }

    fn is_report(&self) -> bool {
        self.decider.config.mode == Mode::Report
    }

    /// The time to judge by; nothing when the host's clock was never set.
    fn clock(&self, nanos: u64) -> Option<UnixMillis> {
        #[cfg(feature = "fixed-clock")]
        if let Some(seconds) = self.decider.config.fixed_clock {
            return UnixMillis::from_millis(seconds.saturating_mul(1000)).ok();
        }
        UnixMillis::from_millis(nanos / 1_000_000).ok()
    }
}

fn unavailable() -> Rejection {
    Code::JwksUnavailable.into()
}

#[cfg(test)]
mod tests;
