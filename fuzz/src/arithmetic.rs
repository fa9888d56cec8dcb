//! The two backends beside each other: a key and a signature, sound or changed anywhere, and one verdict.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use idtoken::alg::{self, SignatureAlgorithm};
use idtoken::{Code, KeySet, Limits, UnverifiedToken};
use serde_json::{Value, json};

use crate::keys;
use crate::source::Source;

type Backend = &'static [&'static dyn SignatureAlgorithm];

const BACKENDS: [Backend; 2] = [alg::ALL, idtoken_vartime::ALL];

/// Both backends' verdict; a panic if they differ.
pub(crate) fn verdict(source: &mut Source<'_>) -> Result<(), Code> {
    let (alg, kid) = source.pick(&keys::ALGORITHMS);
    let input = format!(
        "{}.{}",
        keys::encode(json!({ "alg": alg }).to_string()),
        keys::encode(json!({ "number": source.below(4) }).to_string())
    );
    let mut signature = signature(alg, &input);
    change(&mut signature, source);
    let token = format!("{input}.{}", keys::encode(&signature));

    let jwk = key(kid, source);
    let verdicts = BACKENDS.map(|backend| judge(&token, &jwk, backend));
    // The sound key is also there for good, with the large tables that such a key gets.
    if jwk == keys::public_jwk(kid) {
        assert_eq!(sound(kid).map(|set| verify(&token, set)), verdicts);
    }
    let [theirs, ours] = verdicts;
    assert_eq!(theirs, ours, "{token} {jwk}");
    ours
}

/// Signing takes milliseconds with RSA, and there are few messages.
fn signature(alg: &str, input: &str) -> Vec<u8> {
    static KNOWN: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().expect("nothing panics while it is held");
    let made = || keys::sign(alg, input.as_bytes());
    known.entry(input.into()).or_insert_with(made).clone()
}

/// Nothing, or some bytes are others, the length is another, or a part is made of one byte.
fn change(bytes: &mut Vec<u8>, source: &mut Source<'_>) {
    for _ in 0..source.below(4) {
        let length = bytes.len().max(1);
        let place = (source.below(256) << 8 | source.below(256)) % length;
        match source.below(5) {
            0 | 1 => bytes
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|byte| *byte ^= source.byte()),
            2 => bytes.truncate(place),
            3 => bytes.push(source.byte()),
            _ => {
                let byte = source.pick(&[0, 0xff]);
                let half = length / 2;
                bytes
                    .iter_mut()
                    .skip(place / half.max(1) * half)
                    .take(half)
                    .for_each(|old| *old = byte);
            }
        }
    }
}

/// A published key, mostly as it is.
fn key(kid: &str, source: &mut Source<'_>) -> Value {
    let mut jwk = keys::public_jwk(kid);
    if source.is_odd(4) {
        let name = source.pick(&["x", "n", "y", "e"]);
        if let Some(mut bytes) = jwk[name].as_str().and_then(keys::decode) {
            change(&mut bytes, source);
            jwk[name] = keys::encode(&bytes).into();
        }
    }
    jwk
}

fn judge(token: &str, jwk: &Value, backend: Backend) -> Result<(), Code> {
    verify(token, &import(jwk, backend)?)
}

fn import(jwk: &Value, backend: Backend) -> Result<KeySet, Code> {
    let set = json!({ "keys": [jwk] }).to_string();
    let set = KeySet::from_json(&set, backend, &Limits::default());
    set.map_err(|rejection| rejection.code())
}

fn verify(token: &str, keys: &KeySet) -> Result<(), Code> {
    let limits = Limits::default();
    let token = UnverifiedToken::parse(token, &limits).expect("a well-formed token");
    let verified = token.verify_signature(keys, &limits);
    verified.map(|_| ()).map_err(|rejection| rejection.code())
}

/// The sets of a key as it is.
fn sound(kid: &str) -> [&'static KeySet; 2] {
    static SETS: OnceLock<BTreeMap<&str, [KeySet; 2]>> = OnceLock::new();
    let sets = SETS.get_or_init(|| {
        let of = |kid: &'static str| {
            let jwk = keys::public_jwk(kid);
            (
                kid,
                BACKENDS.map(|backend| import(&jwk, backend).expect("a good key")),
            )
        };
        keys::ALGORITHMS.iter().map(|(_, kid)| of(kid)).collect()
    });
    sets.get(kid).expect("a key of ours").each_ref()
}
