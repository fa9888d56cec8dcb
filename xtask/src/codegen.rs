//! `codegen`: files written from tables: those of the core, and those of the corpus.
use std::process::Command;

use crate::{
    run::{self, Outcome},
    setup,
};

/// Runs the task, in the crate that knows the core.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("codegen", args)?;
    setup::node_packages()?;
    run::run(Command::new("cargo").args(["run", "--quiet", "-p", "xtask-codegen"]))?;
    run::run(Command::new("node").arg("tests/corpus/make/main.mjs"))
}
