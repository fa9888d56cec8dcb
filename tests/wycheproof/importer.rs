//! Imports single keys, as a key set would.

use std::sync::Mutex;

use idtoken::alg::{SignatureAlgorithm, VerifyingKey};
use idtoken::{Code, Jwk, KeySet, Limits};
use serde_json::{Value, json};

/// Imports single keys. Only a key set can make a [`Jwk`], and it keeps what is imported; so it gets an algorithm that
/// imports with the real one and puts the key aside.
pub(crate) struct Importer {
    pub(crate) algorithm: &'static dyn SignatureAlgorithm,
    imported: Mutex<Option<Result<Box<dyn VerifyingKey>, Code>>>,
}

/// What the key set gets in place of the key.
struct Nothing;

impl VerifyingKey for Nothing {}

impl Importer {
    pub(crate) fn of(name: &str, all: &'static [&'static dyn SignatureAlgorithm]) -> &'static Self {
        let algorithm = all.iter().find(|algorithm| algorithm.name() == name);
        // Algorithms live as long as the program.
        Box::leak(Box::new(Self {
            algorithm: *algorithm.expect("an algorithm of this slice"),
            imported: Mutex::new(None),
        }))
    }

    pub(crate) fn key_of(&'static self, jwk: &Value) -> Result<Box<dyn VerifyingKey>, Code> {
        let mut limits = Limits::default();
        limits.rsa_max_bits = Limits::MAX_RSA_BITS;
        let set = KeySet::from_json(json!({ "keys": [jwk] }).to_string(), &[self], &limits);
        let imported = self.imported.lock().expect("lock").take();
        let imported = imported.unwrap_or_else(|| panic!("{jwk} never came to import"));
        assert_eq!(set.is_ok(), imported.is_ok(), "{jwk}");
        imported
    }
}

impl SignatureAlgorithm for Importer {
    fn name(&self) -> &'static str {
        self.algorithm.name()
    }

    fn import(&self, jwk: &Jwk<'_>, limits: &Limits) -> Result<Box<dyn VerifyingKey>, Code> {
        let imported = self.algorithm.import(jwk, limits);
        let outcome = imported.as_ref().map(|_| ()).map_err(|code| *code);
        *self.imported.lock().expect("lock") = Some(imported);
        outcome.map(|()| Box::new(Nothing) as Box<dyn VerifyingKey>)
    }

    fn verify(&self, _: &dyn VerifyingKey, _: &[u8], _: &[u8]) -> Result<(), Code> {
        panic!("only imports")
    }
}
