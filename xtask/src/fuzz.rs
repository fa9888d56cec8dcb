//! `fuzz`: libFuzzer on every entrance, as long as one likes; and, for `test`, the same targets on stable with a fixed seed.
//!
//! The crate in `fuzz/` is a workspace of its own: whoever never fuzzes never builds it.
use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{
    bench_envoy, build,
    run::{self, Failure, Outcome},
};

const MANIFEST: &str = "fuzz/Cargo.toml";
/// Kept between runs, so that each goes on where the last one ended.
const CORPUS: &str = "target/fuzz/corpus";
/// The core takes 16 KiB unless it is told otherwise; longer input is refused unread.
const LONGEST_INPUT: u32 = 20_000;

/// What came of one target.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    executions: u64,
    coverage: u64,
    features: u64,
    findings: Vec<String>,
}

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    if let Some((first, rest)) = args.split_first()
        && first == "envoy"
    {
        return bench_envoy::fuzz(rest);
    }
    let (seconds, targets) = read_arguments(args, &targets()?)?;
    tools()?;
    run::heading("fuzz: the seeds");
    run::run(seeded()?.args(["--write-seeds", CORPUS]))?;

    let mut results = Vec::new();
    for target in targets {
        run::heading(&format!("fuzz: {target}, {seconds} s"));
        let mut result = Tally::default();
        // libFuzzer exits with a failure when it finds something; the other targets still have their turn.
        let outcome = run::run_watched(&mut libfuzzer(&target, seconds), &mut |line| {
            result.read(line)
        });
        if outcome.is_err() && result.findings.is_empty() {
            outcome?;
        }
        results.push((target, result));
    }
    report(&results)
}

/// The runner of the targets on stable; built by this.
///
/// # Errors
/// When it cannot be built.
pub fn seeded() -> Outcome<Command> {
    bin("seeded")
}

/// The maker of tokens for other runners.
///
/// # Errors
/// When it cannot be built.
pub fn tokens() -> Outcome<Command> {
    bin("tokens")
}

fn bin(name: &str) -> Outcome<Command> {
    let target = build::target_dir().join("fuzz");
    run::run(
        Command::new("cargo")
            .args([
                "build",
                "--release",
                "--locked",
                "--no-default-features",
                "--bins",
            ])
            .args(["--manifest-path", MANIFEST, "--target-dir"])
            .arg(&target),
    )?;
    Ok(Command::new(target.join("release").join(name)))
}

fn libfuzzer(target: &str, seconds: u64) -> Command {
    let mut command = Command::new("rustup");
    command
        .args([
            "run",
            "nightly",
            "cargo",
            "fuzz",
            "run",
            "--fuzz-dir",
            "fuzz",
            "--target-dir",
        ])
        .arg(build::target_dir().join("fuzz-nightly"))
        .arg(target)
        .arg(format!("{CORPUS}/{target}"))
        .args(["--", "-print_final_stats=1", "-timeout=20"])
        .arg(format!("-max_len={LONGEST_INPUT}"))
        .arg(format!("-max_total_time={seconds}"));
    command
}

/// A nightly compiler is for its owner to install; cargo-fuzz is a program like any other.
fn tools() -> Outcome {
    let has = |args: &[&str]| {
        run::capture(Command::new("rustup").args(args)).is_ok_and(|output| output.status.success())
    };
    if !has(&["run", "nightly", "rustc", "--version"]) {
        return Err(Failure::new(
            "libFuzzer needs a nightly compiler: `rustup toolchain install nightly --profile minimal`; `cargo xtask test fuzz` does without",
        ));
    }
    if !has(&["run", "nightly", "cargo", "fuzz", "--version"]) {
        run::heading("set-up: cargo-fuzz");
        run::run(Command::new("cargo").args(["install", "--locked", "cargo-fuzz"]))?;
    }
    Ok(())
}

