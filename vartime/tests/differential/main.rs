//! Every verdict must be RustCrypto's: valid signatures, and such with one thing wrong, over many keys.
//!
//! `SIGNATURES` in the environment says how many for each algorithm; `cargo xtask differential arithmetic` sets it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core
)]

mod ed25519;
mod es256;
mod es384;
mod es512;
#[path = "../../../tests/wycheproof/importer.rs"]
mod importer;
mod random;
mod rsa;

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write as _};

use idtoken::Code;
use idtoken::alg::{self, VerifyingKey};
use importer::Importer;
use serde_json::Value;

/// Signatures for a key.
const PER_KEY: u64 = 100;

/// Accepted signatures after which a key has its tables: at least 29, where that of the base point is there.
const WARM: usize = 45;

/// How many cases are shown at the most until then.
const MOST_TO_HEAT: usize = 20 * WARM;

/// A signature, and what both are to say of it.
struct Case {
    kind: &'static str,
    message: Vec<u8>,
    signature: Vec<u8>,
    /// None: what they say is not known beforehand, but both must say it.
    valid: Option<bool>,
}

/// The two implementations of one algorithm.
struct Pair {
    ours: &'static Importer,
    theirs: &'static Importer,
}

/// A key in both implementations.
struct Keys {
    jwk: Value,
    /// Used for every case, so that it soon has its large tables.
    ours: Box<dyn VerifyingKey>,
    theirs: Box<dyn VerifyingKey>,
}

type Imported = Result<Box<dyn VerifyingKey>, Code>;

impl Pair {
    fn of(name: &str) -> Self {
        Self {
            ours: Importer::of(name, idtoken_vartime::ALL),
            theirs: Importer::of(name, alg::ALL),
        }
    }

    /// The key in both, or nothing if both refuse it for the same reason.
    fn import(&self, jwk: &Value) -> Option<Keys> {
        let (ours, theirs): (Imported, Imported) = (self.ours.key_of(jwk), self.theirs.key_of(jwk));
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                assert_eq!(ours.signature_bytes(), theirs.signature_bytes(), "{jwk}");
                Some(Keys {
                    jwk: jwk.clone(),
                    ours,
                    theirs,
                })
            }
            (Err(ours), Err(theirs)) if ours == theirs => None,
            (ours, theirs) => {
                let [ours, theirs] = [ours.err(), theirs.err()];
                panic!("{jwk}: {ours:?} here, {theirs:?} there")
            }
        }
    }

    /// What both say, and our key also when it is new and has small tables only.
    fn judge(&self, keys: &Keys, case: &Case) -> bool {
        let Case {
            message, signature, ..
        } = case;
        let verify = |with: &Importer, key: &dyn VerifyingKey| {
            with.algorithm.verify(key, message, signature)
        };
        let new = self.ours.key_of(&keys.jwk).expect("a good key");
        let ours = verify(self.ours, &*keys.ours);
        let small = verify(self.ours, &*new);
        let theirs = verify(self.theirs, &*keys.theirs);
        let says = format!("{}: {message:02x?} {signature:02x?}", case.kind);
        assert_eq!(ours, theirs, "{says}");
        assert_eq!(small, theirs, "{says}, a new key");
        if let Some(valid) = case.valid {
            assert_eq!(ours.is_ok(), valid, "{says}");
        }
        ours.is_ok()
    }

    /// Shows valid cases to our key until it has every table that it will have. The first keys of a curve are for the base
    /// point's table.
    fn heat(&self, keys: &Keys, cases: &[Case]) {
        // Of a key with a component of small order no signature is known to be valid beforehand, and few are.
        let perhaps = cases.iter().filter(|case| case.valid != Some(false));
        let verdicts = perhaps.cycle().take(MOST_TO_HEAT).map(|case| {
            let Case {
                message, signature, ..
            } = case;
            let verdict = self.ours.algorithm.verify(&*keys.ours, message, signature);
            if case.valid == Some(true) {
                assert_eq!(verdict, Ok(()), "{}", case.kind);
            }
            verdict
        });
        let _ = verdicts.filter(Result::is_ok).take(WARM).count();
    }
}

/// How many signatures of each kind were accepted, and how many refused.
#[derive(Default)]
struct Counts(BTreeMap<&'static str, [u64; 2]>);

impl Counts {
    fn add(&mut self, kind: &'static str, accepted: bool) {
        self.0.entry(kind).or_default()[usize::from(!accepted)] += 1;
    }

    /// Written past the test harness, which keeps what a passing test prints to itself.
    fn print(&self, name: &str, keys: u64) {
        let total: u64 = self.0.values().flatten().sum();
        let mut text = format!("{name}: {total} signatures over {keys} keys, no difference\n");
        for (kind, [accepted, refused]) in &self.0 {
            text += &format!("  {kind:<42} {accepted:>8} accepted {refused:>8} refused\n");
        }
        write!(io::stdout(), "{text}").expect("standard output");
    }
}

/// Five thousand in the ordinary tests.
fn keys_to_try() -> u64 {
    let signatures = env::var("SIGNATURES").map_or(5000, |text| text.parse().expect("a number"));
    signatures / PER_KEY
}

/// Shows the cases of all keys to both; `cases` gives those of one key. A slow curve takes only every so many.
fn compare(name: &str, every: u64, cases: impl Fn(u64) -> (Value, Vec<Case>)) {
    let pair = Pair::of(name);
    let mut counts = Counts::default();
    let keys = keys_to_try() / every;
    for seed in 0..keys {
        let (jwk, cases) = cases(seed);
        let keys = pair.import(&jwk).expect("a good key");
        pair.heat(&keys, &cases);
        for case in cases {
            counts.add(case.kind, pair.judge(&keys, &case));
        }
    }
    counts.print(name, keys);
}
