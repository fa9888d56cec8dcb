//! `build`: from the glue crate to `pkg/dist`, the folder the npm package ships.
//!
//! cargo makes a wasm with SIMD and one without, `xtask-bindgen` writes the glue for them, `wasm-opt` shrinks them, `tsc`
//! adds the loaders.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    artefact::{self, Lanes},
    filter,
    run::{self, Failure, Outcome},
    setup,
};

pub use crate::artefact::target_dir;

/// Where the package is assembled.
pub const DIST: &str = "pkg/dist";

const TARGET: &str = "wasm32-unknown-unknown";
const GLUE_MODULE: &str = "./glue.js";
/// One glue serves every build of the crate.
const GLUE_FILES: [&str; 2] = ["glue.js", "glue.d.ts"];
/// Between the steps; outside `pkg/dist`, because everything in there ships.
const SCRATCH: &str = "target/package";
/// The wasm there, with its glue and when it is optimised.
const BOUND: &str = "core.wasm";
const SMALL: &str = "small.wasm";

/// A build of the glue crate.
struct Core {
    /// Also the name of its folders.
    name: &'static str,
    lanes: Lanes,
    /// For cargo.
    words: &'static [&'static str],
}

/// What the package ships.
const SHIPPED: [Core; 2] = [
    Core {
        name: "core",
        lanes: Lanes::Scalar,
        words: &[],
    },
    Core {
        name: "core-simd",
        lanes: Lanes::Simd,
        words: &[],
    },
];

/// With RustCrypto's arithmetic in place of our own, for the tests.
const RUSTCRYPTO: Core = Core {
    name: "core-rustcrypto",
    lanes: Lanes::Scalar,
    words: &["--features", "rustcrypto"],
};

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

    let mut made = Vec::new();
    for core in &SHIPPED {
        made.push((core, make_core(core)?));
    }
    empty_dist()?;
    for (core, folder) in &made {
        refuse_other_glue(core, &made[0].1, folder)?;
        let file = Path::new(DIST).join(format!("{}.wasm", core.name));
        copy(&folder.join(SMALL), &file)?;
    }
    for file in GLUE_FILES {
        copy(&made[0].1.join(file), &Path::new(DIST).join(file))?;
    }
    for core in &SHIPPED {
        check_core(&Path::new(DIST).join(format!("{}.wasm", core.name)))?;
    }

    run::heading("build: the loaders");
    run::run(Command::new("node_modules/.bin/tsc").args(["-p", "js/tsconfig.json"]))?;
    // The package is licensed as the repository is.
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(Path::new(name), &Path::new("pkg").join(name))?;
    }
    make_folder(Path::new("pkg/docs"))?;
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
    let folder = make_core(&RUSTCRYPTO)?;
    refuse_other_glue(&RUSTCRYPTO, Path::new(DIST), &folder)?;
    Ok(folder.join(SMALL))
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
    write(&metadata, &text)?;
    let mut script = Command::new("node");
    let page = run::text_of(script.arg("xtask/src/third-party.mjs").arg(&metadata))?;
    write(Path::new("pkg/THIRD_PARTY.md"), &page)
}

/// The crate as a wasm with its glue, optimised if it ships. Gives the folder with the files.
fn make_core(core: &Core) -> Outcome<PathBuf> {
    run::heading(&format!("build: the glue crate as {}", core.name));
    let wasm = artefact::compile("idtoken-js", TARGET, core.name, core.lanes, core.words)?;
    let folder = Path::new(SCRATCH).join(core.name);
    let stamp = folder.join("stamp");
    let key = recipe(&wasm)?;
    if fs::read_to_string(&stamp).is_ok_and(|known| known == key) {
        println!("{} and its glue are up to date", core.name);
        return Ok(folder);
    }
    // The old stamp must not outlive a failed attempt.
    let _ = fs::remove_file(&stamp);
    make_folder(&folder)?;
    run::heading("build: the glue (the first time, its generator takes minutes to compile)");
    run::run(
        Command::new("cargo")
            .args(["run", "--package", "xtask-bindgen", "--"])
            .arg(&wasm)
            .arg(&folder),
    )?;
    run::heading("build: wasm-opt (takes up to half a minute)");
    artefact::optimise(&folder.join(BOUND), &folder.join(SMALL), core.lanes, "-O3")?;
    write(&stamp, &key)?;
    Ok(folder)
}

/// The loaders know one glue only.
fn refuse_other_glue(core: &Core, ours: &Path, theirs: &Path) -> Outcome {
    for file in GLUE_FILES {
        let read = |folder: &Path| {
            fs::read(folder.join(file))
                .map_err(|error| Failure::new(format!("cannot read {file}: {error}")))
        };
        if read(ours)? != read(theirs)? {
            return Err(Failure::new(format!(
                "{}.wasm needs another {file} than {}.wasm, and the package ships one",
                core.name, SHIPPED[0].name
            )));
        }
    }
    Ok(())
}

/// The wasm asks only for functions its glue has, and holds no path of this machine.
fn check_core(core: &Path) -> Outcome {
    run::heading(&format!("build: what {} imports", core.display()));
    let lines = run::text_of(
        Command::new("node")
            .arg("xtask/src/imports.mjs")
            .arg(core)
            .arg(Path::new(DIST).join("glue.js")),
    )?;
    print!("{lines}");
    refuse_foreign_imports(&lines)?;
    println!(
        "{} imports, all of them from {GLUE_MODULE}",
        lines.lines().count()
    );

    artefact::no_path_in(core)
}

/// Lines are `module kind name status`, as `imports.mjs` prints them.
fn refuse_foreign_imports(lines: &str) -> Outcome {
    for line in lines.lines() {
        let mut words = line.split(' ');
        if words.next() != Some(GLUE_MODULE) {
            return Err(Failure::new(format!(
                "the wasm imports `{line}`; only imports from {GLUE_MODULE} are allowed"
            )));
        }
        if words.next_back() != Some("found") {
            return Err(Failure::new(format!(
                "the wasm imports `{line}`, which {GLUE_MODULE} does not export"
            )));
        }
    }
    Ok(())
}

/// Everything the core files are made from, so that the slow steps run only when it changes.
fn recipe(wasm: &Path) -> Outcome<String> {
    setup::fingerprint(&[
        wasm,
        Path::new("xtask/src/artefact.rs"),
        Path::new("xtask/src/build.rs"),
        Path::new("xtask/bindgen/src/main.rs"),
        Path::new("Cargo.lock"),
        Path::new("package-lock.json"),
    ])
}

/// What no longer exists must not ship because it was built once.
fn empty_dist() -> Outcome {
    make_folder(Path::new(DIST))?;
    for file in files_in(Path::new(DIST))? {
        fs::remove_file(&file)
            .map_err(|error| Failure::new(format!("cannot remove {}: {error}", file.display())))?;
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

fn make_folder(folder: &Path) -> Outcome {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display())))
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

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
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
