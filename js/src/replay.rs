//! The use of a token, for a store that lets each in once.

use alloc::string::String;
use core::fmt::Write as _;

use idtoken::{IdToken, Rejection, UnixTime};
use serde::Serialize;

/// How long a store remembers a use beyond its time, in seconds: the clocks of machines differ, and it is asked a moment
/// after the token was judged.
const USE_MARGIN: u64 = 60;

/// The use of a token that a store is asked about.
#[derive(Serialize)]
pub(crate) struct Use {
    issuer: String,
    key: String,
    ttl: u64,
}

impl Use {
    pub(crate) fn of(issuer: String, token: &IdToken, now: UnixTime) -> Result<Self, Rejection> {
        let key = token.replay_key()?;
        let left = key.until().as_secs().saturating_sub(now.as_secs());
        Ok(Self {
            issuer,
            key: hex(key.digest()),
            ttl: left.saturating_add(USE_MARGIN),
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
