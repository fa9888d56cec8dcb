//! The modules of the core stand in one order, and each imports only from those before it.
use super::{Finding, Tree};

/// The order, from what everything may use to what uses everything.
const ORDER: &[&str] = &[
    "error",
    "time",
    "limits",
    "base64url",
    "purpose",
    "url",
    "json",
    "jwk",
    "alg",
    "key_set",
    "token",
    "verified_tokens",
    "jws",
    "claims",
    "options",
    "policy",
    "issuers",
    "expectations",
    "check",
    "classify",
    "report",
    "verifier",
    "key_cache",
    "replay",
    "presets",
    "headers",
    "audit",
];

/// A name that follows `crate::` or enough `super::` to reach the root.
#[derive(Debug, PartialEq)]
struct RootName {
    name: String,
    line: usize,
}

/// The rule.
pub fn imports_point_left(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree {
        let Some((module, depth)) = module_of(path) else {
            continue;
        };
        let Some(own) = place(module) else {
            findings.push(Finding::new(
                path,
                1,
                format!("the module `{module}` has no place in the order of xtask's tidy"),
            ));
            continue;
        };
        for RootName { name, line } in root_names(text, depth) {
            let sentence = match place(&name) {
                Some(other) if other <= own => continue,
                Some(_) => format!("`{module}` stands before `{name}` and must not use it"),
                None => format!("`{name}` is reached through the root; name the module it is in"),
            };
            findings.push(Finding::new(path, line, sentence));
        }
    }
    findings
}

/// The module a file under `src/` belongs to, and how many `super` lead from it to the root.
fn module_of(path: &str) -> Option<(&str, usize)> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    if inside == "lib" {
        return None;
    }
    let mut parts = inside.split('/');
    let module = parts.next()?;
    Some((module, 1 + parts.filter(|part| *part != "mod").count()))
}

fn place(module: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == module)
}

/// Every name taken from the root of the crate, whether in a `use` or in the middle of an expression.
fn root_names(text: &str, depth: usize) -> Vec<RootName> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((word, _)) = tokens.get(at) {
        let after = match word.as_str() {
            "crate" => Some(at + 1),
            "super" => after_supers(&tokens, at, depth),
            _ => None,
        };
        if let Some(after) = after.filter(|&after| is(&tokens, after, "::")) {
            first_names(&tokens, after + 1, &mut found);
        }
        at = after.unwrap_or(at + 1);
    }
    found
}

/// The place behind `super::super` when that reaches the root.
fn after_supers(tokens: &[(String, usize)], start: usize, depth: usize) -> Option<usize> {
    let mut at = start + 1;
    let mut steps = 1;
    while is(tokens, at, "::") && is(tokens, at + 1, "super") {
        at += 2;
        steps += 1;
    }
    (steps == depth).then_some(at)
}

/// The first name of a path, or of every path in a group.
fn first_names(tokens: &[(String, usize)], start: usize, found: &mut Vec<RootName>) {
    let push = |at: usize, found: &mut Vec<RootName>| {
        if let Some((name, line)) = tokens
            .get(at)
            .filter(|(name, _)| name != "}" && name != "self")
        {
            found.push(RootName {
                name: name.clone(),
                line: *line,
            });
        }
    };
    if !is(tokens, start, "{") {
        return push(start, found);
    }
    push(start + 1, found);
    let mut open = 1;
    let mut at = start + 1;
    while let Some((word, _)) = tokens.get(at).filter(|_| open > 0) {
        match word.as_str() {
            "{" => open += 1,
            "}" => open -= 1,
            "," if open == 1 => push(at + 1, found),
            _ => {}
        }
        at += 1;
    }
}

fn is(tokens: &[(String, usize)], at: usize, wanted: &str) -> bool {
    tokens.get(at).is_some_and(|(word, _)| word == wanted)
}

/// Words and the marks of paths, each with its line; comments and string literals left out, and the tests at the end of the file.
fn tokens(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // The tests stand last in a file and may look at everything.
        if line.trim_start().starts_with("#[cfg(test)]") {
            break;
        }
        let code = code_of(line);
        let mut rest = code.as_str();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) {
                rest.find(|other| !is_word(other)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (token, later) = rest.split_at(length);
            if !token.trim().is_empty() {
                found.push((token.to_owned(), number + 1));
            }
            rest = later;
        }
    }
    found
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// A line without its `//` comment and its string literals. Literals over several lines are rare enough to be looked into.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut letters = line.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '"' => quoted = !quoted,
            _ if quoted => {}
            '/' if letters.peek() == Some(&'/') => break,
            _ => code.push(letter),
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree_of;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        imports_point_left(&tree_of(&[(path, text)]))
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn imports_to_the_left_and_from_itself_pass() {
        assert!(
            lines(
                "src/jwk.rs",
                "use crate::error::Rejection;\nuse super::{json, limits::Limits};\n"
            )
            .is_empty()
        );
        assert!(
            lines(
                "src/alg/rsa.rs",
                "use super::Thing;\nuse crate::alg::Other;\nuse super::super::jwk;\n"
            )
            .is_empty()
        );
        assert!(lines("src/lib.rs", "pub use crate::verifier::Verifier;\n").is_empty());
        assert!(lines("xtask/src/run.rs", "use crate::verifier;\n").is_empty());
    }

    #[test]
    fn imports_to_the_right_are_found() {
        assert_eq!(
            lines("src/json.rs", "\nuse crate::jws::VerifiedJws;\n"),
            [2]
        );
        assert_eq!(lines("src/json.rs", "use super::jws;\n"), [1]);
        assert_eq!(lines("src/alg/rsa.rs", "use super::super::policy;\n"), [1]);
        assert_eq!(lines("src/alg/mod.rs", "use super::policy;\n"), [1]);
        assert_eq!(
            lines(
                "src/json.rs",
                "use crate::{\n    error::{Code, Rejection},\n    jws,\n};\n"
            ),
            [3]
        );
        assert_eq!(
            lines("src/json.rs", "fn a() { crate::verifier::run() }\n"),
            [1]
        );
    }

    #[test]
    fn the_root_is_no_way_around() {
        assert_eq!(lines("src/json.rs", "use crate::Verifier;\n"), [1]);
        assert_eq!(lines("src/json.rs", "use crate::*;\n"), [1]);
        assert_eq!(lines("src/json.rs", "use super::*;\n"), [1]);
    }

    #[test]
    fn comments_strings_and_tests_are_free() {
        assert!(
            lines(
                "src/json.rs",
                "//! See [crate::verifier].\nlet a = \"crate::verifier\";\n"
            )
            .is_empty()
        );
        assert!(
            lines(
                "src/json.rs",
                "#[cfg(test)]\nmod tests { use crate::verifier; }\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_module_needs_a_place() {
        assert_eq!(lines("src/novelty.rs", ""), [1]);
        assert_eq!(lines("src/novelty/mod.rs", ""), [1]);
    }
}
