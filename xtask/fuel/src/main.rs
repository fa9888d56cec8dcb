//! `fuel JWKS POLICY NOW TOKEN IMPORTS VERIFICATIONS AGAIN`: imports the key set so often, verifies the token so often, and
//! then so often with a memory of accepted tokens.
//!
//! `count.py` runs it as wasm and counts the instructions; what one more of each costs is a difference.
use std::{env, error::Error, hint::black_box};

use idtoken::{
    Expectations, KeySet, Limits, Nonce, Policy, Spelling, UnixTime, VerifiedTokens, Verifier,
};

/// Enough for one token.
const MEMORY: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [jwks, policy, now, token, imports, verifications, again] = &words[..] else {
        return Err("seven words are needed".into());
    };
    let said = |rejection: idtoken::Rejection| format!("{rejection}");
    let policy = Policy::from_json(policy, Spelling::Snake).map_err(said)?;
    let now = UnixTime::from_secs(now.parse()?).map_err(said)?;
    let expectations = Expectations::at(now).nonce(Nonce::NotChecked);
    let import = || KeySet::from_json(black_box(jwks), idtoken_vartime::ALL, &Limits::default());
    for _ in 1..imports.parse()? {
        black_box(import().map_err(said)?);
    }
    let keys = import().map_err(said)?;
    for _ in 0..verifications.parse()? {
        black_box(
            Verifier::new(&policy)
                .verify(black_box(token), &keys, &expectations)
                .map_err(said)?,
        );
    }
    let mut memory = VerifiedTokens::new(MEMORY).map_err(said)?;
    for _ in 0..again.parse()? {
        black_box(
            Verifier::new(&policy)
                .verify_remembering(black_box(token), &keys, &expectations, &mut memory)
                .map_err(said)?,
        );
    }
    Ok(())
}
