//! The configuration: read once, by the core's reader of options, and refused in one sentence.

mod jwks;
mod login;
mod provider;
mod rules;
mod words;

use idtoken::headers::is_value;
use idtoken::options::{self, Row, Setting, Spelling};
use idtoken::{Kind, Policy, Rejection};

use crate::path::Match;
use crate::requirement::Requirement;

pub use provider::{KeySource, NonceSource, Provider};

/// All of it, checked.
#[derive(Debug)]
pub struct Config {
    /// The issuers.
    pub providers: Vec<Provider>,
    /// What is demanded, one for each use of a provider; the first are the providers themselves, in order.
    pub leaves: Vec<Leaf>,
    /// The first that matches decides. None at all: every path needs a valid token.
    pub rules: Vec<Rule>,
    /// What is demanded where there are no rules.
    pub default: Requirement,
    /// Whether anything is done about the decisions.
    pub mode: Mode,
    /// Answers as jwt_authn gives them.
    pub envoy_compat: bool,
    /// Answers without the reason.
    pub strip_failure_response: bool,
    /// Whether CORS preflights pass.
    pub bypass_cors_preflight: bool,
    /// For the challenge.
    pub realm: Option<String>,
    /// Which decisions are logged.
    pub audit: Audit,
    /// Seconds, instead of the clock.
    #[cfg(feature = "fixed-clock")]
    pub fixed_clock: Option<u64>,
}

/// A provider with what one rule demands of its tokens.
#[derive(Debug)]
pub struct Leaf {
    /// Its place in the list.
    pub provider: usize,
    /// The provider's policy, with what the rule changes of it.
    pub policy: Policy,
}

/// What some paths need.
#[derive(Debug)]
pub struct Rule {
    /// Which paths.
    pub paths: Match,
    /// What they need.
    pub requires: Requirement,
}

/// Whether anything is done about the decisions.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Mode {
    /// Requests are changed and refused.
    #[default]
    Enforce,
    /// They are counted.
    Report,
}

/// Which decisions are logged.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Audit {
    /// None.
    #[default]
    Off,
    /// Refusals.
    Denied,
    /// Both.
    All,
}

impl Config {
    /// Reads the configuration, which is JSON.
    ///
    /// # Errors
    /// One sentence that names the field.
    pub fn from_json(text: &[u8]) -> Result<Self, Rejection> {
        // Envoy hands a Struct over in protobuf's own bytes.
        if core::str::from_utf8(text).is_err() {
            let hint = "the configuration must be JSON, in a google.protobuf.StringValue";
            return Err(Rejection::invalid_option(hint));
        }
        let mut draft = Draft::default();
        options::read_text(text, ROWS, Spelling::Snake, &mut draft)?;
        draft.build()
    }

    /// Names of fields that say who the user is; what a client sends under them never passes.
    pub fn identity_fields(&self) -> impl Iterator<Item = &str> {
        self.providers.iter().flat_map(Provider::identity_fields)
    }

    /// Whether reading a path wrongly could choose the wrong rule.
    #[must_use]
    pub fn depends_on_path(&self) -> bool {
        !self.rules.iter().all(|rule| rule.paths.is_everything())
    }

    /// What is odd though it works, for the log.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.mode == Mode::Report && self.identity_fields().next().is_some() {
            warnings.push(
                "mode: report changes nothing, so identity headers that a client forges reach the service",
            );
        }
        warnings
    }
}

#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) providers: Vec<Provider>,
    pub(crate) leaves: Vec<Leaf>,
    rules: Option<Vec<rules::RuleDraft>>,
    pub(crate) requirement_map: Vec<(String, rules::RequirementDraft)>,
    mode: Mode,
    envoy_compat: bool,
    strip_failure_response: bool,
    bypass_cors_preflight: bool,
    realm: Option<String>,
    audit: Audit,
    #[cfg(feature = "fixed-clock")]
    fixed_clock: Option<u64>,
}

