//! Text to nodes, in one pass and without recursion.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Kind, Node, fingerprint, strings};
use crate::error::Code;
use crate::limits::JsonLimits;

/// Reads `text`, which must be one object and nothing else (RFC 8259, RFC 7519 section 7.2).
pub(super) fn parse(text: &str, limits: &JsonLimits) -> Result<Vec<Node>, Code> {
    let mut parser = Parser {
        text,
        at: 0,
        limits,
        nodes: Vec::with_capacity(text.len() / BYTES_PER_NODE),
        open: Vec::new(),
        prints: Vec::with_capacity(NAMES),
    };
    parser.skip_space();
    // This refuses arrays and scalars (CVE-2026-107723) and a byte order mark, which no JSON text may start with.
    if parser.peek() != Some(b'{') {
        return Err(Code::JsonNotObject);
    }
    parser.value()?;
    while !parser.open.is_empty() {
        parser.step()?;
    }
    parser.skip_space();
    match parser.peek() {
        None => Ok(parser.nodes),
        Some(_) => Err(Code::JsonTrailing),
    }
}

/// Of most claims sets and key sets, so that their list of nodes never grows.
const BYTES_PER_NODE: usize = 16;

/// Of most objects, so that the list of their fingerprints never grows.
const NAMES: usize = 32;

/// Reaches into the prototype where a JavaScript reader copies members.
const PROTO: &str = "__proto__";

/// An object or array whose end has not come yet.
struct Open {
    node: usize,
    kind: Kind,
    children: usize,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    limits: &'t JsonLimits,
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// Room for the fingerprints of an object's names.
    prints: Vec<u32>,
}

