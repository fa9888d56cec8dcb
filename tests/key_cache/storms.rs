//! What happens to providers and users on bad days.

use std::collections::BTreeMap;

use idtoken::key_cache::Event;

use crate::world::{HOUR, MINUTE, NETWORK, SECOND, World, configured, jwks, options, set, time};

#[test]
fn a_flood_of_unknown_kids_is_one_fetch_a_cooldown() {
    let mut world = World::with_keys(&configured(), &["a"]);
    let (started, mut fetches, mut verdicts) = (world.now, 0, BTreeMap::new());
    world.pass(MINUTE);
    for nth in 0..100_000 {
        // 1,000 a second.
        world.pass(1);
        *verdicts.entry(world.judge(&format!("x{nth}"))).or_insert(0) += 1;
        if nth % 100 == 0 {
            assert_eq!(world.judge("a"), "ready", "nobody else notices");
        }
        if let Some(fetch) = world.fetch() {
            fetches += 1;
            world.pass(50);
            world.handle(fetch.id, set(&jwks(&["a"])));
        }
        assert!(
            verdicts
                .keys()
                .all(|verdict| ["wait", "key_not_found"].contains(verdict))
        );
    }
    assert!(fetches >= 2);
    assert!(
        fetches <= 1 + (world.now - started) / (30 * SECOND),
        "{fetches}"
    );
    let mut told = 0;
    while world.cache.poll_event().is_some() {
        told += 1;
    }
    assert!(told <= 32);
}

#[test]
fn a_flood_while_the_provider_is_down_is_even_less() {
    let mut world = World::with_keys(&configured(), &["a"]);
    let mut fetches = 0;
    world.pass(MINUTE);
    for nth in 0..3600 {
        world.pass(SECOND);
        let verdict = world.judge(&format!("x{nth}"));
        assert!(["wait", "jwks_unavailable"].contains(&verdict), "{verdict}");
        if let Some(fetch) = world.fetch() {
            world.handle(fetch.id, NETWORK);
            fetches += 1;
        }
    }
    // 0, 30, 90, 210 s, and then one every 4 to 5 minutes.
    assert!((14..=20).contains(&fetches), "{fetches}");
}

/// Traffic every second through an outage; what tokens of the known key were told.
fn outage(options: &str, length: u64) -> (Vec<&'static str>, World) {
    let mut world = World::with_keys(&crate::world::options(options), &["a"]);
    let mut told = Vec::new();
    for _ in 0..length / SECOND {
        world.pass(SECOND);
        told.push(world.judge("a"));
        if let Some(fetch) = world.fetch() {
            world.handle(fetch.id, NETWORK);
        }
    }
    (told, world)
}

const URI: &str = r#""jwksUri":"https://idp.example/keys""#;

#[test]
fn an_hour_of_outage_refuses_nobody() {
    let (told, mut world) = outage(&format!("{{{URI}}}"), HOUR);
    assert!(
        told.iter()
            .all(|verdict| ["ready", "stale"].contains(verdict))
    );
    assert!(told.contains(&"stale"));
    // The provider is back, with another key.
    let back = world.now;
    while world.judge("a") != "key_not_found" {
        world.pass(SECOND);
        if let Some(fetch) = world.fetch() {
            world.handle(fetch.id, set(&jwks(&["b"])));
        }
    }
    assert!(world.now - back <= 5 * MINUTE, "{}", world.now - back);
    assert_eq!(world.judge("b"), "ready");
}

#[test]
fn an_outage_beyond_the_bound_is_503_and_ends_by_itself() {
    let (told, mut world) = outage(&format!(r#"{{{URI},"staleIfError":1200000}}"#), HOUR);
    let (within, beyond) = told.split_at(30 * 60 - 1);
    assert!(
        within
            .iter()
            .all(|verdict| ["ready", "stale"].contains(verdict))
    );
    assert!(
        beyond
            .iter()
            .all(|verdict| ["wait", "jwks_unavailable"].contains(verdict))
    );
    assert!(beyond.iter().filter(|verdict| **verdict == "wait").count() < 10);
    let back = world.now;
    while world.judge("a") != "ready" {
        world.pass(SECOND);
        if let Some(fetch) = world.fetch() {
            world.handle(fetch.id, set(&jwks(&["a"])));
        }
    }
    assert!(world.now - back <= 5 * MINUTE, "{}", world.now - back);
}

#[test]
fn a_sudden_rotation_is_one_more_fetch() {
    let mut world = World::with_keys(&configured(), &["old"]);
    let mut fetches = 0;
    for second in 0..500 {
        world.pass(SECOND);
        let kid = if second < 250 { "old" } else { "new" };
        for _ in 0..10 {
            let verdict = world.judge(kid);
            assert!(["ready", "wait"].contains(&verdict), "{verdict}");
        }
        if let Some(fetch) = world.fetch() {
            fetches += 1;
            world.handle(fetch.id, set(&jwks(&["new"])));
        }
    }
    assert_eq!((fetches, world.judge("new")), (1, "ready"));
    assert_eq!(
        world.judge("old"),
        "wait",
        "it may come back, and that is looked for once"
    );
}

#[test]
fn a_key_in_use_before_it_is_published_is_found_in_the_end() {
    let mut world = World::with_keys(&configured(), &["old"]);
    let mut first = None;
    for second in 60..660 {
        world.pass(SECOND);
        let published: &[&str] = if second < 90 {
            &["old"]
        } else {
            &["old", "new"]
        };
        if world.judge("new") == "ready" {
            first.get_or_insert(second);
        }
        if let Some(fetch) = world.fetch() {
            world.handle(fetch.id, set(&jwks(published)));
        }
    }
    let first = first.expect("found");
    assert!((90..=90 + 5 * 60).contains(&first), "{first}");
}

#[test]
fn ten_thousand_instances_do_not_come_back_at_one_time() {
    let mut retries = BTreeMap::new();
    let policy = crate::world::policy();
    for seed in 0..10_000 {
        let mut world = World::new(&configured());
        world.cache = idtoken::key_cache::KeyCache::new(
            &policy,
            &options(&format!("{{{URI}}}")),
            idtoken::alg::ALL,
            seed,
        )
        .expect("cache");
        for _ in 0..2 {
            world.cache.want(time(world.now));
            world.answer(NETWORK);
            world.cache.want(time(world.now));
            world.now = world.cache.poll_timeout().expect("due").as_millis();
        }
        *retries.entry(world.now / SECOND).or_insert(0) += 1;
    }
    let most = retries.values().max().expect("some");
    assert!(retries.len() >= 20 && *most < 1_000, "{retries:?}");
}

#[test]
fn a_key_that_is_swapped_under_its_name_is_told() {
    let mut world = World::with_keys(&configured(), &["a", "b"]);
    world.events();
    world.pass(10 * MINUTE);
    assert_eq!(world.judge("a"), "stale");
    // The key of RFC 7517 appendix A.1 in the place of the first.
    let (x, y) = (
        "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    );
    let swapped = jwks(&["a", "b"])
        .replacen("axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", x, 1)
        .replacen("T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU", y, 1);
    world.answer(set(&swapped));
    let rotated = Event::Rotated {
        added: 1,
        removed: 1,
    };
    assert!(world.events().contains(&rotated));
}