#[rustfmt::skip]
static ROWS: &[Row<Draft>] = &[
    Row { name: "providers", read: |to, from| { to.providers = provider::list(from)?; Ok(()) } },
    Row { name: "rules", read: |to, from| { to.rules = Some(rules::list(from)?); Ok(()) } },
    Row { name: "requirement_map", read: |to, from| { to.requirement_map = rules::map(from)?; Ok(()) } },
    Row { name: "mode", read: |to, from| { to.mode = from.choice(&[("enforce", Mode::Enforce), ("report", Mode::Report)])?; Ok(()) } },
    Row { name: "envoy_compat", read: |to, from| { to.envoy_compat = words::switch(from)?; Ok(()) } },
    Row { name: "strip_failure_response", read: |to, from| { to.strip_failure_response = words::switch(from)?; Ok(()) } },
    Row { name: "bypass_cors_preflight", read: |to, from| { to.bypass_cors_preflight = words::switch(from)?; Ok(()) } },
    Row { name: "realm", read: |to, from| { to.realm = Some(realm(from)?); Ok(()) } },
    Row { name: "audit", read: |to, from| { to.audit = from.choice(&[("off", Audit::Off), ("denied", Audit::Denied), ("all", Audit::All)])?; Ok(()) } },
    Row { name: "filter_state_rules", read: |_, from| words::refused(from, "rules are about the path alone") },
    Row { name: "stat_prefix", read: |_, from| words::refused(from, "metrics start with idtoken, and providers tell them apart") },
    #[cfg(feature = "fixed-clock")]
    Row { name: "fixed_clock", read: |to, from| { to.fixed_clock = from.value.raw().parse().ok(); Ok(()) } },
];

fn realm(from: Setting<'_>) -> Result<String, Rejection> {
    let text = from.text()?;
    match is_value(&text) && text.is_ascii() && !text.contains(['"', '\\']) {
        true => Ok(text),
        false => Err(from.invalid("plain text without quotes")),
    }
}

impl Draft {
    fn build(mut self) -> Result<Config, Rejection> {
        if self.providers.is_empty() {
            let hint = "providers must name at least one issuer";
            return Err(Rejection::invalid_option(hint));
        }
        for (at, provider) in self.providers.iter().enumerate() {
            let policy = provider.policy(&[])?;
            self.leaves.push(Leaf {
                provider: at,
                policy,
            });
        }
        let all: Vec<usize> = (0..self.leaves.len()).collect();
        let default = match *all {
            [only] => Requirement::Provider(only),
            _ => Requirement::Any(all.into_iter().map(Requirement::Provider).collect()),
        };
        let drafts = self.rules.take().unwrap_or_default();
        let rules = drafts.into_iter().enumerate().map(|(at, draft)| {
            let built = draft.build(&mut self);
            built.map_err(|error| error.within(&format!("rules[{at}]")))
        });
        let rules = rules.collect::<Result<_, _>>()?;
        Ok(Config {
            providers: self.providers,
            leaves: self.leaves,
            rules,
            default,
            mode: self.mode,
            envoy_compat: self.envoy_compat,
            strip_failure_response: self.strip_failure_response,
            bypass_cors_preflight: self.bypass_cors_preflight,
            realm: self.realm,
            audit: self.audit,
            #[cfg(feature = "fixed-clock")]
            fixed_clock: self.fixed_clock,
        })
    }
}

/// The members of an object that is a map of names, each read by `read`.
pub(crate) fn named<T>(
    from: Setting<'_>,
    read: impl Fn(&str, Setting<'_>) -> Result<T, Rejection>,
) -> Result<Vec<(String, T)>, Rejection> {
    if from.value.kind() != Kind::Object {
        return Err(from.invalid("an object"));
    }
    let each = from.value.members().map(|(name, value)| {
        let place = format!("{}.{}", from.name, name.escape_default());
        let item = read(&name, Setting { value, ..from }).map_err(|error| error.within(&place))?;
        Ok((name.into_owned(), item))
    });
    each.collect()
}

/// The items of a list, each read by `read`.
pub(crate) fn listed<T>(
    from: Setting<'_>,
    read: impl Fn(Setting<'_>) -> Result<T, Rejection>,
) -> Result<Vec<T>, Rejection> {
    if from.value.kind() != Kind::Array {
        return Err(from.invalid("a list"));
    }
    let each = from.value.items().enumerate().map(|(at, value)| {
        let place = format!("{}[{at}]", from.name);
        read(Setting { value, ..from }).map_err(|error| error.within(&place))
    });
    each.collect()
}

/// Reads an object within a list or a map, whose place is named already.
pub(crate) fn object<T>(
    from: Setting<'_>,
    rows: &[Row<T>],
    target: &mut T,
) -> Result<(), Rejection> {
    match from.value.kind() {
        Kind::Object => options::read(from.value, rows, &[], from.spelling, target),
        _ => Err(from.invalid("an object")),
    }
}

#[cfg(test)]
mod tests;
