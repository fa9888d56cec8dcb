//! Names and ranges of the options.

use idtoken::key_cache::{JwksUri, KeyCache, KeyCacheOptions};
use idtoken::{Spelling, alg};

use crate::world::policy;

fn refused(json: &str) -> String {
    let rejection = KeyCacheOptions::from_json(json, Spelling::Camel).expect_err(json);
    format!(
        "{}: {}",
        rejection.code().name(),
        rejection.hint().unwrap_or("")
    )
}

#[test]
fn a_misspelt_one_is_refused_with_the_nearest_name() {
    assert_eq!(
        refused(r#"{"cacheMaxage":600000}"#),
        "config_unknown_option: cacheMaxage is unknown; the nearest name is cacheMaxAge"
    );
    assert_eq!(
        refused(r#"{"jwks_uri":"https://idp.example/keys"}"#),
        "config_unknown_option: jwks_uri is unknown; the nearest name is jwksUri"
    );
}

/// Such as those of a program around the cache.
#[test]
fn a_misspelt_one_may_be_meant_for_another_reader() {
    let refused = |json: &str| {
        let read = KeyCacheOptions::from_json_beside(json, Spelling::Camel, &["on_event"]);
        read.expect_err(json).hint().unwrap_or("").to_owned()
    };
    assert_eq!(
        refused(r#"{"onEvents":1}"#),
        "onEvents is unknown; the nearest name is onEvent"
    );
    assert_eq!(
        refused(r#"{"cacheMaxage":600000}"#),
        "cacheMaxage is unknown; the nearest name is cacheMaxAge"
    );
    assert!(refused(r#"{"quite":1}"#).ends_with("staleIfError, onEvent"));
    // Whoever reads it has to take it out.
    assert!(refused(r#"{"onEvent":1}"#).starts_with("onEvent is unknown"));
}

#[test]
fn ranges() {
    for (name, least, most) in [
        ("cacheMaxAge", 1_000, 86_400_000_u64),
        ("cooldownDuration", 1_000, 300_000),
        ("timeoutDuration", 100, 60_000),
        ("staleIfError", 0, 604_800_000),
    ] {
        let read = |value: &str| {
            KeyCacheOptions::from_json(format!(r#"{{"{name}":{value}}}"#), Spelling::Camel)
        };
        for good in [least, most] {
            assert!(read(&good.to_string()).is_ok(), "{name} {good}");
        }
        for bad in [most + 1, least.wrapping_sub(1)] {
            assert!(read(&bad.to_string()).is_err(), "{name} {bad}");
        }
        for bad in ["1.5", "-1", "1e4", "\"1000\"", "null", "true", "[]"] {
            assert!(read(bad).is_err(), "{name} {bad}");
        }
    }
}

#[test]
fn one_that_was_set_in_rust_is_checked_too() {
    let mut options = KeyCacheOptions::default();
    options.cooldown_duration = 0;
    assert!(KeyCache::new(&policy(), &options, alg::ALL, 1).is_err());
}

#[test]
fn addresses() {
    let read = |json: &str| {
        KeyCacheOptions::from_json(json, Spelling::Snake)
            .expect(json)
            .jwks_uri
    };
    assert_eq!(read("{}"), JwksUri::Discovered);
    assert_eq!(read(r#"{"jwks_uri":"a"}"#), JwksUri::At("a".into()));
    assert_eq!(
        read(r#"{"jwks_uri":{"i":"u"}}"#),
        JwksUri::OfIssuer(vec![("i".into(), "u".into())])
    );
    for bad in [
        r#"{"jwksUri":""}"#,
        r#"{"jwksUri":1}"#,
        r#"{"jwksUri":{"i":1}}"#,
        r#"{"jwksUri":null}"#,
    ] {
        assert!(
            refused(bad).starts_with("config_invalid_option: jwksUri"),
            "{bad}"
        );
    }
    for (uri, is_good) in [
        ("https://idp.example/keys", true),
        ("https://idp.example/keys?p=1", true),
        ("http://127.0.0.1:8080/keys", true),
        ("http://idp.example/keys", false),
        ("https://idp.example/{tenant}/keys", false),
        ("file:///keys", false),
        ("keys", false),
    ] {
        let mut options = KeyCacheOptions::default();
        options.jwks_uri = JwksUri::At(uri.into());
        let made = KeyCache::new(&policy(), &options, alg::ALL, 1);
        assert_eq!(made.is_ok(), is_good, "{uri}");
    }
}
