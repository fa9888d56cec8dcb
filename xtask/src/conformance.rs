//! `conformance`: what the corpus proves of the rules, of the OpenID Foundation's client tests and of advisories.
use std::process::Command;

use crate::{
    run::{self, Outcome},
    setup,
};

/// Runs the task: three tables, and a failure when one claims more than the corpus shows.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("conformance", args)?;
    setup::node()?;
    run::run(Command::new("node").arg("tests/conformance/report.mjs"))
}
