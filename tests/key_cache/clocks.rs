//! Answers that are late or lost, and clocks that go back.

use crate::world::{HOUR, MINUTE, NETWORK, SECOND, World, configured, jwks, set, time};

#[test]
fn a_lost_answer_times_out_and_comes_too_late() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE).judge("a");
    let lost = world.fetch().expect("a fetch");
    let timeout = time(world.now + 5 * SECOND);
    assert_eq!(world.cache.poll_timeout(), Some(timeout));
    world.pass(5 * SECOND - 1);
    assert_eq!(world.judge("b"), "wait");
    world.pass(1);
    assert_eq!(world.judge("b"), "jwks_unavailable");
    assert_eq!(world.failures(), ["jwks_fetch_timeout"]);
    world.handle(lost.id, set(&jwks(&["b"])));
    assert_eq!(
        (world.judge("a"), world.judge("b")),
        ("stale", "jwks_unavailable")
    );
    // The wait counts from when it timed out, whenever that is noticed.
    world.pass(HOUR);
    let fetch = world.fetch().expect("a fetch");
    world.handle(lost.id, set(&jwks(&["b"])));
    assert_eq!(world.judge("a"), "stale", "of an id that was given up");
    world.handle(fetch.id, set(&jwks(&["c"])));
    world.handle(fetch.id, set(&jwks(&["a"])));
    assert_eq!(world.judge("c"), "ready", "the second answer is ignored");
}

#[test]
fn the_wait_after_a_lost_answer_counts_from_its_timeout() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE).judge("a");
    world.fetch().expect("a fetch");
    // Nobody looks for a minute, and then somebody has waited long enough.
    world.pass(MINUTE);
    assert_eq!(world.judge("b"), "wait");
    world.answer(set(&jwks(&["b"])));
    assert_eq!(world.judge("b"), "ready");
}

#[test]
fn a_clock_turned_back_wedges_nothing() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.now -= 365 * 24 * HOUR;
    assert_eq!(world.judge("a"), "ready");
    assert_eq!(
        world.judge("b"),
        "key_not_found",
        "the cooldown begins anew, and is as long"
    );
    world.pass(30 * SECOND);
    assert_eq!(world.judge("b"), "wait");
    world.fetch().expect("a fetch");
    world.now -= HOUR;
    assert_eq!(world.judge("b"), "wait");
    world.pass(5 * SECOND);
    assert_eq!(world.judge("b"), "jwks_unavailable", "timed out");
    world.now -= HOUR;
    assert_eq!(world.judge("b"), "jwks_unavailable");
    world.pass(38 * SECOND);
    assert_eq!(world.judge("b"), "wait");
    let fetch = world.fetch().expect("a fetch");
    world.now -= HOUR;
    world.handle(fetch.id, set(&jwks(&["b"])));
    assert_eq!(world.judge("b"), "ready");
    world.now -= HOUR;
    assert_eq!(world.judge("b"), "ready");
    world.pass(10 * MINUTE);
    assert_eq!(world.judge("b"), "stale");
}

#[test]
fn a_clock_that_trembles_shortens_no_wait() {
    let mut world = World::with_keys(&configured(), &["a"]);
    for _ in 0..20_000 {
        world.now += 5;
        assert_eq!(world.judge("b"), "key_not_found");
        world.now -= 5;
        assert_eq!(world.judge("b"), "key_not_found");
    }
}

#[test]
fn it_is_idle_when_there_is_neither_a_fetch_nor_an_event() {
    let mut world = World::with_keys(&configured(), &["a"]);
    assert!(!world.cache.is_idle(time(world.now)), "an event");
    world.events();
    assert!(world.cache.is_idle(time(world.now)));
    assert_eq!(world.pass(MINUTE).judge("b"), "wait");
    world.events();
    assert!(!world.cache.is_idle(time(world.now)), "a fetch");
    let fetch = world.fetch().expect("a fetch");
    world.events();
    assert!(world.cache.is_idle(time(world.now)), "under way");
    world.pass(5 * SECOND);
    assert!(!world.cache.is_idle(time(world.now)), "timed out");
    world.handle(fetch.id, NETWORK);
}
