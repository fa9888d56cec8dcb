//! RSA against `rsa`.

mod signer;

use crypto_bigint::BoxedUint;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::random::Random;
use crate::{Case, PER_KEY, compare};
use signer::Signer;

/// Six schemes share their arithmetic, so each takes fewer keys.
const EVERY: u64 = 3;

/// What is signed, and how.
struct Scheme {
    name: &'static str,
    /// The hash's last byte in its object identifier.
    id: u8,
    hash: fn(&[u8]) -> Vec<u8>,
}

const PKCS1: [Scheme; 3] = [
    Scheme {
        name: "RS256",
        id: 1,
        hash: |data| Sha256::digest(data).to_vec(),
    },
    Scheme {
        name: "RS384",
        id: 2,
        hash: |data| Sha384::digest(data).to_vec(),
    },
    Scheme {
        name: "RS512",
        id: 3,
        hash: |data| Sha512::digest(data).to_vec(),
    },
];

const PSS: [Scheme; 3] = [
    Scheme {
        name: "PS256",
        ..PKCS1[0]
    },
    Scheme {
        name: "PS384",
        ..PKCS1[1]
    },
    Scheme {
        name: "PS512",
        ..PKCS1[2]
    },
];

impl Scheme {
    /// RFC 8017 section 9.2.
    fn pkcs1(&self, message: &[u8], length: usize) -> Vec<u8> {
        let hash = (self.hash)(message);
        let size = hash.len() as u8;
        let oid = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, self.id];
        let info = [
            &[0x30, 17 + size, 0x30, 13, 6, 9][..],
            &oid,
            &[5, 0, 4, size],
            &hash,
        ]
        .concat();
        let ones = vec![0xff; length - info.len() - 3];
        [&[0, 1], &ones[..], &[0], &info].concat()
    }

    /// RFC 8017 section 9.1.1; `mark` and `trailer` are 1 and 0xbc.
    fn pss(&self, message: &[u8], bits: usize, salt: &[u8], mark: u8, trailer: u8) -> Vec<u8> {
        let length = (bits - 1).div_ceil(8);
        let hash = (self.hash)(&[&[0; 8], &(self.hash)(message)[..], salt].concat());
        let zeros = vec![0; length - hash.len() - salt.len() - 2];
        let data = [&zeros[..], &[mark], salt].concat();
        let mask =
            (0_u32..).flat_map(|count| (self.hash)(&[&hash[..], &count.to_be_bytes()].concat()));
        let mut masked: Vec<_> = data
            .iter()
            .zip(mask)
            .map(|(byte, mask)| byte ^ mask)
            .collect();
        masked[0] &= 0xff >> (8 * length - (bits - 1));
        [&masked[..], &hash, &[trailer]].concat()
    }
}

fn cases(seed: u64, case: impl Fn(u64, &Signer, &mut Random) -> Case) -> (Value, Vec<Case>) {
    let random = &mut Random(seed);
    let signer = if seed.is_multiple_of(4) {
        Signer::of_one_bit_more(random)
    } else {
        Signer::new(random)
    };
    let cases = (0..PER_KEY).map(|number| case(number, &signer, random));
    (signer.jwk(), cases.collect())
}

/// What can be wrong with any signature.
fn any_case(
    number: u64,
    signer: &Signer,
    random: &mut Random,
    message: Vec<u8>,
    encoded: &[u8],
) -> Case {
    let good = signer.sign(encoded);
    let length = signer.length();
    let (kind, signature, valid) = match number % 20 {
        0 => ("one bit turned", random.turned(&good), Some(false)),
        1 => {
            let turned = random.turned(encoded);
            ("one bit of the encoding turned", signer.sign(&turned), None)
        }
        2 => {
            let negative = signer
                .modulus
                .wrapping_sub(BoxedUint::from_be_slice_vartime(&good));
            ("n - s instead of s", signer.bytes(&negative), Some(false))
        }
        3 => {
            let sum = BoxedUint::from_be_slice_vartime(&good).concatenating_add(&signer.modulus);
            let bytes = sum.to_be_bytes_trimmed_vartime().to_vec();
            ("s + n instead of s", bytes, Some(false))
        }
        4 => ("too short", good[1..].to_vec(), Some(false)),
        5 => ("too long", [&[0], &good[..]].concat(), Some(false)),
        6 => {
            let edges = [
                vec![0; length],
                vec![0xff; length],
                signer.bytes(&signer.modulus),
                signer.bytes(&signer.modulus.wrapping_sub(BoxedUint::one())),
                signer.bytes(&BoxedUint::one()),
            ];
            (
                "at an edge",
                edges[random.below(edges.len())].clone(),
                Some(false),
            )
        }
        7 => {
            let mut bytes: Vec<_> = (0..length).map(|_| random.next() as u8).collect();
            bytes[0] = 0;
            ("random", bytes, Some(false))
        }
        _ => ("good", good, Some(true)),
    };
    Case {
        kind,
        message,
        signature,
        valid,
    }
}

