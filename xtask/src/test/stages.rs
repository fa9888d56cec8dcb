//! The stages of `test`, cheap ones first.
use std::{fs, path::Path, process::Command, time::Duration};

use super::{Session, Stage};
use crate::{
    bench, build, conformance, demo, differential, filter, fuel, fuzz,
    run::{self, Failure, Outcome},
    setup, size, tidy, vectors,
};

/// Where the tokens of a real provider are put, in the form of the corpus.
const PROVIDER_CORPUS: &str = "target/corpus/provider.json";
/// The variable that names a further corpus to the runners.
const EXTRA: &str = "IDTOKEN_CORPUS_EXTRA";
/// The variable that names the tokens of the fuzzer to the tests in JavaScript.
const FUZZ_TOKENS: &str = "IDTOKEN_FUZZ_TOKENS";

/// The table; the order is the order of the run.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        budget: seconds(30),
        about: "the Rust code is formatted",
        run: fmt,
    },
    Stage {
        name: "tidy",
        budget: seconds(30),
        about: "the rules about the shape of the code",
        run: tidy,
    },
    Stage {
        name: "conformance",
        budget: seconds(10),
        about: "no rule, client test or advisory counts as tested without a case",
        run: conformance,
    },
    Stage {
        name: "clippy",
        budget: seconds(200),
        about: "no lint, in any set of features",
        run: clippy,
    },
    Stage {
        name: "native",
        budget: seconds(360),
        about: "the Rust tests",
        run: native,
    },
    Stage {
        name: "simd",
        budget: seconds(120),
        about: "RSA by vectors, in Node",
        run: simd,
    },
    Stage {
        name: "fuzz",
        budget: seconds(120),
        about: "the fuzz targets on stable, with a fixed seed",
        run: fuzz,
    },
    Stage {
        name: "docs",
        budget: seconds(60),
        about: "the documentation builds without a warning",
        run: docs,
    },
    Stage {
        name: "no_std",
        budget: seconds(100),
        about: "the core and idtoken-vartime build without std",
        run: no_std,
    },
    Stage {
        name: "guards",
        budget: seconds(20),
        about: "the core depends on nothing it must not",
        run: guards,
    },
    Stage {
        name: "build",
        budget: seconds(360),
        about: "the npm package",
        run: package,
    },
    Stage {
        name: "size",
        budget: seconds(20),
        about: "the package is small enough",
        run: size,
    },
    Stage {
        name: "fuel",
        budget: seconds(70),
        about: "no algorithm takes more instructions than its budget",
        run: fuel,
    },
    Stage {
        name: "provider",
        budget: seconds(100),
        about: "tokens of a real provider, natively",
        run: provider,
    },
    Stage {
        name: "js",
        budget: seconds(400),
        about: "the package in Node, workerd, Chromium and Firefox",
        run: js,
    },
    Stage {
        name: "envoy",
        budget: seconds(300),
        about: "the filter in a real Envoy",
        run: envoy,
    },
    Stage {
        name: "demo",
        budget: seconds(100),
        about: "the demo runs to its end",
        run: demo,
    },
];

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn fmt(session: &mut Session) -> Outcome {
    session.cargo("fmt --all --check")?;
    session.cargo("fmt --all --check --manifest-path fuzz/Cargo.toml")
}

fn tidy(_: &mut Session) -> Outcome {
    tidy::run(&[])
}

fn conformance(_: &mut Session) -> Outcome {
    conformance::run(&[])
}

/// The generator crate is left out: it is one small file on top of dependencies that take minutes.
fn clippy(session: &mut Session) -> Outcome {
    session.cargo("clippy --workspace --exclude xtask-bindgen --all-targets -- -D warnings")?;
    session.cargo("clippy -p idtoken-js --features rustcrypto -- -D warnings")?;
    session.cargo("clippy -p idtoken --no-default-features -- -D warnings")?;
    // The filter's callbacks exist for Envoy alone.
    setup::rust_targets()?;
    session.cargo(
        "clippy -p idtoken-proxy-wasm --target wasm32-wasip1 --features fixed-clock -- -D warnings",
    )?;
    for feature in features()? {
        session.cargo(&format!(
            "clippy -p idtoken --no-default-features --features {feature} -- -D warnings"
        ))?;
    }
    Ok(())
}

fn native(session: &mut Session) -> Outcome {
    setup::node_packages()?;
    session.run(Command::new("node").args(["tests/corpus/make/main.mjs", "--check"]))?;
    session.run(&mut bench::tests())?;
    session.cargo("test --workspace --exclude xtask-bindgen")?;
    // The corpus needs every algorithm; what is left are the tests inside the core.
    session.cargo("test -p idtoken --lib --no-default-features")
}

fn simd(_: &mut Session) -> Outcome {
    vectors::test()
}

/// Some twenty seconds of it, after the build. The tokens are for the tests in JavaScript.
fn fuzz(session: &mut Session) -> Outcome {
    session.run(fuzz::seeded()?.args(["--iterations", "20000"]))?;
    differential::write_tokens(differential::FEW, 1000, 1)
}

fn docs(session: &mut Session) -> Outcome {
    let words = "doc -p idtoken -p idtoken-vartime --no-deps --all-features";
    session.run(
        Command::new("cargo")
            .args(words.split(' '))
            .env("RUSTDOCFLAGS", "-Dwarnings"),
    )
}

