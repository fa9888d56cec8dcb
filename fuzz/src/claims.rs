//! Header and claims as text: what a sound issuer writes, and at any place something else.

use serde_json::{Value, json};

use crate::grammar::{self, member};
use crate::scenario::{ACCESS_TOKEN, CLIENT, ISSUER, NOW, TEMPLATE, TENANT, half_hash, sent_nonce};
use crate::source::Source;

/// The user.
pub const SUBJECT: &str = "248289761001";

/// A header; now and then with what does not belong there.
pub fn header(source: &mut Source<'_>, alg: &str, kid: Option<&str>) -> String {
    let mut members = Vec::new();
    add(source, &mut members, "alg", &json!(alg).to_string());
    if let Some(kid) = kid {
        add(source, &mut members, "kid", &json!(kid).to_string());
    }
    if source.is_odd(4) {
        let types = [
            "\"JWT\"",
            "\"jwt\"",
            "\"application/jwt\"",
            "\"at+jwt\"",
            "\"logout+jwt\"",
            "\"id_token+cnf\"",
            "\"JOSE\"",
            "5",
        ];
        let typ = source.pick(&types);
        members.push(member("typ", typ, source));
    }
    let extras: &[(&str, &str)] = &[
        ("crit", "[\"b64\"]"),
        ("crit", "[]"),
        ("b64", "true"),
        ("b64", "false"),
        ("zip", "\"DEF\""),
        ("cty", "\"JWT\""),
        ("jwk", "{}"),
        ("jku", "\"https://evil.example\""),
        ("x5c", "[]"),
        ("iss", "\"https://idp.example\""),
        ("iss", "\"x\""),
        ("sub", "\"248289761001\""),
        ("aud", "[\"my-client\"]"),
        ("aud", "\"my-client\""),
        ("alg", "\"none\""),
    ];
    if source.is_odd(8) {
        let (name, value) = source.pick(extras);
        members.push(member(name, value, source));
    }
    finish(source, members)
}

/// Claims that the policy would take; now and then others.
pub fn claims(source: &mut Source<'_>, policy: &Value, expectations: &Value, alg: &str) -> String {
    let mut members = Vec::new();
    let sound_issuer = match policy["tenants"].is_null() {
        true => ISSUER.to_owned(),
        false => TEMPLATE.replace("{tenantid}", TENANT),
    };
    let issuer = match source.below(24) {
        23 => "accounts.idp.example".to_owned(),
        22 => format!("{sound_issuer}/"),
        21 => "https://idp.example.evil.example".to_owned(),
        20 => TEMPLATE.to_owned(),
        _ => sound_issuer,
    };
    add(source, &mut members, "iss", &json!(issuer).to_string());
    let long = [255, 256].map(|length| format!("\"{}\"", "s".repeat(length)));
    let subject = match source.below(24) {
        23 => long[0].clone(),
        22 => long[1].clone(),
        21 => source
            .pick(&["\"\"", "\"\u{e9}\"", "\"a\\u0000\"", "5"])
            .to_owned(),
        _ => json!(SUBJECT).to_string(),
    };
    add(source, &mut members, "sub", &subject);
    let audiences = [
        "[\"my-client\"]",
        "[\"my-client\",\"api\"]",
        "[\"api\",\"my-client\",\"evil\"]",
        "[]",
        "[\"my-client\",5]",
        "\"my-other\"",
        "\"my-client2\"",
        "[[\"my-client\"]]",
        "\"my-client my-other\"",
        "[\"my-client\",\"my-client\"]",
        "\"my\\u002dclient\"",
    ];
    let audience = if source.is_odd(6) {
        source.pick(&audiences).to_owned()
    } else {
        json!(CLIENT).to_string()
    };
    add(source, &mut members, "aud", &audience);
    let exp = time(source, 300);
    add(source, &mut members, "exp", &exp);
    let iat = time(source, -10);
    add(source, &mut members, "iat", &iat);
    if expectations["nonce"] != "none_sent" {
        add(
            source,
            &mut members,
            "nonce",
            &json!(sent_nonce(policy)).to_string(),
        );
    }
    if source.is_odd(6) {
        let nbf = time(source, -10);
        add(source, &mut members, "nbf", &nbf);
    }
    if source.is_odd(6) {
        let azp = source.pick(&["\"my-client\"", "\"my-portal\"", "\"evil\"", "null"]);
        add(source, &mut members, "azp", azp);
    }
    demanded(source, &mut members, policy, expectations, alg);
    if source.is_odd(6) {
        for _ in 0..source.below(4) {
            let (name, value) = (source.pick(grammar::NAMES), grammar::value(source, 3));
            members.push(member(name, &value, source));
        }
    }
    finish(source, members)
}

