//! Text to [`UnverifiedToken`]: size, shape, header. Nothing here is to be believed yet.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use core::ops::Range;

use crate::base64url;
use crate::error::{Code, Rejection};
use crate::json::{Document, Value};
use crate::limits::{JsonLimits, Limits};

/// The three parts of a compact token, still encoded.
#[derive(Clone, Copy)]
pub(crate) struct Segments<'a> {
    raw: &'a [u8],
    dots: [usize; 2],
}

impl<'a> Segments<'a> {
    /// Decides on length, then on the number of dots, then on characters, and copies nothing (RFC 7515 section 7.1).
    pub(crate) fn split(raw: &'a [u8], max_bytes: usize) -> Result<Self, Rejection> {
        if raw.is_empty() {
            let hint = "it is empty or no string";
            return Err(Rejection::new(Code::TokenMissing, hint));
        }
        if raw.len() > max_bytes {
            return Err(Code::TokenTooLarge.into());
        }
        let dots = Dots::of(raw);
        if dots.count == 4 {
            return Err(Code::JweUnsupported.into());
        }
        if dots.has_others {
            return Err(odd_character(raw));
        }
        if dots.count != 2 {
            let hint = match dots.count {
                0 => "it has no dots: an opaque access token looks like this",
                1 => "it has two parts: the signature is missing, or it is an opaque access token",
                _ => "it has more than three parts",
            };
            return Err(Rejection::new(Code::TokenSegments, hint));
        }
        let parts = Self {
            raw,
            dots: [dots.first, dots.last],
        };
        match parts.header().is_empty() || parts.payload().is_empty() {
            true => Err(Code::TokenSegments.into()),
            false => Ok(parts),
        }
    }

    /// Those of a text that was split before.
    pub(crate) fn known(
        raw: &'a [u8],
        dots: [usize; 2],
        max_bytes: usize,
    ) -> Result<Self, Rejection> {
        match raw.len() > max_bytes {
            true => Err(Code::TokenTooLarge.into()),
            false => Ok(Self { raw, dots }),
        }
    }

    /// Where the dots are.
    pub(crate) fn dots(&self) -> [usize; 2] {
        self.dots
    }

    /// Header, dot, payload: what the signature covers.
    fn signing_input(&self) -> &'a [u8] {
        self.part(0..self.dots[1])
    }

    fn header(&self) -> &'a [u8] {
        self.part(0..self.dots[0])
    }

    fn payload(&self) -> &'a [u8] {
        self.part(self.dots[0].saturating_add(1)..self.dots[1])
    }

    fn signature(&self) -> &'a [u8] {
        self.part(self.dots[1].saturating_add(1)..self.raw.len())
    }

    fn part(&self, range: Range<usize>) -> &'a [u8] {
        self.raw.get(range).unwrap_or_default()
    }
}

/// The dots of a text.
#[derive(Debug, Default, PartialEq)]
struct Dots {
    count: usize,
    /// Where the first and the last are, if there are any.
    first: usize,
    last: usize,
    /// Whether any byte is neither a dot nor of base64url's alphabet.
    has_others: bool,
}

impl Dots {
    /// Looks at eight bytes at a time, as a token is long, and branches where there is a dot only.
    fn of(text: &[u8]) -> Self {
        let (eights, rest) = text.as_chunks::<8>();
        let mut last = [b'A'; 8];
        for (place, byte) in last.iter_mut().zip(rest) {
            *place = *byte;
        }
        let (mut dots, mut others) = (Self::default(), 0);
        for (nth, eight) in eights.iter().chain([&last]).enumerate() {
            let marks = Marks::of(u64::from_le_bytes(*eight));
            others |= marks.others;
            if marks.dots != 0 {
                let start = nth.wrapping_mul(8);
                let at = |bits: u32| start.wrapping_add((bits / 8) as usize);
                if dots.count == 0 {
                    dots.first = at(marks.dots.trailing_zeros());
                }
                dots.last = at(63_u32.wrapping_sub(marks.dots.leading_zeros()));
                let count = marks.dots.count_ones() as usize;
                dots.count = dots.count.wrapping_add(count);
            }
        }
        dots.has_others = others != 0;
        dots
    }
}

/// Of eight bytes those that are dots, and those that stand in no token, each by its highest bit.
struct Marks {
    dots: u64,
    others: u64,
}

impl Marks {
    fn of(bytes: u64) -> Self {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGHEST: u64 = ONES.wrapping_mul(0x80);
        // Seven bits of each, so that no sum reaches the next byte.
        let seven = bytes & !HIGHEST;
        let from = |text: u64, first: u8| {
            text.wrapping_add(ONES.wrapping_mul(0x80_u8.wrapping_sub(first).into()))
        };
        let within =
            |text: u64, first: u8, last: u8| from(text, first) & !from(text, last.wrapping_add(1));
        let letters = within(seven | ONES.wrapping_mul(0x20), b'a', b'z');
        let digits = within(seven, b'0', b'9');
        let hyphens_and_dots = within(seven, b'-', b'.');
        let known = letters | digits | hyphens_and_dots | within(seven, b'_', b'_');
        Self {
            dots: within(seven, b'.', b'.') & !bytes & HIGHEST,
            others: (bytes | !known) & HIGHEST,
        }
    }
}

/// Without the text: a token does not belong into logs.
impl fmt::Debug for Segments<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Segments({} bytes)", self.raw.len())
    }
}

