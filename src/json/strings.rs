//! JSON strings: where they end, and what they say.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use crate::error::Code;

/// How many bytes stand for themselves: up to a quote, an escape or what must not be there.
pub(super) fn plain(rest: &[u8]) -> usize {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    rest.iter().position(is_special).unwrap_or(rest.len())
}

/// The length in bytes of the string that starts `rest`, without its closing quote, and whether it has half of a
/// surrogate pair (RFC 7493 section 2.1).
///
/// The escapes are checked here, once, so that [`unescape`] cannot fail.
pub(super) fn length(rest: &[u8]) -> Result<(usize, bool), Code> {
    let mut bytes = rest.iter().copied().enumerate();
    let mut has_half_pair = false;
    // A high surrogate that still waits for its other half.
    let mut high = false;
    while let Some((at, byte)) = bytes.next() {
        let unit = match byte {
            b'\\' => escape(&mut bytes)?,
            // RFC 8259 section 7: control characters must be escaped.
            0..=0x1f => return Err(Code::JsonSyntax),
            _ => u32::from(byte),
        };
        let is_low = (0xdc00..=0xdfff).contains(&unit);
        has_half_pair |= high != is_low;
        high = (0xd800..=0xdbff).contains(&unit);
        if byte == b'"' {
            return Ok((at, has_half_pair));
        }
    }
    Err(Code::JsonSyntax)
}

/// What the text between the quotes says.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len());
    let mut high = 0;
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut bytes = escaped.bytes().enumerate();
        let unit = escape(&mut bytes).unwrap_or(0xfffd);
        let used = escaped.len().saturating_sub(bytes.len());
        rest = escaped.get(used..).unwrap_or("");
        match unit {
            0xd800..=0xdbff => high = unit,
            0xdc00..=0xdfff => out.push(pair(high, unit)),
            _ => out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The UTF-16 unit that an escape stands for; its backslash was just read.
fn escape(bytes: &mut impl Iterator<Item = (usize, u8)>) -> Result<u32, Code> {
    let mut next = || bytes.next().map(|(_, byte)| byte).ok_or(Code::JsonSyntax);
    Ok(match next()? {
        plain @ (b'"' | b'\\' | b'/') => u32::from(plain),
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => 0x0a,
        b'r' => 0x0d,
        b't' => 0x09,
        b'u' => {
            let mut unit = 0;
            for _ in 0..4 {
                let digit = char::from(next()?).to_digit(16).ok_or(Code::JsonSyntax)?;
                unit = (unit << 4) | digit;
            }
            unit
        }
        _ => return Err(Code::JsonSyntax),
    })
}

/// The character that two surrogates stand for (Unicode 16.0 section 3.9).
fn pair(high: u32, low: u32) -> char {
    let point = (((high & 0x3ff) << 10) | (low & 0x3ff)).saturating_add(0x1_0000);
    char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `text` as a JSON string, in ASCII.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b' '..=b'~')) if !matches!(byte, b'"' | b'\\') => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}
