//! One test a row of the table in docs/keys.md.

use idtoken::key_cache::{Event, Lookup};
use idtoken::{Expectations, Nonce, Policy, Verifier};

use crate::world::{
    DISCOVERY, HOUR, JWKS, JWKS_URI, MINUTE, NETWORK, SECOND, World, configured, jwks, ok, options,
    set, time, token_with,
};

#[test]
fn empty_waits_for_one_fetch_and_is_fresh_after_it() {
    let mut world = World::new(&configured());
    assert!(world.fetch().is_none());
    assert_eq!(world.judge("a"), "wait");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!((fetch.kind, &*fetch.url), (JWKS, JWKS_URI));
    assert_eq!((fetch.max_bytes, fetch.timeout), (256 * 1024, 5 * SECOND));
    assert_eq!(fetch.if_none_match, None);
    assert_eq!(world.judge("a"), "wait");
    assert!(world.fetch().is_none());
    world.handle(fetch.id, set(&jwks(&["a", "b"])));
    assert_eq!(world.judge("a"), "ready");
    assert!(world.fetch().is_none());
    assert_eq!(
        world.events(),
        [
            Event::FetchStarted { kind: JWKS },
            Event::Refreshed {
                keys: 2,
                skipped: 0
            }
        ]
    );
}

#[test]
fn fresh_fetches_nothing_until_it_ends() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE - 1);
    assert_eq!(world.judge("a"), "ready");
    world.cache.want(time(world.now));
    assert!(world.fetch().is_none());
    assert_eq!(world.cache.poll_timeout(), None);
    world.pass(1);
    assert!(world.fetch().is_none(), "without traffic nothing is due");
    assert_eq!(world.judge("a"), "stale");
    assert_eq!(world.cache.poll_timeout(), Some(time(world.now)));
    world.answer(set(&jwks(&["a"])));
    assert_eq!(world.judge("a"), "ready");
}

#[test]
fn want_keeps_it_fresh_without_a_token() {
    let mut world = World::with_keys(&configured(), &["a"]);
    let mut fetches = 0;
    for _ in 0..3600 {
        world.pass(SECOND);
        world.cache.want(time(world.now));
        if let Some(fetch) = world.fetch() {
            world.handle(fetch.id, set(&jwks(&["a"])));
            fetches += 1;
        }
        assert_eq!(world.judge("a"), "ready");
    }
    assert_eq!(fetches, 6);
}

#[test]
fn after_a_quiet_night_the_provider_is_asked_first() {
    let night = || {
        let mut world = World::with_keys(&configured(), &["a", "b"]);
        world.pass(15 * MINUTE - 1);
        assert_eq!(world.judge("a"), "stale", "nobody waits so soon");
        world.pass(1);
        assert_eq!(world.judge("a"), "wait");
        world
    };
    let mut world = night();
    world.answer(set(&jwks(&["b"])));
    assert_eq!(world.judge("a"), "key_not_found", "it was removed");
    assert_eq!(world.judge("b"), "ready");

    let mut world = night();
    world.answer(NETWORK);
    assert_eq!(world.judge("a"), "stale", "better than none");
    world.pass(HOUR);
    assert_eq!(world.judge("a"), "stale", "in an outage nobody waits");
    assert!(world.fetch().is_some());
    assert_eq!(world.judge("a"), "stale", "nor while a fetch is under way");
}

#[test]
fn stale_is_served_for_a_bounded_time_and_then_refused() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE);
    assert_eq!(world.judge("a"), "stale");
    world.answer(NETWORK);
    assert_eq!(world.judge("a"), "stale");
    assert!(
        world.fetch().is_none(),
        "the cooldown counts after failures"
    );
    world.pass(24 * HOUR - 1);
    assert_eq!(world.judge("a"), "stale");
    world.pass(1);
    assert_eq!(world.judge("a"), "wait");
    world.answer(NETWORK);
    for _ in 0..3 {
        assert_eq!(world.judge("a"), "jwks_unavailable");
    }
    assert!(world.cache.keys(time(world.now)).is_none());
    let told = world.events();
    let count = |event: &Event| told.iter().filter(|other| *other == event).count();
    assert_eq!(
        (count(&Event::StaleServed), count(&Event::Unavailable)),
        (1, 1)
    );
    world.pass(5 * MINUTE);
    assert_eq!(world.judge("a"), "wait");
    world.answer(set(&jwks(&["a"])));
    assert_eq!(world.judge("a"), "ready");
}

#[test]
fn the_reason_of_an_outage_is_the_hint() {
    let mut world = World::new(&configured());
    assert_eq!(world.judge("a"), "wait");
    world.answer(NETWORK);
    let Lookup::Unavailable(rejection) = world.lookup("a") else {
        panic!("keys from nowhere");
    };
    assert_eq!(rejection.hint(), Some("jwks_fetch_network"));
}

