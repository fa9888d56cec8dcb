//! Why a request is refused, and what the client is told (RFC 6750 section 3, RFC 9470 section 3).

use idtoken::{Class, Code, Policy, Rejection};

use crate::compat;
use crate::config::Config;
use crate::request::Request;

/// Why a request is refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The core says so.
    Core(Rejection),
    /// Its places hold different tokens.
    TokenAmbiguous,
    /// No rule is about this path.
    NoRule,
    /// Two readers may read the path as two.
    UnsafePath,
}

impl Reason {
    /// The word for answers, metrics and logs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Core(rejection) => rejection.code().name(),
            Self::TokenAmbiguous => "token_ambiguous",
            Self::NoRule => "no_rule",
            Self::UnsafePath => "unsafe_path",
        }
    }

    /// Whether it is this code of the core's.
    #[must_use]
    pub fn is(&self, code: Code) -> bool {
        matches!(self, Self::Core(rejection) if rejection.code() == code)
    }

    fn status(&self) -> u16 {
        match self {
            Self::Core(rejection) => rejection.status(),
            Self::TokenAmbiguous | Self::NoRule => 401,
            Self::UnsafePath => 400,
        }
    }
}

/// What the client is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Fields.
    pub fields: Vec<(&'static str, String)>,
    /// The text.
    pub body: String,
}

/// Makes the answer to a refused request. `policy` is the one that refused, `retry_after` when keys may be there, in
/// seconds.
#[must_use]
pub fn answer(
    config: &Config,
    request: &Request,
    reason: &Reason,
    policy: Option<&Policy>,
    retry_after: u64,
) -> Answer {
    if config.envoy_compat
        && let Some(answer) = compat::answer(config, request, reason)
    {
        return answer;
    }
    let status = reason.status();
    let fields = match status {
        503 => vec![("retry-after", retry_after.to_string())],
        401 => vec![("www-authenticate", challenge(config, reason, policy))],
        _ => Vec::new(),
    };
    let body = match config.strip_failure_response {
        true => String::new(),
        false => reason.name().into(),
    };
    Answer {
        status,
        fields,
        body,
    }
}

fn challenge(config: &Config, reason: &Reason, policy: Option<&Policy>) -> String {
    let mut params = Vec::new();
    let mut add = |name: &str, value: &str| params.push(format!("{name}=\"{}\"", quoted(value)));
    if let Some(realm) = &config.realm {
        add("realm", realm);
    }
    // RFC 6750 section 3.1: no error for who did not try.
    if !reason.is(Code::TokenMissing) {
        let class = match reason {
            Reason::Core(rejection) => rejection.code().class(),
            _ => Class::Token,
        };
        match (class, policy) {
            (Class::StepUp, Some(policy)) => {
                add("error", "insufficient_user_authentication");
                if !policy.acr_values().is_empty() {
                    add("acr_values", &policy.acr_values().join(" "));
                }
                if let Some(seconds) = policy.max_age() {
                    add("max_age", &seconds.to_string());
                }
            }
            _ => add("error", "invalid_token"),
        }
        if !config.strip_failure_response {
            add("error_description", reason.name());
        }
    }
    match params.is_empty() {
        true => "Bearer".into(),
        false => format!("Bearer {}", params.join(", ")),
    }
}

/// RFC 9110 section 5.6.4; what cannot stand there is left out.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().filter(|c| matches!(c, ' '..='~')) {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
