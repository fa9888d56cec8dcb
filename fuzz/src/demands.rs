//! Required claims, judged again by serde_json.

use serde_json::Value;

use crate::oracle::is_close;
use crate::tree::Tree;

pub fn check(required: &Value, claims: &Tree) {
    for (name, demand) in required.as_object().into_iter().flatten() {
        let found = claims
            .get(name)
            .unwrap_or_else(|| panic!("accepted without {name}"));
        let is = |wanted: &Value, found: &Tree| match (wanted, found) {
            (Value::String(wanted), Tree::String(found)) => wanted == found,
            (Value::Bool(wanted), Tree::Bool(found)) => wanted == found,
            (Value::Number(wanted), Tree::Number(found)) => {
                is_close(wanted.as_f64().expect("a number"), *found)
            }
            _ => false,
        };
        let Value::Object(demand) = demand else {
            assert!(is(demand, found), "accepted {name}: {found:?}");
            continue;
        };
        if let Some(any) = demand.get("any_of").and_then(Value::as_array) {
            assert!(
                any.iter().any(|wanted| is(wanted, found)),
                "accepted {name}: {found:?}"
            );
        }
        if let Some(wanted) = demand.get("contains") {
            let Tree::Array(items) = found else {
                panic!("accepted {name}: {found:?}")
            };
            assert!(
                items.iter().any(|item| is(wanted, item)),
                "accepted {name}: {found:?}"
            );
        }
        if let Some(glob) = demand.get("glob").and_then(Value::as_str) {
            let text = found.as_str().expect("text");
            assert!(
                fits(glob.as_bytes(), text.as_bytes()),
                "accepted {name}: {text}"
            );
        }
    }
}

/// Globs by trying everything; slow, and plainly right.
fn fits(glob: &[u8], text: &[u8]) -> bool {
    match glob.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| fits(rest, &text[at..])),
        Some((byte, rest)) => text.first() == Some(byte) && fits(rest, &text[1..]),
    }
}
