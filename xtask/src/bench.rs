//! `bench`: what a verification costs beside others, in every runtime; writes docs/performance.md and its picture.
//!
//! The harness is JavaScript, in `benches`, with a lock file of its own, so that no test of ours waits for its packages.
use std::{path::Path, process::Command};

use crate::{
    bench_envoy,
    build::{self, DIST},
    fuel,
    run::{self, Failure, Outcome},
    setup,
};

const BENCHES: &str = "benches";
const TESTS: &str = "benches/benches.test.mjs";
/// The build without SIMD, and the file that says that there is one with it.
const SCALAR: &str = "core.wasm";
const SIMD: &str = "core-simd.wasm";

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    match args
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        Some(("envoy", rest)) => bench_envoy::run(rest),
        Some(("memory", rest)) => memory(rest),
        Some(("fuel", rest)) => fuel::run(rest),
        _ => compare(args),
    }
}

/// The tests of the harness, which need nothing but Node.
pub fn tests() -> Command {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", TESTS]);
    command
}

fn compare(args: &[String]) -> Outcome {
    refuse_unknown(args)?;
    prepare()?;
    let rustcrypto = build::build_rustcrypto()?;
    let mut harness = Command::new("node");
    harness
        .arg(format!("{BENCHES}/main.mjs"))
        .args(args)
        .arg("--build")
        .arg(format!("idtoken with RustCrypto={}", rustcrypto.display()));
    if Path::new(DIST).join(SIMD).exists() {
        harness
            .arg("--build")
            .arg(format!("idtoken without SIMD={DIST}/{SCALAR}"));
    }
    run::heading("bench: everything by turns (some minutes; leave the machine alone)");
    run::run(&mut harness)
}

fn memory(args: &[String]) -> Outcome {
    let count = match args {
        [] => "1000000",
        [count] => count,
        _ => {
            return Err(Failure::usage("bench memory takes a count, and no more"));
        }
    };
    prepare()?;
    run::heading("bench: memory");
    run::run(
        Command::new("node")
            .arg(format!("{BENCHES}/memory.mjs"))
            .arg(count),
    )
}

fn prepare() -> Outcome {
    build::build()?;
    setup::node_packages_in(BENCHES)
}

/// Before the builds, which take minutes.
fn refuse_unknown(args: &[String]) -> Outcome {
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => {}
            "--runtime" if words.next().is_some() => {}
            _ => {
                return Err(Failure::usage(format!(
                    "bench takes --quick, --runtime NAME, or one of envoy, fuel and memory; not `{word}`"
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_word_is_refused_before_anything_is_built() {
        let ask = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            refuse_unknown(&words)
        };
        assert!(ask(&[]).is_ok());
        assert!(ask(&["--quick", "--runtime", "node"]).is_ok());
        assert!(ask(&["--runtime"]).is_err());
        assert!(ask(&["--fast"]).is_err());
        assert!(ask(&["node"]).is_err());
    }
}
