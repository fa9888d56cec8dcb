//! The Rust surface, beyond the verdicts that the corpus checks.

#![allow(clippy::expect_used, clippy::panic, clippy::std_instead_of_alloc)]

use std::collections::BTreeMap;
use std::fs;

use idtoken::{
    Code, Expectations, Issuers, KeySet, Limits, Nonce, Policy, Rejection, Spelling, TokenKind,
    UnixTime, UnverifiedToken, Verifier, alg, classify,
};
use serde_json::Value;

const NONCE: &str = "n-0S6_WzA2Mj";

/// A good token of the corpus, its keys and its policy.
fn good() -> (String, KeySet, Policy) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/signature.json");
    let file: Value = serde_json::from_slice(&fs::read(path).expect("corpus")).expect("JSON");
    let cases = file.get("cases").and_then(Value::as_array).expect("cases");
    let case = cases
        .iter()
        .find(|case| case.get("id") == Some(&"sig-rs256-good".into()))
        .expect("case");
    let text = |name: &str| {
        case.get(name)
            .and_then(Value::as_str)
            .expect("text")
            .to_owned()
    };
    let policy = case.get("policy").expect("policy").to_string();
    let policy = Policy::from_json(policy, Spelling::Snake).expect("policy");
    let keys = KeySet::from_json(text("jwks"), alg::ALL, policy.limits()).expect("keys");
    (text("token"), keys, policy)
}

fn now() -> UnixTime {
    UnixTime::from_secs(1_800_000_000).expect("time")
}

fn expected() -> Expectations<'static> {
    Expectations::at(now()).nonce(Nonce::Equals(NONCE))
}

fn code<T>(result: Result<T, Rejection>) -> Option<Code> {
    result.err().map(|rejection| rejection.code())
}

#[test]
fn an_accepted_token_says_who_and_by_which_key() {
    let (raw, keys, policy) = good();
    let token = Verifier::new(&policy)
        .verify(&raw, &keys, &expected())
        .expect("token");
    assert_eq!(
        (&*token.issuer(), &*token.subject()),
        ("https://idp.example", "248289761001")
    );
    assert_eq!(
        (token.key_id().alg, token.key_id().kid.as_deref()),
        ("RS256", Some("rsa-1"))
    );
    assert_eq!(
        token.claims().iter().count(),
        serde_json::from_str::<serde_json::Map<_, _>>(token.claims().as_json())
            .expect("JSON")
            .len()
    );
    let json: Value = serde_json::from_str(&token.to_json()).expect("JSON");
    assert_eq!(json.pointer("/claims/sub"), Some(&"248289761001".into()));
    assert_eq!(json.pointer("/key/kid"), Some(&"rsa-1".into()));
    assert_eq!(classify(&raw), TokenKind::IdToken);
}

#[test]
fn the_nonce_cannot_be_forgotten() {
    let (raw, keys, policy) = good();
    let verifier = Verifier::new(&policy);
    for forgotten in [
        Expectations::at(now()),
        Expectations::at(now()).nonce(Nonce::Equals("")),
    ] {
        assert_eq!(
            code(verifier.verify(&raw, &keys, &forgotten)),
            Some(Code::ConfigNoncePolicy)
        );
        let report = verifier.explain(&raw, &keys, &forgotten);
        assert_eq!(
            report.checks.first().and_then(|line| line.code),
            Some(Code::ConfigNoncePolicy)
        );
    }
}

#[test]
fn the_parts_check_the_signature_and_nothing_else() {
    let (raw, keys, _) = good();
    let parse = |raw: &str| {
        UnverifiedToken::parse(raw, &Limits::default())
            .expect("token")
            .verify_signature(&keys, &Limits::default())
            .map(|jws| jws.payload_json().len())
    };
    assert!(parse(&raw).expect("signature") > 0);
    let (signed, signature) = raw.rsplit_once('.').expect("dots");
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let changed = format!("{signed}.{first}{}", signature.get(1..).expect("signature"));
    assert_eq!(code(parse(&changed)), Some(Code::SignatureInvalid));
    assert_eq!(
        code(parse(&format!("{signed}."))),
        Some(Code::SignatureMissing)
    );
}

