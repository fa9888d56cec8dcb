//! Several issuers: a cache each, chosen by the token's issuer.

use idtoken::key_cache::{KeyCaches, KeyRequest, Lookup};
use idtoken::{Code, Expectations, Issuers, KeySet, Keys as _, Nonce, Purpose, Verifier, alg};

use crate::world::{NETWORK, START, jwks, options, policy_of, set, time, token_with};

const A: &str = "https://a.example";
const B: &str = "https://b.example";
const URIS: &str = r#"{"jwksUri":{"https://a.example":"https://a.example/keys","https://b.example":"https://b.example/keys"}}"#;

fn issuers() -> Issuers {
    Issuers::new(vec![policy_of(A), policy_of(B)]).expect("issuers")
}

fn caches() -> KeyCaches {
    KeyCaches::of_issuers(&issuers(), &options(URIS), alg::ALL, 1).expect("caches")
}

fn request(issuer: &str) -> KeyRequest {
    let raw = token_with(r#"{"alg":"ES256","kid":"k"}"#, issuer);
    let expectations = Expectations::at(time(START).to_time()).nonce(Nonce::NotChecked);
    let issuers = issuers();
    let verifier = Verifier::of_issuers(&issuers);
    let request = verifier.key_request(Purpose::Id, raw, &expectations);
    request.expect("request")
}

#[test]
fn the_same_kid_of_another_issuer_is_irrelevant() {
    let (mut caches, now) = (caches(), time(START));
    assert!(matches!(caches.lookup(&request(A), now), Lookup::Wait));
    let fetch = caches.poll_fetch(now).expect("a fetch");
    assert_eq!(fetch.url, "https://a.example/keys");
    assert!(
        caches.poll_fetch(now).is_none(),
        "nobody asked for the other"
    );
    caches.handle(fetch.id, set(&jwks(&["k"])), now);
    let Lookup::Ready(keys) = caches.lookup(&request(A), now) else {
        panic!("no keys")
    };
    assert!(keys.of_issuer(A).is_some() && keys.of_issuer(B).is_none());
    assert!(matches!(caches.lookup(&request(B), now), Lookup::Wait));

    let issuers = issuers();
    let verifier = Verifier::of_issuers(&issuers);
    let expectations = Expectations::at(now.to_time()).nonce(Nonce::NotChecked);
    let verdict = |issuer| {
        let raw = token_with(r#"{"alg":"ES256","kid":"k"}"#, issuer);
        let verdict = verifier.verify(raw, &caches.keys(now), &expectations);
        verdict.expect_err("no signature").code()
    };
    assert_eq!(verdict(A), Code::SignatureLength);
    assert_eq!(verdict(B), Code::JwksUnavailable);
    assert_eq!(verdict("https://c.example"), Code::IssUnknown);
}

#[test]
fn fetches_of_several_issuers_do_not_mix() {
    let (mut caches, now) = (caches(), time(START));
    caches.want(now);
    let first = caches.poll_fetch(now).expect("a fetch");
    let second = caches.poll_fetch(now).expect("a fetch");
    assert_ne!(first.id, second.id);
    assert!(caches.poll_fetch(now).is_none());
    assert_eq!(caches.poll_timeout(), Some(time(START + 5_000)));
    caches.handle(second.id, set(&jwks(&["k"])), now);
    caches.handle(first.id, NETWORK, now);
    caches.handle(first.id, set(&jwks(&["k"])), now);
    caches.handle(u64::MAX, set(&jwks(&["k"])), now);
    assert!(matches!(caches.lookup(&request(B), now), Lookup::Ready(_)));
    assert!(matches!(
        caches.lookup(&request(A), now),
        Lookup::Unavailable(_)
    ));
    let mut told = Vec::new();
    while let Some((issuer, event)) = caches.poll_event() {
        told.push((String::from(issuer), event.name()));
    }
    let told: Vec<_> = told
        .iter()
        .map(|(issuer, name)| (&**issuer, *name))
        .collect();
    assert_eq!(
        told,
        [
            (A, "fetch_started"),
            (A, "fetch_failed"),
            (A, "unavailable"),
            (B, "fetch_started"),
            (B, "refreshed")
        ]
    );
}

#[test]
fn a_snapshot_finds_its_issuer() {
    let (mut warm, now) = (caches(), time(START));
    warm.want(now);
    while let Some(fetch) = warm.poll_fetch(now) {
        warm.handle(fetch.id, set(&jwks(&["k"])), now);
    }
    let snapshot = warm.snapshot(B).expect("snapshot");
    let mut cold = caches();
    assert_eq!(cold.snapshot(B), None);
    assert_eq!(cold.restore(&snapshot, now), Ok(true));
    assert!(matches!(cold.lookup(&request(B), now), Lookup::Ready(_)));
    assert!(matches!(cold.lookup(&request(A), now), Lookup::Wait));
    let foreign = snapshot.replace(B, "https://c.example");
    let refused = cold.restore(&foreign, now).expect_err("foreign");
    assert_eq!(refused.code(), Code::SnapshotInvalid);
}

#[test]
fn a_request_of_another_verifier_is_a_mistake_of_the_caller() {
    let mut none = KeyCaches::new(Vec::new());
    assert!(none.poll_fetch(time(START)).is_none());
    none.handle(0, NETWORK, time(START));
    let Lookup::Unavailable(rejection) = none.lookup(&request(A), time(START)) else {
        panic!("keys from nowhere")
    };
    assert_eq!(rejection.code(), Code::ConfigInvalidOption);
}

#[test]
fn one_set_for_all_is_not_enough_for_several_issuers() {
    let keys =
        KeySet::from_json(jwks(&["k"]), alg::ALL, &idtoken::Limits::default()).expect("keys");
    assert!(keys.is_of_one_issuer());
    for json in [
        r#"{"jwksUri":"https://a.example/keys"}"#,
        r#"{"jwksUri":{"https://c.example":"https://c.example/keys"}}"#,
        r#"{"jwksUri":{"https://a.example":"http://a.example/keys"}}"#,
    ] {
        let refused = KeyCaches::of_issuers(&issuers(), &options(json), alg::ALL, 1);
        assert_eq!(
            refused.expect_err(json).code(),
            Code::ConfigInvalidOption,
            "{json}"
        );
    }
}