#[test]
fn failures_wait_twice_as_long_each_time_but_five_minutes_at_most() {
    let mut world = World::new(&configured());
    let mut waits = Vec::new();
    for _ in 0..12 {
        world.cache.want(time(world.now));
        world.answer(NETWORK);
        world.cache.want(time(world.now));
        let next = world.cache.poll_timeout().expect("due").as_millis();
        waits.push(next - world.now);
        world.now = next - 1;
        assert!(world.fetch().is_none());
        world.pass(1);
    }
    for (wait, least) in waits.iter().zip([30, 60, 120, 240, 240, 240, 240, 240]) {
        let range = least * SECOND..=(least * SECOND * 5 / 4).min(5 * MINUTE);
        assert!(range.contains(wait), "{waits:?}");
    }
    assert!(
        waits[4..].windows(2).any(|pair| pair[0] != pair[1]),
        "{waits:?}"
    );
}

#[test]
fn an_unknown_kid_causes_one_fetch_and_is_then_known_to_be_absent() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.events();
    world.pass(MINUTE);
    assert_eq!(world.judge("x"), "wait");
    assert_eq!(world.judge("x"), "wait");
    assert_eq!(world.judge("a"), "ready", "others do not wait");
    world.answer(set(&jwks(&["a"])));
    assert!(world.events().contains(&Event::UnknownKey));
    // The cooldown is over, and still nothing is fetched for it.
    for _ in 0..2 {
        assert_eq!(world.judge("x"), "key_not_found");
        world.pass(29 * SECOND);
        assert!(world.fetch().is_none());
    }
    assert_eq!(world.judge("x"), "key_not_found");
    assert_eq!(world.judge("y"), "wait", "another one is another matter");
    world.answer(set(&jwks(&["a"])));
    world.pass(MINUTE);
    assert_eq!(world.judge("x"), "wait", "after a minute it is forgotten");
}

#[test]
fn a_kid_is_not_called_absent_by_a_fetch_that_was_under_way() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE);
    assert_eq!(world.judge("a"), "stale");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(world.judge("b"), "wait");
    world.handle(fetch.id, set(&jwks(&["a"])));
    assert_eq!(world.judge("b"), "key_not_found", "the cooldown");
    assert!(world.fetch().is_none());
    world.pass(30 * SECOND);
    assert_eq!(world.judge("b"), "wait");
    world.answer(set(&jwks(&["a", "b"])));
    assert_eq!(world.judge("b"), "ready");
}

#[test]
fn an_unknown_kid_that_cannot_be_looked_for_is_unavailable() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(MINUTE);
    assert_eq!(world.judge("b"), "wait");
    world.answer(NETWORK);
    assert_eq!(world.judge("b"), "jwks_unavailable", "it may be a new key");
    assert_eq!(world.judge("a"), "ready");
    world.pass(38 * SECOND);
    assert_eq!(world.judge("b"), "wait");
    world.answer(set(&jwks(&["a", "b"])));
    assert_eq!(world.judge("b"), "ready");
}

#[test]
fn a_removed_key_stops_working_and_a_new_one_starts() {
    let mut world = World::with_keys(&configured(), &["a", "b"]);
    let old = world
        .cache
        .keys(time(world.now))
        .expect("keys")
        .generation();
    world.pass(10 * MINUTE);
    assert_eq!(world.judge("a"), "stale");
    world.answer(set(&jwks(&["b", "c", "d"])));
    assert_eq!(world.judge("a"), "key_not_found");
    assert_eq!(world.judge("c"), "ready");
    let rotated = Event::Rotated {
        added: 2,
        removed: 1,
    };
    assert!(world.events().contains(&rotated));
    let new = world
        .cache
        .keys(time(world.now))
        .expect("keys")
        .generation();
    assert!(new > old);
}

#[test]
fn the_same_text_is_the_same_set() {
    let mut world = World::with_keys(&configured(), &["a"]);
    let before = world.cache.keys(time(world.now)).expect("keys");
    world.pass(10 * MINUTE).judge("a");
    world.answer(set(&jwks(&["a"])));
    let after = world.cache.keys(time(world.now)).expect("keys");
    assert!(std::sync::Arc::ptr_eq(before.set(), after.set()));
    assert_eq!(before.generation(), after.generation());
}

#[test]
fn a_bad_set_never_replaces_a_good_one() {
    for (bad, code) in [
        ("", "jwks_invalid"),
        ("{}", "jwks_invalid"),
        ("<html>", "jwks_invalid"),
        (r#"{"keys":[]}"#, "jwks_no_usable_key"),
        (
            r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
            "jwks_no_usable_key",
        ),
        (
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}"#,
            "jwks_no_usable_key",
        ),
    ] {
        let mut world = World::with_keys(&configured(), &["a"]);
        world.pass(10 * MINUTE).judge("a");
        world.failures();
        world.answer(set(bad));
        assert_eq!(world.judge("a"), "stale", "{bad}");
        assert_eq!(world.failures(), [code], "{bad}");
    }
}

