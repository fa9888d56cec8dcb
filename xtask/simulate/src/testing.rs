//! What the tests of the models share.

use crate::client::{Key, Millis, Now, Reply, Response, Token};
use crate::world::{Provider, Set};

pub fn at(at: Millis) -> Now {
    Now {
        wall: at,
        monotonic: at,
    }
}

pub fn token(key: usize) -> Token {
    Token {
        provider: 0,
        key: Key::Own(key),
        at: 0,
        valid: true,
    }
}

/// A whole reply with these keys.
pub fn good(keys: &'static [usize]) -> Reply<'static> {
    let provider = Box::leak(Box::new(Provider::new(0, 1, &[keys])));
    let set: &Set = &provider.sets[0];
    Reply::Response(Response {
        status: 200,
        etag: &set.etag,
        body: set.text.as_bytes(),
        set: Some(set),
    })
}
