//! One function a target: any bytes in, a panic where something is wrong. `true` is an input that got through to where
//! the target wants to be, so that a runner can see that it does not only knock at the door.

use std::borrow::Cow;

use idtoken::{
    Code, Expectations, KeySet, Limits, Policy, Spelling, TokenKind, UnixTime, UnverifiedToken,
    Verifier, alg, classify,
};

use crate::jwks as sets;
use crate::keys;
use crate::memory;
use crate::scenario::{Scenario, key_sets};
use crate::source::Source;
use crate::tree::{Reading, Tree};
use crate::{arithmetic, grammar, json as reader, oracle, policies, report};

/// A target, by its name.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// All of them.
pub const ALL: &[Target] = &[
    ("token", token),
    ("json", json),
    ("jwks", jwks),
    ("policy", policy),
    ("verify", verify),
    ("explain", explain),
    ("arithmetic", arithmetic),
];

/// The text of a token: taken apart, classified and, unsigned as it is, refused.
pub fn token(data: &[u8]) -> bool {
    let small = limits(512);
    if data.len() > small.max_token_bytes {
        // What is too long is refused before anything is copied.
        let refused = memory::within(256, || UnverifiedToken::parse(data, &small).map(|_| ()));
        assert_eq!(
            refused.map_err(|rejection| rejection.code()),
            Err(Code::TokenTooLarge)
        );
    }
    let limits = Limits::default();
    let parsed = memory::bounded(data.len().min(limits.max_token_bytes), || {
        UnverifiedToken::parse(data, &limits)
    });
    let kind = memory::bounded(data.len().min(Limits::MAX_TOKEN_BYTES), || classify(data));
    let dots = data.iter().filter(|byte| **byte == b'.').count();
    assert!(kind != TokenKind::Encrypted || dots == 4);
    let Ok(parsed) = parsed else { return false };
    let text = std::str::from_utf8(data).expect("an accepted token is ASCII");
    let parts: Vec<_> = text.split('.').collect();
    assert_eq!(parts.len(), 3);
    // One spelling only: what was read, written again, is the same text.
    assert_eq!(keys::encode(parsed.header().as_json()), parts[0]);
    let (_, set) = &key_sets()[0];
    let verified = parsed.verify_signature(set, &limits);
    if let Ok(jws) = verified {
        assert_eq!(keys::encode(jws.payload_json()), parts[1]);
    }
    true
}

/// JSON text: what the reader makes of it, as a header and as a payload.
pub fn json(data: &[u8]) -> bool {
    let text: Cow<'_, [u8]> = match data.split_first() {
        Some((b'~', rest)) => grammar::value(&mut Source::new(rest), 4)
            .into_bytes()
            .into(),
        _ => data.into(),
    };
    let is_accepted = reader::header(&text);
    // The payload is read before any key is looked for, so this needs no signature.
    let token = format!(
        "{}.{}.",
        keys::encode("{\"alg\":\"ES256\"}"),
        keys::encode(&text)
    );
    let (_, set) = &key_sets()[0];
    let limits = limits(Limits::MAX_TOKEN_BYTES);
    let Ok(parsed) = UnverifiedToken::parse(&token, &limits) else {
        return is_accepted;
    };
    let code = parsed
        .verify_signature(set, &limits)
        .expect_err("it has no signature")
        .code();
    let is_of_json = code.name().starts_with("json_");
    match Tree::read(&text) {
        Reading::Json(tree) if is_of_json => reader::refusal(&text, code, Some(&tree), 32),
        Reading::Json(tree) => reader::sound(&tree, 32),
        Reading::NumberRange => {}
        Reading::No(why) => assert!(is_of_json, "{code:?}, but serde_json says {why}"),
    }
    is_accepted
}

/// A key set: as text, or by the grammar.
pub fn jwks(data: &[u8]) -> bool {
    let text: Cow<'_, [u8]> = match data.first() {
        Some(b'{' | b'[' | b' ') => data.into(),
        _ => sets::build(&mut Source::new(data)).into_bytes().into(),
    };
    let limits = Limits::default();
    let set = memory::bounded(2 * text.len().min(limits.max_jwks_bytes), || {
        KeySet::from_json(&text, alg::ALL, &limits)
    });
    sets::check(&text, &set);
    set.is_ok()
}

