//! `differential`: many tokens of the fuzzer's, judged by the package and by jose; or many signatures, judged by
//! `idtoken-vartime` and by RustCrypto.
use std::{fs, process::Command};

use crate::{
    build, fuzz,
    run::{self, Failure, Outcome},
};

/// Where the tokens are put: a thousand of them for `test`, as many as one likes for this task.
const FOLDER: &str = "target/tokens";
/// The thousand.
pub const FEW: &str = "target/tokens/few.jsonl";
const MANY: &str = "target/tokens/many.jsonl";

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    if let Some(("arithmetic", rest)) = args
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        return arithmetic(rest);
    }
    let (count, seed) = match args {
        [] => (10_000, 1),
        [count] => (number(count)?, 1),
        [count, seed] => (number(count)?, number(seed)?),
        _ => {
            return Err(Failure::usage(
                "differential takes a count and a seed, and no more",
            ));
        }
    };
    build::build()?;
    run::heading("differential: the tokens");
    write_tokens(MANY, count, seed)?;
    run::heading("differential: both judge (a minute for ten thousand)");
    run::run(Command::new("node").args(["tests/differential/jose.mjs", MANY]))
}

/// The test that the crate has anyway, with more signatures and built for speed.
fn arithmetic(args: &[String]) -> Outcome {
    let count = match args {
        [] => 1_000_000,
        [count] => number(count)?,
        _ => {
            return Err(Failure::usage(
                "differential arithmetic takes a count, and no more",
            ));
        }
    };
    run::heading("differential: signatures of each algorithm (ten minutes for a million)");
    let words = "test --profile differential -p idtoken-vartime --lib --test differential";
    run::run(
        Command::new("cargo")
            .args(words.split(' '))
            .args(["--", "residues", "every_verdict"])
            .env("SIGNATURES", count.to_string()),
    )
}

/// Writes `count` tokens to a file.
///
/// # Errors
/// When they cannot be made or written.
pub fn write_tokens(file: &str, count: u64, seed: u64) -> Outcome {
    let cannot = |error| Failure::new(format!("cannot write {file}: {error}"));
    fs::create_dir_all(FOLDER).map_err(cannot)?;
    let (count, seed) = (count.to_string(), seed.to_string());
    let text = run::text_of(fuzz::tokens()?.args(["--count", &count, "--seed", &seed]))?;
    fs::write(file, text).map_err(cannot)?;
    println!("{file}: {count} tokens, seed {seed}");
    Ok(())
}

fn number(text: &str) -> Outcome<u64> {
    text.parse()
        .map_err(|_| Failure::usage(format!("differential takes numbers, not `{text}`")))
}