#[test]
fn several_issuers_have_keys_of_their_own() {
    let (raw, keys, policy) = good();
    let other = Policy::builder("https://other.example", "x")
        .build()
        .expect("policy");
    let issuers = Issuers::new(vec![other.clone(), policy.clone()]).expect("issuers");
    let verifier = Verifier::of_issuers(&issuers);
    let ring = |issuer: &str, keys: KeySet| BTreeMap::from([(issuer.to_owned(), keys)]);
    let foreign = ring("https://other.example", good().1);
    assert_eq!(
        code(verifier.verify(&raw, &foreign, &expected())),
        Some(Code::ConfigInvalidOption)
    );
    assert!(
        verifier
            .verify(&raw, &ring("https://idp.example", keys), &expected())
            .is_ok()
    );
    // One set for all of them would let the owner of any key in it sign for each.
    let shared = verifier.verify(&raw, &good().1, &expected());
    assert_eq!(code(shared), Some(Code::ConfigInvalidOption));
    assert_eq!(
        code(Issuers::new(vec![policy.clone(), policy])),
        Some(Code::ConfigIssuer)
    );
    assert_eq!(code(Issuers::new(vec![])), Some(Code::ConfigIssuer));
}

#[test]
fn a_builder_takes_no_demand_that_demands_nothing() {
    let build = |change: fn(idtoken::PolicyBuilder) -> idtoken::PolicyBuilder| {
        code(change(Policy::builder("https://idp.example", "c")).build())
    };
    let none: [&str; 0] = [];
    assert_eq!(build(|b| b), None);
    assert_eq!(
        build(|b| b.client_ids(["a", ""])),
        Some(Code::ConfigAudience)
    );
    assert_eq!(
        build(|b| b.acr_values([""; 0])),
        Some(Code::ConfigInvalidOption)
    );
    assert_eq!(
        build(|b| b.amr_any([""; 0])),
        Some(Code::ConfigInvalidOption)
    );
    assert_eq!(
        build(|b| b.required_claims("{}")),
        Some(Code::ConfigInvalidOption)
    );
    assert_eq!(
        build(|b| b.trusted_audiences([""])),
        Some(Code::ConfigInvalidOption)
    );
    assert_eq!(
        code(
            Policy::builder("https://idp.example", "c")
                .algorithms(none)
                .build()
        ),
        Some(Code::ConfigAlgorithms)
    );
}

#[test]
fn limits_have_limits() {
    let (raw, ..) = good();
    let jwks = r#"{"keys":[]}"#;
    for change in [
        (|limits| limits.max_keys = 1025) as fn(&mut Limits),
        |limits| limits.max_key_trials = 17,
        |limits| limits.rsa_max_bits = 8193,
        |limits| limits.max_jwks_bytes = 1024 * 1024 + 1,
        |limits| limits.max_token_bytes = 65537,
    ] {
        let mut limits = Limits::default();
        change(&mut limits);
        assert_eq!(
            code(KeySet::from_json(jwks, alg::ALL, &limits)),
            Some(Code::ConfigInvalidOption)
        );
        assert_eq!(
            code(UnverifiedToken::parse(&raw, &limits)),
            Some(Code::ConfigInvalidOption)
        );
    }
}

#[test]
fn nothing_secret_is_in_any_debug_output() {
    let (raw, keys, policy) = good();
    let expectations = expected()
        .access_token("canary")
        .code("canary")
        .state("canary");
    let token = Verifier::new(&policy)
        .verify(&raw, &keys, &expected())
        .expect("token");
    let parts = UnverifiedToken::parse(&raw, &Limits::default()).expect("token");
    let said = format!(
        "{expectations:?} {token:?} {parts:?} {:?} {keys:?} {:?}",
        token.claims().get("sub"),
        Nonce::Equals(NONCE)
    );
    for secret in [
        "canary",
        NONCE,
        "248289761001",
        raw.get(..40).expect("token"),
    ] {
        assert!(!said.contains(secret), "{secret} is in {said}");
    }
}

#[cfg(feature = "std")]
#[test]
fn the_system_has_a_clock() {
    assert!(UnixTime::now().is_ok_and(|time| time.as_secs() > 1_700_000_000));
}