#[test]
fn a_good_answer_is_for_all_who_asked() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE).judge("a");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(world.judge("a"), "stale");
    world.handle(fetch.id, set(&jwks(&["a"])));
    assert_eq!(world.cache.poll_timeout(), None);
    world.pass(MINUTE);
    assert!(world.fetch().is_none(), "it is fresh");
}

#[test]
fn events_that_nobody_reads_are_bounded() {
    let mut world = World::with_keys(&configured(), &["a"]);
    for _ in 0..100 {
        world.pass(10 * MINUTE).judge("a");
        world.answer(set(&jwks(&["a"])));
    }
    let events = world.events();
    assert_eq!(events.len(), 32);
    let last = Event::Refreshed {
        keys: 1,
        skipped: 0,
    };
    assert_eq!(events.last(), Some(&last), "the newest are kept");
}

#[test]
fn tokens_that_are_refused_anyway_ask_for_nothing() {
    let header = r#"{"alg":"ES256","kid":"b"}"#;
    let (issuer, other) = ("https://idp.example", "https://evil.example");
    let good = token_with(header, issuer);
    let cases = [
        (String::new(), "token_missing"),
        ("abc".into(), "token_segments"),
        (format!("{good}."), "token_segments"),
        (format!("{good} "), "token_format"),
        (token_with("{", issuer), "json_syntax"),
        (token_with(r#"{"alg":"none"}"#, issuer), "alg_none"),
        (token_with(r#"{"kid":"b"}"#, issuer), "alg_missing"),
        (
            token_with(r#"{"alg":"ES256","kid":""}"#, issuer),
            "kid_invalid",
        ),
        (
            token_with(r#"{"alg":"ES256","typ":"at+jwt"}"#, issuer),
            "kind_access_token",
        ),
        (token_with(header, other), "iss_mismatch"),
        (
            token_with(r#"{"alg":"RS256","kid":"b"}"#, issuer),
            "alg_not_allowed",
        ),
        (
            token_with(r#"{"alg":"HS256","kid":"b"}"#, issuer),
            "alg_not_allowed",
        ),
    ];
    let cold = World::new(&configured());
    let warm = World::with_keys(&configured(), &["a"]);
    let keys = warm.cache.keys(time(warm.now)).expect("keys");
    let expectations = Expectations::at(time(warm.now).to_time()).nonce(Nonce::NotChecked);
    for (raw, code) in cases {
        assert_eq!(cold.request(&raw).expect_err(&raw).name(), code);
        let verdict = Verifier::new(&warm.policy).verify(&raw, &keys, &expectations);
        assert_eq!(
            verdict.expect_err(&raw).code().name(),
            code,
            "the same with keys"
        );
    }
    assert!(cold.request(&good).is_ok());
}

#[test]
fn a_key_of_another_algorithm_is_no_reason_to_fetch() {
    let mut world = World::with_keys(&configured(), &["a"]);
    world.policy = Policy::builder("https://idp.example", "client")
        .algorithms(["ES256", "RS256"])
        .build()
        .expect("policy");
    world.pass(MINUTE);
    for header in [r#"{"alg":"RS256","kid":"a"}"#, r#"{"alg":"ES256"}"#] {
        let request = world.request(&token_with(header, "https://idp.example"));
        let lookup = world
            .cache
            .lookup(&request.expect("request"), time(world.now));
        assert!(matches!(lookup, Lookup::Ready(_)), "{header}");
    }
    let no_kid = token_with(r#"{"alg":"RS256"}"#, "https://idp.example");
    let request = world.request(&no_kid).expect("request");
    let lookup = world.cache.lookup(&request, time(world.now));
    assert!(
        matches!(lookup, Lookup::Wait),
        "no key of the set could be it"
    );
}

#[test]
fn a_refresh_with_discovery_is_two_fetches() {
    let mut world = World::new(&options("{}"));
    assert_eq!(world.judge("a"), "wait");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(fetch.kind, DISCOVERY);
    let body = format!(r#"{{"issuer":"https://idp.example","jwks_uri":"{JWKS_URI}"}}"#);
    world.handle(fetch.id, set(&body));
    assert_eq!(world.judge("a"), "wait");
    assert_eq!(world.cache.poll_timeout(), Some(time(world.now)));
    let fetch = world.fetch().expect("a fetch");
    assert_eq!((fetch.kind, &*fetch.url), (JWKS, JWKS_URI));
    assert!(world.fetch().is_none());
    world.handle(
        fetch.id,
        idtoken::key_cache::Outcome::Response(ok(&jwks(&["a"]))),
    );
    assert_eq!(world.judge("a"), "ready");
}
