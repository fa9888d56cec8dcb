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
    let names: Vec<_> = idtoken_vartime::ALL
        .iter()
        .map(|algorithm| algorithm.name())
        .collect();
    judge::assert_every_verdict(idtoken_vartime::ALL, &names);
}
