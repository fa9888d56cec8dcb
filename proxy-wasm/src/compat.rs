//! jwt_authn's answers, for clients and dashboards that know them.

use idtoken::Code;

use crate::answer::{Answer, Reason};
use crate::config::Config;
use crate::request::Request;

/// The answer, where jwt_authn has one. It has none for a path it would not judge, and none for keys that are away.
pub(crate) fn answer(config: &Config, request: &Request, reason: &Reason) -> Option<Answer> {
    let code = match reason {
        Reason::Core(rejection) if rejection.status() == 401 => rejection.code(),
        Reason::TokenAmbiguous => Code::TokenFormat,
        _ => return None,
    };
    let (status, text) = words(code);
    if config.strip_failure_response {
        return Some(Answer {
            status,
            fields: Vec::new(),
            body: String::new(),
        });
    }
    let error = match code {
        Code::TokenMissing => "",
        _ => ", error=\"invalid_token\"",
    };
    let challenge = format!("Bearer realm=\"{}\"{error}", uri(request));
    Some(Answer {
        status,
        fields: vec![("www-authenticate", challenge)],
        body: text.into(),
    })
}

#[rustfmt::skip]
fn words(code: Code) -> (u16, &'static str) {
    match code {
        Code::TokenMissing => (401, "Jwt is missing"),
        Code::TokenFormat | Code::TokenSegments | Code::TokenTooLarge | Code::JweUnsupported => (401, "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
        Code::IssMissing | Code::IssType | Code::IssMismatch | Code::IssUnknown => (401, "Jwt issuer is not configured"),
        Code::AudMissing | Code::AudType | Code::AudEmpty | Code::AudMismatch | Code::AudUntrusted => (403, "Audiences in Jwt are not allowed"),
        Code::ExpExpired => (401, "Jwt is expired"),
        Code::NbfFuture => (401, "Jwt not yet valid"),
        Code::KeyNotFound | Code::KeyAmbiguous => (401, "Jwks doesn't have key to match kid or alg from Jwt"),
        Code::AlgMissing | Code::AlgInvalid | Code::AlgNone | Code::AlgNotAllowed => (401, "Jwt header [alg] is not supported"),
        _ => (401, "Jwt verification fails"),
    }
}

/// At most 256 characters of the path, as jwt_authn does it; nothing that would end the quotes.
fn uri(request: &Request) -> String {
    let text = |name| String::from_utf8_lossy(request.value(name).unwrap_or_default()).into_owned();
    let path: String = text(":path").chars().take(256).collect();
    let uri = format!("{}://{}{path}", text(":scheme"), text(":authority"));
    uri.chars()
        .filter(|c| matches!(c, '!'..='~') && !matches!(c, '"' | '\\'))
        .collect()
}
