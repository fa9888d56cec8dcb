import { ISS, jwk } from '../helpers.mjs';

export const about = 'One issuer for many tenants: the template is filled by the claim of the same token, for tenants on a list (rules R65, R45)';

const ACME = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const OTHER = '9188040d-6c67-4c5b-b112-36a304b66dad';
const TEMPLATE = 'https://login.example/{tenantid}/v2.0';
const of = (tenant) => `https://login.example/${tenant}/v2.0`;
const policy = (changes, tenants) => ({ issuer: TEMPLATE, tenants: { claim: 'tid', allow: [ACME], ...tenants }, ...changes });
const token = (id, why, iss, tid, expect, more) => ({ id: `tenant-${id}`, rule: 'R65', why, claims: { iss, tid }, policy: policy(), ...more, expect });
/** The issuer says `tenant`, and so does the claim. */
const both = (id, why, tenant, expect, more) => token(id, why, of(tenant), tenant, expect, more);
const config = (id, why, changes, expect = 'config_invalid_option') => ({ id: `tenant-config-${id}`, rule: 'R65', why, claims: { iss: of(ACME), tid: ACME }, policy: policy(changes), expect });
const allow = (id, why, list, expect) => config(id, why, { tenants: { claim: 'tid', allow: list } }, expect);
const key = (id, why, issuer, expect) => ({ ...both(`jwk-${id}`, why, ACME, expect), rule: 'R45', keys: [jwk('rsa-1', { issuer })] });

