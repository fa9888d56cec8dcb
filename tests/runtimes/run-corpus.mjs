// Runs the cases of the corpus through the npm package. The same file runs in every runtime, so it uses nothing but the
// package and the language.

/**
 * @param {typeof import('idtoken')} idtoken
 * @returns {{ failures: string[], outcomes: Record<string, unknown> }} one outcome a case, to be compared across runtimes
 */
export function runCorpus(idtoken, cases) {
  const failures = []
  const outcomes = {}
  for (const testCase of cases) {
    const outcome = decide(idtoken, testCase)
    outcomes[testCase.id] = outcome
    const complaint = judge(testCase, outcome)
    if (complaint) failures.push(`${testCase.id} (${testCase.rule}): ${complaint}`)
  }
  return { failures, outcomes }
}

function decide(idtoken, testCase) {
  const outcome = {}
  const token = tokenOf(testCase)
  const options = optionsOf(idtoken, testCase.expectations)
  let verifier, keys
  try {
    const policy = otherSpelling(testCase.policy)
    verifier = new idtoken.Verifier(policy)
    keys = keysOf(idtoken, testCase.jwks, policy.limits)
    outcome.skipped = keys.skipped
    outcome.idToken = verifier[CALLS[testCase.kind ?? 'id_token']](token, keys, options)
    outcome.code = 'accept'
  } catch (error) {
    outcome.code = error instanceof idtoken.IdTokenError ? error.code : `foreign exception ${error}`
    outcome.error = { ...error }
  }
  if (keys) {
    try {
      outcome.report = verifier.explain(token, keys, { ...options, kind: testCase.kind })
    } catch (error) {
      outcome.explainThrew = error.code ?? String(error)
    }
  }
  if (keys instanceof idtoken.KeySet) keys.free()
  verifier?.free()
  return outcome
}

const CALLS = { id_token: 'verify', logout_token: 'verifyLogout', access_token: 'requireAccessToken' }

/** One set, or with several issuers one for each. */
function keysOf({ KeySet }, jwks, limits) {
  if (typeof jwks === 'string') return new KeySet(jwks, limits)
  return Object.fromEntries(Object.entries(jwks).map(([issuer, text]) => [issuer, new KeySet(text)]))
}

/** What is wrong with the outcome, or nothing. */
function judge(testCase, { code, idToken, skipped, report, explainThrew }) {
  if (code !== testCase.expect) return `expected ${testCase.expect}, got ${code}`
  if (testCase.warnings && idToken && String(idToken.warnings) !== String(testCase.warnings)) {
    return `expected the warnings ${testCase.warnings}, got ${idToken.warnings}`
  }
  const leftOut = skipped?.map((key) => key.code)
  if (testCase.skipped && String(leftOut) !== String(testCase.skipped)) {
    return `expected that ${testCase.skipped} are left out, got ${leftOut}`
  }
  if (explainThrew) return explainThrew === code && code.startsWith('config_') ? undefined : `explain threw ${explainThrew}`
  if (!report) return undefined
  const verdict = code === 'accept' ? 'accepted' : 'refused'
  if (report.verdict !== verdict) return `verify says ${code}, explain says ${report.verdict}`
  const firstFail = report.checks.find((check) => check.status === 'fail')?.code ?? 'accept'
  if (firstFail !== code) return `verify says ${code}, the first fail of explain is ${firstFail}`
  return undefined
}

function tokenOf({ token, token_b64: base64, token_gen: generated }) {
  if (generated) {
    const { repeat, len } = generated
    return repeat.repeat(Math.ceil(len / repeat.length)).slice(0, len)
  }
  if (base64 === undefined) return token
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function optionsOf(idtoken, expectations) {
  // Here a missing `now` would mean the host's clock; the corpus means that there is none.
  return { now: null, ...otherSpelling(expectations), nonce: nonceOf(idtoken, expectations.nonce) }
}

/** JavaScript has strings and symbols where JSON has objects and words. A word that JSON does not know is a strange symbol. */
function nonceOf({ expectNoNonce, skipNonceCheck }, nonce) {
  if (nonce === 'none_sent') return expectNoNonce
  if (nonce === 'not_checked') return skipNonceCheck
  if (typeof nonce === 'string') return Symbol(nonce)
  return typeof nonce?.equals === 'string' ? nonce.equals : nonce
}

/**
 * The corpus is in snake_case, as every place but JavaScript writes it. A name that is wrong there for being in camelCase
 * becomes one that is wrong here. Names of claims are data, not options.
 */
function otherSpelling(options) {
  if (Array.isArray(options)) return options.map(otherSpelling)
  if (typeof options !== 'object' || options === null) return options
  const rename = (name) => /[A-Z]/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(options).map(([name, value]) => {
    return [rename(name), TOKENS.includes(name) ? value : name === 'required_claims' ? demands(value) : otherSpelling(value)]
  }))
}

/** Expectations that are tokens. */
const TOKENS = ['previous', 'front_channel']

function demands(required) {
  if (typeof required !== 'object' || required === null || Array.isArray(required)) return required
  return Object.fromEntries(Object.entries(required).map(([claim, demand]) => [claim, otherSpelling(demand)]))
}