fn message(random: &mut Random) -> Vec<u8> {
    random.bytes::<32>()[..random.below(33)].to_vec()
}

fn pkcs1_case(scheme: &Scheme, number: u64, signer: &Signer, random: &mut Random) -> Case {
    let message = message(random);
    let encoded = scheme.pkcs1(&message, signer.length());
    let end = encoded.len() - (scheme.hash)(&message).len();
    let (kind, encoded) = match number % 20 {
        8 => {
            let longer = [&message[..], b"."].concat();
            ("another message", scheme.pkcs1(&longer, signer.length()))
        }
        // Less padding, and after the hash what was left.
        9 => {
            let shorter = scheme.pkcs1(&message, signer.length() - 1);
            (
                "something after the hash",
                [&shorter[..], &[random.next() as u8]].concat(),
            )
        }
        10 => {
            let start = [&encoded[..end - 4], &encoded[end - 2..]].concat();
            let mut encoded = [&[0, 1, 0xff, 0xff], &start[2..]].concat();
            let info = encoded.len() - (scheme.hash)(&message).len() - 17;
            encoded[info + 1] -= 2;
            encoded[info + 3] -= 2;
            ("no parameters of the hash", encoded)
        }
        11 => {
            let mut encoded = encoded;
            encoded[1] = 2;
            ("another block type", encoded)
        }
        _ => return any_case(number, signer, random, message, &encoded),
    };
    Case {
        kind,
        signature: signer.sign(&encoded),
        message,
        valid: Some(false),
    }
}

fn pss_case(scheme: &Scheme, number: u64, signer: &Signer, random: &mut Random) -> Case {
    let message = message(random);
    let size = (scheme.hash)(&[]).len();
    let salt: Vec<_> = (0..size + 1).map(|_| random.next() as u8).collect();
    let encode = |message: &[u8], salt: &[u8], mark, trailer| {
        scheme.pss(message, signer.bits(), salt, mark, trailer)
    };
    let (kind, encoded) = match number % 20 {
        8 => {
            let longer = [&message[..], b"."].concat();
            ("another message", encode(&longer, &salt[1..], 1, 0xbc))
        }
        9 => ("a longer salt", encode(&message, &salt, 1, 0xbc)),
        10 => ("a shorter salt", encode(&message, &salt[2..], 1, 0xbc)),
        11 => ("no salt", encode(&message, &[], 1, 0xbc)),
        12 => (
            "another mark before the salt",
            encode(&message, &salt[1..], 3, 0xbc),
        ),
        13 => ("another trailer", encode(&message, &salt[1..], 1, 0xcc)),
        // The encoding has a bit less than the modulus, so the number may be that much larger, and still below n.
        14 => {
            let encoded = encode(&message, &salt[1..], 1, 0xbc);
            let mut encoded = signer.bytes(&BoxedUint::from_be_slice_vartime(&encoded));
            encoded[0] |= 1 << ((signer.bits() - 1) % 8);
            ("the highest bit of the modulus, too", encoded)
        }
        _ => {
            let encoded = encode(&message, &salt[1..], 1, 0xbc);
            let case = any_case(number, signer, random, message, &encoded);
            let is_shorter = encoded.len() < signer.length();
            return match case.kind {
                "good" if is_shorter => Case {
                    kind: "good, a byte shorter than the modulus",
                    ..case
                },
                _ => case,
            };
        }
    };
    Case {
        kind,
        signature: signer.sign(&encoded),
        message,
        valid: Some(false),
    }
}

#[test]
fn every_verdict_on_pkcs1_is_that_of_rsa() {
    for scheme in &PKCS1 {
        compare(scheme.name, EVERY, |seed| {
            cases(seed, |number, signer, random| {
                pkcs1_case(scheme, number, signer, random)
            })
        });
    }
}

#[test]
fn every_verdict_on_pss_is_that_of_rsa() {
    for scheme in &PSS {
        compare(scheme.name, EVERY, |seed| {
            cases(seed, |number, signer, random| {
                pss_case(scheme, number, signer, random)
            })
        });
    }
}
