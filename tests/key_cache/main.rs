//! The key cache, in virtual time: no clock, no network, no randomness.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core
)]

mod answers;
mod chance;
mod clocks;
mod discovery;
mod issuers;
mod model;
mod options;
mod random;
mod shared;
mod snapshots;
mod storms;
mod transitions;
mod world;