export const cases = [
  // The claim fills the template.
  both('allowed', 'A tenant on the list, named alike in issuer and claim', ACME, 'accept'),
  both('not-on-list', 'Sound, but of a tenant that nobody let in', OTHER, 'tenant_not_allowed'),
  both('second-on-list', 'The second of the list', OTHER, 'accept', { policy: policy({}, { allow: [ACME, OTHER] }) }),
  token('claim-other', 'The claim names another tenant than the issuer', of(ACME), OTHER, 'iss_template_mismatch'),
  token('claim-other-allowed', 'Even if both are on the list', of(ACME), OTHER, 'iss_template_mismatch', { policy: policy({}, { allow: [ACME, OTHER] }) }),
  token('iss-other', 'The claim is on the list, the tenant of the issuer is not', of(OTHER), ACME, 'tenant_not_allowed'),
  token('claim-missing', 'Without the claim nothing fills the template', of(ACME), undefined, 'iss_template_mismatch'),
  token('claim-null', 'null fills nothing', of(ACME), null, 'iss_template_mismatch'),
  token('claim-array', 'A list of the tenant is not the tenant', of(ACME), [ACME], 'iss_template_mismatch'),
  token('claim-number', 'A number is not the tenant', of(ACME), 6, 'iss_template_mismatch'),
  token('claim-empty', 'An empty claim', of(ACME), '', 'iss_template_mismatch'),
  token('claim-upper', 'The same tenant in capitals is another text', of(ACME), ACME.toUpperCase(), 'iss_template_mismatch'),
  both('both-upper', 'In capitals on both sides: the list has it in small letters', ACME.toUpperCase(), 'tenant_not_allowed'),
  both('both-upper-allowed', 'Capitals are fine where the list has them', ACME.toUpperCase(), 'accept', { policy: policy({}, { allow: [ACME.toUpperCase()] }) }),
  token('claim-space', 'A space behind it', of(ACME), `${ACME} `, 'iss_template_mismatch'),
  token('claim-other-name', 'The tenant under another name of claim', of(ACME), undefined, 'iss_template_mismatch', { claims: { iss: of(ACME), tenant: ACME } }),
  token('claim-named', 'The name of the claim is an option', of(ACME), undefined, 'accept', { claims: { iss: of(ACME), tenant: ACME }, policy: policy({}, { claim: 'tenant' }) }),
  { ...both('claim-escaped', 'JSON escapes are spelling only', ACME, 'accept'), payloadText: (text) => text.replace(`"tid":"6b`, String.raw`"tid":"\u0036b`) },

  // What may stand in its place.
  both('placeholder', 'The template itself is no issuer', '{tenantid}', 'iss_template_mismatch'),
  both('common', 'Entra: the name that means everybody', 'common', 'iss_template_mismatch'),
  both('empty', 'Nothing in its place', '', 'iss_template_mismatch'),
  both('path', 'A path that leads back', 'a/../b', 'iss_template_mismatch'),
  both('path-to-tenant', 'A path that ends in the tenant', `${OTHER}/../${ACME}`, 'iss_template_mismatch'),
  both('short', '35 characters', ACME.slice(1), 'iss_template_mismatch'),
  both('long', '37 characters', `${ACME}0`, 'iss_template_mismatch'),
  both('very-long', 'Four thousand characters', 'a'.repeat(4000), 'iss_template_mismatch'),
  both('not-hex', '36 characters, one of them no hexadecimal digit', ACME.replace('6', 'g'), 'iss_template_mismatch'),
  both('slash-36', '36 characters with a slash among them', ACME.replace('-', '/'), 'iss_template_mismatch'),
  both('dot-36', '36 characters with a dot among them', ACME.replace('-', '.'), 'iss_template_mismatch'),
  both('not-ascii', '36 bytes, but a letter that only looks like one', ACME.replace('aa', '\u0430'), 'iss_template_mismatch'),
  both('star', 'No patterns', '*', 'iss_template_mismatch'),

  // Around it.
  token('http', 'http is not https', of(ACME).replace('https', 'http'), ACME, 'iss_mismatch'),
  token('host', 'Another host', of(ACME).replace('login', 'evil'), ACME, 'iss_mismatch'),
  token('host-case', 'A capital letter in the host', of(ACME).replace('login', 'Login'), ACME, 'iss_mismatch'),
  token('before', 'Something before the issuer', `https://evil.example/?${of(ACME)}`, ACME, 'iss_mismatch'),
  token('behind', 'Something behind it', `${of(ACME)}/evil`, ACME, 'iss_mismatch'),
  token('slash-behind', 'A slash behind it', `${of(ACME)}/`, ACME, 'iss_mismatch'),
  token('version', 'Entra: a token of version 1 has another end', of(ACME).replace('v2.0', 'v1.0'), ACME, 'iss_mismatch'),
  token('no-end', 'The end of the template is missing', `https://login.example/${ACME}`, ACME, 'iss_mismatch'),
  token('overlap', 'Begin and end must not share a character', 'https://login.example/v2.0', '', 'iss_mismatch'),
  token('twice', 'The end of the template twice: what is between is no tenant', `${of(ACME)}/v2.0`, ACME, 'iss_template_mismatch'),
  token('at-end', 'A template that ends in its placeholder', `https://login.example/${ACME}`, ACME, 'accept', { policy: policy({ issuer: 'https://login.example/{tid}' }) }),
  token('at-end-behind', 'Where it ends, nothing may follow', `https://login.example/${ACME}/`, ACME, 'iss_template_mismatch', { policy: policy({ issuer: 'https://login.example/{tid}' }) }),
  token('in-host', 'A placeholder in the host', `https://${ACME}.login.example`, ACME, 'accept', { policy: policy({ issuer: 'https://{tid}.login.example' }) }),
  token('in-host-evil', 'A host that ends before the template goes on', `https://evil.example/.login.example`, 'evil.example/', 'iss_template_mismatch', { policy: policy({ issuer: 'https://{tid}.login.example' }) }),

  // Before and after other checks.
  { ...both('order-kid', 'A tenant that is not let in is no reason to fetch keys', OTHER, 'tenant_not_allowed'), header: { kid: 'x' } },
  { ...both('order-forged', 'A forged token of a tenant that is let in', ACME, 'signature_invalid'), signKey: 'rsa-2' },
  { ...both('order-swapped', 'CVE-2024-53861: issuer and claim exchanged after signing', OTHER, 'signature_invalid'), swap: { claims: { iss: of(ACME), tid: ACME } } },
  { ...both('aud', 'A tenant that is let in, and a token for another client', ACME, 'aud_mismatch'), claims: { iss: of(ACME), tid: ACME, aud: 'other' } },

  // A key that names its issuer.
  key('template', 'Entra: a key for all tenants names the template', TEMPLATE, 'accept'),
  key('tenant', 'A key for this tenant names the issuer of the token', of(ACME), 'accept'),
  key('other-tenant', 'A key for another tenant is no key for this one', of(OTHER), 'key_not_found'),
  key('other-issuer', 'A key of another issuer', ISS, 'key_not_found'),
  key('other-placeholder', 'Another template is another text', 'https://login.example/{tenant}/v2.0', 'key_not_found'),

  // Beside other issuers.
  both('beside', 'A template beside another issuer: its keys are found under the template', ACME, 'accept', { policy: undefined, policies: [{}, policy()], sets: { [ISS]: ['rsa-2'], [TEMPLATE]: ['rsa-1'] } }),
  both('beside-not-allowed', 'Beside another issuer the list still counts', OTHER, 'tenant_not_allowed', { policy: undefined, policies: [{}, policy()], sets: { [ISS]: ['rsa-2'], [TEMPLATE]: ['rsa-1'] } }),
  both('beside-filled', 'A set under the issuer of one tenant is not the set of the template', ACME, 'config_invalid_option', { policy: undefined, policies: [{}, policy()], sets: { [ISS]: ['rsa-2'], [of(ACME)]: ['rsa-1'] } }),
  token('beside-unknown', 'Neither the template nor the other issuer', 'https://c.example', ACME, 'iss_unknown', { policy: undefined, policies: [{}, policy()], sets: { [ISS]: ['rsa-2'], [TEMPLATE]: ['rsa-1'] } }),
  token('beside-other', 'A token of the other issuer, which needs no tenant', ISS, undefined, 'accept', { policy: undefined, policies: [policy(), {}], sets: { [ISS]: ['rsa-1'], [TEMPLATE]: ['rsa-2'] } }),
  { id: 'tenant-config-same-tenant', rule: 'R65', why: 'Two policies for one tenant', policies: [policy(), policy({}, { allow: [OTHER, ACME] })], expect: 'config_issuer' },

  // Options.
  config('no-tenants', 'A template without tenants would be an issuer that nobody has', { tenants: undefined }, 'config_issuer'),
  config('no-template', 'Tenants without a place for them', { issuer: of(ACME) }, 'config_issuer'),
  config('two-places', 'Two placeholders', { issuer: 'https://{a}.login.example/{b}' }, 'config_issuer'),
  config('two-ends', 'A second brace that ends nothing', { issuer: 'https://login.example/{tid}/v2.0}' }, 'config_issuer'),
  config('two-begins', 'A second brace that begins nothing', { issuer: 'https://login.example/{{tid}/v2.0' }, 'config_issuer'),
  config('open', 'A placeholder that does not end', { issuer: 'https://login.example/{tid' }, 'config_issuer'),
  config('closed', 'One that does not begin', { issuer: 'https://login.example/tid}' }, 'config_issuer'),
  config('backwards', 'One that ends before it begins', { issuer: 'https://login.example/}tid{' }, 'config_issuer'),
  config('http', 'A template is an issuer: http can be read and changed on its way', { issuer: 'http://login.example/{tid}' }, 'config_issuer'),
  config('in-scheme', 'No placeholder in the scheme', { issuer: '{tid}://login.example' }, 'config_issuer'),
  config('in-port', 'Nor in the port', { issuer: 'https://login.example:{tid}' }, 'config_issuer'),
  config('aliases', 'Aliases have no place for a tenant', { issuer_aliases: ['login.example'] }),
  allow('allow-empty', 'Nobody on the list: everybody or nobody?', []),
  allow('allow-missing', 'No list at all: it must not mean everybody', undefined),
  allow('allow-text', 'One tenant is still a list', ACME),
  allow('allow-star', 'No word for everybody', ['*']),
  allow('allow-name', 'A tenant is a GUID, not a name', ['acme.example']),
  allow('allow-braces', 'A GUID in braces, as Windows writes it', [`{${ACME}}`]),
  allow('allow-plain', 'A GUID without hyphens', [ACME.replaceAll('-', '')]),
  allow('allow-35', 'One character lost when copying', [ACME.slice(1)]),
  allow('allow-37', 'One character too many', [`${ACME}0`]),
  allow('allow-one-bad', 'One good, one not', [ACME, 'acme']),
  allow('allow-number', 'A list of something else', [6]),
  config('claim-missing', 'No claim named', { tenants: { allow: [ACME] } }),
  config('claim-empty', 'An empty name', { tenants: { claim: '', allow: [ACME] } }),
  config('empty', 'Neither claim nor list', { tenants: {} }),
  config('text', 'Tenants as text', { tenants: ACME }),
  config('unknown', 'A misspelt member', { tenants: { claim: 'tid', allowed: [ACME] } }, 'config_unknown_option'),
];
