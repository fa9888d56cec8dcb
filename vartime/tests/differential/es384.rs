//! ES384 against `p384`.

use p384 as curve;
use p384::elliptic_curve::bigint::U384 as Integer;
use sha2::Sha384 as Hash;

const NAME: &str = "ES384";
const CURVE: &str = "P-384";
/// One in so many of the keys.
const EVERY: u64 = 5;
/// Of a coordinate.
const BYTES: usize = 48;
/// Of p.
const BITS: u32 = 384;
/// The bits of the highest byte.
const HIGHEST: u8 = 0xff;
const ORDER: Integer = Integer::from_be_hex(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
);
const MODULUS: Integer = Integer::from_be_hex(
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
);

include!("ecdsa.rs");