fn no_std(session: &mut Session) -> Outcome {
    setup::rust_targets()?;
    for target in ["wasm32v1-none", "thumbv7em-none-eabihf"] {
        session.cargo(&format!(
            "build -p idtoken --features serde --target {target}"
        ))?;
        session.cargo(&format!("build -p idtoken-vartime --target {target}"))?;
    }
    Ok(())
}

/// The core brings no randomness and no JavaScript with it, on any target, with any feature.
fn guards(_: &mut Session) -> Outcome {
    let words = "tree -p idtoken -e normal,build --target all --all-features --prefix none";
    let tree = run::text_of(Command::new("cargo").args(words.split(' ')))?;
    // First something that is there, so that a tree which names nothing at all does not count as a pass.
    if !names(&tree, "sha2") {
        return Err(Failure::new(
            "`cargo tree` does not even name sha2 under idtoken: the guard itself is broken",
        ));
    }
    for forbidden in ["getrandom", "wasm-bindgen", "js-sys"] {
        if names(&tree, forbidden) {
            return Err(Failure::new(format!(
                "idtoken must not depend on {forbidden}; `cargo {words}` without its last two words shows where it comes from"
            )));
        }
        println!("idtoken does not depend on {forbidden}");
    }
    Ok(())
}

fn package(session: &mut Session) -> Outcome {
    session.build()
}

fn size(session: &mut Session) -> Outcome {
    session.build()?;
    filter::build()?;
    size::report()
}

fn fuel(_: &mut Session) -> Outcome {
    fuel::check()
}

fn provider(session: &mut Session) -> Outcome {
    session.build()?;
    if let Some(folder) = Path::new(PROVIDER_CORPUS).parent() {
        fs::create_dir_all(folder)
            .map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display())))?;
    }
    // Yesterday's tokens must not pass for those of a provider that failed to start.
    let _ = fs::remove_file(PROVIDER_CORPUS);
    session.run(Command::new("node").args(["tests/provider/mint.mjs", PROVIDER_CORPUS]))?;
    let words = [
        "test",
        "-p",
        "idtoken",
        "--test",
        "corpus",
        "--",
        "--nocapture",
    ];
    session.run(
        Command::new("cargo")
            .args(words)
            .env(EXTRA, PROVIDER_CORPUS),
    )
}

fn js(session: &mut Session) -> Outcome {
    session.build()?;
    let rustcrypto = build::build_rustcrypto()?;
    let mut command = Command::new("node");
    // A test that hangs has to fail within the budget, and with its name.
    command
        .args(["--test", "--test-reporter=spec", "--test-timeout=300000"])
        .args(tests_in("tests/js")?)
        .env("IDTOKEN_RUSTCRYPTO", rustcrypto);
    if Path::new(PROVIDER_CORPUS).exists() {
        command.env(EXTRA, PROVIDER_CORPUS);
    } else {
        println!("without tokens of a real provider: `cargo xtask test provider js` includes them");
    }
    if Path::new(differential::FEW).exists() {
        command.env(FUZZ_TOKENS, differential::FEW);
    }
    session.run(&mut command)?;
    session.compare_corpus()
}

fn envoy(session: &mut Session) -> Outcome {
    let mut command = filter::in_envoy()?;
    command
        .args(["--test", "--test-reporter=spec", "--test-timeout=300000"])
        .args(tests_in("tests/envoy")?);
    session.run(&mut command)?;
    session.run(Command::new("node").arg("examples/envoy/envoy.mjs"))
}

fn demo(session: &mut Session) -> Outcome {
    session.build()?;
    session.run(&mut demo::command(&[]))
}

/// Whether a list of packages, `name vVERSION` on each line, has one of this name.
fn names(tree: &str, package: &str) -> bool {
    tree.lines()
        .any(|line| line.split(' ').next() == Some(package))
}

/// The features of the core, read from its manifest so that a new one is checked without a word here.
fn features() -> Outcome<Vec<String>> {
    let manifest = fs::read_to_string("Cargo.toml")
        .map_err(|error| Failure::new(format!("cannot read Cargo.toml: {error}")))?;
    let features = features_in(&manifest);
    if features.is_empty() {
        Err(Failure::new("Cargo.toml names no features"))
    } else {
        Ok(features)
    }
}

fn features_in(manifest: &str) -> Vec<String> {
    let section = manifest
        .lines()
        .skip_while(|line| line.trim() != "[features]")
        .skip(1);
    section
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| name != "default")
        .collect()
}

/// The `*.test.mjs` of a folder, spelled out: Node 20 does not expand patterns.
fn tests_in(folder: &str) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if let Some(name) = entry
            .file_name()
            .to_str()
            .filter(|name| name.ends_with(".test.mjs"))
        {
            found.push(format!("{folder}/{name}"));
        }
    }
    found.sort();
    if found.is_empty() {
        Err(Failure::new(format!(
            "there is no {folder}/*.test.mjs to run"
        )))
    } else {
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_package_is_seen_in_any_version() {
        let tree = "idtoken v0.1.0 (here)\ngetrandom v0.2.1\ngetrandom v0.3.0 (*)\n";
        assert!(names(tree, "getrandom"));
        assert!(!names(tree, "random"));
        assert!(!names("my-getrandom v1.0.0", "getrandom"));
    }

    #[test]
    fn reads_the_features_of_a_manifest() {
        let manifest = "[package]\nname = \"a\"\n\n[features]\ndefault = [\"x\"]\n# why\nx = []\ny-z = [\"dep:y\"]\n\n[dependencies]\nb = \"1\"\n";
        assert_eq!(features_in(manifest), ["x", "y-z"]);
        assert!(features_in("[package]\n").is_empty());
    }
}
