import { manyMembers, nestedArrays, nestedObjects, withMember } from '../helpers.mjs';

export const about = 'JSON of the header and the payload: one meaning or none (rules R8 to R15)';

const raw = (text) => ({ payloadText: text });
const bytes = (text) => Buffer.from(text, 'latin1');
const claim = (member) => ({ payloadText: withMember(member) });
const member = (text) => ({ headerText: withMember(text) });
const dup = 'json_duplicate_member';
const syntax = 'json_syntax';

/** Text that is no JSON, each put into an otherwise good payload as the value of an unknown claim. */
const wrongValues = {
  'leading-zero': '01', 'plus-sign': '+1', 'no-integer-part': '.5', 'no-fraction': '1.', 'no-exponent': '1e', hex: '0x10',
  nan: 'NaN', infinity: 'Infinity', 'minus-only': '-', 'literal-case': 'True', undefined: 'undefined', 'single-quotes': "'x'",
  comment: '1/* c */', 'trailing-comma-array': '[1,]', 'missing-comma': '[1 2]', 'bad-escape': '"\\x41"', 'short-escape': '"\\u12"',
  'raw-newline': '"a\nb"', 'raw-nul': '"a\0b"', empty: '', 'wrong-bracket': '[1}',
};

export const cases = [
  // UTF-8.
  { id: 'utf8-header', rule: 'R8', why: 'A header with a byte that is no UTF-8; it must not become U+FFFD', headerText: bytes('{"alg":"RS256","kid":"rsa-1","x":"\xff"}'), expect: 'json_utf8' },
  { id: 'utf8-payload', rule: 'R8', why: 'A payload with a byte that is no UTF-8', payloadText: (t) => bytes(t.replace('{', '{"x":"\xe9",')), expect: 'json_utf8' },
  { id: 'utf8-overlong', rule: 'R8', why: 'An overlong spelling of a slash', payloadText: (t) => bytes(t.replace('{', '{"x":"\xc0\xaf",')), expect: 'json_utf8' },
  { id: 'utf8-surrogate', rule: 'R8', why: 'A surrogate encoded as three bytes is no UTF-8', payloadText: (t) => bytes(t.replace('{', '{"x":"\xed\xa0\x80",')), expect: 'json_utf8' },
  { id: 'utf8-cut', rule: 'R8', why: 'A character cut off at the end of a string', payloadText: (t) => bytes(t.replace('{', '{"x":"\xe2\x82",')), expect: 'json_utf8' },
  { id: 'utf8-good', rule: 'R8', why: 'Names in any script are fine in an unknown claim', claims: { name: 'Zo\u00eb \u738b \ud83d\ude00' }, expect: 'accept' },

  // The top level.
  { id: 'top-header-bom', rule: 'R9', why: 'A byte order mark before the header object', headerText: (t) => `\ufeff${t}`, expect: 'json_not_object' },
  { id: 'top-payload-bom', rule: 'R9', why: 'A byte order mark before the payload object', payloadText: (t) => `\ufeff${t}`, expect: 'json_not_object' },
  { id: 'top-header-array', rule: 'R9', why: 'A header in an array', headerText: (t) => `[${t}]`, expect: 'json_not_object' },
  { id: 'top-header-string', rule: 'R9', why: 'A header that is a string', headerText: '"RS256"', expect: 'json_not_object' },
  { id: 'top-payload-array', rule: 'R9', why: 'CVE-2026-107723: the checks of an array payload were skipped', ...raw('[]'), expect: 'json_not_object' },
  { id: 'top-payload-array-claims', rule: 'R9', why: 'CVE-2026-107723: good claims in an array', payloadText: (t) => `[${t}]`, expect: 'json_not_object' },
  { id: 'top-payload-string', rule: 'R9', why: 'CVE-2026-107723: a payload that is a string', ...raw('"x"'), expect: 'json_not_object' },
  { id: 'top-payload-number', rule: 'R9', why: 'CVE-2026-107723: a payload that is a number', ...raw('1'), expect: 'json_not_object' },
  { id: 'top-payload-null', rule: 'R9', why: 'CVE-2026-107723: a payload that is null', ...raw('null'), expect: 'json_not_object' },
  { id: 'top-payload-true', rule: 'R9', why: 'A payload that is true', ...raw('true'), expect: 'json_not_object' },
  { id: 'top-whitespace', rule: 'R9', why: 'JSON white space around the object is no fault', payloadText: (t) => ` \t\r\n${t}\n`, expect: 'accept' },
  { id: 'trailing-object', rule: 'R9', why: 'Two objects: one reader takes the first, another the last', payloadText: (t) => `${t}{}`, expect: 'json_trailing' },
  { id: 'trailing-word', rule: 'R9', why: 'Text behind the payload object', payloadText: (t) => `${t} x`, expect: 'json_trailing' },
  { id: 'trailing-comma', rule: 'R9', why: 'A comma behind the payload object', payloadText: (t) => `${t},`, expect: 'json_trailing' },
  { id: 'trailing-nul', rule: 'R9', why: 'A NUL behind the payload object', payloadText: (t) => `${t}\0`, expect: 'json_trailing' },
  { id: 'trailing-header', rule: 'R9', why: 'A second header object', headerText: (t) => `${t}{"alg":"none"}`, expect: 'json_trailing' },

  // Duplicate members.
  { id: 'dup-header-alg', rule: 'R10', why: 'Two alg members: first-wins and last-wins readers disagree', ...member('"alg":"none"'), expect: dup },
  { id: 'dup-header-same', rule: 'R10', why: 'Two equal kid members are still two', ...member('"kid":"rsa-1"'), expect: dup },
  { id: 'dup-payload-iss', rule: 'R10', why: 'Two issuers', ...claim('"iss":"https://evil.example"'), expect: dup },
  { id: 'dup-payload-unknown', rule: 'R10', why: 'Two members that nobody reads', ...claim('"x":1,"x":2'), expect: dup },
  { id: 'dup-payload-escaped', rule: 'R10', why: 'The same name, once spelt with an escape', ...claim('"\\u0069ss":"https://evil.example"'), expect: dup },
  { id: 'dup-header-escaped', rule: 'R10', why: 'alg, once spelt with an escape', ...member('"a\\u006cg":"none"'), expect: dup },
  { id: 'dup-nested', rule: 'R10', why: 'Two members inside an object of the payload', ...claim('"address":{"country":"DE","country":"US"}'), expect: dup },
  { id: 'dup-deep', rule: 'R10', why: 'Two members in an object in an array in an object', ...claim('"a":{"b":[0,{"c":{"d":1,"e":2,"d":3}}]}'), expect: dup },
  { id: 'dup-nested-escaped', rule: 'R10', why: 'An escaped duplicate at depth', ...claim('"a":{"\\/x":1,"/x":2}'), expect: dup },
  { id: 'dup-empty-name', rule: 'R10', why: 'The empty name twice', ...claim('"":1,"":2'), expect: dup },
  { id: 'dup-not-case', rule: 'R10', why: 'Names that differ in case are different names', claims: { ISS: 'https://evil.example', Iss: 1 }, expect: 'accept' },
  { id: 'dup-not-siblings', rule: 'R10', why: 'The same name in different objects is no duplicate', claims: { a: { iss: 1 }, b: [{ iss: 2 }, { iss: 3 }] }, expect: 'accept' },

  // Depth: {} itself is 1.
  { id: 'depth-header-16', rule: 'R11', why: 'A header nested 16 deep is read', ...member(`"x":${nestedArrays(15)}`), expect: 'accept' },
  { id: 'depth-header-17', rule: 'R11', why: 'A header nested 17 deep is refused', ...member(`"x":${nestedArrays(16)}`), expect: 'json_depth' },
  { id: 'depth-payload-32', rule: 'R11', why: 'A payload nested 32 deep is read', ...claim(`"x":${nestedArrays(31)}`), expect: 'accept' },
  { id: 'depth-payload-33', rule: 'R11', why: 'A payload nested 33 deep is refused', ...claim(`"x":${nestedArrays(32)}`), expect: 'json_depth' },
  { id: 'depth-payload-objects-32', rule: 'R11', why: 'Objects count like arrays: 32 deep is read', ...claim(`"x":${nestedObjects(31)}`), expect: 'accept' },
  { id: 'depth-payload-objects-33', rule: 'R11', why: 'Objects count like arrays: 33 deep is refused', ...claim(`"x":${nestedObjects(32)}`), expect: 'json_depth' },
  { id: 'depth-payload-bomb', rule: 'R11', why: 'CVE-2025-53864, GHSA-42vr-xj54-vc7v: as many brackets as fit, never closed, must not grow the stack', ...claim(`"x":${'['.repeat(10_000)}`), expect: 'json_depth' },
  { id: 'depth-header-bomb', rule: 'R11', why: 'The same in the header, which is read before any signature', headerText: '{"alg":"RS256","x":' + '[{"x":'.repeat(600), expect: 'json_depth' },

  // Counts and lengths.
  { id: 'members-256', rule: 'R12', why: 'An object of 256 members is read', claims: { x: manyMembers(256) }, expect: 'accept' },
  { id: 'members-257', rule: 'R12', why: 'An object of 257 members is refused', claims: { x: manyMembers(257) }, expect: 'json_limits' },
  { id: 'members-257-top', rule: 'R12', why: 'The payload itself has the same bound', claims: manyMembers(251), expect: 'json_limits' },
  { id: 'members-256-top', rule: 'R12', why: 'A payload of exactly 256 members is read', claims: manyMembers(250), expect: 'accept' },
  { id: 'members-257-header', rule: 'R12', why: 'So does the header', header: manyMembers(255), expect: 'json_limits' },
  { id: 'array-1024', rule: 'R12', why: 'An array of 1024 elements is read', claims: { x: Array(1024).fill(0) }, expect: 'accept' },
  { id: 'array-1025', rule: 'R12', why: 'An array of 1025 elements is refused', claims: { x: Array(1025).fill(0) }, expect: 'json_limits' },
  { id: 'string-8192', rule: 'R12', why: 'A string of 8 KiB is read', claims: { x: 'x'.repeat(8192) }, expect: 'accept' },
  { id: 'string-8193', rule: 'R12', why: 'A string one byte above 8 KiB is refused', claims: { x: 'x'.repeat(8193) }, expect: 'json_limits' },
  { id: 'name-8192', rule: 'R12', why: 'A member name is a string: 8 KiB is read', claims: { ['x'.repeat(8192)]: 1 }, expect: 'accept' },
  { id: 'name-8193', rule: 'R12', why: 'A member name one byte above 8 KiB is refused', claims: { ['x'.repeat(8193)]: 1 }, expect: 'json_limits' },

  // Surrogates and NUL.
  { id: 'surrogate-pair', rule: 'R13', why: 'A pair of escapes is one character', ...claim('"x":"\\ud83d\\ude00"'), expect: 'accept' },
  { id: 'surrogate-high', rule: 'R13', why: 'A high surrogate alone', ...claim('"x":"\\ud800"'), expect: 'json_surrogate' },
  { id: 'surrogate-low', rule: 'R13', why: 'A low surrogate alone', ...claim('"x":"\\udc00"'), expect: 'json_surrogate' },
  { id: 'surrogate-swapped', rule: 'R13', why: 'A pair in the wrong order', ...claim('"x":"\\ude00\\ud83d"'), expect: 'json_surrogate' },
  { id: 'surrogate-then-text', rule: 'R13', why: 'A high surrogate and then a plain letter', ...claim('"x":"\\ud83dx"'), expect: 'json_surrogate' },
  { id: 'surrogate-name', rule: 'R13', why: 'A lone surrogate in a member name', ...claim('"\\ud800":1'), expect: 'json_surrogate' },
  { id: 'surrogate-header', rule: 'R13', why: 'A lone surrogate in the header', ...member('"x":"\\udfff"'), expect: 'json_surrogate' },
  { id: 'nul-unknown-claim', rule: 'R13', why: 'An escaped NUL is allowed in a claim that nobody reads', ...claim('"x":"a\\u0000b"'), expect: 'accept' },

  // Numbers: the literal is kept; only claims that are read have a range.
  { id: 'number-unknown-huge', rule: 'R14', why: 'A number beyond every float is kept as text in an unknown claim', ...claim('"x":1e400,"y":123456789012345678901234567890'), expect: 'accept' },
  { id: 'number-iat-overflow', rule: 'R14', why: 'iat as 1e400 overflows to infinity', payloadText: (t) => t.replace(/"iat":\d+/, '"iat":1e400'), expect: 'json_number_range' },
  { id: 'number-nbf-overflow', rule: 'R14', why: 'nbf as -1e400 overflows to minus infinity, which is before every now', ...claim('"nbf":-1e400'), expect: 'json_number_range' },
  { id: 'number-nbf-2-53', rule: 'R14', why: 'The lowest integer that every reader agrees on, -2^53', ...claim('"nbf":-9007199254740992'), expect: 'accept' },
  { id: 'number-nbf-below-2-53', rule: 'R14', why: 'One below it: a reader with floats sees another number', ...claim('"nbf":-9007199254740993'), expect: 'json_number_range' },

  // __proto__.
  { id: 'proto-payload', rule: 'R15', why: 'A claim that would change the prototype of a JavaScript object', ...claim('"__proto__":{"admin":true}'), expect: 'json_limits' },
  { id: 'proto-header', rule: 'R15', why: 'The same in the header', ...member('"__proto__":{"alg":"none"}'), expect: 'json_limits' },
  { id: 'proto-nested', rule: 'R15', why: 'The same at depth', ...claim('"a":[{"__proto__":1}]'), expect: 'json_limits' },
  { id: 'proto-escaped', rule: 'R15', why: 'The same spelt with an escape', ...claim('"\\u005f_proto__":1'), expect: 'json_limits' },
  { id: 'proto-value', rule: 'R15', why: 'As a value the word is harmless', claims: { x: '__proto__' }, expect: 'accept' },
  { id: 'constructor-name', rule: 'R15', why: 'Other names of Object.prototype are plain claims', claims: { constructor: 1, toString: 'x', hasOwnProperty: null }, expect: 'accept' },

  // Syntax.
  ...Object.entries(wrongValues).map(([name, text]) => ({ id: `syntax-${name}`, rule: 'R9', why: `A payload with ${JSON.stringify(text)} where JSON wants a value`, ...claim(`"x":${text}`), expect: syntax })),
  { id: 'syntax-unclosed', rule: 'R9', why: 'A payload that stops before its closing brace', payloadText: (t) => t.slice(0, -1), expect: syntax },
  { id: 'syntax-cut-string', rule: 'R9', why: 'A payload that stops inside a string', payloadText: (t) => t.slice(0, 12), expect: syntax },
  { id: 'syntax-trailing-comma', rule: 'R9', why: 'A comma before the closing brace', payloadText: (t) => t.replace(/}$/, ',}'), expect: syntax },
  { id: 'syntax-no-colon', rule: 'R9', why: 'A member without a colon', ...claim('"x" 1'), expect: syntax },
  { id: 'syntax-bare-name', rule: 'R9', why: 'A member name without quotes', ...claim('x:1'), expect: syntax },
  { id: 'syntax-header', rule: 'R9', why: 'A header that is no JSON', headerText: '{alg:RS256}', expect: syntax },
];
