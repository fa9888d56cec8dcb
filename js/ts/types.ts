// The shapes that go in and come out. What the options mean is decided in the core alone.

import type { ErrorCode } from './errors.js'

/**
 * What an issuer's ID Tokens must be like. Durations are whole seconds. An unknown name is refused with
 * `config_unknown_option`, and an option whose value is `undefined` counts as left out.
 */
export interface Policy {
  /** The issuer's identifier, an https URL, exactly as its discovery document spells it. */
  issuer: string
  /** Other spellings of the same issuer, such as `accounts.google.com`. */
  issuerAliases?: readonly string[]
  /** This application's identifier at the issuer; with several, the token must be for any one of them. */
  clientId: string | readonly string[]
  /** Audiences that a token may have besides `clientId`. */
  trustedAudiences?: readonly string[]
  /** Who may appear as `azp`. Default: `clientId`. */
  authorizedParties?: readonly string[]
  /** When `azp` is checked. Default: `if_present_equals`. */
  azp?: 'ignore' | 'if_present_equals' | 'require_when_multi_aud'
  /** The signature algorithms that are allowed. Default: `['RS256']`. */
  algorithms?: readonly Algorithm[]
  /** How far the clocks may disagree, in seconds, 0 to 300. Default: 60. */
  clockTolerance?: number | { exp?: number; nbf?: number; iat?: number }
  /** The longest time from `iat` to `exp`. Default: 86400, a day. */
  maxLifetime?: number
  /** The longest time since `iat`. */
  maxTokenAge?: number
  /** The longest time since the user logged in; makes `auth_time` mandatory. */
  maxAge?: number
  /** Values of `acr`, any of which will do. */
  acrValues?: readonly string[]
  /** Levels of `acr` from weak to strong, and the weakest that will do; instead of `acrValues`. */
  acrLadder?: { levels: readonly string[]; atLeast: string }
  /** Methods of authentication that must all be in `amr`. */
  amrAll?: readonly string[]
  /** Methods of authentication of which one must be in `amr`. */
  amrAny?: readonly string[]
  /**
   * Further claims that must be there: each with its exact value, or with what is demanded of it. `{ email: {} }` means
   * that there must be one, other than null.
   */
  requiredClaims?: Readonly<Record<string, ClaimValue | ClaimDemand>>
  /**
   * Makes `issuer` a template such as `https://login.example/{tenantid}/v2.0`: `claim` names the tenant, and only the
   * tenants in `allow` (GUIDs) are let in. With several issuers the keys go under the text of the template.
   */
  tenants?: { readonly claim: string; readonly allow: readonly string[] }
  /** Whether `s_hash` must be there. Default: `if_present`. */
  sHash?: 'if_present' | 'required'
  /** What the client did to the nonce before sending it. Default: `plain`, nothing. */
  nonceTransform?: 'plain' | 'sha256_b64url' | 'sha256_hex'
  /** What to do with a token without `kid` when several keys fit. Default: `reject_if_many`. */
  kidAbsent?: 'reject_if_many' | 'try_all'
  /** Bounds on what is read. */
  limits?: Readonly<Limits>
}

/** The value of a claim that a policy can demand. */
export type ClaimValue = string | number | boolean

/** What is demanded of a claim; several demands must all be met. */
export interface ClaimDemand {
  /** The claim is one of these values. */
  anyOf?: readonly ClaimValue[]
  /** The claim is an array with this value in it. */
  contains?: ClaimValue
  /** The claim is text of this form, in which `*` stands for anything. */
  glob?: string
}

/** A signature algorithm that can be verified. `EdDSA` and `Ed25519` mean the same. */
export type Algorithm =
  | 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'Ed25519'

/** Bounds on what is read. In a policy they hold for its tokens and for plain key sets; a `KeySet` takes its own. */
export interface Limits {
  /** Longest token, in bytes. Default: 16384, at most 65536. */
  maxTokenBytes?: number
  /** Longest text of a key set, in bytes. Default: 262144, at most 1048576. */
  maxJwksBytes?: number
  /** Most keys in a set. Default: 64. */
  maxKeys?: number
  /** Largest RSA modulus, in bits. Default: 4096, at most 8192. */
  rsaMaxBits?: number
  /** Most signatures tried for one token when several keys fit. Default: 4. */
  maxKeyTrials?: number
}

/** A JWK Set as `JSON.parse` returns it. */
export interface JsonWebKeySet {
  keys: readonly object[]
}

/** A key that was left out of a set, and why. */
export interface SkippedKey {
  /** Its place in the `keys` array, from 0. */
  index: number
  /** Its `kid`, if it has a usable one. */
  kid?: string
  /** The reason, such as `jwk_symmetric`. */
  code: ErrorCode
}

