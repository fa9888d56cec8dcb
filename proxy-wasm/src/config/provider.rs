//! One provider: jwt_authn's words and those of the core's policy, side by side.

use idtoken::headers::{is_name, is_same_name};
use idtoken::key_cache::KeyCacheOptions;
use idtoken::options::{Row, Setting, Spelling};
use idtoken::{Code, KeySet, Policy, Rejection, VerifiedTokens};

use super::{jwks, listed, login, named, object, words};
use crate::keys::ALGORITHMS;
use crate::places::Place;

/// An issuer, where its tokens are, and what is passed on of them.
#[derive(Debug, Default)]
pub struct Provider {
    /// What the operator calls it.
    pub name: String,
    /// Its keys.
    pub keys: KeySource,
    /// Where tokens are looked for.
    pub places: Vec<Place>,
    /// Where the nonce's preimage is.
    pub nonce: Option<NonceSource>,
    /// Whether the token goes on to the service.
    pub forward: bool,
    /// The field for all claims, and whether with padding.
    pub payload_field: Option<String>,
    /// Whether it is padded.
    pub pad_payload: bool,
    /// Claims and the fields for them.
    pub claim_fields: Vec<(String, String)>,
    /// Claims for access logs.
    pub filter_state: Vec<String>,
    /// Bytes for the memory of accepted tokens, if there is one.
    pub memory: Option<usize>,
    /// Options of the policy, by name, as JSON.
    pub(super) policy: Vec<(&'static str, String)>,
    audiences: Option<String>,
    client_id: Option<String>,
    subjects: Option<String>,
    local_jwks: Option<String>,
}

/// Where keys come from.
#[derive(Debug, Default)]
pub enum KeySource {
    /// Not said.
    #[default]
    Missing,
    /// The configuration.
    Local(KeySet),
    /// A cluster of Envoy's.
    Remote {
        /// Its name.
        cluster: String,
        /// What the core's cache does.
        options: KeyCacheOptions,
    },
}

/// Where the nonce's preimage is (OpenID Connect Core 1.0 section 15.5.2): the claim can be read by whoever stole the
/// token, the preimage is in the browser that logged in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NonceSource {
    /// A cookie.
    Cookie(String),
    /// A field.
    Header(String),
}

/// For a hundred tokens, which is jwt_authn's default.
const MEMORY: usize = 100 * ENTRY;
/// A remembered token costs about so much.
const ENTRY: usize = 4096;

pub(super) fn list(from: Setting<'_>) -> Result<Vec<Provider>, Rejection> {
    let pass = Policy::option_names().filter(|name| !OWN.iter().any(|row| row.name == *name));
    let pass = pass.map(|name| Row {
        name,
        read: policy_option,
    });
    let mut rows: Vec<Row<Provider>> = pass.collect();
    rows.extend(OWN.iter().map(|row| Row {
        name: row.name,
        read: row.read,
    }));
    let providers = named(from, |name, item| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(is_plain) {
            return Err(item.invalid("named with at most 64 letters, digits, - and _"));
        }
        let mut provider = Provider {
            name: name.to_owned(),
            ..Provider::default()
        };
        object(item, &rows, &mut provider)?;
        provider.finish()
    })?;
    Ok(providers
        .into_iter()
        .map(|(_, provider)| provider)
        .collect())
}

