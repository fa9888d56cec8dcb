//! Valid tokens of every algorithm, shown to a second implementation: the crate `jsonwebtoken`.
//!
//! The tokens are the corpus's: signed by OpenSSL and noble, so no side checks its own work. Times are left out of the
//! comparison, since the peer reads the system's clock.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc
)]

use std::collections::BTreeMap;
use std::fs;

use idtoken::{Expectations, KeySet, Policy, Spelling, UnverifiedToken, Verifier, alg};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use serde_json::Value;

/// Every good token of the corpus's signature cases, by the algorithm of its header.
fn good_tokens() -> BTreeMap<String, Vec<Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/signature.json");
    let file: Value = serde_json::from_slice(&fs::read(path).expect("corpus")).expect("JSON");
    let mut by_alg: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for case in file["cases"].as_array().expect("cases") {
        if case["expect"] == "accept" {
            by_alg
                .entry(alg_of(token(case)))
                .or_default()
                .push(case.clone());
        }
    }
    by_alg
}

fn token(case: &Value) -> &str {
    case["token"].as_str().expect("token")
}

fn alg_of(token: &str) -> String {
    let token = UnverifiedToken::parse(token, &Default::default()).expect("token");
    token.header().alg().expect("alg").into_owned()
}

fn ours(case: &Value, token: &str) -> bool {
    let policy = Policy::from_json(case["policy"].to_string(), Spelling::Snake).expect("policy");
    let expectations = Expectations::from_json(case["expectations"].to_string(), Spelling::Snake)
        .expect("expectations");
    let jwks = case["jwks"].as_str().expect("jwks");
    let keys = KeySet::from_json(jwks, alg::ALL, policy.limits()).expect("keys");
    Verifier::new(&policy)
        .verify(token, &keys, &expectations)
        .is_ok()
}

/// `None`: the peer does not know the algorithm.
fn theirs(case: &Value, alg: &str, token: &str) -> Option<bool> {
    let algorithm: Algorithm = alg.parse().ok()?;
    let kid = jsonwebtoken::decode_header(token).ok()?.kid;
    let set: JwkSet = serde_json::from_str(case["jwks"].as_str()?).ok()?;
    let named = |key: &&jsonwebtoken::jwk::Jwk| kid.is_none() || key.common.key_id == kid;
    let key = DecodingKey::from_jwk(set.keys.iter().find(named)?).ok()?;
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.set_audience(&["my-client"]);
    validation.set_issuer(&["https://idp.example"]);
    Some(decode::<Value>(token, &key, &validation).is_ok())
}

/// The same token with one bit of its signature turned.
fn tampered(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').expect("signature");
    let first = if signature.starts_with('A') { "B" } else { "A" };
    format!("{signed}.{first}{}", signature.get(1..).expect("signature"))
}

#[test]
fn what_is_good_is_good_for_jsonwebtoken_too() {
    let by_alg = good_tokens();
    for facts in alg::TABLE {
        assert!(
            by_alg.contains_key(facts.name),
            "the corpus has no good {} token",
            facts.name
        );
    }
    println!("{:<8} {:>7} {:>13}", "alg", "idtoken", "jsonwebtoken");
    for (alg, cases) in &by_alg {
        let mut supported = 0;
        for case in cases {
            assert!(ours(case, token(case)), "{}", case["id"]);
            assert!(
                !ours(case, &tampered(token(case))),
                "{} tampered",
                case["id"]
            );
            if let Some(accepted) = theirs(case, alg, token(case)) {
                supported += 1;
                assert!(accepted, "jsonwebtoken refuses {}", case["id"]);
                assert_eq!(
                    theirs(case, alg, &tampered(token(case))),
                    Some(false),
                    "{}",
                    case["id"]
                );
            }
        }
        let theirs = if supported == 0 {
            "-".into()
        } else {
            format!("{supported}/{}", cases.len())
        };
        println!(
            "{alg:<8} {:>7} {theirs:>13}",
            format!("{0}/{0}", cases.len())
        );
    }
}
