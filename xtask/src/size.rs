//! `size`: what the package weighs when it is fetched, and the limit on it.
use std::{fs, path::Path, process::Command};

use crate::{
    build::{self, DIST},
    run::{self, Failure, Outcome},
};

/// More than this and the task fails.
const LIMIT: u64 = 158_000;
/// What we would like it to be.
const AIM: u64 = 120_000;
/// What the limit is about: the part every user fetches.
const LIMITED: [&str; 2] = ["core.wasm", "glue.js"];
/// The files a runtime starts from; each is counted with the modules it imports.
const ENTRIES: [&str; 3] = ["node.js", "workerd.js", "web.js"];

/// Bytes of a file or of several together.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Runs the task.
pub fn run(args: &[String]) -> Outcome {
    run::no_arguments("size", args)?;
    build::build()?;
    report()
}

/// Prints the table of what is in `pkg/dist` now, and judges it.
///
/// # Errors
/// When a file is missing or the limit is passed.
pub fn report() -> Outcome {
    run::heading("size of pkg/dist (bytes; gzip -9; brotli 11)");
    let files = weigh()?;
    println!("{:<34} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli");
    for (name, weight) in &files {
        print_row(name, *weight);
    }
    for entry in ENTRIES {
        let Some(names) = closure(entry)? else {
            continue;
        };
        print_row(&format!("fetched through {entry}"), sum(&files, &names)?);
    }
    let core = sum(&files, &LIMITED.map(str::to_owned))?;
    print_row(&LIMITED.join(" + "), core);
    judge(core.gzip)
}

fn judge(gzip: u64) -> Outcome {
    let said = format!("{gzip} bytes gzip; aim {AIM}, limit {LIMIT}");
    if gzip > LIMIT {
        return Err(Failure::new(format!(
            "{} is too big: {said}",
            LIMITED.join(" + ")
        )));
    }
    println!(
        "{}: {said}",
        if gzip > AIM {
            "within the limit, above the aim"
        } else {
            "within the aim"
        }
    );
    Ok(())
}

fn weigh() -> Outcome<Vec<(String, Weight)>> {
    let mut names = Vec::new();
    for path in build::files_in(Path::new(DIST))? {
        let name = path
            .strip_prefix(DIST)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".js") || name.ends_with(".wasm") {
            names.push(name);
        }
    }
    let said = run::text_of(
        Command::new("node")
            .arg("xtask/src/weigh.mjs")
            .args(names.iter().map(|name| format!("{DIST}/{name}"))),
    )?;
    let weights: Vec<Weight> = said.lines().filter_map(parse).collect();
    if weights.len() != names.len() {
        return Err(Failure::new(
            "weigh.mjs did not print one line of three numbers per file",
        ));
    }
    Ok(names.into_iter().zip(weights).collect())
}

fn parse(line: &str) -> Option<Weight> {
    let mut numbers = line.split(' ').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(Weight {
        raw: next()?,
        gzip: next()?,
        brotli: next()?,
    })
}

fn sum(files: &[(String, Weight)], names: &[String]) -> Outcome<Weight> {
    let mut total = Weight::default();
    for name in names {
        let Some((_, weight)) = files.iter().find(|(file, _)| file == name) else {
            return Err(Failure::new(format!(
                "{DIST}/{name} is missing: run `cargo xtask build`"
            )));
        };
        total.raw += weight.raw;
        total.gzip += weight.gzip;
        total.brotli += weight.brotli;
    }
    Ok(total)
}

/// The files a runtime fetches when it starts at `entry`: the modules it imports, and the wasm, which some entries fetch themselves.
fn closure(entry: &str) -> Outcome<Option<Vec<String>>> {
    if !Path::new(DIST).join(entry).exists() {
        return Ok(None);
    }
    let mut found = vec![entry.to_owned()];
    let mut next = 0;
    while let Some(name) = found.get(next).cloned() {
        next += 1;
        if !name.ends_with(".js") {
            continue;
        }
        let text = fs::read_to_string(Path::new(DIST).join(&name))
            .map_err(|error| Failure::new(format!("cannot read {DIST}/{name}: {error}")))?;
        for import in imports(&text) {
            if !found.contains(&import) {
                found.push(import);
            }
        }
    }
    for always in LIMITED {
        if !found.iter().any(|name| name == always) {
            found.push(always.to_owned());
        }
    }
    Ok(Some(found))
}

/// The files named in `from './x.js'`, `import './x.js'` and `import('./x.js')`. tsc writes them in exactly these forms.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in [
        "from '",
        "from \"",
        "import '",
        "import \"",
        "import('",
        "import(\"",
    ] {
        for (at, _) in text.match_indices(start) {
            let path = text[at + start.len()..]
                .split(['\'', '"'])
                .next()
                .unwrap_or_default();
            if let Some(name) = path.strip_prefix("./") {
                found.push(name.to_owned());
            }
        }
    }
    found
}

fn print_row(name: &str, weight: Weight) {
    println!(
        "{name:<34} {:>9} {:>9} {:>9}",
        weight.raw, weight.gzip, weight.brotli
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_can_be_passed() {
        assert!(judge(LIMIT).is_ok());
        assert!(judge(LIMIT + 1).is_err());
    }

    #[test]
    fn reads_the_lines_of_the_scale() {
        assert_eq!(
            parse("30 20 10"),
            Some(Weight {
                raw: 30,
                gzip: 20,
                brotli: 10
            })
        );
        assert_eq!(parse("30 20"), None);
        assert_eq!(parse("30 x 10"), None);
    }

    #[test]
    fn a_missing_file_is_not_worth_nothing() {
        assert!(sum(&[], &["core.wasm".to_owned()]).is_err());
    }

    #[test]
    fn finds_what_a_module_imports() {
        let text = "import { a } from './a.js';\nimport \"./b.js\";\nawait import('./c.js');\nimport fs from 'node:fs';\n";
        assert_eq!(imports(text), ["a.js", "b.js", "c.js"]);
    }
}
