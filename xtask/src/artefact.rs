//! How every wasm that ships is made: the flags of rustc and of wasm-opt, and what must not be in it.
//!
//! The same sources give the same bytes, in any folder: paths are remapped, tools are pinned by the two lock files.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::run::{self, Failure, Outcome};

/// Whether a wasm uses `simd128`. Where an engine does not know it, it refuses the whole module.
#[derive(Clone, Copy, PartialEq)]
pub enum Lanes {
    /// For engines of any age.
    Scalar,
    /// For engines with SIMD.
    Simd,
}

/// rustc may use `simd128` where the code asks for it, and nowhere else: what LLVM makes of 64-bit limbs with it runs three
/// times slower in V8.
const SIMD: [&str; 3] = [
    "-Ctarget-feature=+simd128",
    "-Cno-vectorize-loops",
    "-Cno-vectorize-slp",
];

/// What rustc's wasm may use. Named one by one: `--all-features` would let wasm-opt emit what older engines refuse.
const WASM_FEATURES: [&str; 8] = [
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds a crate of the workspace for release, in a folder of its own below cargo's, so that no build undoes another.
///
/// # Errors
/// When cargo fails.
pub fn compile(
    package: &str,
    target: &str,
    folder: &str,
    lanes: Lanes,
    more: &[&str],
) -> Outcome<PathBuf> {
    let folder = target_dir().join(folder);
    let words = ["--package", package, "--release", "--target", target];
    run::run(
        Command::new("cargo")
            .arg("build")
            .args(words)
            .args(more)
            .arg("--target-dir")
            .arg(&folder)
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags(lanes)?),
    )?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(folder.join(target).join("release").join(file))
}

/// Makes a wasm smaller and faster, at the given level.
///
/// # Errors
/// When wasm-opt fails, also because the wasm uses what it may not.
pub fn optimise(from: &Path, to: &Path, lanes: Lanes, level: &str) -> Outcome {
    let simd = (lanes == Lanes::Simd).then_some("--enable-simd");
    run::run(
        Command::new("node_modules/.bin/wasm-opt")
            .arg(from)
            .arg("-o")
            .arg(to)
            .args(WASM_FEATURES)
            .args(simd)
            .args([
                level,
                // A constant added to an address becomes part of the load, which is one instruction less in the inner
                // loops. That needs addresses below 1024 to be unused: they are the end of the stack, which comes first.
                "--low-memory-unused",
                "--optimize-added-constants-propagate",
                // Else every function with one caller is written into it, also what is done for hardly any token, and
                // engines compile it with its caller.
                "--one-caller-inline-max-function-size=30",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ]),
    )
}

/// Panic messages name source files, whose place on this machine must not reach what is shipped.
///
/// # Errors
/// When these places are not known.
pub fn rustflags(lanes: Lanes) -> Outcome<String> {
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags = vec![remap(&here()?, "/idtoken"), remap(&cargo_home()?, "/cargo")];
    if lanes == Lanes::Simd {
        flags.extend(SIMD.map(str::to_owned));
    }
    Ok(flags.join("\u{1f}"))
}

/// What is shipped holds no path of this machine.
///
/// # Errors
/// When it does, or cannot be read.
pub fn no_path_in(wasm: &Path) -> Outcome {
    let bytes = fs::read(wasm)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", wasm.display())))?;
    for path in [here()?, cargo_home()?] {
        let needle = path.to_string_lossy().into_owned();
        if bytes
            .windows(needle.len())
            .any(|window| window == needle.as_bytes())
        {
            return Err(Failure::new(format!(
                "{} contains the path {needle}: see the remapping in artefact.rs",
                wasm.display()
            )));
        }
    }
    Ok(())
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

fn here() -> Outcome<PathBuf> {
    env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))
}

fn cargo_home() -> Outcome<PathBuf> {
    let by_default = || env::home_dir().map(|home| home.join(".cargo"));
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(by_default)
        .ok_or_else(|| Failure::new("cannot tell where cargo keeps its crates: set CARGO_HOME"))
}
