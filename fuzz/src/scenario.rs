//! A case as the corpus has them: policy, expectations, keys and a token, which is signed for good.

use std::sync::OnceLock;

use idtoken::{KeySet, Limits, alg};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::claims;
use crate::grammar;
use crate::keys;
use crate::source::Source;

/// The time of every verification.
pub const NOW: i64 = 1_800_000_000;
/// The one issuer, unless the policy has a template.
pub const ISSUER: &str = "https://idp.example";
/// The one client.
pub const CLIENT: &str = "my-client";
/// A secret: no report may show it.
pub const NONCE: &str = "n-0S6_WzA2Mj";
/// Another.
pub const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
/// An issuer with a placeholder.
pub const TEMPLATE: &str = "https://login.example/{tenantid}/v2.0";
/// The tenant that is let in.
pub const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Everything a verification needs.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// In the spelling of the corpus.
    pub policy: Value,
    /// The same.
    pub expectations: Value,
    /// Which of [`key_sets`].
    pub keys: usize,
    /// JSON text, more or less.
    pub header: String,
    /// JSON text, more or less.
    pub claims: String,
    /// What was signed: header, dot, payload.
    pub signed: String,
    /// What is verified: mostly what was signed, with its signature.
    pub token: String,
}

impl Scenario {
    /// From decisions; signed with one of `algorithms`.
    pub fn build(source: &mut Source<'_>, algorithms: &[(&str, &str)]) -> Self {
        let (alg, kid) = source.pick(algorithms);
        let mut policy = policy(source, alg);
        let expectations = expectations(source);
        let keys = source.below(SETS);
        let kid = if NAMELESS.contains(&keys) {
            None
        } else {
            Some(kid)
        };
        if keys == AMBIGUOUS && !source.is_odd(4) {
            policy["kid_absent"] = json!("try_all");
        }
        let header = claims::header(source, alg, kid);
        let claims = claims::claims(source, &policy, &expectations, alg);
        Self {
            keys,
            ..Self::signed(policy, expectations, header, claims, alg)
        }
        .tampered(source)
    }

    /// From texts: header, claims and, if there is a third line, the policy. This is the form of the seeds, so that
    /// the fuzzer changes the text itself.
    pub fn from_text(text: &str) -> Self {
        let mut lines = text.splitn(3, '\n');
        let mut line = || lines.next().map(str::to_owned);
        let (header, claims) = (line().unwrap_or_default(), line().unwrap_or_default());
        let policy = line().and_then(|text| serde_json::from_str(&text).ok());
        let policy = policy.unwrap_or_else(|| self::policy(&mut Source::new(&[]), "ES256"));
        // Whatever the header says, it is signed at small cost.
        let says_eddsa = header.contains("\"EdDSA\"") || header.contains("\"Ed25519\"");
        let alg = if says_eddsa { "EdDSA" } else { "ES256" };
        Self::signed(
            policy,
            expectations(&mut Source::new(&[])),
            header,
            claims,
            alg,
        )
    }

    fn signed(
        policy: Value,
        expectations: Value,
        header: String,
        claims: String,
        alg: &str,
    ) -> Self {
        let signed = format!("{}.{}", keys::encode(&header), keys::encode(&claims));
        let token = format!(
            "{signed}.{}",
            keys::encode(keys::sign(alg, signed.as_bytes()))
        );
        Self {
            policy,
            expectations,
            keys: 0,
            header,
            claims,
            signed,
            token,
        }
    }

