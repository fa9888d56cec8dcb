//! The tasks that put load on the filter in a real Envoy: `bench envoy`, `soak envoy` and `fuzz envoy`.
use std::process::Command;

use crate::{
    filter,
    run::{self, Failure, Outcome},
};

/// Runs `bench envoy`.
pub fn run(args: &[String]) -> Outcome {
    match args {
        [faults] if faults == "--faults" => {
            wrk()?;
            let mut command = filter::in_envoy()?;
            run::heading("bench: what the provider's faults cost (a minute)");
            run::run(command.arg("tests/envoy/load/faults.mjs"))
        }
        _ => {
            let seconds = number("bench envoy", "--seconds", 2, args)?;
            wrk()?;
            let mut command = filter::in_envoy()?;
            run::heading("bench: the filter beside jwt_authn (four minutes)");
            run::run(command.args(["tests/envoy/load/bench.mjs", &seconds.to_string()]))
        }
    }
}

/// Runs `soak envoy`.
pub fn soak(args: &[String]) -> Outcome {
    let minutes = number("soak envoy", "--minutes", 30, args)?;
    wrk()?;
    let mut command = filter::in_envoy()?;
    run::heading("soak: the filter under load");
    run::run(command.args(["tests/envoy/load/soak.mjs", &minutes.to_string()]))
}

/// Runs `fuzz envoy`: the test of every run of `test envoy`, with more requests.
pub fn fuzz(args: &[String]) -> Outcome {
    let requests = number("fuzz envoy", "--requests", 100_000, args)?;
    let mut command = filter::in_envoy()?;
    run::heading("fuzz: hostile requests (some minutes)");
    run::run(
        command
            .args(["--test", "--test-reporter=spec"])
            .arg("tests/envoy/hostile.test.mjs")
            .env("REQUESTS", requests.to_string()),
    )
}

fn number(task: &str, name: &str, default: u32, args: &[String]) -> Outcome<u32> {
    match args {
        [] => Some(default),
        [found, number] if found == name => number.parse().ok().filter(|number| *number > 0),
        _ => None,
    }
    .ok_or_else(|| Failure::usage(format!("{task} takes `{name} N`, and no more")))
}

/// The load comes from wrk.
fn wrk() -> Outcome {
    run::capture(Command::new("wrk").arg("--version"))
        .map(|_| ())
        .map_err(|_| Failure::new("wrk is needed and not in PATH: on Debian, install wrk"))
}
