//! What is known about the tokens of well-known providers: data to read, to copy and to override. Nothing in the
//! verifier looks here, so whoever names no preset does not pay for one.

mod table;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::alg;
use crate::error::{Code, Rejection};
use crate::expectations::Nonce;
use crate::policy::{Policy, PolicyBuilder};
use crate::token::shown;

pub use table::PRESETS;

/// One kind of token of one provider. Members that are empty or `None` leave the policy's default alone.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Preset {
    /// The stable name, such as `google`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The issuer, with a `{placeholder}` where the provider has many; a `{+placeholder}` may hold `/` and `:` as well,
    /// as in RFC 6570.
    pub issuer: &'static str,
    /// What the placeholders of the issuer stand for.
    pub placeholders: &'static [Placeholder],
    /// Other texts of the same issuer in `iss`.
    pub issuer_aliases: &'static [&'static str],
    /// The signature algorithms that the provider uses unless it is told otherwise.
    pub algorithms: &'static [&'static str],
    /// In seconds; only where tokens may live for more than a day.
    pub max_lifetime: Option<u64>,
    /// Claims that tell these tokens from others with the same issuer and audience.
    pub required_claims: &'static [(&'static str, &'static str)],
    /// What to expect of the nonce. `None`: the one that was sent with this login.
    pub nonce: Option<Nonce<'static>>,
    /// Where the provider publishes its keys, with the placeholders of the issuer. For information: nothing is fetched.
    pub jwks_uri: Option<&'static str>,
    /// What only the user can decide.
    pub advice: &'static [&'static str],
    /// What all this is based on.
    pub facts: &'static [Fact],
}

/// A part of an issuer that differs from customer to customer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Placeholder {
    /// The name between the braces.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
    /// A value it might have.
    pub example: &'static str,
}

/// Something that was found out about a provider.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Fact {
    /// The part of the policy it is about.
    pub about: &'static str,
    /// What was found.
    pub says: &'static str,
    /// The document it was read in. `None`: unverified.
    pub source: Option<&'static str>,
}

/// The preset of this name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// Starts a policy for this provider, to be changed at will before it is built. `fill` gives each placeholder of the
    /// issuer its value; `("tenantid", "{tenantid}")` keeps that one, for [`PolicyBuilder::tenants`].
    ///
    /// ```
    /// let auth0 = idtoken::presets::preset("auth0").expect("it is in the table");
    /// let policy = auth0.policy(&[("domain", "shop.eu.auth0.com")], "my-client")?.max_age(3600).build()?;
    /// # Ok::<(), idtoken::Rejection>(())
    /// ```
    ///
    /// # Errors
    /// `config_issuer` when a placeholder has no value, a value no placeholder, or a value has a character that could
    /// lead out of its place.
    pub fn policy(
        &self,
        fill: &[(&str, &str)],
        client_id: impl Into<String>,
    ) -> Result<PolicyBuilder, Rejection> {
        let mut builder = Policy::builder(self.issuer(fill)?, client_id)
            .issuer_aliases(self.issuer_aliases.iter().copied())
            // A build without an algorithm refuses its tokens, but must not refuse the whole provider.
            .algorithms(
                self.algorithms
                    .iter()
                    .copied()
                    .filter(|name| alg::facts(name).is_some()),
            );
        if let Some(seconds) = self.max_lifetime {
            builder = builder.max_lifetime(seconds);
        }
        if !self.required_claims.is_empty() {
            builder = builder.required_claims(json(self.required_claims));
        }
        Ok(builder)
    }

    fn issuer(&self, fill: &[(&str, &str)]) -> Result<String, Rejection> {
        for (name, _) in fill {
            if !self.placeholders.iter().any(|known| known.name == *name) {
                let hint = format!("{} has no {{{}}}", self.issuer, shown(name));
                return Err(Rejection::new(Code::ConfigIssuer, hint));
            }
        }
        let mut out = String::new();
        let mut rest = self.issuer;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(value(name, fill)?);
            rest = behind;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The value of the placeholder that is written `{name}`.
fn value<'f>(name: &str, fill: &[(&str, &'f str)]) -> Result<&'f str, Rejection> {
    let (name, fits): (_, fn(&str) -> bool) = match name.strip_prefix('+') {
        Some(name) => (name, is_host_and_path),
        None => (name, is_segment),
    };
    let refuse = |hint| Err(Rejection::new(Code::ConfigIssuer, hint));
    match fill.iter().find(|(given, _)| *given == name) {
        None => refuse(format!("{{{name}}} has no value")),
        // For the tenants of a templated issuer.
        Some((_, text)) if *text == format!("{{{name}}}") => Ok(text),
        Some((_, text)) if fits(text) => Ok(text),
        Some((_, text)) => refuse(format!("{} cannot stand for {{{name}}}", shown(text))),
    }
}

/// A host name or one segment of a path. Dots alone would lead to another path.
fn is_segment(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().all(is_plain) && text.bytes().any(|byte| byte != b'.')
}

