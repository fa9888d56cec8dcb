//! Generators and oracles for `idtoken`: the same functions run under libFuzzer (`fuzz_targets/`) and, with a fixed seed,
//! on stable Rust (`src/bin/seeded.rs`).
//!
//! An input is bytes. They are read as text where they look like text, and otherwise as decisions of a grammar, which
//! signs what it makes with keys of its own, so that the checks behind the signature are reached.

mod arithmetic;
mod claims;
mod demands;
mod grammar;
mod json;
mod jwks;
pub mod keys;
pub mod memory;
mod oracle;
mod policies;
mod report;
pub mod scenario;
pub mod seeds;
pub mod source;
pub mod targets;
mod tree;
