//! What a rule asks for, and what comes of it.

use alloc::rc::Rc;

use idtoken::{Code, IdToken, Rejection};

use crate::answer::Reason;
use crate::places::Found;

/// A requirement, in jwt_authn's words; numbers are places in [`crate::config::Config::leaves`].
#[derive(Debug)]
pub enum Requirement {
    /// Nothing.
    None,
    /// A token of this provider.
    Provider(usize),
    /// The first that is met.
    Any(Vec<Requirement>),
    /// All of them.
    All(Vec<Requirement>),
    /// No token at all, or good ones: each must be accepted by one of these.
    AllowMissing(Vec<usize>),
    /// Whatever came; good tokens of these are passed on.
    AllowMissingOrFailed(Vec<usize>),
}

/// What one provider, as one rule uses it, says of the request.
#[derive(Debug)]
pub struct Judged {
    /// Which; nothing where no single one is to blame.
    pub leaf: Option<usize>,
    /// What its places hold.
    pub found: Found,
    /// What to think of it.
    pub verdict: Verdict,
}

/// What to think of what was found.
#[derive(Debug)]
pub enum Verdict {
    /// There is no token.
    Missing,
    /// Its keys are on their way.
    Wait,
    /// It is not believed.
    Refused(Reason),
    /// It is believed.
    Accepted(Box<IdToken>),
}

/// What comes of a requirement.
#[derive(Debug)]
pub enum Outcome {
    /// It is met, by these.
    Met(Vec<Rc<Judged>>),
    /// There is no token.
    Missing,
    /// Keys are on their way.
    Wait,
    /// It is not met, for this.
    Refused(Rc<Judged>),
}

/// Gives what a provider says; asked again, it says the same.
pub type Judge<'j> = dyn FnMut(usize) -> Rc<Judged> + 'j;

impl Requirement {
    /// Asks the providers it names, in order, and no more of them than it needs.
    pub fn evaluate(&self, judge: &mut Judge<'_>) -> Outcome {
        match self {
            Self::None => Outcome::Met(Vec::new()),
            Self::Provider(leaf) => {
                let judged = judge(*leaf);
                match judged.verdict {
                    Verdict::Missing => Outcome::Missing,
                    Verdict::Wait => Outcome::Wait,
                    Verdict::Refused(_) => Outcome::Refused(judged),
                    Verdict::Accepted(_) => Outcome::Met(vec![judged]),
                }
            }
            Self::Any(list) => any(list, judge),
            Self::All(list) => {
                let mut by = Vec::new();
                for each in list {
                    match each.evaluate(judge) {
                        Outcome::Met(more) => by.extend(more),
                        other => return other,
                    }
                }
                Outcome::Met(by)
            }
            Self::AllowMissing(leaves) => allow_missing(leaves, judge),
            Self::AllowMissingOrFailed(leaves) => {
                let all: Vec<_> = leaves.iter().map(|leaf| judge(*leaf)).collect();
                let is_waiting = |judged: &Rc<Judged>| matches!(judged.verdict, Verdict::Wait);
                match all.iter().any(is_waiting) {
                    true => Outcome::Wait,
                    false => Outcome::Met(accepted(&all)),
                }
            }
        }
    }
}

/// The first that is met. One that must wait for keys is waited for, so that the answer is the same as with keys at hand.
fn any(list: &[Requirement], judge: &mut Judge<'_>) -> Outcome {
    let mut refusals = Vec::new();
    for each in list {
        match each.evaluate(judge) {
            Outcome::Missing => {}
            Outcome::Refused(judged) => refusals.push(judged),
            decided => return decided,
        }
    }
    match refusals.is_empty() {
        true => Outcome::Missing,
        false => Outcome::Refused(most_telling(refusals)),
    }
}

/// No token anywhere, or every token that is there is good (CVE-2021-21378: one of an unknown issuer is no missing one).
fn allow_missing(leaves: &[usize], judge: &mut Judge<'_>) -> Outcome {
    let all: Vec<_> = leaves.iter().map(|leaf| judge(*leaf)).collect();
    let good = accepted(&all);
    let mut refusals = Vec::new();
    for judged in &all {
        match judged.verdict {
            Verdict::Wait => return Outcome::Wait,
            Verdict::Refused(_) if !good.iter().any(|good| good.found == judged.found) => {
                refusals.push(Rc::clone(judged));
            }
            _ => {}
        }
    }
    match refusals.is_empty() {
        true => Outcome::Met(good),
        false => Outcome::Refused(most_telling(refusals)),
    }
}

fn accepted(all: &[Rc<Judged>]) -> Vec<Rc<Judged>> {
    let is_good = |judged: &&Rc<Judged>| matches!(judged.verdict, Verdict::Accepted(_));
    all.iter().filter(is_good).cloned().collect()
}

/// The provider whose issuer the token names has more to say than the others, who only say that they are not it.
fn most_telling(refusals: Vec<Rc<Judged>>) -> Rc<Judged> {
    let is_other = |judged: &&Rc<Judged>| match &judged.verdict {
        Verdict::Refused(reason) => reason.is(Code::IssMismatch),
        _ => false,
    };
    if let Some(telling) = refusals.iter().find(|judged| !is_other(judged)) {
        return Rc::clone(telling);
    }
    match &*refusals {
        [only] => Rc::clone(only),
        _ => Rc::new(Judged {
            leaf: None,
            found: Found::Nothing,
            verdict: Verdict::Refused(Reason::Core(Rejection::from(Code::IssUnknown))),
        }),
    }
}

#[cfg(test)]
mod tests;
