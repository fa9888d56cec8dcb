//! What an answer is worth (rule R119), and how long it is fresh.

use idtoken::key_cache::{Event, Failure, Outcome, Response};

use crate::world::{HOUR, MINUTE, SECOND, World, configured, jwks, ok, set, time};

fn verdict(outcome: Outcome<'_>) -> Vec<&'static str> {
    let mut world = World::new(&configured());
    world.judge("a");
    world.answer(outcome);
    let failures = world.failures();
    assert_eq!(world.judge("a") == "ready", failures.is_empty());
    failures
}

#[test]
fn only_200_is_good() {
    let body = jwks(&["a"]);
    for status in [
        0, 100, 201, 204, 206, 304, 400, 401, 403, 404, 429, 500, 503, 600,
    ] {
        let response = Response {
            status,
            ..ok(&body)
        };
        assert_eq!(
            verdict(Outcome::Response(response)),
            ["jwks_fetch_status"],
            "{status}"
        );
    }
    for status in [300, 301, 302, 303, 307, 308] {
        let response = Response {
            status,
            ..ok(&body)
        };
        assert_eq!(
            verdict(Outcome::Response(response)),
            ["jwks_fetch_redirect"],
            "{status}"
        );
    }
}

#[test]
fn only_json_is_good() {
    let body = jwks(&["a"]);
    for (content_type, is_good) in [
        (Some("application/json"), true),
        (Some("application/json; charset=utf-8"), true),
        (Some("Application/JSON ;charset=UTF-8"), true),
        (Some("application/jwk-set+json"), true),
        (Some("application/jwk-set+json;a=b"), true),
        (Some("text/plain"), false),
        (Some("text/html"), false),
        (Some("text/json"), false),
        (Some("application/problem+json"), false),
        (Some("application/json2"), false),
        (Some("text/html;application/json"), false),
        (Some(""), false),
        (None, false),
    ] {
        let response = Response {
            content_type,
            ..ok(&body)
        };
        let expected: &[&str] = if is_good { &[] } else { &["jwks_fetch_type"] };
        assert_eq!(
            verdict(Outcome::Response(response)),
            expected,
            "{content_type:?}"
        );
    }
}

#[test]
fn size_and_number_of_keys_are_bounded() {
    let padded = |bytes: usize| {
        let text = jwks(&["a"]);
        text.clone() + &" ".repeat(bytes - text.len())
    };
    assert!(verdict(set(&padded(256 * 1024))).is_empty());
    assert_eq!(verdict(set(&padded(256 * 1024 + 1))), ["jwks_fetch_size"]);
    let many = |most: usize| {
        let kids: Vec<_> = (1..most).map(|nth| nth.to_string()).collect();
        let kids: Vec<_> = kids.iter().map(|kid| &**kid).chain(["a"]).collect();
        jwks(&kids)
    };
    assert!(verdict(set(&many(64))).is_empty());
    assert_eq!(verdict(set(&many(65))), ["jwks_invalid"]);
}

#[test]
fn each_failure_has_its_code() {
    for (failure, code) in [
        (Failure::Network, "jwks_fetch_network"),
        (Failure::Timeout, "jwks_fetch_timeout"),
        (Failure::Redirect, "jwks_fetch_redirect"),
        (Failure::TooLarge, "jwks_fetch_size"),
    ] {
        assert_eq!(verdict(Outcome::Failed(failure)), [code]);
    }
}

#[test]
fn the_provider_says_how_long_it_is_fresh_within_bounds() {
    for (cache_control, age, fresh) in [
        (None, None, 10 * MINUTE),
        (Some(""), None, 10 * MINUTE),
        (Some("public"), None, 10 * MINUTE),
        (Some("public, max-age=3600, must-revalidate"), None, HOUR),
        (Some("Max-Age=\"3600\""), None, HOUR),
        (Some("max-age = 3600"), None, HOUR),
        (Some("max-age=3600"), Some("600"), 50 * MINUTE),
        (Some("max-age=3600"), Some("99999"), MINUTE),
        (Some("max-age=3600"), Some("-5"), HOUR),
        (Some("max-age=1"), None, MINUTE),
        (Some("max-age=60"), None, MINUTE),
        (Some("max-age=61"), None, 61 * SECOND),
        (Some("max-age=86400"), None, 24 * HOUR),
        (Some("max-age=31536000"), None, 24 * HOUR),
        (Some("max-age=99999999999999999999999"), None, 24 * HOUR),
        (Some("no-store"), None, MINUTE),
        (Some("no-cache, max-age=3600"), None, MINUTE),
        (Some("max-age=3600, max-age=120"), None, 2 * MINUTE),
        (Some("max-age=-1"), None, 10 * MINUTE),
        (Some("max-age"), None, 10 * MINUTE),
        (Some("s-maxage=7200"), None, 10 * MINUTE),
    ] {
        let mut world = World::new(&configured());
        world.judge("a");
        let body = jwks(&["a"]);
        world.answer(Outcome::Response(Response {
            cache_control,
            age,
            ..ok(&body)
        }));
        world.pass(fresh - 1);
        assert_eq!(world.judge("a"), "ready", "{cache_control:?} {age:?}");
        world.pass(1);
        assert_eq!(world.judge("a"), "stale", "{cache_control:?} {age:?}");
    }
}

#[test]
fn the_provider_may_ask_to_be_left_in_peace() {
    for (status, retry_after, least, most) in [
        (503, Some("120"), 120, 150),
        (429, Some(" 120 "), 120, 150),
        (503, Some("1"), 30, 38),
        (503, Some("999999999"), 240, 300),
        (503, Some("Fri, 31 Dec 1999 23:59:59 GMT"), 30, 38),
        (503, None, 30, 38),
    ] {
        let mut world = World::new(&configured());
        world.judge("a");
        world.answer(Outcome::Response(Response {
            status,
            retry_after,
            ..Response::default()
        }));
        world.judge("a");
        let wait = world.cache.poll_timeout().expect("due").as_millis() - world.now;
        let range = least * SECOND..=most * SECOND;
        assert!(range.contains(&wait), "{retry_after:?}: {wait}");
    }
}

#[test]
fn a_304_renews_the_set_it_speaks_of() {
    let body = jwks(&["a"]);
    let mut world = World::new(&configured());
    world.judge("a");
    let tagged = Response {
        etag: Some("\"v1\""),
        ..ok(&body)
    };
    world.answer(Outcome::Response(tagged));
    world.pass(10 * MINUTE).judge("a");
    let not_modified = Response {
        status: 304,
        cache_control: Some("max-age=3600"),
        ..Response::default()
    };
    let fetch = world.answer(Outcome::Response(not_modified));
    assert_eq!(fetch.if_none_match.as_deref(), Some("\"v1\""));
    assert!(world.events().contains(&Event::NotModified));
    world.pass(HOUR - 1);
    assert_eq!(world.judge("a"), "ready");
    world.pass(1);
    assert_eq!(world.judge("a"), "stale");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(fetch.if_none_match.as_deref(), Some("\"v1\""), "it stays");
    world.handle(
        fetch.id,
        Outcome::Response(Response {
            etag: None,
            ..tagged
        }),
    );
    world.pass(10 * MINUTE).judge("a");
    assert_eq!(
        world.fetch().expect("a fetch").if_none_match,
        None,
        "it went"
    );
}

#[test]
fn a_304_that_nobody_asked_for_is_a_failure() {
    let not_modified = || {
        Outcome::Response(Response {
            status: 304,
            ..Response::default()
        })
    };
    let mut world = World::with_keys(&configured(), &["a"]);
    world.pass(10 * MINUTE).judge("a");
    world.failures();
    world.answer(not_modified());
    assert_eq!(world.failures(), ["jwks_fetch_status"]);
    assert_eq!(world.judge("a"), "stale");

    // A snapshot has taken the place of the set that the 304 speaks of.
    let tagged = |etag| {
        let mut world = World::new(&configured());
        world.judge("a");
        let body = jwks(&["a"]);
        world.answer(Outcome::Response(Response {
            etag: Some(etag),
            ..ok(&body)
        }));
        world.pass(10 * MINUTE).judge("a");
        world
    };
    let mut newer = tagged("\"2\"");
    let body = jwks(&["b"]);
    newer.answer(Outcome::Response(Response {
        etag: Some("\"3\""),
        ..ok(&body)
    }));
    let snapshot = newer.cache.snapshot().expect("snapshot");
    let mut world = tagged("\"1\"");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(world.cache.restore(&snapshot, time(world.now)), Ok(true));
    world.handle(fetch.id, not_modified());
    assert_eq!(world.failures(), ["jwks_fetch_status"]);
}

#[test]
fn an_etag_that_is_none_is_not_sent_back() {
    for (etag, is_one) in [
        ("\"a\"", true),
        ("W/\"a\"", true),
        ("\"\"", true),
        ("a", false),
        ("\"a\r\nx: y\"", false),
        ("\"a b\"", false),
        ("\"a\"b\"", false),
        ("\"", false),
        ("\"ä\"", false),
    ] {
        let mut world = World::new(&configured());
        world.judge("a");
        let body = jwks(&["a"]);
        world.answer(Outcome::Response(Response {
            etag: Some(etag),
            ..ok(&body)
        }));
        world.pass(10 * MINUTE).judge("a");
        let sent = world.fetch().expect("a fetch").if_none_match;
        assert_eq!(sent.as_deref(), is_one.then_some(etag), "{etag}");
    }
    assert!(is_too_long_an_etag_left_out());
}

fn is_too_long_an_etag_left_out() -> bool {
    let etag = format!("\"{}\"", "a".repeat(255));
    let mut world = World::new(&configured());
    world.judge("a");
    let body = jwks(&["a"]);
    world.answer(Outcome::Response(Response {
        etag: Some(&etag),
        ..ok(&body)
    }));
    world.pass(10 * MINUTE).judge("a");
    world.fetch().expect("a fetch").if_none_match.is_none()
}
