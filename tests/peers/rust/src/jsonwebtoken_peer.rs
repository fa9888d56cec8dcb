//! The crate `jsonwebtoken`: the key that the kid names, a `Validation` with everything it offers, typed claims.
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse},
};
use serde::Deserialize;

use crate::{Ask, Verdict};

/// What an ID Token must have, as types: the documentation's way to require a claim that `Validation` does not know.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    iat: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

pub fn verify(ask: &Ask) -> Verdict {
    let header = decode_header(&ask.token)?;
    let set: JwkSet = serde_json::from_str(&ask.jwks)?;
    let mut fitting = set.keys.iter().filter(|jwk| is_for(jwk, &header));
    let jwk = fitting.next().ok_or("no such key")?;
    if header.kid.is_none() && fitting.next().is_some() {
        return Err("no kid".into());
    }
    // All algorithms of a validation must be of the key's family.
    let algorithms: Vec<Algorithm> = ask
        .algorithms
        .iter()
        .filter_map(|name| name.parse().ok())
        .filter(|algorithm| fits(jwk, *algorithm))
        .collect();
    let first = algorithms.first().ok_or("no algorithm fits the key")?;

    let mut validation = Validation::new(*first);
    validation.algorithms = algorithms;
    validation.set_issuer(&[&ask.issuer]);
    validation.set_audience(&[&ask.audience]);
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    validation.validate_nbf = true;
    validation.leeway = u64::try_from(ask.tolerance)?;
    decode::<Claims>(&ask.token, &DecodingKey::from_jwk(jwk)?, &validation)?;
    Ok(())
}

/// A careful caller's choice: named by the kid, for signatures, of the right type.
fn is_for(jwk: &Jwk, header: &Header) -> bool {
    let common = &jwk.common;
    let alg_is_other = common
        .key_algorithm
        .is_some_and(|alg| alg.to_string().parse().ok() != Some(header.alg));
    (header.kid.is_none() || common.key_id == header.kid)
        && matches!(common.public_key_use, None | Some(PublicKeyUse::Signature))
        && !alg_is_other
        && fits(jwk, header.alg)
}

fn fits(jwk: &Jwk, algorithm: Algorithm) -> bool {
    use Algorithm::*;
    match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => {
            matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512)
        }
        AlgorithmParameters::EllipticCurve(_) => matches!(algorithm, ES256 | ES384),
        AlgorithmParameters::OctetKeyPair(_) => matches!(algorithm, EdDSA),
        _ => false,
    }
}
