//! EdDSA against `ed25519-dalek`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::random::Random;
use crate::{Case, PER_KEY, Pair, compare};

/// L, little-endian.
const ORDER: [u8; 32] = *b"\xed\xd3\xf5\x5c\x1a\x63\x12\x58\xd6\x9c\xf7\xa2\xde\xf9\xde\x14\
                           \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10";

fn jwk(encoded: &[u8]) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(encoded) })
}

/// A random scalar; or one of those whose multiples meet entries of the tables.
fn secret(random: &mut Random) -> Scalar {
    let small = Scalar::from(1 + random.next() % 33);
    let power = (0..random.below(252)).fold(Scalar::ONE, |power, _| power + power);
    match random.below(12) {
        0 => small,
        1 => -small,
        2 => power,
        3 => -power,
        4 => power * small,
        _ => Scalar::from_bytes_mod_order(random.bytes()),
    }
}

struct Signer {
    secret: Scalar,
    /// The key; one of eight has a component of small order, which makes most of its signatures wrong.
    point: EdwardsPoint,
    has_torsion: bool,
}

impl Signer {
    fn of(random: &mut Random) -> Self {
        let secret = secret(random);
        let torsion = usize::from(random.below(8) == 0) * (1 + random.below(7));
        Self {
            secret,
            point: EdwardsPoint::mul_base(&secret) + EIGHT_TORSION[torsion],
            has_torsion: torsion > 0,
        }
    }

    fn hash(&self, r: &CompressedEdwardsY, message: &[u8]) -> Scalar {
        let hash = Sha512::new()
            .chain_update(r.as_bytes())
            .chain_update(self.point.compress().as_bytes())
            .chain_update(message);
        Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
    }

    /// R and S for R = nonce * B + torsion.
    fn sign(&self, message: &[u8], nonce: &Scalar, torsion: usize) -> ([u8; 32], [u8; 32]) {
        let r = (EdwardsPoint::mul_base(nonce) + EIGHT_TORSION[torsion]).compress();
        let s = nonce + self.hash(&r, message) * self.secret;
        (r.to_bytes(), s.to_bytes())
    }
}

fn cases(seed: u64) -> (Value, Vec<Case>) {
    let random = &mut Random(seed);
    let signer = Signer::of(random);
    let cases = (0..PER_KEY).map(|number| case(number, &signer, random));
    let cases = cases.collect();
    (jwk(signer.point.compress().as_bytes()), cases)
}

fn case(number: u64, signer: &Signer, random: &mut Random) -> Case {
    let message = random.bytes::<32>()[..random.below(33)].to_vec();
    let (r, s) = signer.sign(&message, &secret(random), 0);
    let wrong = Some(false);
    let (kind, signature, valid) = match number % 20 {
        0 => (
            "R, one bit turned",
            [&random.turned(&r), &s[..]].concat(),
            wrong,
        ),
        1 => (
            "S, one bit turned",
            [&r[..], &random.turned(&s)].concat(),
            None,
        ),
        2 => {
            let (r, s) = signer.sign(&[&message[..], b"."].concat(), &secret(random), 0);
            ("another message", [r, s].concat(), wrong)
        }
        3 => {
            let (r, s) = Signer::of(random).sign(&message, &secret(random), 0);
            ("another key", [r, s].concat(), None)
        }
        4 => ("S + L instead of S", [r, plus_order(s)].concat(), wrong),
        5 => ("R and S exchanged", [s, r].concat(), wrong),
        6 => ("S at an edge", [r, edge(random)].concat(), None),
        7 => {
            let encodings = small_encodings();
            let r = encodings[random.below(encodings.len())];
            ("R of small order", [r, s].concat(), wrong)
        }
        // Right but for the small order of R, if the torsion of key and R happen to cancel out.
        8 => {
            let (r, s) = signer.sign(&message, &Scalar::ZERO, random.below(8));
            ("R of small order, S for it", [r, s].concat(), wrong)
        }
        // Right if one multiplies by the cofactor, which we do not.
        9 => {
            let (r, s) = signer.sign(&message, &secret(random), 1 + random.below(7));
            let valid = (!signer.has_torsion).then_some(false);
            ("R with a component of small order", [r, s].concat(), valid)
        }
        10 => {
            let length = random.below(100);
            let signature = r.iter().chain(&s).chain(&[0; 64]);
            let signature = signature.copied().take(length).collect();
            let valid = (length != 64).then_some(false);
            ("another length", signature, valid)
        }
        _ if signer.has_torsion => (
            "a key with a component of small order",
            [r, s].concat(),
            None,
        ),
        _ => ("valid", [r, s].concat(), Some(true)),
    };
    Case {
        kind,
        message,
        signature,
        valid,
    }
}

fn plus_order(s: [u8; 32]) -> [u8; 32] {
    let mut up = 0;
    let mut sum = s;
    for (byte, other) in sum.iter_mut().zip(ORDER) {
        up += u16::from(*byte) + u16::from(other);
        *byte = up.to_le_bytes()[0];
        up >>= 8;
    }
    sum
}

fn edge(random: &mut Random) -> [u8; 32] {
    let mut power = [0; 32];
    power[31] = 1 << random.below(8);
    let zero = Scalar::ZERO;
    let edges = [
        zero.to_bytes(),
        ORDER,
        power,
        [0xff; 32],
        (zero - Scalar::ONE).to_bytes(),
    ];
    let mut edge = edges[random.below(edges.len())];
    edge[0] ^= random.below(4).to_le_bytes()[0];
    edge
}

/// The eight points of small order, however one may write them: with either sign of x, and with y + p, too.
fn small_encodings() -> Vec<[u8; 32]> {
    let mut all: Vec<_> = EIGHT_TORSION
        .map(|point| point.compress().to_bytes())
        .into();
    for y in [0, 1] {
        // y + 2^255 - 19
        let mut large = [0xff; 32];
        (large[0], large[31]) = (0xed + y, 0x7f);
        all.push(large);
    }
    let flipped: Vec<_> = all
        .iter()
        .map(|encoded| {
            let mut encoded = *encoded;
            encoded[31] ^= 0x80;
            encoded
        })
        .collect();
    all.extend(flipped);
    all
}

#[test]
fn every_verdict_is_that_of_dalek() {
    compare("EdDSA", 1, cases);
}

#[test]
fn the_same_keys_are_imported() {
    let pair = Pair::of("EdDSA");
    for encoded in small_encodings() {
        assert!(pair.import(&jwk(&encoded)).is_none(), "{encoded:02x?}");
    }
    let random = &mut Random(4);
    let (mut good, mut bad) = (0, 0);
    for number in 0..400_u64 {
        let mut encoded = match number % 4 {
            0 => [0; 32],
            1 => [0xff; 32],
            _ => random.bytes(),
        };
        encoded[0] ^= number.to_le_bytes()[0];
        encoded[31] ^= random.bytes::<32>()[0] & 0x80;
        match pair.import(&jwk(&encoded)) {
            None => bad += 1,
            Some(_) => good += 1,
        }
    }
    assert!(good > 100 && bad > 100, "{good} good, {bad} bad");
}
