//! `compare`: docs/comparison.md, the corpus put to other libraries.
//!
//! Their packages and crates have lock files of their own in `tests/peers`, so that no test of ours waits for them.
use std::process::Command;

use crate::{
    build,
    run::{self, Outcome},
    setup,
};

const PEERS: &str = "tests/peers";
const PAGE: &str = "docs/comparison.md";

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("compare", args)?;
    setup::node_packages_in(PEERS)?;

    run::heading("compare: the Rust peers (the first time takes minutes)");
    let target = build::target_dir().join("peers");
    run::run(
        Command::new("cargo")
            .args(["build", "--release", "--locked", "--manifest-path"])
            .arg(format!("{PEERS}/rust/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target),
    )?;

    run::heading("compare: the corpus");
    run::run(
        Command::new("node")
            .arg(format!("{PEERS}/compare.mjs"))
            .arg(target.join("release/idtoken-peers"))
            .arg(PAGE),
    )
}
