//! The policy as JSON: one row an option.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{
    AcrLadder, Azp, KidAbsent, NonceTransform, Policy, PolicyBuilder, SHash, Tenants, Tolerance,
};
use crate::error::{Code, Rejection};
use crate::json::Kind;
use crate::limits::Limits;
use crate::options::{self, Row, Setting, Spelling};

pub(super) fn policy(text: &[u8], spelling: Spelling) -> Result<Policy, Rejection> {
    let document = options::parse(text)?;
    let mut builder = PolicyBuilder::new(String::new(), Vec::new());
    options::read(document.root(), ROWS, &[], spelling, &mut builder)?;
    builder.build()
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.name)
}

impl Limits {
    /// Reads limits from JSON: the `limits` of a policy, by themselves.
    ///
    /// # Errors
    /// `config_unknown_option` or `config_invalid_option`; the hint names the option.
    pub fn from_json(text: impl AsRef<[u8]>, spelling: Spelling) -> Result<Self, Rejection> {
        let document = options::parse(text.as_ref())?;
        let mut limits = Self::default();
        options::read(document.root(), LIMITS, &[], spelling, &mut limits)?;
        limits.check()?;
        Ok(limits)
    }
}

#[rustfmt::skip]
static ROWS: &[Row<PolicyBuilder>] = &[
    Row { name: "issuer", read: |to, from| { to.policy.issuer = or(Code::ConfigIssuer, from.text())?; Ok(()) } },
    Row { name: "issuer_aliases", read: |to, from| { to.policy.issuer_aliases = from.list()?; Ok(()) } },
    Row { name: "client_id", read: |to, from| { to.policy.client_ids = or(Code::ConfigAudience, from.text_or_list())?; Ok(()) } },
    Row { name: "trusted_audiences", read: |to, from| { to.policy.trusted_audiences = from.list()?; Ok(()) } },
    Row { name: "authorized_parties", read: |to, from| { to.policy.authorized_parties = from.some_of()?; Ok(()) } },
    Row { name: "azp", read: |to, from| { to.policy.azp = from.choice(AZP)?; Ok(()) } },
    Row { name: "algorithms", read: |to, from| { to.algorithms = or(Code::ConfigAlgorithms, from.list())?; Ok(()) } },
    Row { name: "clock_tolerance", read: |to, from| { to.policy.tolerance = tolerance(from)?; Ok(()) } },
    Row { name: "max_lifetime", read: |to, from| { to.policy.max_lifetime = from.whole()?; Ok(()) } },
    Row { name: "max_token_age", read: |to, from| { to.policy.max_token_age = Some(from.whole()?); Ok(()) } },
    Row { name: "max_age", read: |to, from| { to.policy.max_age = Some(from.whole()?); Ok(()) } },
    Row { name: "acr_values", read: |to, from| { to.policy.acr_values = from.some_of()?; Ok(()) } },
    Row { name: "acr_ladder", read: |to, from| { to.policy.acr_ladder = Some(ladder(from)?); Ok(()) } },
    Row { name: "amr_all", read: |to, from| { to.policy.amr_all = from.some_of()?; Ok(()) } },
    Row { name: "amr_any", read: |to, from| { to.policy.amr_any = from.some_of()?; Ok(()) } },
    Row { name: "required_claims", read: |to, from| { to.required_claims = Some((object(from)?, from.spelling)); Ok(()) } },
    Row { name: "s_hash", read: |to, from| { to.policy.s_hash = from.choice(S_HASH)?; Ok(()) } },
    Row { name: "tenants", read: |to, from| { to.policy.tenants = Some(tenants(from)?); Ok(()) } },
    Row { name: "nonce_transform", read: |to, from| { to.policy.nonce_transform = from.choice(TRANSFORMS)?; Ok(()) } },
    Row { name: "kid_absent", read: |to, from| { to.policy.kid_absent = from.choice(KID_ABSENT)?; Ok(()) } },
    Row { name: "limits", read: |to, from| from.nested(LIMITS, &mut to.policy.limits) },
];

const AZP: &[(&str, Azp)] = &[
    ("ignore", Azp::Ignore),
    ("if_present_equals", Azp::IfPresentEquals),
    ("require_when_multi_aud", Azp::RequireWhenMultiAud),
];

