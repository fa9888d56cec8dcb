//! `soak`: many verifications in one instance of the package, with rotating keys; its memory has to stay flat.
use std::process::Command;

use crate::{
    bench_envoy, build,
    run::{self, Failure, Outcome},
};

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    if let Some((first, rest)) = args.split_first()
        && first == "envoy"
    {
        return bench_envoy::soak(rest);
    }
    let count = match args {
        [] => "1000000",
        [count] => count,
        _ => return Err(Failure::usage("soak takes a count, and no more")),
    };
    build::build()?;
    run::heading("soak: verifications (some minutes for a million)");
    run::run(Command::new("node").args(["tests/remote/soak.mjs", count]))
}