    /// Now and then the token is not the one that was signed.
    fn tampered(mut self, source: &mut Source<'_>) -> Self {
        let kind = source.below(32);
        let at = source.below(256) * self.token.len() / 256;
        match kind {
            31 => self
                .token
                .replace_range(at..at + 1, source.pick(&["A", "_", "=", ".", "+", " "])),
            30 => self.token.truncate(at),
            29 => self.token = format!("{}.", self.signed),
            28 => self
                .token
                .push_str(source.pick(&["A", "=", "\n", ".", ".AA.AA", "\u{e9}"])),
            27 => self
                .token
                .insert_str(0, source.pick(&["Bearer ", " ", "\u{feff}", "."])),
            26 => {
                // The signature of something else.
                let other = keys::encode(keys::sign("ES256", b"something else"));
                self.token = format!("{}.{other}", self.signed);
            }
            25 => self
                .token
                .insert_str(at, &"A".repeat(source.pick(&[1, 4, 5000, 16_384, 70_000]))),
            _ => {}
        }
        self
    }
}

/// How many key sets there are.
const SETS: usize = 7;
/// Those whose keys have no names.
const NAMELESS: [usize; 2] = [1, AMBIGUOUS];
/// The one with two keys for one algorithm.
const AMBIGUOUS: usize = 6;

/// The sets a token may meet, imported once: all keys; without names; with all they may say of themselves; of this
/// issuer; two of one name; of another issuer; two without names for one algorithm.
pub fn key_sets() -> &'static [(String, KeySet)] {
    static IMPORTED: OnceLock<Vec<(String, KeySet)>> = OnceLock::new();
    IMPORTED.get_or_init(|| {
        let limits = Limits::default();
        let import = |jwks: Value| {
            let text = jwks.to_string();
            let keys = KeySet::from_json(&text, alg::ALL, &limits).expect("a set of good keys");
            (text, keys)
        };
        let with = |change: &dyn Fn(&mut Value)| {
            let mut jwks = keys::public_set();
            jwks["keys"]
                .as_array_mut()
                .expect("keys")
                .iter_mut()
                .for_each(change);
            jwks
        };
        let without_kid =
            |key: &mut Value| drop(key.as_object_mut().expect("a key").shift_remove("kid"));
        let mut nameless = with(&without_kid);
        let mut another = keys::public_jwk("p256-2");
        without_kid(&mut another);
        nameless["keys"]
            .as_array_mut()
            .expect("keys")
            .insert(0, another);
        let mut twice = keys::public_set();
        let all = twice["keys"].as_array_mut().expect("keys");
        let mut other = keys::public_jwk("p256-2");
        other["kid"] = json!("p256-1");
        all.insert(0, other);
        let sets = vec![
            keys::public_set(),
            with(&without_kid),
            with(&|key| {
                key["use"] = json!("sig");
                key["key_ops"] = json!(["verify"]);
            }),
            with(&|key| key["issuer"] = json!(ISSUER)),
            twice,
            with(&|key| key["issuer"] = json!("https://other.example")),
            nameless,
        ];
        assert_eq!(sets.len(), SETS);
        sets.into_iter().map(import).collect()
    })
}

