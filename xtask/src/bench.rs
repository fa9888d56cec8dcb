//! `bench`: how fast it is.
use crate::{
    bench_envoy,
    run::{Failure, Outcome},
};

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    match args.split_first() {
        Some((what, rest)) if what == "envoy" => bench_envoy::run(rest),
        _ => Err(Failure::usage("bench takes `envoy`")),
    }
}