/// The claims that only some policies look at, where the policy does or the input says so.
fn demanded(
    source: &mut Source<'_>,
    members: &mut Vec<String>,
    policy: &Value,
    expectations: &Value,
    alg: &str,
) {
    let is_wanted =
        |source: &mut Source<'_>, option: &str| !policy[option].is_null() || source.is_odd(16);
    if is_wanted(source, "max_age") {
        let auth_time = time(source, -5);
        add(source, members, "auth_time", &auth_time);
    }
    if is_wanted(source, "acr_values") {
        let acr = source.pick(&["\"gold\"", "\"silver\"", "\"0\"", "\"bronze\"", "0"]);
        add(source, members, "acr", acr);
    }
    if is_wanted(source, "amr_all") || is_wanted(source, "amr_any") {
        let amr = source.pick(&[
            "[\"pwd\",\"otp\"]",
            "[\"otp\"]",
            "[\"pwd\"]",
            "\"pwd\"",
            "[1]",
        ]);
        add(source, members, "amr", amr);
    }
    if is_wanted(source, "required_claims") {
        let more = [
            ("email_verified", "true"),
            ("groups", "[\"staff\"]"),
            ("level", "2.5"),
            ("ref", "\"refs/x/main\""),
        ];
        for (name, value) in more {
            add(source, members, name, value);
        }
    }
    if is_wanted(source, "tenants") {
        add(source, members, "tid", &json!(TENANT).to_string());
    }
    let hash = json!(half_hash(alg, ACCESS_TOKEN)).to_string();
    for (claim, of) in [
        ("at_hash", "access_token"),
        ("c_hash", "code"),
        ("s_hash", "state"),
    ] {
        if !expectations[of].is_null() && !source.is_odd(4) {
            add(source, members, claim, &hash);
        }
    }
    if source.is_odd(16) {
        let events = r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#;
        add(source, members, "events", events);
    }
}

/// A member as it should be, or not: absent, of another kind, twice, or with its name spelled otherwise.
fn add(source: &mut Source<'_>, members: &mut Vec<String>, name: &str, sound: &str) {
    let escaped = format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..]);
    match source.below(32) {
        31 => {}
        30 => {
            let value = grammar::value(source, 2);
            members.push(member(name, &value, source));
        }
        29 => members.push(member(&escaped, sound, source)),
        28 => {
            let value = grammar::value(source, 1);
            members.push(member(name, &value, source));
            members.push(member(source.pick(&[name, &escaped]), sound, source));
        }
        27 => members.push(member(&name.to_ascii_uppercase(), sound, source)),
        _ => members.push(member(name, sound, source)),
    }
}

/// A date at or around a boundary, in one of the forms a number may have.
fn time(source: &mut Source<'_>, sound: i64) -> String {
    const DELTAS: &[i64] = &[
        -86_401, -86_400, -3600, -611, -610, -601, -301, -300, -299, -71, -70, -61, -60, -59, -11,
        -10, -6, -5, -1, 0, 1, 4, 5, 6, 59, 60, 61, 290, 299, 300, 301, 3600, 86_389, 86_390,
        86_391, 86_400,
    ];
    let delta = if source.is_odd(6) {
        source.pick(DELTAS)
    } else {
        sound
    };
    let date = NOW + delta;
    match source.below(32) {
        31 => format!("{date}.0"),
        30 => format!("{date}.5"),
        29 => format!("{date}.999999"),
        28 => format!("{date}.0000001"),
        27 => format!("{date}000e-3"),
        26 => format!("{}.{:09}e9", date / 1_000_000_000, date % 1_000_000_000),
        25 => format!("{date}000"),
        24 => format!("\"{date}\""),
        23 => format!("-{date}"),
        22 => format!("{}.9999999999", date - 1),
        21 => format!("{date}.00000000000000000000000000001"),
        20 => source
            .pick(&[
                "1e400",
                "9007199254740993",
                "99999999999",
                "100000000000",
                "-0",
                "null",
                "1e308",
            ])
            .to_owned(),
        _ => date.to_string(),
    }
}

fn finish(source: &mut Source<'_>, mut members: Vec<String>) -> String {
    if source.is_odd(4) {
        members.reverse();
    }
    let text = grammar::join('{', &members, '}', source);
    match source.below(32) {
        31 => format!("\u{feff}{text}"),
        30 => format!("{text}\0"),
        29 => format!("[{text}]"),
        28 => grammar::value(source, 3),
        _ => format!("{}{text}{}", grammar::space(source), grammar::space(source)),
    }
}
