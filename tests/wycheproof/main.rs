//! Project Wycheproof's signatures: valid ones of every algorithm, and those that other implementations let pass.
//!
//! Each goes the way of a real one: a JWK is imported into a key set, and the algorithm of [`alg::ALL`] verifies.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core
)]

mod importer;
mod judge;
mod vectors;

use idtoken::alg;

#[test]
fn every_verdict_is_wycheproofs() {
    let names: Vec<_> = alg::TABLE.iter().map(|facts| facts.name).collect();
    judge::assert_every_verdict(alg::ALL, &names);
}
