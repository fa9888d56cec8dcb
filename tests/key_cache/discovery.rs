//! Where the set is: OpenID Connect Discovery 1.0.

use idtoken::Code;
use idtoken::key_cache::{KeyCache, Outcome, Response};

use crate::world::{
    DISCOVERY, JWKS, JWKS_URI, MINUTE, NETWORK, SECOND, World, jwks, ok, options, policy_of, set,
    time,
};

fn document(jwks_uri: &str) -> String {
    format!(
        r#"{{"issuer":"https://idp.example","jwks_uri":"{jwks_uri}","response_types":["code"]}}"#
    )
}

/// A cache that has been through discovery and has a set.
fn discovered() -> World {
    let mut world = World::new(&options("{}"));
    world.judge("a");
    world.answer(set(&document(JWKS_URI)));
    world.answer(set(&jwks(&["a"])));
    world
}

#[test]
fn the_address_is_made_from_the_configured_issuer() {
    for (issuer, address) in [
        (
            "https://idp.example",
            "https://idp.example/.well-known/openid-configuration",
        ),
        (
            "https://idp.example/",
            "https://idp.example/.well-known/openid-configuration",
        ),
        (
            "https://idp.example/a",
            "https://idp.example/a/.well-known/openid-configuration",
        ),
        (
            "https://idp.example/a/",
            "https://idp.example/a/.well-known/openid-configuration",
        ),
        (
            "https://idp.example/a//",
            "https://idp.example/a//.well-known/openid-configuration",
        ),
        (
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/.well-known/openid-configuration",
        ),
    ] {
        let mut world = World::new(&options("{}"));
        let policy = policy_of(issuer);
        world.cache = KeyCache::new(&policy, &options("{}"), idtoken::alg::ALL, 1).expect("cache");
        world.cache.want(time(world.now));
        let fetch = world.fetch().expect("a fetch");
        assert_eq!(
            (&*fetch.url, fetch.kind, fetch.max_bytes),
            (address, DISCOVERY, 64 * 1024)
        );
    }
}

