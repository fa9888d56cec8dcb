//! What an answer is worth (rule R119).

use super::{Failure, Outcome, Response};
use crate::error::Code;

/// A provider that forgets `max-age`, or sets it to nothing, is not asked more often than this.
const LEAST_MAX_AGE: u64 = 60_000;
/// A key that was removed upstream works no longer than this, as long as the provider can be reached.
pub(super) const MOST_MAX_AGE: u64 = 86_400_000;

/// A good answer.
pub(super) enum Answer<'a> {
    Document(&'a [u8]),
    /// 304: the one at hand is still good.
    NotModified,
}

/// Why an answer is worth nothing, and how many milliseconds the provider wants to be left in peace.
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) retry_after: u64,
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self {
            code,
            retry_after: 0,
        }
    }
}

pub(super) fn judge<'a>(
    outcome: &Outcome<'a>,
    max_bytes: usize,
) -> Result<(Answer<'a>, Response<'a>), Refusal> {
    let response = match outcome {
        Outcome::Response(response) => response,
        Outcome::Failed(Failure::Network) => return Err(Code::JwksFetchNetwork.into()),
        Outcome::Failed(Failure::Timeout) => return Err(Code::JwksFetchTimeout.into()),
        Outcome::Failed(Failure::Redirect) => return Err(Code::JwksFetchRedirect.into()),
        Outcome::Failed(Failure::TooLarge) => return Err(Code::JwksFetchSize.into()),
    };
    match response.status {
        200 => {}
        304 => return Ok((Answer::NotModified, *response)),
        // A redirect could lead into the network that this runs in (GHSA-9v7f-9g4p-ffgj).
        300..=399 => return Err(Code::JwksFetchRedirect.into()),
        _ => {
            let seconds = response.retry_after.and_then(digits).unwrap_or(0);
            return Err(Refusal {
                code: Code::JwksFetchStatus,
                retry_after: seconds.saturating_mul(1000),
            });
        }
    }
    if !response.content_type.is_some_and(is_json) {
        return Err(Code::JwksFetchType.into());
    }
    if response.body.len() > max_bytes {
        return Err(Code::JwksFetchSize.into());
    }
    Ok((Answer::Document(response.body), *response))
}

/// The two types that are registered for it, with any parameters. Not `text/plain`: a provider whose users can publish
/// text files would let them publish keys.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    ["application/json", "application/jwk-set+json"]
        .iter()
        .any(|known| media_type.eq_ignore_ascii_case(known))
}

impl Response<'_> {
    /// For how many milliseconds the document is fresh (RFC 9111 section 4.2): as the provider says, within bounds.
    pub(super) fn max_age(&self, default: u64) -> u64 {
        let directives = self.cache_control.unwrap_or("").split(',');
        let stated = directives.filter_map(|directive| {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let name = name.trim();
            if name.eq_ignore_ascii_case("max-age") {
                digits(value.trim().trim_matches('"'))
            } else {
                let is_off = ["no-store", "no-cache"]
                    .iter()
                    .any(|off| name.eq_ignore_ascii_case(off));
                is_off.then_some(0)
            }
        });
        // Of two that contradict each other, the careful one.
        let Some(seconds) = stated.min() else {
            return default;
        };
        let age = self.age.and_then(digits).unwrap_or(0);
        let millis = seconds.saturating_sub(age).saturating_mul(1000);
        millis.clamp(LEAST_MAX_AGE, MOST_MAX_AGE)
    }

    /// The `ETag`, if it is one (RFC 9110 section 8.8.3) and fit to be sent back.
    pub(super) fn entity_tag(&self) -> Option<&str> {
        self.etag.filter(|tag| is_entity_tag(tag))
    }
}

pub(super) fn is_entity_tag(text: &str) -> bool {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inside = opaque.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    let is_tag_char = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    text.len() <= 256 && inside.is_some_and(|inside| inside.bytes().all(is_tag_char))
}

/// A whole number of seconds; a larger one than fits is the largest (RFC 9111 section 1.2.2).
fn digits(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}
