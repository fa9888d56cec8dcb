//! Answers that another cache of the issuer has fetched.

use idtoken::key_cache::{Event, Outcome};

use crate::world::{MINUTE, NETWORK, SECOND, World, configured, jwks, options, set, time};

/// Takes over an answer that came just now, to a fetch that took so long.
fn adopt(world: &mut World, outcome: Outcome<'_>, took: u64) {
    let now = time(world.now);
    world.cache.adopt(outcome, time(world.now - took), now, now);
}

#[test]
fn it_is_as_good_as_one_of_its_own() {
    let mut world = World::new(&configured());
    adopt(&mut world, set(&jwks(&["a"])), 50);
    assert_eq!(world.judge("a"), "ready");
    assert!(world.fetch().is_none());
    assert_eq!(
        world.events(),
        [Event::Refreshed {
            keys: 1,
            skipped: 0
        }]
    );
    // The cooldown has begun.
    assert_eq!(world.judge("b"), "key_not_found");
    assert_eq!(world.pass(30 * SECOND).judge("b"), "wait");
    // And freshness, from when it came.
    world.answer(set(&jwks(&["a"])));
    world.pass(5 * MINUTE);
    let now = time(world.now);
    let came = time(world.now - MINUTE);
    world.cache.adopt(set(&jwks(&["a"])), came, came, now);
    assert_eq!(world.pass(9 * MINUTE - 1).judge("a"), "ready");
    assert_eq!(world.pass(1).judge("a"), "stale");
}

#[test]
fn it_says_nothing_of_keys_that_were_asked_for_after_it_began() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(MINUTE);
    assert_eq!(world.judge("early"), "wait");
    world.pass(1);
    let began = time(world.now);
    world.pass(1);
    assert_eq!(world.judge("late"), "wait");
    world.pass(1);
    let now = time(world.now);
    world.cache.adopt(set(&jwks(&["a"])), began, now, now);
    world.pass(30 * SECOND);
    assert_eq!(world.judge("early"), "key_not_found");
    assert!(world.fetch().is_none());
    assert_eq!(world.judge("late"), "wait");
    world.answer(set(&jwks(&["a", "late"])));
    assert_eq!(world.judge("late"), "ready");
}

#[test]
fn it_takes_the_place_of_the_fetch_under_way() {
    let mut world = World::new(&configured());
    world.cache.want(time(world.now));
    let fetch = world.fetch().expect("a fetch");
    world.pass(10);
    adopt(&mut world, set(&jwks(&["a"])), 10);
    world.handle(fetch.id, set(&jwks(&["old"])));
    assert_eq!(world.judge("a"), "ready");
    assert_eq!(world.judge("old"), "key_not_found");
}

#[test]
fn its_failures_count_as_well() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(11 * MINUTE);
    adopt(&mut world, NETWORK, 10);
    assert_eq!(world.failures(), ["jwks_fetch_network"]);
    assert_eq!(world.judge("b"), "jwks_unavailable");
    assert_eq!(world.judge("a"), "stale");
    assert!(world.fetch().is_none());
}

#[test]
fn one_that_is_older_than_the_last_refresh_changes_nothing() {
    let mut world = World::with_keys(&configured(), &["a"]);
    let then = time(world.now - 1);
    let now = time(world.now);
    world.cache.adopt(set(&jwks(&["old"])), then, then, now);
    assert_eq!(world.judge("a"), "ready");
}

#[test]
fn one_that_is_older_than_a_snapshot_at_hand_changes_nothing() {
    let snapshot = World::with_keys(&configured(), &["a"]).cache.snapshot();
    let mut world = World::new(&configured());
    let now = time(world.now);
    assert_eq!(
        world.cache.restore(&snapshot.expect("a set"), now),
        Ok(true)
    );
    let then = time(world.now - 1);
    world.cache.adopt(set(&jwks(&["old"])), then, then, now);
    assert_eq!(world.judge("a"), "ready");
}

#[test]
fn nothing_is_taken_over_before_the_address_is_known() {
    let mut world = World::new(&options("{}"));
    adopt(&mut world, set(&jwks(&["a"])), 10);
    assert_eq!(world.judge("a"), "wait");
}
