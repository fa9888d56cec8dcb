//! What a token is verified as.

use crate::error::Rejection;

/// What a token is verified as. Most checks are for all kinds; the others say what a kind must and must not have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// An ID Token (OpenID Connect Core 1.0).
    Id,
    /// A logout token (OpenID Connect Back-Channel Logout 1.0).
    Logout,
    /// An access token (RFC 9068).
    Access,
}

impl Purpose {
    /// The refusal of a token that was to be this: it decides the status.
    #[must_use]
    pub fn refusal(self, rejection: Rejection) -> Rejection {
        match self {
            Self::Logout => rejection.of_logout(),
            Self::Id | Self::Access => rejection,
        }
    }
}
