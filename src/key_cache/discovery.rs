//! The provider's metadata: where the set is (OpenID Connect Discovery 1.0).

use alloc::string::String;

use crate::error::Code;
use crate::json::{Document, Value};
use crate::limits::JsonLimits;
use crate::time::UnixMillis;
use crate::url;

/// A document of 64 KiB is ten times as long as any that is known.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// Longer addresses break on their way.
const MAX_URI_BYTES: usize = 2048;

/// Where the set is.
#[derive(Debug)]
pub(super) struct Discovered {
    pub(super) jwks_uri: String,
    pub(super) fetched_at: UnixMillis,
    pub(super) max_age: u64,
}

/// Section 4.1: one trailing slash of the issuer is left out.
pub(super) fn address(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    [issuer, "/.well-known/openid-configuration"].concat()
}

/// Section 4.3: the document's issuer is exactly the configured one. An alias is not: it is another text in tokens, not
/// another provider.
pub(super) fn jwks_uri(body: &[u8], issuer: &str) -> Result<String, Code> {
    let document = Document::parse(body.to_vec(), &JsonLimits::PAYLOAD);
    let document = document.map_err(|_| Code::DiscoveryInvalid)?;
    let text = |name| document.root().get(name).and_then(Value::as_str);
    if text("issuer").ok_or(Code::DiscoveryInvalid)? != issuer {
        return Err(Code::DiscoveryIssuerMismatch);
    }
    let uri = text("jwks_uri").ok_or(Code::DiscoveryInvalid)?;
    // http is for a provider on this very machine.
    if check(&uri).is_err() || (url::is_plain(&uri) && !url::is_plain(issuer)) {
        return Err(Code::DiscoveryInvalid);
    }
    Ok(uri.into_owned())
}

/// Whether it may be the address of a set: a query is fine, as some providers have one there.
pub(super) fn check(jwks_uri: &str) -> Result<(), &'static str> {
    if jwks_uri.len() > MAX_URI_BYTES {
        return Err("it is longer than 2048 bytes");
    }
    url::check(jwks_uri, false)
}
