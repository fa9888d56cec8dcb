//! Values as Envoy writes them.

use idtoken::options::Setting;
use idtoken::{Kind, Rejection};

/// `true` or `false`.
pub(super) fn switch(from: Setting<'_>) -> Result<bool, Rejection> {
    from.value
        .as_bool()
        .ok_or_else(|| from.invalid("true or false"))
}

/// A word of jwt_authn that cannot be had here.
pub(super) fn refused(from: Setting<'_>, why: &str) -> Result<(), Rejection> {
    Err(from.invalid(&format!("left out: {why}")))
}

/// Milliseconds: whole seconds as a number, or protobuf's JSON for a duration, such as `"1.5s"`.
pub(super) fn millis(from: Setting<'_>) -> Result<u64, Rejection> {
    let wrong = || from.invalid("a duration such as \"5s\"");
    if from.value.kind() == Kind::Number {
        return from.whole()?.checked_mul(1000).ok_or_else(wrong);
    }
    let text = from.value.as_str().ok_or_else(wrong)?;
    let number = text.strip_suffix('s').ok_or_else(wrong)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_plain = |digits: &str| digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_plain(whole) || !is_plain(part) {
        return Err(wrong());
    }
    let thousandths = format!("{part:0<3}");
    let thousandths = thousandths.get(..3).unwrap_or("0");
    let whole: u64 = whole.parse().map_err(|_| wrong())?;
    let part: u64 = thousandths.parse().map_err(|_| wrong())?;
    let sum = whole.checked_mul(1000).and_then(|ms| ms.checked_add(part));
    sum.ok_or_else(wrong)
}

/// The same in whole seconds, which is what a policy takes.
pub(super) fn seconds(from: Setting<'_>) -> Result<u64, Rejection> {
    let millis = millis(from)?;
    match millis.checked_rem(1000) {
        Some(0) => Ok(millis / 1000),
        _ => Err(from.invalid("whole seconds")),
    }
}
