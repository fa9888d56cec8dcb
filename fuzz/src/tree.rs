//! JSON as serde_json reads it, but with the members that a map would lose: order and duplicates.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Tree>),
    /// An object as it is written.
    Object(Vec<(String, Tree)>),
}

/// What serde_json makes of a text.
#[derive(Debug)]
pub enum Reading {
    /// It is JSON.
    Json(Tree),
    /// It is JSON but for a number that an f64 cannot hold.
    NumberRange,
    /// It is no JSON, and why.
    No(String),
}

impl Tree {
    /// Reads `text`.
    pub fn read(text: &[u8]) -> Reading {
        match serde_json::from_slice(text) {
            Ok(tree) => Reading::Json(tree),
            Err(error) if error.to_string().starts_with("number out of range") => {
                Reading::NumberRange
            }
            Err(error) => Reading::No(error.to_string()),
        }
    }

    /// The members of an object.
    pub fn members(&self) -> &[(String, Tree)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The first member of this name.
    pub fn get(&self, name: &str) -> Option<&Tree> {
        self.members()
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// The string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The items of an array that holds nothing but strings.
    pub fn strings(&self) -> Option<Vec<&str>> {
        match self {
            Self::Array(items) => items.iter().map(Self::as_str).collect(),
            _ => None,
        }
    }

    /// Whether some object in it has two members of one name.
    pub fn has_duplicates(&self) -> bool {
        let members = self.members();
        let is_repeated = |at: usize| members[..at].iter().any(|(name, _)| *name == members[at].0);
        (0..members.len()).any(is_repeated) || self.children().any(Self::has_duplicates)
    }

    /// Whether some object in it has a member of this name.
    pub fn has_member(&self, name: &str) -> bool {
        self.get(name).is_some() || self.children().any(|child| child.has_member(name))
    }

    /// How deep it is: 0 for a scalar.
    pub fn depth(&self) -> usize {
        match self {
            Self::Array(_) | Self::Object(_) => {
                1 + self.children().map(Self::depth).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// Whether an object, an array or a string in it is longer than the reader allows. `text` bounds the strings as
    /// written, which are never shorter than what they say.
    pub fn is_large(&self, text: usize) -> bool {
        let own = match self {
            Self::Array(items) => items.len() > 1024,
            Self::Object(members) => members.len() > 256,
            _ => text > 8192,
        };
        own || self.children().any(|child| child.is_large(text))
    }

    fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match self {
            Self::Array(items) => Box::new(items.iter()),
            _ => Box::new(self.members().iter().map(|(_, value)| value)),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Number(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = from.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
