//! Rules about what people read: versions and links.
use super::{Finding, Tree};

/// The version of the workspace is that of the npm package, and the changelog has a heading for it.
pub fn version_is_everywhere(tree: &Tree) -> Vec<Finding> {
    let text_of = |path: &str| tree.get(path).map(String::as_str).unwrap_or_default();
    let Some(version) = version_in(text_of("Cargo.toml")) else {
        return vec![Finding::new(
            "Cargo.toml",
            1,
            "the workspace has no version",
        )];
    };
    let mut findings = Vec::new();
    let heading = |line: &str| {
        line.starts_with("## ") && line.split([' ', '[', ']']).any(|word| word == version)
    };
    if !text_of("CHANGELOG.md").lines().any(heading) {
        findings.push(Finding::new(
            "CHANGELOG.md",
            1,
            format!("no heading names the current version {version}"),
        ));
    }
    if !text_of("pkg/package.json").contains(&format!("\"version\": \"{version}\"")) {
        findings.push(Finding::new(
            "pkg/package.json",
            1,
            format!("the version is not {version}, as in Cargo.toml"),
        ));
    }
    findings
}

/// A link to a file of the repository leads to a file git knows.
pub fn links_resolve(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| path.ends_with(".md")) {
        for (line, target) in links(text) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            // The pages that the package ships are copied into pkg/.
            let is_shipped = path == "pkg/README.md" && file.starts_with("docs/");
            let from = if is_shipped { "README.md" } else { path };
            if !resolve(from, file).is_some_and(|file| exists(tree, &file)) {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("the link to `{target}` leads nowhere"),
                ));
            }
        }
    }
    findings
}

fn version_in(manifest: &str) -> Option<&str> {
    let mut section = manifest
        .lines()
        .skip_while(|line| line.trim() != "[workspace.package]")
        .skip(1);
    let line = section.find(|line| line.starts_with("version"))?;
    line.split('"').nth(1)
}

/// `[text](target)` and `[name]: target`, outside of code.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second part between backquotes is code. A link whose text is code still has its bracket before the target.
        for prose in line.split('`').step_by(2) {
            for after in prose.split("](").skip(1) {
                // A title may follow the target.
                found.extend(
                    after
                        .split([')', ' '])
                        .next()
                        .map(|target| (number + 1, target)),
                );
            }
        }
        if let Some((name, target)) = line
            .split_once("]: ")
            .filter(|(name, _)| name.starts_with('['))
        {
            // A footnote is no link.
            if !name.starts_with("[^") {
                found.extend(target.split(' ').next().map(|target| (number + 1, target)));
            }
        }
    }
    found
}

/// The path from the root of what `target` means in the file `from`; nothing when it leaves the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        return None;
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn exists(tree: &Tree, path: &str) -> bool {
    let folder = format!("{path}/");
    path.is_empty() || tree.contains_key(path) || tree.keys().any(|file| file.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree_of;

    const MANIFEST: (&str, &str) = ("Cargo.toml", "[workspace.package]\nversion = \"1.2.3\"\n");
    const PACKAGE: (&str, &str) = ("pkg/package.json", "{ \"version\": \"1.2.3\" }");

    #[test]
    fn the_version_must_have_its_entry() {
        let check = |text| {
            version_is_everywhere(&tree_of(&[MANIFEST, PACKAGE, ("CHANGELOG.md", text)])).len()
        };
        assert_eq!(check("# Changes\n\n## 1.2.3\n"), 0);
        assert_eq!(check("## [1.2.3] - 2026-01-01\n"), 0);
        assert_eq!(check("## 1.2.30\n"), 1);
        assert_eq!(check("We are at 1.2.3.\n"), 1);
    }

    #[test]
    fn the_package_must_have_the_version() {
        let log = ("CHANGELOG.md", "## 1.2.3\n");
        assert_eq!(
            version_is_everywhere(&tree_of(&[
                MANIFEST,
                log,
                ("pkg/package.json", "{ \"version\": \"1.2.2\" }")
            ]))
            .len(),
            1
        );
        assert_eq!(version_is_everywhere(&tree_of(&[PACKAGE, log])).len(), 1);
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let check = |text| {
            links_resolve(&tree_of(&[
                ("docs/a.md", text),
                ("docs/b.md", ""),
                ("src/lib.rs", ""),
            ]))
            .len()
        };
        assert_eq!(
            check("[b](b.md) [b](./b.md#part) [src](../src/lib.rs) [src](../src/)"),
            0
        );
        assert_eq!(
            check("[x](https://example.com/x) [here](#here) `[c](c.md)`\n```\n[c](c.md)\n```\n"),
            0
        );
        assert_eq!(check("[c](c.md)"), 1);
        assert_eq!(check("[`c`](c.md)"), 1);
        assert_eq!(check("[c]: c.md\n"), 1);
        assert_eq!(check("[up](../../outside.md)"), 1);
        assert_eq!(check("[b](/docs/b.md)"), 1);
        let package = |text| links_resolve(&tree_of(&[("pkg/README.md", text), ("docs/b.md", "")]));
        assert!(package("[b](docs/b.md#part)").is_empty());
        assert_eq!(package("[c](docs/c.md) [b](b.md)").len(), 2);
        assert_eq!(check("[b](b.md) and\n[c](c.md \"title\")"), 1);
    }
}
