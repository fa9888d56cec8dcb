//! ES256 against `p256`.

use p256 as curve;
use p256::elliptic_curve::bigint::U256 as Integer;
use sha2::Sha256 as Hash;

const NAME: &str = "ES256";
const CURVE: &str = "P-256";
/// One in so many of the keys.
const EVERY: u64 = 1;
/// Of a coordinate.
const BYTES: usize = 32;
/// Of p.
const BITS: u32 = 256;
/// The bits of the highest byte.
const HIGHEST: u8 = 0xff;
const ORDER: Integer =
    Integer::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const MODULUS: Integer =
    Integer::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

include!("ecdsa.rs");
