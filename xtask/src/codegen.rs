//! `codegen`: files written from the tables of the core.
use crate::run::{self, Outcome};

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("codegen", args)?;
    println!("no file is generated yet");
    Ok(())
}