/** Says that the authentication request carried no nonce; a token with one is then refused. */
export const expectNoNonce: unique symbol = Symbol('expectNoNonce')

/**
 * Says that the nonce is not looked at. Understand the consequence: a token stolen from another login is accepted.
 * This is for places where no login is in progress, such as a gateway.
 */
export const skipNonceCheck: unique symbol = Symbol('skipNonceCheck')

/** What a token looks like, by {@link classify}. */
export type TokenKind =
  | 'id_token' | 'access_token' | 'logout_token' | 'other_jwt' | 'encrypted' | 'not_a_jwt' | (string & {})

/** The time of a verification in which no login is in progress. */
export interface ClockOptions {
  /** The time in Unix seconds. Default: the host's clock, read at each call. */
  now?: number
}

/** What is to be explained, and what is expected of it: without a kind an ID Token. */
export type ExplainOptions =
  | (VerifyOptions & { kind?: 'id_token' })
  | (ClockOptions & { kind: 'logout_token' | 'access_token' })

/** What is expected of this one token. */
export interface VerifyOptions {
  /**
   * The nonce of this login. A lost nonce (`null`, `undefined`, `''`) is refused with `config_nonce_policy`; not
   * checking it has to be asked for by name.
   */
  nonce: string | typeof expectNoNonce | typeof skipNonceCheck
  /** The time in Unix seconds. Default: the host's clock, read at each call. */
  now?: number
  /** The access token that came with the ID Token: `at_hash`, if present, must fit it. */
  accessToken?: string
  /** The authorization code that came with the ID Token: `c_hash`, if present, must fit it. */
  code?: string
  /** The state of this login: `s_hash`, if present, must fit it. */
  state?: string
  /**
   * The response type under which this ID Token came from the authorization endpoint, such as `code id_token`: it decides
   * which hashes are mandatory. Leave it out for a token from the token endpoint, also in a hybrid login; there pass
   * `frontChannel`. Default: `code`.
   */
  responseType?: string
  /**
   * The token that is refreshed, as `verify` returned it (also read back from JSON): the new one must be about the same
   * user, client and login. As `nonce` give that of the first login again, which the new token may lack, or
   * `skipNonceCheck`: one that is there must equal the first token's either way. `undefined` counts as left out, as with
   * every option, and then nothing is compared: refuse a refresh yourself if the session has lost its token.
   */
  previous?: IdToken
  /** The token from the authorization endpoint in this hybrid login: the other one must be about the same user. */
  frontChannel?: IdToken
}

/** A token that passed every check. */
export interface IdToken {
  /** The verified claims. Neither this nor any object in it has a prototype. */
  readonly claims: Claims
  /** The token's header. */
  readonly header: { readonly alg: string; readonly kid?: string; readonly [parameter: string]: unknown }
  /** The key that verified the signature. */
  readonly key: { readonly alg: string; readonly kid?: string }
  /** What was accepted but is worth knowing, as codes. */
  readonly warnings: readonly ErrorCode[]
}

/** Verified claims. Times are Unix seconds. Only `iss` and `sub` together identify a user. */
export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: number
  readonly iat: number
  readonly [claim: string]: unknown
}

/** A logout token that passed every check. */
export interface LogoutToken extends Omit<IdToken, 'claims'> {
  /** At least one of `sub` and `sid` is there. Remember `jti` until `exp`. */
  readonly claims: Omit<Claims, 'sub'> & {
    readonly sub?: string
    readonly sid?: string
    readonly jti: string
    readonly events: object
    readonly [claim: string]: unknown
  }
}

/** An access token that passed every check. */
export interface AccessToken extends Omit<IdToken, 'claims'> {
  readonly claims: Claims & { readonly scope?: unknown; readonly client_id?: unknown }
}

/** Every check and its outcome. For the operator: never put a report into an HTTP answer. */
export interface Report {
  verdict: 'accepted' | 'refused'
  /** In the order in which `verify` runs them; it throws the code of the first that failed. */
  checks: Check[]
}

/** One check of a {@link Report}. */
export interface Check {
  id: string
  /** The rule of this project, such as `R73`. */
  rule: string
  /** The clause of the specification behind the rule. */
  clause: string
  /** `skip`: not asked for, or not possible after an earlier failure. */
  status: 'pass' | 'fail' | 'warn' | 'skip'
  /** Whether the check looked at data whose signature was verified. */
  verified: boolean
  code?: ErrorCode
  claim?: string
  expected?: string
  found?: string
  hint?: string
}
