//! `fuzz`: libFuzzer on the targets of `fuzz/`, for as long as one likes. The tests run the same targets with a fixed seed.
use std::process::Command;

use crate::run::{self, Failure, Outcome};

const TARGETS: &[&str] = &["token", "json", "jwks", "policy", "verify", "explain"];
/// The crate is a workspace of its own; its build goes where all others go.
const MANIFEST: &str = "fuzz/Cargo.toml";
const TARGET_DIR: &str = "target/fuzz";

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    let (seconds, targets) = options(args)?;
    let fuzz = Command::new("cargo").args(["fuzz", "--version"]).output();
    if !fuzz.is_ok_and(|output| output.status.success()) {
        return Err(Failure::new(
            "cargo-fuzz is missing: `cargo install cargo-fuzz`, and a nightly toolchain of rustup",
        ));
    }
    run::heading("fuzz: seeds from the corpus");
    run::run(seeded().args(["--write-seeds", "target/fuzz/corpus"]))?;
    let mut table = vec![format!("{:<8} {:>12} {:>8}", "target", "executions", "cov")];
    for target in targets {
        run::heading(&format!("fuzz: {target} for {seconds} s"));
        table.push(fuzz_one(target, seconds)?);
    }
    println!("\n{}\nnothing found", table.join("\n"));
    Ok(())
}

/// The targets on stable Rust, with a fixed seed: the same inputs every time.
pub fn seeded() -> Command {
    let mut command = Command::new("cargo");
    let words = [
        "run",
        "--quiet",
        "--release",
        "--no-default-features",
        "--bin",
        "seeded",
    ];
    command.args(words);
    command.args([
        "--manifest-path",
        MANIFEST,
        "--target-dir",
        TARGET_DIR,
        "--",
    ]);
    command
}

fn fuzz_one(target: &str, seconds: u64) -> Outcome<String> {
    let mut command = Command::new("cargo");
    command.args([
        "+nightly",
        "fuzz",
        "run",
        "--target-dir",
        TARGET_DIR,
        target,
    ]);
    command
        .arg(format!("target/fuzz/corpus/{target}"))
        .arg("--");
    command.arg(format!("-max_total_time={seconds}"));
    command.args(["-max_len=20000", "-timeout=20", "-print_final_stats=1"]);
    let (mut executions, mut coverage) = (String::new(), String::new());
    run::run_watched(&mut command, &mut |line| {
        if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
            number.trim().clone_into(&mut executions);
        }
        if let Some((_, rest)) = line.split_once(" cov: ") {
            rest.split(' ')
                .next()
                .unwrap_or_default()
                .clone_into(&mut coverage);
        }
    })?;
    Ok(format!("{target:<8} {executions:>12} {coverage:>8}"))
}

fn options(args: &[String]) -> Outcome<(u64, Vec<&str>)> {
    let mut seconds = 60;
    let mut targets = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "--seconds" {
            let number = rest.next().and_then(|text| text.parse().ok());
            seconds = number.ok_or_else(|| Failure::usage("--seconds needs a number"))?;
        } else if TARGETS.contains(&arg.as_str()) {
            targets.push(arg.as_str());
        } else {
            let known = TARGETS.join(", ");
            return Err(Failure::usage(format!(
                "there is no target `{arg}`, only {known}"
            )));
        }
    }
    if targets.is_empty() {
        targets = TARGETS.to_vec();
    }
    Ok((seconds, targets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_name_targets_and_a_time() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            options(&words("--seconds 5 json")).unwrap(),
            (5, vec!["json"])
        );
        assert_eq!(options(&[]).unwrap(), (60, TARGETS.to_vec()));
        assert!(options(&words("nothing")).is_err());
        assert!(options(&words("--seconds")).is_err());
    }
}
