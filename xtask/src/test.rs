//! `test`: everything CI runs, stage by stage, each with a time budget.
mod session;
mod stages;

use std::time::{Duration, Instant};

use crate::run::{self, Failure, Outcome};
use session::Session;

/// All stages together must fit in this.
const BUDGET: Duration = Duration::from_secs(40 * 60);

/// A part of the run that can be run alone: `cargo xtask test NAME`.
struct Stage {
    name: &'static str,
    budget: Duration,
    about: &'static str,
    run: fn(&mut Session) -> Outcome,
}

/// How a stage ended.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Passed,
    Skipped,
    Failed,
    NotRun,
}

/// The names of the stages, in order.
pub fn stage_names() -> Vec<&'static str> {
    stages::STAGES.iter().map(|stage| stage.name).collect()
}

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    let chosen = choose(args)?;
    let mut session = Session::from_environment();
    let mut results = Vec::new();
    let mut why = None;
    for stage in chosen {
        if why.is_some() {
            results.push((stage, End::NotRun, Duration::ZERO));
            continue;
        }
        run::heading(&format!(
            "stage {}: {} (budget {})",
            stage.name,
            stage.about,
            minutes(stage.budget)
        ));
        let start = Instant::now();
        let skipped_before = session.skipped.len();
        let outcome = (stage.run)(&mut session);
        let taken = start.elapsed();
        let skipped = session.skipped.len() > skipped_before;
        let end = match &outcome {
            Err(failure) => {
                why = Some((stage.name, failure.message.clone()));
                End::Failed
            }
            Ok(()) if skipped && session.no_skip => {
                why = Some((
                    stage.name,
                    "it skipped something, which CI does not allow".to_owned(),
                ));
                End::Failed
            }
            Ok(()) if skipped => End::Skipped,
            Ok(()) => End::Passed,
        };
        println!(
            "-- stage {} {} in {}",
            stage.name,
            word(end),
            minutes(taken)
        );
        results.push((stage, end, taken));
    }
    report(&results, &session.skipped, why)
}

/// The named stages, in the order of the table; all of them when none is named.
fn choose(args: &[String]) -> Outcome<Vec<&'static Stage>> {
    for arg in args {
        if !stages::STAGES.iter().any(|stage| stage.name == arg) {
            return Err(Failure::usage(format!(
                "test has no stage `{arg}`; there are {}",
                stage_names().join(", ")
            )));
        }
    }
    Ok(stages::STAGES
        .iter()
        .filter(|stage| args.is_empty() || args.iter().any(|arg| arg == stage.name))
        .collect())
}

fn report(
    results: &[(&Stage, End, Duration)],
    skipped: &[String],
    why: Option<(&str, String)>,
) -> Outcome {
    println!("\n{:<11} {:>9} {:>9}", "stage", "budget", "taken");
    let mut total = Duration::ZERO;
    for (stage, end, taken) in results {
        total += *taken;
        let late = if *taken > stage.budget {
            ", over its budget"
        } else {
            ""
        };
        println!(
            "{:<11} {:>9} {:>9}  {}{late}",
            stage.name,
            minutes(stage.budget),
            minutes(*taken),
            word(*end)
        );
    }
    let late = if total > BUDGET {
        "  over the budget"
    } else {
        ""
    };
    println!(
        "{:<11} {:>9} {:>9}{late}",
        "all",
        minutes(BUDGET),
        minutes(total)
    );

    if !skipped.is_empty() {
        println!("\n!!! SKIPPED, so not tested on this machine:");
        for line in skipped {
            println!("!!!   {line}");
        }
    }
    let failed = why.is_some();
    if let Some((stage, sentence)) = why {
        println!(
            "\nstage {stage} failed: {sentence}; run it alone with `cargo xtask test {stage}`"
        );
    }
    let count = |wanted: End| results.iter().filter(|(_, end, _)| *end == wanted).count();
    let skips = match count(End::Skipped) {
        0 => String::new(),
        number => format!(", {number} skipped"),
    };
    println!(
        "\n{} passed, {} failed{skips}",
        count(End::Passed),
        count(End::Failed)
    );
    if failed {
        Err(Failure::already_said())
    } else {
        Ok(())
    }
}

fn word(end: End) -> &'static str {
    match end {
        End::Passed => "passed",
        End::Skipped => "passed, but SKIPPED something",
        End::Failed => "FAILED",
        End::NotRun => "not run",
    }
}

fn minutes(time: Duration) -> String {
    format!("{}m{:02}s", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budgets_of_the_stages_fit_in_the_whole() {
        assert!(
            stages::STAGES
                .iter()
                .map(|stage| stage.budget)
                .sum::<Duration>()
                <= BUDGET
        );
    }

    #[test]
    fn named_stages_run_in_the_order_of_the_table() -> Result<(), Failure> {
        let names = |args: &[&str]| {
            let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
            Ok::<_, Failure>(
                choose(&args)?
                    .iter()
                    .map(|stage| stage.name)
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(names(&["js", "fmt"])?, ["fmt", "js"]);
        assert_eq!(names(&[])?, stage_names());
        assert!(names(&["nonsense"]).is_err());
        Ok(())
    }

    #[test]
    fn a_failure_makes_the_run_fail() {
        assert!(report(&[], &[], None).is_ok());
        assert!(report(&[], &[], Some(("fmt", "it broke".to_owned()))).is_err());
    }
}
