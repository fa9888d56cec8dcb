//! What of a request is changed: forged identity out, the token out, the user's claims in.

use alloc::rc::Rc;

use idtoken::headers;

use crate::config::{Config, Provider};
use crate::places::{Found, Place, without_cookies, without_params};
use crate::request::Request;
use crate::requirement::{Judged, Verdict};

/// Most bytes of fields that are added: what common services take in all is 8 to 64 KiB.
const BUDGET: usize = 16 * 1024;

/// Changes to a request.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Edits {
    /// Fields to remove, all values of each.
    pub remove: Vec<String>,
    /// Fields to set.
    pub set: Vec<(String, Vec<u8>)>,
    /// Claims for access logs.
    pub filter_state: Vec<(String, String)>,
    /// Claims that could not be sent: too long, or not fit for a field.
    pub left_out: u64,
}

/// What is done to every request: whatever a client sends under a name of ours goes.
#[must_use]
pub fn strip(config: &Config, request: &Request) -> Edits {
    let mut edits = Edits::default();
    for name in request.names() {
        let is_ours = |ours| headers::is_same_name(ours, name);
        if config.identity_fields().any(is_ours) {
            edits.remove(name);
        }
    }
    edits
}

/// What is done to a request that may pass a rule about tokens: the same, and tokens out, and claims in.
#[must_use]
pub fn pass(config: &Config, request: &Request, accepted: &[Rc<Judged>]) -> Edits {
    let mut edits = strip(config, request);
    let believed: Vec<_> = accepted
        .iter()
        .filter_map(|judged| Some((provider_of(config, judged)?, judged)))
        .collect();
    take_out_tokens(config, request, &believed, &mut edits);
    let mut budget = BUDGET;
    for (provider, judged) in &believed {
        let Verdict::Accepted(token) = &judged.verdict else {
            continue;
        };
        let claims = token.claims();
        let payload = provider.payload_field.iter();
        let payload = payload.map(|field| (field, headers::payload(claims, provider.pad_payload)));
        for (field, value) in payload {
            edits.add(field, value, &mut budget);
        }
        for (claim, field) in &provider.claim_fields {
            match headers::claim(claims, claim) {
                Some(value) => edits.add(field, value, &mut budget),
                None if claims.get(claim).is_some() => edits.leave_out(),
                None => {}
            }
        }
        let state = provider.filter_state.iter();
        let state = state.filter_map(|claim| Some((claim.clone(), headers::claim(claims, claim)?)));
        edits.filter_state.extend(state);
    }
    edits
}

/// The provider of a verdict.
#[must_use]
pub fn provider_of<'c>(config: &'c Config, judged: &Judged) -> Option<&'c Provider> {
    let leaf = config.leaves.get(judged.leaf?)?;
    config.providers.get(leaf.provider)
}

/// A token goes on only where its provider was told to forward it and believed it. A second one beside it may be taken
/// for the first by the service, so it goes as well.
fn take_out_tokens(
    config: &Config,
    request: &Request,
    believed: &[(&Provider, &Rc<Judged>)],
    edits: &mut Edits,
) {
    let may_stay = |place: &Place, token: &Vec<u8>| {
        let forwards = |(provider, judged): &(&Provider, &Rc<Judged>)| {
            provider.forward
                && provider.places.contains(place)
                && matches!(&judged.found, Found::Token(good) if good == token)
        };
        believed.iter().any(forwards)
    };
    let (mut params, mut cookies) = (Vec::new(), Vec::new());
    for place in config
        .providers
        .iter()
        .flat_map(|provider| &provider.places)
    {
        let tokens = place.tokens(request);
        let goes = !tokens.iter().all(|token| may_stay(place, token));
        match place {
            Place::Header { name, .. } => {
                let alike = request
                    .names()
                    .filter(|other| headers::is_same_name(name, other));
                for other in alike.filter(|other| goes || !other.eq_ignore_ascii_case(name)) {
                    edits.remove(other);
                }
            }
            Place::Param(name) if goes => params.push(name.as_str()),
            Place::Cookie(name) if goes => cookies.push(name.as_str()),
            Place::Param(_) | Place::Cookie(_) => {}
        }
    }
    if let Some(target) = without_params(request.target(), &params) {
        edits.set.push((":path".into(), target));
    }
    match without_cookies(request, &cookies) {
        Some(cookie) if cookie.is_empty() => edits.remove("cookie"),
        Some(cookie) => {
            // Several fields become one.
            edits.remove("cookie");
            edits.set.push(("cookie".into(), cookie));
        }
        None => {}
    }
}

impl Edits {
    fn remove(&mut self, name: &str) {
        if !self.remove.iter().any(|known| known == name) {
            self.remove.push(name.to_owned());
        }
    }

    /// The first provider's claim stands where two would fill one field.
    fn add(&mut self, field: &str, value: String, budget: &mut usize) {
        if self.set.iter().any(|(known, _)| known == field) {
            return;
        }
        let size = field.len().saturating_add(value.len());
        match budget.checked_sub(size) {
            Some(rest) => {
                *budget = rest;
                self.set.push((field.to_owned(), value.into_bytes()));
            }
            None => self.leave_out(),
        }
    }

    fn leave_out(&mut self) {
        self.left_out = self.left_out.saturating_add(1);
    }
}
