//! JSON numbers as f64.
//!
//! Own code, because core's `f64::from_str` weighs 13 KB gzip in the wasm, most of it tables for the last bit of numbers
//! that no claim holds; it is the oracle in the tests.

/// More digits than a u64 surely holds add nothing that an f64 could keep.
const MOST_DIGITS: u32 = 18;
/// The largest whole number up to which every JSON reader agrees (RFC 7493 section 2.2).
const LARGEST_WHOLE: u64 = 1 << 53;
/// No reader holds what a longer number says, and a long run of zeros could hide what its exponent means.
const LONGEST: usize = 64;
/// Beyond this every number is 0 or too large.
const LARGEST_EXPONENT: i32 = 400;

/// Reads a number that the parser found well-formed. `None` for a whole number outside ±2^53, for what overflows, and for
/// what is longer than any date.
///
/// Exact up to 15 digits and 22 places, which every date fits into; beyond that off by a few units in the last place.
pub(super) fn read(text: &str) -> Option<f64> {
    // Dates, nearly always.
    short(text).or_else(|| any(text))
}

#[cold]
fn any(text: &str) -> Option<f64> {
    if text.len() > LONGEST {
        return None;
    }
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (digits, power) = match text.split_once(['e', 'E']) {
        Some((digits, power)) => (digits, exponent(power)),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_whole = whole.len() == text.len();

    let mut mantissa: u64 = 0;
    let mut kept: u32 = 0;
    let mut power = power;
    for (digit, is_fraction) in places(whole, false).chain(places(fraction, true)) {
        if kept < MOST_DIGITS {
            mantissa = mantissa.saturating_mul(10).saturating_add(digit);
            kept = kept.saturating_add(u32::from(mantissa > 0));
            power = power.saturating_sub(i32::from(is_fraction));
        } else {
            power = power.saturating_add(i32::from(!is_fraction));
        }
    }
    if is_whole && (power > 0 || mantissa > LARGEST_WHOLE) {
        return None;
    }
    let value = scale(mantissa, power);
    value
        .is_finite()
        .then_some(if negative { -value } else { value })
}

/// A whole number that is exact for its shortness.
#[allow(clippy::cast_precision_loss)]
fn short(text: &str) -> Option<f64> {
    if text.len() > 15 {
        return None;
    }
    let mut whole: u64 = 0;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        whole = whole.wrapping_mul(10).wrapping_add(digit.into());
    }
    Some(whole as f64)
}

fn places(digits: &str, is_fraction: bool) -> impl Iterator<Item = (u64, bool)> {
    let digit = move |byte: u8| (u64::from(byte.wrapping_sub(b'0')), is_fraction);
    digits.bytes().map(digit)
}

fn exponent(text: &str) -> i32 {
    let digits = text.trim_start_matches(['+', '-']);
    let size = digits
        .parse::<i32>()
        .unwrap_or(LARGEST_EXPONENT)
        .min(LARGEST_EXPONENT);
    if text.starts_with('-') {
        size.saturating_neg()
    } else {
        size
    }
}

#[allow(clippy::cast_precision_loss)]
fn scale(mantissa: u64, power: i32) -> f64 {
    let value = mantissa as f64;
    if value == 0.0 || power == 0 {
        return value;
    }
    // One operation where the power of ten is exact, so that the result is rounded once.
    let mut factor = 1.0;
    let mut rest = value;
    for _ in 0..power.unsigned_abs() {
        factor *= 10.0;
        if factor > 1e22 {
            rest = if power > 0 { rest * 1e22 } else { rest / 1e22 };
            factor = 10.0;
        }
    }
    if power > 0 {
        rest * factor
    } else {
        rest / factor
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn oracle(text: &str) -> Option<f64> {
        let value: f64 = text.parse().unwrap();
        value.is_finite().then_some(value)
    }

    #[test]
    fn dates_are_exact() {
        for text in [
            "0",
            "-0",
            "1800000000",
            "1800000000.5",
            "1800000000.123456",
            "1.8e9",
            "18E8",
            "18e+8",
            "1800000000000e-3",
            "0.0000000001",
            "-1.5e2",
            "1e22",
            "123456789012345e-22",
            "9007199254740992",
            "-9007199254740992",
            "1e-0",
        ] {
            assert_eq!(read(text), oracle(text), "{text}");
        }
    }

    #[test]
    fn all_others_are_close() {
        let mut seed: u64 = 1;
        for _ in 0..20_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let power = i64::try_from(seed >> 55).unwrap() - 256;
            let text = format!("{}.{}e{power}", seed % 1000, seed >> 20);
            let (ours, theirs) = (read(&text).unwrap(), oracle(&text).unwrap());
            assert!(
                (ours - theirs).abs() <= theirs.abs() * 1e-14,
                "{text}: {ours} {theirs}"
            );
        }
    }

    #[test]
    fn what_overflows_or_is_read_differently_is_nothing() {
        for text in [
            "1e400",
            "-1e309",
            "1e999999999999",
            "9007199254740993",
            "-9007199254740993",
            "1000000000000000000000",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let zeros = "0".repeat(450);
        assert_eq!(read(&alloc::format!("0.{zeros}18e461")), None);
        assert_eq!(read(&alloc::format!("18{zeros}e-441")), None);
        assert_eq!(read("1e-400"), Some(0.0));
        assert_eq!(read("0e400"), Some(0.0));
        assert_eq!(read("1e-999999999999"), Some(0.0));
    }
}
