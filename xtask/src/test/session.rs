//! One run of `test`: how its commands are run, and what they said they left out.
use std::{collections::BTreeMap, env, process::Command};

use crate::{
    build,
    run::{self, Failure, Outcome},
};

/// The runtimes of the package, as the runners of the corpus call them.
const RUNTIMES: &[&str] = &[
    "node",
    "node without SIMD",
    "node on RustCrypto",
    "workerd",
    "chromium",
    "firefox",
];

/// What the stages of one run share.
pub struct Session {
    /// Everything a stage said it skipped.
    pub skipped: Vec<String>,
    /// Whether a skip fails the run: so in CI, where everything is installed.
    pub no_skip: bool,
    /// How many cases of the corpus each runtime ran.
    corpus: BTreeMap<String, u32>,
    built: bool,
}

impl Session {
    /// A fresh run; `CI` or `IDTOKEN_NO_SKIP` in the environment forbid skips.
    pub fn from_environment() -> Self {
        Self {
            skipped: Vec::new(),
            no_skip: is_on("CI") || is_on("IDTOKEN_NO_SKIP"),
            corpus: BTreeMap::new(),
            built: false,
        }
    }

    /// Runs a command and notes what it skips.
    ///
    /// # Errors
    /// When it does not exit with 0.
    pub fn run(&mut self, command: &mut Command) -> Outcome {
        if self.no_skip {
            command.env("IDTOKEN_NO_SKIP", "1");
        }
        let (skipped, corpus) = (&mut self.skipped, &mut self.corpus);
        run::run_watched(command, &mut |line| {
            skipped.extend(skip_in(line));
            corpus.extend(cases_in(line));
        })
    }

    /// Says how many cases of the corpus ran in every runtime; natively too, where that was seen.
    ///
    /// # Errors
    /// When the runtimes differ in that, or one ran none and nothing was skipped.
    pub fn compare_corpus(&self) -> Outcome {
        for runtime in RUNTIMES {
            if !self.corpus.contains_key(*runtime) && self.skipped.is_empty() {
                return Err(Failure::new(format!("no corpus was run in {runtime}")));
            }
        }
        let all: Vec<_> = self.corpus.iter().collect();
        let line = match all.as_slice() {
            [(_, first), rest @ ..] if rest.iter().all(|(_, cases)| cases == first) => {
                let names: Vec<_> = self.corpus.keys().map(String::as_str).collect();
                format!("corpus: the same {first} cases in {}", names.join(", "))
            }
            _ => {
                return Err(Failure::new(format!(
                    "the runtimes did not run the same corpus: {:?}",
                    self.corpus
                )));
            }
        };
        println!("{line}");
        Ok(())
    }

    /// Runs cargo with these words.
    ///
    /// # Errors
    /// When it does not exit with 0.
    pub fn cargo(&mut self, words: &str) -> Outcome {
        self.run(Command::new("cargo").args(words.split(' ')))
    }

    /// Builds the package, once a run.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn build(&mut self) -> Outcome {
        if !self.built {
            build::build()?;
            self.built = true;
        }
        Ok(())
    }
}

fn is_on(name: &str) -> bool {
    env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// What a line of output says was skipped: our own `SKIPPED:`, and the counts of `node --test` and of cargo's tests.
fn skip_in(line: &str) -> Option<String> {
    let line = line.trim_start_matches([' ', '#', 'ℹ']).trim_end();
    if let Some(what) = line.strip_prefix("SKIPPED:") {
        return Some(what.trim().to_owned());
    }
    let by_node = line
        .strip_prefix("skipped ")
        .or_else(|| line.strip_prefix("todo "));
    if by_node.is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 0)) {
        return Some(format!("node --test: {line}"));
    }
    if line.starts_with("test result:") && line.contains(" ignored") && !line.contains(" 0 ignored")
    {
        return Some(format!("cargo test: {line}"));
    }
    None
}

/// What a line says of the corpus: `corpus: 1000 cases in node, 1000 passed`.
fn cases_in(line: &str) -> Option<(String, u32)> {
    let line = line.trim_start_matches([' ', '#', 'ℹ']);
    let (cases, rest) = line.strip_prefix("corpus: ")?.split_once(" cases in ")?;
    let (runtime, _) = rest.split_once(", ")?;
    Some((runtime.to_owned(), cases.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_our_own_skips() {
        assert_eq!(
            skip_in("SKIPPED: no Chromium").as_deref(),
            Some("no Chromium")
        );
        assert_eq!(
            skip_in("  # SKIPPED: no Chromium").as_deref(),
            Some("no Chromium")
        );
        assert_eq!(skip_in("nothing was SKIPPED: really"), None);
    }

    #[test]
    fn sees_the_skips_of_the_test_runners() {
        assert!(skip_in("ℹ skipped 1").is_some());
        assert!(skip_in("# skipped 12").is_some());
        assert!(skip_in("ℹ todo 1").is_some());
        assert_eq!(skip_in("ℹ skipped 0"), None);
        assert!(skip_in("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured").is_some());
        assert!(skip_in("test result: ok. 5 passed; 0 failed; 10 ignored; 0 measured").is_some());
        assert_eq!(
            skip_in("test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured"),
            None
        );
    }

    #[test]
    fn a_command_is_watched_and_its_failure_kept() -> Outcome {
        // Not a skip: this test's own output passes through the stage that runs it.
        let mut seen = Vec::new();
        run::run_watched(Command::new("echo").arg("a line"), &mut |line| {
            seen.push(line.to_owned())
        })?;
        assert_eq!(seen, ["a line"]);
        let mut session = Session {
            skipped: Vec::new(),
            no_skip: false,
            corpus: BTreeMap::new(),
            built: false,
        };
        assert!(session.run(&mut Command::new("false")).is_err());
        Ok(())
    }
    #[test]
    fn a_runtime_that_ran_fewer_cases_or_none_is_found() {
        let session = |lines: &[&str], skipped: &[&str]| Session {
            skipped: skipped.iter().map(|&line| line.to_owned()).collect(),
            no_skip: false,
            corpus: lines.iter().filter_map(|line| cases_in(line)).collect(),
            built: false,
        };
        let all = [
            "corpus: 9 cases in native Rust, 9 passed",
            "corpus: 9 cases in node, 9 passed",
            "corpus: 9 cases in node without SIMD, 9 passed",
            "corpus: 9 cases in node on RustCrypto, 9 passed",
            "  # corpus: 9 cases in workerd, 9 passed",
            "corpus: 9 cases in chromium, 9 passed",
            "corpus: 9 cases in firefox, 9 passed",
        ];
        assert!(session(&all, &[]).compare_corpus().is_ok());
        assert!(session(&all[..6], &[]).compare_corpus().is_err());
        assert!(session(&all[..6], &["no firefox"]).compare_corpus().is_ok());
        let fewer = "corpus: 8 cases in firefox, 8 passed";
        let [native, node, _, _, workerd, chromium, _] = all;
        let differ = session(&[native, node, workerd, chromium, fewer], &[]);
        assert!(differ.compare_corpus().is_err());
        assert!(session(&[], &["no browser"]).compare_corpus().is_err());
    }
}
