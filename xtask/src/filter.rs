//! The Envoy filter: one wasm to ship, and one for the tests whose clock the configuration sets.
use std::{fs, path::Path, process::Command};

use crate::{
    artefact::{self, Lanes},
    run::{self, Failure, Outcome},
    setup,
};

/// The filter.
pub const SHIPPED: &str = "proxy-wasm/dist/idtoken_proxy_wasm.wasm";
/// The same with a clock that stands still: the tokens of the corpus are of one day.
pub const FIXED_CLOCK: &str = "target/filter/fixed-clock.wasm";

const TARGET: &str = "wasm32-wasip1";
/// The option that only the second one has.
const MARK: &[u8] = b"fixed_clock";

/// Builds the filter.
///
/// # Errors
/// When a tool is missing or fails, or the wasm is not one we want to ship.
pub fn build() -> Outcome {
    setup::rust_targets()?;
    setup::node_packages()?;
    run::heading("build: the Envoy filter");
    make(SHIPPED, &[])?;
    artefact::no_path_in(Path::new(SHIPPED))?;
    if has_mark(SHIPPED)? {
        return Err(Failure::new(format!(
            "{SHIPPED} has the option that sets the clock, which is for tests alone"
        )));
    }
    Ok(())
}

/// Builds the one for the tests.
///
/// # Errors
/// As above; and when it lacks its option, for then the other would not be known to lack it either.
pub fn build_fixed_clock() -> Outcome {
    run::heading("build: the Envoy filter with a fixed clock");
    make(FIXED_CLOCK, &["--features", "fixed-clock"])?;
    match has_mark(FIXED_CLOCK)? {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "{FIXED_CLOCK} lacks the option fixed_clock: the guard of {SHIPPED} looks for the wrong word"
        ))),
    }
}

/// Node with what the scripts in tests/envoy need; builds both.
///
/// # Errors
/// When Envoy cannot be installed, or a filter not be built.
pub fn in_envoy() -> Outcome<Command> {
    let envoy = setup::envoy()?;
    build()?;
    build_fixed_clock()?;
    let mut command = Command::new("node");
    command
        .env("IDTOKEN_ENVOY", envoy)
        .env("IDTOKEN_FILTER", SHIPPED)
        .env("IDTOKEN_FILTER_FIXED_CLOCK", FIXED_CLOCK);
    Ok(command)
}

fn make(file: &str, more: &[&str]) -> Outcome {
    let folder = if more.is_empty() {
        "filter"
    } else {
        "filter-fixed"
    };
    // Every Envoy with wasm has a V8 with SIMD.
    let wasm = artefact::compile("idtoken-proxy-wasm", TARGET, folder, Lanes::Simd, more)?;
    let stamp = artefact::target_dir().join(folder).join("stamp");
    let recipe = setup::fingerprint(&[
        wasm.as_path(),
        Path::new("xtask/src/artefact.rs"),
        Path::new("xtask/src/filter.rs"),
        Path::new("package-lock.json"),
    ])?;
    if Path::new(file).exists() && fs::read_to_string(&stamp).is_ok_and(|known| known == recipe) {
        println!("{file} is up to date");
        return Ok(());
    }
    if let Some(folder) = Path::new(file).parent() {
        fs::create_dir_all(folder)
            .map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display())))?;
    }
    artefact::optimise(&wasm, Path::new(file), Lanes::Simd, "-O3")?;
    fs::write(&stamp, recipe)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", stamp.display())))
}

fn has_mark(file: &str) -> Outcome<bool> {
    let bytes =
        fs::read(file).map_err(|error| Failure::new(format!("cannot read {file}: {error}")))?;
    Ok(bytes.windows(MARK.len()).any(|window| window == MARK))
}
