//! The key of a token's one use (rule R84).

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc
)]

use std::fs;

use idtoken::{
    Code, Expectations, IdToken, KeySet, Nonce, Policy, Rejection, SeenTokens, Spelling, UnixTime,
    Verifier, alg,
};
use serde_json::Value;

const NOW: u64 = 1_800_000_000;

fn time(seconds: u64) -> UnixTime {
    UnixTime::from_secs(seconds).expect("time")
}

/// Every token of the corpus that is accepted without asking for its nonce, by the name of its case.
fn tokens() -> Vec<(String, IdToken)> {
    let mut tokens = Vec::new();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus")).expect("corpus")
    {
        let path = file.expect("file").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_slice(&fs::read(path).expect("file")).expect("JSON");
        for case in file["cases"].as_array().into_iter().flatten() {
            let (Some(raw), Some(jwks)) = (case["token"].as_str(), case["jwks"].as_str()) else {
                continue;
            };
            let Ok(policy) = Policy::from_json(case["policy"].to_string(), Spelling::Snake) else {
                continue;
            };
            let Ok(keys) = KeySet::from_json(jwks, alg::ALL, policy.limits()) else {
                continue;
            };
            let expectations = Expectations::at(time(NOW)).nonce(Nonce::NotChecked);
            if let Ok(token) = Verifier::new(&policy).verify(raw, &keys, &expectations) {
                tokens.push((case["id"].as_str().expect("id").into(), token));
            }
        }
    }
    tokens
}

#[test]
fn the_key_is_of_issuer_and_jti_or_nonce() {
    let (mut with_nonce, mut with_neither) = (0, 0);
    for (id, token) in tokens() {
        let claim = |name: &str| token.claims().str(name).filter(|text| !text.is_empty());
        let named = claim("jti").map(|jti| ("jti", jti));
        let named = named.or_else(|| claim("nonce").map(|nonce| ("nonce", nonce)));
        let Some((name, value)) = named else {
            let refused = token.replay_key().expect_err(&id);
            assert_eq!(refused.code(), Code::ClaimMissing);
            with_neither += 1;
            continue;
        };
        let mut bytes = Vec::new();
        for field in [&*token.issuer(), name, &*value] {
            bytes.extend((field.len() as u64).to_be_bytes());
            bytes.extend(field.bytes());
        }
        let expected: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&bytes).into();
        let key = token.replay_key().expect("key");
        assert_eq!(*key.digest(), expected, "{id}");
        let exp = token
            .claims()
            .get("exp")
            .and_then(|exp| exp.as_f64())
            .expect("exp");
        // The default tolerance is a minute; no accepted token of the corpus has less than none or more than five.
        let until = u32::try_from(key.until().as_secs() - NOW).expect("near");
        let end = exp - 1_800_000_000.0;
        assert!(
            f64::from(until) > end && f64::from(until) <= end + 301.0,
            "{id}"
        );
        with_nonce += usize::from(name == "nonce");
    }
    assert!(
        with_nonce > 0 && with_neither > 0,
        "{with_nonce} {with_neither}"
    );
}

#[test]
fn a_second_use_is_refused() {
    let mut tokens = tokens().into_iter();
    let key = tokens.find_map(|(_, token)| token.replay_key().ok());
    let key = key.expect("a token with a nonce");
    let code = |result: Result<(), Rejection>| result.err().map(|rejection| rejection.code());
    let mut seen = SeenTokens::new(1);
    assert_eq!(code(seen.consume(&key, time(NOW))), None);
    let last = time(key.until().as_secs() - 1);
    assert_eq!(code(seen.consume(&key, last)), Some(Code::ReplayDetected));
    let full = SeenTokens::new(0).consume(&key, time(NOW));
    assert_eq!(code(full), Some(Code::ReplayStoreUnavailable));
}
