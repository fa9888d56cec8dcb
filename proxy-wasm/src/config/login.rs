//! What ties a token to a login, and to a user.

use idtoken::options::{Row, Setting};
use idtoken::{Kind, Rejection};

use super::provider::{NonceSource, Provider, field_name};
use super::words;

#[derive(Default)]
struct Nonce {
    cookie: Option<String>,
    header: Option<String>,
    transform: Option<String>,
    insecure_cookie: bool,
}

pub(super) fn nonce(to: &mut Provider, from: Setting<'_>) -> Result<(), Rejection> {
    let mut nonce = Nonce::default();
    from.nested(NONCE, &mut nonce)?;
    let transform = nonce
        .transform
        .unwrap_or_else(|| "\"sha256_b64url\"".into());
    to.policy.push(("nonce_transform", transform));
    to.nonce = Some(match (nonce.cookie, nonce.header) {
        // Browsers take such a cookie only from the host itself, over TLS (RFC 6265bis section 4.1.3.2).
        (Some(cookie), None) if cookie.starts_with("__Host-") || nonce.insecure_cookie => {
            NonceSource::Cookie(cookie)
        }
        (Some(_), None) => {
            return Err(from.invalid(
                "an object whose cookie starts with __Host-, or that has insecure_cookie: true",
            ));
        }
        (None, Some(header)) => NonceSource::Header(header),
        _ => return Err(from.invalid("an object with one of cookie and header")),
    });
    Ok(())
}

#[rustfmt::skip]
static NONCE: &[Row<Nonce>] = &[
    Row { name: "cookie", read: |to, from| { to.cookie = Some(from.text()?); Ok(()) } },
    Row { name: "header", read: |to, from| { to.header = Some(field_name(from)?); Ok(()) } },
    Row { name: "transform", read: |to, from| { from.text()?; to.transform = Some(from.value.raw().into()); Ok(()) } },
    Row { name: "insecure_cookie", read: |to, from| { to.insecure_cookie = words::switch(from)?; Ok(()) } },
];

/// jwt_authn's StringMatcher as what the policy demands of `sub`.
pub(super) fn subjects(from: Setting<'_>) -> Result<String, Rejection> {
    let mut found = Vec::new();
    from.nested(SUBJECTS, &mut found)?;
    match &*found {
        [only] => Ok(format!("{{\"sub\":{only}}}")),
        _ => Err(from.invalid("an object with one of exact, prefix, suffix and contains")),
    }
}

#[rustfmt::skip]
static SUBJECTS: &[Row<Vec<String>>] = &[
    Row { name: "exact", read: |to, from| { from.text()?; to.push(from.value.raw().into()); Ok(()) } },
    Row { name: "prefix", read: |to, from| { to.push(glob(from, "", "*")?); Ok(()) } },
    Row { name: "suffix", read: |to, from| { to.push(glob(from, "*", "")?); Ok(()) } },
    Row { name: "contains", read: |to, from| { to.push(glob(from, "*", "*")?); Ok(()) } },
    Row { name: "safe_regex", read: |_, from| words::refused(from, "a regular expression is easily too wide") },
    Row { name: "ignore_case", read: |_, from| words::refused(from, "subjects have case (OpenID Connect Core 1.0 section 2)") },
];

fn glob(from: Setting<'_>, before: &str, after: &str) -> Result<String, Rejection> {
    let text = from.text()?;
    let raw = from.value.raw();
    let inside = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    match inside {
        Some(inside) if from.value.kind() == Kind::String && !text.contains('*') => {
            Ok(format!("{{\"glob\":\"{before}{inside}{after}\"}}"))
        }
        _ => Err(from.invalid("text without *")),
    }
}