#[rustfmt::skip]
static OWN: &[Row<Provider>] = &[
    Row { name: "audiences", read: |to, from| { from.some_of()?; to.audiences = Some(from.value.raw().into()); Ok(()) } },
    Row { name: "client_id", read: |to, from| { from.text_or_list()?; to.client_id = Some(from.value.raw().into()); Ok(()) } },
    Row { name: "subjects", read: |to, from| { to.subjects = Some(login::subjects(from)?); Ok(()) } },
    Row { name: "require_expiration", read: |_, from| match words::switch(from)? { true => Ok(()), false => Err(from.invalid("true or left out: every ID Token expires (OpenID Connect Core 1.0 section 2)")) } },
    Row { name: "max_lifetime", read: |to, from| { let seconds = words::seconds(from)?; to.policy.push((from.name, seconds.to_string())); Ok(()) } },
    Row { name: "clock_skew_seconds", read: |to, from| { let seconds = from.whole()?; to.policy.push(("clock_tolerance", seconds.to_string())); Ok(()) } },
    Row { name: "remote_jwks", read: jwks::remote },
    Row { name: "local_jwks", read: |to, from| jwks::local(&mut to.local_jwks, from) },
    Row { name: "from_headers", read: |to, from| { to.places.extend(listed(from, header)?); Ok(()) } },
    Row { name: "from_params", read: |to, from| { to.places.extend(from.some_of()?.into_iter().map(Place::Param)); Ok(()) } },
    Row { name: "from_cookies", read: |to, from| { to.places.extend(from.some_of()?.into_iter().map(Place::Cookie)); Ok(()) } },
    Row { name: "forward", read: |to, from| { to.forward = words::switch(from)?; Ok(()) } },
    Row { name: "forward_payload_header", read: |to, from| { to.payload_field = Some(identity_field(from)?); Ok(()) } },
    Row { name: "pad_forward_payload_header", read: |to, from| { to.pad_payload = words::switch(from)?; Ok(()) } },
    Row { name: "claim_to_headers", read: |to, from| { to.claim_fields = listed(from, claim_field)?; Ok(()) } },
    Row { name: "filter_state", read: |to, from| { to.filter_state = from.some_of()?; Ok(()) } },
    Row { name: "jwt_cache_config", read: memory },
    Row { name: "nonce", read: login::nonce },
    Row { name: "nonce_transform", read: |_, from| words::refused(from, "it is nonce.transform here") },
    Row { name: "payload_in_metadata", read: |_, from| words::refused(from, METADATA) },
    Row { name: "header_in_metadata", read: |_, from| words::refused(from, METADATA) },
    Row { name: "failed_status_in_metadata", read: |_, from| words::refused(from, METADATA) },
    Row { name: "normalize_payload_in_metadata", read: |_, from| words::refused(from, METADATA) },
    Row { name: "clear_route_cache", read: |_, from| words::refused(from, "Envoy chooses the route anew whenever a filter in wasm changes the header") },
];

const METADATA: &str =
    "a filter in wasm cannot write dynamic metadata; filter_state puts claims into access logs";

fn policy_option(to: &mut Provider, from: Setting<'_>) -> Result<(), Rejection> {
    to.policy.push((from.name, from.value.raw().into()));
    Ok(())
}

