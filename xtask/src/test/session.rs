//! One run of `test`: how its commands are run, and what they said they left out.
use std::{env, process::Command};

use crate::{
    build,
    run::{self, Outcome},
};

/// What the stages of one run share.
pub struct Session {
    /// Everything a stage said it skipped.
    pub skipped: Vec<String>,
    /// Whether a skip fails the run: so in CI, where everything is installed.
    pub no_skip: bool,
    built: bool,
}

impl Session {
    /// A fresh run; `CI` or `IDTOKEN_NO_SKIP` in the environment forbid skips.
    pub fn from_environment() -> Self {
        Self {
            skipped: Vec::new(),
            no_skip: is_on("CI") || is_on("IDTOKEN_NO_SKIP"),
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
        let skipped = &mut self.skipped;
        run::run_watched(command, &mut |line| skipped.extend(skip_in(line)))
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
            built: false,
        };
        assert!(session.run(&mut Command::new("false")).is_err());
        Ok(())
    }
}
