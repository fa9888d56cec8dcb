//! `bench fuel`: how many instructions of wasm each algorithm takes, and whether that is within its budget.
//!
//! Times on a shared machine say little; fuel is the same on every machine. It is counted on the build without SIMD.
use std::{fs, path::Path, process::Command};

use crate::{
    artefact::{self, Lanes},
    run::{self, Failure, Outcome},
    setup,
};

/// Written by `--bless`: what each step took when somebody last looked at it.
const BUDGETS: &str = "xtask/fuel/budgets.txt";
/// By how much a step may pass its budget, in percent: another compiler moves it a little.
const SLACK: u64 = 5;
const TARGET: &str = "wasm32-wasip1";

/// What was counted, in the order it was printed: an algorithm with a step, and its fuel.
type Counts = Vec<(String, u64)>;

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    let counts = match args {
        [] => return check(),
        [word] if word == "--bless" => count()?,
        _ => return Err(Failure::usage("bench fuel takes --bless, and no more")),
    };
    let lines: Vec<String> = counts
        .iter()
        .map(|(step, fuel)| format!("{step} {fuel}\n"))
        .collect();
    fs::write(BUDGETS, lines.concat())
        .map_err(|error| Failure::new(format!("cannot write {BUDGETS}: {error}")))?;
    print!("{}", lines.concat());
    println!("{BUDGETS} is written");
    Ok(())
}

/// Counts, and compares with the budgets.
///
/// # Errors
/// When a tool fails, or a step takes too much.
pub fn check() -> Outcome {
    let counts = count()?;
    let budgets = fs::read_to_string(BUDGETS)
        .map_err(|error| Failure::new(format!("cannot read {BUDGETS}: {error}")))?;
    judge(&counts, &parse(&budgets)?)
}

fn count() -> Outcome<Counts> {
    setup::rust_targets()?;
    let python = setup::wasmtime()?;
    run::heading("fuel: each algorithm in wasm");
    let library = artefact::compile("xtask-fuel", TARGET, "fuel", Lanes::Scalar, &[])?;
    // A program's file keeps the hyphen.
    let wasm = library.with_file_name("xtask-fuel.wasm");
    let script = Path::new("xtask/fuel/count.py");
    let corpus = "tests/corpus/signature.json";
    parse(&run::text_of(
        Command::new(python).arg(script).arg(wasm).arg(corpus),
    )?)
}

/// Lines are `ALGORITHM STEP FUEL`.
fn parse(text: &str) -> Outcome<Counts> {
    text.lines()
        .map(|line| {
            line.rsplit_once(' ')
                .and_then(|(step, fuel)| Some((step.to_owned(), fuel.parse().ok()?)))
                .ok_or_else(|| Failure::new(format!("`{line}` is not a step and its fuel")))
        })
        .collect()
}

fn judge(counts: &Counts, budgets: &Counts) -> Outcome {
    println!("{:<14} {:>12} {:>12}", "", "fuel", "budget");
    let mut over = Vec::new();
    for (step, fuel) in counts {
        let Some((_, budget)) = budgets.iter().find(|(known, _)| known == step) else {
            return Err(Failure::new(format!(
                "{step} has no budget: `cargo xtask bench fuel --bless` writes them"
            )));
        };
        let word = if *fuel > budget.saturating_mul(100 + SLACK) / 100 {
            over.push(step.as_str());
            "OVER"
        } else if *fuel < budget.saturating_mul(100 - SLACK) / 100 {
            "less: bless it"
        } else {
            ""
        };
        println!("{step:<14} {fuel:>12} {budget:>12}  {word}");
    }
    // A step that is no longer counted would be guarded no longer.
    if let Some((step, _)) = budgets
        .iter()
        .find(|(step, _)| !counts.iter().any(|(counted, _)| counted == step))
    {
        return Err(Failure::new(format!(
            "{step} has a budget and was not counted"
        )));
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "more than {SLACK} % over budget: {}; if that is meant, `cargo xtask bench fuel --bless` and say why in the commit",
        over.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(text: &str) -> Counts {
        parse(text).unwrap_or_default()
    }

    #[test]
    fn a_step_may_pass_its_budget_by_the_slack_and_no_more() {
        let budgets = counts("ES256 later 1000\n");
        assert!(judge(&counts("ES256 later 1050\n"), &budgets).is_ok());
        assert!(judge(&counts("ES256 later 1051\n"), &budgets).is_err());
        assert!(judge(&counts("ES256 later 10\n"), &budgets).is_ok());
    }

    #[test]
    fn one_step_too_dear_fails_though_others_are_cheap() {
        let budgets = counts("RS256 later 1000\nES256 later 1000\n");
        assert!(judge(&counts("RS256 later 2000\nES256 later 1\n"), &budgets).is_err());
    }

    #[test]
    fn a_step_without_a_budget_and_a_budget_without_a_step_are_found() {
        assert!(judge(&counts("ES256 later 1\n"), &counts("")).is_err());
        assert!(judge(&counts(""), &counts("ES256 later 1\n")).is_err());
    }

    /// `count.py` says which steps there are.
    #[test]
    fn every_step_of_every_algorithm_has_a_budget() {
        let script = include_str!("../fuel/count.py");
        let steps: Vec<_> = script
            .lines()
            .filter_map(|line| line.trim().strip_prefix("print(algorithm, \""))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(steps, ["import", "first", "growing", "later", "again"]);
        let budgets = counts(include_str!("../fuel/budgets.txt"));
        for algorithm in [
            "RS256", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA",
        ] {
            for step in &steps {
                let wanted = format!("{algorithm} {step}");
                assert!(
                    budgets.iter().any(|(known, _)| *known == wanted),
                    "{wanted}"
                );
            }
        }
    }

    #[test]
    fn the_budgets_can_be_read() {
        assert_eq!(counts("ES256 later 7\n"), [("ES256 later".to_owned(), 7)]);
        assert!(parse("ES256 later\n").is_err());
        assert!(parse("7\n").is_err());
    }
}
