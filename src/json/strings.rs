//! JSON strings: where they end, and what they say.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use crate::error::Code;

/// How many bytes stand for themselves: up to a quote, an escape or what must not be there. Eight at a time, as most of a
/// token is text.
pub(super) fn plain(rest: &[u8]) -> usize {
    let (eights, last) = rest.as_chunks::<8>();
    for (nth, eight) in eights.iter().enumerate() {
        let special = special(u64::from_le_bytes(*eight));
        if special != 0 {
            let within = (special.trailing_zeros() / 8) as usize;
            return nth.wrapping_mul(8).wrapping_add(within);
        }
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    let within = last.iter().position(is_special).unwrap_or(last.len());
    rest.len().wrapping_sub(last.len()).wrapping_add(within)
}

/// Marks, of eight bytes, those that are special, in their highest bit: exact for the first of them. What is below a
/// bound borrows from that bit when the bound is taken away, and bytes from 0x80 on have it from the start.
fn special(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |bytes: u64, bound: u64| bytes.wrapping_sub(ONES.wrapping_mul(bound)) & !bytes;
    let is = |byte: u8| below(eight ^ ONES.wrapping_mul(byte.into()), 1);
    (below(eight, 0x20) | is(b'"') | is(b'\\')) & ONES.wrapping_mul(0x80)
}

/// The length in bytes of the string that starts `rest`, without its closing quote, and whether it has half of a
/// surrogate pair (RFC 7493 section 2.1).
///
/// The escapes are checked here, once, so that [`unescape`] cannot fail.
#[cold]
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
#[cold]
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
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b' '..=b'~')) if !matches!(byte, b'"' | b'\\') => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn eight_bytes_at_a_time_find_what_one_at_a_time_finds() {
        for length in 0..20 {
            assert_eq!(plain(&vec![b'a'; length]), length);
            for at in 0..length {
                for byte in 0..=255 {
                    for around in [b'a', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff] {
                        let mut text = vec![around; length];
                        text[at] = byte;
                        let is_special = matches!(byte, b'"' | b'\\' | 0..=0x1f);
                        let expected = if is_special { at } else { length };
                        assert_eq!(plain(&text), expected, "{byte:#x} at {at} of {length}");
                        // What comes behind the first does not matter.
                        text.extend([b'"', 0, b'\\', 0x1f, b'"', 0, 0x20, b'"', b'"']);
                        assert_eq!(plain(&text), expected);
                    }
                }
            }
        }
    }
}
