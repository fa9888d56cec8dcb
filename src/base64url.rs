//! Strict base64url: no padding, no other alphabet, no bits left over (RFC 7515 section 2).

use alloc::vec::Vec;

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine as _, alphabet};

use crate::error::Code;

const STRICT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

/// Decodes `text`, of which there is one encoding only.
pub(crate) fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Code> {
    let text = text.as_ref();
    STRICT.decode(text).map_err(|error| match error {
        _ if text.contains(&b'=') => Code::Base64Padding,
        // RFC 4648 section 3.5: otherwise one value would have several spellings.
        DecodeError::InvalidLastSymbol { .. } => Code::Base64TrailingBits,
        _ => Code::Base64Invalid,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("_-8"), Ok(alloc::vec![0xff, 0xef]));
        assert_eq!(decode(""), Ok(Vec::new()));
        for (text, code) in [
            ("A", Code::Base64Invalid),
            ("AAAAA", Code::Base64Invalid),
            ("_-8=", Code::Base64Padding),
            ("_-9", Code::Base64TrailingBits),
            ("AB", Code::Base64TrailingBits),
            ("+/8", Code::Base64Invalid),
            ("A A", Code::Base64Invalid),
        ] {
            assert_eq!(decode(text), Err(code), "{text}");
        }
    }
}
