//! A set that outlives the process.

use idtoken::key_cache::{Event, Outcome, Response};
use serde_json::{Value, json};

use crate::world::{
    HOUR, ISSUER, JWKS_URI, MINUTE, NETWORK, START, World, configured, jwks, ok, options, set, time,
};

fn snapshot() -> Value {
    json!({
        "v": 1, "issuer": ISSUER, "jwksUri": JWKS_URI, "fetchedAt": START, "etag": "\"1\"", "jwks": jwks(&["a"])
    })
}

fn restore(world: &mut World, snapshot: &Value) -> Result<bool, &'static str> {
    let taken = world.cache.restore(&snapshot.to_string(), time(world.now));
    taken.map_err(|rejection| rejection.code().name())
}

#[test]
fn it_says_what_the_cache_holds() {
    let mut world = World::new(&configured());
    assert_eq!(world.cache.snapshot(), None);
    world.judge("a");
    let body = jwks(&["a"]);
    world.answer(Outcome::Response(Response {
        etag: Some("\"1\""),
        ..ok(&body)
    }));
    world.pass(HOUR);
    let text = world.cache.snapshot().expect("snapshot");
    assert_eq!(
        serde_json::from_str::<Value>(&text).expect("JSON"),
        snapshot()
    );
    let untagged = World::with_keys(&configured(), &["a"])
        .cache
        .snapshot()
        .expect("snapshot");
    assert_eq!(
        serde_json::from_str::<Value>(&untagged).expect("JSON")["etag"],
        Value::Null
    );
}

#[test]
fn it_keeps_its_own_time() {
    let mut world = World::new(&configured());
    world.pass(10 * MINUTE - 1);
    assert_eq!(restore(&mut world, &snapshot()), Ok(true));
    assert_eq!(world.judge("a"), "ready");
    assert!(world.fetch().is_none());
    assert_eq!(world.events(), [Event::Restored { keys: 1 }]);
    world.pass(1);
    assert_eq!(world.judge("a"), "stale");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(fetch.if_none_match.as_deref(), Some("\"1\""));
    world.handle(fetch.id, NETWORK);
    world.pass(24 * HOUR - 1);
    assert_eq!(world.judge("a"), "stale");
    world.pass(1);
    assert_eq!(world.judge("a"), "wait");
}

#[test]
fn it_ends_a_wait_but_not_the_fetch() {
    let mut world = World::new(&configured());
    world.pass(MINUTE);
    assert_eq!(world.judge("a"), "wait");
    assert_eq!(restore(&mut world, &snapshot()), Ok(true));
    assert_eq!(world.judge("a"), "ready");
    assert!(world.fetch().is_none(), "it is fresh");

    let mut world = World::new(&configured());
    world.pass(MINUTE).judge("a");
    let fetch = world.fetch().expect("a fetch");
    assert_eq!(restore(&mut world, &snapshot()), Ok(true));
    world.handle(fetch.id, set(&jwks(&["b"])));
    assert_eq!(
        (world.judge("a"), world.judge("b")),
        ("key_not_found", "ready")
    );
}

#[test]
fn an_older_one_changes_nothing() {
    let mut world = World::with_keys(&configured(), &["b"]);
    world.pass(MINUTE);
    for fetched_at in [START, START - 1] {
        let mut older = snapshot();
        older["fetchedAt"] = fetched_at.into();
        assert_eq!(restore(&mut world, &older), Ok(false));
        assert_eq!((world.judge("b"), world.fetch()), ("ready", None));
    }
    let mut newer = snapshot();
    newer["fetchedAt"] = (START + 1).into();
    assert_eq!(restore(&mut world, &newer), Ok(true));
    assert_eq!(world.judge("a"), "ready");
    assert!(world.events().contains(&Event::Rotated {
        added: 1,
        removed: 1
    }));
}

