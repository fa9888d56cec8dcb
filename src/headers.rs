//! From claims to HTTP fields: what may stand in one, and how it is written.
//!
//! A value that cannot stand there safely is left out, never mended: a service that misses a name asks again, one that
//! gets a wrong name believes it.

use alloc::string::String;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::claims::Claims;
use crate::json::{Kind, Value};

/// The claim as the value of a field. A path such as `address.country` leads into objects, where no claim has that very
/// name. Strings, numbers and booleans stand as they are; arrays and objects as their JSON in base64
/// (RFC 4648 section 4), which is what Envoy's jwt_authn sends.
///
/// Nothing for a claim that is absent, null or empty, for text with control characters or spaces at its ends (RFC 9110
/// section 5.5), and for an `email_verified` that is anything but true: the string `"false"` would be taken for yes.
#[must_use]
pub fn claim(claims: &Claims, path: &str) -> Option<String> {
    let value = claims.get(path).or_else(|| inside(claims, path))?;
    let last = path.rsplit('.').next().unwrap_or(path);
    if last == "email_verified" && value.as_bool() != Some(true) {
        return None;
    }
    match value.kind() {
        Kind::Null => None,
        Kind::String => value.as_str().filter(|text| is_value(text)).map(Into::into),
        Kind::Bool | Kind::Number => Some(value.raw().into()),
        Kind::Array | Kind::Object => Some(STANDARD.encode(value.raw())),
    }
}

fn inside<'c>(claims: &'c Claims, path: &str) -> Option<Value<'c>> {
    let mut names = path.split('.');
    let first = claims.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// All claims: the JSON of the payload in base64url, with `=` at its end where wanted.
#[must_use]
pub fn payload(claims: &Claims, padded: bool) -> String {
    match padded {
        true => URL_SAFE.encode(claims.as_json()),
        false => URL_SAFE_NO_PAD.encode(claims.as_json()),
    }
}

/// Whether the text can be the value of a field: not empty, no control character of any alphabet, no other line ends,
/// no space at either end.
#[must_use]
pub fn is_value(text: &str) -> bool {
    let is_line_end = |character| matches!(character, '\u{2028}' | '\u{2029}');
    !text.is_empty()
        && text.trim().len() == text.len()
        && !text.chars().any(|c| c.is_control() || is_line_end(c))
}

/// Whether the text can be the name of a field (RFC 9110 section 5.1).
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token)
}

/// Whether a service may take two names for one: names have no case, and gateways to CGI, WSGI and the like turn `-`
/// into `_`.
#[must_use]
pub fn is_same_name(a: &str, b: &str) -> bool {
    let folded = |byte: u8| match byte {
        b'_' => b'-',
        _ => byte.to_ascii_lowercase(),
    };
    a.len() == b.len() && a.bytes().map(folded).eq(b.bytes().map(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for good in ["alice", "a b", "100%", "Zoë", "a\"b", "a,b"] {
            assert!(is_value(good), "{good}");
        }
        for bad in [
            "",
            " a",
            "a ",
            "a\r\nx: y",
            "a\n",
            "\0",
            "a\tb",
            "a\u{7f}",
            "a\u{85}b",
            "a\u{2028}b",
            "a\u{a0}",
        ] {
            assert!(!is_value(bad), "{bad:?}");
        }
    }

    #[test]
    fn names() {
        assert!(is_name("x-user") && is_name("X_User.1"));
        assert!(!is_name("") && !is_name(":path") && !is_name("a b") && !is_name("ä"));
        assert!(is_same_name("X-User_Id", "x_user-id"));
        assert!(!is_same_name("x-user", "x-user-") && !is_same_name("x-a", "x-b"));
    }
}