const S_HASH: &[(&str, SHash)] = &[
    ("if_present", SHash::IfPresent),
    ("required", SHash::Required),
];

const TRANSFORMS: &[(&str, NonceTransform)] = &[
    ("plain", NonceTransform::Plain),
    ("sha256_b64url", NonceTransform::Sha256B64url),
    ("sha256_hex", NonceTransform::Sha256Hex),
];

const KID_ABSENT: &[(&str, KidAbsent)] = &[
    ("reject_if_many", KidAbsent::RejectIfMany),
    ("try_all", KidAbsent::TryAll),
];

#[rustfmt::skip]
static LIMITS: &[Row<Limits>] = &[
    Row { name: "max_token_bytes", read: |to, from| { to.max_token_bytes = size(from)?; Ok(()) } },
    Row { name: "max_jwks_bytes", read: |to, from| { to.max_jwks_bytes = size(from)?; Ok(()) } },
    Row { name: "max_keys", read: |to, from| { to.max_keys = size(from)?; Ok(()) } },
    Row { name: "rsa_max_bits", read: |to, from| { to.rsa_max_bits = size(from)?; Ok(()) } },
    Row { name: "max_key_trials", read: |to, from| { to.max_key_trials = size(from)?; Ok(()) } },
];

#[rustfmt::skip]
static TOLERANCES: &[Row<Tolerance>] = &[
    Row { name: "exp", read: |to, from| { to.exp = skew(from)?; Ok(()) } },
    Row { name: "nbf", read: |to, from| { to.nbf = skew(from)?; Ok(()) } },
    Row { name: "iat", read: |to, from| { to.iat = skew(from)?; Ok(()) } },
];

#[rustfmt::skip]
static TENANTS: &[Row<Tenants>] = &[
    Row { name: "claim", read: |to, from| { to.claim = from.text()?; Ok(()) } },
    Row { name: "allow", read: |to, from| { to.allow = from.some_of()?; Ok(()) } },
];

#[rustfmt::skip]
static LADDER: &[Row<AcrLadder>] = &[
    Row { name: "levels", read: |to, from| { to.levels = from.some_of()?; Ok(()) } },
    Row { name: "at_least", read: |to, from| { to.at_least = from.text()?; Ok(()) } },
];

/// The options without which nothing can be verified have codes of their own.
fn or<T>(code: Code, read: Result<T, Rejection>) -> Result<T, Rejection> {
    read.map_err(|invalid| match invalid.hint() {
        Some(hint) => Rejection::new(code, String::from(hint)),
        None => code.into(),
    })
}

fn tolerance(from: Setting<'_>) -> Result<Tolerance, Rejection> {
    if from.value.kind() != Kind::Object {
        return skew(from).map(Tolerance::all);
    }
    let mut tolerance = Tolerance::default();
    from.nested(TOLERANCES, &mut tolerance)?;
    Ok(tolerance)
}

fn skew(from: Setting<'_>) -> Result<u16, Rejection> {
    let seconds = from.whole().ok().and_then(|whole| whole.try_into().ok());
    let wrong = || from.invalid("whole seconds from 0 to 300");
    or(Code::ConfigSkew, seconds.ok_or_else(wrong))
}

fn size(from: Setting<'_>) -> Result<usize, Rejection> {
    let size = usize::try_from(from.whole()?).ok().filter(|size| *size > 0);
    size.ok_or_else(|| from.invalid("a positive number"))
}

fn ladder(from: Setting<'_>) -> Result<AcrLadder, Rejection> {
    let mut ladder = AcrLadder {
        levels: Vec::new(),
        at_least: String::new(),
    };
    from.nested(LADDER, &mut ladder)?;
    Ok(ladder)
}

fn tenants(from: Setting<'_>) -> Result<Tenants, Rejection> {
    let mut tenants = Tenants {
        claim: String::new(),
        allow: Vec::new(),
    };
    from.nested(TENANTS, &mut tenants)?;
    Ok(tenants)
}

fn object(from: Setting<'_>) -> Result<String, Rejection> {
    match from.value.kind() {
        Kind::Object => Ok(from.value.raw().to_string()),
        _ => Err(from.invalid("an object of claims")),
    }
}
