//! Claims that a policy demands (OpenID Connect Core 1.0 section 2 leaves all others to the client).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Rejection};
use crate::json::{Document, Kind, Value, equal};
use crate::limits::JsonLimits;
use crate::options::{self, Row, Setting, Spelling};
use crate::token::shown;

/// A claim, and what it must be.
#[derive(Clone, Debug)]
pub(crate) struct RequiredClaim {
    pub(crate) name: String,
    pub(crate) demand: Demand,
    /// The demand in the policy's own words, for reports.
    pub(crate) text: String,
}

/// All of these; a plain value is the same as `any_of` with that one value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand {
    any_of: Vec<Scalar>,
    contains: Option<Scalar>,
    glob: Option<String>,
}

/// A string, a number, true or false.
#[derive(Clone, Debug)]
enum Scalar {
    Text(String),
    /// In the member `v`.
    Other(Document),
}

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
        if let Some(text) = value.as_str() {
            return Some(Self::Text(text.into_owned()));
        }
        let text = format!("{{\"v\":{}}}", value.raw());
        Document::parse(text.into_bytes(), &JsonLimits::OPTIONS)
            .ok()
            .map(Self::Other)
    }

    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Text(_) => Some(Kind::String),
            Self::Other(value) => value.root().get("v").map(Value::kind),
        }
    }

    /// `text` is what `found` says, if it is a string: read once, however many values it is compared with.
    fn equals(&self, found: Value<'_>, text: Option<&str>) -> bool {
        match self {
            Self::Text(wanted) => text == Some(wanted),
            Self::Other(wanted) => wanted
                .root()
                .get("v")
                .is_some_and(|value| equal(value, found)),
        }
    }
}

impl Demand {
    /// Whether the claim is as demanded. An empty demand is satisfied by any value; `null` is none.
    pub(crate) fn is_met_by(&self, found: Value<'_>) -> bool {
        let text = found.as_str();
        let text = text.as_deref();
        let is_it = |value: &Scalar| value.equals(found, text);
        let is_one = self.any_of.is_empty() || self.any_of.iter().any(is_it);
        let is_item =
            |wanted: &Scalar, item: Value<'_>| wanted.equals(item, item.as_str().as_deref());
        let has = |wanted: &Scalar| found.items().any(|item| is_item(wanted, item));
        let fits = |glob: &String| text.is_some_and(|text| matches_glob(glob, text));
        found.kind() != Kind::Null
            && is_one
            && self.contains.as_ref().is_none_or(has)
            && self.glob.as_ref().is_none_or(fits)
    }

    /// Whether the claim could meet the demand, were its value another one.
    pub(crate) fn is_of_type(&self, found: Value<'_>) -> bool {
        let kind = found.kind();
        (self.any_of.is_empty() || self.any_of.iter().any(|value| value.kind() == Some(kind)))
            && (self.contains.is_none() || kind == Kind::Array)
            && (self.glob.is_none() || kind == Kind::String)
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
        let mut demand = Demand::default();
        match Scalar::read(value) {
            Some(exact) => demand.any_of.push(exact),
            None if value.kind() == Kind::Object => {
                options::read(value, ROWS, &[], spelling, &mut demand)
                    .map_err(|fault| fault.within(&shown(&name)))?;
            }
            None => {
                let hint = "must be a string, a number, true, false or an object";
                let fault = Rejection::new(Code::ConfigInvalidOption, hint);
                return Err(fault.within(&shown(&name)));
            }
        }
        required.push(RequiredClaim {
            name: name.into_owned(),
            demand,
            text: shown(value.raw()),
        });
    }
    Ok(required)
}

#[rustfmt::skip]
static ROWS: &[Row<Demand>] = &[
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
