//! What every run of the key cache must show.

use crate::client::MINUTE;
use crate::fleet::Contestant;
use crate::scenario::Scenario;
use crate::tally::Tally;

/// How long a set is fresh: after a trouble, everything is well again within this time.
const REFRESH: u64 = 10 * MINUTE;

/// Each must that does not hold, as a sentence. Models of others have none.
pub fn breaches(scenario: &Scenario, contestant: Contestant, tally: &Tally) -> Vec<String> {
    if !contestant.is_ours() {
        return Vec::new();
    }
    // A clock that jumps ends a cooldown early, makes a set in a store look as if it came from the future, and a fetch as
    // if it took too long; and it may jump after the trouble.
    let clocks_are_right = scenario.skew == 0;
    // What is wrong with the keys at hand is wrong with the provider, not with the token.
    let no_key_is_new = scenario.changes.is_empty();
    let other_codes = tally
        .refused
        .keys()
        .filter(|&&code| code != "jwks_unavailable");
    let musts = [
        (
            "tokens accepted without a good fetch that has their key",
            tally.false_accepts,
        ),
        (
            "tokens never answered",
            tally.refused.get("never answered").copied().unwrap_or(0),
        ),
        (
            "tokens refused although their key was held, and not for too long",
            if clocks_are_right {
                tally.refused_in_bound
            } else {
                0
            },
        ),
        (
            "isolates with more requests than the cooldown allows",
            if clocks_are_right {
                tally.over_cooldown
            } else {
                0
            },
        ),
        (
            "codes other than jwks_unavailable, where no key was replaced",
            if no_key_is_new {
                other_codes.count() as u64
            } else {
                0
            },
        ),
        (
            "seconds of refusals beyond one refresh interval after the trouble",
            if clocks_are_right {
                tally.recovery.saturating_sub(REFRESH).div_ceil(1000)
            } else {
                0
            },
        ),
    ];
    let broken = musts.iter().filter(|(_, count)| *count > 0);
    let sentence = |(what, count): &(&str, u64)| {
        format!("{}, {}: {count} {what}", scenario.name, contestant.name())
    };
    broken.map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet;
    use crate::scenario::SCENARIOS;

    #[test]
    fn the_key_cache_keeps_them_in_every_scenario() {
        for scenario in SCENARIOS {
            let few = Scenario {
                isolates: scenario.isolates.min(10),
                between_forged: scenario.between_forged.map(|wait| wait * 100),
                ..*scenario
            };
            for contestant in [Contestant::Ours, Contestant::OursWithStore] {
                let tally = fleet::run(&few, contestant, 2).expect("the core takes its options");
                assert!(tally.valid > 0);
                assert_eq!(breaches(&few, contestant, &tally), [""; 0]);
            }
        }
    }

    #[test]
    fn each_is_noticed_when_it_is_broken() {
        let outage = SCENARIOS.iter().find(|scenario| scenario.name == "outage");
        let outage = outage.expect("there is an outage");
        let broken = |tally: Tally| breaches(outage, Contestant::Ours, &tally).len();
        let fine = || Tally::new(outage.length);
        assert_eq!(broken(fine()), 0);
        assert_eq!(
            broken(Tally {
                false_accepts: 1,
                ..fine()
            }),
            1
        );
        assert_eq!(
            broken(Tally {
                refused_in_bound: 1,
                ..fine()
            }),
            1
        );
        assert_eq!(
            broken(Tally {
                over_cooldown: 1,
                ..fine()
            }),
            1
        );
        assert_eq!(
            broken(Tally {
                recovery: REFRESH + 1,
                ..fine()
            }),
            1
        );
        let mut wrong = fine();
        wrong.refused.insert("key_not_found", 1);
        assert_eq!(broken(wrong), 1);
        let mut silent = fine();
        silent.refused.insert("never answered", 1);
        assert_eq!(broken(silent), 2);
    }
}
