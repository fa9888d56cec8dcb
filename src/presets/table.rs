//! The table of presets, each fact with the document it was read in. Documents change: what matters to you, look up.

use super::{Fact, Placeholder, Preset};
use crate::expectations::Nonce;

/// Every preset: first logins of people, then tokens of machines.
#[rustfmt::skip]
pub static PRESETS: &[Preset] = &[
    GOOGLE, ENTRA, APPLE, AUTH0, OKTA, OKTA_ORG, COGNITO, CLOUDFLARE_ACCESS,
    GITHUB_ACTIONS, GITLAB_CI, KUBERNETES,
];

/// What most of them have in common: RSA with SHA-256, a nonce, and nothing else beyond the defaults.
const COMMON: Preset = Preset {
    name: "",
    title: "",
    issuer: "",
    placeholders: &[],
    issuer_aliases: &[],
    algorithms: &["RS256"],
    max_lifetime: None,
    required_claims: &[],
    nonce: None,
    jwks_uri: None,
    advice: &[],
    facts: &[],
};

#[rustfmt::skip]
const fn read(about: &'static str, says: &'static str, source: &'static str) -> Fact {
    Fact { about, says, source: Some(source) }
}

#[rustfmt::skip]
const fn unverified(about: &'static str, says: &'static str) -> Fact {
    Fact { about, says, source: None }
}

#[rustfmt::skip]
const fn place(name: &'static str, meaning: &'static str, example: &'static str) -> Placeholder {
    Placeholder { name, meaning, example }
}

