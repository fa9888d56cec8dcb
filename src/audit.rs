//! One decision as one line of JSON, in the shape of the Open Cybersecurity Schema Framework's class Authentication
//! (3002), for those who keep such lines for years: no token, no claim's value, no secret.

use alloc::format;
use alloc::string::String;

use crate::alg::Hash;
use crate::error::Code;
use crate::json::quote;
use crate::time::UnixMillis;
use crate::token::shown_kid;
use crate::verifier::IdToken;

/// What is told of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// When.
    pub at: UnixMillis,
    /// Whether the request was let through.
    pub allowed: bool,
    /// `ok`, or why not: a [`Code`]'s name, or a word of the program that decided.
    pub reason: &'a str,
    /// The issuer, by the name that the operator gave it.
    pub provider: Option<&'a str>,
    /// The accepted token.
    pub token: Option<&'a IdToken>,
    /// What ties this line to others: a trace id or a request id.
    pub trace: Option<&'a str>,
    /// Who decided, such as `envoy`.
    pub service: &'a str,
}

impl Record<'_> {
    /// The line, in ASCII and without a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        // 99 is "other": a token was looked at, nobody logged on just now. A type is class * 100 + activity.
        let mut out = String::from(
            "{\"activity_id\":99,\"activity_name\":\"Token validation\",\"category_uid\":3,\"class_uid\":3002,\
             \"type_uid\":300299,\"auth_protocol_id\":4,\"auth_protocol\":\"OpenID\"",
        );
        let (status, status_id, severity) = match self.allowed {
            true => ("Success", 1, 1),
            false => ("Failure", 2, 2),
        };
        out.push_str(&format!(
            ",\"severity_id\":{severity},\"status\":\"{status}\",\"status_id\":{status_id},\"status_code\":{},\"time\":{}",
            quote(self.reason),
            self.at.as_millis()
        ));
        let trace = self.trace.map(shown_kid);
        let trace = trace.map_or(String::new(), |trace| {
            format!(",\"correlation_uid\":{}", quote(&trace))
        });
        out.push_str(&format!(
            ",\"metadata\":{{\"version\":\"1.3.0\",\"product\":{{\"name\":\"idtoken\",\"vendor_name\":\"idtoken\",\"version\":\"{}\"}}{trace}}}",
            env!("CARGO_PKG_VERSION")
        ));
        out.push_str(&format!(
            ",\"service\":{{\"name\":{}}}",
            quote(self.service)
        ));
        let user = self.token.map(user_of);
        out.push_str(&format!(
            ",\"user\":{{\"uid\":{}}}",
            quote(user.as_deref().unwrap_or("unknown"))
        ));
        let mut more = String::new();
        let mut tell = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                let comma = if more.is_empty() { "" } else { "," };
                more.push_str(&format!("{comma}\"{name}\":{}", quote(value)));
            }
        };
        tell("provider", self.provider);
        tell("alg", self.token.map(|token| token.key_id().alg));
        let kid = self.token.and_then(|token| token.key_id().kid.as_deref());
        tell("kid", kid.map(shown_kid).as_deref());
        let code = Code::ALL.iter().find(|code| code.name() == self.reason);
        tell("rule", code.map(|code| code.rule()));
        out.push_str(&format!(",\"unmapped\":{{{more}}}}}"));
        out
    }
}

/// Tells users apart without naming them: a hash over issuer and subject, which only together name a user.
fn user_of(token: &IdToken) -> String {
    let user = [token.issuer().as_bytes(), &[0], token.subject().as_bytes()].concat();
    let digest = Hash::Sha256.digest(&user);
    let hex = digest.iter().map(|byte| format!("{byte:02x}"));
    let hex: String = hex.collect();
    format!("sha256:{hex}")
}
