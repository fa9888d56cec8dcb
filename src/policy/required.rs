//! Claims that a policy demands (OpenID Connect Core 1.0 section 2 leaves all others to the client).

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Rejection};
use crate::json::{Document, Kind, Value, equal};
use crate::limits::JsonLimits;
use crate::options::{self, Row, Setting, Spelling};

/// A claim, and what it must be.
#[derive(Clone, Debug)]
pub(crate) struct RequiredClaim {
    pub(crate) name: String,
    pub(crate) requirement: Requirement,
}

/// All of these; a plain value is the same as `any_of` with that one value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirement {
    any_of: Vec<Scalar>,
    contains: Option<Scalar>,
    glob: Option<String>,
}

/// A string, a number, true or false.
#[derive(Clone, Debug)]
struct Scalar(Document);

impl Scalar {
    fn read(value: Value<'_>) -> Option<Self> {
        let is_readable = match value.kind() {
            Kind::String | Kind::Bool => true,
            // Nothing equals a number that cannot be read exactly.
            Kind::Number => value.as_f64().is_some(),
            Kind::Array | Kind::Object | Kind::Null => false,
        };
        if !is_readable {
            return None;
        }
        let text = alloc::format!("{{\"v\":{}}}", value.raw());
        Document::parse(text.into_bytes(), &JsonLimits::OPTIONS)
            .ok()
            .map(Self)
    }

    fn equals(&self, found: Value<'_>) -> bool {
        self.0
            .root()
            .get("v")
            .is_some_and(|value| equal(value, found))
    }
}

impl Requirement {
    /// Whether the claim is as demanded. An empty requirement is satisfied by any value; `null` is none.
    pub(crate) fn is_met_by(&self, found: Value<'_>) -> bool {
        let is_one = self.any_of.is_empty() || self.any_of.iter().any(|value| value.equals(found));
        let has = |wanted: &Scalar| found.items().any(|item| wanted.equals(item));
        let fits = |glob: &String| found.as_str().is_some_and(|text| matches_glob(glob, &text));
        found.kind() != Kind::Null
            && is_one
            && self.contains.as_ref().is_none_or(has)
            && self.glob.as_ref().is_none_or(fits)
    }
}

/// Reads `{ "claim": value }` or `{ "claim": { "any_of": [...], "contains": value, "glob": "..." } }`.
pub(super) fn read(object: Value<'_>, spelling: Spelling) -> Result<Vec<RequiredClaim>, Rejection> {
    let mut required = Vec::new();
    if object.members().next().is_none() {
        let hint = "required_claims names no claim";
        return Err(Rejection::new(Code::ConfigInvalidOption, hint));
    }
    for (name, value) in object.members() {
        let mut requirement = Requirement::default();
        match Scalar::read(value) {
            Some(exact) => requirement.any_of.push(exact),
            None if value.kind() == Kind::Object => {
                options::read(value, ROWS, spelling, &mut requirement)?;
            }
            None => {
                let hint = "a required claim is a string, a number, true, false or an object";
                return Err(Rejection::new(Code::ConfigInvalidOption, hint));
            }
        }
        required.push(RequiredClaim {
            name: name.into_owned(),
            requirement,
        });
    }
    Ok(required)
}

#[rustfmt::skip]
static ROWS: &[Row<Requirement>] = &[
    Row { name: "any_of", read: |to, from| { to.any_of = scalars(from)?; Ok(()) } },
    Row { name: "contains", read: |to, from| { to.contains = Some(scalar(from, from.value)?); Ok(()) } },
    Row { name: "glob", read: |to, from| { to.glob = Some(from.text()?); Ok(()) } },
];

fn scalars(from: Setting<'_>) -> Result<Vec<Scalar>, Rejection> {
    let values: Result<Vec<_>, _> = from.value.items().map(|item| scalar(from, item)).collect();
    let values = values?;
    match values.is_empty() {
        true => Err(from.invalid("a list that is not empty")),
        false => Ok(values),
    }
}

fn scalar(from: Setting<'_>, value: Value<'_>) -> Result<Scalar, Rejection> {
    Scalar::read(value).ok_or_else(|| from.invalid("made of strings, numbers, true and false"))
}

/// `*` stands for any text, also none; nothing else is special. Each part is looked for once and in order, so the work
/// is bounded by the product of the two lengths, and there is no regular expression to get wrong.
fn matches_glob(glob: &str, text: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else {
        return glob == text;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = text
        .strip_prefix(start)
        .and_then(|text| text.strip_suffix(end));
    let Some(inner) = inner else {
        return false;
    };
    // As bytes: in UTF-8 no character is found inside another, and searching in bytes weighs 2 KB less in the wasm.
    let mut inner = inner.as_bytes();
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let mut windows = inner.windows(part.len());
        let found = windows.position(|window| window == part.as_bytes());
        let after = found.and_then(|at| inner.get(at.saturating_add(part.len())..));
        let Some(after) = after else {
            return false;
        };
        inner = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::matches_glob;

    #[test]
    fn globs() {
        for (glob, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("a*", "a", true),
            ("a*", "ba", false),
            ("*a", "ba", true),
            ("*a", "ab", false),
            ("a*b", "ab", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
            ("a**c", "ac", true),
            ("*b*b*", "b", false),
            ("*b*b*", "bb", true),
            ("refs/heads/*", "refs/heads/x/y", true),
            ("refs/heads/*", "refs/tags/refs/heads/x", false),
            ("a?c", "abc", false),
            ("*é*", "naïveté", true),
            ("*ab*", "aab", true),
            ("*abc*", "ab", false),
            ("a*bc*bc*d", "abcbcd", true),
            ("a*bc*bc*d", "abcd", false),
        ] {
            assert_eq!(matches_glob(glob, text), expected, "{glob} {text}");
        }
    }
}
