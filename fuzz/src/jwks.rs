//! Key sets: good keys with bad company, and what must hold of those that were imported.

use idtoken::{Code, KeySet, Rejection};

use crate::grammar::{self, member};
use crate::keys;
use crate::source::Source;
use crate::tree::{Reading, Tree};

const KIDS: [&str; 13] = [
    "p256-1", "ed-1", "rsa-1", "p384-1", "p521-1", "p256-2", "ed-2", "rsa-2", "rsa-1024",
    "rsa-4096", "rsa-8192", "rsa-e3", "k256-1",
];

const MEMBERS: [&str; 22] = [
    "kid",
    "kty",
    "crv",
    "x",
    "y",
    "n",
    "e",
    "use",
    "key_ops",
    "alg",
    "issuer",
    "d",
    "p",
    "oth",
    "k",
    "priv",
    "x5c",
    "x5t",
    "ext",
    "__proto__",
    "\\u0064",
    "",
];

const VALUES: [&str; 22] = [
    "\"sig\"",
    "\"enc\"",
    "[\"verify\"]",
    "[\"sign\"]",
    "[\"verify\",\"verify\"]",
    "[]",
    "\"ES256\"",
    "\"RS256\"",
    "\"Ed25519\"",
    "\"HS256\"",
    "\"oct\"",
    "\"RSA\"",
    "\"EC\"",
    "\"OKP\"",
    "\"P-256\"",
    "\"P-384\"",
    "\"AQAB\"",
    "\"AAEAAQ\"",
    "\"\"",
    "null",
    "0",
    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
];

/// A set from decisions.
pub fn build(source: &mut Source<'_>) -> String {
    // The first byte chose this function.
    source.byte();
    let count = if source.is_odd(32) {
        source.pick(&[0, 63, 64, 65])
    } else {
        1 + source.below(4)
    };
    let keys: Vec<_> = (0..count).map(|_| key(source)).collect();
    let keys = grammar::join('[', &keys, ']', source);
    let mut members = vec![member("keys", &keys, source)];
    if source.is_odd(8) {
        let value = grammar::value(source, 3);
        members.push(member(
            source.pick(&["x", "keys", "k\\u0065ys", "__proto__"]),
            &value,
            source,
        ));
    }
    grammar::join('{', &members, '}', source)
}

fn key(source: &mut Source<'_>) -> String {
    if source.is_odd(16) {
        return grammar::value(source, 3);
    }
    let kid = source.pick(&KIDS);
    let jwk = if source.is_odd(16) {
        keys::private_jwk(kid).clone()
    } else {
        keys::public_jwk(kid)
    };
    let mut members = Vec::new();
    for (name, value) in jwk.as_object().expect("a key") {
        let value = value.to_string();
        match source.below(32) {
            31 => {}
            30 => members.push(member(name, source.pick(&VALUES), source)),
            29 => members.push(member(name, &changed(&value, source), source)),
            28 => members.extend([member(name, &value, source), member(name, &value, source)]),
            _ => members.push(member(name, &value, source)),
        }
    }
    if source.is_odd(4) {
        let value = if source.is_odd(4) {
            grammar::value(source, 2)
        } else {
            source.pick(&VALUES).to_owned()
        };
        members.push(member(source.pick(&MEMBERS), &value, source));
    }
    grammar::join('{', &members, '}', source)
}

/// Base64url text with one character changed, lost or added.
fn changed(value: &str, source: &mut Source<'_>) -> String {
    let mut text = value.to_owned();
    let at = 1 + source.below(text.len().saturating_sub(2).max(1));
    match source.below(4) {
        0 => text.replace_range(at..at + 1, source.pick(&["A", "_", "B", "+", "="])),
        1 => text.replace_range(at..at + 1, ""),
        2 => text.insert_str(1, source.pick(&["AA", "AAAA", "A"])),
        _ => text.insert(at, 'A'),
    }
    text
}

