//! `build`: from the glue crate to `pkg/dist`, the folder the npm package ships.
//!
//! cargo makes a wasm, `xtask-bindgen` writes the glue for it, `wasm-opt` shrinks it, `tsc` adds the loaders.
//! The same sources give the same bytes, in any folder: paths are remapped, tools are pinned by the two lock files.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    filter,
    run::{self, Failure, Outcome},
    setup,
};

/// Where the package is assembled.
pub const DIST: &str = "pkg/dist";

const TARGET: &str = "wasm32-unknown-unknown";
const CORE_FILES: &[&str] = &["core.wasm", "glue.js", "glue.d.ts"];
const GLUE_MODULE: &str = "./glue.js";
/// Between the steps; outside `pkg/dist`, because everything in there ships.
const SCRATCH: &str = "target/package";
const STAMP: &str = "target/package/stamp";

/// What rustc's wasm may use. Named one by one: `--all-features` would let wasm-opt emit what older engines refuse.
pub const WASM_FEATURES: &[&str] = &[
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The pages that users of the package need.
const DOCS: [&str; 2] = ["docs/errors.md", "docs/presets.md"];

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("build", args)?;
    build()?;
    filter::build()?;
    run::heading("pkg/dist and the filter are built");
    let mut files = files_in(Path::new(DIST))?;
    files.push(filter::SHIPPED.into());
    for file in files {
        let bytes = fs::metadata(&file)
            .map(|metadata| metadata.len())
            .unwrap_or_default();
        println!("{bytes:>9}  {}", file.display());
    }
    Ok(())
}

/// Brings `pkg/dist` up to date.
///
/// # Errors
/// When a tool is missing or fails, or the wasm is not one we want to ship.
pub fn build() -> Outcome {
    setup::rust_targets()?;
    setup::node_packages()?;

    run::heading("build: the glue crate");
    let wasm = compile()?;
    let key = recipe(&wasm)?;
    if fs::read_to_string(STAMP).is_ok_and(|stamp| is_stamp_of(&stamp, &key)) {
        println!("core.wasm and its glue are up to date");
    } else {
        // The old stamp must not outlive a failed attempt.
        let _ = fs::remove_file(STAMP);
        make_core(&wasm)?;
        write(STAMP, &stamp_of(&key)?)?;
    }
    check_core()?;

    run::heading("build: the loaders");
    remove_all_but_core()?;
    run::run(Command::new("node_modules/.bin/tsc").args(["-p", "js/tsconfig.json"]))?;
    // The package is licensed as the repository is.
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(Path::new(name), &Path::new("pkg").join(name))?;
    }
    fs::create_dir_all("pkg/docs")
        .map_err(|error| Failure::new(format!("cannot make pkg/docs: {error}")))?;
    for page in DOCS {
        copy(Path::new(page), &Path::new("pkg").join(page))?;
    }
    write_third_party_licences()
}

/// Builds the package's wasm with RustCrypto's arithmetic and gives the file, for which the package's glue will do.
///
/// # Errors
/// When a tool fails, or another glue is needed.
pub fn build_rustcrypto() -> Outcome<PathBuf> {
    run::heading("build: the glue crate with RustCrypto's arithmetic");
    let target = target_dir().join("rustcrypto");
    let words = [
        "--package",
        "idtoken-js",
        "--release",
        "--target",
        TARGET,
        "--features",
        "rustcrypto",
    ];
    run::run(
        Command::new("cargo")
            .arg("build")
            .args(words)
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", remapped_paths()?),
    )?;
    let folder = Path::new(SCRATCH).join("rustcrypto");
    fs::create_dir_all(&folder)
        .map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display())))?;
    run::run(
        Command::new("cargo")
            .args(["run", "--package", "xtask-bindgen", "--"])
            .arg(target.join(TARGET).join("release/idtoken_js.wasm"))
            .arg(&folder),
    )?;
    let small = folder.join("small.wasm");
    run::run(
        Command::new("node_modules/.bin/wasm-opt")
            .arg(folder.join("core.wasm"))
            .arg("-o")
            .arg(&small)
            .args(WASM_FEATURES)
            .args(["-Oz", "--strip-debug"]),
    )?;
    let glues = [Path::new(DIST).join("glue.js"), folder.join("glue.js")];
    let [ours, theirs] = glues.map(|glue| fs::read(glue).ok());
    match ours == theirs {
        true => Ok(small),
        false => Err(Failure::new("the build with RustCrypto needs another glue")),
    }
}

/// The licences of what is linked into the wasm have to go with it.
fn write_third_party_licences() -> Outcome {
    let words = [
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        TARGET,
    ];
    let metadata = Path::new(SCRATCH).join("metadata.json");
    let text = run::text_of(Command::new("cargo").args(words))?;
    write(&metadata.to_string_lossy(), &text)?;
    let mut script = Command::new("node");
    let page = run::text_of(script.arg("xtask/src/third-party.mjs").arg(&metadata))?;
    write("pkg/THIRD_PARTY.md", &page)
}

fn compile() -> Outcome<PathBuf> {
    let words = ["--package", "idtoken-js", "--release", "--target", TARGET];
    run::run(
        Command::new("cargo")
            .arg("build")
            .args(words)
            .env("CARGO_ENCODED_RUSTFLAGS", remapped_paths()?),
    )?;
    Ok(target_dir().join(TARGET).join("release/idtoken_js.wasm"))
}

/// Flags for rustc: panic messages name source files, whose place on this machine must not reach what is shipped.
///
/// # Errors
/// When these places are not known.
pub fn remapped_paths() -> Outcome<String> {
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    Ok([remap(&here, "/idtoken"), remap(&cargo_home()?, "/cargo")].join("\u{1f}"))
}

