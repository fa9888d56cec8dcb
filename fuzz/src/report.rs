//! What may be said of a token: `explain` says what `verify` does, and neither gives a secret away.

use idtoken::{Code, Rejection, Report, Status, Verdict};

use crate::scenario::{ACCESS_TOKEN, NONCE, Scenario};
use crate::tree::{Reading, Tree};

/// `explain` says what `verify` does, and gives no secret away.
pub fn explained(case: &Scenario, verdict: Result<(), Code>, report: &Report) {
    let first = report
        .checks
        .iter()
        .find(|line| line.status == Status::Fail);
    assert_eq!(
        first.and_then(|line| line.code),
        verdict.err(),
        "explain and verify disagree"
    );
    assert_eq!(
        report.verdict == Verdict::Accepted,
        verdict.is_ok(),
        "explain and verify disagree"
    );
    assert!(
        verdict.is_err() || report.checks.iter().all(|line| line.verified),
        "accepted, but not verified"
    );
    let shown = format!("{report:?}");
    silent(case, &shown);
    assert!(shown.len() < 64 * 1024, "a report of {} bytes", shown.len());
}

/// A refusal can be logged: it is short, and has no secret.
pub fn refused(case: &Scenario, rejection: &Rejection) {
    let shown = rejection.to_string();
    silent(case, &shown);
    assert!(shown.len() < 4096, "a message of {} bytes", shown.len());
    assert_ne!(rejection.code(), Code::InternalError);
    assert!(matches!(rejection.status(), 401 | 500 | 503));
}

/// No secret is shown; one counts only where nothing that may be shown repeats it.
pub fn silent(case: &Scenario, shown: &str) {
    for secret in [NONCE, ACCESS_TOKEN] {
        let is_silent = !shown.contains(secret) || is_told(case, secret);
        assert!(is_silent, "a secret is shown: {shown}");
    }
}

/// Whether the token itself, or the policy, has the secret where it is none: what is shown of `iss` may be anything.
fn is_told(case: &Scenario, secret: &str) -> bool {
    let is_elsewhere = match Tree::read(case.claims.as_bytes()) {
        Reading::Json(claims) => {
            let others = claims.members().iter().filter(|(name, _)| name != "nonce");
            others
                .map(|member| format!("{member:?}"))
                .any(|member| member.contains(secret))
        }
        _ => case.claims.contains(secret),
    };
    is_elsewhere || case.header.contains(secret) || case.policy.to_string().contains(secret)
}
