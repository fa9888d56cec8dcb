//! Private keys that are made at once.
//!
//! A modulus is the product of many small primes. That is no key to be trusted, but as good as any to compute with, and a
//! signature is put together from one for each prime.

use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crypto_bigint::{BoxedUint, ConcatenatingMul as _};
use serde_json::{Value, json};

use crate::random::Random;

/// A number of up to 64 bits to a power, modulo a prime below 2^32.
fn power(base: u64, exponent: u64, prime: u64) -> u64 {
    let mut result = 1;
    for bit in (0..u64::BITS).rev() {
        result = result * result % prime;
        if exponent >> bit & 1 == 1 {
            result = result * (base % prime) % prime;
        }
    }
    result
}

/// Miller and Rabin's test; with these bases it is right for all numbers below 2^32.
fn is_prime(number: u64) -> bool {
    let odd = (number - 1) >> (number - 1).trailing_zeros();
    [2, 7, 61].into_iter().all(|base| {
        let mut x = power(base, odd, number);
        let mut exponent = odd;
        while exponent != number - 1 && x != 1 && x != number - 1 {
            x = x * x % number;
            exponent *= 2;
        }
        x == number - 1 || exponent == odd && x == 1
    })
}

/// The number that times `number` is 1.
fn inverse(number: u64, modulus: u64) -> Option<u64> {
    let (mut a, mut b) = (i128::from(modulus), i128::from(number % modulus));
    let (mut x, mut y) = (0, 1);
    while b != 0 {
        let quotient = a / b;
        (a, b) = (b, a - quotient * b);
        (x, y) = (y, x - quotient * y);
    }
    (a == 1).then(|| x.rem_euclid(modulus.into()) as u64)
}

/// One prime of a modulus.
struct Factor {
    prime: u64,
    /// What undoes the public exponent.
    exponent: u64,
    /// 1 modulo this prime, 0 modulo all others.
    unit: BoxedUint,
}

pub(crate) struct Signer {
    pub(crate) modulus: BoxedUint,
    exponent: u64,
    factors: Vec<Factor>,
}

impl Signer {
    pub(crate) fn new(random: &mut Random) -> Self {
        let exponent = match random.below(4) {
            0 => 0x1_0001 + 2 * (random.next() >> 33),
            _ => 0x1_0001,
        };
        let count = match random.below(10) {
            0 => 96 + random.below(3),
            1 => 126 + random.below(2),
            _ => 65 + random.below(4),
        };
        let mut primes = Vec::new();
        while primes.len() < count {
            let number = random.next() >> 32 | 3 << 30 | 1;
            let is_fit = is_prime(number) && inverse(exponent, number - 1).is_some();
            if is_fit && !primes.contains(&number) {
                primes.push(number);
            }
        }
        let product = |primes: &mut dyn Iterator<Item = u64>| {
            let mut words = vec![1_u32];
            for prime in primes {
                let mut carry = 0;
                for word in &mut words {
                    carry += u64::from(*word) * prime;
                    *word = carry as u32;
                    carry >>= 32;
                }
                words.push(carry as u32);
            }
            let bytes: Vec<_> = words
                .iter()
                .rev()
                .flat_map(|word| word.to_be_bytes())
                .collect();
            BoxedUint::from_be_slice_vartime(&bytes)
        };
        let modulus = product(&mut primes.iter().copied());
        let factor = |prime: &u64| {
            let others = product(&mut primes.iter().copied().filter(|other| other != prime));
            let rest = remainder(&others, *prime);
            let unit = inverse(rest, *prime).expect("another prime");
            Factor {
                prime: *prime,
                exponent: inverse(exponent, prime - 1).expect("was looked at"),
                unit: others.concatenating_mul(BoxedUint::from(unit)),
            }
        };
        let factors = primes.iter().map(factor).collect();
        Self {
            modulus,
            exponent,
            factors,
        }
    }

    /// With a modulus that has one bit more than whole bytes: what PSS makes of a message is then a byte shorter than it.
    pub(crate) fn of_one_bit_more(random: &mut Random) -> Self {
        let mut signers = iter::repeat_with(|| Self::new(random));
        let signer = signers.find(|signer| signer.bits() % 8 == 1);
        signer.expect("one of eight")
    }

    pub(crate) fn bits(&self) -> usize {
        self.modulus.bit_width_vartime() as usize
    }

    pub(crate) fn length(&self) -> usize {
        self.bits().div_ceil(8)
    }

    pub(crate) fn jwk(&self) -> Value {
        let [n, e] = [self.modulus.clone(), BoxedUint::from(self.exponent)];
        let [n, e] =
            [n, e].map(|number| URL_SAFE_NO_PAD.encode(number.to_be_bytes_trimmed_vartime()));
        json!({ "kty": "RSA", "n": n, "e": e })
    }

    /// The signature of what a message was turned into.
    pub(crate) fn sign(&self, encoded: &[u8]) -> Vec<u8> {
        let encoded = BoxedUint::from_be_slice_vartime(encoded);
        let mut sum = BoxedUint::zero_with_precision(self.modulus.bits_precision() + 128);
        for factor in &self.factors {
            let root = power(
                remainder(&encoded, factor.prime),
                factor.exponent,
                factor.prime,
            );
            sum = sum.wrapping_add(factor.unit.concatenating_mul(BoxedUint::from(root)));
        }
        let modulus = self.modulus.as_nz_vartime().expect("not zero");
        self.bytes(&sum.rem_vartime(modulus))
    }

    /// As long as the modulus.
    pub(crate) fn bytes(&self, number: &BoxedUint) -> Vec<u8> {
        let bytes = number.to_be_bytes_trimmed_vartime();
        [vec![0; self.length() - bytes.len()], bytes.to_vec()].concat()
    }
}

fn remainder(number: &BoxedUint, prime: u64) -> u64 {
    let prime = BoxedUint::from(prime).into_nz().expect("not zero");
    number.rem_vartime(&prime).as_words()[0]
}
