//! The keys that the fuzzer holds: the published test keys of the corpus, so that a token can be signed in earnest.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signer as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::{BoxedUint, PrivateKey};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

const FILE: &str = include_str!("../../tests/corpus/make/keys.json");

/// The algorithms the fuzzer signs with, the cheap ones first, and the key it takes for each.
pub const ALGORITHMS: [(&str, &str); 11] = [
    ("ES256", "p256-1"),
    ("EdDSA", "ed-1"),
    ("Ed25519", "ed-1"),
    ("ES384", "p384-1"),
    ("ES512", "p521-1"),
    ("RS256", "rsa-1"),
    ("RS384", "rsa-1"),
    ("RS512", "rsa-1"),
    ("PS256", "rsa-1"),
    ("PS384", "rsa-1"),
    ("PS512", "rsa-1"),
];

/// How many of [`ALGORITHMS`] take microseconds, not milliseconds.
pub const CHEAP: usize = 3;

/// The key named `kid`, private members included.
pub fn private_jwk(kid: &str) -> &'static Value {
    static KEYS: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let file: Value = serde_json::from_str(FILE).expect("keys.json");
        let keys = file["keys"].as_array().expect("keys").iter();
        let named = |key: &Value| (key["kid"].as_str().expect("kid").to_owned(), key.clone());
        keys.map(named).collect()
    });
    keys.get(kid).expect("a key of keys.json")
}

/// The key named `kid` as a provider publishes it.
pub fn public_jwk(kid: &str) -> Value {
    let mut jwk = private_jwk(kid).clone();
    let members = jwk.as_object_mut().expect("an object");
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        members.shift_remove(name);
    }
    jwk
}

/// One key for each type.
pub fn public_set() -> Value {
    let kids = ["p256-1", "ed-1", "p384-1", "p521-1", "rsa-1"];
    json!({ "keys": kids.map(public_jwk) })
}

/// Signs as `alg` demands; an unknown algorithm gives an empty signature.
pub fn sign(alg: &str, message: &[u8]) -> Vec<u8> {
    static RSA: OnceLock<PrivateKey> = OnceLock::new();
    let rsa = || {
        RSA.get_or_init(|| {
            let number = |name| BoxedUint::from_be_slice_vartime(&bytes("rsa-1", name));
            PrivateKey::from_primes(vec![number("p"), number("q")], number("e")).expect("rsa-1")
        })
    };
    let salt = &mut Salt;
    match alg {
        "ES256" => {
            let key = p256::ecdsa::SigningKey::from_slice(&bytes("p256-1", "d")).expect("p256-1");
            let signature: p256::ecdsa::Signature = key.sign(message);
            signature.to_bytes().to_vec()
        }
        "ES384" => {
            let key = p384::ecdsa::SigningKey::from_slice(&bytes("p384-1", "d")).expect("p384-1");
            let signature: p384::ecdsa::Signature = key.sign(message);
            signature.to_bytes().to_vec()
        }
        "ES512" => {
            let key = p521::ecdsa::SigningKey::from_slice(&bytes("p521-1", "d")).expect("p521-1");
            let signature: p521::ecdsa::Signature = key.sign(message);
            signature.to_bytes().to_vec()
        }
        "EdDSA" | "Ed25519" => {
            let secret = bytes("ed-1", "d").try_into().expect("32 bytes");
            let key = ed25519_dalek::SigningKey::from_bytes(&secret);
            key.sign(message).to_bytes().to_vec()
        }
        "RS256" => rsa().pkcs1v15_sign::<Sha256>(message).expect("RS256"),
        "RS384" => rsa().pkcs1v15_sign::<Sha384>(message).expect("RS384"),
        "RS512" => rsa().pkcs1v15_sign::<Sha512>(message).expect("RS512"),
        "PS256" => rsa()
            .pss_sign_with_rng::<Sha256, _>(salt, message)
            .expect("PS256"),
        "PS384" => rsa()
            .pss_sign_with_rng::<Sha384, _>(salt, message)
            .expect("PS384"),
        "PS512" => rsa()
            .pss_sign_with_rng::<Sha512, _>(salt, message)
            .expect("PS512"),
        _ => Vec::new(),
    }
}

/// base64url without padding.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64url text; `None` for any other.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn bytes(kid: &str, member: &str) -> Vec<u8> {
    private_jwk(kid)[member]
        .as_str()
        .and_then(decode)
        .expect("a member of the key")
}

/// A constant salt: the same input must give the same token on every run.
struct Salt;

impl TryRng for Salt {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(7)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(7)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill(7);
        Ok(())
    }
}

impl TryCryptoRng for Salt {}
