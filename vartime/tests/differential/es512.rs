//! ES512 against `p521`.

use p521 as curve;
use p521::elliptic_curve::bigint::U576 as Integer;
use sha2::Sha512 as Hash;

const NAME: &str = "ES512";
const CURVE: &str = "P-521";
/// One in so many of the keys.
const EVERY: u64 = 10;
/// Of a coordinate.
const BYTES: usize = 66;
/// Of p.
const BITS: u32 = 521;
/// The bits of the highest byte.
const HIGHEST: u8 = 0x01;
const ORDER: Integer = Integer::from_be_hex(
    "00000000000001fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
);
const MODULUS: Integer = Integer::from_be_hex(
    "00000000000001ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
);

include!("ecdsa.rs");
