//! The Rust surface, beyond the verdicts that the corpus checks.

#![allow(clippy::expect_used, clippy::panic, clippy::std_instead_of_alloc)]

mod explain;
mod hints;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use idtoken::{
    AcrLadder, Code, Expectations, Issuers, KeySet, Limits, Nonce, Policy, PolicyBuilder,
    Rejection, Spelling, TokenKind, UnixTime, UnverifiedToken, Verifier, alg, classify,
};
use serde_json::Value;

const NONCE: &str = "n-0S6_WzA2Mj";

/// A case of the corpus that has one issuer.
struct Case {
    token: String,
    keys: KeySet,
    policy: Policy,
}

impl Case {
    fn read(file: &str, id: &str) -> Self {
        let path = format!("{}/tests/corpus/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let file: Value = serde_json::from_slice(&fs::read(path).expect("corpus")).expect("JSON");
        let cases = file.get("cases").and_then(Value::as_array).expect("cases");
        let mut cases = cases.iter();
        let case = cases.find(|case| case.get("id") == Some(&id.into()));
        let case = case.expect("case");
        let text = |name: &str| case.get(name).and_then(Value::as_str).expect("text");
        let policy = case.get("policy").expect("policy").to_string();
        let policy = Policy::from_json(policy, Spelling::Snake).expect("policy");
        Self {
            token: text("token").to_owned(),
            keys: KeySet::from_json(text("jwks"), alg::ALL, policy.limits()).expect("keys"),
            policy,
        }
    }
}

/// A good token of the corpus, its keys and its policy.
fn good() -> (String, KeySet, Policy) {
    let case = Case::read("signature", "sig-rs256-good");
    (case.token, case.keys, case.policy)
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
    let build = |change: fn(PolicyBuilder) -> PolicyBuilder| {
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
    for empty in [
        (|b| b.trusted_audiences([""])) as fn(PolicyBuilder) -> PolicyBuilder,
        |b| b.acr_values(["gold", ""]),
        |b| b.amr_all([""]),
        |b| b.amr_any(["otp", ""]),
        |b| b.acr_ladder(ladder(["", "gold"])),
    ] {
        assert_eq!(build(empty), Some(Code::ConfigInvalidOption));
    }
    assert_eq!(build(|b| b.acr_ladder(ladder(["0", "gold"]))), None);
    assert_eq!(
        code(
            Policy::builder("https://idp.example", "c")
                .algorithms(none)
                .build()
        ),
        Some(Code::ConfigAlgorithms)
    );
}

fn ladder(levels: [&str; 2]) -> AcrLadder {
    AcrLadder {
        levels: levels.map(Into::into).into(),
        at_least: "gold".into(),
    }
}

#[test]
fn a_template_has_one_placeholder() {
    let tenant = "6babcaad-604b-40ac-a9d7-9fd97c0b779f";
    let build = |issuer: &str| {
        code(
            Policy::builder(issuer, "c")
                .tenants("tid", [tenant])
                .build(),
        )
    };
    assert_eq!(build("https://login.example/{tenantid}/v2.0"), None);
    for wrong in [
        "https://login.example/v2.0",
        "https://login.example/{tenantid}}/v2.0",
        "https://login.example/{tenantid}/{v}",
        "https://login.example/{{tenantid}/v2.0",
        "https://login.example/}tenantid{/v2.0",
        "https://login.example/{tenantid/v2.0",
    ] {
        assert_eq!(build(wrong), Some(Code::ConfigIssuer), "{wrong}");
    }
}

#[test]
fn what_a_key_set_says_beside_its_keys_means_nothing() {
    let set = |keys: &str| KeySet::from_json(keys, alg::ALL, &Limits::default());
    let key = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let long = "x".repeat(70_000);
    let many: String = (0..300).map(|at| format!(r#","m{at}":0"#)).collect();
    for beside in [
        r#","x":"\ud800""#,
        r#","x":{"y":"\udc00"}"#,
        &format!(r#","x":"{long}""#),
        r#","x":1,"x":2"#,
        r#","__proto__":{}"#,
        &many,
    ] {
        let keys = set(&format!(r#"{{"keys":[{key}]{beside}}}"#));
        assert_eq!(keys.map(|keys| keys.len()).ok(), Some(1), "{beside:.40}");
    }
    for twice in [r#""keys":[]"#, r#""\u006beys":[]"#] {
        let keys = set(&format!(r#"{{"keys":[{key}],{twice}}}"#));
        assert_eq!(code(keys), Some(Code::JwksInvalid), "{twice}");
    }
    // In a key, however deep, it costs that key and no other.
    for inside in [
        r#""pad":"\ud800""#,
        r#""pad":["\ud800"]"#,
        r#""pad":[{"y":1,"y":2}]"#,
        &format!(r#""x5c":["{long}"]"#),
    ] {
        let odd = key.replacen('{', &format!("{{{inside},"), 1);
        let keys = set(&format!(r#"{{"keys":[{odd},{key}]}}"#)).expect("keys");
        let skipped: Vec<_> = keys.skipped().iter().map(|skipped| skipped.index).collect();
        assert_eq!(skipped, [0], "{inside:.40}");
    }
}

#[test]
fn a_ring_of_keys_may_be_shared() {
    let (raw, keys, policy) = good();
    let other = Policy::builder("https://other.example", "x").build();
    let issuers = Issuers::new(vec![other.expect("policy"), policy]).expect("issuers");
    let verifier = Verifier::of_issuers(&issuers);
    let borrowed = BTreeMap::from([("https://idp.example", &keys)]);
    assert!(verifier.verify(&raw, &borrowed, &expected()).is_ok());
    let shared = BTreeMap::from([(String::from("https://idp.example"), Arc::new(good().1))]);
    assert!(verifier.verify(&raw, &shared, &expected()).is_ok());
}

#[test]
fn limits_are_those_of_the_issuer_of_that_name() {
    let policy = |name: &str, max_jwks_bytes: usize| {
        let mut limits = Limits::default();
        limits.max_jwks_bytes = max_jwks_bytes;
        let policy = Policy::builder(format!("https://{name}.example"), "c").limits(limits);
        policy.build().expect("policy")
    };
    let bytes = |issuers: &Issuers, name: &str| {
        issuers
            .limits_of(&format!("https://{name}.example"))
            .max_jwks_bytes
    };
    let several = Issuers::new(vec![policy("a", 1000), policy("b", 2000)]).expect("issuers");
    assert_eq!([bytes(&several, "a"), bytes(&several, "b")], [1000, 2000]);
    assert_eq!(bytes(&several, "c"), Limits::default().max_jwks_bytes);
    // With one issuer its keys need no name.
    let one = Issuers::new(vec![policy("a", 1000)]).expect("issuers");
    assert_eq!(bytes(&one, ""), 1000);
}

#[test]
fn many_tenants_of_two_templates_are_compared() {
    let id = |at: u32| format!("00000000-0000-0000-0000-{at:012}");
    let policy = |issuer: &str, tenants: Vec<String>| {
        let policy = Policy::builder(issuer, "c").tenants("tid", tenants);
        policy.build().expect("policy")
    };
    // Two templates that give the same issuers, so that the names of the tenants decide; and these are not in order.
    let both = |first: u32| {
        let shifted = |at| id(at).split_off(1) + "1";
        let tenants = first..first + 4000;
        let one = policy(
            "https://login.example/{t}1",
            (0..4000).rev().map(id).collect(),
        );
        let other = policy(
            "https://login.example/0{t}",
            tenants.rev().map(shifted).collect(),
        );
        code(Issuers::new(vec![one, other]))
    };
    assert_eq!(both(4000), None);
    assert_eq!(both(3999), Some(Code::ConfigIssuer));
    // The keys of one template go under one name, so it has one policy.
    let same = [1, 2].map(|at| policy("https://login.example/{t}", vec![id(at)]));
    assert_eq!(code(Issuers::new(same.into())), Some(Code::ConfigIssuer));
}

#[test]
fn limits_have_limits() {
    let (raw, keys, _) = good();
    let jwks = r#"{"keys":[]}"#;
    for change in [
        (|limits| limits.max_keys = 1025) as fn(&mut Limits),
        |limits| limits.max_key_trials = 17,
        |limits| limits.rsa_max_bits = 8193,
        |limits| limits.max_jwks_bytes = 1024 * 1024 + 1,
        |limits| limits.max_token_bytes = 65537,
        |limits| limits.max_keys = 0,
        |limits| limits.max_key_trials = 0,
        |limits| limits.rsa_max_bits = 2047,
        |limits| limits.max_jwks_bytes = 0,
        |limits| limits.max_token_bytes = 0,
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
        let token = UnverifiedToken::parse(&raw, &Limits::default()).expect("token");
        assert_eq!(
            code(token.verify_signature(&keys, &limits)),
            Some(Code::ConfigInvalidOption)
        );
        let policy = Policy::builder("https://idp.example", "c").limits(limits);
        assert_eq!(code(policy.build()), Some(Code::ConfigInvalidOption));
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
