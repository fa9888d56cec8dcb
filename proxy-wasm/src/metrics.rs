//! Names of metrics. Each is made of closed sets: providers of the configuration, and codes. Envoy turns the parts into
//! labels where its `stats_config` has rules for that; examples/envoy has them.

use idtoken::key_cache::Event;

use crate::keys::Told;

/// One decision more.
#[must_use]
pub fn validation(provider: Option<&str>, result: &str, reason: &str) -> String {
    let provider = provider.unwrap_or("none");
    format!("idtoken_validations_total.provider.{provider}.result.{result}.reason.{reason}")
}

/// How long a decision took, waiting for keys included, in microseconds.
pub const DURATION: &str = "idtoken_decision_microseconds";
/// Requests that wait for keys.
pub const WAITING: &str = "idtoken_waiting_requests";
/// Claims that could not be sent.
pub const LEFT_OUT: &str = "idtoken_claims_left_out_total";

/// A token was accepted, with or without a signature verification.
#[must_use]
pub fn memory(provider: &str, is_hit: bool) -> String {
    let result = if is_hit { "hit" } else { "miss" };
    format!("idtoken_verified_token_cache_total.provider.{provider}.result.{result}")
}

/// The age of the keys in seconds.
#[must_use]
pub fn key_age(provider: &str) -> String {
    format!("idtoken_jwks_age_seconds.provider.{provider}")
}

/// A fetch by its result, or what became of the keys. Nothing for what others count: the answer to their fetch.
#[must_use]
pub fn key_event(provider: &str, told: &Told) -> Option<String> {
    let fetch = match &told.event {
        Event::FetchStarted { .. } => return None,
        Event::FetchFailed { code, .. } => Some(code.name()),
        Event::Refreshed { .. } => Some("refreshed"),
        Event::NotModified => Some("not_modified"),
        _ => None,
    };
    match fetch {
        Some(_) if !told.own => None,
        Some(result) => Some(format!(
            "idtoken_jwks_fetches_total.provider.{provider}.result.{result}"
        )),
        None => Some(format!(
            "idtoken_jwks_events_total.provider.{provider}.event.{}",
            told.event.name()
        )),
    }
}
