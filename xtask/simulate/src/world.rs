//! The providers: their keys, what they publish when, and what goes wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};

use crate::client::{Millis, Reply, Response};
use crate::random::Random;

/// Keys of each provider; which of them exist when, a scenario says.
const KEYS: usize = 3;
/// 2027-01-15: where virtual time begins, and when every token was issued. Times in tokens are not what is simulated.
pub const EPOCH: Millis = 1_800_000_000_000;

/// A key set as it is published.
pub struct Set {
    pub keys: Vec<usize>,
    pub text: String,
    pub etag: String,
}

pub struct Provider {
    pub issuer: String,
    pub jwks_uri: String,
    /// A real token for each key, with a real signature.
    pub tokens: Vec<String>,
    /// Every set that is ever published.
    pub sets: Vec<Set>,
}

/// What a scenario does to the keys of a provider.
#[derive(Clone, Copy)]
pub enum Change {
    /// From now on these keys are published.
    Publish(&'static [usize]),
    /// From now on tokens are signed with this key.
    Sign(usize),
    /// The provider no longer stands by this key, and takes it out of the set.
    Withdraw(usize),
}

/// Something that goes wrong with a share of the requests, for a time.
#[derive(Clone, Copy)]
pub struct Fault {
    pub provider: usize,
    pub from: Millis,
    pub until: Millis,
    pub kinds: &'static [(Trouble, f64)],
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// Connections are refused.
    Down,
    /// No answer ever comes.
    Hang,
    /// Status 500.
    Error,
    /// Status 200, and half of the body.
    Truncated,
    /// One to eight seconds.
    Slow,
}

impl Provider {
    /// Makes the keys of the provider with this number, and all sets the changes lead to.
    pub fn new(number: usize, seed: u64, sets: &[&'static [usize]]) -> Self {
        let issuer = format!("https://idp{number}.example");
        let mut random = Random::of(&[seed, number as u64, 0x006b_6579]);
        let signers: Vec<_> = (0..KEYS).map(|_| signer(&mut random)).collect();
        let token = |(key, signer)| signed(&issuer, &kid(number, key), signer);
        Self {
            tokens: signers.iter().enumerate().map(token).collect(),
            sets: sets
                .iter()
                .map(|keys| Set::new(number, keys, &signers))
                .collect(),
            jwks_uri: format!("{issuer}/jwks"),
            issuer,
        }
    }

    /// A token with a key that does not exist. Only its header is ever looked at.
    pub fn forged(&self, name: u64) -> String {
        let signing_input = signing_input(&self.issuer, &format!("{name:016x}"));
        format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode([1; 64]))
    }
}

impl Set {
    fn new(provider: usize, keys: &[usize], signers: &[SigningKey]) -> Self {
        let jwk = |&key: &usize| {
            let x = URL_SAFE_NO_PAD.encode(signers[key].verifying_key().as_bytes());
            let kid = kid(provider, key);
            format!(
                r#"{{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"{kid}","x":"{x}"}}"#
            )
        };
        let jwks: Vec<_> = keys.iter().map(jwk).collect();
        Self {
            keys: keys.to_vec(),
            text: format!(r#"{{"keys":[{}]}}"#, jwks.join(",")),
            etag: format!("\"{keys:?}\""),
        }
    }
}

fn kid(provider: usize, key: usize) -> String {
    format!("idp{provider}-key{key}")
}

fn signer(random: &mut Random) -> SigningKey {
    let mut secret = [0; 32];
    for part in secret.chunks_mut(8) {
        part.copy_from_slice(&random.next().to_le_bytes());
    }
    SigningKey::from_bytes(&secret)
}

fn signing_input(issuer: &str, kid: &str) -> String {
    let header = format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#);
    let iat = EPOCH / 1000;
    let exp = iat + 3600;
    let claims =
        format!(r#"{{"iss":"{issuer}","sub":"u","aud":"client","iat":{iat},"exp":{exp}}}"#);
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{claims}")
}

fn signed(issuer: &str, kid: &str, signer: &SigningKey) -> String {
    let signing_input = signing_input(issuer, kid);
    let signature = signer.sign(signing_input.as_bytes()).to_bytes();
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// When a request made at an instant is answered, and how. It is the same whoever asks.
pub struct Happening {
    pub after: Millis,
    pub trouble: Option<Trouble>,
}

impl Happening {
    /// `place` tells isolates apart.
    pub fn of(faults: &[Fault], provider: usize, seed: u64, place: u64, at: Millis) -> Self {
        let mut random = Random::of(&[seed, place, provider as u64, at]);
        let usual = random.between(20, 200);
        let dice = random.share();
        let is_on =
            |fault: &&Fault| fault.provider == provider && (fault.from..fault.until).contains(&at);
        let trouble = faults.iter().find(is_on).and_then(|fault| {
            let mut below = 0.0;
            let mut kinds = fault.kinds.iter();
            let found = kinds.find(|(_, share)| {
                below += share;
                dice < below
            });
            found.map(|(kind, _)| *kind)
        });
        let after = match trouble {
            Some(Trouble::Down) => 5,
            Some(Trouble::Hang) => Millis::MAX,
            Some(Trouble::Slow) => random.between(1000, 8000),
            _ => usual,
        };
        Self { after, trouble }
    }

    /// The reply, to a request that may name the set it has already.
    pub fn reply<'w>(&self, set: &'w Set, if_none_match: Option<&str>) -> Reply<'w> {
        let whole = set.text.as_bytes();
        let (status, body) = match self.trouble {
            Some(Trouble::Down) => return Reply::Network,
            Some(Trouble::Hang) => return Reply::Timeout,
            Some(Trouble::Error) => (500, &whole[..0]),
            Some(Trouble::Truncated) => (200, &whole[..whole.len() / 2]),
            _ if if_none_match == Some(&*set.etag) => (304, &whole[..0]),
            _ => (200, whole),
        };
        Reply::Response(Response {
            status,
            etag: &set.etag,
            body,
            set: (body.len() == whole.len()).then_some(set),
        })
    }
}
