export const about = 'What a policy demands of other claims: exact, one of, contained, glob (rule R88); claims that the header repeats (R26)';

const claim = (id, why, value, demand, expect) => ({ id: `required-${id}`, rule: 'R88', why, claims: { c: value }, policy: { required_claims: { c: demand } }, expect });
const any = (id, why, value, any_of, expect) => claim(`any-${id}`, why, value, { any_of }, expect);
const contains = (id, why, value, wanted, expect) => claim(`contains-${id}`, why, value, { contains: wanted }, expect);
const glob = (id, why, value, pattern, expect) => claim(`glob-${id}`, why, value, { glob: pattern }, expect);
const config = (id, why, demand, expect = 'config_invalid_option') => ({ ...claim(`config-${id}`, why, 'a', demand, expect), rule: 'R122' });
const header = (id, why, copy, expect, claims) => ({ id: `header-claim-${id}`, rule: 'R26', why, header: copy, ...(claims && { claims }), expect });
const required = (id, why, required_claims) => ({ id: `required-config-whole-${id}`, rule: 'R122', why, policy: { required_claims }, expect: 'config_invalid_option' });

export const cases = [
  // Exactly one value.
  claim('false', 'false is a value', false, false, 'accept'),
  claim('false-missing', 'A claim that is not there is not false', undefined, false, 'claim_missing'),
  claim('false-null', 'Nor is null', null, false, 'claim_mismatch'),
  claim('false-zero', 'Nor is 0', 0, false, 'claim_mismatch'),
  claim('empty-text', 'An empty text is a value', '', '', 'accept'),
  claim('text-case', 'Text has case', 'Example.com', 'example.com', 'claim_mismatch'),
  claim('text-array', 'A list of the value is not the value', ['a'], 'a', 'claim_mismatch'),
  claim('text-object', 'An object with it is not the value', { a: 'a' }, 'a', 'claim_mismatch'),
  claim('text-star', 'A star in a plain value is a star', 'anything', '*', 'claim_mismatch'),
  { ...claim('number-spelling', 'A number may be written in two ways', 3, 3, 'accept'), payloadText: (text) => text.replace('"c":3', '"c":3.0') },
  { ...claim('number-range', 'Beyond 2^53 readers disagree, so nothing is equal', 0, 2 ** 53, 'claim_mismatch'), payloadText: (text) => text.replace('"c":0', '"c":9007199254740993') },
  { ...claim('number-largest', 'The largest number on which all agree', 0, 2 ** 53, 'accept'), payloadText: (text) => text.replace('"c":0', '"c":9007199254740992') },
  { ...claim('number-overflow', 'A literal that overflows equals nothing', 0, 1, 'claim_mismatch'), payloadText: (text) => text.replace('"c":0', '"c":1e400') },
  { ...claim('escaped', 'JSON escapes are spelling only', 'ab', 'ab', 'accept'), payloadText: (text) => text.replace('"c":"ab"', String.raw`"c":"\u0061b"`) },
  claim('present', 'An empty demand: the claim must be there', 'whatever', {}, 'accept'),
  claim('present-null', 'null is no value', null, {}, 'claim_mismatch'),
  claim('present-missing', 'And it is not', undefined, {}, 'claim_missing'),
  { id: 'required-none', rule: 'R88', why: 'No demands at all: nobody who writes it means that', policy: { required_claims: {} }, expect: 'config_invalid_option' },
  { id: 'required-both-missing', rule: 'R88', why: 'The first of two is missing, the second differs: in the order of the policy', claims: { b: 'x' }, policy: { required_claims: { a: 'x', b: 'y' } }, expect: 'claim_missing' },
  { id: 'required-both-mismatch', rule: 'R88', why: 'The first of two differs, the second is missing', claims: { a: 'x' }, policy: { required_claims: { a: 'y', b: 'y' } }, expect: 'claim_mismatch' },
  { id: 'required-snake-name', rule: 'R88', why: 'Names of claims are never respelt', claims: { repository_id: '1', repositoryId: '2' }, policy: { required_claims: { repository_id: '1', repositoryId: '2' } }, expect: 'accept' },
  { id: 'required-dotted-name', rule: 'R88', why: 'A name is a name, not a path', claims: { a: { b: 'x' } }, policy: { required_claims: { 'a.b': 'x' } }, expect: 'claim_missing' },
  { id: 'required-url-name', rule: 'R88', why: 'A name with a namespace', claims: { 'https://example.com/role': 'admin' }, policy: { required_claims: { 'https://example.com/role': 'admin' } }, expect: 'accept' },

  // One of several.
  any('first', 'The first of two', 'a', ['a', 'b'], 'accept'),
  any('last', 'The last of two', 'b', ['a', 'b'], 'accept'),
  any('none', 'Neither', 'c', ['a', 'b'], 'claim_mismatch'),
  any('joined', 'Both in one text', 'a b', ['a', 'b'], 'claim_mismatch'),
  any('array', 'A list that has one of them is not one of them', ['a'], ['a', 'b'], 'claim_mismatch'),
  any('missing', 'The claim is not there', undefined, ['a', 'b'], 'claim_missing'),
  any('kinds', 'Values of several kinds', true, ['a', 1, true], 'accept'),
  any('kinds-text', 'The text of one of them', '1', ['a', 1, true], 'claim_mismatch'),

  // Contained in a list.
  contains('only', 'The only item', ['admin'], 'admin', 'accept'),
  contains('among', 'One of several', ['user', 'admin'], 'admin', 'accept'),
  contains('other', 'Another item', ['user'], 'admin', 'claim_mismatch'),
  contains('longer', 'An item that begins alike', ['administrator'], 'admin', 'claim_mismatch'),
  contains('empty', 'An empty list', [], 'admin', 'claim_mismatch'),
  contains('text', 'The value itself is no list', 'admin', 'admin', 'claim_mismatch'),
  contains('text-part', 'A part of a text is not contained', 'user admin', 'admin', 'claim_mismatch'),
  contains('nested', 'A list in the list is not looked into', [['admin']], 'admin', 'claim_mismatch'),
  contains('object-name', 'The name of a member is not an item', { admin: true }, 'admin', 'claim_mismatch'),
  contains('object-value', 'Nor is its value', { role: 'admin' }, 'admin', 'claim_mismatch'),
  contains('number', 'A number', [1, 2], 2, 'accept'),
  contains('number-text', 'A text is not a number', ['2'], 2, 'claim_mismatch'),
  contains('missing', 'The claim is not there', undefined, 'admin', 'claim_missing'),

  // Glob.
  glob('exact', 'Without a star, the text itself', 'refs/heads/main', 'refs/heads/main', 'accept'),
  glob('exact-longer', 'And nothing more', 'refs/heads/main2', 'refs/heads/main', 'claim_mismatch'),
  glob('end', 'A star at the end', 'refs/heads/x/y', 'refs/heads/*', 'accept'),
  glob('end-nothing', 'A star may stand for nothing', 'refs/heads/', 'refs/heads/*', 'accept'),
  glob('end-shorter', 'One character too few', 'refs/heads', 'refs/heads/*', 'claim_mismatch'),
  glob('inside', 'The pattern is for the whole text, not for a part of it', 'refs/tags/refs/heads/x', 'refs/heads/*', 'claim_mismatch'),
  glob('start', 'A star at the beginning', 'jane@example.com', '*@example.com', 'accept'),
  glob('start-longer', 'Nothing may follow', 'jane@example.com.evil.example', '*@example.com', 'claim_mismatch'),
  glob('middle', 'A star in the middle', 'repo:acme/x:ref:main', 'repo:acme/*:ref:main', 'accept'),
  glob('middle-shared', 'Begin and end must not share a character', 'aba', 'ab*ba', 'claim_mismatch'),
  glob('two', 'Two stars', 'a-b-c', 'a*b*c', 'accept'),
  glob('two-order', 'In order', 'a-c-b', 'a*b*c', 'claim_mismatch'),
  glob('all', 'A star alone is any text', '', '*', 'accept'),
  glob('all-number', 'But a number is no text', 7, '*', 'claim_mismatch'),
  glob('all-array', 'Nor is a list', ['a'], '*', 'claim_mismatch'),
  glob('dot', 'A dot is a dot', 'abc', 'a.c', 'claim_mismatch'),
  glob('question', 'A question mark is one', 'abc', 'a?c', 'claim_mismatch'),
  glob('brackets', 'Brackets are brackets', 'abc', 'a[b]c', 'claim_mismatch'),
  glob('case', 'Text has case', 'Refs/heads/x', 'refs/heads/*', 'claim_mismatch'),
  glob('newline', 'A star stands for line breaks, too', 'a\nb', 'a*b', 'accept'),
  glob('not-ascii', 'And for any letter', 'm\u00fcller', 'm*ller', 'accept'),
  glob('work', 'Many stars against many letters end soon', 'a'.repeat(4000), `${'*a'.repeat(200)}*b`, 'claim_mismatch'),
  glob('missing', 'The claim is not there', undefined, '*', 'claim_missing'),

  // Several demands on one claim.
  claim('both', 'Each of them', 'refs/heads/main', { any_of: ['refs/heads/main', 'x'], glob: 'refs/*' }, 'accept'),
  claim('both-one-fails', 'Not just one of them', 'x', { any_of: ['refs/heads/main', 'x'], glob: 'refs/*' }, 'claim_mismatch'),
  claim('contradiction', 'A list and a text at once: nothing can be both', ['a'], { contains: 'a', glob: 'a' }, 'claim_mismatch'),

  // Demands that mean nothing.
  config('unknown', 'A misspelt demand must not vanish', { anyof: ['a'] }, 'config_unknown_option'),
  config('camel', 'The other spelling of a good one', { anyOf: ['a'] }, 'config_unknown_option'),
  config('regex', 'There are no regular expressions', { regex: '^a$' }, 'config_unknown_option'),
  config('null', 'null demands nothing', null),
  config('array', 'A bare list could mean any or all', ['a']),
  config('any-empty', 'One of none', { any_of: [] }),
  config('any-text', 'One of a text', { any_of: 'a' }),
  config('any-object', 'One of an object', { any_of: { a: 'a' } }),
  config('any-null', 'null in the list', { any_of: ['a', null] }),
  config('any-nested', 'A list in the list', { any_of: [['a']] }),
  config('contains-array', 'Contained in a list is one value', { contains: ['a'] }),
  config('contains-null', 'Not null', { contains: null }),
  config('glob-number', 'A pattern is a text', { glob: 7 }),
  config('glob-empty', 'And not an empty one', { glob: '' }),
  required('text', 'A list of names is not an object of demands', ['hd']),
  required('word', 'Nor is a text', 'hd'),
  required('null', 'Nor is null', null),

  // Claims in the header (RFC 7519 section 5.3).
  header('iss', 'The issuer, repeated', { iss: 'https://idp.example' }, 'accept'),
  header('iss-other', 'Another issuer in the header', { iss: 'https://evil.example' }, 'header_claim_mismatch'),
  header('sub', 'The subject, repeated', { sub: '248289761001' }, 'accept'),
  header('sub-other', 'Another subject', { sub: 'admin' }, 'header_claim_mismatch'),
  header('sub-number', 'The subject as a number', { sub: 248289761001 }, 'header_claim_mismatch'),
  header('aud', 'The audience, repeated', { aud: 'my-client' }, 'accept'),
  header('aud-other', 'Another audience', { aud: 'other' }, 'header_claim_mismatch'),
  header('aud-array', 'A list, repeated', { aud: ['my-client'] }, 'accept', { aud: ['my-client'] }),
  header('aud-spelling', 'One as text, one as list: not identical', { aud: ['my-client'] }, 'header_claim_mismatch'),
  ...Object.entries({ order: ['x', 'my-client'], shorter: ['my-client'], longer: ['my-client', 'x', 'y'], last: ['my-client', 'y'] }).map(([name, aud]) =>
    ({ ...header(`aud-${name}`, `The list ${JSON.stringify(aud)} for another one`, { aud }, 'header_claim_mismatch', { aud: ['my-client', 'x'] }), policy: { trusted_audiences: ['x'] } })),
  header('null', 'null is another value', { sub: null }, 'header_claim_mismatch'),
  header('all', 'All three', { iss: 'https://idp.example', sub: '248289761001', aud: 'my-client' }, 'accept'),
  header('other-claim', 'Other names in the header are none of these', { exp: 1, nonce: 'x', tid: 'y' }, 'accept'),
  header('only-header', 'A subject in the header only: the payload has none to be equal to', { sub: '248289761001' }, 'header_claim_mismatch', { sub: undefined }),
  { ...header('forged', 'Forged: only the signature may speak', { sub: 'admin' }, 'signature_invalid'), signKey: 'rsa-2' },
];
