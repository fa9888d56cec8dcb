//! Where the keys of a provider are, in jwt_authn's words.

use idtoken::Rejection;
use idtoken::key_cache::{JwksUri, KeyCacheOptions};
use idtoken::options::{Row, Setting};

use super::provider::{KeySource, Provider};
use super::words;

/// A set that stands in the configuration.
pub(super) fn local(to: &mut Option<String>, from: Setting<'_>) -> Result<(), Rejection> {
    from.nested(LOCAL, to)
}

#[rustfmt::skip]
static LOCAL: &[Row<Option<String>>] = &[
    Row { name: "inline_string", read: |to, from| { *to = Some(from.text()?); Ok(()) } },
    Row { name: "inline_bytes", read: |_, from| words::refused(from, "write the set as inline_string") },
    Row { name: "filename", read: |_, from| words::refused(from, "a filter in wasm reads no files; write the set as inline_string") },
    Row { name: "environment_variable", read: |_, from| words::refused(from, "a filter in wasm has no environment; write the set as inline_string") },
];

#[derive(Default)]
struct Remote {
    uri: Option<String>,
    cluster: Option<String>,
    options: KeyCacheOptions,
}

pub(super) fn remote(to: &mut Provider, from: Setting<'_>) -> Result<(), Rejection> {
    let mut remote = Remote::default();
    from.nested(REMOTE, &mut remote)?;
    let (Some(uri), Some(cluster)) = (remote.uri, remote.cluster) else {
        return Err(from.invalid("an object whose http_uri has uri and cluster"));
    };
    let mut options = remote.options;
    options.jwks_uri = JwksUri::At(uri);
    to.keys = KeySource::Remote { cluster, options };
    Ok(())
}

#[rustfmt::skip]
static REMOTE: &[Row<Remote>] = &[
    Row { name: "http_uri", read: |to, from| from.nested(HTTP_URI, to) },
    Row { name: "cache_duration", read: |to, from| { to.options.cache_max_age = words::millis(from)?; Ok(()) } },
    Row { name: "async_fetch", read: |to, from| from.nested(ASYNC, to) },
    Row { name: "retry_policy", read: |_, from| words::refused(from, "a failed fetch is made again after cooldown_duration, doubling") },
    Row { name: "cooldown_duration", read: |to, from| { to.options.cooldown_duration = words::millis(from)?; Ok(()) } },
    Row { name: "stale_if_error", read: |to, from| { to.options.stale_if_error = words::millis(from)?; Ok(()) } },
];

#[rustfmt::skip]
static HTTP_URI: &[Row<Remote>] = &[
    Row { name: "uri", read: |to, from| { to.uri = Some(from.text()?); Ok(()) } },
    Row { name: "cluster", read: |to, from| { to.cluster = Some(from.text()?); Ok(()) } },
    Row { name: "timeout", read: |to, from| { to.options.timeout_duration = words::millis(from)?; Ok(()) } },
];

// Keys are fetched ahead of requests here, always.
#[rustfmt::skip]
static ASYNC: &[Row<Remote>] = &[
    Row { name: "fast_listener", read: |_, from| match words::switch(from)? { true => Ok(()), false => Err(from.invalid("true or left out: requests wait for the first keys, the listener does not")) } },
    Row { name: "failed_refetch_duration", read: |to, from| { to.options.cooldown_duration = words::millis(from)?; Ok(()) } },
];
