//! What happens: to keys, to providers, to isolates; and who asks for what.

use crate::client::{HOUR, MINUTE, Millis, SECOND};
use crate::world::{Change, Fault, Trouble};

#[derive(Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    /// One sentence, for the report.
    pub about: &'static str,
    pub length: Millis,
    pub isolates: u64,
    /// How long an isolate lives, on average; `None`: from the first minutes to the end.
    pub life: Option<Millis>,
    pub providers: usize,
    /// Between two users' tokens at one isolate, on average.
    pub between_tokens: Millis,
    /// When, to which provider's keys, what. Key 0 is published and signs from the start.
    pub changes: &'static [(Millis, usize, Change)],
    pub faults: &'static [Fault],
    /// How far a clock may be off, either way; a quarter of the clocks also jump once, by up to this.
    pub skew: Millis,
    /// Between two tokens of whoever stole key 0, from its withdrawal on.
    pub between_stolen: Option<Millis>,
    /// Between two tokens with made-up keys.
    pub between_forged: Option<Millis>,
    /// When the trouble ends: refusals after this count for the recovery.
    pub mended: Millis,
}

const ALL_DOWN: &[(Trouble, f64)] = &[(Trouble::Down, 0.5), (Trouble::Hang, 0.5)];
const FLAKY: &[(Trouble, f64)] = &[
    (Trouble::Hang, 0.15),
    (Trouble::Error, 0.2),
    (Trouble::Truncated, 0.15),
    (Trouble::Slow, 0.2),
];

const PLAIN: Scenario = Scenario {
    name: "",
    about: "",
    length: 2 * HOUR,
    isolates: 10_000,
    life: Some(30 * MINUTE),
    providers: 1,
    between_tokens: 30 * SECOND,
    changes: &[],
    faults: &[],
    skew: 0,
    between_stolen: None,
    between_forged: None,
    mended: 0,
};

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "announced",
        about: "A rotation as it should be: the new key is published at 1:00, signs from 2:00, and the old one leaves at 3:00.",
        length: 4 * HOUR,
        changes: &[
            (HOUR, 0, Change::Publish(&[0, 1])),
            (2 * HOUR, 0, Change::Sign(1)),
            (3 * HOUR, 0, Change::Withdraw(0)),
            (3 * HOUR, 0, Change::Publish(&[1])),
        ],
        mended: 2 * HOUR,
        ..PLAIN
    },
    Scenario {
        name: "sudden",
        about: "A key is stolen: at 1:00 it is withdrawn and another one signs at once; the thief goes on.",
        changes: &[
            (HOUR, 0, Change::Withdraw(0)),
            (HOUR, 0, Change::Publish(&[1])),
            (HOUR, 0, Change::Sign(1)),
        ],
        between_stolen: Some(2 * MINUTE),
        mended: HOUR,
        ..PLAIN
    },
    Scenario {
        name: "quiet",
        about: "As sudden, but hardly anybody comes: a token an hour, and the thief's as often, for 12 hours.",
        length: 12 * HOUR,
        isolates: 2000,
        life: None,
        between_tokens: HOUR,
        changes: &[
            (HOUR, 0, Change::Withdraw(0)),
            (HOUR, 0, Change::Publish(&[1])),
            (HOUR, 0, Change::Sign(1)),
        ],
        between_stolen: Some(HOUR),
        mended: HOUR,
        ..PLAIN
    },
    Scenario {
        name: "unannounced",
        about: "The new key signs from 1:00, but is published 90 seconds later.",
        changes: &[
            (HOUR, 0, Change::Sign(1)),
            (HOUR + 90 * SECOND, 0, Change::Publish(&[0, 1])),
        ],
        mended: HOUR + 90 * SECOND,
        ..PLAIN
    },
    Scenario {
        name: "outage",
        about: "The provider is down from 1:00 to 2:00: half of the connections are refused, half hang. Isolates that start meanwhile have no keys, unless a store has them.",
        length: 3 * HOUR,
        faults: &[Fault {
            provider: 0,
            from: HOUR,
            until: 2 * HOUR,
            kinds: ALL_DOWN,
        }],
        mended: 2 * HOUR,
        ..PLAIN
    },
    Scenario {
        name: "long-outage",
        about: "The provider is down for 26 hours, from 1:00 on: longer than a stale set may be used. The isolates live on; there are 500.",
        length: 29 * HOUR,
        isolates: 500,
        life: None,
        faults: &[Fault {
            provider: 0,
            from: HOUR,
            until: 27 * HOUR,
            kinds: ALL_DOWN,
        }],
        mended: 27 * HOUR,
        ..PLAIN
    },
    Scenario {
        name: "flaky",
        about: "From 0:30 to 1:30 seven of ten requests hang, fail with 500, are cut short or are slow; at 1:00 the key is replaced without notice.",
        changes: &[
            (HOUR, 0, Change::Publish(&[0, 1])),
            (HOUR, 0, Change::Sign(1)),
        ],
        faults: &[Fault {
            provider: 0,
            from: 30 * MINUTE,
            until: 90 * MINUTE,
            kinds: FLAKY,
        }],
        mended: 90 * MINUTE,
        ..PLAIN
    },
    Scenario {
        name: "clocks",
        about: "Clocks are up to 5 minutes off, and a quarter of them jump once by as much; the key is replaced without notice at 0:45, and the provider is down from 1:00 to 1:15.",
        changes: &[
            (45 * MINUTE, 0, Change::Publish(&[0, 1])),
            (45 * MINUTE, 0, Change::Sign(1)),
        ],
        faults: &[Fault {
            provider: 0,
            from: HOUR,
            until: 75 * MINUTE,
            kinds: ALL_DOWN,
        }],
        skew: 5 * MINUTE,
        mended: 75 * MINUTE,
        ..PLAIN
    },
    Scenario {
        name: "two-providers",
        about: "Two issuers, 5,000 isolates: one is down from 0:30 to 1:30, the other replaces its key without notice at 1:00.",
        isolates: 5000,
        providers: 2,
        changes: &[
            (HOUR, 1, Change::Publish(&[0, 1])),
            (HOUR, 1, Change::Sign(1)),
        ],
        faults: &[Fault {
            provider: 0,
            from: 30 * MINUTE,
            until: 90 * MINUTE,
            kinds: ALL_DOWN,
        }],
        mended: 90 * MINUTE,
        ..PLAIN
    },
    Scenario {
        name: "flood",
        about: "An attacker sends 28 tokens with made-up key names a second to each of 20 isolates, 100,000 an hour; the key is replaced without notice at 0:30.",
        length: HOUR,
        isolates: 20,
        life: None,
        between_tokens: 2 * SECOND,
        changes: &[
            (30 * MINUTE, 0, Change::Publish(&[0, 1])),
            (30 * MINUTE, 0, Change::Sign(1)),
        ],
        between_forged: Some(36),
        mended: 30 * MINUTE,
        ..PLAIN
    },
];

