//! Every bound, with the reason for its default.

use crate::error::{Code, Rejection};

/// Bounds on the size of what is read. Work and memory are bounded by these before they are spent.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Longest token in bytes. 16 KiB holds any token that fits common header limits (8 to 16 KiB);
    /// at most [`Limits::MAX_TOKEN_BYTES`].
    pub max_token_bytes: usize,
    /// Longest JWKS text in bytes: 256 KiB, which holds 64 RSA-4096 keys with certificate chains; at most
    /// [`Limits::MAX_JWKS_BYTES`].
    pub max_jwks_bytes: usize,
    /// Most keys in a set: 64, where providers publish 2 to 10; at most [`Limits::MAX_KEYS`].
    pub max_keys: usize,
    /// Largest RSA modulus in bits: 4096, at most [`Limits::MAX_RSA_BITS`]. Verification time grows with the square.
    pub rsa_max_bits: usize,
    /// Most signature verifications for one token when several keys fit: with 4, a flood of tokens without kid costs
    /// at most four times a flood with kid. At most [`Limits::MAX_KEY_TRIALS`].
    pub max_key_trials: usize,
}

impl Limits {
    /// The upper bound of [`Limits::max_token_bytes`].
    pub const MAX_TOKEN_BYTES: usize = 64 * 1024;
    /// The upper bound of [`Limits::max_jwks_bytes`].
    pub const MAX_JWKS_BYTES: usize = 1024 * 1024;
    /// The upper bound of [`Limits::max_keys`]. An elliptic curve's key of `idtoken-vartime` costs 2 KB
    /// and 0.06 ms in WebAssembly when it is imported; the large tables of keys in use have a budget of their own.
    pub const MAX_KEYS: usize = 1024;
    /// The upper bound of [`Limits::max_key_trials`].
    pub const MAX_KEY_TRIALS: usize = 16;
    /// The lower bound of [`Limits::rsa_max_bits`]: no smaller modulus is taken (RFC 7518 section 3.3).
    pub const MIN_RSA_BITS: usize = 2048;
    /// The upper bound of [`Limits::rsa_max_bits`].
    pub const MAX_RSA_BITS: usize = 8192;
    /// Longest decoded header. A header holds names and a kid, not data.
    pub(crate) const MAX_HEADER_BYTES: usize = 4096;
    /// Longest policy or expectations in bytes; they are the caller's own, so this only stops accidents.
    pub const MAX_OPTIONS_BYTES: usize = 256 * 1024;
    /// Longest text of a token's parts shown in a report, in characters.
    pub(crate) const MAX_SHOWN_CHARS: usize = 128;
    /// Longest kid shown in an error, in characters.
    pub(crate) const MAX_SHOWN_KID_CHARS: usize = 64;
    /// Most operations of one key; there are eight (RFC 7517 section 4.3).
    pub(crate) const MAX_KEY_OPS: usize = 16;
    /// Longest kid in bytes.
    pub(crate) const MAX_KID_BYTES: usize = 256;
    /// Longest subject (OpenID Connect Core 1.0 section 2).
    pub(crate) const MAX_SUB_CHARS: usize = 255;

    /// Whether every bound is within its own. A bound of nothing would refuse everything.
    pub(crate) fn check(&self) -> Result<(), Rejection> {
        let bounds = [
            (
                self.max_token_bytes,
                1,
                Self::MAX_TOKEN_BYTES,
                "max_token_bytes is from 1 to 65536",
            ),
            (
                self.max_jwks_bytes,
                1,
                Self::MAX_JWKS_BYTES,
                "max_jwks_bytes is from 1 to 1048576",
            ),
            (
                self.max_keys,
                1,
                Self::MAX_KEYS,
                "max_keys is from 1 to 1024",
            ),
            (
                self.max_key_trials,
                1,
                Self::MAX_KEY_TRIALS,
                "max_key_trials is from 1 to 16",
            ),
            (
                self.rsa_max_bits,
                Self::MIN_RSA_BITS,
                Self::MAX_RSA_BITS,
                "rsa_max_bits is from 2048 to 8192",
            ),
        ];
        for (value, least, most, hint) in bounds {
            if !(least..=most).contains(&value) {
                return Err(Rejection::new(Code::ConfigInvalidOption, hint));
            }
        }
        Ok(())
    }
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
    /// Whether duplicate names, `__proto__`, half surrogates and what exceeds a bound are marked, for the caller to judge,
    /// instead of refused.
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
    /// Nesting beyond this is refused even where oddities are only marked.
    pub(crate) const DEEPEST: usize = 128;
    /// One odd key must not break the set (RFC 7517 section 5), so a key set's oddities are judged key by key. A
    /// certificate of a post-quantum key in `x5c` is longer than any claim.
    pub(crate) const JWKS: Self = Self {
        string: 64 * 1024,
        mark_oddities: true,
        ..Self::PAYLOAD
    };
    /// A policy may hold long lists; otherwise as a payload.
    pub(crate) const OPTIONS: Self = Self {
        // A token that is given as `previous` stands two levels deep.
        depth: 34,
        items: 4096,
        string: 64 * 1024,
        ..Self::PAYLOAD
    };
}
