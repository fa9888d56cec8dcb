//! What `explain` returns: each check, for the person who has to find out why.
//!
//! A report is for the operator. It shows only what cannot harm: see [`Line::found`].

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::check::{Case, Check, Finding, LooksAt};
use crate::error::{Code, Rejection};
use crate::json::{Kind, Value};
use crate::token::shown;

/// All checks of one token, in order.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Report {
    /// Whether `verify` would accept the token.
    pub verdict: Verdict,
    /// One line a check; the first that fails has the code that `verify` returns.
    pub checks: Vec<Line>,
}

/// The verdict of a [`Report`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Verdict {
    /// Every check passed, was skipped or only warned.
    Accepted,
    /// At least one check failed.
    Refused,
}

/// How one check went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Status {
    /// As it must be.
    Pass,
    /// The token is refused for it.
    Fail,
    /// Accepted, but worth knowing.
    Warn,
    /// Not checked; the hint says why.
    Skip,
}

/// One check.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct Line {
    /// Its stable name, such as `exp`.
    pub id: &'static str,
    /// The rule of this project.
    pub rule: &'static str,
    /// The clause of the specification.
    pub clause: &'static str,
    /// How it went.
    pub status: Status,
    /// Whether what it looked at is covered by a good signature. If not, believe none of it.
    pub verified: bool,
    /// The code, where it failed or warned.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub code: Option<Code>,
    /// The claim or header parameter it looked at.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub claim: Option<&'static str>,
    /// What would pass, in words.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub expected: Option<String>,
    /// What came: the value for iss, aud, azp, times, alg, kid, typ, acr and amr (escaped and cut); for anything else
    /// only whether it is there, and how long it is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub found: Option<String>,
    /// What may have gone wrong, in words.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub hint: Option<String>,
}

/// A table for a terminal: the verdict, then a line a check, with what was expected and found where it did not pass.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.verdict)?;
        for line in &self.checks {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            Status::Pass => "pass",
            Status::Fail => "FAIL",
            Status::Warn => "warn",
            Status::Skip => "skip",
        };
        write!(f, "{status}  {:18} {:4}", self.id, self.rule)?;
        if let Some(code) = self.code {
            write!(f, "  {code}")?;
        }
        if self.status == Status::Fail {
            for (what, text) in [("expected", &self.expected), ("found", &self.found)] {
                if let Some(text) = text {
                    write!(f, "; {what} {text}")?;
                }
            }
        }
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl Line {
    pub(crate) fn new(check: &Check, case: &Case<'_>, result: Result<(), Finding>) -> Self {
        let (status, code, hint) = match result {
            Ok(()) => (Status::Pass, None, None),
            Err(Finding::Skip(why)) => (Status::Skip, None, Some(why.to_string())),
            Err(Finding::Warn(why)) => (Status::Warn, Some(why.code()), hint_of(&why)),
            Err(Finding::Fail(why)) => (Status::Fail, Some(why.code()), hint_of(&why)),
        };
        let shown_code = code.or_else(|| check.codes.first().copied());
        let shown_code = shown_code.unwrap_or(Code::InternalError);
        let (claim, found) = match check.looks_at {
            LooksAt::Text => (None, None),
            LooksAt::Header(name) => {
                let value = case.header().ok().map(|header| header.get(name));
                (Some(name), value.map(|value| redact(name, value)))
            }
            LooksAt::Claim(name) => {
                let value = case.payload().ok().map(|payload| payload.get(name));
                (Some(name), value.map(|value| redact(name, value)))
            }
        };
        Self {
            id: check.id,
            rule: shown_code.rule(),
            clause: shown_code.clause(),
            status,
            verified: false,
            code,
            claim,
            expected: (check.expected)(case),
            found,
            hint,
        }
    }
}

fn hint_of(why: &Rejection) -> Option<String> {
    why.hint().map(ToString::to_string)
}

/// What a report may show of a value: the one place that decides it.
fn redact(name: &str, value: Option<Value<'_>>) -> String {
    const SHOWN: [&str; 12] = [
        "iss",
        "aud",
        "azp",
        "exp",
        "nbf",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "alg",
        "kid",
        "typ",
    ];
    let Some(value) = value else {
        return "absent".into();
    };
    match value.as_str() {
        _ if !SHOWN.contains(&name) => match value.as_str() {
            Some(text) => format!("present, {} characters", text.chars().count()),
            None => "present, not a string".into(),
        },
        Some(text) => shown(&text),
        // Nobody knows what is inside of a claim that is not of its type.
        None if value.kind() == Kind::Object => "an object".into(),
        None if value.items().any(|item| item.kind() != Kind::String) => "a list".into(),
        None => shown(value.raw()),
    }
}