impl Parser<'_> {
    /// One step inside the innermost open container: its end, or a separator and one more child.
    fn step(&mut self) -> Result<(), Code> {
        self.skip_space();
        let Some(container) = self.open.last_mut() else {
            return Ok(());
        };
        let (kind, is_first) = (container.kind, container.children == 0);
        let (close, most) = match kind {
            Kind::Object => (b'}', self.limits.members),
            _ => (b']', self.limits.items),
        };
        container.children = container.children.saturating_add(1);
        let too_many = container.children > most;
        if self.eat(close) {
            return self.close();
        }
        if !is_first && !self.eat(b',') {
            return Err(Code::JsonSyntax);
        }
        if too_many {
            self.oddity(Code::JsonLimits)?;
        }
        if kind == Kind::Object {
            self.skip_space();
            self.string()?;
            if let Some(name) = self.nodes.last_mut() {
                name.print = fingerprint(&name.string(self.text));
            }
            self.skip_space();
            if !self.eat(b':') {
                return Err(Code::JsonSyntax);
            }
        }
        self.skip_space();
        self.value()
    }

    /// A scalar whole, or the start of a container.
    fn value(&mut self) -> Result<(), Code> {
        match self.peek() {
            Some(b'{') => self.open(Kind::Object),
            Some(b'[') => self.open(Kind::Array),
            Some(b'"') => self.string(),
            Some(b't') => self.literal("true", Kind::Bool),
            Some(b'f') => self.literal("false", Kind::Bool),
            Some(b'n') => self.literal("null", Kind::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(Code::JsonSyntax),
        }
    }

    fn open(&mut self, kind: Kind) -> Result<(), Code> {
        if self.open.len() >= self.limits.depth {
            if self.open.len() >= JsonLimits::DEEPEST {
                return Err(Code::JsonDepth);
            }
            self.oddity(Code::JsonDepth)?;
        }
        self.open.push(Open {
            node: self.nodes.len(),
            kind,
            children: 0,
        });
        let start = self.at;
        self.skip(1);
        self.push(kind, start);
        Ok(())
    }

    /// The container's end was just read: its subtree is complete.
    fn close(&mut self) -> Result<(), Code> {
        let Some(container) = self.open.pop() else {
            return Ok(());
        };
        let (end, next) = (self.at, self.nodes.len());
        let odd_name = match container.kind {
            // Of one that is odd already the names need not be compared, and may be too many.
            Kind::Object if !self.nodes.get(container.node).is_some_and(|node| node.odd) => {
                self.odd_name(container.node)
            }
            _ => None,
        };
        if let Some(node) = self.nodes.get_mut(container.node) {
            (node.end, node.next) = (end, next);
            node.odd |= odd_name.is_some();
        }
        match odd_name {
            Some(code) if !self.limits.mark_oddities => Err(code),
            _ => Ok(()),
        }
    }

    /// Two members of one name, spelled alike or not (RFC 7519 section 4), or one named `__proto__`.
    fn odd_name(&mut self, object: usize) -> Option<Code> {
        self.has_like_names(object)
            .then(|| self.odd_among_like(object))
            .flatten()
    }

    /// Whether two names may be the same, or one may be `__proto__`. Most objects have none such, and that is soon seen.
    fn has_like_names(&mut self, object: usize) -> bool {
        let mut prints = core::mem::take(&mut self.prints);
        prints.clear();
        prints.push(fingerprint(PROTO));
        let found = self.names(object).any(|name| {
            let is_known = prints.contains(&name.print);
            prints.push(name.print);
            is_known
        });
        self.prints = prints;
        found
    }

    fn odd_among_like(&self, object: usize) -> Option<Code> {
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        self.names(object).find_map(|name| {
            let name = name.string(self.text);
            if name == PROTO {
                return Some(Code::JsonLimits);
            }
            match names.binary_search(&name) {
                Ok(_) => Some(Code::JsonDuplicateMember),
                Err(at) => {
                    names.insert(at, name);
                    None
                }
            }
        })
    }

    /// Something that is refused, or marked on the innermost container, whose judge then sees it.
    fn oddity(&mut self, code: Code) -> Result<(), Code> {
        let container = self.open.last().map(|open| open.node);
        match container.and_then(|at| self.nodes.get_mut(at)) {
            Some(node) if self.limits.mark_oddities => {
                node.odd = true;
                Ok(())
            }
            _ => Err(code),
        }
    }

    /// The names of the object whose nodes end the list.
    fn names(&self, object: usize) -> impl Iterator<Item = &Node> {
        let mut at = object.saturating_add(1);
        core::iter::from_fn(move || {
            let name = self.nodes.get(at)?;
            at = self.nodes.get(name.next)?.next;
            Some(name)
        })
    }

    fn string(&mut self) -> Result<(), Code> {
        let start = self.at;
        if !self.eat(b'"') {
            return Err(Code::JsonSyntax);
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let plain = strings::plain(rest);
        let escaped = rest.get(plain) != Some(&b'"');
        let mut length = plain;
        if escaped {
            let has_half_pair;
            (length, has_half_pair) = strings::length(rest)?;
            if has_half_pair {
                self.oddity(Code::JsonSurrogate)?;
            }
        }
        if length > self.limits.string {
            self.oddity(Code::JsonLimits)?;
        }
        self.skip(length.saturating_add(1));
        self.push(Kind::String, start);
        if let Some(node) = self.nodes.last_mut() {
            node.escaped = escaped;
        }
        Ok(())
    }

    /// RFC 8259 section 6: no leading zero, no plus sign, digits on both sides of a point.
    fn number(&mut self) -> Result<(), Code> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        self.push(Kind::Number, start);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Code> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.skip(1);
        }
        if self.at == start {
            return Err(Code::JsonSyntax);
        }
        Ok(())
    }

    fn literal(&mut self, word: &str, kind: Kind) -> Result<(), Code> {
        let rest = self.text.get(self.at..).unwrap_or("");
        if !rest.starts_with(word) {
            return Err(Code::JsonSyntax);
        }
        let start = self.at;
        self.skip(word.len());
        self.push(kind, start);
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let next = self.nodes.len().saturating_add(1);
        self.nodes.push(Node {
            kind,
            odd: false,
            escaped: false,
            print: 0,
            start,
            end: self.at,
            next,
        });
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.skip(1);
        }
        is_next
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip(1);
        }
    }
}
