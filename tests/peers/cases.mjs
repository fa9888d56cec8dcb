// Which cases of the corpus say something about another library, and what they say.
import { readFileSync, readdirSync } from 'node:fs';

const CORPUS = new URL('../corpus/', import.meta.url);

/** Its ID Tokens have the faults of other files once more. */
const REPEATED = 'purposes.json';

/** The policy and the expectations that a peer can be told without features only this project has. */
const POLICY = ['issuer', 'client_id', 'algorithms', 'clock_tolerance', 'max_token_age', 'max_age'];
const EXPECTATIONS = ['now', 'nonce'];

/** Refusals no standard demands, by code: limits and choices of this project. */
const CHOICES = {
  limits: ['token_too_large', 'header_too_large', 'json_depth', 'json_limits', 'exp_too_far', 'time_looks_like_ms'],
  'left to the implementation': [
    'json_duplicate_member', 'json_surrogate', 'json_number_range', 'base64_trailing_bits', 'crit_invalid', 'b64_unsupported',
    'header_invalid', 'cty_unexpected', 'typ_unexpected', 'kind_access_token', 'kind_logout_token', 'kind_other', 'pop_required',
    'key_not_found', 'key_ambiguous', 'azp_mismatch', 'azp_missing', 'azp_type', 'exp_before_iat', 'iat_future', 'header_claim_mismatch',
  ],
};
const CHOICE_CODES = new Set(Object.values(CHOICES).flat());

/** Cases whose code says otherwise than the standards do, each for the reason beside it. */
const EXCEPTIONS = {
  'crit-absent': 'demanded', // the extension it lists is unknown to everyone
  'crit-twice': 'demanded', // the same
  'b64-crit': 'demanded', // RFC 7797: not for JWTs, and marked critical
  'embedded-jwk-unknown-kid': 'demanded', // signed by a key that is not in the set at all
  'kid-unknown': 'demanded', // the same
  'kid-rotated-away': 'demanded', // the same
  'kid-empty': 'choice', // a string, as RFC 7515 asks
  'kid-257': 'choice', // a limit of ours
  'kid-257-utf8': 'choice',
  'sub-empty': 'choice', // Core limits the length from above only, and tells providers to
  'sub-nul': 'choice',
  'sub-256': 'choice',
  'sub-not-ascii': 'choice',
  'exp-overflow': 'choice', // in JavaScript a time that never comes, elsewhere no number
  'auth-time-future': 'choice', // Core bounds auth_time from below only
  'sig-eddsa-small-r': 'choice', // RFC 8032 lets a verifier multiply by the cofactor
  'top-header-bom': 'choice', // RFC 8259 lets a reader ignore a byte order mark
  'top-payload-bom': 'choice',
  'exp-at-tolerance': 'choice', // whether the last second of a leeway is in it
  'exp-max-tolerance-at': 'choice',
  'issuers-jwk-of-two-forged': 'choice', // a private member of JWKs
  // Accepted by us, and nobody has to.
  'issuers-jwk-of-two': 'ours', // the same member
  'issuers-jwk-no-kid': 'ours',
  'ed-jwk-ed25519': 'ours', // two names of one algorithm, taken for each other
  'ed-header-ed25519': 'ours',
  'ed-list-eddsa': 'ours',
  'ed-list-ed25519': 'ours',
  'exotic-null': 'ours', // RFC 7517 forgives unknown keys, not entries that are none
  'exotic-number': 'ours',
  'exotic-array': 'ours',
  'no-kid-one-fits': 'ours', // Core asks for a kid as soon as there are several keys
  'no-kid-one-fits-by-alg': 'ours',
  'life-age-tolerance-at': 'ours', // whether the tolerance adds to an age
  'number-unknown-huge': 'ours', // a number that few readers can hold
  'number-nbf-2-53': 'ours',
  'jwks-every-code': 'ours', // such entries among others
  'aud-array-twice': 'ours', // the client named twice
  'jwks-deep-127': 'ours', // nesting that no set has
  'jwk-ops-16': 'ours', // operations that do not exist
  'claims-unknown': 'ours', // an email_verified that is no boolean
  'embedded-not-a-key': 'ours', // a jwk in the header that is none
  'jwk-dup-beside-good': 'ours', // RFC 7517 lets a reader refuse the whole set
};

