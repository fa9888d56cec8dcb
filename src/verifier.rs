//! Runs the table of checks. It holds no rule of its own.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::check::{CHECKS, Case, Finding, Stage};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::expectations::Expectations;
use crate::json::quote;
use crate::jws::{KeyId, VerifiedJws};
use crate::key_set::KeySet;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::report::{Line, Report, Status, Verdict};
use crate::time::UnixTime;
use crate::token::{Header, UnverifiedToken};

/// Decides on tokens by one policy.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'p> {
    policy: &'p Policy,
}

impl<'p> Verifier<'p> {
    /// A verifier for `policy`. It keeps no state: the same input gives the same verdict, always.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy }
    }

    /// Decides whether a token may be believed, now.
    ///
    /// Acceptance means: signed by a key of the issuer, made for this client, in time, of this login, and whatever else
    /// the policy demands.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &KeySet,
        expectations: &Expectations<'_>,
    ) -> Result<IdToken, Rejection> {
        let mut case = Case::new(raw.as_ref(), keys, self.policy, expectations);
        let mut warnings = Vec::new();
        for check in CHECKS {
            match (check.run)(&mut case) {
                Err(Finding::Fail(rejection)) => return Err(rejection),
                Err(Finding::Warn(code)) => warnings.push(code),
                Ok(()) | Err(Finding::Skip(_)) => {}
            }
        }
        // Every row before the claims either fails or lets the next one work, so a signature was verified here.
        let claims = Claims::new(case.jws.ok_or(Code::InternalError)?);
        Ok(IdToken { claims, warnings })
    }

    /// Says check by check what is right and wrong with a token. For people: its lines may show issuer, audience and
    /// times, so it does not belong into an answer to the client.
    pub fn explain(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &KeySet,
        expectations: &Expectations<'_>,
    ) -> Report {
        let mut case = Case::new(raw.as_ref(), keys, self.policy, expectations);
        let mut checks: Vec<_> = CHECKS
            .iter()
            .map(|check| {
                let result = (check.run)(&mut case);
                Line::new(check, &case, result)
            })
            .collect();
        let is_refused = checks.iter().any(|line| line.status == Status::Fail);
        // Known only now, and true of all lines at once: the signature covers the header and every claim.
        for line in &mut checks {
            line.verified = case.jws.is_some();
        }
        let verdict = match is_refused || case.jws.is_none() {
            true => Verdict::Refused,
            false => Verdict::Accepted,
        };
        Report { verdict, checks }
    }
}

impl UnverifiedToken<'_> {
    /// Checks header, key and signature, and nothing else: no issuer, no audience, no time. For those who need the
    /// parts; everybody else wants [`Verifier::verify`].
    ///
    /// # Errors
    /// The codes from `alg_missing` to `signature_invalid`. A token without `kid` needs a set with one key that fits.
    pub fn verify_signature(
        self,
        keys: &KeySet,
        limits: &Limits,
    ) -> Result<VerifiedJws, Rejection> {
        let policy = Policy::signature_only(limits.clone());
        let expectations = Expectations::at(UnixTime::EARLIEST);
        let mut case = Case::new(&[], keys, &policy, &expectations).with_token(self);
        let stages = [Stage::Header, Stage::Payload, Stage::Key];
        for check in CHECKS.iter().filter(|check| stages.contains(&check.stage)) {
            if let Err(Finding::Fail(rejection)) = (check.run)(&mut case) {
                return Err(rejection);
            }
        }
        Ok(case.jws.ok_or(Code::InternalError)?)
    }
}

/// An accepted token.
#[derive(Clone, Debug)]
pub struct IdToken {
    claims: Claims,
    warnings: Vec<Code>,
}

impl IdToken {
    /// The user, unique at this issuer and never reassigned. With the issuer it is the only key for a user
    /// (OpenID Connect Core 1.0 section 5.7).
    #[must_use]
    pub fn subject(&self) -> String {
        self.claims.str("sub").unwrap_or_default().into_owned()
    }

    /// All claims.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.claims.jws().header()
    }

    /// Which key verified the signature.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        self.claims.jws().key_id()
    }

    /// The token as one JSON object for other languages: `claims`, `header`, `key` and `warnings`.
    ///
    /// Claims and header are the very text that was signed; it was found to be sound JSON, so it can stand inside.
    #[must_use]
    pub fn to_json(&self) -> String {
        let key = self.key_id();
        let kid = key.kid.as_deref().map(quote);
        let kid = kid.map_or(String::new(), |kid| format!(",\"kid\":{kid}"));
        let warnings: Vec<_> = self
            .warnings
            .iter()
            .map(|code| format!("\"{}\"", code.name()))
            .collect();
        format!(
            "{{\"claims\":{},\"header\":{},\"key\":{{\"alg\":\"{}\"{kid}}},\"warnings\":[{}]}}",
            self.claims.as_json(),
            self.header().as_json(),
            key.alg,
            warnings.join(",")
        )
    }

    /// What is odd about the token, though it was accepted.
    #[must_use]
    pub fn warnings(&self) -> &[Code] {
        &self.warnings
    }
}