/// The refusal of a token for its first byte that stands in none.
#[cold]
fn odd_character(raw: &[u8]) -> Rejection {
    let is_odd = |byte: &&u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.');
    let hint = match raw.iter().find(is_odd) {
        Some(b'=') => return Code::Base64Padding.into(),
        Some(b' ' | b'\t' | b'\r' | b'\n') => {
            Some("the token has white space; pass it without 'Bearer '")
        }
        Some(b'{' | b'"') => {
            Some("this looks like JSON; a compact JWT is three parts with dots between")
        }
        _ => None,
    };
    Rejection::hinted(Code::TokenFormat, hint)
}

/// The JOSE header (RFC 7515 section 4).
#[derive(Clone, Debug)]
pub struct Header {
    document: Document,
}

impl Header {
    fn decode(segment: &[u8]) -> Result<Self, Rejection> {
        let place = |code| Rejection::new(code, "in the header");
        let bytes = base64url::decode(segment).map_err(place)?;
        if bytes.len() > Limits::MAX_HEADER_BYTES {
            return Err(Code::HeaderTooLarge.into());
        }
        let document = Document::parse(bytes, &JsonLimits::HEADER).map_err(place)?;
        Ok(Self { document })
    }

    /// The value of a header parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.document.root().get(name)
    }

    /// The algorithm that the header names, if it is a string.
    #[must_use]
    pub fn alg(&self) -> Option<Cow<'_, str>> {
        self.get("alg")?.as_str()
    }

    /// The key that the header names, if it is a string.
    #[must_use]
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        self.get("kid")?.as_str()
    }

    /// The header as the issuer wrote it: JSON text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.document.text()
    }

    /// How much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.document.bytes()
    }
}

/// A token that was taken apart, and nothing more: no claim of it may be believed.
#[derive(Clone, Debug)]
pub struct UnverifiedToken<'a> {
    segments: Segments<'a>,
    header: Header,
    payload: Result<Document, Rejection>,
}

impl<'a> UnverifiedToken<'a> {
    /// Takes a compact token apart. The header must be sound JSON; what it says is judged later.
    ///
    /// # Errors
    /// The codes from `token_missing` to `json_surrogate`: text, base64url and JSON of the header;
    /// `config_invalid_option` when a limit is beyond its own.
    pub fn parse(raw: &'a (impl AsRef<[u8]> + ?Sized), limits: &Limits) -> Result<Self, Rejection> {
        limits.check()?;
        Self::decode(Segments::split(raw.as_ref(), limits.max_token_bytes)?)
    }

    pub(crate) fn decode(segments: Segments<'a>) -> Result<Self, Rejection> {
        let header = Header::decode(segments.header())?;
        let place = |code| Rejection::new(code, "in the payload");
        let payload = base64url::decode(segments.payload())
            .and_then(|bytes| Document::parse(bytes, &JsonLimits::PAYLOAD))
            .map_err(place);
        Ok(Self {
            segments,
            header,
            payload,
        })
    }

    /// A token that was taken apart before.
    pub(crate) fn known(segments: Segments<'a>, header: Header, payload: Document) -> Self {
        Self {
            segments,
            header,
            payload: Ok(payload),
        }
    }

    /// The header, unverified.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload, unverified: for routing, and for `explain`.
    pub(crate) fn payload(&self) -> Result<&Document, Rejection> {
        self.payload.as_ref().map_err(Clone::clone)
    }

    pub(crate) fn signing_input(&self) -> &'a [u8] {
        self.segments.signing_input()
    }

    pub(crate) fn signature_text(&self) -> &'a [u8] {
        self.segments.signature()
    }

    /// For `jws.rs`, once the signature was found good.
    pub(crate) fn into_parts(self) -> Result<([usize; 2], Header, Document), Rejection> {
        Ok((self.segments.dots(), self.header, self.payload?))
    }
}

/// Text of a token made fit for a person's eyes: control and non-ASCII characters escaped, and cut.
pub(crate) fn shown(text: &str) -> String {
    shown_within(text, Limits::MAX_SHOWN_CHARS)
}

/// The same for a kid, in an error.
pub(crate) fn shown_kid(kid: &str) -> String {
    shown_within(kid, Limits::MAX_SHOWN_KID_CHARS)
}

fn shown_within(text: &str, most: usize) -> String {
    let mut out = String::new();
    for character in text.chars() {
        let before = out.len();
        match character {
            ' '..='~' => out.push(character),
            _ => out.extend(character.escape_unicode()),
        }
        if out.len() > most {
            out.truncate(before);
            out.push_str("...");
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_what_it_is() {
        for length in 1..20 {
            for at in 0..length {
                for byte in 0..=255_u8 {
                    for around in [b'a', b'Z', b'0', b'-', b'_', 0x00, 0x7f, 0xff] {
                        let mut text = alloc::vec![around; length];
                        text[at] = byte;
                        let is_odd =
                            |byte: &u8| !byte.is_ascii_alphanumeric() && !b"-_.".contains(byte);
                        let dots = || (0..length).filter(|at| text[*at] == b'.');
                        let expected = Dots {
                            count: dots().count(),
                            first: dots().next().unwrap_or(0),
                            last: dots().next_back().unwrap_or(0),
                            has_others: text.iter().any(is_odd),
                        };
                        assert_eq!(Dots::of(&text), expected, "{byte:#x} in {around:#x}");
                    }
                }
            }
        }
    }

    #[test]
    fn dots_are_found_wherever_they_are() {
        for length in 1..40 {
            for first in 0..length {
                for last in first..length {
                    let mut text = alloc::vec![b'a'; length];
                    (text[first], text[last]) = (b'.', b'.');
                    let expected = Dots {
                        count: 1 + usize::from(first < last),
                        first,
                        last,
                        has_others: false,
                    };
                    assert_eq!(Dots::of(&text), expected);
                }
            }
        }
        assert_eq!(Dots::of(&[b'.'; 17]).count, 17);
    }
}
