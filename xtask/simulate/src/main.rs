//! `cargo xtask simulate`: fleets of isolates in virtual time. The key cache of the core is the real one; jose and
//! Envoy's jwt_authn beside it are models after their documentation and source.
mod client;
mod envoy;
mod fleet;
mod jose;
mod musts;
mod ours;
mod page;
mod plot;
mod random;
mod scenario;
mod tally;
#[cfg(test)]
mod testing;
mod traffic;
mod world;

use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

use page::Results;
use scenario::{SCENARIOS, Scenario};

/// The seed of the committed page.
const SEED: u64 = 1;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((seed, chosen)) = read_arguments(&arguments) else {
        let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        eprintln!(
            "error: simulate takes --seed NUMBER and --scenario, one of {}",
            names.join(", ")
        );
        return ExitCode::from(2);
    };
    match simulate(&chosen, seed) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(breaches) => {
            eprintln!(
                "error: {breaches} musts of the key cache do not hold; they are listed above"
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The seed, and the scenarios.
fn read_arguments(arguments: &[String]) -> Option<(u64, Vec<Scenario>)> {
    let mut seed = SEED;
    let mut chosen = SCENARIOS.to_vec();
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--seed" => seed = value.parse().ok()?,
            [name, value] if name == "--scenario" => {
                chosen.retain(|scenario| scenario.name == value);
            }
            _ => return None,
        }
    }
    (!chosen.is_empty()).then_some((seed, chosen))
}

/// Runs, prints, and writes the page when it is all of it. Gives the number of broken musts.
fn simulate(chosen: &[Scenario], seed: u64) -> Result<usize, Box<dyn Error>> {
    let mut all = Vec::new();
    let mut broken = 0;
    for scenario in chosen {
        let results = results(scenario, seed)?;
        println!("{}", page::section(&results));
        for (contestant, tally) in &results.tallies {
            for breach in musts::breaches(scenario, *contestant, tally) {
                println!("BROKEN: {breach}");
                broken += 1;
            }
        }
        all.push(results);
    }
    if seed == SEED && all.len() == SCENARIOS.len() {
        for (path, text) in [
            ("docs/simulation.md", page::page(&all, seed)),
            ("docs/simulation.svg", plot::plot(&all)),
        ] {
            fs::write(path, text)?;
            println!("wrote {path}");
        }
    }
    Ok(broken)
}

fn results(scenario: &Scenario, seed: u64) -> Result<Results, Box<dyn Error>> {
    let mut tallies = Vec::new();
    for contestant in fleet::CONTESTANTS {
        eprintln!("{}: {}", scenario.name, contestant.name());
        tallies.push((contestant, fleet::run(scenario, contestant, seed)?));
    }
    Ok(Results {
        scenario: *scenario,
        tallies,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
        let mut flaky = SCENARIOS.iter().filter(|scenario| scenario.name == "flaky");
        let few = Scenario {
            isolates: 100,
            ..*flaky.next().expect("there is one")
        };
        let bytes = |seed| {
            let results = [results(&few, seed).expect("the core takes its options")];
            page::page(&results, 0) + &plot::plot(&results)
        };
        assert_eq!(bytes(1), bytes(1));
        assert_ne!(bytes(1), bytes(2));
    }

    #[test]
    fn arguments_name_a_seed_and_a_scenario() {
        let read = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            read_arguments(&words).map(|(seed, chosen)| (seed, chosen.len()))
        };
        assert_eq!(read(""), Some((SEED, SCENARIOS.len())));
        assert_eq!(read("--seed 7 --scenario flood"), Some((7, 1)));
        assert_eq!(read("--scenario nonsense"), None);
        assert_eq!(read("--seed"), None);
        assert_eq!(read("--seed x"), None);
    }
}
