//! JSON text from decisions: sound, odd and broken.

use crate::source::Source;

/// Text that broke somebody's reader, or could.
const STRINGS: &[&str] = &[
    "\"x\"",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ude00\\ud83d\"",
    "\"\\u00e9\"",
    "\"\u{e9}\"",
    "\"e\u{301}\"",
    "\"\u{202e}abc\"",
    "\"\\/\"",
    "\"\\b\\f\\n\\r\\t\\\"\\\\\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\t\"",
    "\"\u{7f}\"",
    "\"unclosed",
    "'single'",
    "\"\\uD800\\uDBFF\\uDC00\"",
    "\"\\uFFFF\"",
    "\"__proto__\"",
    "\"none\"",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1.5",
    "-0",
    "-0.0",
    "1e3",
    "1E+3",
    "1e-3",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "18446744073709551616",
    "1e308",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "1e309",
    "1e400",
    "-1e400",
    "1e-400",
    "5e-324",
    "2.2250738585072011e-308",
    "0e999999999999",
    "0.1",
    "123456789.123456789123456789",
    "01",
    "+1",
    ".5",
    "1.",
    "1e",
    "1e+",
    "0x10",
    "NaN",
    "Infinity",
    "-",
    "1800000000.0000000000000000000000001",
    "1_000",
    "0.000000000000000000000000000001",
    "179769313486231570000000000000000000000e270",
    "99999999999",
    "100000000000",
];

const LITERALS: &[&str] = &["null", "true", "false", "nul", "True", "undefined", "tru e"];

const SPACES: &[&str] = &[
    "", " ", "\n", "\t\r\n ", "\u{a0}", "\u{feff}", "/**/", "\u{b}",
];

/// Names of members that somebody somewhere treats in a special way.
pub const NAMES: &[&str] = &[
    "x",
    "alg",
    "kid",
    "typ",
    "crit",
    "b64",
    "zip",
    "cty",
    "jwk",
    "jku",
    "x5c",
    "enc",
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "nbf",
    "iat",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "jti",
    "events",
    "scope",
    "client_id",
    "token_use",
    "tid",
    "groups",
    "email_verified",
    "_claim_names",
    "_claim_sources",
    "__proto__",
    "constructor",
    "toString",
    "",
    "\\u0065xp",
    "\\u0069ss",
    "a\\u0000",
    "\\ud800",
    "cnf",
];

/// White space, or what somebody takes for it.
pub fn space(source: &mut Source<'_>) -> &'static str {
    let among = if source.is_odd(16) { SPACES.len() } else { 3 };
    SPACES[source.below(among)]
}

/// Any JSON value, or nearly one.
pub fn value(source: &mut Source<'_>, depth: usize) -> String {
    match source.below(9) {
        0 => source.pick(STRINGS).to_owned(),
        1 => source.pick(NUMBERS).to_owned(),
        2 => source.pick(LITERALS).to_owned(),
        3 => nested(source),
        4 if depth > 0 => array(source, depth - 1),
        5 if depth > 0 => object(source, depth - 1),
        6 => raw(source),
        7 => digits(source),
        _ => long(source),
    }
}

/// An object of at most seven members, often with two of one name.
pub fn object(source: &mut Source<'_>, depth: usize) -> String {
    let members: Vec<_> = (0..source.below(8))
        .map(|_| member(source.pick(NAMES), &value(source, depth), source))
        .collect();
    join('{', &members, '}', source)
}

/// `"name":value` with the spaces that may stand there.
pub fn member(name: &str, value: &str, source: &mut Source<'_>) -> String {
    let (before, after) = (space(source), space(source));
    format!("{before}\"{name}\"{after}:{value}")
}

/// The members as an object; now and then with a comma too many, or no end.
pub fn join(open: char, members: &[String], close: char, source: &mut Source<'_>) -> String {
    let mut text = members.join(",");
    match source.below(64) {
        63 => text.push(','),
        62 => return format!("{open}{text}"),
        61 => return format!("{open}{text}{close}{close}"),
        60 => return format!("{open}{text}{close} {{}}"),
        _ => {}
    }
    format!("{open}{text}{close}")
}

fn array(source: &mut Source<'_>, depth: usize) -> String {
    let items: Vec<_> = (0..source.below(6)).map(|_| value(source, depth)).collect();
    join('[', &items, ']', source)
}

/// As deep as the limits allow, and one more.
fn nested(source: &mut Source<'_>) -> String {
    let depth = source.pick(&[1, 2, 14, 15, 16, 17, 29, 30, 31, 32, 33, 64, 200, 2000]);
    let (open, close) = source.pick(&[
        ("[", "]"),
        ("{\"a\":", "}"),
        ("[{\"a\":", "}]"),
        ("[", ""),
        ("[", "}"),
    ]);
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

/// Lists, objects and strings around the limits.
fn long(source: &mut Source<'_>) -> String {
    match source.below(4) {
        0 => format!("[{}0]", "0,".repeat(source.pick(&[1, 1022, 1023, 1024]))),
        1 => {
            let count = source.pick(&[2, 255, 256, 257]);
            let members: Vec<_> = (0..count).map(|at| format!("\"m{at}\":{at}")).collect();
            format!("{{{}}}", members.join(","))
        }
        2 => format!(
            "\"{}\"",
            "s".repeat(source.pick(&[255, 256, 257, 3000, 8191, 8192, 8193]))
        ),
        _ => format!(
            "{}.{}",
            "9".repeat(source.pick(&[1, 15, 17, 18, 19, 20, 400])),
            "1".repeat(source.below(40) + 1)
        ),
    }
}

/// The input's own bytes between quotes, or without.
fn raw(source: &mut Source<'_>) -> String {
    let text = String::from_utf8_lossy(source.bytes(48)).into_owned();
    match source.below(2) {
        0 => format!("\"{text}\""),
        _ => text,
    }
}

/// A number of the input's own digits.
fn digits(source: &mut Source<'_>) -> String {
    let alphabet = b"0123456789.eE+-";
    let text: String = source
        .bytes(40)
        .iter()
        .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
        .collect();
    format!("1{text}")
}
