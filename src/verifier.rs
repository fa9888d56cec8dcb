//! Runs the table of checks. It holds no rule of its own.

use alloc::string::String;
use alloc::vec::Vec;

use crate::check::{CHECKS, Case, Finding, Stage};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::expectations::{Expectations, Nonce};
use crate::issuers::{Issuers, Keys};
use crate::json::quote;
use crate::jws::{KeyId, VerifiedJws};
use crate::key_set::KeySet;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::report::{Line, Report, Status, Verdict};
use crate::time::UnixTime;
use crate::token::{Header, UnverifiedToken};
use crate::verified_tokens::VerifiedTokens;

/// Decides on tokens by the policy of their issuer.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'p> {
    pub(crate) policies: &'p [Policy],
}

impl<'p> Verifier<'p> {
    /// A verifier for one issuer. It keeps no state: the same input gives the same verdict, always.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self {
            policies: core::slice::from_ref(policy),
        }
    }

    /// A verifier for several issuers; the token's `iss` chooses among them.
    #[must_use]
    pub fn of_issuers(issuers: &'p Issuers) -> Self {
        Self {
            policies: issuers.policies(),
        }
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
        keys: &impl Keys,
        expectations: &Expectations<'_>,
    ) -> Result<IdToken, Rejection> {
        decide(self.case(Purpose::Id, raw.as_ref(), keys, expectations))
    }

    /// The same as [`Verifier::verify`], with a memory of accepted tokens: one that was accepted before is neither decoded
    /// nor its signature verified again. Every other check runs again, so the verdict is the same at every instant.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify_remembering(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &impl Keys,
        expectations: &Expectations<'_>,
        memory: &mut VerifiedTokens,
    ) -> Result<IdToken, Rejection> {
        let raw = raw.as_ref();
        let case = self.case(Purpose::Id, raw, keys, expectations);
        let mut token = decide(case.with_memory(Some(memory)))?;
        token.remember_in(Some(memory), raw);
        Ok(token)
    }

    /// Decides whether a logout token may be believed (OpenID Connect Back-Channel Logout 1.0 section 2.6). Who receives
    /// one still has to remember its `jti`, to refuse a second use.
    ///
    /// # Errors
    /// The first check that fails. Its status is 400 where that of an ID Token is 401.
    pub fn verify_logout(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &impl Keys,
        now: UnixTime,
    ) -> Result<IdToken, Rejection> {
        decide(self.case(Purpose::Logout, raw.as_ref(), keys, &no_login(now)))
    }

    /// Decides whether an access token typed as RFC 9068 wants it may be believed; `client_id` of the policy is the
    /// resource. It demands neither `jti` nor a `client_id` claim. It is the guard of an API against ID Tokens: they have no type `at+jwt`.
    ///
    /// # Errors
    /// The first check that fails; `kind_id_token` for a token that is not typed as an access token.
    pub fn require_access_token(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &impl Keys,
        now: UnixTime,
    ) -> Result<IdToken, Rejection> {
        decide(self.case(Purpose::Access, raw.as_ref(), keys, &no_login(now)))
    }

    /// Says check by check what is right and wrong with an ID Token. For people: its lines may show issuer, audience and
    /// times, so it does not belong into an answer to the client.
    pub fn explain(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &impl Keys,
        expectations: &Expectations<'_>,
    ) -> Report {
        report(self.case(Purpose::Id, raw.as_ref(), keys, expectations))
    }

    /// The same for a logout token.
    pub fn explain_logout(&self, raw: impl AsRef<[u8]>, keys: &impl Keys, now: UnixTime) -> Report {
        report(self.case(Purpose::Logout, raw.as_ref(), keys, &no_login(now)))
    }

    /// The same for an access token.
    pub fn explain_access_token(
        &self,
        raw: impl AsRef<[u8]>,
        keys: &impl Keys,
        now: UnixTime,
    ) -> Report {
        report(self.case(Purpose::Access, raw.as_ref(), keys, &no_login(now)))
    }

    fn case<'a>(
        &self,
        purpose: Purpose,
        raw: &'a [u8],
        keys: &'a dyn Keys,
        expectations: &'a Expectations<'a>,
    ) -> Case<'a>
    where
        'p: 'a,
    {
        Case::new(purpose, raw, self.policies, keys, expectations)
    }
}

/// What to expect of a token that belongs to no login in progress.
fn no_login(now: UnixTime) -> Expectations<'static> {
    Expectations::at(now).nonce(Nonce::NotChecked)
}

/// Runs all rows until one fails.
fn decide(mut case: Case<'_>) -> Result<IdToken, Rejection> {
    run(&mut case, |_| true)?;
    accept(case)
}

