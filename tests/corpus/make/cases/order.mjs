import { NOW } from '../helpers.mjs';

export const about = 'Several things wrong at once: the earlier stage decides, and no claim speaks before the signature (rule R62, order of the stages)';

const expired = { exp: NOW - 500, iat: NOW - 800 };
const evil = { iss: 'https://evil.example' };
/** Signed by a key that the issuer does not have, under a kid that it has. */
const forged = { signKey: 'rsa-2' };
const late = (id, why, claims) => ({ id: `order-forged-${id}`, rule: 'R62', why: `Forged and ${why}: only the signature may speak`, ...forged, claims, expect: 'signature_invalid' });

export const cases = [
  late('expired', 'expired', expired),
  late('sub', 'without subject', { sub: undefined }),
  late('aud', 'for another client', { aud: 'other' }),
  late('aud-type', 'with an audience of the wrong type', { aud: 7 }),
  late('exp-type', 'with an expiry of the wrong type', { exp: 'never' }),
  late('nonce', 'with the nonce of another login', { nonce: 'other' }),
  late('iat', 'issued in the future', { iat: NOW + 5000 }),
  late('events', 'looking like a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
  { id: 'order-forged-acr', rule: 'R62', why: 'Forged and too weak: only the signature may speak', ...forged, policy: { acr_values: ['gold'] }, expect: 'signature_invalid' },

  // Text before header, header before payload.
  { id: 'order-size-format', rule: 'R3', why: 'Too long and full of spaces: the size is looked at first', tokenGen: { repeat: ' ', len: 16_385 }, expect: 'token_too_large' },
  { id: 'order-format-segments', rule: 'R1', why: 'A bad character and a missing segment: the character is looked at first', token: 'eyJ+', expect: 'token_format' },
  { id: 'order-segments-base64', rule: 'R2', why: 'A missing segment and bad base64: the segments are looked at first', token: 'A.A', expect: 'token_segments' },
  { id: 'order-header-payload', rule: 'R16', why: 'No alg and a payload that is no JSON: the header is looked at first', header: { alg: undefined }, payloadText: '{', expect: 'alg_missing' },
  { id: 'order-none-payload', rule: 'R17', why: 'alg none and a payload that is no JSON', header: { alg: 'none' }, payloadText: '[', signature: () => '', expect: 'alg_none' },
  { id: 'order-crit-typ', rule: 'R19', why: 'A critical extension and the typ of an access token: crit is looked at first', header: { crit: ['x'], x: 1, typ: 'at+jwt' }, expect: 'crit_unsupported' },
  { id: 'order-alg-crit', rule: 'R17', why: 'alg none and a broken crit: alg is looked at first', header: { alg: 'none', crit: [] }, expect: 'alg_none' },
  { id: 'order-typ-kid', rule: 'R98', why: 'An access token with a broken kid: its kind is looked at first', header: { typ: 'at+jwt', kid: 7 }, expect: 'kind_access_token' },
  { id: 'order-typ-payload', rule: 'R98', why: 'An access token with a broken payload', header: { typ: 'at+jwt' }, payloadText: '{', expect: 'kind_access_token' },
  { id: 'order-typ-alg', rule: 'R98', why: 'An access token signed with HS256: the header is judged before the list of algorithms', alg: 'HS256', signOptions: { secret: 'x' }, header: { typ: 'at+jwt' }, policy: { algorithms: ['RS256'] }, expect: 'kind_access_token' },
  { id: 'order-kid-iss', rule: 'R22', why: 'A broken kid and a foreign issuer: the header is looked at first', header: { kid: 7 }, claims: evil, expect: 'kid_invalid' },

  // The issuer routes, before algorithm and key.
  { id: 'order-iss-kid', rule: 'R63', why: 'A foreign issuer with an unknown kid is a foreign issuer, no reason to fetch keys', claims: evil, header: { kid: 'evil-1' }, expect: 'iss_mismatch' },
  { id: 'order-iss-alg', rule: 'R63', why: 'A foreign issuer with an algorithm that is not allowed', alg: 'PS256', claims: evil, policy: { algorithms: ['RS256'] }, expect: 'iss_mismatch' },
  { id: 'order-iss-signature', rule: 'R63', why: 'A foreign issuer with a forged signature', claims: evil, ...forged, expect: 'iss_mismatch' },
  { id: 'order-iss-expired', rule: 'R63', why: 'A foreign issuer and an old token', claims: { ...evil, ...expired }, expect: 'iss_mismatch' },
  { id: 'order-iss-missing-kid', rule: 'R63', why: 'No issuer and an unknown kid', claims: { iss: undefined }, header: { kid: 'x' }, expect: 'iss_missing' },
  { id: 'order-iss-type-alg', rule: 'R63', why: 'A list of issuers and an algorithm that is not allowed', alg: 'PS256', claims: { iss: ['a'] }, policy: { algorithms: ['RS256'] }, expect: 'iss_type' },
  { id: 'order-payload-alg', rule: 'R9', why: 'A payload that is no JSON and an algorithm that is not allowed: the payload is read first', alg: 'PS256', payloadText: '[]', policy: { algorithms: ['RS256'] }, expect: 'json_not_object' },

  // Algorithm, key, signature, claims.
  { id: 'order-alg-kid', rule: 'R16', why: 'An algorithm that is not allowed and an unknown kid', alg: 'PS256', header: { kid: 'x' }, policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },
  { id: 'order-alg-signature', rule: 'R16', why: 'An algorithm that is not allowed and a forged signature', alg: 'PS256', ...forged, policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },
  { id: 'order-kid-expired', rule: 'R40', why: 'An unknown kid and an old token: fetch the keys first', header: { kid: 'x' }, claims: expired, expect: 'key_not_found' },
  { id: 'order-mismatch-signature', rule: 'R28', why: 'A key that does not fit the algorithm and a signature of the wrong length', alg: 'ES256', header: { kid: 'rsa-1' }, keys: ['rsa-1'], signature: (sig) => sig.subarray(1), expect: 'alg_key_mismatch' },
  { id: 'order-sub-aud', rule: 'R67', why: 'No subject and another audience: sub is looked at first', claims: { sub: undefined, aud: 'other' }, expect: 'sub_missing' },
  { id: 'order-aud-azp', rule: 'R69', why: 'Another audience and another party: aud is looked at first', claims: { aud: 'other', azp: 'other' }, expect: 'aud_mismatch' },
  { id: 'order-azp-exp', rule: 'R71', why: 'Another party and an old token: azp is looked at first', claims: { azp: 'other', ...expired }, expect: 'azp_mismatch' },
  { id: 'order-exp-nbf', rule: 'R73', why: 'Expired and not yet valid: exp is looked at first', claims: { ...expired, nbf: NOW + 500 }, expect: 'exp_expired' },
  { id: 'order-nbf-iat', rule: 'R76', why: 'Not yet valid and issued in the future: nbf is looked at first', claims: { nbf: NOW + 500, iat: NOW + 500, exp: NOW + 900 }, expect: 'nbf_future' },
  { id: 'order-iat-life', rule: 'R77', why: 'Issued in the future and for too long: iat is looked at first', claims: { iat: NOW + 500, exp: NOW + 900_000 }, expect: 'iat_future' },
  { id: 'order-exp-nonce', rule: 'R73', why: 'Expired and of another login: exp is looked at first', claims: { ...expired, nonce: 'other' }, expect: 'exp_expired' },
  { id: 'order-life-nonce', rule: 'R74', why: 'For too long and of another login: the lifetime is looked at first', claims: { exp: NOW + 900_000, nonce: 'other' }, expect: 'exp_too_far' },
  { id: 'order-nonce-auth-time', rule: 'R81', why: 'Of another login and too old a login: nonce is looked at first', claims: { nonce: 'other' }, policy: { max_age: 60 }, expect: 'nonce_mismatch' },
  { id: 'order-auth-time-acr', rule: 'R87', why: 'No auth_time and no acr: auth_time is looked at first', policy: { max_age: 60, acr_values: ['gold'] }, expect: 'auth_time_missing' },
  { id: 'order-acr-amr', rule: 'R85', why: 'No acr and no amr: acr is looked at first', policy: { acr_values: ['gold'], amr_any: ['otp'] }, expect: 'acr_missing' },
  { id: 'order-amr-hash', rule: 'R86', why: 'No amr and a wrong at_hash: amr is looked at first', claims: { at_hash: 'x' }, policy: { amr_any: ['otp'] }, expectations: { access_token: 'a' }, expect: 'amr_insufficient' },
  { id: 'order-hash-required', rule: 'R91', why: 'A wrong at_hash and a missing claim: the hash is looked at first', claims: { at_hash: 'x' }, policy: { required_claims: { hd: 'a' } }, expectations: { access_token: 'a' }, expect: 'at_hash_mismatch' },
  { id: 'order-required-kind', rule: 'R88', why: 'A missing claim and the event of a logout token: the claim is looked at first', claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }, policy: { required_claims: { hd: 'a' } }, expect: 'claim_missing' },
];