#[test]
fn a_document_is_judged() {
    let uri = |uri: &str| document(uri);
    let issuer = |issuer: &str| {
        document(JWKS_URI).replace("https://idp.example\",", &format!("{issuer}\","))
    };
    let long = format!("https://idp.example/{}", "a".repeat(2048));
    for (body, code) in [
        (issuer("https://idp.example/"), "discovery_issuer_mismatch"),
        (issuer("https://IDP.example"), "discovery_issuer_mismatch"),
        (
            issuer("https://idp.example/{tenantid}"),
            "discovery_issuer_mismatch",
        ),
        (issuer("https://evil.example"), "discovery_issuer_mismatch"),
        (
            r#"{"issuer":"https://idp.example"}"#.into(),
            "discovery_invalid",
        ),
        (
            format!(r#"{{"jwks_uri":"{JWKS_URI}"}}"#),
            "discovery_invalid",
        ),
        (
            r#"{"issuer":["https://idp.example"],"jwks_uri":"https://idp.example/keys"}"#.into(),
            "discovery_invalid",
        ),
        (
            document(JWKS_URI).replace("\"response_types\"", "\"issuer\""),
            "discovery_invalid",
        ),
        ("[]".into(), "discovery_invalid"),
        ("<html>".into(), "discovery_invalid"),
        (String::new(), "discovery_invalid"),
        (uri("http://idp.example/keys"), "discovery_invalid"),
        (uri("http://127.0.0.1/keys"), "discovery_invalid"),
        (uri("ftp://idp.example/keys"), "discovery_invalid"),
        (uri("//idp.example/keys"), "discovery_invalid"),
        (uri("keys"), "discovery_invalid"),
        (uri(""), "discovery_invalid"),
        (uri("https://u:p@idp.example/keys"), "discovery_invalid"),
        (uri("https://idp.example/keys#a"), "discovery_invalid"),
        (uri("https://idp.example/ keys"), "discovery_invalid"),
        (uri("https:///keys"), "discovery_invalid"),
        (uri(&long), "discovery_invalid"),
        (" ".repeat(64 * 1024 + 1), "jwks_fetch_size"),
    ] {
        let mut world = World::new(&options("{}"));
        world.judge("a");
        world.answer(set(&body));
        assert_eq!(world.failures(), [code], "{body:.200}");
        assert!(world.fetch().is_none());
        assert_eq!(world.judge("a"), "jwks_unavailable");
    }
    for good in [
        "https://idp.example/keys?p=policy",
        "https://other.example:8443/keys",
    ] {
        let mut world = World::new(&options("{}"));
        world.judge("a");
        world.answer(set(&uri(good)));
        assert_eq!(world.fetch().expect("a fetch").url, good);
    }
}

#[test]
fn a_provider_on_this_machine_may_keep_its_keys_there() {
    let policy = policy_of("http://localhost:8080");
    let mut world = World::new(&options("{}"));
    world.cache = KeyCache::new(&policy, &options("{}"), idtoken::alg::ALL, 1).expect("cache");
    world.cache.want(time(world.now));
    world.answer(set(
        r#"{"issuer":"http://localhost:8080","jwks_uri":"http://localhost:8080/keys"}"#,
    ));
    assert_eq!(
        world.fetch().expect("a fetch").url,
        "http://localhost:8080/keys"
    );
}

#[test]
fn the_answer_is_judged_as_one_with_a_set() {
    let body = document(JWKS_URI);
    for (response, code) in [
        (
            Response {
                status: 404,
                ..ok(&body)
            },
            "jwks_fetch_status",
        ),
        (
            Response {
                status: 304,
                ..ok(&body)
            },
            "jwks_fetch_status",
        ),
        (
            Response {
                status: 302,
                ..ok(&body)
            },
            "jwks_fetch_redirect",
        ),
        (
            Response {
                content_type: Some("text/html"),
                ..ok(&body)
            },
            "jwks_fetch_type",
        ),
    ] {
        let mut world = World::new(&options("{}"));
        world.judge("a");
        world.answer(Outcome::Response(response));
        assert_eq!(world.failures(), [code]);
    }
}

#[test]
fn a_rotation_needs_no_new_discovery_while_the_last_is_fresh() {
    let mut world = discovered();
    world.pass(MINUTE);
    assert_eq!(world.judge("b"), "wait");
    assert_eq!(world.answer(set(&jwks(&["b"]))).kind, JWKS);
    assert_eq!(world.judge("b"), "ready");
    world.pass(9 * MINUTE - SECOND);
    assert_eq!(world.judge("c"), "wait");
    assert_eq!(world.answer(set(&jwks(&["b"]))).kind, JWKS);
    world.pass(MINUTE);
    assert_eq!(world.judge("d"), "wait");
    assert_eq!(world.fetch().expect("a fetch").kind, DISCOVERY);
}

#[test]
fn a_set_that_moved_is_followed_at_the_next_discovery() {
    let mut world = discovered();
    world.pass(10 * MINUTE).judge("a");
    world.answer(set(&document("https://new.example/keys")));
    let fetch = world.answer(set(&jwks(&["b"])));
    assert_eq!(
        (&*fetch.url, fetch.if_none_match),
        ("https://new.example/keys", None)
    );
    assert_eq!(
        (world.judge("a"), world.judge("b")),
        ("key_not_found", "ready")
    );
}

#[test]
fn after_a_failure_the_next_refresh_begins_with_discovery() {
    let mut world = discovered();
    world.pass(MINUTE);
    assert_eq!(world.judge("b"), "wait");
    let gone = Response {
        status: 404,
        ..ok("")
    };
    assert_eq!(world.answer(Outcome::Response(gone)).kind, JWKS);
    world.pass(MINUTE);
    assert_eq!(world.judge("b"), "wait");
    assert_eq!(
        world
            .answer(set(&document("https://new.example/keys")))
            .kind,
        DISCOVERY
    );
    assert_eq!(
        world.answer(set(&jwks(&["b"]))).url,
        "https://new.example/keys"
    );
    assert_eq!(world.judge("b"), "ready");
}

#[test]
fn an_outage_of_discovery_is_survived_and_bounded_as_any() {
    let mut world = discovered();
    world.pass(10 * MINUTE).judge("a");
    assert_eq!(world.answer(NETWORK).kind, DISCOVERY);
    assert_eq!(world.judge("a"), "stale");
    world.pass(24 * 60 * MINUTE).judge("a");
    assert_eq!(world.answer(NETWORK).kind, DISCOVERY);
    assert_eq!(world.judge("a"), "jwks_unavailable");
}

#[test]
fn a_template_has_no_document_of_its_own() {
    let tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let policy = idtoken::Policy::builder("https://login.example/{tenantid}/v2.0", "client")
        .algorithms(["ES256"])
        .tenants("tid", [tenant])
        .build()
        .expect("policy");
    let refused = KeyCache::new(&policy, &options("{}"), idtoken::alg::ALL, 1);
    assert_eq!(
        refused.expect_err("a template").code(),
        Code::ConfigInvalidOption
    );

    // With an address it is one cache for all tenants.
    let given = options(&format!(r#"{{"jwksUri":"{JWKS_URI}"}}"#));
    let mut world = World::new(&given);
    world.cache = KeyCache::new(&policy, &given, idtoken::alg::ALL, 1).expect("cache");
    world.policy = policy;
    let issuer = format!("https://login.example/{tenant}/v2.0");
    let raw = crate::world::token_with(r#"{"alg":"ES256","kid":"a"}"#, &issuer);
    let request = world.request(&raw).expect("request");
    assert_eq!(request.issuer(), "https://login.example/{tenantid}/v2.0");
    world.cache.want(time(world.now));
    let own = jwks(&["a"]).replace(
        "\"kid\"",
        "\"issuer\":\"https://login.example/{tenantid}/v2.0\",\"kid\"",
    );
    world.answer(set(&own));
    let lookup = world.cache.lookup(&request, time(world.now));
    assert!(matches!(lookup, idtoken::key_cache::Lookup::Ready(_)));
    let foreign = raw_of_tenant("00000000-0000-0000-0000-000000000000");
    assert_eq!(
        world.request(&foreign).expect_err("foreign").name(),
        "tenant_not_allowed"
    );
}

fn raw_of_tenant(tenant: &str) -> String {
    let issuer = format!("https://login.example/{tenant}/v2.0");
    crate::world::token_with(r#"{"alg":"ES256","kid":"a"}"#, &issuer)
}
