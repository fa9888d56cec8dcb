// What es256.rs, es384.rs and es512.rs have in common; each includes it with its own curve and constants.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use curve::elliptic_curve::ops::Reduce as _;
use curve::elliptic_curve::point::{AffineCoordinates as _, DecompressPoint as _};
use curve::elliptic_curve::sec1::ToSec1Point as _;
use curve::elliptic_curve::subtle::Choice;
use curve::elliptic_curve::{Group as _, PrimeField as _};
use curve::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::random::Random;
use crate::{Case, PER_KEY, Pair, compare};

fn scalar(bytes: &[u8]) -> Scalar {
    Scalar::reduce(&integer(bytes))
}

fn integer(bytes: &[u8]) -> Integer {
    let mut padded = [0; Integer::BYTES];
    padded[Integer::BYTES - bytes.len()..].copy_from_slice(bytes);
    Integer::from_be_slice(&padded)
}

/// As many bytes as a coordinate has; what is above them is lost.
fn bytes(integer: &Integer) -> Vec<u8> {
    integer.to_be_bytes()[Integer::BYTES - BYTES..].to_vec()
}

fn random_scalar(random: &mut Random) -> Scalar {
    let mut bytes = random.bytes::<BYTES>();
    bytes[0] &= HIGHEST;
    scalar(&bytes)
}

fn with_x(x: &Integer, odd: u8) -> Option<AffinePoint> {
    let x = FieldBytes::try_from(&bytes(x)[..]).expect("as many bytes");
    AffinePoint::decompress(&x, Choice::from(odd)).into_option()
}

fn jwk(point: &ProjectivePoint) -> Value {
    let point = point.to_affine().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(BYTES);
    key(x, y)
}

fn key(x: &[u8], y: &[u8]) -> Value {
    let [x, y] = [x, y].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    json!({ "kty": "EC", "crv": CURVE, "x": x, "y": y })
}

fn signature(r: &Scalar, s: &Scalar) -> Vec<u8> {
    [r.to_repr(), s.to_repr()].concat()
}

/// A random scalar; or one of those whose multiples meet entries of the tables: small, powers of two, their negatives.
fn secret(random: &mut Random) -> Scalar {
    let small = Scalar::from(1 + random.next() % 33);
    let power = (0..random.below(8 * BYTES)).fold(Scalar::ONE, |power, _| power.double());
    match random.below(12) {
        0 => small,
        1 => -small,
        2 => power,
        3 => -power,
        4 => power * small,
        _ => random_scalar(random),
    }
}

struct Signer {
    secret: Scalar,
}

impl Signer {
    fn sign(&self, z: &Scalar, nonce: &Scalar) -> Vec<u8> {
        let point = ProjectivePoint::mul_by_generator(nonce).to_affine();
        let r = scalar(&point.x());
        let s = (*z + r * self.secret) * nonce.invert().expect("not zero");
        signature(&r, &s)
    }
}

fn cases(seed: u64) -> (Value, Vec<Case>) {
    let random = &mut Random(seed);
    let signer = Signer {
        secret: secret(random),
    };
    let cases = (0..PER_KEY).map(|number| case(number, &signer, random));
    let point = ProjectivePoint::mul_by_generator(&signer.secret);
    (jwk(&point), cases.collect())
}

fn case(number: u64, signer: &Signer, random: &mut Random) -> Case {
    let message = random.bytes::<32>()[..random.below(33)].to_vec();
    let z = scalar(&Hash::digest(&message));
    let good = signer.sign(&z, &secret(random));
    let (r, s) = good.split_at(BYTES);
    let (kind, signature, valid) = match number % 20 {
        0 => (
            "r, one bit turned",
            [&random.turned(r), s].concat(),
            Some(false),
        ),
        1 => (
            "s, one bit turned",
            [r, &random.turned(s)].concat(),
            Some(false),
        ),
        2 => {
            let message = [&message[..], b"."].concat();
            let signature = signer.sign(&scalar(&Hash::digest(message)), &secret(random));
            ("another message", signature, Some(false))
        }
        3 => {
            let other = Signer {
                secret: signer.secret + Scalar::ONE,
            };
            ("another key", other.sign(&z, &secret(random)), Some(false))
        }
        4 => {
            let other = -scalar(s);
            (
                "n - s instead of s",
                signature(&scalar(r), &other),
                Some(true),
            )
        }
        5 => ("r and s exchanged", [s, r].concat(), Some(false)),
        6 => ("r at an edge", [&edge(random)[..], s].concat(), None),
        7 => ("s at an edge", [r, &edge(random)[..]].concat(), None),
        8 => (
            "r and s at an edge",
            [edge(random), edge(random)].concat(),
            None,
        ),
        // (z + r * secret) / s * G is the point at infinity.
        9 => {
            let r = -z * signer.secret.invert().expect("not zero");
            let signature = signature(&r, &random_scalar(random));
            ("the sum is the point at infinity", signature, Some(false))
        }
        // Both multiples are the same point.
        10 => {
            let r = z * signer.secret.invert().expect("not zero");
            (
                "both terms are the same",
                signature(&r, &random_scalar(random)),
                None,
            )
        }
        11 => {
            let length = random.below(3 * BYTES);
            let signature = good.iter().chain(&[0; 2 * BYTES]).copied().take(length).collect();
            ("another length", signature, Some(length == 2 * BYTES))
        }
        _ => ("valid", good.clone(), Some(true)),
    };
    Case {
        kind,
        message,
        signature,
        valid,
    }
}

