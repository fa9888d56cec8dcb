//! `demo`: the main job end to end, with the package as built.
use std::process::Command;

use crate::{
    build,
    run::{self, Failure, Outcome},
};

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    for arg in args {
        if arg != "--keep" {
            return Err(Failure::usage(format!(
                "demo knows only the option --keep, not `{arg}`"
            )));
        }
    }
    build::build()?;
    run::heading("demo");
    run::run(&mut command(args))
}

/// The demo itself; it expects a built package.
pub fn command(args: &[String]) -> Command {
    let mut command = Command::new("node");
    command.arg("examples/demo/demo.mjs").args(args);
    command
}
