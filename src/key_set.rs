//! JWKS text to a [`KeySet`]: imported once, immutable, one bad key never breaks it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::alg::{self, Facts, Hash, SignatureAlgorithm, VerifyingKey};
use crate::error::{Code, Rejection};
use crate::json::{Document, Kind, Value};
use crate::jwk::Jwk;
use crate::limits::{JsonLimits, Limits};

/// The keys of one issuer.
pub struct KeySet {
    /// SHA-256 of the text: sets of one digest have the same keys at the same places.
    digest: Arc<[u8]>,
    keys: Vec<Key>,
    skipped: Vec<Skipped>,
}

/// A key of the JWKS that was left out, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Skipped {
    /// Its place in the `keys` array, from 0.
    pub index: usize,
    /// Its `kid`, if it has a readable one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub kid: Option<String>,
    /// What is wrong with it.
    pub code: Code,
}

/// One imported key and the algorithms it may be used with; one alg when the JWK names it.
pub(crate) struct Key {
    /// Its place in the `keys` array.
    index: usize,
    /// Its public numbers, which tell it from any other key.
    identity: Vec<u8>,
    kid: Option<String>,
    issuer: Option<String>,
    algorithms: Vec<&'static dyn SignatureAlgorithm>,
    material: Box<dyn VerifyingKey>,
}

/// What a set has for a token.
pub(crate) enum Found<'k> {
    /// These; never none.
    Keys(Vec<&'k Key>),
    /// These, of the token's kid, which are not for its algorithm.
    OfAnotherAlgorithm(Vec<&'k Key>),
    /// Nothing: a newer set may have it.
    Nothing,
}

impl KeySet {
    /// Imports a JWK Set (RFC 7517 section 5) for the given algorithms, usually [`alg::ALL`].
    ///
    /// Keys that cannot be used are left out and reported by [`KeySet::skipped`]: providers publish keys of new kinds,
    /// and one of them must not stop all logins.
    ///
    /// # Errors
    /// `jwks_invalid` when the text is no JWK Set; `jwks_no_usable_key` when nothing is left; `config_invalid_option`
    /// when a limit is beyond its own.
    pub fn from_json(
        text: impl AsRef<[u8]>,
        algorithms: &[&'static dyn SignatureAlgorithm],
        limits: &Limits,
    ) -> Result<Self, Rejection> {
        let text = text.as_ref();
        limits.check()?;
        let invalid = |hint| Rejection::new(Code::JwksInvalid, hint);
        if text.len() > limits.max_jwks_bytes {
            return Err(invalid("longer than max_jwks_bytes"));
        }
        let document = Document::parse(text.to_vec(), &JsonLimits::JWKS)
            .map_err(|code| invalid(what_it_is_instead(text).unwrap_or(code.name())))?;
        // RFC 7517 section 5: further members mean nothing here, however odd they are.
        let members = document.root().members();
        if members.filter(|(name, _)| name == "keys").count() > 1 {
            return Err(invalid("the set has two members named keys"));
        }
        let entries = match document.root().get("keys") {
            Some(keys) if keys.kind() == Kind::Array => keys.items(),
            _ => return Err(invalid(what_lacks_keys(document.root()))),
        };
        let mut set = Self {
            digest: Hash::Sha256.digest(text).into(),
            keys: Vec::new(),
            skipped: Vec::new(),
        };
        for (index, entry) in entries.enumerate() {
            if index >= limits.max_keys {
                return Err(invalid("more than max_keys keys"));
            }
            match Key::import(index, entry, algorithms, limits) {
                Ok(key) => set.keys.push(key),
                Err(code) => set.skipped.push(Skipped {
                    index,
                    kid: readable_kid(entry),
                    code,
                }),
            }
        }
        if set.keys.is_empty() {
            let first = set.skipped.first().map(|skipped| skipped.code.name());
            return Err(Rejection::new(
                Code::JwksNoUsableKey,
                first.unwrap_or("the keys array is empty"),
            ));
        }
        Ok(set)
    }

    /// The keys that were left out.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The number of keys that can verify something.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no key: never, as such a set is not made.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// RFC 7515 section 4.1.4 and OpenID Connect Core 1.0 section 10.1: the keys that a token may have been signed with,
    /// by the names of its issuer, its kid and its algorithm. A key that names another issuer does not exist for this
    /// token; a provider of many tenants may write the template into its keys. A key without kid is not a wildcard.
    pub(crate) fn find(&self, issuers: &[&str], kid: Option<&str>, facts: &Facts) -> Found<'_> {
        let is_for = |key: &&Key| {
            let issuer = key.issuer.as_deref();
            issuer.is_none_or(|issuer| issuers.contains(&issuer))
                && (kid.is_none() || key.kid() == kid)
        };
        let named: Vec<_> = self.keys.iter().filter(is_for).collect();
        let fitting: Vec<_> = named
            .iter()
            .copied()
            .filter(|key| key.fits(facts))
            .collect();
        match fitting.is_empty() {
            false => Found::Keys(fitting),
            true if kid.is_some() && !named.is_empty() => Found::OfAnotherAlgorithm(named),
            true => Found::Nothing,
        }
    }

    /// What stands for these keys, and no others.
    pub(crate) fn digest(&self) -> &Arc<[u8]> {
        &self.digest
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Each key by its name and its public numbers.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (Option<&str>, &[u8])> {
        self.keys
            .iter()
            .map(|key| (key.kid(), key.identity.as_slice()))
    }
}

/// A kid that a token could name; a longer one only fills logs.
fn readable_kid(entry: Value<'_>) -> Option<String> {
    let kid = entry.get("kid")?.as_str()?;
    (kid.len() <= Limits::MAX_KID_BYTES).then(|| kid.into_owned())
}

/// What people pass by mistake.
fn what_it_is_instead(text: &[u8]) -> Option<&'static str> {
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    Some(match first {
        None => "there is no text",
        Some(b'<') => {
            "it begins with '<': a web page, not JSON; look at the address and the status"
        }
        Some(b'[') => "this is the array; the set is the object around it",
        Some(b'"') => "this is a JSON string; pass the text that is in it",
        Some(b'h') if text.starts_with(b"http") => {
            "this is an address; nothing is fetched here, pass the text found there"
        }
        Some(_) => return None,
    })
}

fn what_lacks_keys(object: Value<'_>) -> &'static str {
    if object.get("jwks_uri").is_some() {
        "this is a discovery document; fetch its jwks_uri"
    } else if object.get("kty").is_some() {
        "this is one key; a set is an object with a keys array"
    } else {
        "there is no keys array"
    }
}

impl core::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("KeySet")
            .field("keys", &self.keys.len())
            .field("skipped", &self.skipped)
            .finish()
    }
}