fn edge(random: &mut Random) -> Vec<u8> {
    let edges = [
        Integer::ZERO,
        ORDER,
        MODULUS,
        Integer::MAX,
        MODULUS.wrapping_sub(&ORDER),
    ];
    let near = Integer::from(u64::try_from(random.below(3)).expect("small"));
    let edge = edges[random.below(edges.len())];
    let edge = if random.next().is_multiple_of(2) {
        edge.wrapping_add(&near)
    } else {
        edge.wrapping_sub(&near)
    };
    bytes(&edge)
}

#[test]
fn every_verdict_is_that_of_rustcrypto() {
    compare(NAME, EVERY, cases);
}

/// The key with which the sum for (r, s) is this point R: (s / r) * R - (z / r) * G.
fn key_for(point: AffinePoint, z: &Scalar, r: &Scalar, s: &Scalar) -> Value {
    let multiple = ProjectivePoint::from(point) * s - ProjectivePoint::mul_by_generator(z);
    jwk(&(multiple * r.invert().expect("not zero")))
}

/// r = x - n where x is not below n: about one signature in 2^128, so the key is made for the signature.
#[test]
fn an_x_above_the_order_is_found() {
    let pair = Pair::of(NAME);
    let random = &mut Random(1);
    let mut found = 0;
    for small in 1..200_u64 {
        let x = ORDER.wrapping_add(&Integer::from(small));
        let Some(point) = with_x(&x, 0) else {
            continue;
        };
        found += 1;
        let message = random.bytes::<32>().to_vec();
        let z = scalar(&Hash::digest(&message));
        let (r, s) = (Scalar::from(small), random_scalar(random));
        let keys = pair
            .import(&key_for(point, &z, &r, &s))
            .expect("a good key");
        let unreduced = [&bytes(&x)[..], &s.to_repr()].concat();
        for (kind, signature, valid) in [
            ("x - n", signature(&r, &s), true),
            ("x itself", unreduced, false),
            ("x - n + 1", signature(&(r + Scalar::ONE), &s), false),
        ] {
            let message = message.clone();
            let valid = Some(valid);
            let case = Case {
                kind,
                message,
                signature,
                valid,
            };
            pair.judge(&keys, &case);
        }
    }
    assert!(found > 50, "{found} points");

    // x = 0, and r + n = p: the same modulo p, but r is not x modulo n.
    let point = with_x(&Integer::ZERO, 0).expect("b is a square");
    let message = random.bytes::<32>().to_vec();
    let z = scalar(&Hash::digest(&message));
    let r = scalar(&bytes(&MODULUS.wrapping_sub(&ORDER)));
    let s = random_scalar(random);
    let keys = pair
        .import(&key_for(point, &z, &r, &s))
        .expect("a good key");
    let case = Case {
        kind: "p - n for x = 0",
        message,
        signature: signature(&r, &s),
        valid: Some(false),
    };
    pair.judge(&keys, &case);
}

/// r below p - n, where x could be r + n but is r.
#[test]
fn a_small_x_is_no_large_one() {
    let pair = Pair::of(NAME);
    let random = &mut Random(2);
    let mut found = 0;
    for small in 1..60_u64 {
        let x = Integer::from(small);
        let Some(point) = with_x(&x, 1) else {
            continue;
        };
        found += 1;
        let message = random.bytes::<32>().to_vec();
        let z = scalar(&Hash::digest(&message));
        let (r, s) = (Scalar::from(small), random_scalar(random));
        let keys = pair
            .import(&key_for(point, &z, &r, &s))
            .expect("a good key");
        let case = Case {
            kind: "a small x",
            message,
            signature: signature(&r, &s),
            valid: Some(true),
        };
        pair.judge(&keys, &case);
    }
    assert!(found > 15, "{found} points");
}

/// Points of the curve with coordinates at the edges, and pairs of numbers that are none.
#[test]
fn the_same_keys_are_imported() {
    let pair = Pair::of(NAME);
    let random = &mut Random(3);
    let (mut good, mut bad) = (0, 0);
    let mut import = |x: &Integer, y: &[u8]| match pair.import(&key(&bytes(x), y)) {
        None => bad += 1,
        Some(keys) => {
            good += 1;
            let message = random.bytes::<32>().to_vec();
            let signature = [random.bytes::<BYTES>(), random.bytes()].concat();
            let case = Case {
                kind: "a key at an edge",
                message,
                signature,
                valid: Some(false),
            };
            pair.judge(&keys, &case);
        }
    };
    for base in [
        Integer::ZERO,
        ORDER,
        MODULUS,
        Integer::MAX,
        Integer::ONE.shl_vartime(BITS - 1),
    ] {
        for offset in 0..40_u64 {
            let offset = Integer::from(offset);
            for x in [base.wrapping_add(&offset), base.wrapping_sub(&offset)] {
                let y = with_x(&x, 0).map(|point| point.to_sec1_point(false));
                let y = y.map_or([0; BYTES].to_vec(), |point| {
                    point.as_bytes()[1 + BYTES..].to_vec()
                });
                import(&x, &y);
                import(
                    &x,
                    &bytes(&MODULUS.wrapping_sub(&integer(&y))),
                );
                import(&x, &bytes(&x));
            }
        }
    }
    assert!(good > 150 && bad > 200, "{good} good, {bad} bad");
}
