//! The core's JSON reader, which is private, against serde_json: reached through the header and the payload of a token.

use idtoken::{Code, Kind, Limits, UnverifiedToken, Value};

use crate::keys;
use crate::memory;
use crate::oracle::is_close;
use crate::tree::{Reading, Tree};

/// Two readings of one value agree.
pub fn same(ours: Value<'_>, theirs: &Tree) {
    match theirs {
        Tree::Null => assert_eq!((ours.kind(), ours.raw()), (Kind::Null, "null")),
        Tree::Bool(value) => assert_eq!((ours.kind(), ours.as_bool()), (Kind::Bool, Some(*value))),
        Tree::String(text) => assert_eq!(
            (ours.kind(), ours.as_str().as_deref()),
            (Kind::String, Some(&**text))
        ),
        Tree::Number(number) => same_number(ours, *number),
        Tree::Array(items) => {
            let all: Vec<_> = ours.items().collect();
            assert_eq!((ours.kind(), all.len()), (Kind::Array, items.len()));
            all.iter()
                .zip(items)
                .for_each(|(ours, theirs)| same(*ours, theirs));
        }
        Tree::Object(members) => {
            let all: Vec<_> = ours.members().collect();
            assert_eq!((ours.kind(), all.len()), (Kind::Object, members.len()));
            for ((name, ours), (their_name, theirs)) in all.iter().zip(members) {
                assert_eq!(name, their_name);
                same(*ours, theirs);
            }
        }
    }
}

fn same_number(ours: Value<'_>, theirs: f64) {
    assert_eq!(ours.kind(), Kind::Number);
    let raw = ours.raw();
    let is_whole = !raw.contains(['.', 'e', 'E']);
    match ours.as_f64() {
        Some(number) => assert!(is_close(number, theirs), "{raw} is {number}, not {theirs}"),
        None if is_whole => assert!(theirs.abs() >= 9_007_199_254_740_992.0, "{raw} is refused"),
        // At the very end of the range the last digits decide.
        None => assert!(theirs.abs() >= 1.797_693e308, "{raw} is refused"),
    }
    // Dates are exact: any number of at most 15 digits and a few places.
    if raw.len() <= 15 && !raw.contains(['e', 'E']) {
        assert_eq!(ours.as_f64(), Some(theirs), "{raw}");
    }
}

/// Reads `text` as a header and as a member of one. Says whether it was accepted as a header.
pub fn header(text: &[u8]) -> bool {
    let wrapped = [b"{\"v\":", text, b"}"].concat();
    if let Reading::Json(tree) = Tree::read(&wrapped) {
        // A text that closes the object by itself is another test, and a fair one.
        one_header(&wrapped, Some(&tree));
    } else {
        one_header(&wrapped, None);
    }
    match Tree::read(text) {
        Reading::Json(tree) => one_header(text, Some(&tree)),
        Reading::NumberRange => false,
        Reading::No(_) => one_header(text, None),
    }
}

/// `None` where serde_json refuses, or cannot say because of a number.
fn one_header(text: &[u8], theirs: Option<&Tree>) -> bool {
    let token = format!("{}.e30.", keys::encode(text));
    let limits = Limits::default();
    let ours = memory::bounded(token.len(), || UnverifiedToken::parse(&token, &limits));
    let header = match ours {
        Ok(token) => token.header().clone(),
        Err(rejection) => {
            refusal(text, rejection.code(), theirs, 16);
            return false;
        }
    };
    assert_eq!(header.as_json().as_bytes(), text);
    match (theirs, Tree::read(text)) {
        (Some(tree), _) => {
            sound(tree, 16);
            for (name, theirs) in tree.members() {
                same(header.get(name).expect("a member"), theirs);
            }
            assert!(header.get("no such member").is_none());
        }
        (None, Reading::NumberRange) => {}
        (None, other) => panic!("accepted what serde_json does not: {other:?}"),
    }
    true
}

/// What no accepted text has.
pub fn sound(tree: &Tree, depth: usize) {
    assert!(matches!(tree, Tree::Object(_)));
    assert!(!tree.has_duplicates(), "accepted with duplicate members");
    assert!(!tree.has_member("__proto__"), "accepted with __proto__");
    assert!(tree.depth() <= depth, "accepted at depth {}", tree.depth());
    assert!(!tree.is_large(0), "accepted above the limits");
}

/// A text is refused for what it is: what serde_json reads breaks one of our own rules, and that very one.
pub fn refusal(text: &[u8], code: Code, theirs: Option<&Tree>, depth: usize) {
    let Some(tree) = theirs else { return };
    let is_object = matches!(tree, Tree::Object(_));
    let is_right = match code {
        Code::TokenTooLarge | Code::HeaderTooLarge => text.len() > 4096,
        Code::TokenSegments => text.is_empty(),
        Code::JsonNotObject => !is_object,
        Code::JsonDuplicateMember => tree.has_duplicates(),
        Code::JsonDepth => tree.depth() > depth,
        Code::JsonLimits => tree.has_member("__proto__") || tree.is_large(text.len()),
        _ => false,
    };
    assert!(
        is_right,
        "{code:?} for {:?}, which serde_json reads as {tree:?}",
        String::from_utf8_lossy(text)
    );
}
