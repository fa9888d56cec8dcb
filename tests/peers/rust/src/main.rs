//! Puts the corpus to other Rust crates: `idtoken-peers PEER < questions.json > answers.json`.
//!
//! Questions and answers are made and read by `../compare.mjs`. An answer is true for an accepted token.
mod clock;
mod jsonwebtoken_peer;
mod openidconnect_peer;

use std::{collections::BTreeMap, io, panic};

use serde::Deserialize;

/// One question; times are seconds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    id: String,
    token: String,
    jwks: String,
    issuer: String,
    audience: String,
    algorithms: Vec<String>,
    tolerance: i64,
    max_age: Option<i64>,
    now: i64,
    nonce: String,
}

/// A peer's verdict; why it refuses does not matter here.
type Verdict = Result<(), Box<dyn std::error::Error>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verify: fn(&Ask) -> Verdict = match std::env::args().nth(1).as_deref() {
        Some("jsonwebtoken") => jsonwebtoken_peer::verify,
        Some("openidconnect") => openidconnect_peer::verify,
        other => return Err(format!("no peer is called {other:?}").into()),
    };
    let asks: Vec<Ask> = serde_json::from_reader(io::stdin())?;
    let answers: BTreeMap<&str, bool> = asks
        .iter()
        .map(|ask| {
            clock::set(ask.now);
            // A panic refuses the token, too; it is told on standard error.
            let accepted = panic::catch_unwind(|| verify(ask).is_ok()).unwrap_or_else(|_| {
                eprintln!("panic: {}", ask.id);
                false
            });
            (ask.id.as_str(), accepted)
        })
        .collect();
    serde_json::to_writer(io::stdout(), &answers)?;
    Ok(())
}
