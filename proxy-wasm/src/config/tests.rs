use super::*;

/// A configuration with one provider, to which members are added, and with members of the whole.
fn config(provider: &str, whole: &str) -> Result<Config, Rejection> {
    let keys =
        "\"remote_jwks\":{\"http_uri\":{\"uri\":\"https://idp.example/jwks\",\"cluster\":\"idp\"}}";
    let keys = if provider.contains("_jwks\"") {
        ""
    } else {
        keys
    };
    let comma = |text: &str| if text.is_empty() { "" } else { "," };
    Config::from_json(
        format!(
            "{{\"providers\":{{\"corp\":{{\"issuer\":\"https://idp.example\",\"client_id\":\"app\"{}{keys}{}{provider}}}}}{}{whole}}}",
            comma(keys),
            comma(provider),
            comma(whole),
        )
        .as_bytes(),
    )
}

fn refusal(provider: &str, whole: &str) -> String {
    let rejection = config(provider, whole).unwrap_err();
    rejection.hint().unwrap_or_default().to_owned()
}

#[test]
fn words_of_jwt_authn_and_of_the_policy_go_together() {
    let config = config(
        "\"audiences\":[\"api\"],\"max_lifetime\":\"3600s\",\"clock_skew_seconds\":30,\"acr_values\":[\"gold\"],\
         \"from_headers\":[{\"name\":\"X-Token\",\"value_prefix\":\"JWT \"}],\"from_params\":[\"t\"],\"from_cookies\":[\"c\"],\
         \"forward\":true,\"forward_payload_header\":\"X-Payload\",\"subjects\":{\"prefix\":\"a\\\"b\"},\
         \"claim_to_headers\":[{\"header_name\":\"X-User\",\"claim_name\":\"sub\"}],\"jwt_cache_config\":{\"jwt_cache_size\":10}",
        "\"realm\":\"corp\",\"audit\":\"all\",\"bypass_cors_preflight\":true",
    )
    .unwrap();
    let provider = &config.providers[0];
    assert_eq!(provider.places.len(), 3);
    let fields: Vec<_> = config.identity_fields().collect();
    assert_eq!(fields, ["x-user", "x-payload"]);
    assert_eq!(config.leaves[0].policy.acr_values(), ["gold"]);
    assert_eq!(config.audit, Audit::All);
}

#[test]
fn a_cache_has_no_more_tokens_than_there_is_memory_for() {
    let of_size = |size| format!("\"jwt_cache_config\":{{\"jwt_cache_size\":{size}}}");
    for size in [0, 1, 16_384] {
        assert!(config(&of_size(size), "").is_ok(), "{size}");
    }
    assert_eq!(
        refusal(&of_size(16_385), ""),
        "providers.corp: jwt_cache_config: a memory of verified tokens has 8 KiB to 64 MiB"
    );
}

#[test]
fn a_bad_provider_is_refused_with_a_sentence() {
    for (provider, expected) in [
        (
            "\"isuer\":\"x\"",
            "providers.corp: isuer is unknown; the nearest name is issuer",
        ),
        (
            "\"claim_to_header\":[]",
            "providers.corp: claim_to_header is unknown; the nearest name is claim_to_headers",
        ),
        (
            "\"clock_tolerence\":1",
            "providers.corp: clock_tolerence is unknown; the nearest name is clock_tolerance",
        ),
        (
            "\"audiences\":[]",
            "providers.corp: audiences must be a list that is not empty",
        ),
        (
            "\"require_expiration\":false",
            "providers.corp: require_expiration must be true or left out",
        ),
        (
            "\"payload_in_metadata\":\"x\"",
            "providers.corp: payload_in_metadata must be left out: a filter in wasm cannot",
        ),
        (
            "\"clock_skew_seconds\":301",
            "providers.corp: the clock tolerance is at most 300 seconds",
        ),
        (
            "\"nonce\":{\"cookie\":\"n\"}",
            "providers.corp: nonce must be an object whose cookie starts with __Host-",
        ),
        (
            "\"nonce\":{\"cooky\":\"n\"}",
            "providers.corp: nonce: cooky is unknown; the nearest name is cookie",
        ),
        (
            "\"remote_jwks\":{\"http_uri\":{\"uri\":\"https://a\"}}",
            "providers.corp: remote_jwks must be an object whose http_uri has uri and cluster",
        ),
        (
            "\"remote_jwks\":{\"retry_policy\":{}}",
            "providers.corp: remote_jwks: retry_policy must be left out",
        ),
        (
            "\"local_jwks\":{\"filename\":\"/x\"}",
            "providers.corp: local_jwks: filename must be left out: a filter in wasm reads no files",
        ),
        (
            "\"local_jwks\":{\"inline_string\":\"{}\"}",
            "providers.corp: local_jwks:",
        ),
        (
            "\"claim_to_headers\":[{\"header_name\":\":path\",\"claim_name\":\"sub\"}]",
            "providers.corp: claim_to_headers[0]: header_name must be the name of a field",
        ),
        (
            "\"claim_to_headers\":[{\"header_name\":\"host\",\"claim_name\":\"sub\"}]",
            "providers.corp: claim_to_headers[0]: header_name must be a field that means nothing else",
        ),
        (
            "\"claim_to_headers\":[{\"header_name\":\"x-a\",\"claim_name\":\"a\"},{\"header_name\":\"X_A\",\"claim_name\":\"b\"}]",
            "providers.corp: x-a is used twice",
        ),
        (
            "\"claim_to_headers\":[{\"header_name\":\"authorization\",\"claim_name\":\"sub\"}]",
            "providers.corp: authorization is used twice",
        ),
        (
            "\"claim_to_headers\":[{\"header_name\":\"x-a\",\"claim\":\"sub\"}]",
            "providers.corp: claim_to_headers[0]: claim is unknown; the nearest name is claim_name",
        ),
        (
            "\"subjects\":{\"safe_regex\":{}}",
            "providers.corp: subjects: safe_regex must be left out",
        ),
        (
            "\"max_lifetime\":\"1h\"",
            "providers.corp: max_lifetime must be a duration such as \"5s\"",
        ),
    ] {
        let said = refusal(provider, "");
        assert!(said.starts_with(expected), "{provider}\n{said}");
        assert!(!said.contains('\n'));
    }
}

