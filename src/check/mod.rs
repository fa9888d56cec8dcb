//! The ordered table of checks: one row a check, one file a kind of check.
//!
//! `verify` runs the rows until one fails; `explain` runs them all. Adding a check is one function, one row here and,
//! where it can be set, one field in the policy.

mod audience;
mod authentication;
mod binding;
mod case;
mod hashes;
mod header;
mod issuer;
pub(crate) mod kind;
mod lifetime;
mod logout;
mod nonce;
mod previous;
mod signature;

use alloc::string::String;

use crate::error::{Code, Rejection};
use crate::purpose::Purpose;

pub(crate) use case::Case;

/// One row: a decision, and how a report speaks of it.
pub(crate) struct Check {
    /// Its stable name in reports.
    pub(crate) id: &'static str,
    pub(crate) stage: Stage,
    /// The kinds of token it is for.
    pub(crate) purposes: &'static [Purpose],
    /// What it looks at, for the report.
    pub(crate) looks_at: LooksAt,
    /// The codes it can fail or warn with; the first gives the rule and clause of the row.
    pub(crate) codes: &'static [Code],
    pub(crate) run: fn(&mut Case<'_>) -> Result<(), Finding>,
    /// What would pass, in words. Never a secret.
    pub(crate) expected: fn(&Case<'_>) -> Option<String>,
}

const ALL: &[Purpose] = &[Purpose::Id, Purpose::Logout, Purpose::Access];
const ID: &[Purpose] = &[Purpose::Id];
const LOGOUT: &[Purpose] = &[Purpose::Logout];
const ID_AND_ACCESS: &[Purpose] = &[Purpose::Id, Purpose::Access];
const ID_AND_LOGOUT: &[Purpose] = &[Purpose::Id, Purpose::Logout];

/// The stages of a verification, in order. Nothing about a claim but the route is decided before the signature.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Stage {
    /// The caller's own expectations.
    Config,
    /// Size and shape, and the header as JSON.
    Text,
    /// What the header says, key and signature apart.
    Header,
    /// The payload as JSON.
    Payload,
    /// Which issuer's policy and keys are to be used.
    Route,
    /// Whether the policy allows the algorithm.
    Algorithm,
    /// Key and signature.
    Key,
    /// Everything that the signature had to come before.
    Claims,
}

/// What a row looks at; decides what a report may show of it.
#[derive(Clone, Copy)]
pub(crate) enum LooksAt {
    /// Nothing that has a name.
    Text,
    Header(&'static str),
    Claim(&'static str),
}

/// Why a row is not simply passed. Rows return it as `Err`, also where it is no failure, so that `?` ends them early.
#[derive(Debug)]
pub(crate) enum Finding {
    Fail(Rejection),
    /// Accepted, but worth knowing; the code is a warning's.
    Warn(Rejection),
    /// Not checked, and why.
    Skip(&'static str),
}

impl From<Rejection> for Finding {
    fn from(rejection: Rejection) -> Self {
        Self::Fail(rejection)
    }
}

impl From<Code> for Finding {
    fn from(code: Code) -> Self {
        Self::Fail(code.into())
    }
}

const NONE: fn(&Case<'_>) -> Option<String> = |_| None;

/// Every check, in the order that decides the code when several things are wrong.
#[rustfmt::skip]
pub(crate) static CHECKS: &[Check] = &[
    // The caller's side.
    Check { id: "expectations", stage: Stage::Config, purposes: ALL, looks_at: LooksAt::Text, codes: &[Code::ConfigNoncePolicy, Code::ConfigInvalidOption],
            run: |case| Ok(case.expectations.check()?), expected: NONE },
    // Text and header.
    Check { id: "text", stage: Stage::Text, purposes: ALL, looks_at: LooksAt::Text, codes: header::TEXT, run: header::text, expected: header::expected_text },
    Check { id: "header", stage: Stage::Text, purposes: ALL, looks_at: LooksAt::Text, codes: header::DECODING, run: header::decode, expected: NONE },
    Check { id: "alg", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("alg"), codes: &[Code::AlgMissing, Code::AlgInvalid, Code::AlgNone],
            run: header::alg, expected: NONE },
    Check { id: "b64", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("b64"), codes: &[Code::B64Unsupported],
            run: header::b64, expected: header::expected_absent },
    Check { id: "crit", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("crit"), codes: &[Code::CritUnsupported, Code::CritInvalid],
            run: header::crit, expected: header::expected_absent },
    Check { id: "zip", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("zip"), codes: &[Code::HeaderInvalid],
            run: header::zip, expected: header::expected_absent },
    Check { id: "cty", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("cty"), codes: &[Code::CtyUnexpected],
            run: header::cty, expected: header::expected_absent },
    Check { id: "typ", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("typ"), codes: kind::TYP, run: kind::typ, expected: kind::expected_typ },
    Check { id: "kid", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Header("kid"), codes: &[Code::KidInvalid], run: header::kid, expected: NONE },
    Check { id: "embedded_key", stage: Stage::Header, purposes: ALL, looks_at: LooksAt::Text, codes: &[Code::HeaderEmbeddedKey],
            run: header::embedded_key, expected: NONE },
    Check { id: "payload", stage: Stage::Payload, purposes: ALL, looks_at: LooksAt::Text, codes: header::DECODING, run: header::payload, expected: NONE },
    // Routing, key and signature.
    Check { id: "iss", stage: Stage::Route, purposes: ALL, looks_at: LooksAt::Claim("iss"), codes: issuer::CODES,
            run: issuer::iss, expected: issuer::expected },
    Check { id: "alg_allowed", stage: Stage::Algorithm, purposes: ALL, looks_at: LooksAt::Header("alg"), codes: &[Code::AlgNotAllowed],
            run: signature::alg_allowed, expected: signature::expected_alg },
    Check { id: "key", stage: Stage::Key, purposes: ALL, looks_at: LooksAt::Header("kid"), codes: &[Code::KeyNotFound, Code::AlgKeyMismatch, Code::KeyAmbiguous],
            run: signature::key, expected: signature::expected_key },
    Check { id: "signature", stage: Stage::Key, purposes: ALL, looks_at: LooksAt::Text, codes: signature::SIGNATURE, run: signature::signature, expected: signature::expected_signature },
    // Claims.
    Check { id: "tenant", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Text,
            codes: &[Code::IssTemplateMismatch], run: issuer::tenant_claim, expected: issuer::expected_tenant },
    Check { id: "header_claims", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Text,
            codes: &[Code::HeaderClaimMismatch], run: header::claims, expected: NONE },
    Check { id: "sub", stage: Stage::Claims, purposes: ID_AND_ACCESS, looks_at: LooksAt::Claim("sub"), codes: &[Code::SubMissing, Code::SubInvalid],
            run: binding::sub, expected: NONE },
    Check { id: "aud", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Claim("aud"),
            codes: &[Code::AudMismatch, Code::AudMissing, Code::AudType, Code::AudEmpty],
            run: audience::aud, expected: audience::expected_aud },
    Check { id: "aud_trusted", stage: Stage::Claims, purposes: ID_AND_LOGOUT, looks_at: LooksAt::Claim("aud"), codes: &[Code::AudUntrusted],
            run: audience::aud_trusted, expected: audience::expected_trusted },
    Check { id: "azp", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Claim("azp"), codes: &[Code::AzpMismatch, Code::AzpMissing, Code::AzpType],
            run: audience::azp, expected: audience::expected_azp },
    Check { id: "exp", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Claim("exp"),
            codes: &[Code::ExpExpired, Code::ExpMissing, Code::ExpType, Code::ExpRange],
            run: lifetime::exp, expected: lifetime::expected_exp },
    Check { id: "nbf", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Claim("nbf"), codes: &[Code::NbfFuture, Code::NbfType, Code::JsonNumberRange],
            run: lifetime::nbf, expected: lifetime::expected_nbf },
    Check { id: "iat", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Claim("iat"),
            codes: &[Code::IatFuture, Code::IatMissing, Code::IatType, Code::JsonNumberRange],
            run: lifetime::iat, expected: lifetime::expected_iat },
    Check { id: "lifetime", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Claim("exp"),
            codes: &[Code::ExpTooFar, Code::ExpBeforeIat, Code::TimeLooksLikeMs],
            run: lifetime::lifetime, expected: lifetime::expected_lifetime },
    Check { id: "token_age", stage: Stage::Claims, purposes: ALL, looks_at: LooksAt::Claim("iat"), codes: &[Code::IatTooOld],
            run: lifetime::token_age, expected: lifetime::expected_token_age },
    Check { id: "nonce", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Claim("nonce"),
            codes: &[Code::NonceMismatch, Code::NonceMissing, Code::NonceType, Code::NonceUnexpected, Code::ConfigNoncePolicy],
            run: nonce::nonce, expected: nonce::expected },
    Check { id: "auth_time", stage: Stage::Claims, purposes: ID_AND_ACCESS, looks_at: LooksAt::Claim("auth_time"),
            codes: &[Code::AuthTimeTooOld, Code::AuthTimeMissing, Code::AuthTimeType, Code::AuthTimeFuture, Code::JsonNumberRange],
            run: authentication::auth_time, expected: authentication::expected_auth_time },
    Check { id: "acr", stage: Stage::Claims, purposes: ID_AND_ACCESS, looks_at: LooksAt::Claim("acr"), codes: &[Code::AcrInsufficient, Code::AcrMissing],
            run: authentication::acr, expected: authentication::expected_acr },
    Check { id: "amr", stage: Stage::Claims, purposes: ID_AND_ACCESS, looks_at: LooksAt::Claim("amr"), codes: &[Code::AmrInsufficient, Code::AmrType],
            run: authentication::amr, expected: authentication::expected_amr },
    Check { id: "at_hash", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Claim("at_hash"), codes: &[Code::AtHashMismatch, Code::AtHashMissing],
            run: hashes::at_hash, expected: |case| hashes::expected(case, "access token") },
    Check { id: "c_hash", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Claim("c_hash"), codes: &[Code::CHashMismatch, Code::CHashMissing],
            run: hashes::c_hash, expected: |case| hashes::expected(case, "code") },
    Check { id: "s_hash", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Claim("s_hash"), codes: &[Code::SHashMismatch, Code::SHashMissing],
            run: hashes::s_hash, expected: |case| hashes::expected(case, "state") },
    Check { id: "previous", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Text, codes: previous::REFRESH,
            run: previous::refresh, expected: NONE },
    Check { id: "front_channel", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Text,
            codes: &[Code::PairIssMismatch, Code::PairSubMismatch], run: previous::pair, expected: NONE },
    Check { id: "logout_subject", stage: Stage::Claims, purposes: LOGOUT, looks_at: LooksAt::Claim("sid"),
            codes: &[Code::LogoutSubjectMissing, Code::SubInvalid], run: logout::subject, expected: NONE },
    Check { id: "logout_events", stage: Stage::Claims, purposes: LOGOUT, looks_at: LooksAt::Claim("events"),
            codes: &[Code::LogoutEventsMissing, Code::LogoutEventsInvalid], run: logout::events, expected: NONE },
    Check { id: "logout_nonce", stage: Stage::Claims, purposes: LOGOUT, looks_at: LooksAt::Claim("nonce"),
            codes: &[Code::LogoutNoncePresent], run: logout::nonce, expected: header::expected_absent },
    Check { id: "logout_jti", stage: Stage::Claims, purposes: LOGOUT, looks_at: LooksAt::Claim("jti"),
            codes: &[Code::LogoutJtiMissing], run: logout::jti, expected: NONE },
    Check { id: "required_claims", stage: Stage::Claims, purposes: ID_AND_ACCESS, looks_at: LooksAt::Text, codes: &[Code::ClaimMismatch, Code::ClaimMissing],
            run: binding::required_claims, expected: binding::expected_claims },
    Check { id: "distributed_claims", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Claim("_claim_names"), codes: &[Code::DistributedClaimsPresent],
            run: binding::distributed_claims, expected: NONE },
    Check { id: "kind", stage: Stage::Claims, purposes: ID, looks_at: LooksAt::Text, codes: &[Code::KindLogoutToken, Code::KindLooksLikeAccessToken],
            run: kind::claims, expected: NONE },
];

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn rows_are_in_the_order_of_the_stages_and_have_names_of_their_own() {
        assert!(CHECKS.is_sorted_by_key(|check| check.stage));
        let mut ids: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CHECKS.len());
    }
}
