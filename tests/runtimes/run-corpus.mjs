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
    verifier = new idtoken.Verifier(camelPolicy(testCase.policy))
    keys = new idtoken.KeySet(testCase.jwks)
    outcome.skipped = keys.skipped
    outcome.idToken = verifier.verify(token, keys, options)
    outcome.code = 'accept'
  } catch (error) {
    outcome.code = error instanceof idtoken.IdTokenError ? error.code : `foreign exception ${error}`
    outcome.error = { ...error }
  }
  if (keys) {
    try {
      outcome.report = verifier.explain(token, keys, options)
    } catch (error) {
      outcome.explainThrew = error.code ?? String(error)
    }
  }
  keys?.free()
  verifier?.free()
  return outcome
}

/** What is wrong with the outcome, or nothing. */
function judge(testCase, { code, idToken, report, explainThrew }) {
  if (code !== testCase.expect) return `expected ${testCase.expect}, got ${code}`
  if (testCase.warnings && idToken && String(idToken.warnings) !== String(testCase.warnings)) {
    return `expected the warnings ${testCase.warnings}, got ${idToken.warnings}`
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

/** The corpus is in snake_case, as every place but JavaScript writes it. Names of claims are data, not options. */
function camelPolicy(policy) {
  const camel = camelMembers(policy)
  if (camel.limits) camel.limits = camelMembers(camel.limits)
  return camel
}

function optionsOf({ expectNoNonce, skipNonceCheck }, expectations) {
  // Here a missing `now` would mean the host's clock; the corpus means that there is none.
  const options = { now: null, ...camelMembers(expectations) }
  if (options.nonce === 'none_sent') options.nonce = expectNoNonce
  else if (options.nonce === 'not_checked') options.nonce = skipNonceCheck
  else if (options.nonce && 'equals' in options.nonce) options.nonce = options.nonce.equals
  return options
}

function camelMembers(object) {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return object
  const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [camel(name), value]))
}