/// Options: policy, expectations and limits, in both spellings.
pub fn policy(data: &[u8]) -> bool {
    let text: Cow<'_, [u8]> = match data.first() {
        Some(b'{' | b'[' | b' ') => data.into(),
        _ => policies::build(&mut Source::new(data)).into_bytes().into(),
    };
    let mut is_accepted = false;
    for spelling in [Spelling::Snake, Spelling::Camel] {
        let policy = memory::bounded(2 * text.len(), || Policy::from_json(&text, spelling));
        let limits = Limits::from_json(&text, spelling);
        let expectations =
            memory::bounded(2 * text.len(), || Expectations::from_json(&text, spelling));
        is_accepted |= policy.is_ok();
        policies::check(&text, spelling, &policy, &limits, &expectations);
    }
    is_accepted
}

/// A signed token: whatever is accepted is right in every respect.
pub fn verify(data: &[u8]) -> bool {
    let case = scenario(data);
    let Some(given) = Given::of(&case) else {
        return false;
    };
    let (_, keys) = &key_sets()[case.keys];
    let verdict = memory::bounded(case.token.len() + 16 * 1024, || {
        Verifier::new(&given.policy).verify(&case.token, keys, &given.expectations)
    });
    match &verdict {
        Ok(token) => oracle::accepted(&case, token),
        Err(rejection) => report::refused(&case, rejection),
    }
    verdict.is_ok()
}

/// The same tokens: `explain` agrees with `verify`, and the other two kinds of token keep theirs apart.
pub fn explain(data: &[u8]) -> bool {
    let case = scenario(data);
    let Some(given) = Given::of(&case) else {
        return false;
    };
    let (_, keys) = &key_sets()[case.keys];
    let verifier = Verifier::new(&given.policy);
    let verdict = verifier.verify(&case.token, keys, &given.expectations);
    let said = memory::bounded(case.token.len() + 16 * 1024, || {
        verifier.explain(&case.token, keys, &given.expectations)
    });
    let code = verdict
        .as_ref()
        .map(|_| ())
        .map_err(|rejection| rejection.code());
    report::explained(&case, code, &said);
    // Whoever logs these by accident logs no secret.
    report::silent(&case, &format!("{verdict:?} {:?}", given.expectations));
    let now = UnixTime::from_secs(crate::scenario::NOW as u64).expect("a time");
    let is_logout = verifier.verify_logout(&case.token, keys, now).is_ok();
    let is_access = verifier
        .require_access_token(&case.token, keys, now)
        .is_ok();
    assert!(
        u8::from(verdict.is_ok()) + u8::from(is_logout) + u8::from(is_access) <= 1,
        "a token of two kinds"
    );
    verdict.is_ok()
}

/// A key and a signature: both backends say the same of them.
pub fn arithmetic(data: &[u8]) -> bool {
    arithmetic::verdict(&mut Source::new(data)).is_ok()
}

fn limits(max_token_bytes: usize) -> Limits {
    let mut limits = Limits::default();
    limits.max_token_bytes = max_token_bytes;
    limits
}

fn scenario(data: &[u8]) -> Scenario {
    match data.first() {
        Some(b'{') => Scenario::from_text(&String::from_utf8_lossy(data)),
        _ => Scenario::build(&mut Source::new(data), &keys::ALGORITHMS[..keys::CHEAP]),
    }
}

/// Policy and expectations, where there are valid ones.
struct Given {
    policy: Policy,
    expectations: Expectations<'static>,
}

impl Given {
    fn of(case: &Scenario) -> Option<Self> {
        let policy = Policy::from_json(case.policy.to_string(), Spelling::Snake).ok()?;
        let expectations =
            Expectations::from_json(case.expectations.to_string(), Spelling::Snake).ok()?;
        Some(Self {
            policy,
            expectations,
        })
    }
}
