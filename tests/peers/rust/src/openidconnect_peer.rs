//! The crate `openidconnect`: its ID Token verifier for a public client, with its hooks for times filled in.
use openidconnect::{
    ClientId, IssuerUrl, Nonce,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

use crate::{Ask, Verdict};

pub fn verify(ask: &Ask) -> Verdict {
    let keys: CoreJsonWebKeySet = serde_json::from_str(&ask.jwks)?;
    let token: CoreIdToken = ask.token.parse()?;
    let algorithms: Vec<CoreJwsSigningAlgorithm> = ask
        .algorithms
        .iter()
        .filter_map(|name| serde_json::from_value(Value::from(name.as_str())).ok())
        .collect();
    let (latest, tolerance, max_age) = (ask.now + ask.tolerance, ask.tolerance, ask.max_age);
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(ask.audience.clone()),
        IssuerUrl::new(ask.issuer.clone())?,
        keys,
    )
    .set_allowed_algs(algorithms)
    // The hook serves the check of exp alone, so it is where a tolerance can go.
    .set_time_fn(|| time(ask.now - tolerance))
    .set_issue_time_verifier_fn(move |iat| {
        if iat.timestamp() <= latest {
            Ok(())
        } else {
            Err("iat".to_owned())
        }
    })
    .set_auth_time_verifier_fn(move |auth_time| match (max_age, auth_time) {
        (None, _) => Ok(()),
        (Some(age), Some(at))
            if at.timestamp() + age + tolerance >= ask.now && at.timestamp() <= latest =>
        {
            Ok(())
        }
        _ => Err("auth_time".to_owned()),
    });
    token.claims(&verifier, &Nonce::new(ask.nonce.clone()))?;
    Ok(())
}

/// The peer's own type of time.
fn time(seconds: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
