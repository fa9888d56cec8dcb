//! Rules that look for words: needles are put together from halves, so that this file does not break the rules it states.
use std::collections::BTreeSet;

use super::{Finding, Tree};

const LONGEST: usize = 400;
const GENERATED: &str = concat!("@", "generated");

/// The codes the shim itself may give: the core cannot, since they are about the core not being there.
const SHIM_CODES: &[&str] = &["wasm_not_ready", "wasm_load_failed", "internal_error"];
/// The table of codes; the name of a code stands in front of its rule, such as `"R73"`.
const CODES: &str = "src/error/codes.rs";
/// The unions made from them.
const GENERATED_CODES: &str = "codes.ts";

const MACHINES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "lab"),
    concat!("../", "shared"),
];
const REGISTRIES: &[&str] = &[
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("proxy.", "golang.org"),
    concat!("files.", "pythonhosted.org"),
    concat!("\"resolved\": ", "\"http"),
];

const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
const UNFINISHED_RUST: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("#[ig", "nore"),
];
const UNFINISHED_JS: &[&str] = &[
    concat!(".sk", "ip("),
    concat!("it.sk", "ip"),
    concat!(".to", "do("),
    concat!(".on", "ly("),
];

/// A file one can read in one go. Generated ones are not read.
pub fn files_are_short(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_source(path)) {
        let lines = text.lines().count();
        if lines > LONGEST && !is_generated(text) {
            findings.push(Finding::new(
                path,
                LONGEST + 1,
                format!("the file has {lines} lines; {LONGEST} is the most"),
            ));
        }
    }
    findings
}

/// A code in the glue, the shim or the filter means that something is decided there.
pub fn glue_holds_no_rule(tree: &Tree) -> Vec<Finding> {
    let glue: Vec<_> = tree
        .iter()
        .filter(|(path, _)| is_glue(path) && is_source(path))
        .collect();
    if glue.is_empty() {
        return Vec::new();
    }
    let codes = codes(tree);
    if codes.is_empty() {
        return vec![Finding::new(
            CODES,
            1,
            "no codes are found here, so this rule cannot be checked",
        )];
    }
    let mut findings = Vec::new();
    for (path, text) in glue {
        if path.ends_with(&format!("/{GENERATED_CODES}")) && is_generated(text) {
            continue;
        }
        for (line, literal) in literals(&without_comments(text)) {
            if codes.contains(literal) && !SHIM_CODES.contains(&literal) {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("the code `{literal}` belongs to the core"),
                ));
            }
        }
    }
    findings
}

fn is_glue(path: &str) -> bool {
    let is_test = path.ends_with("/tests.rs");
    (path.starts_with("js/") || path.starts_with("proxy-wasm/")) && !is_test
}

/// What is true on one machine only must not be committed.
pub fn no_machine_is_named(tree: &Tree) -> Vec<Finding> {
    let mut findings = find(tree, |_| true, MACHINES, "a path of one machine");
    // Cargo writes the index into its lock file itself, the same on every machine.
    findings.extend(find(
        tree,
        |path| !path.ends_with("Cargo.lock"),
        REGISTRIES,
        "a registry's host",
    ));
    findings
}

/// Nothing half-done is committed, and no test that does not run.
pub fn nothing_is_unfinished(tree: &Tree) -> Vec<Finding> {
    let mut findings = find(tree, |_| true, UNFINISHED, "unfinished work");
    findings.extend(find(
        tree,
        |path| path.ends_with(".rs"),
        UNFINISHED_RUST,
        "unfinished work",
    ));
    findings.extend(find(
        tree,
        is_script,
        UNFINISHED_JS,
        "a test that does not run, or keeps others from it",
    ));
    findings
}

fn find(tree: &Tree, wanted: impl Fn(&str) -> bool, needles: &[&str], what: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| wanted(path)) {
        for (number, line) in text.lines().enumerate() {
            if let Some(needle) = needles.iter().find(|needle| stands_alone(line, needle)) {
                findings.push(Finding::new(
                    path,
                    number + 1,
                    format!("`{needle}` is {what}"),
                ));
            }
        }
    }
    findings
}

/// Whether the needle is there and, where it is a word, not only as part of a longer one.
fn stands_alone(line: &str, needle: &str) -> bool {
    let in_word = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    line.match_indices(needle).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + needle.len()..].chars().next();
        let joined_left = in_word(needle.chars().next()) && in_word(before);
        let joined_right = in_word(needle.chars().next_back()) && in_word(after);
        !joined_left && !joined_right
    })
}

/// The names of the codes, which are told from other words of the table by the rule behind them.
fn codes(tree: &Tree) -> BTreeSet<&str> {
    let table = tree.get(CODES).map(String::as_str).unwrap_or_default();
    let mut found = BTreeSet::new();
    for line in table.lines() {
        let parts: Vec<&str> = line.split('"').collect();
        for window in parts.windows(3) {
            if let [name, " ", rule] = window
                && is_rule(rule)
            {
                found.insert(*name);
            }
        }
    }
    found
}

fn is_rule(text: &str) -> bool {
    let number = text.strip_prefix('R').unwrap_or_default();
    !number.is_empty() && number.chars().all(|letter| letter.is_ascii_digit())
}

/// What stands between two quotes of one kind on one line, with its line.
fn literals(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(number, line)| {
        ['"', '\'', '`']
            .into_iter()
            .flat_map(move |quote| line.split(quote))
            .map(move |part| (number + 1, part))
    })
}

