//! Writes the files made from the tables of the core, so that nothing about a code stands in two places. It is run in
//! the root of the repository, by `cargo xtask codegen`.
use std::{fs, io};

use idtoken::{Class, Code};

/// A generated file: where it is, and what writes it.
struct Generated {
    path: &'static str,
    text: fn() -> String,
}

const FILES: &[Generated] = &[
    Generated {
        path: "docs/errors.md",
        text: errors_page,
    },
    Generated {
        path: "js/ts/codes.ts",
        text: codes_module,
    },
];

/// What the shim itself can report: the wasm is not there. The core cannot know it.
const SHIM_CODES: [(&str, &str, &str); 2] = [
    (
        "wasm_not_ready",
        "A call came before `init()` had finished.",
        "Await `init()` before anything else.",
    ),
    (
        "wasm_load_failed",
        "The wasm could not be fetched or compiled.",
        "The hint names the likely cause: the address, the MIME type or the Content-Security-Policy.",
    ),
];

fn main() -> io::Result<()> {
    for file in FILES {
        fs::write(file.path, (file.text)())?;
        println!("wrote {}", file.path);
    }
    Ok(())
}

fn errors_page() -> String {
    let mut page = String::from(
        "# Errors\n\n<!-- Written by `cargo xtask codegen` from src/error/codes.rs; do not edit. -->\n\n\
         Codes are stable: a program may branch on them. A minor release may add some. *Status* is the HTTP status to\n\
         answer with. *Again* means that the same token may pass later, with newer keys.\n\n\
         When several things are wrong, the code is that of the first in the order of the checks: text, header, payload,\n\
         issuer, algorithm, key, signature, and only then the claims.\n\n\
         | code | rule | what happened | what to do | clause | status | again |\n|---|---|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let (status, again) = match code.class() {
            Class::Warning => ("accepted".into(), ""),
            _ => {
                let rejection = idtoken::Rejection::from(*code);
                let again = if rejection.retryable() { "yes" } else { "" };
                (rejection.status().to_string(), again)
            }
        };
        page += &format!(
            "| `{}` | {} | {} | {} | {} | {status} | {again} |\n",
            code.name(),
            code.rule(),
            cell(code.meaning()),
            cell(code.remedy()),
            code.clause()
        );
    }
    for (name, meaning, remedy) in SHIM_CODES {
        page += &format!("| `{name}` | R123 | {meaning} | {remedy} | npm package only | 500 | |\n");
    }
    page
}

/// Text that cannot end a table's cell, nor mean anything in Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace("__proto__", "`__proto__`")
}

fn codes_module() -> String {
    let mut module = String::from(
        "// Written by `cargo xtask codegen` from src/error/codes.rs; do not edit.\n\n\
         /** A code that this version knows. Codes are never renamed; a minor release may add some. */\n\
         export type KnownErrorCode =\n",
    );
    for name in Code::ALL
        .iter()
        .map(|code| code.name())
        .chain(SHIM_CODES.map(|(name, ..)| name))
    {
        module += &format!("  | '{name}'\n");
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        for file in FILES {
            let path = format!("{}/../../{}", env!("CARGO_MANIFEST_DIR"), file.path);
            let found = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                found == (file.text)(),
                "{} is stale: run `cargo xtask codegen`",
                file.path
            );
        }
    }
}
