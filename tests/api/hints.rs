//! What a refusal says beside its code: hints, the claim at fault, the status; and a report as text.

use idtoken::{
    Code, Expectations, Issuers, Nonce, Policy, PolicyBuilder, Purpose, Rejection, Spelling,
    Status, Tolerance, Verifier,
};
use serde_json::{Value, json};

use crate::explain::{claims, hint, line, report, unsigned};
use crate::{Case, NONCE, expected, good, now};

const ISSUER: &str = "https://idp.example";
const ACCESS_TOKEN: &str = "it looks like an access token: pass the id_token";

fn plain(changes: &Value) -> idtoken::Report {
    report(ISSUER, |policy| policy, changes)
}

fn refusal(case: &Case, expectations: &Expectations<'_>) -> Rejection {
    let verdict = Verifier::new(&case.policy).verify(&case.token, &case.keys, expectations);
    verdict.expect_err("refused")
}

#[test]
fn an_access_token_in_place_of_the_id_token_is_recognised() {
    let access = json!({"client_id": "c", "scope": "s", "nonce": null, "aud": "api"});
    let mut untyped = claims(&access);
    untyped.as_object_mut().expect("object").remove("nonce");
    let raw = unsigned(&json!({"alg": "RS256"}), &untyped);
    let (_, keys, policy) = good();
    let verifier = Verifier::new(&policy);
    let as_id = verifier.explain(&raw, &keys, &expected());
    for (id, code) in [
        ("aud", Code::AudMismatch),
        ("nonce", Code::NonceMissing),
        ("kind", Code::KindLooksLikeAccessToken),
    ] {
        assert_eq!(line(&as_id, id).code, Some(code));
        assert_eq!(hint(&as_id, id), ACCESS_TOKEN, "{id}");
    }
    // Where an access token is wanted, that is no news.
    let as_access = verifier.explain_access_token(&raw, &keys, now());
    assert_eq!(line(&as_access, "aud").code, Some(Code::AudMismatch));
    assert_eq!(hint(&as_access, "aud"), "");

    let for_another = plain(&json!({"aud": "api", "azp": "my-client"}));
    assert_eq!(hint(&for_another, "aud"), ACCESS_TOKEN);
    assert_eq!(hint(&plain(&json!({"aud": "api"})), "aud"), "");
}

#[test]
fn times_that_are_off_say_by_how_much() {
    let change = |policy: PolicyBuilder| {
        let policy = policy.clock_tolerance(Tolerance::all(0)).max_age(60);
        policy.max_token_age(50).max_lifetime(1000)
    };
    let at = |changes: Value| report(ISSUER, change, &changes);
    let now = now().as_secs();
    for (id, changes, says) in [
        ("exp", json!({"exp": now - 100}), "it expired 100 s ago"),
        ("exp", json!({"exp": now}), "it expired 0 s ago"),
        (
            "iat",
            json!({"iat": now + 400}),
            "it lies 400 s ahead of this clock",
        ),
        (
            "nbf",
            json!({"nbf": now + 1}),
            "it lies 1 s ahead of this clock",
        ),
        (
            "auth_time",
            json!({"auth_time": now - 61}),
            "it lies 61 s back",
        ),
        ("token_age", json!({"iat": now - 51}), "it lies 51 s back"),
        (
            "lifetime",
            json!({"exp": now + 1001}),
            "it lives for 1001 s in all",
        ),
    ] {
        let report = at(changes);
        assert_eq!(line(&report, id).status, Status::Fail, "{id}");
        assert_eq!(hint(&report, id), says, "{id}");
    }
}

#[test]
fn a_required_claim_is_named_by_the_refusal() {
    for (file, id, code) in [
        ("required", "required-false-missing", Code::ClaimMissing),
        ("purposes", "each-required-id", Code::ClaimMismatch),
    ] {
        let rejection = refusal(&Case::read(file, id), &expected());
        assert_eq!(rejection.code(), code);
        assert!(
            rejection.claim().is_some_and(|name| !name.is_empty()),
            "{id}"
        );
        let json = serde_json::to_value(&rejection).expect("JSON");
        assert_eq!(json.get("claim").and_then(Value::as_str), rejection.claim());
    }
}

