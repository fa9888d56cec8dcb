//! Cases for the other runners, one JSON text a line: `tokens [--count N] [--seed N]`. The first line holds the key sets
//! as texts; each further one a case in the form of the corpus, with the number of its set. The algorithms take turns.

use std::env;
use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use idtoken_fuzz::keys::ALGORITHMS;
use idtoken_fuzz::scenario::{Scenario, key_sets};
use idtoken_fuzz::source::{Random, Source};
use serde_json::json;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), String> {
    let args: Vec<String> = env::args().skip(1).collect();
    let (mut count, mut seed) = (1000, 1);
    for pair in args.chunks(2) {
        let number = pair.get(1).and_then(|text| text.parse().ok());
        match (&*pair[0], number) {
            ("--count", Some(number)) => count = number,
            ("--seed", Some(number)) => seed = number,
            _ => {
                return Err(format!(
                    "--count N and --seed N are known, not `{}`",
                    pair.join(" ")
                ));
            }
        }
    }
    let mut random = Random::new(seed);
    let mut out = BufWriter::new(io::stdout().lock());
    let sets: Vec<_> = key_sets().iter().map(|(text, _)| text).collect();
    let mut line =
        |value| writeln!(out, "{value}").map_err(|error| format!("cannot write: {error}"));
    line(json!({ "sets": sets }))?;
    for number in 0..count {
        let mut tape = random.tape();
        tape[0] = (number % ALGORITHMS.len() as u64) as u8;
        let case = Scenario::build(&mut Source::new(&tape), &ALGORITHMS);
        line(json!({
            "id": format!("fuzz-{seed}-{number}"),
            "alg": ALGORITHMS[usize::from(tape[0])].0,
            "policy": case.policy,
            "expectations": case.expectations,
            "set": case.keys,
            "token": case.token,
        }))?;
    }
    Ok(())
}
