// Turns one short case literal into one complete corpus case. The members a literal may have:
//   alg, key            header alg (RS256) and the kid of the key that signs (the first one for that alg)
//   header, claims      changes to the defaults; undefined removes a member
//   headerText, payloadText   the JSON text itself: a string, bytes, or a function of the default text
//   encode              { header, payload }: functions on the encoded segments, before signing
//   signAlg, signKey, signOptions   what really signs, when that is not what the header says
//   search              makes tokens (claim jti counts up) until this is true of the signature bytes
//   signature           replaces the signature: a function of (bytes, signing input) to bytes, or to text
//   swap                { header, claims }: changes made after signing, as a forger would
//   tamper              a function of the finished token
//   token, tokenBytes, tokenGen     the token itself, nothing built
//   keys, jwks          the key set: kids or JWK objects (default: the signing key), or its very text
//   sets                several issuers: the keys of each, by the issuer as its policy names it
//   kind                logout_token or access_token: a good one of that kind is the default (see KINDS)
//   policy, expectations      changes to the defaults; previous and front_channel give the claims of the earlier token
//   policies            several issuers: the changes of each, instead of policy
//   from                names of OpenID Foundation tests and of advisories whose mutation this is; the advisories in `why` are added
//   expect, warnings, skipped   the verdict, its warnings, and the codes of the keys left out of the set
import { CLIENT, ISS, LOGOUT, NONCE, NOW, SUB, b64u, jwk, merge, privateJwk } from './helpers.mjs';
import { sign } from './sign.mjs';

const KEY_FOR = { RS: 'rsa-1', PS: 'rsa-1', HS: 'rsa-1', ES256: 'p256-1', ES384: 'p384-1', ES512: 'p521-1', ES256K: 'k256-1', Ed: 'ed-1' };
const keyFor = (alg) => KEY_FOR[alg] ?? KEY_FOR[alg.slice(0, 2)] ?? 'rsa-1';

const KNOWN = new Set(['id', 'rule', 'why', 'from', 'expect', 'warnings', 'skipped', 'alg', 'key', 'header', 'claims', 'headerText', 'payloadText',
  'encode', 'signAlg', 'signKey', 'signOptions', 'search', 'signature', 'swap', 'tamper', 'token', 'tokenBytes', 'tokenGen',
  'keys', 'jwks', 'sets', 'kind', 'policy', 'policies', 'expectations']);

const COMMON = { iss: ISS, sub: SUB, aud: CLIENT, exp: NOW + 300, iat: NOW - 10 };
/** What a good token of each kind has. */
const KINDS = {
  id_token: { header: {}, claims: { ...COMMON, nonce: NONCE } },
  logout_token: { header: { typ: 'logout+jwt' }, claims: { ...COMMON, sid: 'session-1', jti: 'logout-1', events: { [LOGOUT]: {} } } },
  access_token: { header: { typ: 'at+jwt' }, claims: { ...COMMON, client_id: 'app', jti: 'access-1', scope: 'read' } },
};

const textOf = (change, standard) =>
  change === undefined ? standard : typeof change === 'function' ? change(standard) : change;

function compact(c, header, claims) {
  const encode = (part, text) => (c.encode?.[part] ?? ((s) => s))(b64u(text));
  const h = encode('header', textOf(c.headerText, JSON.stringify(header)));
  const p = encode('payload', textOf(c.payloadText, JSON.stringify(claims)));
  const input = Buffer.from(`${h}.${p}`);
  const alg = c.signAlg ?? c.alg ?? 'RS256';
  const bytes = sign(alg, privateJwk(c.signKey ?? c.key ?? keyFor(alg)), input, c.signOptions);
  return { h, p, input, bytes };
}

function buildToken(c) {
  const alg = c.alg ?? 'RS256';
  const kind = KINDS[c.kind ?? 'id_token'];
  const header = merge({ alg, kid: c.key ?? keyFor(alg), ...kind.header }, c.header);
  const claims = merge(kind.claims, c.claims);
  let made = compact(c, header, claims);
  for (let i = 0; c.search && !c.search(made.bytes); i++) {
    claims.jti = `search-${i}`;
    made = compact(c, header, claims);
  }
  if (c.swap?.header) made.h = b64u(JSON.stringify(merge(header, c.swap.header)));
  if (c.swap?.claims) made.p = b64u(JSON.stringify(merge(claims, c.swap.claims)));
  const changed = c.signature ? c.signature(made.bytes, made.input) : made.bytes;
  const token = `${made.h}.${made.p}.${typeof changed === 'string' ? changed : b64u(changed)}`;
  return c.tamper ? c.tamper(token) : token;
}

function tokenMembers(c) {
  if (c.tokenGen) return { token_gen: c.tokenGen };
  if (c.tokenBytes) return { token_b64: Buffer.from(c.tokenBytes).toString('base64') };
  return { token: c.token ?? buildToken(c) };
}

/** A field value of HTTP cannot carry these tokens, so the runners that send one leave them out. */
function travels({ token, token_gen }) {
  return token === undefined ? false : /^[\x21-\x7e]+$/.test(token) && !token_gen && token.length <= 32_768;
}

const setOf = (keys) => JSON.stringify({ keys: keys.map((key) => (typeof key === 'string' ? jwk(key) : key)) });

function jwksOf(c, signer) {
  if (c.jwks !== undefined) return c.jwks;
  if (!c.sets) return setOf(c.keys ?? [signer]);
  return Object.fromEntries(Object.entries(c.sets).map(([issuer, keys]) => [issuer, setOf(keys)]));
}

const ADVISORY = /\b(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3}|RUSTSEC-\d{4}-\d{4})\b/g;
/** Where the case comes from, each name once. */
const sources = ({ from = [], why }) => [...new Set([...from, ...(why.match(ADVISORY) ?? [])])];

export function buildCase(c) {
  for (const name of Object.keys(c)) if (!KNOWN.has(name)) throw new Error(`${c.id}: unknown member ${name}`);
  for (const name of ['id', 'rule', 'why', 'expect']) if (!c[name]) throw new Error(`${c.id}: no ${name}`);
  if (c.skipped && /^(jwks|config)_/.test(c.expect)) throw new Error(`${c.id}: without a key set there is nothing to ask what was left out`);
  const alg = c.alg ?? 'RS256';
  const members = tokenMembers(c);
  if (c.kind && !KINDS[c.kind]) throw new Error(`${c.id}: no kind ${c.kind}`);
  if ((c.policies && c.policy) || (c.sets && (c.keys || c.jwks))) throw new Error(`${c.id}: one of the two`);
  const policyOf = (changes) => merge({ issuer: ISS, client_id: CLIENT, algorithms: [alg] }, changes);
  return {
    id: c.id,
    rule: c.rule,
    why: c.why,
    ...(c.kind && { kind: c.kind }),
    ...(sources(c).length && { from: sources(c) }),
    ...members,
    jwks: jwksOf(c, c.key ?? keyFor(alg)),
    policy: c.policies?.map(policyOf) ?? policyOf(c.policy),
    // Only a login has a nonce.
    expectations: merge({ now: NOW, ...(!c.kind && { nonce: { equals: NONCE } }) }, c.expectations),
    expect: c.expect,
    ...(c.warnings && { warnings: c.warnings }),
    ...(c.skipped && { skipped: c.skipped }),
    ...(!travels(members) && { http: false }),
  };
}