#[test]
fn a_demand_that_cannot_be_read_is_named() {
    for (demand, says) in [
        (
            "null",
            "hd: must be a string, a number, true, false or an object",
        ),
        (r#"{"glob": 5}"#, "hd: glob must be a non-empty string"),
    ] {
        let policy = Policy::builder(ISSUER, "c").required_claims(format!(r#"{{"hd": {demand}}}"#));
        let rejection = policy.build().expect_err("refused");
        assert_eq!(rejection.code(), Code::ConfigInvalidOption);
        assert_eq!(rejection.hint(), Some(says));
    }
}

#[test]
fn a_signature_that_was_cut_is_told_from_a_wrong_one() {
    let mut case = Case::read("signature", "sig-rs256-good");
    let whole = case.token.clone();
    // Four characters are three bytes, so what is left is base64url.
    case.token.truncate(whole.len() - 6);
    assert_eq!(
        refusal(&case, &expected()).hint(),
        Some("it has 252 bytes, and the key needs 256: the token was cut or changed")
    );
    let (signed, signature) = whole.rsplit_once('.').expect("dots");
    let first = if signature.starts_with('B') { "C" } else { "B" };
    case.token = format!("{signed}.{first}{}", signature.get(1..).expect("signature"));
    let rejection = refusal(&case, &expected());
    assert_eq!(rejection.code(), Code::SignatureInvalid);
    assert_eq!(rejection.hint(), None);
    let report = Verifier::new(&case.policy).explain(&case.token, &case.keys, &expected());
    let shown = line(&report, "signature").expected;
    assert_eq!(shown.as_deref(), Some("RS256 by rsa-1"));
}

#[test]
fn a_hash_says_what_it_is_of() {
    let report = plain(&json!({"at_hash": "x", "c_hash": "x", "s_hash": "x"}));
    for (id, what) in [
        ("at_hash", "access token"),
        ("c_hash", "code"),
        ("s_hash", "state"),
    ] {
        let says = format!("the left half of the SHA-256 of the {what}");
        assert_eq!(line(&report, id).expected, Some(says));
    }
}

#[test]
fn a_refused_logout_token_has_a_status_of_its_own() {
    let status = |id: &str| {
        let case = Case::read("logout", id);
        let verifier = Verifier::new(&case.policy);
        let verdict = verifier.verify_logout(&case.token, &case.keys, now());
        verdict.expect_err("refused").status()
    };
    for id in ["logout-forged", "logout-key-not-found", "logout-nonce"] {
        assert_eq!(status(id), 400, "{id}");
    }
    let access = Case::read("logout", "logout-forged");
    let verifier = Verifier::new(&access.policy);
    for verdict in [
        verifier.require_access_token(&access.token, &access.keys, now()),
        verifier.verify(&access.token, &access.keys, &expected()),
    ] {
        assert_eq!(verdict.expect_err("refused").status(), 401);
    }
    // Before any key is at hand, too.
    let request = |purpose| {
        let refused = verifier.key_request(purpose, "a.b", &expected());
        refused.expect_err("refused").status()
    };
    assert_eq!([request(Purpose::Logout), request(Purpose::Id)], [400, 401]);
    // What the provider or the caller is at fault for stays theirs.
    let of = |code: Code| Purpose::Logout.refusal(code.into()).status();
    assert_eq!([of(Code::JwksInvalid), of(Code::ConfigTime)], [503, 500]);
    assert_eq!(of(Code::ReplayDetected), 400);
}

#[test]
fn what_is_wrong_with_the_caller_is_said() {
    let hint = |rejection: Rejection| String::from(rejection.hint().unwrap_or_default());
    let none = Issuers::new(Vec::new()).expect_err("refused");
    assert_eq!(hint(none), "the list of policies is empty");
    let skew = Policy::builder(ISSUER, "c").clock_tolerance(Tolerance::all(301));
    assert_eq!(
        hint(skew.build().expect_err("refused")),
        "the clock tolerance is at most 300 seconds"
    );
    let response_type = expected()
        .response_type("code+id_token")
        .expect_err("refused");
    assert!(hint(response_type).contains("code, id_token and token"));
    let (_, keys, policy) = good();
    let refused = |raw: &str| Verifier::new(&policy).verify(raw, &keys, &expected());
    assert_eq!(
        hint(refused("").expect_err("refused")),
        "it is empty or no string"
    );
    assert!(hint(refused("a.b").expect_err("refused")).contains("opaque access token"));
    let limits = idtoken::Limits::default();
    let address =
        idtoken::KeySet::from_json("https://idp.example/jwks", idtoken::alg::ALL, &limits);
    let address = address.expect_err("refused");
    assert_eq!(address.code(), Code::JwksInvalid);
    assert!(hint(address).starts_with("this is an address"));
}

#[test]
fn missing_keys_are_those_of_an_issuer_with_a_name() {
    let (raw, _, policy) = good();
    let issuers = Issuers::new(vec![policy]).expect("issuers");
    let none: std::collections::BTreeMap<String, idtoken::KeySet> = Default::default();
    let verdict = Verifier::of_issuers(&issuers).verify(&raw, &none, &expected());
    let hint = verdict.expect_err("refused");
    assert_eq!(
        hint.hint(),
        Some("there is no key set for https://idp.example")
    );
}

#[test]
fn outside_a_login_nothing_but_the_time_is_expected() {
    let read = |purpose, text: &str| Expectations::from_json_for(purpose, text, Spelling::Snake);
    for purpose in [Purpose::Logout, Purpose::Access] {
        assert!(read(purpose, r#"{"now": 1800000000}"#).is_ok());
        let refused = read(purpose, r#"{"now": 1800000000, "nonce": "not_checked"}"#);
        assert_eq!(
            refused.expect_err("refused").code(),
            Code::ConfigUnknownOption
        );
        let refused = read(purpose, "{}").expect_err("refused");
        assert_eq!(refused.code(), Code::ConfigTime);
    }
    let refused = read(Purpose::Id, r#"{"now": 1800000000}"#).expect_err("refused");
    assert_eq!(refused.code(), Code::ConfigNoncePolicy);
}

#[test]
fn a_stored_token_is_read_back_as_the_previous_one() {
    let (raw, keys, policy) = good();
    let verifier = Verifier::new(&policy);
    let token = verifier.verify(&raw, &keys, &expected()).expect("token");
    let stored = json!({
        "now": now().as_secs(), "nonce": {"equals": NONCE},
        "previous": serde_json::from_str::<Value>(&token.to_json()).expect("JSON"),
    });
    let again = Expectations::from_json(stored.to_string(), Spelling::Snake).expect("expectations");
    assert!(verifier.verify(&raw, &keys, &again).is_ok());
}

#[test]
fn a_report_prints_as_a_table() {
    let text = plain(&json!({"aud": "other"})).to_string();
    assert!(text.starts_with("Refused\n"), "{text}");
    let row = text.lines().find(|row| row.contains(" aud "));
    assert_eq!(
        row,
        Some("FAIL  aud                R69   aud_mismatch; expected my-client; found other")
    );
    let row = text.lines().find(|row| row.contains(" acr "));
    assert_eq!(
        row,
        Some("skip  acr                R85  (the policy demands no acr)")
    );
    assert_eq!(Code::AudMismatch.to_string(), "aud_mismatch");
    let accepted = Expectations::at(now()).nonce(Nonce::NotChecked);
    let (raw, keys, policy) = good();
    let accepted = Verifier::new(&policy).explain(raw, &keys, &accepted);
    assert!(accepted.to_string().starts_with("Accepted\n"));
}
