//! What a message looks like when it is signed with RSA (RFC 8017 section 9).

use alloc::vec;
use alloc::vec::Vec;

use idtoken::alg::Hash;

/// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2). The whole encoding is made and compared: to parse it is what went wrong
/// elsewhere.
pub(super) fn is_pkcs1(encoded: &[u8], hash: Hash, message: &[u8]) -> bool {
    // The DER of DigestInfo up to the hash: note 1 of the section.
    let (size, name, length) = match hash {
        Hash::Sha256 => (49, 1, 32),
        Hash::Sha384 => (65, 2, 48),
        Hash::Sha512 => (81, 3, 64),
    };
    let algorithm = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, name];
    let mut end = vec![0];
    end.extend([0x30, size, 0x30, 13, 6, 9]);
    end.extend(algorithm);
    end.extend([5, 0, 4, length]);
    end.extend(hash.digest(message));
    let Some(ones) = encoded
        .len()
        .checked_sub(end.len())
        .and_then(|rest| rest.checked_sub(2))
    else {
        return false;
    };
    let mut expected = vec![0, 1];
    expected.resize(ones.saturating_add(2), 0xff);
    expected.extend(end);
    ones >= 8 && encoded == expected
}

/// EMSA-PSS (RFC 8017 section 9.1.2) with MGF1, and a salt as long as the hash (RFC 7518 section 3.5), for a modulus of so
/// many bits.
pub(super) fn is_pss(encoded: &[u8], modulus_bits: usize, hash: Hash, message: &[u8]) -> bool {
    is_pss_of(encoded, modulus_bits, hash, &hash.digest(message)).unwrap_or(false)
}

/// Nothing where a part is missing.
fn is_pss_of(encoded: &[u8], modulus_bits: usize, hash: Hash, digest: &[u8]) -> Option<bool> {
    let bits = modulus_bits.checked_sub(1)?;
    // One byte less than the modulus where the bits fill whole bytes; the number has to fit into them (section 8.1.2).
    let (beyond, encoded) =
        encoded.split_at_checked(encoded.len().checked_sub(bits.div_ceil(8))?)?;
    let (trailer, encoded) = encoded.split_last()?;
    let (masked, seed) = encoded.split_at_checked(encoded.len().checked_sub(digest.len())?)?;
    // Of the first byte, the bits that no number of this size has.
    let unused = match bits % 8 {
        0 => 0,
        used => 0xff_u8 << used,
    };
    let is_large = beyond.iter().any(|byte| *byte != 0) || masked.first()? & unused != 0;

    let mask = (0_u32..).flat_map(|counter| hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    let mut data: Vec<u8> = masked
        .iter()
        .zip(mask)
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    *data.first_mut()? &= !unused;
    let (padding, salt) = data.split_at_checked(data.len().checked_sub(digest.len())?)?;
    let (one, zeros) = padding.split_last()?;
    let is_padded = *one == 1 && zeros.iter().all(|byte| *byte == 0);

    let again = hash.digest(&[&[0; 8], digest, salt].concat());
    Some(*trailer == 0xbc && !is_large && is_padded && again == seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8017 section 9.2: eight bytes of padding at least. No modulus that we take is so short, so only this test is.
    #[test]
    fn pkcs1_has_eight_ones_or_more() {
        let info = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
        let hash = Hash::Sha256.digest(b"message");
        for ones in 0..20 {
            let encoded = [&[0, 1][..], &[0xff].repeat(ones), &[0], info, &hash].concat();
            let is_good = is_pkcs1(&encoded, Hash::Sha256, b"message");
            assert_eq!(is_good, ones >= 8, "{ones}");
            assert!(!is_pkcs1(&encoded, Hash::Sha256, b"another"), "{ones}");
        }
        assert!(!is_pkcs1(&hash, Hash::Sha256, b"message"));
        assert!(!is_pkcs1(&[], Hash::Sha256, b"message"));
    }
}
