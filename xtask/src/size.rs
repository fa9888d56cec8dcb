//! `size`: what the package weighs when it is fetched, and the limit on each file that is fetched for every page.
use std::{fs, path::Path, process::Command};

use crate::{
    build::{self, DIST},
    filter,
    run::{self, Failure, Outcome},
};

/// What a file may weigh, in bytes after gzip.
struct Budget {
    file: &'static str,
    /// More than this and the task fails.
    limit: u64,
    /// What we would like it to be.
    aim: u64,
}

const BUDGETS: [Budget; 4] = [
    Budget {
        file: "core.wasm",
        limit: 145_000,
        aim: 64_000,
    },
    Budget {
        file: "core-simd.wasm",
        limit: 145_000,
        aim: 64_000,
    },
    Budget {
        file: "glue.js",
        limit: 4_800,
        aim: 6_000,
    },
    Budget {
        file: filter::SHIPPED,
        limit: 186_000,
        aim: 140_000,
    },
];
/// The files a runtime starts from, and the wasm that each fetches itself. Each is counted with the modules it imports.
const ENTRIES: [(&str, &str); 4] = [
    ("node.js", "core-simd.wasm"),
    ("workerd.js", "core-simd.wasm"),
    ("web.js", "core-simd.wasm"),
    ("web.js", "core.wasm"),
];

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
    filter::build()?;
    report()
}

/// Prints the table of what is in `pkg/dist` and of the filter, as they are now, and judges it.
///
/// # Errors
/// When a file is missing or a limit is passed.
pub fn report() -> Outcome {
    run::heading("size of pkg/dist and the filter (bytes; gzip -9; brotli 11)");
    let files = weigh()?;
    println!("{:<44} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli");
    for (name, weight) in &files {
        print_row(name, *weight);
    }
    for (entry, wasm) in ENTRIES {
        let weight = sum(&files, &closure(entry, wasm)?)?;
        print_row(&format!("fetched through {entry} with {wasm}"), weight);
    }
    for budget in &BUDGETS {
        let weight = sum(&files, &[budget.file.to_owned()])?;
        println!("{}", judge(budget, weight.gzip)?);
    }
    Ok(())
}

fn judge(budget: &Budget, gzip: u64) -> Outcome<String> {
    let Budget { file, limit, aim } = budget;
    let said = format!("{file}: {gzip} bytes gzip; aim {aim}, limit {limit}");
    if gzip > *limit {
        return Err(Failure::new(format!("too big: {said}")));
    }
    Ok(match gzip > *aim {
        true => format!("{said}: within the limit, above the aim"),
        false => format!("{said}: within the aim"),
    })
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
    let shipped = names.iter().map(|name| format!("{DIST}/{name}"));
    let said = run::text_of(
        Command::new("node")
            .arg("xtask/src/weigh.mjs")
            .args(shipped)
            .arg(filter::SHIPPED),
    )?;
    names.push(filter::SHIPPED.to_owned());
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
                "{name} is missing: run `cargo xtask build`"
            )));
        };
        total.raw += weight.raw;
        total.gzip += weight.gzip;
        total.brotli += weight.brotli;
    }
    Ok(total)
}

/// The files a runtime fetches when it starts at `entry`: the modules it imports, and the wasm.
fn closure(entry: &str, wasm: &str) -> Outcome<Vec<String>> {
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
    if !found.iter().any(|name| name == wasm) {
        found.push(wasm.to_owned());
    }
    Ok(found)
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
        "{name:<44} {:>9} {:>9} {:>9}",
        weight.raw, weight.gzip, weight.brotli
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_can_be_passed() {
        for budget in &BUDGETS {
            assert!(judge(budget, budget.limit).is_ok());
            assert!(judge(budget, budget.limit + 1).is_err());
        }
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
