//! R121: what is remembered of a token changes what a verification costs, and never its verdict.

#![allow(clippy::expect_used, clippy::std_instead_of_alloc)]

use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::fs;

use idtoken::alg::{self, SignatureAlgorithm, VerifyingKey};
use idtoken::key_cache::Begun;
use idtoken::{
    Code, Expectations, Jwk, KeySet, Keys, Limits, Nonce, Policy, Purpose, Spelling, UnixTime,
    VerifiedTokens, Verifier,
};
use serde_json::Value;

const NOW: u64 = 1_800_000_000;

/// ES256, and how often it computed.
struct Counted;

static COMPUTED: AtomicUsize = AtomicUsize::new(0);
static ALGORITHMS: &[&dyn SignatureAlgorithm] = &[&Counted];

impl SignatureAlgorithm for Counted {
    fn name(&self) -> &'static str {
        alg::ES256.name()
    }

    fn import(&self, jwk: &Jwk<'_>, limits: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        alg::ES256.import(jwk, limits)
    }

    fn verify(&self, key: &dyn VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Code> {
        COMPUTED.fetch_add(1, Ordering::Relaxed);
        alg::ES256.verify(key, message, signature)
    }
}

/// A case of the corpus: its token, JWKS and policy.
fn case(id: &str) -> (String, String, Policy) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/signature.json");
    let file: Value = serde_json::from_slice(&fs::read(path).expect("corpus")).expect("JSON");
    let cases = file.get("cases").and_then(Value::as_array).expect("cases");
    let is_it = |case: &&Value| case.get("id") == Some(&id.into());
    let case = cases.iter().find(is_it).expect("case");
    let text = |name: &str| {
        case.get(name)
            .and_then(Value::as_str)
            .expect("text")
            .to_owned()
    };
    let policy = case.get("policy").expect("policy").to_string();
    let policy = Policy::from_json(policy, Spelling::Snake).expect("policy");
    (text("token"), text("jwks"), policy)
}

fn at(seconds: u64) -> Expectations<'static> {
    Expectations::at(UnixTime::from_secs(seconds).expect("time"))
}

/// Another set at each question, as a holder that rotates in the middle of a verification would give.
struct Rotating(Cell<usize>, [KeySet; 2]);

impl Keys for Rotating {
    fn of_issuer(&self, _: &str) -> Option<&KeySet> {
        self.1.get(self.0.replace(1))
    }
}

#[test]
fn a_rotation_in_the_middle_teaches_nothing_wrong() {
    let (raw, jwks, policy) = case("sig-es256-good");
    let import = |jwks: &str| KeySet::from_json(jwks, alg::ALL, &Limits::default()).expect("keys");
    // The key of RFC 7517 appendix A.1 in the place of the old one.
    let new = || {
        import(
            r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"p256-1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#,
        )
    };
    let expectations = at(NOW).nonce(Nonce::Equals("n-0S6_WzA2Mj"));
    let verifier = Verifier::new(&policy);
    let mut memory = VerifiedTokens::new(64 * 1024).expect("memory");
    let rotating = Rotating(Cell::new(0), [import(&jwks), new()]);
    let verdict = verifier.verify_remembering(&raw, &rotating, &expectations, &mut memory);
    assert!(verdict.is_ok());
    let verdict = verifier.verify_remembering(&raw, &new(), &expectations, &mut memory);
    assert_eq!(
        verdict.err().map(|rejection| rejection.code()),
        Some(Code::SignatureInvalid)
    );
}

#[test]
fn a_token_costs_one_signature_verification_and_every_check_each_time() {
    let (raw, jwks, policy) = case("sig-es256-good");
    let import =
        |jwks: &str| KeySet::from_json(jwks, ALGORITHMS, &Limits::default()).expect("keys");
    let keys = import(&jwks);
    let verifier = Verifier::new(&policy);
    let mut memory = VerifiedTokens::new(64 * 1024).expect("memory");
    let mut code = |raw: &str, keys: &KeySet, expectations: Expectations<'_>| {
        let before = COMPUTED.load(Ordering::Relaxed);
        let verdict = verifier.verify_remembering(raw, keys, &expectations, &mut memory);
        let computed = COMPUTED.load(Ordering::Relaxed) - before;
        (verdict.err().map(|rejection| rejection.code()), computed)
    };
    let nonce = |seconds| at(seconds).nonce(Nonce::Equals("n-0S6_WzA2Mj"));

    // Refused: nothing is remembered of it.
    let expired = nonce(NOW + 100_000);
    for _ in 0..2 {
        assert_eq!(
            code(&raw, &keys, expired.clone()),
            (Some(Code::ExpExpired), 1)
        );
    }
    assert_eq!(code(&raw, &keys, nonce(NOW)), (None, 1));
    // Remembered, and every check runs again.
    assert_eq!(code(&raw, &keys, nonce(NOW)), (None, 0));
    assert_eq!(code(&raw, &keys, expired), (Some(Code::ExpExpired), 0));
    let other = at(NOW).nonce(Nonce::Equals("another"));
    assert_eq!(code(&raw, &keys, other), (Some(Code::NonceMismatch), 0));
    assert_eq!(
        code(&raw, &keys, at(NOW)),
        (Some(Code::ConfigNoncePolicy), 0)
    );

    // The same text imported again is the same set; any other text is another one.
    assert_eq!(code(&raw, &import(&jwks), nonce(NOW)), (None, 0));
    assert_eq!(
        code(&raw, &import(&format!("{jwks} ")), nonce(NOW)),
        (None, 1)
    );

    // The key is gone: what was remembered of it is of no use.
    let mut without: Value = serde_json::from_str(&jwks).expect("JSON");
    let entries = without
        .get_mut("keys")
        .and_then(Value::as_array_mut)
        .expect("keys");
    for entry in entries {
        entry
            .as_object_mut()
            .expect("key")
            .insert("kid".into(), "another".into());
    }
    let without = import(&without.to_string());
    assert_eq!(
        code(&raw, &without, nonce(NOW)),
        (Some(Code::KeyNotFound), 0)
    );

    // A token with another signature over the same claims is another token.
    let (signed, signature) = raw.rsplit_once('.').expect("dots");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{signed}.{first}{}", signature.get(1..).expect("signature"));
    assert_eq!(
        code(&forged, &keys, nonce(NOW)),
        (Some(Code::SignatureInvalid), 1)
    );
}

