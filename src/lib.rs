//! Verifies OpenID Connect ID Tokens.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;