/// The text, line by line, without comments: those may well explain a code.
fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut in_comment = false;
    for line in text.lines() {
        let mut rest = line;
        while !rest.is_empty() {
            let (part, mark) = if in_comment {
                (rest, "*/")
            } else {
                (rest.split("//").next().unwrap_or_default(), "/*")
            };
            let (before, after) = part.split_once(mark).unwrap_or((part, ""));
            if !in_comment {
                code.push_str(before);
            }
            in_comment ^= before.len() < part.len();
            rest = after;
        }
        code.push('\n');
    }
    code
}

fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains(GENERATED))
}

fn is_source(path: &str) -> bool {
    path.ends_with(".rs") || is_script(path)
}

fn is_script(path: &str) -> bool {
    [".ts", ".mts", ".js", ".mjs"]
        .iter()
        .any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree_of;

    type Rule = fn(&Tree) -> Vec<Finding>;

    fn lines(rule: Rule, path: &str, text: &str) -> Vec<usize> {
        rule(&tree_of(&[(path, text)]))
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn long_files_are_found() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(lines(files_are_short, "src/a.rs", &long), [LONGEST + 1]);
        assert_eq!(lines(files_are_short, "js/src/a.ts", &long), [LONGEST + 1]);
        assert!(lines(files_are_short, "src/a.rs", &"x\n".repeat(LONGEST)).is_empty());
        assert!(lines(files_are_short, "docs/a.md", &long).is_empty());
        assert!(
            lines(
                files_are_short,
                "src/a.rs",
                &format!("// {GENERATED}\n{long}")
            )
            .is_empty()
        );
    }

    #[test]
    fn codes_outside_the_core_are_found() {
        let row = "    Late \"token_expired\" \"R73\" \"Core 2\" \"auth_time\" Token \"Late.\" \"Log in.\"\n";
        let core = ("src/error/codes.rs", row);
        let check =
            |path: &str, text: &str| glue_holds_no_rule(&tree_of(&[core, (path, text)])).len();
        assert_eq!(check("js/src/index.ts", "throw fail('token_expired');"), 1);
        assert_eq!(check("js/src/index.ts", "throw fail(`token_expired`);"), 1);
        assert_eq!(check("js/src/lib.rs", "fail(\"token_expired\")"), 1);
        assert_eq!(check("proxy-wasm/src/a.rs", "fail(\"token_expired\")"), 1);
        assert_eq!(check("proxy-wasm/src/a/tests.rs", "\"token_expired\""), 0);
        assert_eq!(
            check(
                "js/src/index.ts",
                "throw fail('wasm_not_ready'); // not token_expired"
            ),
            0
        );
        assert_eq!(
            check(
                "js/src/codes.ts",
                &format!("// {GENERATED}\nexport type Code = 'token_expired';")
            ),
            0
        );
        assert_eq!(
            check("js/src/codes.ts", "export type Code = 'token_expired';"),
            1
        );
        assert_eq!(
            check(
                "js/ts/a.ts",
                "/** Such as `token_expired`.\n * Or `token_expired` */ let a: string"
            ),
            0
        );
        assert_eq!(
            check("js/ts/a.ts", "/* one */ fail('token_expired') // two"),
            1
        );
        assert_eq!(check("js/ts/a.ts", "/*\n*/\nfail('token_expired')"), 1);
        assert_eq!(check("tests/js/api.test.mjs", "'token_expired'"), 0);
        assert_eq!(check("js/src/index.ts", "claims['auth_time']"), 0);
    }

    #[test]
    fn the_rule_about_codes_needs_codes() {
        assert_eq!(
            glue_holds_no_rule(&tree_of(&[("js/src/index.ts", "")])).len(),
            1
        );
    }

    #[test]
    fn machines_and_registries_are_found() {
        for needle in MACHINES.iter().chain(REGISTRIES) {
            assert_eq!(
                lines(
                    no_machine_is_named,
                    "docs/a.md",
                    &format!("\nsee {needle} there")
                ),
                [2],
                "{needle}"
            );
        }
        assert!(
            lines(
                no_machine_is_named,
                "Cargo.lock",
                &format!("source = \"{}\"", REGISTRIES[3])
            )
            .is_empty()
        );
        assert_eq!(lines(no_machine_is_named, "Cargo.lock", MACHINES[0]), [1]);
        assert!(lines(no_machine_is_named, "docs/a.md", "a network/root, shared").is_empty());
    }

    #[test]
    fn unfinished_work_is_found() {
        for needle in UNFINISHED {
            assert_eq!(
                lines(
                    nothing_is_unfinished,
                    "README.md",
                    &format!("{needle}: more")
                ),
                [1],
                "{needle}"
            );
            assert!(lines(nothing_is_unfinished, "README.md", &format!("MAS{needle}N")).is_empty());
        }
        for needle in UNFINISHED_RUST {
            assert_eq!(
                lines(nothing_is_unfinished, "src/a.rs", &format!("    {needle}")),
                [1],
                "{needle}"
            );
        }
        for needle in UNFINISHED_JS {
            assert_eq!(
                lines(nothing_is_unfinished, "tests/js/a.test.mjs", needle),
                [1],
                "{needle}"
            );
        }
        assert!(
            lines(
                nothing_is_unfinished,
                "src/a.rs",
                &format!("list.iter(){}1)", UNFINISHED_JS[0])
            )
            .is_empty()
        );
        assert!(
            lines(
                nothing_is_unfinished,
                "Cargo.toml",
                "unimplemented = \"deny\""
            )
            .is_empty()
        );
    }
}
