//! Where tokens are looked for, and how they are taken out of a request.

use crate::config::Provider;
use crate::request::{Request, cookie_pairs, param_name, query_parts, split_at_byte};

/// A place of a request that may hold a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// A field of the header, behind a prefix such as `Bearer `.
    Header {
        /// The field's name.
        name: String,
        /// What stands before the token; may be empty.
        prefix: String,
    },
    /// A parameter of the query.
    Param(String),
    /// A cookie.
    Cookie(String),
}

impl Place {
    /// `Authorization: Bearer` (RFC 6750 section 2.1).
    #[must_use]
    pub fn bearer() -> Self {
        Self::Header {
            name: "authorization".into(),
            prefix: "Bearer ".into(),
        }
    }

    /// The tokens here, as they came. A field with another prefix, and an empty cookie or parameter, hold none; a prefix
    /// without anything behind it holds an empty one, which nobody believes.
    #[must_use]
    pub fn tokens(&self, request: &Request) -> Vec<Vec<u8>> {
        match self {
            Self::Header { name, prefix } => {
                let values = request.values(name);
                values.flat_map(|value| tokens_of(value, prefix)).collect()
            }
            Self::Param(name) => some(request.params(name)),
            Self::Cookie(name) => some(
                request
                    .cookies(name)
                    .into_iter()
                    .map(<[u8]>::to_vec)
                    .collect(),
            ),
        }
    }
}

fn some(mut tokens: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// The tokens of one value. Envoy joins several `Authorization` with commas, which no token has: each part that starts
/// with the prefix is one, and what follows it without a prefix spoils it.
fn tokens_of(value: &[u8], prefix: &str) -> Vec<Vec<u8>> {
    if prefix.is_empty() {
        return some(Vec::from([value.to_vec()]));
    }
    let mut tokens: Vec<Vec<u8>> = Vec::new();
    for part in value.split(|byte| *byte == b',') {
        match (behind(part.trim_ascii(), prefix), tokens.last_mut()) {
            (Some(token), _) => tokens.push(token.to_vec()),
            (None, Some(last)) => {
                last.push(b',');
                last.extend_from_slice(part);
            }
            (None, None) => {}
        }
    }
    tokens
}

/// A scheme has no case, and may be followed by several spaces (RFC 9110 section 11.1).
fn behind<'v>(value: &'v [u8], prefix: &str) -> Option<&'v [u8]> {
    let word = prefix.trim_end().as_bytes();
    let (start, rest) = value.split_at_checked(word.len())?;
    let is_divided = rest.is_empty() || word.len() == prefix.len() || rest.starts_with(b" ");
    (start.eq_ignore_ascii_case(word) && is_divided).then(|| rest.trim_ascii())
}

/// What a provider's places hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Found {
    /// No token.
    Nothing,
    /// One, perhaps several times.
    Token(Vec<u8>),
    /// Different ones: nobody can say which of them the service will take.
    Several,
}

/// Looks at all places of a provider.
#[must_use]
pub fn find(provider: &Provider, request: &Request) -> Found {
    let mut all = provider
        .places
        .iter()
        .flat_map(|place| place.tokens(request));
    let Some(first) = all.next() else {
        return Found::Nothing;
    };
    match all.all(|other| other == first) {
        true => Found::Token(first),
        false => Found::Several,
    }
}

/// The query without some parameters; nothing when none of them is there.
#[must_use]
pub fn without_params(target: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let is_left_out = |part: &&[u8]| names.iter().any(|name| param_name(part) == name.as_bytes());
    if !query_parts(target).any(|part| is_left_out(&part)) {
        return None;
    }
    let kept: Vec<_> = query_parts(target)
        .filter(|part| !is_left_out(part))
        .collect();
    let (path, _) = split_at_byte(target, b'?');
    Some(match kept.is_empty() {
        true => path.to_vec(),
        false => [path, &kept.join(&b'&')].join(&b'?'),
    })
}

/// All cookies but some, as one field; nothing when none of them is there.
#[must_use]
pub fn without_cookies(request: &Request, names: &[&str]) -> Option<Vec<u8>> {
    let is_left_out = |name: &[u8]| names.iter().any(|left_out| left_out.as_bytes() == name);
    let mut pairs = request.values("cookie").flat_map(cookie_pairs);
    if !pairs.any(|(name, _)| is_left_out(name)) {
        return None;
    }
    let parts = request
        .values("cookie")
        .flat_map(|field| field.split(|byte| *byte == b';'));
    let parts = parts
        .map(<[u8]>::trim_ascii)
        .filter(|part| !part.is_empty());
    let kept = parts.filter(|part| !is_left_out(split_at_byte(part, b'=').0.trim_ascii()));
    Some(kept.collect::<Vec<_>>().join(&b"; "[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(fields: &[(&str, &str)]) -> Request {
        let field = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        Request::new(fields.iter().map(field).collect())
    }

    #[test]
    fn a_scheme_and_its_token() {
        let tokens = |value| Place::bearer().tokens(&request(&[("authorization", value)]));
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c"] {
            assert_eq!(tokens(value), [b"a.b.c"], "{value}");
        }
        for value in ["Basic YTpi", "Bearera.b.c", "", "a.b.c", "Bear"] {
            assert!(tokens(value).is_empty(), "{value}");
        }
        assert_eq!(tokens("Bearer"), [b""]);
        assert_eq!(tokens("Bearer a, Bearer b"), [b"a", b"b"]);
        assert_eq!(tokens("Basic YTpi,bearer a"), [b"a"]);
        assert_eq!(tokens("Bearer a, b"), [b"a, b"]);
    }

    #[test]
    fn tokens_are_taken_out() {
        let target = b"/a?x=1&id_token=t&y=2&%69d_token=u";
        assert_eq!(
            without_params(target, &["id_token"]).unwrap(),
            b"/a?x=1&y=2"
        );
        assert_eq!(
            without_params(b"/a?id_token=t", &["id_token"]).unwrap(),
            b"/a"
        );
        assert_eq!(without_params(b"/a?x=id_token", &["id_token"]), None);
        let cookies = request(&[("cookie", "a=1; t=2"), ("cookie", "b=3;t=4")]);
        assert_eq!(without_cookies(&cookies, &["t"]).unwrap(), b"a=1; b=3");
        assert_eq!(without_cookies(&cookies, &["u"]), None);
    }
}