/// What must hold of a set, and of a refusal.
pub fn check(text: &[u8], set: &Result<KeySet, Rejection>) {
    let tree = match Tree::read(text) {
        Reading::Json(tree) => Some(tree),
        // What no f64 holds is no reason to refuse a set.
        Reading::NumberRange => None,
        // One odd key must not break the set: half a surrogate pair, or nesting beyond what serde_json follows, is a
        // matter of that key.
        Reading::No(why) if why.contains("hex escape") || why.contains("recursion") => None,
        Reading::No(why) => {
            let code = set.as_ref().map(|_| ()).map_err(Rejection::code);
            assert_eq!(code, Err(Code::JwksInvalid), "serde_json says {why}");
            return;
        }
    };
    match set {
        Ok(set) => {
            if let Some(tree) = tree {
                check_imported(set, &tree);
            }
        }
        Err(rejection) => {
            let code = rejection.code();
            assert!(
                matches!(code, Code::JwksInvalid | Code::JwksNoUsableKey),
                "{code:?}"
            );
        }
    }
}

fn check_imported(set: &KeySet, tree: &Tree) {
    let lists: Vec<_> = tree
        .members()
        .iter()
        .filter(|(name, _)| name == "keys")
        .collect();
    let [(_, Tree::Array(entries))] = &lists[..] else {
        panic!("imported, but there are {} members named keys", lists.len());
    };
    let skipped = set.skipped();
    assert!(!set.is_empty());
    assert_eq!(
        set.len() + skipped.len(),
        entries.len(),
        "every key is imported or left out"
    );
    assert!(skipped.is_sorted_by(|a, b| a.index < b.index));
    for (index, entry) in entries.iter().enumerate() {
        match skipped.iter().find(|skipped| skipped.index == index) {
            Some(skipped) => {
                let kid = entry.get("kid").and_then(Tree::as_str);
                // A longer one could not be named by a token.
                assert_eq!(kid.filter(|kid| kid.len() <= 256), skipped.kid.as_deref());
            }
            None => check_key(entry),
        }
    }
}

/// What must hold of a key that can verify.
fn check_key(jwk: &Tree) {
    assert!(
        !jwk.has_duplicates() && !jwk.has_member("__proto__"),
        "imported {jwk:?}"
    );
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        assert!(jwk.get(name).is_none(), "imported with {name}");
    }
    let text = |name| jwk.get(name).map(|value| value.as_str().expect("text"));
    assert!(
        matches!(text("use"), None | Some("sig")),
        "imported for {:?}",
        text("use")
    );
    if let Some(operations) = jwk.get("key_ops") {
        assert!(
            operations.strings().expect("a list").contains(&"verify"),
            "imported for {operations:?}"
        );
    }
    let bytes = |name| keys::decode(text(name).expect("a member")).expect("base64url");
    let coordinates = |length: usize| {
        assert_eq!(
            (bytes("x").len(), bytes("y").len()),
            (length, length),
            "imported a short coordinate"
        );
    };
    let family = match (text("kty").expect("kty"), text("crv")) {
        ("EC", Some("P-256")) => {
            coordinates(32);
            let point = [&[4], &bytes("x")[..], &bytes("y")[..]].concat();
            assert!(
                p256::PublicKey::from_sec1_bytes(&point).is_ok(),
                "imported a point off the curve"
            );
            "ES256"
        }
        ("EC", Some("P-384")) => {
            coordinates(48);
            "ES384"
        }
        ("EC", Some("P-521")) => {
            coordinates(66);
            "ES512"
        }
        ("OKP", Some("Ed25519")) => {
            assert_eq!(bytes("x").len(), 32);
            "Ed"
        }
        ("RSA", _) => {
            check_rsa(&bytes("n"), &bytes("e"));
            "RS PS"
        }
        other => panic!("imported a key of kind {other:?}"),
    };
    if let Some(alg) = text("alg") {
        assert!(
            family.split(' ').any(|start| alg.starts_with(start)),
            "imported for {alg}"
        );
    }
}

fn check_rsa(modulus: &[u8], exponent: &[u8]) {
    let digits: Vec<_> = modulus
        .iter()
        .skip_while(|byte| **byte == 0)
        .copied()
        .collect();
    let bits = digits.len() * 8 - digits[0].leading_zeros() as usize;
    assert!((2048..=4096).contains(&bits), "imported {bits} bits");
    assert!(
        digits[digits.len() - 1] % 2 == 1,
        "imported an even modulus"
    );
    let exponent = exponent
        .iter()
        .fold(0_u128, |sum, byte| sum * 256 + u128::from(*byte));
    assert!(
        exponent >= 65_537 && exponent % 2 == 1,
        "imported exponent {exponent}"
    );
}
