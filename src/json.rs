//! A bounded JSON reader: text in, a flat list of spans out.
//!
//! Own code, because the rules tell duplicate names, half surrogates, depth and size apart, and serde_json does so only
//! in English. It never recurses, so nesting costs no stack. serde_json is its oracle in the tests.

mod numbers;
mod parser;
mod strings;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::mem::size_of;

use crate::error::Code;
use crate::limits::JsonLimits;

pub(crate) use strings::quote;

/// What a [`Value`] is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// One value of a document: its kind, its text, and where its subtree ends in the list of nodes.
#[derive(Clone, Debug)]
struct Node {
    kind: Kind,
    /// An object with two members of one name, or with a member named `__proto__`.
    odd: bool,
    /// A string with a backslash in it: it does not say what is written.
    escaped: bool,
    /// Of the name of a member: see [`fingerprint`].
    print: u32,
    start: usize,
    end: usize,
    next: usize,
}

/// Tells most names apart at once. Names that say the same have the same, however they are spelt.
fn fingerprint(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let at = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let (middle, last) = (bytes.len() / 2, bytes.len().wrapping_sub(1));
    #[allow(clippy::cast_possible_truncation)]
    u32::from_le_bytes([bytes.len() as u8, at(0), at(middle), at(last)])
}

impl Node {
    /// The text between the quotes of a string.
    fn inside<'t>(&self, text: &'t str) -> &'t str {
        let quotes = self.start.saturating_add(1)..self.end.saturating_sub(1);
        text.get(quotes).unwrap_or("")
    }

    /// What a string says.
    fn string<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.escaped {
            true => strings::unescape(self.inside(text)),
            false => Cow::Borrowed(self.inside(text)),
        }
    }

    /// Whether a string says this.
    fn says(&self, text: &str, what: &str) -> bool {
        if self.escaped {
            return self.string(text) == what;
        }
        // Most are of another length, which is soon seen.
        let quotes = self.start.saturating_add(1)..self.end.saturating_sub(1);
        quotes.len() == what.len() && text.as_bytes().get(quotes) == Some(what.as_bytes())
    }
}

/// A JSON object that was read whole and found sound. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Document {
    content: Arc<Content>,
}

struct Content {
    text: String,
    /// Values in the order of the text; a member is a string node followed by the value's nodes.
    nodes: Vec<Node>,
}

impl Document {
    pub(crate) fn parse(bytes: Vec<u8>, limits: &JsonLimits) -> Result<Self, Code> {
        let text = String::from_utf8(bytes).map_err(|_| Code::JsonUtf8)?;
        let nodes = parser::parse(&text, limits)?;
        let content = Arc::new(Content { text, nodes });
        Ok(Self { content })
    }

    /// The object itself.
    pub(crate) fn root(&self) -> Value<'_> {
        Value {
            document: &self.content,
            at: 0,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.content.text
    }

    /// How much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let Content { text, nodes } = &*self.content;
        let nodes = nodes.capacity().saturating_mul(size_of::<Node>());
        let lists = text.capacity().saturating_add(nodes);
        // With what the `Arc` counts.
        lists.saturating_add(size_of::<([usize; 2], Content)>())
    }
}

/// A value inside a token: to be believed as far as the token is.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Content,
    at: usize,
}

/// Without the text: claims do not belong into logs.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes)", self.text().len())
    }
}

/// Without the text, as for all that comes from a token.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:?}, {} bytes)", self.kind(), self.raw().len())
    }
}

impl<'d> Value<'d> {
    /// What kind of value this is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.node().map_or(Kind::Null, |node| node.kind)
    }

    /// The value as written: JSON text that was checked.
    #[must_use]
    pub fn raw(self) -> &'d str {
        self.node()
            .and_then(|node| self.document.text.get(node.start..node.end))
            .unwrap_or("null")
    }

    /// The string, unescaped; `None` for any other kind.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        let node = self.node()?;
        match node.kind {
            Kind::String => Some(node.string(&self.document.text)),
            _ => None,
        }
    }

    /// `true` or `false`; `None` for any other kind.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool => Some(self.raw() == "true"),
            _ => None,
        }
    }

    /// The number, if all JSON readers agree on it: not a whole number outside ±2^53, nor one that overflows.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.number()?.ok()
    }

    /// `None` for any other kind; `Err(json_number_range)` beyond what all JSON readers agree on.
    pub(crate) fn number(self) -> Option<Result<f64, Code>> {
        match self.kind() {
            Kind::Number => Some(numbers::read(self.raw()).ok_or(Code::JsonNumberRange)),
            _ => None,
        }
    }

    /// The value of the member `name`, if this is an object that has it.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        let document = self.document;
        let object = self.node().filter(|node| node.kind == Kind::Object)?;
        let print = fingerprint(name);
        let mut at = self.at.wrapping_add(1);
        while at < object.next {
            let member = document.nodes.get(at)?;
            // A name has nothing inside, so its value comes next.
            at = at.wrapping_add(1);
            if member.print == print && member.says(&document.text, name) {
                return Some(Value { document, at });
            }
            at = document.nodes.get(at)?.next;
        }
        None
    }

    /// The members of an object in the order of the text; nothing for any other kind.
    pub fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Value<'d>)> {
        let mut children = self.children(Kind::Object);
        core::iter::from_fn(move || Some((children.next()?.as_str()?, children.next()?)))
    }

    /// The items of an array; nothing for any other kind.
    pub fn items(self) -> impl Iterator<Item = Value<'d>> {
        self.children(Kind::Array)
    }

    /// Whether this value or one inside it has an oddity: see [`JsonLimits::mark_oddities`].
    pub(crate) fn has_oddity(self) -> bool {
        let next = self.node().map_or(self.at, |node| node.next);
        let subtree = self.document.nodes.get(self.at..next).unwrap_or(&[]);
        subtree.iter().any(|node| node.odd)
    }

    fn node(self) -> Option<&'d Node> {
        self.document.nodes.get(self.at)
    }

    fn children(self, of: Kind) -> impl Iterator<Item = Value<'d>> {
        let end = match self.node() {
            Some(node) if node.kind == of => node.next,
            _ => 0,
        };
        let mut at = self.at.saturating_add(1);
        core::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let child = Value { at, ..self };
            at = child.node()?.next;
            Some(child)
        })
    }
}

/// Whether two values say the same: strings and numbers by what they mean, arrays in order. Objects never do, as they
/// could be equal in several ways.
pub(crate) fn equal(a: Value<'_>, b: Value<'_>) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::String, Kind::String) => a.as_str() == b.as_str(),
        (Kind::Number, Kind::Number) => a.as_f64().is_some() && a.as_f64() == b.as_f64(),
        (Kind::Bool, Kind::Bool) | (Kind::Null, Kind::Null) => a.raw() == b.raw(),
        (Kind::Array, Kind::Array) => {
            let is_flat = |value: Value<'_>| !matches!(value.kind(), Kind::Array | Kind::Object);
            a.items().count() == b.items().count()
                && a.items()
                    .zip(b.items())
                    .all(|(a, b)| is_flat(a) && equal(a, b))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
