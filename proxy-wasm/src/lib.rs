//! The Envoy filter: proxy-wasm's callbacks become events of [`state`], and nothing is decided here.
//!
//! What a request carries is [`request`], what the operator wants is [`config`], and [`decide`] makes one of the other.
//! Whether a token may be believed is the core's to say.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

pub mod answer;
pub mod compat;
pub mod config;
pub mod decide;
pub mod fetcher;
#[cfg(target_family = "wasm")]
mod host;
pub mod identity;
pub mod keys;
pub mod metrics;
pub mod path;
pub mod places;
pub mod request;
pub mod requirement;
pub mod shared;
pub mod state;
pub mod waiting;