#[rustfmt::skip]
const GOOGLE: Preset = Preset {
    name: "google",
    title: "Google",
    issuer: "https://accounts.google.com",
    issuer_aliases: &["accounts.google.com"],
    jwks_uri: Some("https://www.googleapis.com/oauth2/v3/certs"),
    advice: &[
        "With Android or iOS apps, `aud` is the web client and `azp` may be the app: list the apps' client ids in \
         `authorized_parties`.",
        "For one Workspace domain only, require the claim `hd` with its name; an e-mail address proves no domain.",
    ],
    facts: &[
        read("issuer", "`https://accounts.google.com`, and `accounts.google.com` for legacy implementations.",
            "Google, OpenID Connect API Reference, discovery document"),
        read("algorithms", "Only RS256; the address of the keys is in the same document.",
            "Google, discovery document (copy in the repository panva/wellknown)"),
        unverified("lifetime", "One hour in published examples; the default of a day is kept."),
        read("nonce", "The value from the authentication request comes back in the token.",
            "Google, google-auth-library reference, TokenPayload"),
        read("azp", "There when another client than the audience asked, such as an Android app of the same project.",
            "Google, google-auth-library reference, TokenPayload"),
        read("hd", "The Workspace domain of the user, only there for users who belong to one.",
            "Google, google-auth-library reference, TokenPayload"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const ENTRA: Preset = Preset {
    name: "entra",
    title: "Microsoft Entra ID (v2.0)",
    issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
    placeholders: &[
        place("tenantid", "the GUID of the tenant, as in the claim `tid`", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"),
    ],
    // A day and five minutes were seen; an hour more costs little.
    max_lifetime: Some(25 * 60 * 60),
    jwks_uri: Some("https://login.microsoftonline.com/{tenantid}/discovery/v2.0/keys"),
    advice: &[
        "For several tenants leave `{tenantid}` in the issuer and list them: `tenants` with the claim `tid` and their \
         GUIDs in `allow`.",
        "Fill in the tenant's GUID. `common`, `organizations`, `consumers` and domain names never stand in `iss`.",
        "Personal accounts have the tenant `9188040d-6c67-4c5b-b112-36a304b66dad`.",
        "Do not recognise people by `email` or `preferred_username`: both can change hands.",
        "v1.0 tokens have another issuer, `https://sts.windows.net/{tenantid}/`, and are refused.",
    ],
    facts: &[
        read("issuer", "Ends in `/v2.0` and names the tenant by its GUID, which is also the claim `tid`.",
            "Microsoft, ID token claims reference"),
        read("issuer", "The metadata of `common` has the text `{tenantid}` where a token has the GUID.",
            "Microsoft, discovery document of `common` (copies in public test data)"),
        read("algorithms", "Only RS256.", "Microsoft, discovery document of `common` (copies in public test data)"),
        read("lifetime", "One hour, or what the tenant configures, from ten minutes to one day.",
            "Microsoft, Configurable token lifetimes"),
        read("lifetime", "`exp` - `iat` is 65 minutes in the v1.0 sample and 24 hours 5 minutes in the v2.0 sample: each \
             five minutes above a documented value.",
            "Microsoft, ID tokens in the Microsoft identity platform, sample tokens"),
        read("nonce", "Mandatory when the ID token is asked of the authorize endpoint; comes back unchanged.",
            "Microsoft, OpenID Connect on the Microsoft identity platform"),
        read("at_hash, c_hash", "Only in tokens from the authorize endpoint, never in those from the token endpoint.",
            "Microsoft, ID token claims reference"),
        read("keys", "`jwks_uri` has the tenant in its path.",
            "Microsoft, OpenID Connect on the Microsoft identity platform"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const APPLE: Preset = Preset {
    name: "apple",
    title: "Sign in with Apple",
    issuer: "https://appleid.apple.com",
    jwks_uri: Some("https://appleid.apple.com/auth/keys"),
    advice: &[
        "If the app hashed the nonce before it gave it to Apple, as Firebase's guide has it, set `nonce_transform` to \
         `sha256_hex` and pass the nonce from before. The web flow usually sends it as it is: keep `plain` there.",
        "`aud` is the bundle id for an app and the services id for the web: list both as `client_id` if you have both.",
        "`email_verified` may be `true` or `\"true\"`: do not require it, look at it afterwards.",
    ],
    facts: &[
        read("issuer", "`https://appleid.apple.com`.", "Apple, Sign in with Apple JS, AuthorizationI.id_token"),
        read("algorithms", "Only RS256; the address of the keys is in the same document.",
            "Apple, discovery document (copy in the repository panva/wellknown)"),
        read("algorithms", "Apple's guide is quoted with \"E256\", which is no algorithm; the published keys are RSA.",
            "Apple, Verifying a user (as quoted by the crate siwa), and the document above"),
        unverified("lifetime", "From five minutes to exactly a day in published examples; the default of a day is kept."),
        read("nonce", "A string handed on to the provider, which the token can be compared with; nothing is said about \
             hashing, so the claim holds what the app gave.",
            "Apple, ASAuthorizationOpenIDRequest.nonce"),
        read("nonce", "Apps send the SHA-256 of their nonce, and Apple passes it on unchanged.",
            "Firebase, Authenticate Using Apple on iOS (as quoted by others)"),
        read("nonce", "Verifiers compare it with the hash in hexadecimal.", "Ory Kratos, source, native sign-in with Apple"),
        read("email_verified", "A string or a boolean.", "Auth.js, Apple provider (quoting Apple)"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const AUTH0: Preset = Preset {
    name: "auth0",
    title: "Auth0",
    issuer: "https://{domain}/",
    placeholders: &[place("domain", "the tenant's domain, or your custom domain if logins use it", "shop.eu.auth0.com")],
    jwks_uri: Some("https://{domain}/.well-known/jwks.json"),
    advice: &[
        "The slash at the end belongs to the issuer.",
        "Applications can be set to HS256, which no verifier without the client secret can check: choose RS256. If you \
         chose PS256, set `algorithms` to it.",
        "With Organizations, require the claim `org_id`.",
    ],
    facts: &[
        read("issuer", "`https://`, the domain and `/`, compared exactly.", "Auth0, node-auth0, source of its IDTokenValidator"),
        read("issuer", "The same with the slash.",
            "Auth0, discovery document of samples.auth0.com (copy in the tests of Apache APISIX)"),
        read("algorithms", "RS256 is recommended; HS256 and PS256 can be chosen.", "Auth0, Signing Algorithms"),
        read("lifetime", "36000 s unless set otherwise for the application; no upper bound was found, so the default of \
             a day is kept.",
            "Auth0, Update ID Token Lifetime"),
        unverified("nonce", "Comes back as it was sent."),
        read("org_id", "To be validated like `exp` and `nonce` where Organizations are used.",
            "Auth0, Organizations, Custom Development"),
        read("keys", "The address is in the discovery document.",
            "Auth0, discovery document of samples.auth0.com (copy in the tests of Apache APISIX)"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const OKTA: Preset = Preset {
    name: "okta",
    title: "Okta, custom authorization server",
    issuer: "https://{domain}/oauth2/{server}",
    placeholders: &[
        place("domain", "the Okta domain, or your custom domain", "dev-1234.okta.com"),
        place("server", "the id of the authorization server, or `default`", "default"),
    ],
    jwks_uri: Some("https://{domain}/oauth2/{server}/v1/keys"),
    advice: &[
        "With a custom domain, look up which issuer the authorization server is set to; with *Dynamic* it depends on the \
         address the login went to: add the other one to `issuer_aliases`.",
    ],
    facts: &[
        read("issuer", "`https://{domain}/oauth2/default` for the server that every organisation starts with.",
            "Okta, JWT Validation Guide"),
        read("issuer", "The custom domain by default if there is one; can be set to the organisation's domain or to follow \
             the request.",
            "Okta, Create an authorization server"),
        read("algorithms", "Signed with RS256.", "Okta, JWT Validation Guide"),
        read("lifetime", "From five minutes to 24 hours, by a token inline hook.",
            "Okta, Lifetime of the Okta Minted JSON Web Tokens"),
        unverified("nonce", "Comes back as it was sent."),
        read("keys", "The address is in the discovery document.", "Okta, discovery documents (copies in public test data)"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const OKTA_ORG: Preset = Preset {
    name: "okta_org",
    title: "Okta, org authorization server",
    issuer: "https://{domain}",
    placeholders: &[place("domain", "the Okta domain, or your custom domain", "dev-1234.okta.com")],
    jwks_uri: Some("https://{domain}/oauth2/v1/keys"),
    facts: &[
        read("issuer", "The domain with neither path nor slash.", "Okta, discovery document (copy in public test data)"),
        read("algorithms", "Only RS256.", "Okta, discovery document (copy in public test data)"),
        read("lifetime", "60 minutes, not configurable.", "Okta, Lifetime of the Okta Minted JSON Web Tokens"),
        unverified("nonce", "Comes back as it was sent."),
        read("keys", "The address is in the discovery document.", "Okta, discovery document (copy in public test data)"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const COGNITO: Preset = Preset {
    name: "cognito",
    title: "Amazon Cognito user pools",
    issuer: "https://cognito-idp.{region}.amazonaws.com/{user_pool_id}",
    placeholders: &[
        place("region", "the region of the user pool", "eu-west-1"),
        place("user_pool_id", "the id of the user pool, which starts with the region", "eu-west-1_Example1"),
    ],
    required_claims: &[("token_use", "id")],
    jwks_uri: Some("https://cognito-idp.{region}.amazonaws.com/{user_pool_id}/.well-known/jwks.json"),
    advice: &[
        "A pool whose issuer type is `UPDATED` has the issuer `https://issuer-cognito-idp.{region}.amazonaws.com/\
         {user_pool_id}`: use that one instead.",
    ],
    facts: &[
        read("issuer", "`https://cognito-idp.{region}.amazonaws.com/{user_pool_id}`.",
            "AWS, Understanding the identity (ID) token"),
        read("issuer", "This is the form of the issuer type `ORIGINAL`; with `UPDATED`, which AWS recommends, the host begins with \
             `issuer-cognito-idp`.",
            "AWS, Cognito API Reference, IssuerConfigurationType"),
        unverified("issuer", "Other partitions, such as China, have other domains."),
        read("algorithms", "RS256.", "AWS, Understanding the identity (ID) token"),
        read("lifetime", "From five minutes to one day, set for each app client.",
            "AWS, Understanding the identity (ID) token"),
        read("nonce", "In the sample of an ID token.", "AWS, Understanding the identity (ID) token"),
        read("token_use", "`id` in ID tokens and `access` in access tokens; only ID tokens have `aud`.",
            "AWS, aws-jwt-verify, source of its CognitoJwtVerifier"),
        read("keys", "The issuer and `/.well-known/jwks.json`.", "AWS, aws-jwt-verify, source of its CognitoJwtVerifier"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const CLOUDFLARE_ACCESS: Preset = Preset {
    name: "cloudflare_access",
    title: "Cloudflare Access, application tokens",
    issuer: "https://{team}.cloudflareaccess.com",
    placeholders: &[place("team", "the team name", "acme")],
    // "One month".
    max_lifetime: Some(31 * 24 * 60 * 60),
    required_claims: &[("type", "app")],
    nonce: Some(Nonce::NotChecked),
    jwks_uri: Some("https://{team}.cloudflareaccess.com/cdn-cgi/access/certs"),
    advice: &[
        "`client_id` is the application's AUD tag. Take the token from the header `Cf-Access-Jwt-Assertion`; the cookie is \
         not always there.",
        "Lower `max_lifetime` to the session duration you have set.",
        "Requests with a service token carry an empty `sub` and are refused: such a token names nobody.",
    ],
    facts: &[
        read("issuer", "`https://` and the team's domain, without a slash.", "Cloudflare, Application token"),
        read("algorithms", "RS256.", "Cloudflare, Application token"),
        read("lifetime", "That of the session: 24 hours unless set otherwise, up to one month.",
            "Cloudflare, Session management"),
        read("nonce", "None of the listed claims; `identity_nonce` is a cache key and something else.",
            "Cloudflare, Application token"),
        read("type", "`app` in application tokens, `org` in the global session token.", "Cloudflare, Application token"),
        read("sub", "Empty when a service token was used.", "Cloudflare, Application token"),
        read("keys", "At `/cdn-cgi/access/certs`; replaced every six weeks, the old one stays valid for seven days.",
            "Cloudflare, Validate JWTs"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const GITHUB_ACTIONS: Preset = Preset {
    name: "github_actions",
    title: "GitHub Actions",
    issuer: "https://token.actions.githubusercontent.com",
    nonce: Some(Nonce::NoneSent),
    jwks_uri: Some("https://token.actions.githubusercontent.com/.well-known/jwks"),
    advice: &[
        "Every repository on GitHub can get a token with your audience: always require `repository_id` (better than \
         `repository`, whose name can pass to somebody else), and what else counts: `ref`, `environment`, \
         `job_workflow_ref`. All their values are strings.",
        "`client_id` is the audience that the workflow asks for: choose one of your own. The default, the owner's URL, is \
         the same for every service that the owner talks to.",
        "Do not take `sub` apart: its form can be configured, and newer repositories have ids in it.",
    ],
    facts: &[
        read("issuer", "`https://token.actions.githubusercontent.com`. An enterprise may have its name at the end or, with \
             data residency, `ghe.com` in it; GitHub Enterprise Server has `https://HOSTNAME/_services/token`.",
            "GitHub, OpenID Connect reference"),
        read("algorithms", "RS256.", "GitHub, OpenID Connect (example), and its discovery document (public copies)"),
        read("lifetime", "Five minutes from `iat` in the example.", "GitHub, OpenID Connect (example)"),
        read("nonce", "None of the listed claims.", "GitHub, OpenID Connect reference"),
        read("claims", "A condition beyond the issuer is a must, or untrusted repositories get in.",
            "GitHub, OpenID Connect reference"),
        read("aud", "The URL of the repository's owner unless the workflow asks for another.",
            "GitHub, OpenID Connect reference"),
        read("sub", "Repositories created after 15 July 2026 have the ids of owner and repository in it.",
            "GitHub, OpenID Connect reference"),
        read("keys", "The address is in the discovery document.", "GitHub, discovery document (public copies)"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const GITLAB_CI: Preset = Preset {
    name: "gitlab_ci",
    title: "GitLab CI/CD",
    issuer: "https://{+instance}",
    placeholders: &[place("instance", "the address of the GitLab instance without `https://`", "gitlab.com")],
    nonce: Some(Nonce::NoneSent),
    jwks_uri: Some("https://{+instance}/oauth/discovery/keys"),
    advice: &[
        "Every project of the instance can get a token with your audience: always require `project_id`, and \
         `ref_protected` if only protected branches and tags count. Both are strings: `\"20\"`, `\"true\"`.",
        "`client_id` is the `aud` that the job asks for: choose one of your own.",
        "If a job's timeout is above a day, raise `max_lifetime` to it.",
        "The instance is also a login provider with the same issuer and keys: an audience that is no application's \
         client id keeps the two apart.",
    ],
    facts: &[
        read("issuer", "The address of the instance.", "GitLab, OpenID Connect (OIDC) Authentication Using ID Tokens"),
        read("algorithms", "RS256.", "GitLab, OpenID Connect (OIDC) Authentication Using ID Tokens"),
        read("lifetime", "The job's timeout, or five minutes if it has none.",
            "GitLab, OpenID Connect (OIDC) Authentication Using ID Tokens"),
        read("nonce", "None of the listed claims.", "GitLab, OpenID Connect (OIDC) Authentication Using ID Tokens"),
        read("claims", "`project_id` and `ref_protected` are always there, as strings.",
            "GitLab, OpenID Connect (OIDC) Authentication Using ID Tokens"),
        read("claims", "For a merge request from a fork, the `project_` claims name the fork.",
            "GitLab, Add job project related claims in CI ID Tokens"),
        read("keys", "The address is in gitlab.com's discovery document; that it holds the keys of CI is unverified.",
            "GitLab, discovery document (copy in the repository panva/wellknown)"),
    ],
    ..COMMON
};

#[rustfmt::skip]
const KUBERNETES: Preset = Preset {
    name: "kubernetes",
    title: "Kubernetes service accounts",
    issuer: "https://{+issuer}",
    placeholders: &[
        place("issuer", "the cluster's service account issuer without `https://`", "kubernetes.default.svc.cluster.local"),
    ],
    algorithms: &["RS256", "ES256", "ES384", "ES512"],
    nonce: Some(Nonce::NoneSent),
    advice: &[
        "Ask for tokens with an audience of your own (a projected volume with `audience`) and use it as `client_id`: a \
         token for the API server must never be taken elsewhere.",
        "Require `sub`, `system:serviceaccount:NAMESPACE:NAME`. The rest is in the claim `kubernetes.io`, an object, which \
         cannot be required here: look at it afterwards, its `uid` tells a service account from a later one of that name.",
        "Name the one algorithm of your cluster's keys, if you know it.",
        "A deleted pod or service account does not end its tokens here; keep `expirationSeconds` short. Only the cluster's \
         TokenReview knows.",
        "Tokens of the old kind, in secrets, have another issuer and no `exp`, and are refused.",
    ],
    facts: &[
        read("issuer", "Set for each cluster; an https URL if it is to be discoverable.",
            "Kubernetes, Configure Service Accounts for Pods"),
        read("algorithms", "RS256 for RSA keys; ES256, ES384 or ES512 for the three curves. Newer ones can have ML-DSA keys, \
             which cannot be verified here.",
            "Kubernetes, source of pkg/serviceaccount/openidmetadata.go"),
        read("lifetime", "As the pod asks, one hour by default and at least ten minutes; replaced after a day at most.",
            "Kubernetes API, ServiceAccountTokenProjection"),
        read("lifetime", "A year for the tokens that are injected for the API server; these are not for others, so the \
             default of a day is kept.",
            "Kubernetes, source of pkg/serviceaccount/claims.go; its use as quoted in public talks"),
        read("nonce", "None among the claims that are made.", "Kubernetes, source of pkg/serviceaccount/claims.go"),
        read("claims", "`kubernetes.io` has `namespace`, `serviceaccount` and, if bound to it, `pod`, each with name and uid.",
            "Kubernetes, source of pkg/serviceaccount/claims.go"),
        read("keys", "In the discovery document; by default at `/openid/v1/jwks` of the API server, which by default does \
             not show them to everybody.",
            "Kubernetes, Configure Service Accounts for Pods"),
    ],
    ..COMMON
};
