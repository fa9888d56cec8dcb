//! `codegen`: files written from the tables of the core.
use std::process::Command;

use crate::run::{self, Outcome};

/// Runs the task, in the crate that knows the core.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("codegen", args)?;
    run::run(Command::new("cargo").args(["run", "--quiet", "-p", "xtask-codegen"]))
}
