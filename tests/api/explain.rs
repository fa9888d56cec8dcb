//! What `explain` and the hints say to the person who has to find out why. Most tokens here have no good signature: a
//! report looks at the claims all the same.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use idtoken::{
    Code, Line, NonceTransform, Policy, PolicyBuilder, Report, Status, TokenKind, Tolerance,
    Verdict, Verifier, classify,
};
use serde_json::{Value, json};

use crate::{Case, NONCE, expected, now};

const NOW: u64 = 1_800_000_000;

/// A compact token without a good signature.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |json: &Value| BASE64.encode(json.to_string());
    format!("{}.{}.AAAA", part(header), part(claims))
}

/// The claims of a good ID Token, with some of them changed.
pub(crate) fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "iss": "https://idp.example", "sub": "248289761001", "aud": "my-client", "nonce": NONCE, "iat": NOW, "exp": NOW + 300
    });
    let all = claims.as_object_mut().expect("object");
    all.extend(changes.as_object().expect("object").clone());
    claims
}

pub(crate) fn report(
    issuer: &str,
    change: impl FnOnce(PolicyBuilder) -> PolicyBuilder,
    changes: &Value,
) -> Report {
    let policy = change(Policy::builder(issuer, "my-client")).build();
    let raw = unsigned(&json!({"alg": "RS256", "kid": "rsa-1"}), &claims(changes));
    let (_, keys, _) = crate::good();
    Verifier::new(&policy.expect("policy")).explain(raw, &keys, &expected())
}

pub(crate) fn line(report: &Report, id: &str) -> Line {
    let line = report.checks.iter().find(|line| line.id == id);
    line.expect("a line of this name").clone()
}

pub(crate) fn hint(report: &Report, id: &str) -> String {
    line(report, id).hint.unwrap_or_default()
}

pub(crate) fn status(report: &Report, id: &str) -> Status {
    line(report, id).status
}

const ISSUER: &str = "https://idp.example";
const TEMPLATE: &str = "https://login.example/{tenantid}/v2.0";
const TENANT: &str = "6babcaad-604b-40ac-a9d7-9fd97c0b779f";
const OTHER: &str = "00000000-0000-0000-0000-000000000001";

#[test]
fn every_time_in_milliseconds_is_called_by_its_name() {
    let ms = NOW * 1000;
    let at = |name: &str| report(ISSUER, |policy| policy.max_age(60), &json!({name: ms}));
    for name in ["iat", "nbf", "auth_time"] {
        let report = at(name);
        assert_eq!(status(&report, name), Status::Fail, "{name}");
        assert_eq!(hint(&report, name), "it looks like milliseconds", "{name}");
    }
    assert_eq!(
        line(&at("exp"), "lifetime").code,
        Some(Code::TimeLooksLikeMs)
    );
}

#[test]
fn each_time_has_its_own_tolerance() {
    let tolerance = Tolerance {
        exp: 10,
        nbf: 20,
        iat: 30,
    };
    let run = |name: &str, time: u64| {
        let change = |policy: PolicyBuilder| {
            let policy = policy.clock_tolerance(tolerance).max_lifetime(10_000);
            policy.max_age(100).max_token_age(1000)
        };
        report(ISSUER, change, &json!({name: time, "exp": NOW + 300}))
    };
    for (id, claim, last) in [
        ("nbf", "nbf", NOW + 20),
        ("iat", "iat", NOW + 30),
        ("auth_time", "auth_time", NOW + 30),
    ] {
        assert_eq!(status(&run(claim, last), id), Status::Pass, "{id}");
        assert_eq!(status(&run(claim, last + 1), id), Status::Fail, "{id}");
    }
    for (id, claim, first) in [
        ("auth_time", "auth_time", NOW - 100 - 30),
        ("token_age", "iat", NOW - 1000 - 30),
    ] {
        assert_eq!(status(&run(claim, first), id), Status::Pass, "{id}");
        assert_eq!(status(&run(claim, first - 1), id), Status::Fail, "{id}");
    }
}