/** What a library must look at to refuse a case, by the start of its code; anything else is the core of every JWT library. */
const TOPICS = [
  ['iss_', 'iss'], ['aud_untrusted', 'further audiences'], ['aud_', 'aud'], ['azp_', 'azp'], ['sub_', 'sub'],
  ['exp_too_far', 'lifetime'], ['exp_before_iat', 'lifetime'], ['time_looks_like_ms', 'lifetime'], ['exp_', 'exp'], ['nbf_', 'nbf'],
  ['iat_too_old', 'age'], ['iat_', 'iat'], ['auth_time_', 'auth_time'], ['nonce_', 'nonce'],
  ['kind_', 'typ'], ['typ_', 'typ'], ['pop_', 'typ'],
  ['token_too_large', 'limits'], ['header_too_large', 'limits'], ['json_depth', 'limits'], ['json_limits', 'limits'],
];
/** The topics a peer may name among those it checks. */
export const TOPIC_NAMES = [...new Set(TOPICS.map(([, topic]) => topic))];

const topicOf = (code) => TOPICS.find(([start]) => code.startsWith(start))?.[1];

/** Whether the case can be put to a library that knows nothing of ours. */
function isCommon({ kind, jwks, policy, expectations, expect }) {
  // Other kinds of tokens, and several issuers at once.
  if (kind || typeof jwks !== 'string' || Array.isArray(policy)) return false;
  const known = (object, names) => Object.keys(object).every((name) => names.includes(name));
  return (
    !expect.startsWith('config_') &&
    known(policy, POLICY) &&
    known(expectations, EXPECTATIONS) &&
    typeof policy.client_id === 'string' &&
    Array.isArray(policy.algorithms) &&
    ['undefined', 'number'].includes(typeof policy.clock_tolerance) &&
    typeof expectations.nonce?.equals === 'string'
  );
}

function kindOf({ id, expect, skipped }) {
  if (EXCEPTIONS[id]) return EXCEPTIONS[id];
  if (expect === 'accept') return 'accept';
  // The set is refused, or the key that the token names was left out of it.
  if (expect.startsWith('jwks_') || (expect === 'key_not_found' && skipped?.length)) return 'key set';
  return CHOICE_CODES.has(expect) ? 'choice' : 'demanded';
}

function tokenOf(c) {
  if (c.token_gen) return c.token_gen.repeat.repeat(c.token_gen.len);
  return c.token ?? Buffer.from(c.token_b64, 'base64').toString('utf8');
}

/** The algorithm in the header, where one can be read. */
function algOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split('.', 1)[0], 'base64url').toString('utf8')).alg;
  } catch {
    return undefined;
  }
}

/** The case as a question to a peer; seconds everywhere, 60 of tolerance where the case names none. */
function ask(section, c) {
  const token = tokenOf(c);
  return {
    id: c.id,
    section,
    expect: c.expect,
    kind: kindOf(c),
    topic: topicOf(c.expect),
    token,
    alg: algOf(token),
    jwks: c.jwks,
    issuer: c.policy.issuer,
    audience: c.policy.client_id,
    algorithms: c.policy.algorithms,
    tolerance: c.policy.clock_tolerance ?? 60,
    maxTokenAge: c.policy.max_token_age,
    maxAge: c.policy.max_age,
    now: Math.floor(c.expectations.now),
    nonce: c.expectations.nonce.equals,
  };
}

/** Every case that can be put to the peers, and how many there are in all. */
export function load() {
  const asks = [];
  let total = 0;
  for (const name of readdirSync(CORPUS).filter((name) => name.endsWith('.json')).sort()) {
    const { cases } = JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8'));
    total += cases.length;
    if (name === REPEATED) continue;
    asks.push(...cases.filter(isCommon).map((c) => ask(name.replace('.json', ''), c)));
  }
  for (const id of Object.keys(EXCEPTIONS)) {
    if (!asks.some((ask) => ask.id === id)) throw new Error(`EXCEPTIONS names ${id}, which is no case that is compared`);
  }
  return { asks: asks.filter(({ kind }) => kind !== 'ours'), total };
}
