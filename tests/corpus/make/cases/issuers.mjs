import { CLIENT, ISS, jwk } from '../helpers.mjs';

export const about = 'Several issuers: iss chooses policy and key set, and the keys of another issuer are no keys (rules R45, R63, R66)';

const A = 'https://a.example';
const B = 'https://b.example';
/** The same kid at both issuers, but not the same key. */
const OF_A = jwk('rsa-1', { kid: 'k1' });
const OF_B = jwk('rsa-2', { kid: 'k1' });
const both = { policies: [{ issuer: A }, { issuer: B }], sets: { [A]: [OF_A], [B]: [OF_B] } };
const fromA = { header: { kid: 'k1' }, signKey: 'rsa-1' };
const fromB = { header: { kid: 'k1' }, signKey: 'rsa-2' };
const token = (id, why, iss, expect, more) => ({ id: `issuers-${id}`, rule: 'R45', why, ...both, ...fromA, claims: { iss }, ...more, expect });
const config = (id, why, policies, expect = 'config_issuer') => ({ id: `issuers-config-${id}`, rule: 'R64', why, policies, claims: { iss: A }, expect });
const google = { issuer: 'https://accounts.google.com', issuer_aliases: ['accounts.google.com'] };
const named = (id, why, issuer, expect, more) => ({ id: `issuers-jwk-${id}`, rule: 'R45', why, keys: [jwk('rsa-1', { issuer })], ...more, expect });