#[test]
fn one_that_is_too_old_to_be_used_changes_nothing() {
    let mut world = World::new(&configured());
    world.pass(24 * HOUR + 10 * MINUTE);
    assert_eq!(restore(&mut world, &snapshot()), Ok(false));
    assert_eq!(world.judge("a"), "wait");
}

#[test]
fn what_is_wrong_with_it_has_a_code() {
    let invalid = Err("snapshot_invalid");
    for (member, value, expected) in [
        ("v", json!(2), invalid),
        ("v", json!("1"), invalid),
        ("v", Value::Null, invalid),
        ("issuer", json!("https://idp.example/"), invalid),
        ("issuer", Value::Null, invalid),
        ("jwksUri", json!("https://idp.example/other"), invalid),
        ("jwksUri", json!("http://idp.example/keys"), invalid),
        ("jwksUri", Value::Null, invalid),
        ("fetchedAt", json!(START + HOUR + 1), invalid),
        ("fetchedAt", json!(START / 1000), invalid),
        ("fetchedAt", json!(-1), invalid),
        ("fetchedAt", json!("1800000000000"), invalid),
        ("etag", json!("a\r\nb"), invalid),
        ("etag", json!(1), invalid),
        ("jwks", json!({"keys": []}), invalid),
        ("jwks", Value::Null, invalid),
        ("jwks", json!(""), Err("jwks_invalid")),
        ("jwks", json!("{\"keys\":[]}"), Err("jwks_no_usable_key")),
        (
            "jwks",
            json!("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"),
            Err("jwks_no_usable_key"),
        ),
        ("jwks", json!(jwks(&["a"; 65])), Err("jwks_invalid")),
        (
            "jwks",
            json!(jwks(&["a"]) + &" ".repeat(256 * 1024)),
            Err("jwks_invalid"),
        ),
        ("fetchedAt", json!(START + HOUR), Ok(true)),
        ("etag", Value::Null, Ok(true)),
    ] {
        let mut world = World::new(&configured());
        world.pass(HOUR);
        let mut changed = snapshot();
        changed[member] = value;
        assert_eq!(restore(&mut world, &changed), expected, "{member}");
        assert_eq!(
            world.cache.keys(time(world.now)).is_some(),
            expected.is_ok()
        );
    }
    for text in ["", "{}", "[]", "null", "{\"v\":1,\"v\":1}"] {
        let mut world = World::new(&configured());
        let refused = world.cache.restore(text, time(world.now)).expect_err(text);
        assert_eq!(refused.code().name(), "snapshot_invalid");
    }
    let huge = " ".repeat(6 * 256 * 1024 + 16 * 1024 + 1);
    let mut world = World::new(&configured());
    let refused = world
        .cache
        .restore(&huge, time(world.now))
        .expect_err("huge");
    assert_eq!(refused.hint(), Some("it is too long"));
}

#[test]
fn a_set_from_where_it_no_longer_is_is_refused() {
    let mut world = World::new(&options("{}"));
    assert_eq!(
        restore(&mut world, &snapshot()),
        Ok(true),
        "nothing is known yet"
    );
    let mut world = World::new(&options("{}"));
    world.judge("a");
    world.answer(set(
        r#"{"issuer":"https://idp.example","jwks_uri":"https://new.example/keys"}"#,
    ));
    assert_eq!(restore(&mut world, &snapshot()), Err("snapshot_invalid"));
}

#[test]
fn what_was_written_can_be_read() {
    // With every character that JSON escapes, and one beyond ASCII, in a member that nobody reads.
    let body = jwks(&["a"]).replace(
        "{\"keys\"",
        "{\"x\":\"\\\"\\\\\\u0000\\n\u{e4}\u{1f511}\",\n\t\"keys\"",
    );
    let mut world = World::new(&configured());
    world.judge("a");
    world.answer(set(&body));
    let text = world.cache.snapshot().expect("snapshot");
    let mut other = World::new(&configured());
    assert_eq!(other.cache.restore(&text, time(other.now)), Ok(true));
    assert_eq!(other.cache.snapshot(), Some(text));
}