#[test]
fn a_bad_whole_is_refused_with_a_sentence() {
    let rule = |text: &str| format!("\"rules\":[{{{text}}}]");
    for (whole, expected) in [
        (
            "\"mod\":\"report\"".into(),
            "mod is unknown; the nearest name is mode",
        ),
        (
            "\"mode\":\"off\"".into(),
            "mode must be one of enforce, report",
        ),
        (
            "\"filter_state_rules\":{}".into(),
            "filter_state_rules must be left out",
        ),
        (
            "\"rules\":[]".into(),
            "rules must be left out, or a list that is not empty",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"}"),
            "rules[0]: a rule needs requires or requirement_name",
        ),
        (
            rule("\"requires\":\"none\""),
            "rules[0]: match must have one of",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"},\"requires\":\"nothing\""),
            "rules[0]: requires must be \"none\" or an object with exactly one",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"},\"requires\":{}"),
            "rules[0]: requires must be \"none\" or an object with exactly one",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"},\"requires\":{\"provider_name\":\"crop\"}"),
            "rules[0]: provider crop is unknown; there are corp",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"},\"requirement_name\":\"x\""),
            "rules[0]: requirement_name x: there is no requirement_map",
        ),
        (
            format!(
                "\"requirement_map\":{{\"y\":\"none\"}},{}",
                rule("\"match\":{\"prefix\":\"/\"},\"requirement_name\":\"x\"")
            ),
            "rules[0]: requirement_name x is not in requirement_map; there are y",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"},\"requires\":{\"requires_any\":[]}"),
            "rules[0]: requires_any must be an object with requirements",
        ),
        (
            rule("\"match\":{\"safe_regex\":{}},\"requires\":\"none\""),
            "rules[0]: match: safe_regex must be left out",
        ),
        (
            rule("\"match\":{\"headers\":[]},\"requires\":\"none\""),
            "rules[0]: match: headers must be left out: rules are about the path alone",
        ),
        (
            rule("\"match\":{\"prefix\":\"/a%20b\"},\"requires\":\"none\""),
            "rules[0]: match: prefix must be a path",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\",\"path\":\"/a\"},\"requires\":\"none\""),
            "rules[0]: match: path must be the only one",
        ),
        (
            rule("\"match\":{\"prefix\":\"/\"},\"requires\":\"none\",\"max_age\":60"),
            "rules[0]: acr_values and max_age demand a token",
        ),
    ] {
        let said = refusal("", &whole);
        assert!(said.starts_with(expected), "{whole}\n{said}");
    }
    for text in [
        "",
        "[]",
        "{",
        "{}",
        "{\"providers\":{}}",
        "{\"providers\":[]}",
    ] {
        assert!(Config::from_json(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn rules_make_policies_of_their_own() {
    let config = config(
        "",
        "\"requirement_map\":{\"either\":{\"requires_any\":{\"requirements\":[{\"provider_name\":\"corp\"},{\"allow_missing\":{}}]}}},\
         \"rules\":[{\"match\":{\"prefix\":\"/admin\"},\"requires\":{\"provider_name\":\"corp\"},\"acr_values\":[\"gold\"],\"max_age\":60},\
         {\"match\":{\"path\":\"/x\"},\"requires\":{\"provider_and_audiences\":{\"provider_name\":\"corp\",\"audiences\":[\"b\"]}}},\
         {\"match\":{\"prefix\":\"/\"},\"requirement_name\":\"either\"}]",
    )
    .unwrap();
    assert_eq!(config.leaves.len(), 3);
    assert_eq!(config.leaves[1].policy.max_age(), Some(60));
    assert_eq!(config.leaves[0].policy.max_age(), None);
    assert!(config.depends_on_path());
}

#[test]
fn report_mode_warns_of_forged_identity() {
    let field = "\"claim_to_headers\":[{\"header_name\":\"x-user\",\"claim_name\":\"sub\"}]";
    assert_eq!(
        config(field, "\"mode\":\"report\"")
            .unwrap()
            .warnings()
            .len(),
        1
    );
    assert!(config(field, "").unwrap().warnings().is_empty());
}
