//! Project Wycheproof's signatures for the algorithms of this crate, judged as the core's are.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core
)]

#[path = "../../tests/wycheproof/importer.rs"]
mod importer;
#[path = "../../tests/wycheproof/judge.rs"]
mod judge;
#[path = "../../tests/wycheproof/vectors.rs"]
mod vectors;

#[test]
fn every_verdict_is_wycheproofs() {
    judge::assert_every_verdict(
        idtoken_vartime::ALL,
        &[
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA",
        ],
    );
}
