//! The table of codes: one row a code, and nothing about a code anywhere else.

use super::Class;

macro_rules! codes {
    ($($variant:ident $name:literal $rule:literal $clause:literal $claim:literal $class:ident $meaning:literal $remedy:literal)*) => {
        /// Why a token, key or option was refused, or what was worth a warning.
        ///
        /// The names are stable; new ones may be added in a minor release.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the rules.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The stable name, such as `exp_expired`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The rule of this project, such as `R73`.
            #[must_use]
            pub fn rule(self) -> &'static str {
                match self { $(Code::$variant => $rule,)* }
            }

            /// The clause of the specification behind the rule.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Code::$variant => $clause,)* }
            }

            /// The claim or header parameter that the code is about.
            #[must_use]
            pub fn claim(self) -> Option<&'static str> {
                let claim = match self { $(Code::$variant => $claim,)* };
                if claim.is_empty() { None } else { Some(claim) }
            }

            /// What kind of trouble this is.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Code::$variant => Class::$class,)* }
            }

            /// What happened, in one sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)* }
            }

            /// What to do about it, in one sentence.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self { $(Code::$variant => $remedy,)* }
            }
        }
    };
}

// A row: variant, name, rule, clause, the claim or header parameter at fault ("" for none), class, what happened, and what
// to do. The last two go into docs/errors.md as they stand: one sentence each, options and claims by their names in JSON.
#[rustfmt::skip]
codes! {
    // The caller's own settings.
    ConfigUnknownOption "config_unknown_option" "R122" "API contract" "" Config "An option has a name that does not exist." "Correct the name; the hint gives the nearest one."
    ConfigInvalidOption "config_invalid_option" "R122" "API contract" "" Config "An option has a value of the wrong type or range." "The hint names the option and says what it takes."
    ConfigIssuer "config_issuer" "R64" "OpenID Connect Core 1.0 section 2" "iss" Config "The configured issuer is not an https URL without query and fragment, or is named twice." "Copy the issuer from the provider's discovery document; http is for loopback hosts only."
    ConfigAudience "config_audience" "R69" "OpenID Connect Core 1.0 section 3.1.3.7 (3)" "aud" Config "No client_id is configured." "Set client_id to the identifier that the provider gave to this application."
    ConfigAlgorithms "config_algorithms" "R27" "RFC 8725 section 3.1" "alg" Config "The list of algorithms is empty, or names one that cannot be verified here." "List the signature algorithms that the provider really uses, such as RS256."
    ConfigSkew "config_skew" "R79" "RFC 7519 section 4.1.4" "" Config "The clock tolerance is not a number of seconds from 0 to 300." "Use a tolerance of at most 300 seconds and repair the clock instead."
    ConfigTime "config_time" "R80" "RFC 7519 section 2" "" Config "The injected time is not a plausible number of seconds since 1970." "Pass Unix seconds, not milliseconds, from a clock that has been set."
    ConfigNoncePolicy "config_nonce_policy" "R83" "OpenID Connect Core 1.0 section 3.1.3.7 (11)" "nonce" Config "The expected nonce is missing or empty, and not checking it was not asked for by name." "Pass the nonce of this login, or say by name that none was sent or that it is not checked."

    // Text.
    TokenMissing "token_missing" "R1" "RFC 7519 section 7.2" "" Token "There is no token." "Check that the token reaches the verifier; the value was empty or, in JavaScript, not a string."
    TokenTooLarge "token_too_large" "R3" "a bound of this project" "" Token "The token is longer than the limit." "Raise limits.max_token_bytes (up to 64 KiB) if the provider really issues such tokens."
    TokenFormat "token_format" "R1" "RFC 7515 section 7.1" "" Token "The token has a character that a compact JWT cannot have." "Pass the bare token: no quotes, spaces, line ends, padding or 'Bearer '."
    TokenSegments "token_segments" "R2" "RFC 7515 section 7.1" "" Token "The token does not have three non-empty parts." "Check that the token was not cut; a signed token has exactly two dots, and an opaque access token is no ID Token."
    JweUnsupported "jwe_unsupported" "R102" "OpenID Connect Core 1.0 section 3.1.3.7 (1)" "" Token "The token is encrypted, and no decryption is configured." "Ask the provider for a signed token that is not encrypted."
    Base64Invalid "base64_invalid" "R5" "RFC 7515 section 2" "" Token "A part is not base64url." "Check that the token was not cut or changed on its way."
    Base64Padding "base64_padding" "R5" "RFC 7515 section 2" "" Token "A base64url value has padding." "Remove the trailing '='; JOSE uses base64url without padding."
    Base64TrailingBits "base64_trailing_bits" "R5" "RFC 4648 section 3.5" "" Token "The last character of a part carries bits that belong to nothing." "The part was changed or encoded wrongly; get the token anew."
    HeaderTooLarge "header_too_large" "R4" "a bound of this project" "" Token "The header is longer than 4 KiB." "Look at what the provider puts into the header; certificates do not belong there."

    // JSON.
    JsonUtf8 "json_utf8" "R8" "RFC 7515 section 5.2" "" Token "The JSON is not valid UTF-8." "The issuer encodes wrongly; report it to the provider."
    JsonNotObject "json_not_object" "R9" "RFC 7519 section 7.2" "" Token "The JSON is not an object." "A header and a payload are JSON objects, without a byte order mark."
    JsonTrailing "json_trailing" "R9" "RFC 8259 section 2" "" Token "Something follows the JSON object." "The issuer encodes wrongly; report it to the provider."
    JsonSyntax "json_syntax" "R9" "RFC 8259 section 2" "" Token "The JSON is malformed." "The issuer encodes wrongly; report it to the provider."
    JsonDuplicateMember "json_duplicate_member" "R10" "RFC 7519 section 4" "" Token "An object has two members of one name." "Two readers could see two different values; report it to the provider."
    JsonDepth "json_depth" "R11" "RFC 8259 section 9" "" Token "The JSON is nested too deeply." "No ID Token needs this; look at where the token comes from."
    JsonLimits "json_limits" "R12" "RFC 8259 section 9" "" Token "The JSON has too many members or items, too long a string, or a member named __proto__." "Ask the provider to put less into the token."
    JsonSurrogate "json_surrogate" "R13" "RFC 8259 section 8.2" "" Token "A string has half of a surrogate pair." "The issuer encodes wrongly; report it to the provider."
    JsonNumberRange "json_number_range" "R14" "RFC 8259 section 6" "" Token "A number is too large to be read exactly." "The issuer writes numbers that JSON readers disagree on; report it."

    // Header.
    AlgMissing "alg_missing" "R16" "RFC 7515 section 4.1.1" "alg" Token "The header names no algorithm." "This is not a signed token; get it anew."
    AlgInvalid "alg_invalid" "R16" "RFC 7515 section 4.1.1" "alg" Token "The header's alg is not a non-empty string." "This is not a token of a sound provider."
    AlgNone "alg_none" "R17" "RFC 8725 section 3.2" "alg" Token "The token is not signed (alg none)." "Never accept it: anybody can write such a token."
    AlgNotAllowed "alg_not_allowed" "R16" "RFC 8725 section 3.1" "alg" Token "The token's algorithm is not among the allowed ones." "Add it to algorithms only if the provider really signs with it; for HS256 set the application to RS256 at the provider."
    CritInvalid "crit_invalid" "R19" "RFC 7515 section 4.1.11" "crit" Token "The header's crit is malformed." "The issuer is at fault; report it to the provider."
    CritUnsupported "crit_unsupported" "R19" "RFC 7515 section 4.1.11" "crit" Token "The header demands an extension that is not understood here." "Ask the provider for tokens without critical extensions."
    B64Unsupported "b64_unsupported" "R20" "RFC 7797 section 7" "b64" Token "The header has b64, which a JWT must not have." "Ask the provider for plain JWTs."
    HeaderInvalid "header_invalid" "R25" "RFC 7516 section 4.1.3" "zip" Token "The header has zip, which a signed token cannot have." "Ask the provider for plain JWTs."
    CtyUnexpected "cty_unexpected" "R24" "RFC 7519 section 5.2" "cty" Token "The header has cty: the content is another token, not claims." "Nested tokens are not ID Tokens."
    TypUnexpected "typ_unexpected" "R23" "RFC 7519 section 5.1" "typ" Token "The header's typ is not JWT." "Check which token was passed; an ID Token has typ JWT or none."
    KindAccessToken "kind_access_token" "R98" "RFC 9068 section 4" "typ" Token "This is an access token, not an ID Token." "Pass id_token, not access_token, from the token response."
    KindLogoutToken "kind_logout_token" "R98" "OpenID Connect Back-Channel Logout 1.0 section 2.4" "typ" Token "This is a logout token, not an ID Token." "Handle it at the back-channel logout endpoint."
    KindOther "kind_other" "R98" "RFC 8725 section 3.11" "typ" Token "This is another kind of token, not an ID Token." "Pass id_token from the token response."
    PopRequired "pop_required" "R101" "OpenID Connect Key Binding draft 00" "typ" Token "The token is bound to a key, and no proof of that key is checked here." "Ask the provider for an ID Token without key binding."
    KidInvalid "kid_invalid" "R22" "RFC 7515 section 4.1.4" "kid" Token "The header's kid is not a string of 1 to 256 bytes." "The issuer is at fault; report it to the provider."
    HeaderEmbeddedKey "header_embedded_key" "R21" "OpenID Connect Core 1.0 section 2" "" Warning "The header carries or points to a key; it was not used." "An ID Token should not carry jwk, jku, x5u, x5c or x5t."

    // Keys.
    JwksInvalid "jwks_invalid" "R32" "RFC 7517 section 5" "" KeySet "The text is not a usable JWK Set." "Check that the JWKS address returns JSON with a keys array; the hint says what is wrong."
    JwksNoUsableKey "jwks_no_usable_key" "R34" "RFC 7517 section 5" "" KeySet "No key of the set can verify anything." "See which keys were skipped, and why."
    JwkSkipped "jwk_skipped" "R33" "RFC 7517 section 5" "" KeySet "The key is of an unknown type or malformed, and was left out." "Nothing, unless tokens are signed with this key."
    JwkPrivateMaterial "jwk_private_material" "R36" "RFC 7517 section 9.2" "" KeySet "The key holds private members and was left out." "The provider has published a private key: report it at once."
    JwkSymmetric "jwk_symmetric" "R37" "OpenID Connect Core 1.0 section 10.1" "" KeySet "The key is a symmetric secret and was left out." "A published secret is no secret; report it to the provider."
    JwkUse "jwk_use" "R38" "RFC 7517 section 4.2" "" KeySet "The key is not for signatures and was left out." "Nothing, unless tokens are signed with this key."
    JwkKeyOps "jwk_key_ops" "R39" "RFC 7517 section 4.3" "" KeySet "The key's key_ops do not allow verifying, or contradict themselves." "Nothing, unless tokens are signed with this key."
    KeyRsaTooSmall "key_rsa_too_small" "R47" "RFC 7518 section 3.3" "" KeySet "The RSA modulus has fewer than 2048 bits." "Ask the provider for a key of 2048 bits or more."
    KeyRsaTooLarge "key_rsa_too_large" "R48" "a bound of this project" "" KeySet "The RSA modulus has more bits than the limit." "Raise limits.rsa_max_bits (up to 8192) if the provider needs it."
    KeyRsaInvalid "key_rsa_invalid" "R49" "RFC 7518 section 6.3.1.1" "" KeySet "The RSA modulus is malformed." "The provider is at fault; report it."
    KeyRsaExponent "key_rsa_exponent" "R50" "FIPS 186-5 section A.1.1" "" KeySet "The RSA exponent is even, too small or too large." "The provider is at fault; report it."
    KeyEcCoordinate "key_ec_coordinate" "R51" "RFC 7518 section 6.2.1.2" "" KeySet "A coordinate is missing or not exactly as long as the field." "The provider is at fault; report it."
    KeyEcNotOnCurve "key_ec_not_on_curve" "R52" "RFC 8725 section 3.4" "" KeySet "The point is not on the curve." "The provider is at fault; report it."
    KeyOkpInvalid "key_okp_invalid" "R53" "RFC 8037 section 2" "" KeySet "The Ed25519 key is malformed or of small order." "The provider is at fault; report it."
    KeyNotFound "key_not_found" "R40" "OpenID Connect Core 1.0 section 10.1.1" "kid" Key "No key of the set fits the token's kid and algorithm." "Fetch the key set again: the provider may have rotated its keys."
    KeyAmbiguous "key_ambiguous" "R42" "OpenID Connect Core 1.0 section 10.1" "kid" Token "Several keys fit, and the token does not say which." "Ask the provider to set kid, or choose kid_absent try_all."
    AlgKeyMismatch "alg_key_mismatch" "R28" "RFC 8725 section 3.1" "alg" Token "The key that the token names does not fit its algorithm." "One key is for one algorithm; look at where the token comes from."

    // Fetching keys.
    JwksUnavailable "jwks_unavailable" "R118" "OpenID Connect Core 1.0 section 10.1.1" "" KeySet "There are no keys to judge by: none could be fetched, and the old ones are too old or lack the token's key." "See why the last fetch failed; the hint gives its code. Try again later."
    JwksFetchStatus "jwks_fetch_status" "R119" "OpenID Connect Discovery 1.0 section 4.2" "" KeySet "The provider answered the fetch with another status than 200." "Open the address yourself; a firewall, a wrong address or an outage looks like this."
    JwksFetchRedirect "jwks_fetch_redirect" "R119" "RFC 8725 section 3.10" "" KeySet "The provider answered the fetch with a redirect, which is not followed." "Configure the address that it leads to, if it is the provider's."
    JwksFetchType "jwks_fetch_type" "R119" "RFC 7517 section 8.5" "" KeySet "The answer is neither application/json nor application/jwk-set+json." "Open the address yourself; a login page or an error page looks like this."
    JwksFetchSize "jwks_fetch_size" "R119" "a bound of this project" "" KeySet "The answer is longer than the limit." "See what the address returns; raise limits.max_jwks_bytes only if it is a key set."
    JwksFetchTimeout "jwks_fetch_timeout" "R119" "a bound of this project" "" KeySet "The provider did not answer in time." "See whether the address can be reached from here; raise timeout_duration only if it is slow."
    JwksFetchNetwork "jwks_fetch_network" "R119" "OpenID Connect Core 1.0 section 10.1.1" "" KeySet "The provider could not be reached." "Look at name resolution, certificates, firewalls and, in a browser, CORS."
    DiscoveryInvalid "discovery_invalid" "R97" "OpenID Connect Discovery 1.0 section 4.2" "" KeySet "The discovery document is malformed, or names no usable jwks_uri." "Check the issuer; the hint says what is wrong. A jwks_uri in the options needs no discovery."
    DiscoveryIssuerMismatch "discovery_issuer_mismatch" "R97" "OpenID Connect Discovery 1.0 section 4.3" "" KeySet "The discovery document is of another issuer than the configured one." "Copy the issuer from the document, character by character."
    SnapshotInvalid "snapshot_invalid" "R120" "a format of this project" "" KeySet "The text is not a snapshot of this issuer's keys that could be used." "Nothing: the keys are fetched. If it comes back, look at who writes the store."

    // Signature.
    SignatureMissing "signature_missing" "R61" "RFC 7515 section 5.2" "" Token "The signature is empty." "Never accept it: anybody can write such a token."
    SignatureLength "signature_length" "R58" "RFC 7518 section 3.4" "" Token "The signature has the wrong length for its algorithm." "ECDSA signatures in JOSE are raw r and s, not DER."
    SignatureInvalid "signature_invalid" "R56" "OpenID Connect Core 1.0 section 3.1.3.7 (6)" "" Token "The signature does not match: the token was changed or signed with another key." "Do not believe the token; check that it was not cut and that the key set belongs to its issuer."

    // Claims.
    IssMissing "iss_missing" "R63" "OpenID Connect Core 1.0 section 2" "iss" Token "The token names no issuer." "This is not an ID Token."
    IssType "iss_type" "R63" "OpenID Connect Core 1.0 section 2" "iss" Token "The issuer is not a string." "This is not an ID Token of a sound provider."
    IssMismatch "iss_mismatch" "R63" "OpenID Connect Core 1.0 section 3.1.3.7 (2)" "iss" Token "The token comes from another issuer than the configured one." "Compare the configured issuer with the provider's discovery document, character by character."
    IssUnknown "iss_unknown" "R45" "RFC 8725 section 3.8" "iss" Token "The token comes from none of the configured issuers." "Add a policy for the issuer only if you trust it."
    IssTemplateMismatch "iss_template_mismatch" "R65" "OpenID Connect Core 1.0 section 16.15" "iss" Token "The tenant in the issuer is not the one that the token's own claim names." "The token is forged or comes from another service of the provider."
    TenantNotAllowed "tenant_not_allowed" "R65" "OpenID Connect Core 1.0 section 16.15" "iss" Token "The token's tenant is not on the list." "Add the tenant to tenants.allow only if its users shall be let in."
    HeaderClaimMismatch "header_claim_mismatch" "R26" "RFC 7519 section 5.3" "" Token "A claim that is repeated in the header has another value there." "The issuer is at fault; report it to the provider."
    SubMissing "sub_missing" "R67" "OpenID Connect Core 1.0 section 2" "sub" Token "The token names no subject." "This is not an ID Token."
    SubInvalid "sub_invalid" "R67" "OpenID Connect Core 1.0 section 2" "sub" Token "The subject is not a string of 1 to 255 ASCII characters." "The provider breaks the specification; report it."
    AudMissing "aud_missing" "R68" "OpenID Connect Core 1.0 section 2" "aud" Token "The token names no audience." "This is not an ID Token."
    AudType "aud_type" "R68" "RFC 7519 section 4.1.3" "aud" Token "The audience is neither a string nor an array of strings." "This is not an ID Token of a sound provider."
    AudEmpty "aud_empty" "R68" "RFC 7519 section 4.1.3" "aud" Token "The list of audiences is empty." "This is not an ID Token of a sound provider."
    AudMismatch "aud_mismatch" "R69" "OpenID Connect Core 1.0 section 3.1.3.7 (3)" "aud" Token "The token was issued for another client." "Check client_id, and that the id_token was passed, not the access_token; a token of another application must be refused."
    AudUntrusted "aud_untrusted" "R70" "OpenID Connect Core 1.0 section 3.1.3.7 (3)" "aud" Token "The token has a further audience that is not trusted." "Add it to trusted_audiences only if you know who it is."
    AzpMissing "azp_missing" "R71" "OpenID Connect Core 1.0 section 3.1.3.7 (4)" "azp" Token "The token has several audiences and no authorized party." "Ask the provider for azp, or relax the azp option."
    AzpType "azp_type" "R71" "OpenID Connect Core 1.0 section 2" "azp" Token "The authorized party is not a string." "The provider is at fault; report it."
    AzpMismatch "azp_mismatch" "R71" "OpenID Connect Core 1.0 section 3.1.3.7 (5)" "azp" Token "The token was requested by another party." "Add the party to authorized_parties if it is yours."
    ExpMissing "exp_missing" "R72" "OpenID Connect Core 1.0 section 2" "exp" Token "The token does not say when it expires." "This is not an ID Token."
    ExpType "exp_type" "R72" "RFC 7519 section 4.1.4" "exp" Token "The expiry is not a number." "The provider is at fault; report it."
    ExpRange "exp_range" "R72" "RFC 7519 section 4.1.4" "exp" Token "The expiry is negative or too large to be read." "The provider is at fault; report it."
    ExpExpired "exp_expired" "R73" "OpenID Connect Core 1.0 section 3.1.3.7 (9)" "exp" Token "The token has expired." "Get a new token; if it is fresh, compare the clocks."
    NbfType "nbf_type" "R76" "RFC 7519 section 4.1.5" "nbf" Token "Not-before is not a number." "The provider is at fault; report it."
    NbfFuture "nbf_future" "R76" "RFC 7519 section 4.1.5" "nbf" Token "The token is not valid yet." "Compare the clocks of this machine and of the provider."
    IatMissing "iat_missing" "R77" "OpenID Connect Core 1.0 section 2" "iat" Token "The token does not say when it was issued." "This is not an ID Token."
    IatType "iat_type" "R77" "RFC 7519 section 4.1.6" "iat" Token "The time of issue is not a number." "The provider is at fault; report it."
    IatFuture "iat_future" "R77" "OpenID Connect Core 1.0 section 3.1.3.7 (10)" "iat" Token "The token was issued in the future." "Compare the clocks of this machine and of the provider."
    ExpBeforeIat "exp_before_iat" "R75" "RFC 7519 section 4.1.4" "exp" Token "The token expires before it was issued." "The provider is at fault; report it."
    TimeLooksLikeMs "time_looks_like_ms" "R74" "RFC 7519 section 2" "exp" Token "The expiry looks like milliseconds, not seconds." "The provider is at fault; JWT times are seconds."
    ExpTooFar "exp_too_far" "R74" "OpenID Connect Core 1.0 section 3.1.3.7 (9)" "exp" Token "The token lives longer than max_lifetime." "Raise max_lifetime only if the provider is known to issue such tokens."
    IatTooOld "iat_too_old" "R78" "OpenID Connect Core 1.0 section 3.1.3.7 (10)" "iat" Token "The token was issued too long ago." "Get a new token, or raise max_token_age."
    NonceMissing "nonce_missing" "R81" "OpenID Connect Core 1.0 section 3.1.3.7 (11)" "nonce" Token "A nonce was sent, and the token has none." "Check that the nonce was in the authentication request and, for a refreshed token, pass previous; otherwise refuse the token."
    NonceType "nonce_type" "R81" "OpenID Connect Core 1.0 section 2" "nonce" Token "The nonce is not a string." "The provider is at fault; report it."
    NonceMismatch "nonce_mismatch" "R81" "OpenID Connect Core 1.0 section 3.1.3.7 (11)" "nonce" Token "The token belongs to another login." "It may be injected or replayed; two logins in two tabs, or a replaced session, look the same: start the login anew."
    NonceUnexpected "nonce_unexpected" "R81" "OpenID Connect Core 1.0 section 3.1.3.7 (11)" "nonce" Token "No nonce was sent, and the token has one." "The token belongs to another login; refuse it."
    AuthTimeMissing "auth_time_missing" "R87" "OpenID Connect Core 1.0 section 3.1.3.7 (13)" "auth_time" StepUp "The token does not say when the user logged in." "Send max_age in the authentication request."
    AuthTimeType "auth_time_type" "R87" "OpenID Connect Core 1.0 section 2" "auth_time" Token "The time of login is not a number." "The provider is at fault; report it."
    AuthTimeFuture "auth_time_future" "R87" "OpenID Connect Core 1.0 section 2" "auth_time" Token "The login lies in the future." "Compare the clocks of this machine and of the provider."
    AuthTimeTooOld "auth_time_too_old" "R87" "OpenID Connect Core 1.0 section 3.1.3.7 (13)" "auth_time" StepUp "The login is older than max_age." "Ask the user to log in again (max_age or prompt=login)."
    AcrMissing "acr_missing" "R85" "OpenID Connect Core 1.0 section 3.1.3.7 (12)" "acr" StepUp "The token does not say how strong the login was." "Ask for acr_values in the authentication request."
    AcrInsufficient "acr_insufficient" "R85" "OpenID Connect Core 1.0 section 3.1.3.7 (12)" "acr" StepUp "The login was not strong enough." "Ask the user for a stronger login (acr_values)."
    AmrType "amr_type" "R86" "OpenID Connect Core 1.0 section 2" "amr" Token "The methods of login are not an array of strings." "The provider is at fault; report it."
    AmrInsufficient "amr_insufficient" "R86" "RFC 8176 section 1" "amr" StepUp "A required method of login was not used." "Ask the user for the missing factor."
    AtHashMissing "at_hash_missing" "R91" "OpenID Connect Core 1.0 section 3.2.2.10" "at_hash" Token "The token is not bound to the access token that came with it." "The provider must send at_hash for this response type; for a token from the token endpoint leave response_type out."
    AtHashMismatch "at_hash_mismatch" "R91" "OpenID Connect Core 1.0 section 3.1.3.8" "at_hash" Token "The access token does not belong to this ID Token." "One of the two was exchanged; refuse both."
    CHashMissing "c_hash_missing" "R92" "OpenID Connect Core 1.0 section 3.3.2.11" "c_hash" Token "The token is not bound to the code that came with it." "The provider must send c_hash for this response type; for a token from the token endpoint leave response_type out."
    CHashMismatch "c_hash_mismatch" "R92" "OpenID Connect Core 1.0 section 3.3.2.10" "c_hash" Token "The code does not belong to this ID Token." "One of the two was exchanged; refuse both."
    SHashMissing "s_hash_missing" "R93" "FAPI 1.0 Advanced section 5.1.1" "s_hash" Token "The token is not bound to the state, which the policy demands." "The provider must send s_hash, or the policy must not ask for it."
    SHashMismatch "s_hash_mismatch" "R93" "FAPI 1.0 Advanced section 5.1.1" "s_hash" Token "The state does not belong to this ID Token." "One of the two was exchanged; refuse both."
    RefreshIss "refresh_iss" "R96" "OpenID Connect Core 1.0 section 12.2" "iss" Token "The refreshed token comes from another issuer than the first." "End the session; the refresh answered with a foreign token."
    RefreshSub "refresh_sub" "R96" "OpenID Connect Core 1.0 section 12.2" "sub" Token "The refreshed token is about another user than the first." "End the session; the refresh answered with a foreign token."
    RefreshAud "refresh_aud" "R96" "OpenID Connect Core 1.0 section 12.2" "aud" Token "The refreshed token has another audience than the first." "End the session; the refresh answered with a foreign token."
    RefreshAzp "refresh_azp" "R96" "OpenID Connect Core 1.0 section 12.2" "azp" Token "The refreshed token has another authorized party than the first." "End the session; the refresh answered with a foreign token."
    RefreshAuthTime "refresh_auth_time" "R96" "OpenID Connect Core 1.0 section 12.2" "auth_time" Token "The refreshed token names another time of login than the first." "The provider must keep auth_time; a new login is no refresh."
    RefreshNonce "refresh_nonce" "R96" "OpenID Connect Core 1.0 section 12.2" "nonce" Token "The refreshed token has another nonce than the first." "The token belongs to another login; refuse it."
    PairIssMismatch "pair_iss_mismatch" "R95" "OpenID Connect Core 1.0 section 3.3.3.6" "iss" Token "The two tokens of one hybrid login come from different issuers." "One of the two was exchanged; refuse both."
    PairSubMismatch "pair_sub_mismatch" "R95" "OpenID Connect Core 1.0 section 3.3.3.6" "sub" Token "The two tokens of one hybrid login are about different users." "One of the two was exchanged; refuse both."
    KindIdToken "kind_id_token" "R100" "RFC 9068 section 4" "typ" Token "This is not an access token by its type; it may be an ID Token." "Pass access_token, not id_token; the provider must set typ at+jwt."
    LogoutSubjectMissing "logout_subject_missing" "R113" "OpenID Connect Back-Channel Logout 1.0 section 2.6 (5)" "sid" Token "The logout token names no user or session, or one that cannot be read." "The provider is at fault; report it."
    LogoutEventsMissing "logout_events_missing" "R114" "OpenID Connect Back-Channel Logout 1.0 section 2.6 (6)" "events" Token "The token has no events, so it is no logout token." "Check which token was posted to the logout endpoint."
    LogoutEventsInvalid "logout_events_invalid" "R114" "OpenID Connect Back-Channel Logout 1.0 section 2.6 (6)" "events" Token "The token's events do not say logout." "It is a token of another event; refuse it."
    LogoutNoncePresent "logout_nonce_present" "R115" "OpenID Connect Back-Channel Logout 1.0 section 2.6 (7)" "nonce" Token "A logout token must not have a nonce." "This may be an ID Token posted as a logout token; refuse it."
    LogoutJtiMissing "logout_jti_missing" "R116" "OpenID Connect Back-Channel Logout 1.0 section 2.4" "jti" Token "The logout token has no jti, so a second use cannot be told." "The provider is at fault; report it."
    ClaimMissing "claim_missing" "R88" "OpenID Connect Core 1.0 section 2" "" Token "A required claim is missing." "The hint names the claim; ask the provider for it."
    ClaimMismatch "claim_mismatch" "R88" "OpenID Connect Core 1.0 section 2" "" Token "A required claim has another value." "The hint names the claim; the user or tenant is not meant to be let in."
    KindLooksLikeAccessToken "kind_looks_like_access_token" "R99" "RFC 8725 section 3.12" "" Warning "The token has the claims of an access token." "Check that the id_token was passed, not the access_token."
    DistributedClaimsPresent "distributed_claims_present" "R89" "OpenID Connect Core 1.0 section 5.6.2" "" Warning "The token points to claims elsewhere; they were not fetched." "Fetch and verify them yourself if you need them."

    // One use.
    ReplayDetected "replay_detected" "R84" "OpenID Connect Core 1.0 section 3.1.3.7 (11)" "" Token "The token was used before." "It may be stolen; start the login anew."
    ReplayStoreUnavailable "replay_store_unavailable" "R84" "OpenID Connect Core 1.0 section 16.9" "" Store "What remembers used tokens is full or does not answer, so a second use could not be told." "Give it more room, or mend the store; until then nobody is let in."

    // Ourselves.
    InternalError "internal_error" "R123" "API contract" "" Config "The verifier failed." "Please report it with the steps that lead here."
}
