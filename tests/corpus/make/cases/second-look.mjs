import { CLIENT, ISS, NONCE, SUB } from '../helpers.mjs';

export const about = 'What one policy must not take from another, and refreshes once more (rules R3, R45, R65, R96)';

const ACME = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const OTHER = '9188040d-6c67-4c5b-b112-36a304b66dad';
const TEMPLATE = 'https://login.example/{tenantid}/v2.0';
const of = (tenant) => `https://login.example/${tenant}/v2.0`;
const template = { issuer: TEMPLATE, tenants: { claim: 'tid', allow: [ACME] } };
const sets = { [ISS]: ['rsa-1'], [TEMPLATE]: ['rsa-1'], [of(OTHER)]: ['rsa-1'], [of(ACME)]: ['rsa-1'], 'https://login.example/{t}/v2.0': ['rsa-1'] };
const first = (changes) => ({ previous: { claims: { iss: ISS, sub: SUB, aud: CLIENT, nonce: NONCE, ...changes } } });

export const cases = [
  { id: 'tenant-beside-exact-after', rule: 'R45', why: 'An issuer of its own that the template does not let in: the order of the policies says nothing', claims: { iss: of(OTHER), tid: OTHER }, policies: [template, { issuer: of(OTHER) }], sets, expect: 'accept' },
  { id: 'tenant-config-exact-allowed', rule: 'R65', why: 'An issuer that the template lets in as well', claims: { iss: of(ACME), tid: ACME }, policies: [{ issuer: of(ACME) }, template], sets, expect: 'config_issuer' },
  { id: 'tenant-config-alias-allowed', rule: 'R65', why: 'The same as an alias', claims: { iss: of(ACME), tid: ACME }, policies: [{ issuer_aliases: [of(ACME)] }, template], sets, expect: 'config_issuer' },
  { id: 'tenant-beside-template', rule: 'R45', why: 'Two templates alike but for the word in braces, each with tenants of its own', claims: { iss: of(OTHER), tid: OTHER }, policies: [template, { issuer: 'https://login.example/{t}/v2.0', tenants: { claim: 'tid', allow: [OTHER] } }], sets, expect: 'accept' },
  { id: 'issuers-limit', rule: 'R3', why: 'The limit of its own policy holds for a token, also where another policy allows more', claims: { x: 'a'.repeat(3000) }, policies: [{ limits: { max_token_bytes: 2000 } }, { issuer: 'https://b.example' }], sets, expect: 'token_too_large' },
  { id: 'refresh-aud-order', rule: 'R96', why: 'The suite of OIDF compares lists of audiences as sets', claims: { aud: ['x', CLIENT] }, policy: { trusted_audiences: ['x'] }, expectations: first({ aud: [CLIENT, 'x'] }), expect: 'accept' },
  { id: 'refresh-azp-same', rule: 'R96', why: 'The authorized party stays', claims: { azp: CLIENT }, expectations: first({ azp: CLIENT }), expect: 'accept' },
  { id: 'refresh-azp-new', rule: 'R96', why: 'The first token had no authorized party, so the new one has none', claims: { azp: CLIENT }, expectations: first(), expect: 'refresh_azp' },
  { id: 'refresh-azp-lost', rule: 'R96', why: 'The first token had one', expectations: first({ azp: CLIENT }), expect: 'refresh_azp' },
  { id: 'refresh-azp-other', rule: 'R96', why: 'Another one, though both are ours', claims: { azp: 'b' }, policy: { authorized_parties: ['b', 'c'] }, expectations: first({ azp: 'c' }), expect: 'refresh_azp' },
  { id: 'refresh-azp-ignored', rule: 'R96', why: 'Not where the policy ignores azp', claims: { azp: CLIENT }, policy: { azp: 'ignore' }, expectations: first(), expect: 'accept' },
  { id: 'required-number-other', rule: 'R88', why: 'Another number', claims: { level: 4 }, policy: { required_claims: { level: 3 } }, expect: 'claim_mismatch' },
  { id: 'required-bool-other', rule: 'R88', why: 'false is not true', claims: { email_verified: false }, policy: { required_claims: { email_verified: true } }, expect: 'claim_mismatch' },
  { id: 'claim-names-only', rule: 'R89', why: 'Only the names', claims: { _claim_names: { a: 'b' } }, expect: 'accept', warnings: ['distributed_claims_present'] },
  { id: 'claim-sources-only', rule: 'R89', why: 'Only the sources', claims: { _claim_sources: { b: {} } }, expect: 'accept', warnings: ['distributed_claims_present'] },
  { id: 'demand-acr-empty', rule: 'R85', why: 'An empty list would demand nothing', policy: { acr_values: [] }, expect: 'config_invalid_option' },
  { id: 'demand-amr-all-empty', rule: 'R86', why: 'An empty list would demand nothing', policy: { amr_all: [] }, expect: 'config_invalid_option' },
  { id: 'demand-amr-any-empty', rule: 'R86', why: 'An empty list would demand nothing', policy: { amr_any: [] }, expect: 'config_invalid_option' },
  { id: 'demand-azp-empty', rule: 'R71', why: 'An empty list would name nobody', policy: { authorized_parties: [] }, expect: 'config_invalid_option' },
  { id: 'implicit-without-nonce', rule: 'R83', why: 'Core 3.2.2.1: a front-channel ID Token needs a nonce', claims: { nonce: undefined }, expectations: { nonce: 'none_sent', response_type: 'id_token' }, expect: 'config_nonce_policy' },
];
