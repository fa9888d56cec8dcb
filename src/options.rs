//! Reading options from JSON: one door for JavaScript, Envoy, the command line and the corpus.
//!
//! An option that does not exist is refused, because a misspelt one would silently not apply. Public for programs with
//! options of their own around a policy's, such as the Envoy filter.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Code, Rejection};
use crate::json::{Document, Kind, Value};
use crate::limits::{JsonLimits, Limits};
use crate::token::shown;

/// How the names of options are written: `client_id` or `clientId`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Spelling {
    /// `client_id`: JSON and YAML files.
    Snake,
    /// `clientId`: JavaScript.
    Camel,
}

impl Spelling {
    /// The option `name`, given as `client_id`, in this spelling.
    #[must_use]
    pub fn write(self, name: &str) -> String {
        self.letters(name).collect()
    }

    fn letters(self, name: &str) -> impl Iterator<Item = char> {
        let mut letters = name.chars();
        core::iter::from_fn(move || match letters.next()? {
            '_' if self == Self::Camel => Some(letters.next()?.to_ascii_uppercase()),
            letter => Some(letter),
        })
    }
}

/// One option: its name in snake case, and what reads it into a `T`.
pub struct Row<T: ?Sized> {
    /// Its name in snake case.
    pub name: &'static str,
    /// What reads its value.
    pub read: fn(&mut T, Setting<'_>) -> Result<(), Rejection>,
}

/// Reads the text of an object of options.
///
/// # Errors
/// `config_unknown_option` with the nearest name, `config_invalid_option`, or what a row refuses.
pub fn read_text<T>(
    text: &[u8],
    rows: &[Row<T>],
    spelling: Spelling,
    target: &mut T,
) -> Result<(), Rejection> {
    read(parse(text)?.root(), rows, &[], spelling, target)
}

/// Parses the text of an object of options.
pub(crate) fn parse(text: &[u8]) -> Result<Document, Rejection> {
    if text.len() > Limits::MAX_OPTIONS_BYTES {
        return Err(Rejection::new(Code::ConfigInvalidOption, "too long"));
    }
    Document::parse(text.to_vec(), &JsonLimits::OPTIONS).map_err(|code| {
        let hint = match code {
            Code::JsonNotObject => "the options must be an object that JSON can hold",
            _ => code.name(),
        };
        Rejection::new(Code::ConfigInvalidOption, hint)
    })
}

/// Gives each member of `object` to its row. Options that somebody else reads, and has taken out of `object`, are `others`:
/// a misspelt name may be meant for one of them.
///
/// # Errors
/// As [`read_text`].
pub fn read<T>(
    object: Value<'_>,
    rows: &[Row<T>],
    others: &[&'static str],
    spelling: Spelling,
    target: &mut T,
) -> Result<(), Rejection> {
    let names: Vec<_> = rows.iter().map(|row| row.name).collect();
    for (name, value) in object.members() {
        let row = rows.get(place_of(&name, &names, others, spelling)?);
        let row = row.ok_or(Code::InternalError)?;
        let setting = Setting {
            name: row.name,
            value,
            spelling,
        };
        (row.read)(target, setting)?;
    }
    Ok(())
}

/// Where the name stands among these. Not generic, so that it is compiled once.
fn place_of(
    name: &str,
    names: &[&'static str],
    others: &[&'static str],
    spelling: Spelling,
) -> Result<usize, Rejection> {
    let is_meant = |known: &&str| spelling.letters(known).eq(name.chars());
    let place = names.iter().position(is_meant);
    place.ok_or_else(|| unknown(name, &[names, others].concat(), spelling))
}

/// The value of one option.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'d> {
    /// The option's name in snake case.
    pub name: &'static str,
    /// Its value.
    pub value: Value<'d>,
    /// How names are spelt in this text.
    pub spelling: Spelling,
}

impl<'d> Setting<'d> {
    /// The option must be `what`, and is not.
    #[must_use]
    #[cold]
    pub fn invalid(&self, what: &str) -> Rejection {
        let name = self.spelling.write(self.name);
        Rejection::new(Code::ConfigInvalidOption, format!("{name} must be {what}"))
    }

    /// A text that is not empty.
    ///
    /// # Errors
    /// `config_invalid_option`, as all of these.
    pub fn text(&self) -> Result<String, Rejection> {
        let text = self.value.as_str().filter(|text| !text.is_empty());
        Ok(text
            .ok_or_else(|| self.invalid("a non-empty string"))?
            .into())
    }

    /// A list that demands something: an empty one would demand nothing, which nobody who writes it means.
    ///
    /// # Errors
    /// `config_invalid_option`.
    pub fn some_of(&self) -> Result<Vec<String>, Rejection> {
        let items = self.list()?;
        match items.is_empty() {
            true => Err(self.invalid("a list that is not empty")),
            false => Ok(items),
        }
    }

    /// A list of texts that are not empty.
    ///
    /// # Errors
    /// `config_invalid_option`.
    pub fn list(&self) -> Result<Vec<String>, Rejection> {
        let wrong = || self.invalid("a list of non-empty strings");
        if self.value.kind() != Kind::Array {
            return Err(wrong());
        }
        let item = |item: Value<'_>| Some(item.as_str().filter(|s| !s.is_empty())?.into());
        let items: Option<Vec<_>> = self.value.items().map(item).collect();
        items.ok_or_else(wrong)
    }

    /// A text or a list of them.
    ///
    /// # Errors
    /// `config_invalid_option`.
    pub fn text_or_list(&self) -> Result<Vec<String>, Rejection> {
        match self.value.kind() {
            Kind::Array => self.list(),
            _ => self.text().map(|text| Vec::from([text])),
        }
    }

    /// A whole number of seconds, bytes or bits.
    ///
    /// # Errors
    /// `config_invalid_option`.
    pub fn whole(&self) -> Result<u64, Rejection> {
        // Ten digits hold 300 years of seconds; nothing here needs more.
        let digits = self.value.raw();
        let is_plain = self.value.kind() == Kind::Number && digits.len() <= 10;
        let number = is_plain.then(|| digits.parse().ok()).flatten();
        number.ok_or_else(|| self.invalid("a whole number that is not negative"))
    }

    /// One of a few words.
    ///
    /// # Errors
    /// `config_invalid_option`.
    pub fn choice<C: Copy>(&self, words: &[(&str, C)]) -> Result<C, Rejection> {
        let text = self.value.as_str().unwrap_or_default();
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.invalid(&["one of ", &known.join(", ")].concat())
        })
    }

    /// An object with options of its own.
    ///
    /// # Errors
    /// As [`read_text`]; the place is named.
    pub fn nested<T>(&self, rows: &[Row<T>], target: &mut T) -> Result<(), Rejection> {
        if self.value.kind() != Kind::Object {
            return Err(self.invalid("an object"));
        }
        read(self.value, rows, &[], self.spelling, target)
            .map_err(|error| error.within(&self.spelling.write(self.name)))
    }
}

#[cold]
fn unknown(name: &str, names: &[&'static str], spelling: Spelling) -> Rejection {
    let given = shown(name);
    let known: Vec<_> = names.iter().map(|name| spelling.write(name)).collect();
    let nearest = known.iter().min_by_key(|known| distance(known, name));
    // A name that shares less than two thirds with what was written would only mislead, unless it begins like that.
    let is_near = |known: &&String| distance(known, name).saturating_mul(3) <= known.len();
    let begins = |known: &&String| name.len() > 2 && known.starts_with(name);
    let nearest = nearest
        .filter(is_near)
        .or_else(|| known.iter().find(begins));
    let hint = match nearest {
        Some(nearest) => format!("{given} is unknown; the nearest name is {nearest}"),
        None => format!("{given} is unknown; there are {}", known.join(", ")),
    };
    Rejection::new(Code::ConfigUnknownOption, hint)
}

/// Levenshtein's edit distance, by rows.
fn distance(known: &str, given: &str) -> usize {
    let given: Vec<char> = given.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=given.len()).collect();
    for (i, character) in known.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (other, cell) in given.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal.saturating_add(usize::from(*other != character));
            diagonal = *cell;
            left = changed.min(diagonal.min(left).saturating_add(1));
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance() {
        for (a, b, expected) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3)] {
            assert_eq!(distance(a, b), expected);
            assert_eq!(distance(b, a), expected);
        }
    }

    #[test]
    fn spellings() {
        assert_eq!(Spelling::Camel.write("max_token_bytes"), "maxTokenBytes");
        assert_eq!(Spelling::Snake.write("max_token_bytes"), "max_token_bytes");
    }
}
