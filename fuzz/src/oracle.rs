//! Every must of an accepted token, checked once more and otherwise: over serde_json, and over the policy as JSON.

use idtoken::IdToken;
use serde_json::Value;

use crate::demands;
use crate::keys;
use crate::scenario::{NOW, Scenario, TENANT, half_hash, sent_nonce};
use crate::tree::{Reading, Tree};

/// Dates of more than 15 digits may be read a few units in the last place apart.
const SLACK: f64 = 1e-5;

/// Everything that must hold of an accepted token.
pub fn accepted(case: &Scenario, token: &IdToken) {
    // Nothing but what was signed can be accepted, whatever was done to the token afterwards.
    let (signed, _) = case.token.rsplit_once('.').expect("a signature");
    assert_eq!(signed, case.signed, "accepted, but never signed");
    let (header, payload) = signed.split_once('.').expect("two parts");
    let (Some(header), Some(claims)) = (read(header), read(payload)) else {
        return;
    };
    check_header(&case.policy, &header);
    check_identity(&case.policy, &header, &claims);
    check_times(&case.policy, &claims, token);
    check_login(&case.policy, &claims);
    check_request(case, &header, &claims);
    demands::check(&case.policy["required_claims"], &claims);
    check_api(token, &header, &claims);
}

/// `None` where a claim that nobody looks at holds a number beyond any f64: we keep it as text, serde_json cannot.
fn read(part: &str) -> Option<Tree> {
    let bytes = keys::decode(part).expect("base64url");
    let tree = match Tree::read(&bytes) {
        Reading::Json(tree) => tree,
        Reading::NumberRange => return None,
        Reading::No(why) => panic!("accepted, but serde_json says {why}"),
    };
    assert!(matches!(tree, Tree::Object(_)), "accepted, but no object");
    assert!(
        !tree.has_duplicates(),
        "accepted, but with duplicate members"
    );
    assert!(
        !tree.has_member("__proto__"),
        "accepted, but with __proto__"
    );
    Some(tree)
}

fn check_header(policy: &Value, header: &Tree) {
    let alg = header.get("alg").and_then(Tree::as_str).expect("alg");
    let is_edwards = |name: &str| matches!(name, "EdDSA" | "Ed25519");
    let listed = texts(&policy["algorithms"]);
    let listed = if policy["algorithms"].is_null() {
        vec!["RS256"]
    } else {
        listed
    };
    let allows = |name: &&str| *name == alg || is_edwards(name) && is_edwards(alg);
    assert!(
        listed.iter().any(allows),
        "accepted, but {alg} is not allowed"
    );
    for name in ["crit", "b64", "zip", "cty"] {
        assert!(header.get(name).is_none(), "accepted, but with {name}");
    }
    if let Some(typ) = header.get("typ") {
        let typ = typ.as_str().expect("typ").to_ascii_lowercase();
        assert!(
            matches!(&*typ, "jwt" | "application/jwt"),
            "accepted, but of type {typ}"
        );
    }
    if let Some(kid) = header.get("kid") {
        let length = kid.as_str().expect("kid").len();
        assert!(
            (1..=256).contains(&length),
            "accepted, but with a kid of {length} bytes"
        );
    }
}

