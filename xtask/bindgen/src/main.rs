//! `xtask-bindgen IN.wasm OUT_DIR`: writes `core.wasm`, `glue.js` and `glue.d.ts` into `OUT_DIR`.
//!
//! The generator is used as a library, so `Cargo.lock` pins it to the version of `wasm-bindgen` the glue crate uses.
//! The flavour is the bundler one: its `*_bg.js` neither fetches nor instantiates, which is left to our own loaders.
use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context, Error, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

/// What the generator would name its files after; nothing of this name is left in `OUT_DIR`.
const STEM: &str = "core";
/// The module the generator makes the wasm import from, and the file that module really is in the package.
const GENERATED_MODULE: &str = "./core_bg.js";
const GLUE_MODULE: &str = "./glue.js";

/// What the glue has beside the classes, and the generator leaves out of its types because it expects to load the wasm itself.
const LOADER_TYPES: &str = "
/**
 * Gives the glue the exports of its instance. The loader calls it once, then `__wbindgen_start` of those exports.
 */
export function __wbg_set_wasm(exports: object): void;
";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [input, out_dir] = args.as_slice() else {
        eprintln!("xtask-bindgen: expected IN.wasm and OUT_DIR");
        return ExitCode::from(2);
    };
    match generate(Path::new(input), Path::new(out_dir)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &Path, out_dir: &Path) -> Result<(), Error> {
    let bytes = fs::read(input).with_context(|| format!("cannot read {}", input.display()))?;
    let mut output = Bindgen::new()
        .input_bytes(STEM, with_one_result(bytes)?)
        .out_name(STEM)
        .bundler(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    refuse_other_files(&output)?;

    // The wasm and its glue must agree on the name, and the name must be that of the file: bundlers resolve it.
    for import in output.wasm_mut().imports.iter_mut() {
        if import.module == GENERATED_MODULE {
            GLUE_MODULE.clone_into(&mut import.module);
        }
    }

    let raw = out_dir.join("raw");
    if raw.exists() {
        fs::remove_dir_all(&raw).with_context(|| format!("cannot empty {}", raw.display()))?;
    }
    output.emit(&raw)?;
    move_file(&raw.join("core_bg.wasm"), &out_dir.join("core.wasm"))?;
    let module =
        fs::read_to_string(raw.join("core_bg.js")).context("cannot read the generated glue")?;
    fs::write(out_dir.join("glue.js"), factory(&module)?).context("cannot write glue.js")?;
    let types =
        fs::read_to_string(raw.join("core.d.ts")).context("cannot read the generated types")?;
    fs::write(out_dir.join("glue.d.ts"), factory_types(&types))
        .context("cannot write glue.d.ts")?;
    fs::remove_dir_all(&raw).with_context(|| format!("cannot remove {}", raw.display()))
}

/// The wasm as one whose functions have one result, and give more than that through its memory.
///
/// V8 has one ready wrapper for all exports with at most one result, and compiles one for every other signature when
/// the module is loaded: that took more time than all the rest of loading. What the generator does it reads in this section.
fn with_one_result(mut wasm: Vec<u8>) -> Result<Vec<u8>, Error> {
    const USED: &[u8] = b"+\x0amultivalue";
    let mut places = wasm.windows(USED.len()).enumerate();
    let mut found = places.by_ref().filter(|(_, bytes)| *bytes == USED);
    let (Some((at, _)), None) = (found.next(), found.next()) else {
        bail!("the list of target features does not name multivalue once");
    };
    wasm[at] = b'-';
    Ok(wasm)
}

/// The generated module as a function that makes its content: every instance of the wasm gets glue of its own. The module
/// has one wasm for all its objects, and would free an object of a broken instance in the memory of the next one.
fn factory(module: &str) -> Result<String, Error> {
    let mut names = Vec::new();
    let mut body = String::new();
    // The comments are those of the crate, and stand in the types as well.
    for line in module.lines().filter(|line| !is_comment(line)) {
        let line = match line.strip_prefix("export ") {
            Some(declaration) => {
                names.push(declared(declaration)?);
                declaration
            }
            None => line,
        };
        body.push_str(line);
        body.push('\n');
    }
    let names = names.join(", ");
    Ok(format!(
        "export function makeGlue() {{\n{body}return {{ {names} }};\n}}\n"
    ))
}

/// As the generator writes them, each line of one begins with its sign.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["/**", "*", "//"].iter().any(|sign| line.starts_with(sign))
}

/// The name of a function or a class; the generator exports nothing else.
fn declared(declaration: &str) -> Result<&str, Error> {
    let rest = ["class ", "function "]
        .iter()
        .find_map(|word| declaration.strip_prefix(word));
    let name = rest.and_then(|rest| rest.split([' ', '(']).next());
    name.with_context(|| {
        format!("the glue exports what is no function and no class: {declaration}")
    })
}

fn factory_types(types: &str) -> String {
    format!(
        "declare namespace Glue {{\n{types}{LOADER_TYPES}}}\nexport type {{ Glue }};\n\n/** Makes glue for one instance of the wasm. */\nexport function makeGlue(): typeof Glue;\n"
    )
}

/// JavaScript snippets and npm dependencies would need files that the package does not ship.
fn refuse_other_files(output: &Output) -> Result<(), Error> {
    // The generator lists every crate here, most of them with no snippet at all.
    if output
        .snippets()
        .values()
        .any(|snippets| !snippets.is_empty())
        || !output.local_modules().is_empty()
        || !output.npm_dependencies().is_empty()
    {
        bail!(
            "a dependency brings JavaScript snippets or npm packages of its own; the package ships one glue file only"
        );
    }
    Ok(())
}

fn move_file(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to)
        .with_context(|| format!("cannot move {} to {}", from.display(), to.display()))
}