/// Runs the rows of some stages until one fails.
pub(crate) fn run(case: &mut Case<'_>, is_due: fn(Stage) -> bool) -> Result<(), Rejection> {
    for check in case.checks().filter(|check| is_due(check.stage)) {
        match (check.run)(case) {
            Err(Finding::Fail(rejection)) => return Err(case.purpose.refusal(rejection)),
            Err(Finding::Warn(warning)) => case.warnings.push(warning.code()),
            Ok(()) | Err(Finding::Skip(_)) => {}
        }
    }
    Ok(())
}

/// The token of a case of which no row failed.
pub(crate) fn accept(case: Case<'_>) -> Result<IdToken, Rejection> {
    // Every row before the claims either fails or lets the next one work, so a signature was verified here.
    let exp_tolerance = case.policy().map_or(0, |policy| policy.tolerance.exp);
    let claims = Claims::new(case.jws.ok_or(Code::InternalError)?);
    Ok(IdToken {
        remembered_as: claims.jws().remembered_as(),
        claims,
        warnings: case.warnings,
        exp_tolerance,
    })
}

/// Runs all rows.
fn report(mut case: Case<'_>) -> Report {
    let mut checks: Vec<_> = case
        .checks()
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

impl UnverifiedToken<'_> {
    /// Checks header, key and signature, and nothing else: no issuer, no audience, no time. For those who need the
    /// parts; everybody else wants [`Verifier::verify`].
    ///
    /// # Errors
    /// The codes from `alg_missing` to `signature_invalid`, and those of the payload's encoding;
    /// `config_invalid_option` when a limit is beyond its own. A token without `kid` needs a set with one key that fits.
    pub fn verify_signature(
        self,
        keys: &KeySet,
        limits: &Limits,
    ) -> Result<VerifiedJws, Rejection> {
        limits.check()?;
        let policies = [Policy::signature_only(limits.clone())];
        let expectations = Expectations::at(UnixTime::EARLIEST);
        let case = Case::new(Purpose::Id, &[], &policies, keys, &expectations);
        let mut case = case.with_token(self);
        let stages = [Stage::Header, Stage::Payload, Stage::Algorithm, Stage::Key];
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
    remembered_as: Option<u64>,
    warnings: Vec<Code>,
    /// Seconds after `exp` in which it is still accepted.
    pub(crate) exp_tolerance: u16,
}

impl IdToken {
    /// The user, unique at this issuer and never reassigned. With the issuer it is the only key for a user
    /// (OpenID Connect Core 1.0 section 5.7).
    #[must_use]
    pub fn subject(&self) -> String {
        self.claims.str("sub").unwrap_or_default().into_owned()
    }

    /// Who says so.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.claims.str("iss").unwrap_or_default().into_owned()
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

    /// The number under which its memory has it, if it was accepted before ([`Verifier::verify_remembering`]). It stands
    /// for this very text, signed by this key: no other token of that memory ever has it.
    #[must_use]
    pub fn remembered_as(&self) -> Option<u64> {
        self.remembered_as
    }

    /// Remembers it; only for a token that was accepted, of this text. A number of another memory, or of an entry that is
    /// gone, means nothing here.
    pub(crate) fn remember_in(&mut self, memory: Option<&mut VerifiedTokens>, raw: &[u8]) {
        self.remembered_as = None;
        let Some(memory) = memory else { return };
        let jws = self.claims.jws();
        match memory.find(raw).filter(|known| jws.was_found_as(known)) {
            Some(known) => self.remembered_as = Some(known.number),
            None => memory.add(raw, |number| jws.remembered(number)),
        }
    }

    /// The token as one JSON object for other languages: `claims`, `header`, `key` and `warnings`.
    ///
    /// Claims and header are the very text that was signed; it was found to be sound JSON, so it can stand inside.
    #[must_use]
    pub fn to_json(&self) -> String {
        let key = self.key_id();
        let kid = key.kid.as_deref().map(quote);
        let warnings: Vec<_> = self
            .warnings
            .iter()
            .map(|code| quote(code.name()))
            .collect();
        let kid = kid.as_ref().map_or(["", ""], |kid| [",\"kid\":", kid]);
        // In one piece: this is done for every token, and to format takes longer.
        [
            "{\"claims\":",
            self.claims.as_json(),
            ",\"header\":",
            self.header().as_json(),
            ",\"key\":{\"alg\":\"",
            key.alg,
            "\"",
            kid[0],
            kid[1],
            "},\"warnings\":[",
            &warnings.join(","),
            "]}",
        ]
        .concat()
    }

    /// What is odd about the token, though it was accepted.
    #[must_use]
    pub fn warnings(&self) -> &[Code] {
        &self.warnings
    }
}