/// A policy of valid options; the empty source gives the plainest one.
pub fn policy(source: &mut Source<'_>, alg: &str) -> Value {
    let every: Vec<&str> = keys::ALGORITHMS.iter().map(|(name, _)| *name).collect();
    let mut policy = json!({ "issuer": ISSUER, "client_id": CLIENT, "algorithms": every });
    let mut set = |source: &mut Source<'_>, often, name: &str, choices: &[Value]| {
        if source.is_odd(often) {
            policy[name] = choices[source.below(choices.len())].clone();
        }
    };
    set(
        source,
        8,
        "algorithms",
        &[json!([alg]), json!(["RS256"]), json!(["Ed25519", "ES256"])],
    );
    set(
        source,
        8,
        "client_id",
        &[json!([CLIENT, "my-other"]), json!("my-other")],
    );
    set(
        source,
        8,
        "issuer_aliases",
        &[json!(["accounts.idp.example"])],
    );
    set(
        source,
        8,
        "trusted_audiences",
        &[json!(["api", "other"]), json!([])],
    );
    set(
        source,
        8,
        "authorized_parties",
        &[json!(["my-portal"]), json!([CLIENT, "my-portal"])],
    );
    set(
        source,
        8,
        "azp",
        &[json!("ignore"), json!("require_when_multi_aud")],
    );
    set(
        source,
        8,
        "clock_tolerance",
        &[
            json!(0),
            json!(300),
            json!(1),
            json!({ "exp": 0, "iat": 300 }),
            json!({ "nbf": 5 }),
        ],
    );
    set(
        source,
        8,
        "max_lifetime",
        &[json!(300), json!(310), json!(0), json!(9_999_999_999_u64)],
    );
    set(
        source,
        8,
        "max_token_age",
        &[json!(10), json!(0), json!(600)],
    );
    set(source, 8, "max_age", &[json!(60), json!(0)]);
    set(
        source,
        8,
        "acr_values",
        &[json!(["gold", "silver"]), json!(["0"])],
    );
    set(source, 16, "amr_all", &[json!(["pwd", "otp"])]);
    set(source, 16, "amr_any", &[json!(["otp", "hwk"])]);
    set(
        source,
        8,
        "required_claims",
        &[
            json!({ "email_verified": true }),
            json!({ "groups": { "contains": "staff" } }),
            json!({ "level": { "any_of": [1, 2.5, "x"] }, "ref": { "glob": "refs/*/main*" } }),
        ],
    );
    set(
        source,
        16,
        "nonce_transform",
        &[json!("sha256_b64url"), json!("sha256_hex")],
    );
    set(source, 8, "kid_absent", &[json!("try_all")]);
    set(source, 16, "s_hash", &[json!("required")]);
    set(
        source,
        16,
        "limits",
        &[
            json!({ "max_token_bytes": 500 }),
            json!({ "max_token_bytes": 65_536, "max_key_trials": 1 }),
        ],
    );
    if source.is_odd(16) {
        policy["issuer"] = json!(TEMPLATE);
        policy["tenants"] = json!({ "claim": "tid", "allow": [TENANT] });
        policy
            .as_object_mut()
            .expect("a policy")
            .shift_remove("issuer_aliases");
    }
    policy
}

fn expectations(source: &mut Source<'_>) -> Value {
    let mut out = json!({ "now": NOW, "nonce": { "equals": NONCE } });
    if source.is_odd(8) {
        out["nonce"] = json!(source.pick(&["not_checked", "none_sent"]));
    }
    for name in ["access_token", "code", "state"] {
        if source.is_odd(8) {
            out[name] = json!(ACCESS_TOKEN);
        }
    }
    if source.is_odd(16) {
        out["response_type"] = json!(source.pick(&[
            "code id_token",
            "id_token token",
            "code id_token token",
            "code"
        ]));
    }
    if source.is_odd(16) {
        let text = grammar::object(source, 2);
        let previous: Option<Value> = serde_json::from_str(&text).ok();
        let sound = json!({ "iss": ISSUER, "sub": claims::SUBJECT, "aud": CLIENT, "nonce": NONCE });
        out["previous"] =
            json!({ "claims": previous.filter(|_| source.is_odd(4)).unwrap_or(sound) });
    }
    out
}

/// The left half of the hash of `text`, as `at_hash` and its kind have it.
pub fn half_hash(alg: &str, text: &str) -> String {
    let hash = match alg {
        "ES384" | "RS384" | "PS384" => Sha384::digest(text).to_vec(),
        "ES512" | "RS512" | "PS512" | "EdDSA" | "Ed25519" => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    keys::encode(&hash[..hash.len() / 2])
}

/// The nonce as the policy's transformation sends it.
pub fn sent_nonce(policy: &Value) -> String {
    let hash = Sha256::digest(NONCE);
    match policy["nonce_transform"].as_str() {
        Some("sha256_b64url") => keys::encode(hash),
        Some("sha256_hex") => hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        _ => NONCE.to_owned(),
    }
}
