//! Rules and requirements, as written; names are resolved once all of the text was read.

use idtoken::options::{Row, Setting};
use idtoken::{Kind, Rejection};

use super::{Draft, Leaf, Rule, listed, named, object, words};
use crate::path::Match;
use crate::requirement::Requirement;

/// A rule as written.
#[derive(Default)]
pub(super) struct RuleDraft {
    paths: Option<Match>,
    requires: Option<RequirementDraft>,
    requirement_name: Option<String>,
    /// Options of the policy that this rule sets, by name, as JSON.
    demands: Vec<(&'static str, String)>,
}

/// A requirement as written.
#[derive(Clone, Default)]
pub(crate) enum RequirementDraft {
    /// Nothing: the path is open.
    #[default]
    None,
    Provider {
        name: String,
        audiences: Option<String>,
    },
    Any(Vec<RequirementDraft>),
    All(Vec<RequirementDraft>),
    AllowMissing,
    AllowMissingOrFailed,
}

pub(super) fn list(from: Setting<'_>) -> Result<Vec<RuleDraft>, Rejection> {
    let rules = listed(from, |item| {
        let mut rule = RuleDraft::default();
        object(item, RULE, &mut rule)?;
        Ok(rule)
    })?;
    match rules.is_empty() {
        true => Err(from.invalid("left out, or a list that is not empty")),
        false => Ok(rules),
    }
}

pub(super) fn map(from: Setting<'_>) -> Result<Vec<(String, RequirementDraft)>, Rejection> {
    named(from, |_, item| requirement(item))
}

#[rustfmt::skip]
static RULE: &[Row<RuleDraft>] = &[
    Row { name: "match", read: |to, from| from.nested(MATCH, &mut to.paths) },
    Row { name: "requires", read: |to, from| { to.requires = Some(requirement(from)?); Ok(()) } },
    Row { name: "requirement_name", read: |to, from| { to.requirement_name = Some(from.text()?); Ok(()) } },
    Row { name: "acr_values", read: demand },
    Row { name: "max_age", read: demand },
];

fn demand(to: &mut RuleDraft, from: Setting<'_>) -> Result<(), Rejection> {
    to.demands.push((from.name, from.value.raw().into()));
    Ok(())
}

const PATH_ALONE: &str = "rules are about the path alone, which every service reads alike";

#[rustfmt::skip]
static MATCH: &[Row<Option<Match>>] = &[
    Row { name: "prefix", read: |to, from| one(to, from, Match::Prefix) },
    Row { name: "path", read: |to, from| one(to, from, Match::Path) },
    Row { name: "path_separated_prefix", read: |to, from| one(to, from, Match::SeparatedPrefix) },
    Row { name: "safe_regex", read: |_, from| words::refused(from, "a regular expression is easily too wide; list prefix, path or path_separated_prefix") },
    Row { name: "case_sensitive", read: |_, from| words::refused(from, "paths have case") },
    Row { name: "headers", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "query_parameters", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "dynamic_metadata", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "filter_state", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "runtime_fraction", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "grpc", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "tls_context", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "connect_matcher", read: |_, from| words::refused(from, PATH_ALONE) },
    Row { name: "path_match_policy", read: |_, from| words::refused(from, "list prefix, path or path_separated_prefix") },
    Row { name: "cookies", read: |_, from| words::refused(from, PATH_ALONE) },
];

fn one(
    to: &mut Option<Match>,
    from: Setting<'_>,
    kind: fn(String) -> Match,
) -> Result<(), Rejection> {
    let path = from.text()?;
    let is_separated = from.name == "path_separated_prefix";
    if !path.starts_with('/') || path.contains(['?', '#', '%', ';', '\\']) {
        return Err(from.invalid("a path that starts with /, without a query and unencoded"));
    }
    if is_separated && path.ends_with('/') {
        return Err(from.invalid("a path without / at its end"));
    }
    if to.replace(kind(path)).is_some() {
        return Err(from.invalid("the only one of its match"));
    }
    Ok(())
}

fn requirement(from: Setting<'_>) -> Result<RequirementDraft, Rejection> {
    let wrong = || from.invalid("\"none\" or an object with exactly one requirement");
    if let Some(word) = from.value.as_str() {
        return match &*word {
            "none" => Ok(RequirementDraft::None),
            _ => Err(wrong()),
        };
    }
    let mut found = Vec::new();
    object(from, REQUIREMENT, &mut found)?;
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(wrong()),
    }
}

#[rustfmt::skip]
static REQUIREMENT: &[Row<Vec<RequirementDraft>>] = &[
    Row { name: "provider_name", read: |to, from| { to.push(RequirementDraft::Provider { name: from.text()?, audiences: None }); Ok(()) } },
    Row { name: "provider_and_audiences", read: |to, from| { to.push(with_audiences(from)?); Ok(()) } },
    Row { name: "requires_any", read: |to, from| { to.push(RequirementDraft::Any(several(from)?)); Ok(()) } },
    Row { name: "requires_all", read: |to, from| { to.push(RequirementDraft::All(several(from)?)); Ok(()) } },
    Row { name: "allow_missing", read: |to, from| { empty(from)?; to.push(RequirementDraft::AllowMissing); Ok(()) } },
    Row { name: "allow_missing_or_failed", read: |to, from| { empty(from)?; to.push(RequirementDraft::AllowMissingOrFailed); Ok(()) } },
    Row { name: "extract_only_without_validation", read: |_, from| words::refused(from, "claims that nobody verified never become identity") },
];

