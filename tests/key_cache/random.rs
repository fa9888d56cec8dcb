//! Random sequences of everything that can happen, against a model.
//!
//! `KEY_CACHE_EVENTS=1000000 cargo test --release --test key_cache random` runs longer ones.

use crate::model::Run;

fn run(seed: u64, events: u64, with_discovery: bool, is_monotone: bool) -> Run {
    let mut run = Run::new(seed, with_discovery, is_monotone);
    for nth in 1..=events {
        run.step();
        if nth % 1_000 == 0 {
            run.settle();
        }
    }
    run
}

fn events() -> u64 {
    let wanted = std::env::var("KEY_CACHE_EVENTS").ok();
    wanted.map_or(10_000, |number| number.parse().expect("a number"))
}

#[test]
fn random_events_break_no_rule() {
    for (seed, with_discovery) in [(1, false), (2, true), (3, false), (4, true)] {
        let run = run(seed, events(), with_discovery, true);
        // The run has been everywhere.
        let adopted = ["adopted"].into_iter().filter(|_| !with_discovery);
        for what in adopted.chain([
            "ready",
            "stale",
            "wait",
            "jwks_unavailable",
            "fetch",
            "refreshed",
            "not modified",
            "failed",
            "timed out",
            "late",
            "rotation",
            "snapshot",
        ]) {
            assert!(
                run.counts.contains_key(what),
                "never {what}: {:?}",
                run.counts
            );
        }
    }
}

#[test]
fn random_events_with_a_clock_that_goes_back_break_no_rule() {
    for (seed, with_discovery) in [(5, false), (6, true)] {
        let run = run(seed, events(), with_discovery, false);
        assert!(run.counts["clock turned back"] > 0);
    }
}

#[test]
fn random_events_are_the_same_for_the_same_seed() {
    let trace = |seed| run(seed, events(), true, true).trace;
    assert_eq!(trace(7), trace(7));
    assert_ne!(trace(7), trace(8));
}