fn check_identity(policy: &Value, header: &Tree, claims: &Tree) {
    let text = |name| claims.get(name).and_then(Tree::as_str);
    let iss = text("iss").expect("iss");
    match policy["tenants"]["allow"].as_array() {
        Some(_) => {
            let template = policy["issuer"].as_str().expect("issuer");
            let (before, after) = (template.split('{').next(), template.split('}').next_back());
            let tid = text(policy["tenants"]["claim"].as_str().expect("claim")).expect("tenant");
            assert!(
                texts(&policy["tenants"]["allow"]).contains(&tid),
                "accepted another tenant"
            );
            let filled = format!("{}{tid}{}", before.expect("text"), after.expect("text"));
            assert_eq!(iss, filled, "accepted another issuer, tenant {TENANT}");
        }
        None => {
            let issuer = policy["issuer"].as_str().expect("issuer");
            let is_known = iss == issuer || texts(&policy["issuer_aliases"]).contains(&iss);
            assert!(is_known, "accepted, but from {iss}");
        }
    }
    let sub = text("sub").expect("sub");
    assert!(
        (1..=255).contains(&sub.len()) && sub.is_ascii() && !sub.contains('\0'),
        "accepted sub {sub:?}"
    );
    let clients = texts(&policy["client_id"]);
    let aud = claims.get("aud").expect("aud");
    let audiences = aud
        .as_str()
        .map(|one| vec![one])
        .or_else(|| aud.strings())
        .expect("aud of strings");
    assert!(
        audiences.iter().any(|name| clients.contains(name)),
        "accepted, but for {audiences:?}"
    );
    let trusted = texts(&policy["trusted_audiences"]);
    let is_known = |name: &&str| clients.contains(name) || trusted.contains(name);
    assert!(
        audiences.iter().all(is_known),
        "accepted, but also for {audiences:?}"
    );
    let parties = texts(&policy["authorized_parties"]);
    let parties = if parties.is_empty() { clients } else { parties };
    if policy["azp"] != "ignore" {
        if let Some(azp) = claims.get("azp") {
            assert!(
                parties.contains(&azp.as_str().expect("azp")),
                "accepted, but asked for by {azp:?}"
            );
        } else {
            let needs_one = policy["azp"] == "require_when_multi_aud" && audiences.len() > 1;
            assert!(!needs_one, "accepted without azp");
        }
    }
    for name in ["iss", "sub", "aud"] {
        if let Some(copy) = header.get(name) {
            assert_eq!(
                Some(copy),
                claims.get(name),
                "accepted, but the header contradicts {name}"
            );
        }
    }
}

fn check_times(policy: &Value, claims: &Tree, token: &IdToken) {
    let now = NOW as f64;
    // A date as issuers write it is compared exactly; a long spelling may be read a little apart.
    let is_plain = |name| {
        let value = token.claims().get(name);
        value.is_none_or(|value| value.raw().len() <= 15 && !value.raw().contains(['e', 'E']))
    };
    let names = ["exp", "iat", "nbf", "auth_time"];
    let slack = if names.into_iter().all(is_plain) {
        0.0
    } else {
        SLACK
    };
    let number = |name| {
        claims
            .get(name)
            .map(|value| value.as_f64().unwrap_or_else(|| panic!("{name} {value:?}")))
    };
    let tolerance = |name: &str| match &policy["clock_tolerance"] {
        Value::Object(each) => each.get(name).and_then(Value::as_f64).unwrap_or(60.0),
        all => all.as_f64().unwrap_or(60.0),
    };
    let (exp, iat) = (number("exp").expect("exp"), number("iat").expect("iat"));
    assert!(
        exp > now - tolerance("exp") - slack,
        "accepted, but expired at {exp}"
    );
    assert!(
        iat <= now + tolerance("iat") + slack,
        "accepted, but issued at {iat}"
    );
    assert!(
        exp > iat - slack,
        "accepted, but it expires before it is issued"
    );
    let longest = policy["max_lifetime"].as_f64().unwrap_or(86_400.0);
    assert!(
        exp - iat <= longest + slack,
        "accepted, but it lives for {}",
        exp - iat
    );
    assert!(exp < 1e11, "accepted, but in milliseconds");
    if let Some(nbf) = number("nbf") {
        assert!(
            nbf <= now + tolerance("nbf") + slack,
            "accepted, but not valid before {nbf}"
        );
    }
    if let Some(most) = policy["max_token_age"].as_f64() {
        assert!(
            now - iat <= most + tolerance("iat") + slack,
            "accepted, but issued at {iat}"
        );
    }
    if let Some(most) = policy["max_age"].as_f64() {
        let time = number("auth_time").expect("auth_time");
        assert!(
            now - time <= most + tolerance("iat") + slack,
            "accepted, but logged in at {time}"
        );
        assert!(
            time <= now + tolerance("iat") + slack,
            "accepted, but logged in at {time}"
        );
    }
}

