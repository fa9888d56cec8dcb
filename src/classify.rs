//! What kind of token a text is: a guess for messages, never a reason to believe it.

use crate::check::kind::{TokenType, looks_like_access_token, says_logout};
use crate::error::Code;
use crate::limits::Limits;
use crate::token::UnverifiedToken;

/// What a token looks like. Nothing of it was verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TokenKind {
    /// An access token: typed `at+jwt`, or with the claims of one.
    AccessToken,
    /// An ID Token: the claims that OpenID Connect Core 1.0 section 2 demands, and no type of another kind.
    IdToken,
    /// A back-channel logout token.
    LogoutToken,
    /// A signed token of another kind.
    OtherJwt,
    /// An encrypted token: nobody but its receiver can look inside.
    Encrypted,
    /// Not a compact JWT: opaque, cut, or not a token at all.
    NotAJwt,
}

impl TokenKind {
    /// A word for messages, such as `access_token`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::IdToken => "id_token",
            Self::LogoutToken => "logout_token",
            Self::OtherJwt => "other_jwt",
            Self::Encrypted => "encrypted",
            Self::NotAJwt => "not_a_jwt",
        }
    }
}

/// Says what kind of token `raw` looks like.
#[must_use]
pub fn classify(raw: impl AsRef<[u8]>) -> TokenKind {
    let limits = Limits {
        max_token_bytes: Limits::MAX_TOKEN_BYTES,
        ..Limits::default()
    };
    let token = match UnverifiedToken::parse(raw.as_ref(), &limits) {
        Ok(token) => token,
        Err(rejection) if rejection.code() == Code::JweUnsupported => return TokenKind::Encrypted,
        Err(_) => return TokenKind::NotAJwt,
    };
    let typed = TokenType::of(token.header());
    let Ok(payload) = token.payload() else {
        return TokenKind::NotAJwt;
    };
    let claims = payload.root();
    let has = |name| claims.get(name).is_some();
    match typed {
        Some(TokenType::Access) => TokenKind::AccessToken,
        Some(TokenType::Logout) => TokenKind::LogoutToken,
        Some(TokenType::Untyped) if says_logout(claims) => TokenKind::LogoutToken,
        Some(TokenType::Untyped) if looks_like_access_token(claims) => TokenKind::AccessToken,
        Some(TokenType::Untyped | TokenType::BoundIdToken)
            if ["iss", "sub", "aud", "exp", "iat"].into_iter().all(has) =>
        {
            TokenKind::IdToken
        }
        _ => TokenKind::OtherJwt,
    }
}
