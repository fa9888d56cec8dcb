//! `test simd`: the arithmetic that uses vectors, tested where there are some. The other tests run it on plain numbers.
use std::{env, process::Command};

use crate::{
    artefact::{self, Lanes},
    run::{self, Failure, Outcome},
    setup,
};

const TARGET: &str = "wasm32-wasip1";
/// For each kind of test; a tenth of what is run natively.
const SIGNATURES: &str = "1000";
/// Powers against big integers, and verdicts against RustCrypto.
const TESTS: [&str; 2] = ["--lib rsa::modulus::residues", "--test differential rsa::"];

/// Runs the tests of RSA in Node, compiled as `core-simd.wasm` is.
///
/// # Errors
/// When a tool is missing, or a test fails.
pub fn test() -> Outcome {
    setup::rust_targets()?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    // cargo runs it in the folder of the crate.
    let runner = format!(
        "node --no-warnings {}",
        here.join("xtask/src/wasi.mjs").display()
    );
    for test in TESTS {
        run::run(
            Command::new("cargo")
                .args(["test", "--package", "idtoken-vartime", "--target", TARGET])
                .arg("--target-dir")
                .arg(artefact::target_dir().join("vectors"))
                .args(test.split(' '))
                .env("CARGO_ENCODED_RUSTFLAGS", artefact::rustflags(Lanes::Simd)?)
                .env("CARGO_TARGET_WASM32_WASIP1_RUNNER", &runner)
                .env("SIGNATURES", SIGNATURES),
        )?;
    }
    Ok(())
}
