//! What is to be fetched, and what came of it.

use alloc::string::String;

/// One GET to make: without credentials, with `Accept: application/json`, and without following a redirect.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Fetch {
    /// Names it in [`super::KeyCache::handle`].
    pub id: u64,
    /// Whose keys it is about, as the policy names the issuer.
    pub issuer: String,
    /// What is fetched.
    pub kind: FetchKind,
    /// From where: the issuer's discovery document, or the `jwks_uri` that it or the options name.
    pub url: String,
    /// The value of `If-None-Match`, if one is to be sent.
    pub if_none_match: Option<String>,
    /// A longer body need not be read to its end: [`Failure::TooLarge`].
    pub max_bytes: usize,
    /// Milliseconds after which nobody waits for the answer any more: [`Failure::Timeout`].
    pub timeout: u64,
}

/// The two kinds of documents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum FetchKind {
    /// The provider's metadata (OpenID Connect Discovery 1.0 section 4).
    Discovery,
    /// The JWK Set (RFC 7517 section 5).
    Jwks,
}

/// What came of a fetch, as it came: nothing of it is judged outside.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// There is an answer, of whatever status.
    Response(Response<'a>),
    /// There is none.
    Failed(Failure),
}

/// An answer: the fields of its header as text, where they are there, and the body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Response<'a> {
    /// The status, such as 200 or 304.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Cache-Control`; several are joined by commas.
    pub cache_control: Option<&'a str>,
    /// `Age`.
    pub age: Option<&'a str>,
    /// `ETag`.
    pub etag: Option<&'a str>,
    /// `Retry-After`; a date in it is not read.
    pub retry_after: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// No connection, no name, a broken answer.
    Network,
    /// It took too long.
    Timeout,
    /// It leads elsewhere, where that is not seen as a status (an opaque redirect in browsers).
    Redirect,
    /// The body is longer than [`Fetch::max_bytes`].
    TooLarge,
}