#[test]
fn a_nonce_that_the_provider_hashed_is_told_from_a_foreign_one() {
    // SHA-256 of the nonce.
    let hex = "0823a09b54cb9381561068b00aaf4e539b3f54604631d3e6a820879b6b04cc19";
    let b64url = "CCOgm1TLk4FWEGiwCq9OU5s_VGBGMdPmqCCHm2sEzBk";
    let plain = |nonce: &str| report(ISSUER, |policy| policy, &json!({"nonce": nonce}));
    for (nonce, word) in [(hex, "sha256_hex"), (b64url, "sha256_b64url")] {
        let report = plain(nonce);
        assert_eq!(line(&report, "nonce").code, Some(Code::NonceMismatch));
        assert!(hint(&report, "nonce").ends_with(word), "{word}");
        let said = format!("{report:?}");
        assert!(!said.contains(NONCE) && !said.contains(nonce), "{said}");
    }
    assert_eq!(line(&plain("another"), "nonce").hint, None);
    let hashed = |policy: PolicyBuilder| policy.nonce_transform(NonceTransform::Sha256Hex);
    assert!(hint(&report(ISSUER, hashed, &json!({})), "nonce").ends_with("plain"));
}

#[test]
fn a_key_for_another_algorithm_is_named_with_it() {
    for (id, says) in [
        (
            "jwk-alg-other",
            "kid rsa-1 is for PS256; the token says RS256",
        ),
        (
            "rsa-key-es256-header",
            "kid rsa-1 is for RS256, RS384, RS512, PS256, PS384, PS512; the token says ES256",
        ),
    ] {
        let case = Case::read("keys", id);
        let verdict = Verifier::new(&case.policy).verify(&case.token, &case.keys, &expected());
        let rejection = verdict.expect_err("refused");
        assert_eq!(rejection.code(), Code::AlgKeyMismatch);
        assert_eq!(rejection.hint(), Some(says));
    }
}

