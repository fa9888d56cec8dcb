//! The one corpus, natively: every case gives its code, and `explain` agrees with `verify`.

#![allow(clippy::expect_used, clippy::panic, clippy::std_instead_of_alloc)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idtoken::{
    Code, Expectations, IdToken, Issuers, KeySet, Keys, Limits, Policy, Purpose, Rejection, Report,
    Spelling, Status, Verdict, VerifiedTokens, Verifier, alg,
};
use serde::Deserialize;
use serde_json::Value;

/// A corpus this small has lost files.
const FEWEST_CASES: usize = 1700;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    rule: String,
    token: Option<String>,
    token_b64: Option<String>,
    token_gen: Option<Repeat>,
    /// The text of a set; with several issuers, one for each.
    jwks: Value,
    /// One policy, or one for each issuer.
    policy: Value,
    /// What the token is verified as: an ID Token, unless it says `logout_token` or `access_token`.
    kind: Option<String>,
    expectations: Value,
    expect: String,
    warnings: Option<Vec<String>>,
    skipped: Option<Vec<String>>,
}

/// What the verifier made of a case.
#[derive(Debug)]
struct Outcome {
    /// The code of the refusal, or "accept".
    code: &'static str,
    /// Of an accepted token.
    warnings: Vec<&'static str>,
    /// Of the key set, when there is one.
    skipped: Option<Vec<&'static str>>,
}

#[derive(Deserialize)]
struct Repeat {
    repeat: String,
    len: usize,
}

impl Case {
    fn token(&self) -> Vec<u8> {
        match (&self.token, &self.token_b64, &self.token_gen) {
            (Some(text), None, None) => text.clone().into_bytes(),
            (None, Some(base64), None) => STANDARD.decode(base64).expect("token_b64"),
            (None, None, Some(made)) => made.repeat.bytes().cycle().take(made.len).collect(),
            _ => panic!("{}: exactly one of token, token_b64, token_gen", self.id),
        }
    }

    fn run(&self, memory: &mut VerifiedTokens) -> Outcome {
        let mut skipped = None;
        let (code, warnings) = match self.decide(&mut skipped, memory) {
            Ok(warnings) => ("accept", warnings),
            Err(rejection) => (rejection.code().name(), Vec::new()),
        };
        Outcome {
            code,
            warnings,
            skipped,
        }
    }

    fn decide(
        &self,
        skipped: &mut Option<Vec<&'static str>>,
        memory: &mut VerifiedTokens,
    ) -> Result<Vec<&'static str>, Rejection> {
        let issuers = Issuers::new(self.policies()?)?;
        let expectations = self.expectations()?;
        let verifier = Verifier::of_issuers(&issuers);
        let keys = self.keys(&issuers)?;
        let left_out = keys.0.values().flat_map(KeySet::skipped);
        *skipped = Some(left_out.map(|key| key.code.name()).collect());
        let now = expectations.now();
        let (verdict, report) = match self.purpose() {
            Purpose::Id => (
                verifier.verify(self.token(), &keys, &expectations),
                verifier.explain(self.token(), &keys, &expectations),
            ),
            Purpose::Logout => (
                verifier.verify_logout(self.token(), &keys, now),
                verifier.explain_logout(self.token(), &keys, now),
            ),
            Purpose::Access => (
                verifier.require_access_token(self.token(), &keys, now),
                verifier.explain_access_token(self.token(), &keys, now),
            ),
        };
        let code = verdict.as_ref().map(|_| ()).map_err(Rejection::code);
        self.compare(&code, &report);
        // Begun before the keys are at hand, and ended with them.
        let token = self.token();
        let said = |verdict: Result<IdToken, Rejection>| verdict.map(|token| token.to_json());
        let expected = said(verdict.clone());
        let later = |memory: Option<&mut VerifiedTokens>| {
            let known = memory.as_deref();
            let begun = verifier.begin(self.purpose(), &token, &expectations, known);
            said(begun.and_then(|begun| begun.verify(&keys, memory)))
        };
        assert_eq!(expected, later(None), "{}: two steps", self.id);
        // R121: with a memory, cold or warm, the verdict is the same.
        for _ in 0..2 {
            let again = later(Some(memory));
            assert_eq!(expected, again, "{}: the memory, in two steps", self.id);
            if self.purpose() == Purpose::Id {
                let again = verifier.verify_remembering(&token, &keys, &expectations, memory);
                assert_eq!(expected, said(again), "{}: the memory", self.id);
            }
        }
        let token = verdict?;
        Ok(token.warnings().iter().map(|code| code.name()).collect())
    }

    fn purpose(&self) -> Purpose {
        match self.kind.as_deref() {
            None => Purpose::Id,
            Some("logout_token") => Purpose::Logout,
            Some("access_token") => Purpose::Access,
            Some(other) => panic!("{}: no kind {other}", self.id),
        }
    }

    fn expectations(&self) -> Result<Expectations<'static>, Rejection> {
        let text = self.expectations.to_string();
        Expectations::from_json_for(self.purpose(), text, Spelling::Snake)
    }

    fn policies(&self) -> Result<Vec<Policy>, Rejection> {
        let policies = match &self.policy {
            Value::Array(policies) => policies.as_slice(),
            one => core::slice::from_ref(one),
        };
        let read = |policy: &Value| Policy::from_json(policy.to_string(), Spelling::Snake);
        policies.iter().map(read).collect()
    }

    fn keys(&self, issuers: &Issuers) -> Result<KeyRing, Rejection> {
        let import = |issuer: &str, text: &Value| {
            let text = text.as_str().expect("jwks is text");
            KeySet::from_json(text, alg::ALL, &issuers.limits_of(issuer))
        };
        let mut keys = BTreeMap::new();
        match &self.jwks {
            Value::Object(sets) => {
                for (issuer, text) in sets {
                    keys.insert(issuer.clone(), import(issuer, text)?);
                }
            }
            text => {
                keys.insert(String::new(), import("", text)?);
            }
        }
        Ok(KeyRing(keys))
    }

    /// What of the outcome is not as expected.
    fn complaint(&self, outcome: &Outcome) -> Option<String> {
        let fits = outcome.code == self.expect
            && self.warnings.as_deref().unwrap_or_default() == outcome.warnings
            && self
                .skipped
                .as_ref()
                .is_none_or(|expected| outcome.skipped.as_ref().is_some_and(|got| expected == got));
        (!fits).then(|| {
            format!(
                "{} ({}): expected {}, warnings {:?}, skipped {:?}; got {outcome:?}",
                self.id, self.rule, self.expect, self.warnings, self.skipped
            )
        })
    }

    fn compare(&self, verdict: &Result<(), Code>, report: &Report) {
        let first = report
            .checks
            .iter()
            .find(|line| line.status == Status::Fail);
        assert_eq!(
            first.and_then(|line| line.code),
            verdict.err(),
            "{}: explain disagrees",
            self.id
        );
        assert_eq!(
            report.verdict == Verdict::Accepted,
            verdict.is_ok(),
            "{}: explain's verdict",
            self.id
        );
    }
}

