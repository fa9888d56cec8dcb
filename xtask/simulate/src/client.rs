//! What a contestant is: something that judges tokens by keys it fetches, and does no I/O itself.

use crate::world::Set;

/// Virtual time, in milliseconds since the start of the run.
pub type Millis = u64;

pub const SECOND: Millis = 1000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;

/// One instant, on the two clocks a program may read.
#[derive(Clone, Copy)]
pub struct Now {
    /// Milliseconds since 1970, as this isolate believes: it may be wrong, and jump.
    pub wall: Millis,
    /// Only ever goes forward.
    pub monotonic: Millis,
}

/// A token, reduced to what chooses the key.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub provider: usize,
    pub key: Key,
    /// When it arrives.
    pub at: Millis,
    /// Whether its signature is one that the provider stands by at that time.
    pub valid: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Key {
    /// One of the provider's own, by its number.
    Own(usize),
    /// A made-up name.
    Forged(u64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    Accept,
    /// With this code.
    Refuse(&'static str),
    /// For the end of this fetch; `None`: for that of any, or for the contestant's own timer.
    Wait(Option<u64>),
}

/// A GET to make.
pub struct Fetch {
    pub id: u64,
    pub provider: usize,
    pub if_none_match: Option<String>,
    pub timeout: Millis,
}

/// What came of it.
#[derive(Clone, Copy)]
pub enum Reply<'w> {
    Response(Response<'w>),
    Network,
    Timeout,
}

#[derive(Clone, Copy)]
pub struct Response<'w> {
    pub status: u16,
    pub etag: &'w str,
    pub body: &'w [u8],
    /// The set, when the body is all of it: for models, which parse nothing.
    pub set: Option<&'w Set>,
}

pub trait Client {
    /// A token arrives.
    fn ask(&mut self, token: &Token, now: Now) -> Answer;

    /// The fetch that a token waited for has ended.
    fn resume(&mut self, token: &Token, fetch: Option<u64>, now: Now) -> Answer;

    /// The next fetch to start; asked for until there is none.
    fn poll_fetch(&mut self, now: Now) -> Option<Fetch>;

    fn handle(&mut self, id: u64, reply: Reply<'_>, now: Now);

    /// How long from now until [`Client::poll_fetch`] is to be called although nothing else has happened.
    fn wake_in(&self, now: Now) -> Option<Millis>;

    /// What outlives this isolate, for the next one in its place.
    fn keep(&self) -> Option<String> {
        None
    }
}