/// A host, perhaps with a port, and perhaps a path, which may end in a slash.
fn is_host_and_path(text: &str) -> bool {
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let (host, port) = host.split_once(':').unwrap_or((host, "0"));
    let segments = path.strip_suffix('/').unwrap_or(path);
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    is_segment(host) && is_number && (path.is_empty() || segments.split('/').all(is_segment))
}

/// An object of strings. The table has only names and words, which need no escapes; the tests of the table see to that.
fn json(claims: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!(r#""{name}": "{value}""#);
    let pairs: Vec<_> = claims.iter().map(pair).collect();
    format!("{{ {} }}", pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(preset: &Preset) -> Vec<(&'static str, &'static str)> {
        let pair = |placeholder: &Placeholder| (placeholder.name, placeholder.example);
        preset.placeholders.iter().map(pair).collect()
    }

    #[test]
    fn every_preset_builds_a_policy() {
        for preset in PRESETS {
            let builder = preset.policy(&examples(preset), "client").unwrap();
            let policy = builder.build().unwrap();
            assert!(!policy.issuer.contains(['{', '}']), "{}", policy.issuer);
            assert!(policy.max_lifetime > 24 * 60 * 60 || preset.max_lifetime.is_none());
        }
    }

    #[test]
    fn several_tenants_share_a_template() {
        let entra = preset("entra").unwrap();
        let builder = entra
            .policy(&[("tenantid", "{tenantid}")], "client")
            .unwrap();
        assert_eq!(
            builder.clone().build().unwrap_err().code(),
            Code::ConfigIssuer
        );
        let tenants = ["9188040d-6c67-4c5b-b112-36a304b66dad"];
        let policy = builder.tenants("tid", tenants).build().unwrap();
        assert_eq!(
            policy.issuers(),
            ["https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"]
        );
    }

    #[test]
    fn a_placeholder_without_a_value_is_refused_by_name() {
        for preset in PRESETS {
            for left_out in preset.placeholders {
                let mut fill = examples(preset);
                fill.retain(|(name, _)| *name != left_out.name);
                let error = preset.policy(&fill, "client").unwrap_err();
                assert_eq!(error.code(), Code::ConfigIssuer);
                let hint = error.hint().unwrap();
                assert!(hint.contains(left_out.name), "{hint}");
            }
        }
    }

    #[test]
    fn a_value_cannot_leave_its_place() {
        let auth0 = preset("auth0").unwrap();
        let values = [
            "",
            ".",
            "..",
            "a/b",
            "a/",
            "a:1",
            "a@b",
            "a?b",
            "a#b",
            "a b",
            "a\n",
            "{other}",
            "https://a",
            "\u{e4}",
        ];
        for value in values {
            let error = auth0.policy(&[("domain", value)], "client").unwrap_err();
            assert_eq!(error.code(), Code::ConfigIssuer, "{value:?}");
        }
        let kubernetes = preset("kubernetes").unwrap();
        let values = [
            "",
            "/",
            "/a",
            "a//b",
            "a//",
            "a/../b",
            "a/.",
            "a:",
            "a:b",
            "a/b:1",
            "u@a",
            "https://a",
        ];
        for value in values {
            let error = kubernetes
                .policy(&[("issuer", value)], "client")
                .unwrap_err();
            assert_eq!(error.code(), Code::ConfigIssuer, "{value:?}");
        }
        for value in ["a", "a.b:6443", "a/b_c/d", "a/b/", "a:1/"] {
            let builder = kubernetes.policy(&[("issuer", value)], "client").unwrap();
            let issuer = builder.build().unwrap().issuer;
            assert_eq!(issuer.strip_prefix("https://"), Some(value));
        }
    }

    #[test]
    fn a_value_without_a_placeholder_is_refused() {
        let fill = [("domain", "a.example"), ("region", "eu-west-1")];
        let error = preset("auth0").unwrap().policy(&fill, "client");
        assert_eq!(error.unwrap_err().code(), Code::ConfigIssuer);
        assert!(preset("google").unwrap().policy(&fill, "client").is_err());
        assert!(preset("Google").is_none());
    }

    #[test]
    fn the_table_is_sound() {
        for (index, preset) in PRESETS.iter().enumerate() {
            let later = PRESETS.iter().skip(index + 1);
            assert!(later.into_iter().all(|other| other.name != preset.name));
            for text in preset
                .required_claims
                .iter()
                .flat_map(|(name, value)| [name, value])
            {
                assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
            }
            for placeholder in preset.placeholders {
                let written = [
                    format!("{{{}}}", placeholder.name),
                    format!("{{+{}}}", placeholder.name),
                ];
                assert!(written.iter().any(|text| preset.issuer.contains(text)));
            }
            for about in ["issuer", "algorithms", "lifetime", "nonce"] {
                let found = preset.facts.iter().any(|fact| fact.about == about);
                assert!(found, "{} says nothing about {about}", preset.name);
            }
            assert!(preset.facts.iter().all(|fact| fact.source != Some("")));
        }
    }
}
