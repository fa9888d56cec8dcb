//! From a request to a decision: a function of the configuration, the keys, the request and the time.

use alloc::rc::Rc;

use idtoken::key_cache::Lookup;
use idtoken::{
    Code, Expectations, IdToken, Nonce, Purpose, Rejection, UnixMillis, VerifiedTokens, Verifier,
};

use crate::answer::Reason;
use crate::config::{Config, KeySource, Leaf, NonceSource, Provider};
use crate::keys::Keys;
use crate::path::{before_query, readable};
use crate::places::{self, Found};
use crate::request::Request;
use crate::requirement::{Judged, Outcome, Requirement, Verdict};

/// What becomes of a request.
#[derive(Debug)]
pub enum Decision {
    /// Nothing is asked of it.
    Open,
    /// It passes, by these tokens; perhaps by none.
    Pass(Vec<Rc<Judged>>),
    /// It does not.
    Refuse(Refusal),
    /// Keys are on their way.
    Wait,
}

/// Why a request does not pass, and which use of a provider said so.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The place in [`Config::leaves`].
    pub leaf: Option<usize>,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, leaf: None }
    }
}

/// Decides on requests.
pub struct Decider {
    /// What the operator wants.
    pub config: Config,
    /// The keys.
    pub keys: Keys,
    /// By the place of the provider.
    memories: Vec<Option<VerifiedTokens>>,
}

impl Decider {
    /// Takes a configuration; the seed spreads retries of fetches.
    ///
    /// # Errors
    /// One sentence that names the field.
    pub fn new(config: Config, seed: u64) -> Result<Self, Rejection> {
        let keys = Keys::new(&config, seed)?;
        let memories = config.providers.iter();
        let memories =
            memories.map(|provider| provider.memory.map(VerifiedTokens::new).transpose());
        let memories = memories.collect::<Result<_, _>>()?;
        Ok(Self {
            config,
            keys,
            memories,
        })
    }

    /// Decides.
    pub fn decide(&mut self, request: &Request, now: UnixMillis) -> Decision {
        let Self {
            config,
            keys,
            memories,
        } = self;
        if config.bypass_cors_preflight && request.is_cors_preflight() {
            return Decision::Open;
        }
        let requirement = match requirement(config, request) {
            Ok(Requirement::None) => return Decision::Open,
            Ok(requirement) => requirement,
            Err(reason) => return Decision::Refuse(reason.into()),
        };
        let mut known: Vec<Option<Rc<Judged>>> = config.leaves.iter().map(|_| None).collect();
        let outcome = requirement.evaluate(&mut |at| {
            if let Some(Some(judged)) = known.get(at) {
                return Rc::clone(judged);
            }
            let judged = Rc::new(judge(config, at, keys, memories, request, now));
            if let Some(place) = known.get_mut(at) {
                *place = Some(Rc::clone(&judged));
            }
            judged
        });
        match outcome {
            Outcome::Met(by) => Decision::Pass(by),
            Outcome::Wait => Decision::Wait,
            Outcome::Missing => Decision::Refuse(Reason::Core(Code::TokenMissing.into()).into()),
            Outcome::Refused(judged) => Decision::Refuse(Refusal {
                reason: match &judged.verdict {
                    Verdict::Refused(reason) => reason.clone(),
                    _ => Reason::Core(Code::InternalError.into()),
                },
                leaf: judged.leaf,
            }),
        }
    }
}

/// What the path asks for.
fn requirement<'c>(config: &'c Config, request: &Request) -> Result<&'c Requirement, Reason> {
    if config.rules.is_empty() {
        return Ok(&config.default);
    }
    if !config.depends_on_path() {
        let first = config.rules.first();
        return first.map(|rule| &rule.requires).ok_or(Reason::NoRule);
    }
    let path = readable(before_query(request.target())).ok_or(Reason::UnsafePath)?;
    let rule = config.rules.iter().find(|rule| rule.paths.fits(&path));
    rule.map(|rule| &rule.requires).ok_or(Reason::NoRule)
}

fn judge(
    config: &Config,
    at: usize,
    keys: &mut Keys,
    memories: &mut [Option<VerifiedTokens>],
    request: &Request,
    now: UnixMillis,
) -> Judged {
    let leaf = config.leaves.get(at);
    let provider = leaf.and_then(|leaf| config.providers.get(leaf.provider));
    let memory = leaf.and_then(|leaf| memories.get_mut(leaf.provider));
    let (Some(leaf), Some(provider), Some(memory)) = (leaf, provider, memory) else {
        return Judged {
            leaf: None,
            found: Found::Nothing,
            verdict: Verdict::Refused(Reason::Core(Code::InternalError.into())),
        };
    };
    let found = places::find(provider, request);
    let verdict = match &found {
        Found::Nothing => Verdict::Missing,
        Found::Several => Verdict::Refused(Reason::TokenAmbiguous),
        Found::Token(raw) => match verify(leaf, provider, keys, memory.as_mut(), request, raw, now)
        {
            Ok(Some(token)) => Verdict::Accepted(Box::new(token)),
            Ok(None) => Verdict::Wait,
            Err(rejection) => Verdict::Refused(Reason::Core(rejection)),
        },
    };
    Judged {
        leaf: Some(at),
        found,
        verdict,
    }
}

/// Asks the core. No answer: its keys are on their way.
fn verify(
    leaf: &Leaf,
    provider: &Provider,
    keys: &mut Keys,
    memory: Option<&mut VerifiedTokens>,
    request: &Request,
    raw: &[u8],
    now: UnixMillis,
) -> Result<Option<IdToken>, Rejection> {
    let preimage = nonce(provider, request)?;
    let nonce = preimage.as_deref().map_or(Nonce::NotChecked, Nonce::Equals);
    let expectations = Expectations::at(now.to_time()).nonce(nonce);
    let verifier = Verifier::new(&leaf.policy);
    if let KeySource::Local(set) = &provider.keys {
        let token = match memory {
            None => verifier.verify(raw, set, &expectations),
            Some(memory) => verifier.verify_remembering(raw, set, &expectations, memory),
        };
        return token.map(Some);
    }
    let begun = verifier.begin(Purpose::Id, raw, &expectations, memory.as_deref())?;
    match keys.lookup(leaf.provider, begun.request(), now) {
        Lookup::Ready(set) | Lookup::Stale(set) => begun.verify(&set, memory).map(Some),
        Lookup::Wait => Ok(None),
        Lookup::Unavailable(rejection) => Err(rejection),
    }
}

/// The preimage of the nonce, where one is asked for. None, or two, and nobody knows which login this is.
fn nonce(provider: &Provider, request: &Request) -> Result<Option<String>, Rejection> {
    let values: Vec<&[u8]> = match &provider.nonce {
        None => return Ok(None),
        Some(NonceSource::Cookie(name)) => request.cookies(name),
        Some(NonceSource::Header(name)) => request.values(name).collect(),
    };
    let text = match *values {
        [only] if !only.is_empty() => core::str::from_utf8(only).ok(),
        _ => None,
    };
    text.map(|text| Some(text.to_owned()))
        .ok_or_else(|| Code::NonceMismatch.into())
}
