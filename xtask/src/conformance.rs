//! `conformance`: what the corpus proves of the rules, of the OpenID Foundation's client tests and of advisories.
use std::process::Command;

use crate::{
    run::{self, Outcome},
    setup,
};

/// The tests of the program that says what is tested.
const TESTS: [&str; 2] = [
    "tests/conformance/declared.test.mjs",
    "tests/conformance/judge.test.mjs",
];

/// Runs the task: three tables, and a failure when one claims more than the corpus shows.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("conformance", args)?;
    setup::node()?;
    run::run(
        Command::new("node")
            .args(["--test", "--test-reporter=spec"])
            .args(TESTS),
    )?;
    run::run(Command::new("node").arg("tests/conformance/report.mjs"))
}
