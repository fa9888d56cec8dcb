//! Options as JSON: valid ones with one thing wrong, and what must hold of those that were taken.

use idtoken::{Expectations, Limits, Policy, Rejection, Spelling};

use crate::grammar::{self, member};
use crate::scenario;
use crate::source::Source;
use crate::tree::{Reading, Tree};

const OPTIONS: [&str; 30] = [
    "issuer",
    "issuer_aliases",
    "client_id",
    "trusted_audiences",
    "authorized_parties",
    "azp",
    "algorithms",
    "clock_tolerance",
    "max_lifetime",
    "max_token_age",
    "max_age",
    "acr_values",
    "acr_ladder",
    "amr_all",
    "amr_any",
    "required_claims",
    "s_hash",
    "tenants",
    "nonce_transform",
    "kid_absent",
    "limits",
    "now",
    "nonce",
    "access_token",
    "response_type",
    "previous",
    "max_token_bytes",
    "rsa_max_bits",
    "clientId",
    "__proto__",
];

const VALUES: [&str; 30] = [
    "\"https://idp.example\"",
    "\"http://localhost:3000\"",
    "\"http://idp.example\"",
    "\"https://\"",
    "\"https://a@b\"",
    "\"https://[::1]:80/x\"",
    "\"https://idp.example?x\"",
    "\"https://idp.example/{t}\"",
    "[\"RS256\"]",
    "[\"none\"]",
    "[\"HS256\"]",
    "[]",
    "{}",
    "0",
    "300",
    "301",
    "65536",
    "99999999999",
    "9999999999",
    "1800000000.5",
    "1800000000000",
    "-1",
    "{\"exp\":300,\"nbf\":301}",
    "{\"equals\":\"n\"}",
    "{\"equals\":\"\"}",
    "\"none_sent\"",
    "{\"levels\":[\"1\",\"2\"],\"at_least\":\"2\"}",
    "{\"claim\":\"tid\",\"allow\":[\"9188040d-6c67-4c5b-b112-36a304b66dad\"]}",
    "{\"a\":{\"glob\":\"*a*b*\"}}",
    "{\"max_keys\":0}",
];

/// Options from decisions.
pub fn build(source: &mut Source<'_>) -> String {
    // The first byte chose this function.
    source.byte();
    let base = match source.below(4) {
        3 => serde_json::json!({ "now": scenario::NOW, "nonce": { "equals": scenario::NONCE } }),
        2 => serde_json::json!({ "max_token_bytes": 65_536, "rsa_max_bits": 8192 }),
        _ => scenario::policy(source, "ES256"),
    };
    let is_camel = source.is_odd(3);
    let spelled = |name: &str| {
        if is_camel {
            Spelling::Camel.write(name)
        } else {
            name.to_owned()
        }
    };
    let mut members = Vec::new();
    for (name, value) in base.as_object().expect("options") {
        let name = spelled(name);
        match source.below(32) {
            31 => {}
            30 => members.push(member(&name, source.pick(&VALUES), source)),
            29 => {
                let value = grammar::value(source, 2);
                members.push(member(&name, &value, source));
            }
            _ => members.push(member(&name, &value.to_string(), source)),
        }
    }
    for _ in 0..source.below(3) {
        let name = spelled(source.pick(&OPTIONS));
        let value = if source.is_odd(4) {
            grammar::value(source, 2)
        } else {
            source.pick(&VALUES).to_owned()
        };
        members.push(member(&name, &value, source));
    }
    grammar::join('{', &members, '}', source)
}

/// What must hold of options that were taken, and of refusals.
pub fn check(
    text: &[u8],
    spelling: Spelling,
    policy: &Result<Policy, Rejection>,
    limits: &Result<Limits, Rejection>,
    expectations: &Result<Expectations<'static>, Rejection>,
) {
    let refusals = [
        policy.as_ref().err(),
        limits.as_ref().err(),
        expectations.as_ref().err(),
    ];
    for rejection in refusals.into_iter().flatten() {
        assert!(
            rejection.code().name().starts_with("config_"),
            "{rejection}"
        );
        assert_eq!(rejection.status(), 500);
        assert!(rejection.to_string().len() < 4096);
    }
    let tree = match Tree::read(text) {
        Reading::Json(tree) => tree,
        Reading::NumberRange => return,
        Reading::No(why) => {
            assert_eq!(
                refusals.iter().flatten().count(),
                3,
                "serde_json says {why}"
            );
            return;
        }
    };
    let is_any = refusals.iter().flatten().count() < 3;
    assert!(
        !is_any || !tree.has_duplicates(),
        "options with duplicates were taken"
    );
    let get = |name: &str| tree.get(&spelling.write(name));
    if let Ok(policy) = policy {
        check_policy(&get);
        check_limits(policy.limits());
    }
    if let Ok(limits) = limits {
        check_limits(limits);
    }
    if let Ok(expectations) = expectations {
        assert!((1_577_836_800..=99_999_999_999).contains(&expectations.now().as_secs()));
        let nonce = get("nonce").expect("nonce");
        let equals = nonce.get("equals").and_then(Tree::as_str);
        let is_named = matches!(nonce.as_str(), Some("none_sent" | "not_checked"));
        assert!(
            is_named || equals.is_some_and(|text| !text.is_empty()),
            "taken with the nonce {nonce:?}"
        );
    }
}

fn check_policy<'t>(get: &impl Fn(&str) -> Option<&'t Tree>) {
    let issuer = get("issuer").and_then(Tree::as_str).expect("issuer");
    let (scheme, rest) = issuer.split_once("://").expect("a URL");
    let authority = rest.split('/').next().expect("an authority");
    let is_loopback = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        authority
            .strip_prefix(host)
            .is_some_and(|port| port.is_empty() || port.starts_with(':'))
    });
    assert!(
        scheme == "https" || scheme == "http" && is_loopback,
        "taken: issuer {issuer}"
    );
    assert!(
        !authority.is_empty() && !issuer.contains(['?', '#', '@', ' ', '\\']),
        "taken: issuer {issuer}"
    );
    let client = get("client_id").expect("client_id");
    let clients = client
        .as_str()
        .map(|one| vec![one])
        .or_else(|| client.strings())
        .expect("clients");
    assert!(
        !clients.is_empty() && !clients.contains(&""),
        "taken: clients {clients:?}"
    );
    if let Some(algorithms) = get("algorithms") {
        let names = algorithms.strings().expect("algorithms");
        let is_known = |name: &&str| {
            crate::keys::ALGORITHMS
                .iter()
                .any(|(known, _)| known == name)
        };
        assert!(
            !names.is_empty() && names.iter().all(is_known),
            "taken: {names:?}"
        );
    }
    let each = get("clock_tolerance")
        .into_iter()
        .flat_map(|tolerance| match tolerance {
            Tree::Object(members) => members.iter().map(|(_, value)| value).collect(),
            one => vec![one],
        });
    for seconds in each {
        let seconds = seconds.as_f64().expect("seconds");
        assert!(
            (0.0..=300.0).contains(&seconds),
            "taken: a tolerance of {seconds} s"
        );
    }
}

fn check_limits(limits: &Limits) {
    assert!((1..=Limits::MAX_TOKEN_BYTES).contains(&limits.max_token_bytes));
    assert!((1..=Limits::MAX_JWKS_BYTES).contains(&limits.max_jwks_bytes));
    assert!((1..=Limits::MAX_RSA_BITS).contains(&limits.rsa_max_bits));
    assert!(limits.max_keys > 0 && limits.max_key_trials > 0);
}
