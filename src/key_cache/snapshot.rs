//! A set as text, for a store that outlives the process. Whoever can write the store decides who may log in.

use alloc::format;
use alloc::string::String;

use super::answer::is_entity_tag;
use super::discovery;
use super::held::Held;
use crate::error::{Code, Rejection};
use crate::json::{Document, Kind, Value, quote};
use crate::limits::JsonLimits;
use crate::time::UnixMillis;

/// What a snapshot says, before its set was looked at.
pub(super) struct Snapshot {
    pub(super) jwks_uri: String,
    pub(super) fetched_at: UnixMillis,
    pub(super) etag: Option<String>,
    pub(super) jwks: String,
}

pub(super) fn write(issuer: &str, held: &Held) -> String {
    let etag = held.etag.as_deref().map_or("null".into(), quote);
    format!(
        "{{\"v\":1,\"issuer\":{},\"jwksUri\":{},\"fetchedAt\":{},\"etag\":{etag},\"jwks\":{}}}",
        quote(issuer),
        quote(&held.jwks_uri),
        held.fetched_at.as_millis(),
        quote(&held.text),
    )
}

/// The issuer that a text names, if it is a snapshot at all.
pub(super) fn parse(text: &str, max_jwks_bytes: usize) -> Result<Document, Rejection> {
    // A character may be escaped with six; the rest is short.
    let longest = max_jwks_bytes.saturating_mul(6);
    if text.len() > longest.saturating_add(16 * 1024) {
        return Err(invalid("it is too long"));
    }
    let limits = JsonLimits {
        string: longest,
        ..JsonLimits::PAYLOAD
    };
    let document = Document::parse(text.as_bytes().to_vec(), &limits);
    document.map_err(|code| invalid(code.name()))
}

pub(super) fn issuer(snapshot: &Document) -> String {
    let issuer = snapshot.root().get("issuer").and_then(Value::as_str);
    issuer.unwrap_or_default().into_owned()
}

pub(super) fn read(snapshot: &Document, now: UnixMillis) -> Result<Snapshot, Rejection> {
    let root = snapshot.root();
    let text = |name| root.get(name).and_then(Value::as_str);
    if root.get("v").and_then(Value::as_f64) != Some(1.0) {
        return Err(invalid("its version v is not 1"));
    }
    let jwks_uri = text("jwksUri").filter(|uri| discovery::check(uri).is_ok());
    let jwks_uri = jwks_uri.ok_or_else(|| invalid("its jwksUri is not usable"))?;
    let fetched_at = root.get("fetchedAt").and_then(Value::as_f64);
    let fetched_at = fetched_at.and_then(|millis| UnixMillis::from_millis_f64(millis).ok());
    let fetched_at = fetched_at.ok_or_else(|| invalid("its fetchedAt is no time"))?;
    if fetched_at > now {
        return Err(invalid("its fetchedAt lies in the future"));
    }
    let etag = match root.get("etag") {
        None => None,
        Some(etag) if etag.kind() == Kind::Null => None,
        Some(_) => {
            let etag = text("etag").filter(|tag| is_entity_tag(tag));
            Some(etag.ok_or_else(|| invalid("its etag is none"))?)
        }
    };
    let jwks = text("jwks").ok_or_else(|| invalid("it has no jwks text"))?;
    Ok(Snapshot {
        jwks_uri: jwks_uri.into_owned(),
        fetched_at,
        etag: etag.map(Into::into),
        jwks: jwks.into_owned(),
    })
}

pub(super) fn invalid(hint: &'static str) -> Rejection {
    Rejection::new(Code::SnapshotInvalid, hint)
}
