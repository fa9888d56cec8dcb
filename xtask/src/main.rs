//! `cargo xtask <task>`: every task a person runs. The working directory of all of them is the root of the repository.
mod artefact;
mod bench;
mod bench_envoy;
mod build;
mod codegen;
mod compare;
mod conformance;
mod demo;
mod differential;
mod filter;
mod fuel;
mod fuzz;
mod run;
mod setup;
mod simulate;
mod size;
mod soak;
mod test;
mod tidy;
mod vectors;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use run::{Failure, Outcome};

/// A task, as `help` lists it.
struct Task {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Outcome,
}

const TASKS: &[Task] = &[
    Task {
        name: "demo",
        arguments: "[--keep]",
        about: "the main job end to end; --keep leaves it running",
        run: demo::run,
    },
    Task {
        name: "test",
        arguments: "[STAGE...]",
        about: "everything CI runs, or only the named stages",
        run: test::run,
    },
    Task {
        name: "build",
        arguments: "",
        about: "fills pkg/dist: both builds of the core, their glue and the loaders; and the Envoy filter",
        run: build::run,
    },
    Task {
        name: "size",
        arguments: "",
        about: "what pkg/dist weighs, and whether it is within its limit",
        run: size::run,
    },
    Task {
        name: "tidy",
        arguments: "",
        about: "checks the rules about the shape of the code",
        run: tidy::run,
    },
    Task {
        name: "codegen",
        arguments: "",
        about: "writes the files made from tables: codes, docs/errors.md, the corpus",
        run: codegen::run,
    },
    Task {
        name: "conformance",
        arguments: "",
        about: "which rules, client tests and advisories have cases",
        run: conformance::run,
    },
    Task {
        name: "compare",
        arguments: "",
        about: "writes docs/comparison.md: the corpus put to other libraries",
        run: compare::run,
    },
    Task {
        name: "bench",
        arguments: "[--quick] [--runtime NAME] | envoy | fuel | memory",
        about: "writes docs/performance.md: what it costs, beside others; in Envoy, beside jwt_authn",
        run: bench::run,
    },
    Task {
        name: "fuzz",
        arguments: "[--seconds N] [TARGET...] | envoy [--requests N]",
        about: "libFuzzer on every entrance, 60 s each; or hostile requests to Envoy",
        run: fuzz::run,
    },
    Task {
        name: "differential",
        arguments: "[arithmetic] [COUNT [SEED]]",
        about: "tokens judged by the package and by jose, or signatures by both backends",
        run: differential::run,
    },
    Task {
        name: "soak",
        arguments: "[COUNT] | envoy [--minutes N]",
        about: "a million verifications, or Envoy under load; the memory stays flat",
        run: soak::run,
    },
    Task {
        name: "simulate",
        arguments: "[--seed N] [--scenario NAME]",
        about: "fleets of verifiers in virtual time; writes docs/simulation.md",
        run: simulate::run,
    },
    Task {
        name: "help",
        arguments: "",
        about: "this list",
        run: help,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match env::set_current_dir(root())
        .map_err(|error| Failure::new(format!("cannot enter the repository: {error}")))
    {
        Ok(()) => {}
        Err(failure) => return failure.report(),
    }
    let outcome = match args.split_first() {
        None => help(&[]),
        Some((name, rest)) => match TASKS.iter().find(|task| task.name == name) {
            Some(task) => (task.run)(rest),
            None if matches!(name.as_str(), "-h" | "--help") => help(rest),
            None => Err(Failure::usage(format!(
                "there is no task `{name}`; `cargo xtask help` lists them"
            ))),
        },
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn help(args: &[String]) -> Outcome {
    run::no_arguments("help", args)?;
    println!("cargo xtask <task>\n");
    for task in TASKS {
        println!(
            "  {:<40} {}",
            format!("{} {}", task.name, task.arguments),
            task.about
        );
    }
    println!(
        "\nstages of `test`, in order: {}",
        test::stage_names().join(", ")
    );
    Ok(())
}

/// The root of the repository: the folder above this crate. Cargo names it at run time, so a copied binary still finds its own checkout.
fn root() -> PathBuf {
    let manifest_dir =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest_dir).join("..")
}
