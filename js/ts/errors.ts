import type { KnownErrorCode } from './codes.js'

/** A stable machine-readable reason. Open-ended: a minor release may add codes, so keep a default branch. */
export type ErrorCode = KnownErrorCode | (string & {})

/** A refusal as the core describes it. */
export interface Rejection {
  code: ErrorCode
  rule: string
  clause: string
  claim?: string
  hint?: string
  retryable: boolean
  status: number
  message: string
}

/**
 * The only error this package throws. It never holds a token, the value of a claim or a secret, so it may be logged
 * and sent to the client. By how much a time is off it may say.
 */
export class IdTokenError extends Error {
  override readonly name = 'IdTokenError'
  /** The stable reason, such as `exp_expired`. */
  readonly code: ErrorCode
  /** The rule of this project that was broken, such as `R73`. */
  readonly rule: string
  /** The clause of the specification behind the rule. */
  readonly clause: string
  /** The claim or header parameter at fault, where there is one. */
  declare readonly claim?: string
  /** What may have gone wrong, in words: for people, not stable. */
  declare readonly hint?: string
  /** Whether the same token may be accepted later, with newer keys. */
  readonly retryable: boolean
  /** The HTTP status to answer with: 401, 500 or 503; for a logout token 400 in place of 401. */
  readonly status: number

  constructor(rejection: Rejection, options?: ErrorOptions) {
    const hint = rejection.hint === undefined ? '' : ` (${rejection.hint})`
    super(`${rejection.code}: ${rejection.message}${hint}`, options)
    this.code = rejection.code
    this.rule = rejection.rule
    this.clause = rejection.clause
    if (rejection.claim !== undefined) this.claim = rejection.claim
    if (rejection.hint !== undefined) this.hint = rejection.hint
    this.retryable = rejection.retryable
    this.status = rejection.status
  }
}

/** An error of this package's own making: the wasm is missing, or it broke. */
export function ownError(code: KnownErrorCode, message: string, hint: string, cause?: unknown): IdTokenError {
  const rejection = { code, rule: 'R123', clause: 'API contract', hint, retryable: false, status: 500, message }
  return new IdTokenError(rejection, cause === undefined ? undefined : { cause })
}