export const cases = [
  // Which key set.
  token('first', 'A token of the first issuer, by its key', A, 'accept'),
  token('second', 'A token of the second issuer, by its key of the same kid', B, 'accept', fromB),
  token('key-of-b', 'Signed by the key of B, which has the same kid: for A it is a forgery', A, 'signature_invalid', fromB),
  token('key-of-a', 'The other way round', B, 'signature_invalid'),
  token('kid-of-b', 'A kid that only B has: the set of A has no such key', A, 'key_not_found', { header: { kid: 'k2' }, signKey: 'rsa-2', sets: { [A]: [OF_A], [B]: [jwk('rsa-2', { kid: 'k2' })] } }),
  token('kid-of-b-by-b', 'The same key for a token of B', B, 'accept', { header: { kid: 'k2' }, signKey: 'rsa-2', sets: { [A]: [OF_A], [B]: [jwk('rsa-2', { kid: 'k2' })] } }),
  token('no-kid', 'Without kid, the one key of the own set; that the other set has one, too, makes nothing ambiguous', A, 'accept', { header: { kid: undefined } }),
  token('no-kid-key-of-b', 'Without kid, the keys of other sets are not tried', A, 'signature_invalid', { header: { kid: undefined }, signKey: 'rsa-2' }),
  token('no-kid-try-all', 'Not even where all keys are tried', A, 'signature_invalid', { header: { kid: undefined }, signKey: 'rsa-2', policies: [{ issuer: A, kid_absent: 'try_all' }, { issuer: B, kid_absent: 'try_all' }] }),
  token('no-set', 'There is no key set for this issuer: the caller forgot it', A, 'config_invalid_option', { sets: { [B]: [OF_B] } }),
  token('no-set-of-other', 'That another issuer has none does no harm', A, 'accept', { sets: { [A]: [OF_A] } }),
  token('set-near', 'A key set under a name that differs by a slash is none for this issuer', A, 'config_invalid_option', { sets: { [`${A}/`]: [OF_A], [B]: [OF_B] } }),
  token('swapped-iss', 'A token of A whose issuer was changed to B', A, 'signature_invalid', { swap: { claims: { iss: B } } }),

  // Which policy.
  token('client-of-b', 'The client id that is registered at B means nothing at A', A, 'aud_mismatch', { claims: { iss: A, aud: 'client-b' }, policies: [{ issuer: A }, { issuer: B, client_id: 'client-b' }] }),
  token('client-of-b-by-b', 'At B it does', B, 'accept', { ...fromB, claims: { iss: B, aud: 'client-b' }, policies: [{ issuer: A }, { issuer: B, client_id: 'client-b' }] }),
  token('trusted-by-b', 'An audience that the policy of B trusts', A, 'aud_untrusted', { claims: { iss: A, aud: [CLIENT, 'x'] }, policies: [{ issuer: A }, { issuer: B, trusted_audiences: ['x'] }] }),
  token('alg-of-b', 'An algorithm that only B may use', A, 'alg_not_allowed', { alg: 'PS256', signKey: 'rsa-1', policies: [{ issuer: A, algorithms: ['RS256'] }, { issuer: B, algorithms: ['PS256'] }] }),
  token('alg-of-b-by-b', 'B may use it', B, 'accept', { alg: 'PS256', ...fromB, policies: [{ issuer: A, algorithms: ['RS256'] }, { issuer: B, algorithms: ['PS256'] }] }),
  token('acr-of-a', 'What A demands is demanded of its tokens', A, 'acr_missing', { policies: [{ issuer: A, acr_values: ['gold'] }, { issuer: B }] }),
  token('acr-of-b', 'What B demands is not', A, 'accept', { policies: [{ issuer: A }, { issuer: B, acr_values: ['gold'] }] }),
  token('reversed', 'The order of the policies says nothing', A, 'accept', { policies: [{ issuer: B }, { issuer: A }] }),
  token('list-of-one', 'A list of one policy is one issuer', A, 'accept', { policies: [{ issuer: A }], sets: { [A]: [OF_A] } }),
  token('list-of-one-foreign', 'With one issuer the code is that of one issuer', B, 'iss_mismatch', { policies: [{ issuer: A }], sets: { [A]: [OF_A] } }),

  // None of them.
  token('unknown', 'CVE-2021-21378: an issuer that nobody configured', 'https://c.example', 'iss_unknown'),
  token('unknown-slash', 'Nearly the first one', `${A}/`, 'iss_unknown'),
  token('unknown-case', 'Nearly the second one', 'https://B.example', 'iss_unknown'),
  token('unknown-longer', 'CVE-2024-53861: longer than the first one', `${A}.evil.example`, 'iss_unknown'),
  token('unknown-both', 'Both in one text', `${A} ${B}`, 'iss_unknown'),
  token('unknown-empty', 'An empty text equals no issuer', '', 'iss_unknown'),
  token('array', 'CVE-2025-30144: an array of the two', [A, B], 'iss_type'),
  token('missing', 'No issuer at all, so none to choose', undefined, 'iss_missing'),
  token('unknown-kid', 'An unknown issuer with an unknown kid is no reason to fetch keys', 'https://c.example', 'iss_unknown', { header: { kid: 'k9' } }),
  token('unknown-forged', 'An unknown issuer is told before the signature', 'https://c.example', 'iss_unknown', { signKey: 'ed-1', alg: 'EdDSA' }),

  // Aliases.
  token('alias', 'An alias chooses the policy and the keys of its issuer', 'accounts.google.com', 'accept', { rule: 'R66', policies: [{ issuer: A }, google], sets: { [A]: [OF_B], [google.issuer]: [OF_A] } }),
  token('alias-key-of-other', 'The alias does not open the set of another issuer', 'accounts.google.com', 'signature_invalid', { ...fromB, rule: 'R66', policies: [{ issuer: A }, google], sets: { [A]: [OF_B], [google.issuer]: [OF_A] } }),
  token('alias-not-set', 'Without the alias it is an unknown issuer', 'accounts.google.com', 'iss_unknown', { rule: 'R66', policies: [{ issuer: A }, { issuer: google.issuer }], sets: { [A]: [OF_B], [google.issuer]: [OF_A] } }),

  // Policies that no token could choose among.
  config('none', 'No policy at all: nothing could be verified', []),
  config('twice', 'Two policies for one issuer: which one would count?', [{ issuer: A }, { issuer: A, client_id: 'other' }]),
  config('twice-of-three', 'The first and the last', [{ issuer: A }, { issuer: B }, { issuer: A }]),
  config('alias-is-issuer', 'An alias that is the issuer of another policy', [{ issuer: A }, { issuer: B, issuer_aliases: [A] }]),
  config('alias-is-issuer-first', 'The same in the other order', [{ issuer: B, issuer_aliases: [A] }, { issuer: A }]),
  config('aliases-equal', 'Two policies with the same alias', [{ issuer: A, issuer_aliases: ['x'] }, { issuer: B, issuer_aliases: ['y', 'x'] }]),
  config('one-bad', 'One unusable policy is one too many', [{ issuer: A }, { issuer: 'http://b.example' }]),
  config('one-unknown-option', 'A misspelt option in the second policy', [{ issuer: A }, { issuer: B, tenant: 'x' }], 'config_unknown_option'),
  { ...token('own-alias', 'An issuer that is its own alias is named twice, but by one policy', A, 'accept'), policies: [{ issuer: A, issuer_aliases: [A] }, { issuer: B }] },

  // A key that names its issuer.
  named('equal', 'A key that names the issuer of the token', ISS, 'accept'),
  named('other', 'A key that names another issuer does not exist for this token', B, 'key_not_found'),
  named('slash', 'Nearly the issuer', `${ISS}/`, 'key_not_found'),
  named('number', 'An issuer that is no text makes the key unusable', 7, 'jwks_no_usable_key'),
  named('of-two', 'Two keys of one kid, one of them of another issuer: only the other one counts', undefined, 'accept', { keys: [jwk('rsa-2', { kid: 'rsa-1', issuer: B }), jwk('rsa-1', { issuer: ISS })] }),
  named('of-two-forged', 'The key of the other issuer may not sign', undefined, 'signature_invalid', { keys: [jwk('rsa-2', { kid: 'rsa-1', issuer: B }), jwk('rsa-1', { issuer: ISS })], signKey: 'rsa-2' }),
  named('no-kid', 'Without kid, a key of another issuer makes nothing ambiguous', undefined, 'accept', { header: { kid: undefined }, keys: [jwk('rsa-2', { issuer: B }), 'rsa-1'] }),
  token('jwk-of-b', 'A key in the set of A that says it is of B', A, 'key_not_found', { sets: { [A]: [{ ...OF_A, issuer: B }], [B]: [OF_B] } }),
];
