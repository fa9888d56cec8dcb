//! Where JavaScript writes the texts of a call: as bytes, straight into this memory. The glue's own way into the wasm
//! takes letter after letter, twenty times as long.

use alloc::vec;
use alloc::vec::Vec;

use wasm_bindgen::prelude::wasm_bindgen;

/// Room for a token, and behind it the expectations in JSON with camelCase names.
#[wasm_bindgen]
pub struct Inbox {
    room: Vec<u8>,
    token: usize,
    end: usize,
}

#[wasm_bindgen]
impl Inbox {
    /// A place for so many bytes.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self {
            room: vec![0; bytes],
            token: 0,
            end: 0,
        }
    }

    /// Where in the memory it begins.
    #[must_use]
    pub fn address(&mut self) -> *const u8 {
        self.room.as_mut_ptr()
    }

    /// How long the token is that was written, and the expectations behind it.
    pub fn wrote(&mut self, token: usize, expectations: usize) {
        self.token = token;
        self.end = token.saturating_add(expectations);
    }
}

impl Inbox {
    pub(crate) fn token(&self) -> &[u8] {
        self.room.get(..self.token).unwrap_or_default()
    }

    pub(crate) fn expectations(&self) -> &[u8] {
        self.room.get(self.token..self.end).unwrap_or_default()
    }
}