impl Key {
    fn import(
        index: usize,
        entry: Value<'_>,
        algorithms: &[&'static dyn SignatureAlgorithm],
        limits: &Limits,
    ) -> Result<Self, Code> {
        let jwk = Jwk::parse(entry)?;
        // RFC 8725 section 3.1: a key that names its algorithm is for that one only.
        let fits = |facts: &Facts| {
            facts.key_type.fits(&jwk) && jwk.alg.as_deref().is_none_or(|name| facts.is_called(name))
        };
        let algorithms: Vec<_> = algorithms
            .iter()
            .copied()
            .filter(|algorithm| alg::facts(algorithm.name()).is_some_and(fits))
            .collect();
        let importer = algorithms.first().ok_or(Code::JwkSkipped)?;
        Ok(Self {
            index,
            identity: jwk.identity(),
            material: importer.import(&jwk, limits)?,
            kid: jwk.kid,
            issuer: jwk.issuer,
            algorithms,
        })
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The names of the algorithms that it may be used with.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = &'static str> {
        self.algorithms.iter().map(|algorithm| algorithm.name())
    }

    pub(crate) fn fits(&self, facts: &Facts) -> bool {
        self.algorithm(facts).is_some()
    }

    /// Whether `signature` is over `message` by this key, with the algorithm of `facts` and no other.
    pub(crate) fn verify(
        &self,
        facts: &Facts,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Code> {
        let algorithm = self.algorithm(facts).ok_or(Code::AlgKeyMismatch)?;
        algorithm.verify(&*self.material, message, signature)
    }

    /// How long its signatures are, where every one is as long as the key.
    pub(crate) fn signature_bytes(&self) -> Option<usize> {
        self.material.signature_bytes()
    }

    fn algorithm(&self, facts: &Facts) -> Option<&'static dyn SignatureAlgorithm> {
        let is_it = |algorithm: &&&dyn SignatureAlgorithm| algorithm.name() == facts.name;
        self.algorithms.iter().find(is_it).copied()
    }
}
