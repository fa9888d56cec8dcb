use super::*;

/// `-` missing, `w` waiting, `i` another issuer, `x` refused.
fn outcome(requirement: &Requirement, providers: &str) -> String {
    let mut asked = Vec::new();
    let outcome = requirement.evaluate(&mut |leaf| {
        asked.push(leaf);
        let refused = |code: Code| Verdict::Refused(Reason::Core(code.into()));
        let (found, verdict) = match providers.as_bytes()[leaf] {
            b'-' => (Found::Nothing, Verdict::Missing),
            b'w' => (Found::Token(vec![1]), Verdict::Wait),
            b'i' => (Found::Token(vec![1]), refused(Code::IssMismatch)),
            _ => (Found::Token(vec![1]), refused(Code::ExpExpired)),
        };
        Rc::new(Judged {
            leaf: Some(leaf),
            found,
            verdict,
        })
    });
    match outcome {
        Outcome::Met(_) => "met".into(),
        Outcome::Missing => "missing".into(),
        Outcome::Wait => "wait".into(),
        Outcome::Refused(judged) => match &judged.verdict {
            Verdict::Refused(reason) => reason.name().into(),
            _ => "?".into(),
        },
    }
}

#[test]
fn combinations() {
    use Requirement::{All, AllowMissing, AllowMissingOrFailed, Any, None, Provider};
    let both = || vec![Provider(0), Provider(1)];
    for (requirement, providers, expected) in [
        (None, "--", "met"),
        (Provider(0), "--", "missing"),
        (Provider(0), "x-", "exp_expired"),
        (Any(both()), "--", "missing"),
        (Any(both()), "ix", "exp_expired"),
        (Any(both()), "xi", "exp_expired"),
        (Any(both()), "ii", "iss_unknown"),
        (Any(both()), "i-", "iss_mismatch"),
        (Any(both()), "iw", "wait"),
        (Any(both()), "wi", "wait"),
        (All(both()), "-x", "missing"),
        (All(both()), "x-", "exp_expired"),
        (AllowMissing(vec![0, 1]), "--", "met"),
        (AllowMissing(vec![0, 1]), "x-", "exp_expired"),
        (AllowMissing(vec![0, 1]), "ii", "iss_unknown"),
        (AllowMissing(vec![0, 1]), "-w", "wait"),
        (AllowMissingOrFailed(vec![0, 1]), "xi", "met"),
        (AllowMissingOrFailed(vec![0, 1]), "xw", "wait"),
        (
            Any(vec![Provider(0), AllowMissing(vec![0, 1])]),
            "x-",
            "exp_expired",
        ),
        (
            Any(vec![Provider(0), AllowMissing(vec![0, 1])]),
            "--",
            "met",
        ),
        (
            Any(vec![Provider(0), AllowMissing(vec![0, 1])]),
            "-x",
            "exp_expired",
        ),
    ] {
        assert_eq!(
            outcome(&requirement, providers),
            expected,
            "{requirement:?} {providers}"
        );
    }
}