impl Provider {
    /// The provider's policy, with other `audiences`, `acr_values` or `max_age`.
    pub(super) fn policy(&self, changes: &[(&'static str, String)]) -> Result<Policy, Rejection> {
        let changed = |name: &str| changes.iter().find(|(changed, _)| *changed == name);
        let kept = self
            .policy
            .iter()
            .filter(|(name, _)| changed(name).is_none());
        let mut members: Vec<(&str, String)> = kept.cloned().collect();
        let of_policy = changes.iter().filter(|(name, _)| *name != "audiences");
        members.extend(of_policy.cloned());
        self.add_parties(changed("audiences").map(|(_, list)| list), &mut members);
        let subjects = self.subjects.clone();
        members.extend(subjects.map(|demand| ("required_claims", demand)));
        let members = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"));
        let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        Policy::from_json(text, Spelling::Snake)
    }

    /// Any of `audiences` and `client_id` will do, and the client alone is who may have asked for the token. Where a rule
    /// names audiences, only they will do; the client may stand beside them.
    fn add_parties(&self, of_rule: Option<&String>, members: &mut Vec<(&'static str, String)>) {
        let mut add = |name: &'static str, lists: &[Option<&String>]| {
            let given = lists.iter().flatten();
            let all: Vec<_> = given
                .map(|list| items(list))
                .filter(|l| !l.is_empty())
                .collect();
            if !all.is_empty() {
                members.retain(|(known, _)| *known != name);
                members.push((name, format!("[{}]", all.join(","))));
            }
        };
        let option = |name| self.policy.iter().find(|(known, _)| *known == name);
        let client = self.client_id.as_ref();
        match of_rule {
            Some(audiences) => {
                let trusted = option("trusted_audiences").map(|(_, list)| list);
                add("client_id", &[Some(audiences)]);
                add("trusted_audiences", &[trusted, client]);
            }
            None => add("client_id", &[self.audiences.as_ref(), client]),
        }
        if option("authorized_parties").is_none() {
            add("authorized_parties", &[client]);
        }
    }

    /// Names of the fields that this provider's claims go to.
    pub fn identity_fields(&self) -> impl Iterator<Item = &str> {
        let fields = self.claim_fields.iter().map(|(_, field)| field);
        fields.chain(&self.payload_field).map(String::as_str)
    }

    fn finish(mut self) -> Result<Self, Rejection> {
        let wrong = |hint: &'static str| Err(Rejection::invalid_option(hint));
        if self.places.is_empty() {
            self.places.push(Place::bearer());
        }
        if self.audiences.is_none() && self.client_id.is_none() {
            return Err(Code::ConfigAudience.into());
        }
        let mut names: Vec<_> = self.policy.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair.first() == pair.last()) {
            return wrong("clock_skew_seconds and clock_tolerance are the same; give one of them");
        }
        if self.subjects.is_some() && names.contains(&"required_claims") {
            return wrong(
                "subjects and required_claims do not go together; name sub in required_claims",
            );
        }
        let places = self.places.iter();
        let headers: Vec<_> = places
            .filter_map(|place| match place {
                Place::Header { name, .. } => Some(name.clone()),
                Place::Param(_) | Place::Cookie(_) => None,
            })
            .collect();
        let fields: Vec<_> = self.identity_fields().map(str::to_owned).collect();
        for (at, field) in fields.iter().enumerate() {
            let others = fields.iter().skip(at.saturating_add(1));
            if others
                .chain(&headers)
                .any(|other| is_same_name(field, other))
            {
                return Err(Rejection::invalid_option(format!("{field} is used twice")));
            }
        }
        let policy = self.policy(&[])?;
        match (&self.keys, self.local_jwks.take()) {
            (KeySource::Remote { .. }, None) => {}
            (KeySource::Missing, Some(text)) => {
                let set = KeySet::from_json(&text, ALGORITHMS, policy.limits());
                self.keys = KeySource::Local(set.map_err(|error| error.within("local_jwks"))?);
            }
            _ => return wrong("one of remote_jwks and local_jwks is needed"),
        }
        if let Some(bytes) = self.memory {
            VerifiedTokens::new(bytes).map_err(|error| error.within("jwt_cache_config"))?;
        }
        Ok(self)
    }
}

/// What stands inside a list, or a text alone.
fn items(json: &str) -> &str {
    let inside = json
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    inside.unwrap_or(json).trim()
}

#[derive(Default)]
struct HeaderPlace {
    name: Option<String>,
    prefix: String,
}

fn header(from: Setting<'_>) -> Result<Place, Rejection> {
    let mut place = HeaderPlace::default();
    object(from, HEADER, &mut place)?;
    let name = place
        .name
        .ok_or_else(|| from.invalid("an object with a name"))?;
    Ok(Place::Header {
        name,
        prefix: place.prefix,
    })
}

#[rustfmt::skip]
static HEADER: &[Row<HeaderPlace>] = &[
    Row { name: "name", read: |to, from| { to.name = Some(field_name(from)?); Ok(()) } },
    Row { name: "value_prefix", read: |to, from| { to.prefix = from.value.as_str().ok_or_else(|| from.invalid("a string"))?.into(); Ok(()) } },
];

pub(super) fn field_name(from: Setting<'_>) -> Result<String, Rejection> {
    let name = from.text()?.to_ascii_lowercase();
    match is_name(&name) && name != "cookie" {
        true => Ok(name),
        false => Err(from.invalid("the name of a field")),
    }
}

/// Fields that mean something to HTTP itself (RFC 9110 section 7.6.1) or to Envoy cannot carry a claim.
fn identity_field(from: Setting<'_>) -> Result<String, Rejection> {
    const TAKEN: [&str; 9] = [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "trailer",
        "keep-alive",
        "content-type",
    ];
    let name = field_name(from)?;
    match TAKEN.contains(&&*name) || name.starts_with("x-envoy-") {
        true => Err(from.invalid("a field that means nothing else to HTTP or Envoy")),
        false => Ok(name),
    }
}

fn claim_field(from: Setting<'_>) -> Result<(String, String), Rejection> {
    let mut found = (None, None);
    object(from, CLAIM_FIELD, &mut found)?;
    match found {
        (Some(claim), Some(field)) => Ok((claim, field)),
        _ => Err(from.invalid("an object with claim_name and header_name")),
    }
}

type ClaimField = (Option<String>, Option<String>);

#[rustfmt::skip]
static CLAIM_FIELD: &[Row<ClaimField>] = &[
    Row { name: "claim_name", read: |to, from| { to.0 = Some(from.text()?); Ok(()) } },
    Row { name: "header_name", read: |to, from| { to.1 = Some(identity_field(from)?); Ok(()) } },
];

/// As in jwt_authn, there is none unless it is asked for.
fn memory(to: &mut Provider, from: Setting<'_>) -> Result<(), Rejection> {
    let mut bytes = MEMORY;
    from.nested(CACHE, &mut bytes)?;
    to.memory = Some(bytes);
    Ok(())
}

/// As in jwt_authn, 0 means the default.
fn cache_size(to: &mut usize, from: Setting<'_>) -> Result<(), Rejection> {
    let entries = usize::try_from(from.whole()?).unwrap_or(usize::MAX);
    if entries > 0 {
        *to = entries.saturating_mul(ENTRY).max(VerifiedTokens::MIN_BYTES);
    }
    Ok(())
}

#[rustfmt::skip]
static CACHE: &[Row<usize>] = &[
    Row { name: "jwt_cache_size", read: cache_size },
    Row { name: "jwt_max_token_size", read: |_, from| words::refused(from, "what is remembered is bounded by bytes: jwt_cache_size times 4 KiB") },
];
