//! The targets on stable Rust: `seeded [--iterations N] [--seed N] [TARGET...]`. Same seed, same inputs, same verdicts.
//! `seeded --write-seeds FOLDER` writes the inputs that libFuzzer starts from.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use idtoken_fuzz::memory::{self, Counting};
use idtoken_fuzz::source::Random;
use idtoken_fuzz::{seeds, targets};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus");

fn main() -> ExitCode {
    match run(env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: Vec<String>) -> Result<(), String> {
    if let Some(folder) = option(&mut args, "--write-seeds")? {
        return write(Path::new(&folder));
    }
    let number = |text: Option<String>, otherwise| match text {
        Some(text) => text.parse().map_err(|_| format!("`{text}` is no number")),
        None => Ok(otherwise),
    };
    let iterations = number(option(&mut args, "--iterations")?, 4000)?;
    let seed = number(option(&mut args, "--seed")?, 1)?;
    if let Some(unknown) = args
        .iter()
        .find(|arg| !targets::ALL.iter().any(|(name, _)| name == arg))
    {
        return Err(format!("there is no target `{unknown}`"));
    }
    let corpus = seeds::read(Path::new(CORPUS))?;
    println!(
        "{:<8} {:>10} {:>10} {:>12}",
        "target", "inputs", "accepted", "most memory"
    );
    for (name, target) in targets::ALL {
        if !args.is_empty() && !args.iter().any(|arg| arg == name) {
            continue;
        }
        let seeds = corpus
            .get(name)
            .ok_or_else(|| format!("the corpus has no seed for {name}"))?;
        let mut random = Random::new(seed);
        let (mut inputs, mut accepted) = (0_u64, 0_u64);
        let mut one = |data: &[u8]| {
            let verdict = catch_unwind(AssertUnwindSafe(|| target(data)));
            inputs += 1;
            accepted += u64::from(*verdict.as_ref().unwrap_or(&false));
            verdict.map(|_| ()).map_err(|_| {
                format!(
                    "{name} found something; its input in base64url is {}",
                    idtoken_fuzz::keys::encode(data)
                )
            })
        };
        one(&[])?;
        seeds.iter().try_for_each(|seed| one(seed))?;
        for round in 0..iterations {
            // Decisions of the grammar and changed texts in turn; a json input says with its first byte which it is.
            let data = match round % 2 {
                0 if *name == "json" => [b"~", &random.noise()[..]].concat(),
                0 if *name != "token" => random.tape(),
                _ => {
                    let seed = &seeds[random.below(seeds.len())];
                    random.mutate(seed)
                }
            };
            one(&data)?;
        }
        println!(
            "{name:<8} {inputs:>10} {accepted:>10} {:>9} KiB",
            memory::most() / 1024
        );
        // A run that never gets through, or always does, tests nothing.
        if accepted * 50 < inputs || accepted == inputs {
            return Err(format!(
                "{accepted} of {inputs} inputs were accepted by {name}: the generator is broken"
            ));
        }
    }
    Ok(())
}

fn write(folder: &Path) -> Result<(), String> {
    for (target, inputs) in seeds::read(Path::new(CORPUS))? {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)
            .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        for (number, input) in inputs.iter().enumerate() {
            let path = folder.join(format!("seed-{number:04}"));
            fs::write(&path, input)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
        println!("{target:<8} {:>5} seeds", inputs.len());
    }
    Ok(())
}

/// Takes `name VALUE` out of the arguments.
fn option(args: &mut Vec<String>, name: &str) -> Result<Option<String>, String> {
    let Some(at) = args.iter().position(|arg| arg == name) else {
        return Ok(None);
    };
    if at + 1 >= args.len() {
        return Err(format!("{name} needs a value"));
    }
    args.remove(at);
    Ok(Some(args.remove(at)))
}