#[test]
fn all_required_claims_that_are_not_met_are_listed() {
    let change =
        |policy: PolicyBuilder| policy.required_claims(r#"{"a":"x","b":{},"c":1,"d":true,"e":{}}"#);
    let report = report(
        ISSUER,
        change,
        &json!({"a": "y", "c": 1, "d": "true", "e": null}),
    );
    let line = line(&report, "required_claims");
    assert_eq!(line.code, Some(Code::ClaimMismatch));
    assert_eq!(
        line.hint.as_deref(),
        Some("a is not as required, b is missing, d has another type, e is not as required")
    );
    assert_eq!(
        line.expected.as_deref(),
        Some(r#"a: "x", b: {}, c: 1, d: true, e: {}"#)
    );
}

#[test]
fn tenants_are_explained() {
    let let_in = |policy: PolicyBuilder| policy.tenants("tid", [TENANT]);
    let run = |iss: &str, tid: Value| report(TEMPLATE, let_in, &json!({"iss": iss, "tid": tid}));
    let of = |tenant: &str| TEMPLATE.replace("{tenantid}", tenant);

    let foreign = run(&of(OTHER), json!(OTHER));
    assert_eq!(line(&foreign, "iss").code, Some(Code::TenantNotAllowed));
    assert_eq!(
        hint(&foreign, "iss"),
        "the tenant in iss is not in tenants.allow"
    );
    assert_eq!(
        line(&foreign, "iss").expected.as_deref(),
        Some("https://login.example/{tenantid}/v2.0 (tenants let in: 1)")
    );
    assert_eq!(status(&foreign, "tenant"), Status::Skip);

    let template = run(TEMPLATE, json!(TENANT));
    assert_eq!(line(&template, "iss").code, Some(Code::IssTemplateMismatch));
    assert!(hint(&template, "iss").contains("placeholder"));
    assert_eq!(status(&template, "tenant"), Status::Skip);
    assert_eq!(
        status(&run("https://other.example", json!(TENANT)), "tenant"),
        Status::Skip
    );

    for (tid, says) in [
        (json!(OTHER), "tid differs from the tenant in iss"),
        (json!(null), "tid is missing or no string"),
    ] {
        let swapped = line(&run(&of(TENANT), tid), "tenant");
        assert_eq!(swapped.code, Some(Code::IssTemplateMismatch));
        assert_eq!(swapped.hint.as_deref(), Some(says));
        assert_eq!(
            swapped.expected.as_deref(),
            Some("tid equal to the tenant in iss")
        );
    }
    assert_eq!(
        status(&run(&of(TENANT), json!(TENANT)), "tenant"),
        Status::Pass
    );
}

#[test]
fn a_tenant_where_the_policy_has_a_word_is_named() {
    let common = "https://login.example/common/v2.0";
    let run = |iss: String| {
        hint(
            &report(common, |policy| policy, &json!({"iss": iss})),
            "iss",
        )
    };
    assert!(run(common.replace("common", TENANT)).contains("tenants"));
    for far in [
        "https://login.example/other/v2.0",
        "https://login.example/6babcaad/v2.0",
    ] {
        assert_eq!(run(far.into()), "");
    }
    assert_eq!(run(common.replace("common", TENANT) + "/more"), "");
    assert_eq!(
        run(common.replace("common", TENANT).replace("v2", "v1")),
        ""
    );
}

#[test]
fn logout_and_access_tokens_are_explained_by_their_own_rows() {
    let ids = |report: &Report| report.checks.iter().map(|line| line.id).collect::<Vec<_>>();
    let explain = |case: &Case| {
        let verifier = Verifier::new(&case.policy);
        (
            verifier.explain(&case.token, &case.keys, &expected()),
            verifier.explain_logout(&case.token, &case.keys, now()),
            verifier.explain_access_token(&case.token, &case.keys, now()),
        )
    };
    let (id, logout, access) = explain(&Case::read("logout", "logout-good"));
    assert_eq!(logout.verdict, Verdict::Accepted);
    assert_eq!(id.verdict, Verdict::Refused);
    assert_eq!(line(&access, "typ").code, Some(Code::KindLogoutToken));
    assert!(ids(&logout).contains(&"logout_events") && !ids(&logout).contains(&"nonce"));

    let (id, logout, access) = explain(&Case::read("access", "access-good"));
    assert_eq!(access.verdict, Verdict::Accepted);
    assert_eq!(line(&id, "typ").code, Some(Code::KindAccessToken));
    assert_eq!(line(&logout, "typ").code, Some(Code::TypUnexpected));
    assert!(ids(&access).contains(&"acr") && !ids(&access).contains(&"azp"));
}

#[test]
fn an_untyped_token_is_judged_by_its_claims() {
    let kind = |changes: Value| classify(unsigned(&json!({"alg": "RS256"}), &claims(&changes)));
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let access = json!({"client_id": "c", "scope": "s", "nonce": null});
    assert_eq!(kind(json!({})), TokenKind::IdToken);
    assert_eq!(kind(json!({"events": {event: {}}})), TokenKind::LogoutToken);
    assert_eq!(kind(json!({"events": event})), TokenKind::IdToken);
    assert_eq!(kind(json!({"token_use": "access"})), TokenKind::AccessToken);
    assert_eq!(kind(access), TokenKind::IdToken);

    let bare = |changes: Value| {
        let mut all = claims(&changes);
        all.as_object_mut().expect("object").remove("nonce");
        classify(unsigned(&json!({"alg": "RS256"}), &all))
    };
    for scope in ["scope", "scp"] {
        assert_eq!(
            bare(json!({"client_id": "c", scope: "s"})),
            TokenKind::AccessToken
        );
        // Only an ID Token has the hash of an access token.
        let hashed = json!({"client_id": "c", scope: "s", "at_hash": "x"});
        assert_eq!(bare(hashed), TokenKind::IdToken);
    }
    assert_eq!(bare(json!({"scope": "s"})), TokenKind::IdToken);
    assert_eq!(bare(json!({"client_id": "c"})), TokenKind::IdToken);
}

#[test]
fn a_claim_of_the_wrong_type_is_not_shown() {
    let inside = json!({"nonce": "SECRET"});
    let wrong = json!({"nbf": inside, "acr": inside, "amr": [inside], "aud": ["my-client", "x"]});
    let report = report(
        ISSUER,
        |policy| policy.acr_values(["a"]).amr_any(["b"]),
        &wrong,
    );
    let text = serde_json::to_string(&report).expect("JSON");
    assert!(!text.contains("SECRET"), "{text}");
    let found = |id| line(&report, id).found.unwrap_or_default();
    assert_eq!(found("nbf"), "an object");
    assert_eq!(found("amr"), "a list");
    assert_eq!(found("aud"), r#"["my-client","x"]"#);
}

#[test]
fn a_key_of_another_issuer_is_not_called_rotated() {
    let (raw, _, policy) = crate::good();
    let jwks = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"rsa-1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","issuer":"https://other.example"}]}"#;
    let keys = idtoken::KeySet::from_json(jwks, idtoken::alg::ALL, policy.limits()).expect("keys");
    let report = Verifier::new(&policy).explain(raw, &keys, &expected());
    assert_eq!(line(&report, "key").code, Some(Code::KeyNotFound));
    assert!(hint(&report, "key").contains("another issuer"));
}
