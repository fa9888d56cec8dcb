//! Every bound, with the reason for its default.

/// Bounds on the size of what is read. Work and memory are bounded by these before they are spent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Longest token in bytes. 16 KiB holds any token that fits common header limits (8 to 16 KiB);
    /// at most [`Limits::MAX_TOKEN_BYTES`].
    pub max_token_bytes: usize,
    /// Longest JWKS text in bytes. 256 KiB holds 64 RSA-4096 keys with certificate chains.
    pub max_jwks_bytes: usize,
    /// Most keys in a set. Providers publish 2 to 10.
    pub max_keys: usize,
    /// Largest RSA modulus in bits: 4096, at most [`Limits::MAX_RSA_BITS`]. Verification time grows with the square.
    pub rsa_max_bits: usize,
    /// Most signature verifications for one token when several keys fit: with 4, a flood of tokens without kid costs
    /// at most four times a flood with kid.
    pub max_key_trials: usize,
}

impl Limits {
    /// The upper bound of [`Limits::max_token_bytes`].
    pub const MAX_TOKEN_BYTES: usize = 64 * 1024;
    /// The upper bound of [`Limits::rsa_max_bits`].
    pub const MAX_RSA_BITS: usize = 8192;
    /// Longest decoded header. A header holds names and a kid, not data.
    pub(crate) const MAX_HEADER_BYTES: usize = 4096;
    /// Longest policy or expectations in bytes; they are the caller's own, so this only stops accidents.
    pub const MAX_OPTIONS_BYTES: usize = 256 * 1024;
    /// Longest text of a token's parts shown in a report, in characters.
    pub(crate) const MAX_SHOWN_CHARS: usize = 128;
    /// Longest kid in bytes.
    pub(crate) const MAX_KID_BYTES: usize = 256;
    /// Longest subject (OpenID Connect Core 1.0 section 2).
    pub(crate) const MAX_SUB_CHARS: usize = 255;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_token_bytes: 16 * 1024,
            max_jwks_bytes: 256 * 1024,
            max_keys: 64,
            rsa_max_bits: 4096,
            max_key_trials: 4,
        }
    }
}

/// Bounds on one JSON text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonLimits {
    /// Deepest nesting; the top-level object is 1.
    pub(crate) depth: usize,
    /// Most members of one object. Finding duplicates among n names costs n log n comparisons.
    pub(crate) members: usize,
    /// Most items of one array.
    pub(crate) items: usize,
    /// Longest string in bytes, as written.
    pub(crate) string: usize,
    /// Whether duplicate names and `__proto__` are left for the caller to judge instead of refused.
    pub(crate) mark_oddities: bool,
}

impl JsonLimits {
    pub(crate) const PAYLOAD: Self = Self {
        depth: 32,
        members: 256,
        items: 1024,
        string: 8192,
        mark_oddities: false,
    };
    /// A header is flat but for an embedded key.
    pub(crate) const HEADER: Self = Self {
        depth: 16,
        ..Self::PAYLOAD
    };
    /// One odd key must not break the set (RFC 7517 section 5), so a key set's oddities are judged key by key.
    pub(crate) const JWKS: Self = Self {
        mark_oddities: true,
        ..Self::PAYLOAD
    };
    /// A policy may hold long lists; otherwise as a payload.
    pub(crate) const OPTIONS: Self = Self {
        items: 4096,
        string: 64 * 1024,
        ..Self::PAYLOAD
    };
}