fn check_login(policy: &Value, claims: &Tree) {
    let levels = match &policy["acr_ladder"] {
        Value::Null => texts(&policy["acr_values"]),
        ladder => {
            let levels = texts(&ladder["levels"]);
            let from = levels
                .iter()
                .position(|level| Some(*level) == ladder["at_least"].as_str());
            levels[from.expect("at_least")..].to_vec()
        }
    };
    if !levels.is_empty() {
        let acr = claims.get("acr").and_then(Tree::as_str).expect("acr");
        assert!(acr != "0" && levels.contains(&acr), "accepted acr {acr}");
    }
    let (all, any) = (texts(&policy["amr_all"]), texts(&policy["amr_any"]));
    if !all.is_empty() || !any.is_empty() {
        let used = claims.get("amr").and_then(Tree::strings).expect("amr");
        assert!(
            all.iter().all(|method| used.contains(method)),
            "accepted amr {used:?}"
        );
        assert!(
            any.is_empty() || any.iter().any(|method| used.contains(method)),
            "accepted amr {used:?}"
        );
    }
}

/// What ties the token to this request: nonce, hashes, the token before.
fn check_request(case: &Scenario, header: &Tree, claims: &Tree) {
    let expected = &case.expectations;
    let nonce = claims.get("nonce");
    let may_lack = nonce.is_none() && !expected["previous"].is_null();
    if expected["nonce"]["equals"].is_string() && !may_lack {
        let sent = sent_nonce(&case.policy);
        assert_eq!(
            nonce.and_then(Tree::as_str),
            Some(&*sent),
            "accepted another nonce"
        );
    }
    if expected["nonce"] == "none_sent" {
        assert!(nonce.is_none(), "accepted a nonce that nobody sent");
    }
    let alg = header.get("alg").and_then(Tree::as_str).expect("alg");
    let words = expected["response_type"].as_str().unwrap_or("code");
    let has = |word| words.split(' ').any(|other| other == word);
    let hashes = [
        ("at_hash", "access_token", has("id_token") && has("token")),
        ("c_hash", "code", has("id_token") && has("code")),
        ("s_hash", "state", case.policy["s_hash"] == "required"),
    ];
    for (claim, of, is_mandatory) in hashes {
        assert!(
            !is_mandatory || claims.get(claim).is_some(),
            "accepted without {claim}"
        );
        if let (Some(hash), Some(text)) = (claims.get(claim), expected[of].as_str()) {
            assert_eq!(
                hash.as_str(),
                Some(&*half_hash(alg, text)),
                "accepted another {claim}"
            );
        }
    }
    if !expected["previous"].is_null() {
        for name in ["iss", "sub"] {
            let before = expected["previous"]["claims"][name].as_str();
            assert_eq!(
                claims.get(name).and_then(Tree::as_str),
                before,
                "refreshed, but another {name}"
            );
        }
    }
    let events = claims
        .get("events")
        .and_then(|events| events.get("http://schemas.openid.net/event/backchannel-logout"));
    assert!(events.is_none(), "accepted a logout token");
}

/// What the API gives is what was signed.
fn check_api(token: &IdToken, header: &Tree, claims: &Tree) {
    let members: Vec<_> = token.claims().iter().collect();
    assert_eq!(
        members.len(),
        claims.members().len(),
        "the members of the claims"
    );
    for ((name, value), (their_name, theirs)) in members.iter().zip(claims.members()) {
        assert_eq!(name, their_name);
        crate::json::same(*value, theirs);
    }
    for (name, theirs) in header.members() {
        crate::json::same(
            token.header().get(name).expect("a header parameter"),
            theirs,
        );
    }
    assert_eq!(
        claims.get("sub").and_then(Tree::as_str),
        Some(&*token.subject())
    );
    let Reading::Json(whole) = Tree::read(token.to_json().as_bytes()) else {
        panic!("to_json is no JSON");
    };
    assert_eq!(
        (whole.get("claims"), whole.get("header")),
        (Some(claims), Some(header))
    );
}

/// The strings of a list, or the one string.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// Equal but for the last digits.
pub fn is_close(a: f64, b: f64) -> bool {
    // Numbers near the smallest have fewer digits to agree in.
    (a - b).abs() <= b.abs() * 1e-14 + 1e-300
}
