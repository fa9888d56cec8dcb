//! `demo`: the main job end to end, with the package as built.
use std::{os::unix::process::CommandExt as _, process::Command};

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
    // The demo takes the place of this process, so that every signal reaches it and it can end what it has started.
    let error = command(args).exec();
    Err(Failure::new(format!("cannot start node: {error}")))
}

/// The demo itself; it expects a built package.
pub fn command(args: &[String]) -> Command {
    let mut command = Command::new("node");
    command.arg("examples/demo/demo.mjs").args(args);
    command
}