/// The sets of a case: one for each issuer, or under no name one for whoever asks.
struct KeyRing(BTreeMap<String, KeySet>);

impl Keys for KeyRing {
    fn of_issuer(&self, issuer: &str) -> Option<&KeySet> {
        self.0.get("").or_else(|| self.0.get(issuer))
    }
}

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let entries = fs::read_dir(folder).expect("tests/corpus");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    // Tokens of a real provider, when the task runner has just drawn some.
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    files.extend(env::var_os("IDTOKEN_CORPUS_EXTRA").map(|extra| root.join(extra)));
    files
}

#[test]
fn every_case_gives_its_code() {
    let mut ids = BTreeSet::new();
    let mut memory = VerifiedTokens::new(1024 * 1024).expect("memory");
    let mut failures = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).expect("corpus file");
        let file: File = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        for case in file.cases {
            failures.extend(case.complaint(&case.run(&mut memory)));
            assert!(ids.insert(case.id.clone()), "{} stands twice", case.id);
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        ids.len(),
        failures.join("\n")
    );
    assert!(ids.len() >= FEWEST_CASES, "only {} cases", ids.len());
    println!("corpus: {0} cases in native Rust, {0} passed", ids.len());
}

/// R121: what is remembered of a token changes nothing under the policy, the keys and the expectations of other cases.
#[test]
fn a_memory_changes_no_verdict_by_other_inputs() {
    let mut remembered = 0;
    for path in files() {
        let text = fs::read_to_string(&path).expect("corpus file");
        let file: File = serde_json::from_str(&text).expect("corpus file");
        let accepted = file.cases.iter().filter(|case| case.expect == "accept");
        for (own, other) in accepted.cycle().zip(&file.cases) {
            let mut memory = VerifiedTokens::new(64 * 1024).expect("memory");
            for [policy, keys, others] in
                [[own; 3], [other, own, own], [own, other, own], [other; 3]]
            {
                let issuers = policy.policies().and_then(Issuers::new);
                let (Ok(issuers), Ok(expectations)) = (issuers, others.expectations()) else {
                    continue;
                };
                let Ok(keys) = keys.keys(&issuers) else {
                    continue;
                };
                let (token, purpose) = (own.token(), others.purpose());
                let verifier = Verifier::of_issuers(&issuers);
                let mut verdict = |memory: Option<&mut VerifiedTokens>| {
                    let begun = verifier.begin(purpose, &token, &expectations, memory.as_deref());
                    let token = begun.and_then(|begun| begun.verify(&keys, memory))?;
                    remembered += usize::from(token.remembered_as().is_some());
                    Ok::<_, Rejection>(token.to_json())
                };
                let fresh = verdict(None);
                for _ in 0..2 {
                    let again = verdict(Some(&mut memory));
                    assert_eq!(fresh, again, "{} as {}", own.id, other.id);
                }
            }
        }
    }
    assert!(remembered > FEWEST_CASES, "only {remembered}");
}

#[test]
fn every_case_survives_other_inputs() {
    // The same tokens against a set and a policy that were not made for them: any verdict, but no panic.
    let keys = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let keys = KeySet::from_json(keys, alg::ALL, &Limits::default()).expect("keys");
    let policy = Policy::builder("https://other.example", "other")
        .build()
        .expect("policy");
    for path in files() {
        let text = fs::read_to_string(&path).expect("corpus file");
        let file: File = serde_json::from_str(&text).expect("corpus file");
        for case in file.cases {
            let Ok(expectations) = case.expectations() else {
                continue;
            };
            let verdict = Verifier::new(&policy).verify(case.token(), &keys, &expectations);
            assert!(verdict.is_err(), "{}", case.id);
        }
    }
}