#[test]
fn a_number_stands_for_one_text_and_one_signer() {
    let (raw, jwks, policy) = case("sig-es256-good");
    let import = |jwks: &str| KeySet::from_json(jwks, alg::ALL, &Limits::default()).expect("keys");
    let (keys, other_set) = (import(&jwks), import(&format!("{jwks} ")));
    let verifier = Verifier::new(&policy);
    let expectations = at(NOW).nonce(Nonce::Equals("n-0S6_WzA2Mj"));
    let mut memory = VerifiedTokens::new(64 * 1024).expect("memory");
    let mut number = |keys: &KeySet| {
        let token = verifier.verify_remembering(&raw, keys, &expectations, &mut memory);
        token.expect("token").remembered_as()
    };
    let of_both = [&keys, &keys, &keys, &other_set, &other_set, &keys, &keys].map(&mut number);
    let expected = [None, Some(0), Some(0), None, Some(1), None, Some(2)];
    assert_eq!(of_both, expected);
    // In two steps as well, and a text begun with a memory is the text that is judged.
    let begun = verifier.begin(Purpose::Id, raw.as_bytes(), &expectations, Some(&memory));
    let token = begun
        .and_then(|begun| begun.verify(&keys, Some(&mut memory)))
        .expect("token");
    assert_eq!(token.remembered_as(), Some(2));
    let cold = verifier.verify(&raw, &keys, &expectations).expect("token");
    assert_eq!(token.to_json(), cold.to_json());
}

/// A text that is known is measured first of all, as any other.
#[test]
fn a_remembered_token_may_be_too_long_for_another_policy() {
    let (raw, jwks, policy) = case("sig-es256-good");
    let keys = KeySet::from_json(&jwks, alg::ALL, &Limits::default()).expect("keys");
    let expectations = at(NOW).nonce(Nonce::Equals("n-0S6_WzA2Mj"));
    let mut memory = VerifiedTokens::new(64 * 1024).expect("memory");
    let mut code = |policy: &Policy| {
        let verifier = Verifier::new(policy);
        let verdict = verifier.verify_remembering(&raw, &keys, &expectations, &mut memory);
        let again = verifier.begin(Purpose::Id, raw.as_bytes(), &expectations, Some(&memory));
        let again = again.and_then(|begun| begun.verify(&keys, Some(&mut memory)));
        let code = |rejection: idtoken::Rejection| rejection.code();
        let codes = (verdict.err().map(code), again.err().map(code));
        assert_eq!(codes.0, codes.1);
        codes.0
    };
    let limited = |issuer: &str, most: usize| {
        let limits = format!(r#"{{"max_token_bytes":{most}}}"#);
        let text = format!(
            r#"{{"issuer":"{issuer}","client_id":"my-client","algorithms":["ES256"],"limits":{limits}}}"#
        );
        Policy::from_json(text, Spelling::Snake).expect("policy")
    };
    let (own, other) = ("https://idp.example", "https://other.example");
    assert_eq!(code(&policy), None);
    assert_eq!(code(&limited(own, raw.len())), None);
    for issuer in [own, other] {
        let code = code(&limited(issuer, raw.len() - 1));
        assert_eq!(code, Some(Code::TokenTooLarge), "{issuer}");
    }
}

#[test]
fn a_number_of_another_memory_is_none() {
    let (raw, jwks, policy) = case("sig-es256-good");
    let keys = KeySet::from_json(&jwks, alg::ALL, &Limits::default()).expect("keys");
    let verifier = Verifier::new(&policy);
    let expectations = at(NOW).nonce(Nonce::Equals("n-0S6_WzA2Mj"));
    let memory = || VerifiedTokens::new(64 * 1024).expect("memory");
    let (mut first, mut second) = (memory(), memory());
    let begun = |memory: &VerifiedTokens| {
        let begun = verifier.begin(Purpose::Id, raw.as_bytes(), &expectations, Some(memory));
        begun.expect("begun")
    };
    for expected in [None, Some(0)] {
        let token = begun(&first).verify(&keys, Some(&mut first));
        assert_eq!(token.expect("token").remembered_as(), expected);
    }
    let number = |begun: Begun<'_>, memory: Option<&mut VerifiedTokens>| {
        begun.verify(&keys, memory).expect("token").remembered_as()
    };
    assert_eq!(number(begun(&first), None), None);
    assert_eq!(number(begun(&first), Some(&mut second)), None);
    // Now that one has it, too.
    assert_eq!(number(begun(&second), Some(&mut second)), Some(0));
    // The same number, but by another set.
    let other_set = KeySet::from_json(format!("{jwks} "), alg::ALL, &Limits::default());
    let mut third = memory();
    let token = begun(&third).verify(&other_set.expect("keys"), Some(&mut third));
    assert_eq!(token.expect("token").remembered_as(), None);
    assert_eq!(number(begun(&first), Some(&mut third)), None);
    assert_eq!(number(begun(&third), Some(&mut third)), Some(1));
}