impl Scenario {
    /// The sets that a provider publishes, and from when on.
    pub fn published(&self, provider: usize) -> Vec<(Millis, &'static [usize])> {
        let later = self.changes.iter().filter_map(|change| match change {
            (at, whose, Change::Publish(keys)) if *whose == provider => Some((*at, *keys)),
            _ => None,
        });
        std::iter::once((0, &[0][..])).chain(later).collect()
    }

    /// The key a provider signs with.
    pub fn signing_key(&self, provider: usize, at: Millis) -> usize {
        let mut key = 0;
        for (from, whose, change) in self.changes {
            if let Change::Sign(new) = change
                && *whose == provider
                && *from <= at
            {
                key = *new;
            }
        }
        key
    }

    /// Since when a provider no longer stands by a key.
    pub fn withdrawn(&self, provider: usize, key: usize) -> Option<Millis> {
        let mut changes = self.changes.iter();
        changes.find_map(|(at, whose, change)| match change {
            Change::Withdraw(old) if *whose == provider && *old == key => Some(*at),
            _ => None,
        })
    }

    /// When tokens begin to be signed with another key.
    pub fn rotations(&self) -> impl Iterator<Item = Millis> {
        let mut changes = self.changes.iter();
        std::iter::from_fn(move || {
            changes.find_map(|(at, _, change)| matches!(change, Change::Sign(_)).then_some(*at))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_holds_from_its_instant_on() {
        let announced = &SCENARIOS[0];
        assert_eq!(announced.signing_key(0, 2 * HOUR - 1), 0);
        assert_eq!(announced.signing_key(0, 2 * HOUR), 1);
        assert_eq!(announced.withdrawn(0, 0), Some(3 * HOUR));
        assert_eq!(announced.withdrawn(0, 1), None);
        assert_eq!(announced.published(0).len(), 3);
        assert_eq!(announced.rotations().collect::<Vec<_>>(), [2 * HOUR]);
    }

    #[test]
    fn a_key_signs_only_while_it_is_not_withdrawn() {
        for scenario in SCENARIOS {
            for provider in 0..scenario.providers {
                let key = scenario.signing_key(provider, scenario.length);
                assert_eq!(scenario.withdrawn(provider, key), None, "{}", scenario.name);
            }
        }
    }
}
