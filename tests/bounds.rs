//! Bounds that no case of the corpus can hold, as the texts would be larger than the corpus; and limits without a policy.

#![allow(clippy::expect_used)]

use idtoken::{Code, Expectations, KeySet, Limits, Policy, Rejection, Spelling, alg};

const KEY: &str =
    r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;

fn import(text: &str) -> Result<KeySet, Rejection> {
    KeySet::from_json(text, alg::ALL, &Limits::default())
}

fn code<T>(result: Result<T, Rejection>) -> Option<Code> {
    result.err().map(|rejection| rejection.code())
}

/// The text with so many spaces behind it, which JSON allows, that it has this length.
fn padded(text: &str, bytes: usize) -> String {
    let spaces = core::iter::repeat_n(' ', bytes.saturating_sub(text.len()));
    text.chars().chain(spaces).collect()
}

#[test]
fn a_key_set_has_at_most_256_kib_by_default() {
    let set = format!(r#"{{"keys":[{{{KEY}}}]}}"#);
    assert_eq!(code(import(&padded(&set, 256 * 1024))), None);
    let longer = padded(&set, 256 * 1024 + 1);
    assert_eq!(code(import(&longer)), Some(Code::JwksInvalid));
}

#[test]
fn a_text_in_a_key_has_at_most_64_kib() {
    let skipped = |bytes| {
        let long = "A".repeat(bytes);
        let set = format!(r#"{{"keys":[{{{KEY}}},{{{KEY},"x5c":["{long}"]}}]}}"#);
        import(&set).expect("keys").skipped().len()
    };
    assert_eq!(skipped(64 * 1024), 0);
    assert_eq!(skipped(64 * 1024 + 1), 1);
}

#[test]
fn an_option_has_at_most_64_kib() {
    let expect = |bytes| {
        let long = "a".repeat(bytes);
        let text = format!(r#"{{"now":1800000000,"nonce":"not_checked","access_token":"{long}"}}"#);
        code(Expectations::from_json(text, Spelling::Snake))
    };
    assert_eq!(expect(64 * 1024), None);
    assert_eq!(expect(64 * 1024 + 1), Some(Code::ConfigInvalidOption));
}

#[test]
fn options_have_at_most_256_kib() {
    let text = r#"{"issuer":"https://idp.example","client_id":"my-client"}"#;
    let policy = |bytes| code(Policy::from_json(padded(text, bytes), Spelling::Snake));
    assert_eq!(policy(256 * 1024), None);
    assert_eq!(policy(256 * 1024 + 1), Some(Code::ConfigInvalidOption));
}

#[test]
fn limits_by_themselves_are_read_as_in_a_policy() {
    let read = |text: &str| Limits::from_json(text, Spelling::Snake);
    let limits = read(r#"{"max_keys":2}"#).expect("limits");
    assert_eq!(limits.max_keys, 2);
    assert_eq!(limits.max_key_trials, Limits::default().max_key_trials);
    for text in [r#"{"max_keys":0}"#, r#"{"max_keys":1025}"#, "[]"] {
        assert_eq!(code(read(text)), Some(Code::ConfigInvalidOption), "{text}");
    }
    let misspelt = read(r#"{"maxKeys":2}"#);
    assert_eq!(code(misspelt), Some(Code::ConfigUnknownOption));
}