/// The names of the targets: one file each.
fn targets() -> Outcome<BTreeSet<String>> {
    let folder = Path::new("fuzz/fuzz_targets");
    let files = build::files_in(folder)?;
    let names = files
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    Ok(names.collect())
}

fn read_arguments(args: &[String], known: &BTreeSet<String>) -> Outcome<(u64, Vec<String>)> {
    let (mut seconds, mut chosen) = (60, Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let number = args
                .next()
                .and_then(|text| text.parse().ok())
                .filter(|number| *number > 0);
            seconds = number.ok_or_else(|| Failure::usage("--seconds needs a number"))?;
        } else if known.contains(arg) {
            chosen.push(arg.clone());
        } else {
            let all: Vec<_> = known.iter().map(String::as_str).collect();
            return Err(Failure::usage(format!(
                "fuzz has no target `{arg}`; there are {}",
                all.join(", ")
            )));
        }
    }
    if chosen.is_empty() {
        chosen.extend(known.iter().cloned());
    }
    Ok((seconds, chosen))
}

impl Tally {
    /// Takes what it needs from a line of libFuzzer's.
    fn read(&mut self, line: &str) {
        if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
            self.executions = number.trim().parse().unwrap_or_default();
        }
        if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.findings.push(path.trim().to_owned());
        }
        let mut words = line.split_whitespace();
        if words.next().is_some_and(|word| word.starts_with('#')) {
            while let Some(word) = words.next() {
                let place = match word {
                    "cov:" => &mut self.coverage,
                    "ft:" => &mut self.features,
                    _ => continue,
                };
                *place = words
                    .next()
                    .and_then(|number| number.parse().ok())
                    .unwrap_or_default();
            }
        }
    }
}

fn report(results: &[(String, Tally)]) -> Outcome {
    println!(
        "\n{:<10} {:>12} {:>8} {:>9} {:>9}",
        "target", "executions", "cov", "ft", "findings"
    );
    for (target, result) in results {
        println!(
            "{target:<10} {:>12} {:>8} {:>9} {:>9}",
            result.executions,
            result.coverage,
            result.features,
            result.findings.len()
        );
    }
    let findings: Vec<_> = results
        .iter()
        .flat_map(|(_, result)| &result.findings)
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    println!();
    for path in &findings {
        println!("found: {path}");
    }
    Err(Failure::new(format!(
        "{} inputs break a promise; `rustup run nightly cargo fuzz tmin TARGET FILE` makes one small",
        findings.len()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Outcome<(u64, Vec<String>)> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let known = ["json", "token"].map(str::to_owned).into();
        read_arguments(&words, &known)
    }

    #[test]
    fn reads_its_arguments() -> Outcome {
        assert_eq!(
            arguments(&[])?,
            (60, vec!["json".to_owned(), "token".to_owned()])
        );
        assert_eq!(
            arguments(&["token", "--seconds", "5"])?,
            (5, vec!["token".to_owned()])
        );
        for wrong in [&["--seconds"][..], &["--seconds", "0"], &["nonsense"]] {
            assert!(arguments(wrong).is_err());
        }
        Ok(())
    }

    #[test]
    fn reads_what_libfuzzer_says() {
        let mut result = Tally::default();
        for line in [
            "#722\tINITED cov: 3673 ft: 6423 corp: 273/209Kb exec/s: 0 rss: 72Mb",
            "#87707\tDONE   cov: 3723 ft: 7262 corp: 469/588Kb lim: 16385",
            "artifact_prefix='a/'; Test unit written to a/crash-1",
            "stat::number_of_executed_units: 87707",
        ] {
            result.read(line);
        }
        let expected = Tally {
            executions: 87_707,
            coverage: 3723,
            features: 7262,
            findings: vec!["a/crash-1".to_owned()],
        };
        assert_eq!(result, expected);
        assert!(report(&[("a".to_owned(), result)]).is_err());
        assert!(report(&[]).is_ok());
    }
}
