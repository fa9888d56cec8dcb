//! `simulate`: fleets of isolates in virtual time, in a crate that knows the core.
use std::process::Command;

use crate::run::{self, Outcome};

/// Runs the task, in a profile of its own: millions of tokens want a fast program that is soon built.
pub fn run(args: &[String]) -> Outcome {
    let words = ["run", "--quiet", "--profile", "simulate"];
    run::run(
        Command::new("cargo")
            .args(words)
            .args(["-p", "xtask-simulate", "--"])
            .args(args),
    )
}
