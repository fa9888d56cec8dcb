//! `tidy`: the rules about the shape of the code that no compiler checks.
//!
//! Each rule takes the files of the repository and gives findings, so that its tests can show it files that break it.
mod docs;
mod order;
mod text;

use std::{collections::BTreeMap, fmt, fs, process::Command};

use crate::run::{self, Failure, Outcome};

/// The text files of the repository, by their path from its root. A file that is not text is empty here, but it exists.
type Tree = BTreeMap<String, String>;

/// A breach of a rule, and where it is.
#[derive(Debug, PartialEq)]
struct Finding {
    path: String,
    line: usize,
    sentence: String,
}

impl Finding {
    /// `line` counts from 1.
    fn new(path: &str, line: usize, sentence: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.sentence)
    }
}

/// A rule in a few words, and the rule.
type Rule = (&'static str, fn(&Tree) -> Vec<Finding>);

const RULES: &[Rule] = &[
    (
        "modules import only what stands before them",
        order::imports_point_left,
    ),
    ("no source file is too long", text::files_are_short),
    ("js/ and proxy-wasm/ hold no rule", text::glue_holds_no_rule),
    (
        "no file names a machine or a registry",
        text::no_machine_is_named,
    ),
    (
        "nothing is left to do, no test is skipped",
        text::nothing_is_unfinished,
    ),
    (
        "the changelog and the package name the current version",
        docs::version_is_everywhere,
    ),
    ("relative links lead somewhere", docs::links_resolve),
];

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("tidy", args)?;
    let tree = read_tree()?;
    let mut total = 0;
    for (about, rule) in RULES {
        let findings = rule(&tree);
        println!(
            "{} {about}",
            if findings.is_empty() { "ok  " } else { "FAIL" }
        );
        for finding in &findings {
            println!("{finding}");
        }
        total += findings.len();
    }
    match total {
        0 => Ok(()),
        1 => Err(Failure::new("tidy has 1 finding, listed above")),
        _ => Err(Failure::new(format!(
            "tidy has {total} findings, listed above"
        ))),
    }
}

/// What git tracks, and what it would if one added everything: a rule should speak before the commit.
fn read_tree() -> Outcome<Tree> {
    let list = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let names = run::text_of(Command::new("git").args(list))?;
    let mut tree = Tree::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        // Deleted but not yet committed, or a link to a folder.
        let Ok(bytes) = fs::read(name) else { continue };
        tree.insert(
            name.to_owned(),
            String::from_utf8(bytes).unwrap_or_default(),
        );
    }
    if tree.is_empty() {
        Err(Failure::new("git lists no files here"))
    } else {
        Ok(tree)
    }
}

/// A tree for the tests of the rules.
#[cfg(test)]
fn tree_of(files: &[(&str, &str)]) -> Tree {
    files
        .iter()
        .map(|&(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}
