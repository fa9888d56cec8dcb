//! Inputs to start from: the corpus, in the form of each target.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::keys;

/// The seeds of each target, without doubles and in a fixed order.
///
/// # Errors
/// A sentence, when the corpus cannot be read.
pub fn read(corpus: &Path) -> Result<BTreeMap<&'static str, Vec<Vec<u8>>>, String> {
    let mut files: Vec<_> = fs::read_dir(corpus)
        .map_err(|error| format!("cannot list {}: {error}", corpus.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    let mut seeds: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
    for path in files {
        let text =
            fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let file: Value = serde_json::from_slice(&text)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        for case in file["cases"].as_array().into_iter().flatten() {
            add(case, &mut |target, seed| {
                seeds.entry(target).or_default().push(seed)
            });
        }
    }
    // For each algorithm a good signature, and one with every kind of change somewhere in it.
    let algorithms = 0..keys::ALGORITHMS.len() as u8;
    let changed = |number: u8| (0..5).map(move |kind| vec![number, 0, 1, kind, 50 * kind, kind, 1]);
    let good = algorithms.clone().map(|number| vec![number]);
    seeds.insert(
        "arithmetic",
        good.chain(algorithms.flat_map(changed)).collect(),
    );
    for inputs in seeds.values_mut() {
        inputs.sort();
        inputs.dedup();
    }
    Ok(seeds)
}

fn add(case: &Value, give: &mut dyn FnMut(&'static str, Vec<u8>)) {
    if let Some(text) = case["jwks"].as_str() {
        give("jwks", text.into());
    }
    for options in ["policy", "expectations"] {
        give("policy", case[options].to_string().into());
    }
    let Some(token) = case["token"].as_str() else {
        return;
    };
    give("token", token.into());
    let parts: Vec<_> = token.split('.').filter_map(keys::decode).collect();
    let [header, payload, ..] = &parts[..] else {
        return;
    };
    give("json", header.clone());
    give("json", payload.clone());
    let Ok(header) = std::str::from_utf8(header) else {
        return;
    };
    if !header.starts_with('{') || header.contains('\n') || payload.contains(&b'\n') {
        return;
    }
    // The fuzzer signs with its cheap keys only; where the corpus has RSA, the case is about something else.
    let header = header.replace("RS256", "ES256").replace("rsa-1", "p256-1");
    let policy = case["policy"].to_string().replace("RS256", "ES256");
    let text = [header.as_bytes(), payload, policy.as_bytes()].join(&b'\n');
    give("verify", text.clone());
    give("explain", text);
}