fn empty(from: Setting<'_>) -> Result<(), Rejection> {
    let is_empty = from.value.kind() == Kind::Object && from.value.members().next().is_none();
    is_empty.then_some(()).ok_or_else(|| from.invalid("{}"))
}

fn several(from: Setting<'_>) -> Result<Vec<RequirementDraft>, Rejection> {
    let mut list = Vec::new();
    if from.value.kind() == Kind::Object {
        from.nested(REQUIREMENTS, &mut list)?;
    }
    match list.is_empty() {
        true => Err(from.invalid("an object with requirements, a list that is not empty")),
        false => Ok(list),
    }
}

static REQUIREMENTS: &[Row<Vec<RequirementDraft>>] = &[Row {
    name: "requirements",
    read: |to, from| {
        *to = listed(from, requirement)?;
        Ok(())
    },
}];

fn with_audiences(from: Setting<'_>) -> Result<RequirementDraft, Rejection> {
    let mut found = (None, None);
    from.nested(PROVIDER_AND_AUDIENCES, &mut found)?;
    match found {
        (Some(name), Some(audiences)) => Ok(RequirementDraft::Provider {
            name,
            audiences: Some(audiences),
        }),
        _ => Err(from.invalid("an object with provider_name and audiences")),
    }
}

type ProviderAndAudiences = (Option<String>, Option<String>);

#[rustfmt::skip]
static PROVIDER_AND_AUDIENCES: &[Row<ProviderAndAudiences>] = &[
    Row { name: "provider_name", read: |to, from| { to.0 = Some(from.text()?); Ok(()) } },
    Row { name: "audiences", read: |to, from| { from.some_of()?; to.1 = Some(from.value.raw().into()); Ok(()) } },
];

impl RuleDraft {
    pub(super) fn build(self, config: &mut Draft) -> Result<Rule, Rejection> {
        let missing = |what: &'static str| Rejection::invalid_option(what);
        let paths = self.paths.ok_or_else(|| {
            missing("match must have one of prefix, path and path_separated_prefix")
        })?;
        let requires = match (self.requires, self.requirement_name) {
            (Some(requires), None) => requires,
            (None, Some(name)) => {
                let known = config
                    .requirement_map
                    .iter()
                    .find(|(known, _)| *known == name);
                let known = known.map(|(_, requirement)| requirement.clone());
                known.ok_or_else(|| {
                    let known: Vec<_> = config.requirement_map.iter().map(|(n, _)| &**n).collect();
                    let name = name.escape_default();
                    let hint = match known.is_empty() {
                        true => format!("requirement_name {name}: there is no requirement_map"),
                        false => format!(
                            "requirement_name {name} is not in requirement_map; there are {}",
                            known.join(", ")
                        ),
                    };
                    Rejection::invalid_option(hint)
                })?
            }
            _ => {
                let what =
                    "a rule needs requires or requirement_name; requires: none opens the path";
                return Err(missing(what));
            }
        };
        if matches!(requires, RequirementDraft::None) && !self.demands.is_empty() {
            return Err(missing(
                "acr_values and max_age demand a token, and requires: none does not",
            ));
        }
        let requires = requires.build(config, &self.demands)?;
        Ok(Rule { paths, requires })
    }
}

impl RequirementDraft {
    fn build(
        self,
        config: &mut Draft,
        demands: &[(&'static str, String)],
    ) -> Result<Requirement, Rejection> {
        let each = |list: Vec<Self>, config: &mut Draft| {
            let built = list.into_iter().map(|one| one.build(config, demands));
            built.collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Self::None => Requirement::None,
            Self::Any(list) => Requirement::Any(each(list, config)?),
            Self::All(list) => Requirement::All(each(list, config)?),
            Self::AllowMissing => Requirement::AllowMissing(leaves_of_all(config, demands)?),
            Self::AllowMissingOrFailed => {
                Requirement::AllowMissingOrFailed(leaves_of_all(config, demands)?)
            }
            Self::Provider { name, audiences } => {
                let mut changes = demands.to_vec();
                changes.extend(audiences.map(|audiences| ("audiences", audiences)));
                let at = config.providers.iter().position(|known| known.name == name);
                let at = at.ok_or_else(|| {
                    let known: Vec<_> = config.providers.iter().map(|p| p.name.as_str()).collect();
                    let hint = format!(
                        "provider {} is unknown; there are {}",
                        name.escape_default(),
                        known.join(", ")
                    );
                    Rejection::invalid_option(hint)
                })?;
                Requirement::Provider(leaf(config, at, &changes)?)
            }
        })
    }
}

fn leaves_of_all(
    config: &mut Draft,
    demands: &[(&'static str, String)],
) -> Result<Vec<usize>, Rejection> {
    (0..config.providers.len())
        .map(|at| leaf(config, at, demands))
        .collect()
}

fn leaf(
    config: &mut Draft,
    at: usize,
    changes: &[(&'static str, String)],
) -> Result<usize, Rejection> {
    // The first leaves are the providers as they are.
    if changes.is_empty() {
        return Ok(at);
    }
    let provider = config
        .providers
        .get(at)
        .ok_or(idtoken::Code::InternalError)?;
    let policy = provider.policy(changes)?;
    config.leaves.push(Leaf {
        provider: at,
        policy,
    });
    Ok(config.leaves.len().saturating_sub(1))
}