fn make_core(wasm: &Path) -> Outcome {
    fs::create_dir_all(SCRATCH)
        .map_err(|error| Failure::new(format!("cannot make {SCRATCH}: {error}")))?;
    run::heading("build: the glue (the first time, its generator takes minutes to compile)");
    run::run(
        Command::new("cargo")
            .args(["run", "--package", "xtask-bindgen", "--"])
            .arg(wasm)
            .arg(SCRATCH),
    )?;

    run::heading("build: wasm-opt (takes up to half a minute)");
    let small = Path::new(SCRATCH).join("small.wasm");
    run::run(
        Command::new("node_modules/.bin/wasm-opt")
            .arg(Path::new(SCRATCH).join("core.wasm"))
            .arg("-o")
            .arg(&small)
            .args(WASM_FEATURES)
            .args([
                "-Oz",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ]),
    )?;

    fs::create_dir_all(DIST)
        .map_err(|error| Failure::new(format!("cannot make {DIST}: {error}")))?;
    copy(&small, &Path::new(DIST).join("core.wasm"))?;
    for file in ["glue.js", "glue.d.ts"] {
        copy(&Path::new(SCRATCH).join(file), &Path::new(DIST).join(file))?;
    }
    Ok(())
}

/// The wasm asks only for functions its glue has, and holds no path of this machine.
fn check_core() -> Outcome {
    run::heading("build: what core.wasm imports");
    let core = Path::new(DIST).join("core.wasm");
    let lines = run::text_of(
        Command::new("node")
            .arg("xtask/src/imports.mjs")
            .arg(&core)
            .arg(Path::new(DIST).join("glue.js")),
    )?;
    print!("{lines}");
    refuse_foreign_imports(&lines)?;
    println!(
        "{} imports, all of them from {GLUE_MODULE}",
        lines.lines().count()
    );

    no_path_in(&core)
}

/// What is shipped holds no path of this machine.
///
/// # Errors
/// When it does, or cannot be read.
pub fn no_path_in(wasm: &Path) -> Outcome {
    let bytes = fs::read(wasm)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", wasm.display())))?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    for path in [here, cargo_home()?] {
        let needle = path.to_string_lossy().into_owned();
        if bytes
            .windows(needle.len())
            .any(|window| window == needle.as_bytes())
        {
            return Err(Failure::new(format!(
                "{} contains the path {needle}: see the remapping in build.rs",
                wasm.display()
            )));
        }
    }
    Ok(())
}

/// Lines are `module kind name status`, as `imports.mjs` prints them.
fn refuse_foreign_imports(lines: &str) -> Outcome {
    for line in lines.lines() {
        let mut words = line.split(' ');
        if words.next() != Some(GLUE_MODULE) {
            return Err(Failure::new(format!(
                "core.wasm imports `{line}`; only imports from {GLUE_MODULE} are allowed"
            )));
        }
        if words.next_back() != Some("found") {
            return Err(Failure::new(format!(
                "core.wasm imports `{line}`, which {GLUE_MODULE} does not export"
            )));
        }
    }
    Ok(())
}

/// Everything the core files are made from, so that the slow steps run only when it changes.
fn recipe(wasm: &Path) -> Outcome<String> {
    setup::fingerprint(&[
        wasm,
        Path::new("xtask/src/build.rs"),
        Path::new("xtask/bindgen/src/main.rs"),
        Path::new("Cargo.lock"),
        Path::new("package-lock.json"),
    ])
}

/// The recipe and what came of it: a file changed by hand is made again.
fn stamp_of(recipe: &str) -> Outcome<String> {
    let made: Vec<PathBuf> = CORE_FILES
        .iter()
        .map(|file| Path::new(DIST).join(file))
        .collect();
    Ok(format!("{recipe} {}", setup::fingerprint(&made)?))
}

fn is_stamp_of(stamp: &str, recipe: &str) -> bool {
    // A file that is not there makes no stamp.
    stamp_of(recipe).is_ok_and(|now| now == stamp)
}

/// A loader that no longer exists must not ship because it was built once.
fn remove_all_but_core() -> Outcome {
    for file in files_in(Path::new(DIST))? {
        if !CORE_FILES.iter().any(|kept| file.ends_with(kept)) {
            fs::remove_file(&file).map_err(|error| {
                Failure::new(format!("cannot remove {}: {error}", file.display()))
            })?;
        }
    }
    Ok(())
}

/// The files of a folder and of those in it, sorted.
///
/// # Errors
/// When the folder cannot be read.
pub fn files_in(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let cannot = |error| Failure::new(format!("cannot list {}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.is_dir() {
            files.extend(files_in(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

fn cargo_home() -> Outcome<PathBuf> {
    let by_default = || env::home_dir().map(|home| home.join(".cargo"));
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(by_default)
        .ok_or_else(|| Failure::new("cannot tell where cargo keeps its crates: set CARGO_HOME"))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    fs::copy(from, to).map(|_| ()).map_err(|error| {
        Failure::new(format!(
            "cannot copy {} to {}: {error}",
            from.display(),
            to.display()
        ))
    })
}

fn write(path: &str, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| Failure::new(format!("cannot write {path}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_imports_from_the_glue_alone() {
        assert!(refuse_foreign_imports("").is_ok());
        assert!(refuse_foreign_imports("./glue.js function __wbg_new found\n").is_ok());
        assert!(refuse_foreign_imports("env function memcpy missing\n").is_err());
        assert!(
            refuse_foreign_imports("wasi_snapshot_preview1 function fd_write missing\n").is_err()
        );
        assert!(refuse_foreign_imports("./glue.js function __wbg_old missing\n").is_err());
    }
}
