import { trailingBit } from '../helpers.mjs';

export const about = 'Bytes, size, segments and base64url: what is decided before any JSON is read (rules R1 to R6, R61, R102)';

/** A token of exactly `size` bytes: a padded header, and two padding claims as no string may exceed 8 KiB. */
const big = (size) => {
  const payload = (header) => size - 2 - 342 - Math.ceil((header * 4) / 3); // 342 is an RS256 signature
  const header = payload(36) % 4 === 1 ? 37 : 36; // no bytes encode to 4n+1 characters
  const bytes = Math.floor((payload(header) * 3) / 4);
  return {
    headerText: (text) => text.slice(0, -1) + ' '.repeat(header - text.length) + '}',
    payloadText: (text) => {
      const left = bytes - text.length - ',"p":"","q":""'.length;
      return text.slice(0, -1) + `,"p":"${'x'.repeat(left >> 1)}","q":"${'y'.repeat(left - (left >> 1))}"}`;
    },
    tamper: (token) => {
      if (token.length !== size) throw new Error(`made ${token.length} bytes instead of ${size}`);
      return token;
    },
  };
};

/** A header of exactly `size` bytes once decoded. */
const paddedHeader = (size) => (text) => {
  const open = text.slice(0, -1) + ',"pad":"';
  return open + 'x'.repeat(size - open.length - 2) + '"}';
};

const segments = (change) => (token) => change(token.split('.')).join('.');

export const cases = [
  { id: 'default', rule: 'R1', why: 'A plain good token; OIDF oidcc-client-test and -idtoken-sig-rs256', expect: 'accept' },
  { id: 'token-empty', rule: 'R1', why: 'An empty string is a token that was not sent', token: '', expect: 'token_missing' },

  // Size: decided on the length alone.
  { id: 'size-at-limit', rule: 'R3', why: 'A token of exactly 16384 bytes, the default limit, is still read', ...big(16384), expect: 'accept' },
  { id: 'size-over-limit', rule: 'R3', why: 'One byte above the limit is refused although the token is good', ...big(16385), expect: 'token_too_large' },
  { id: 'size-option', rule: 'R3', why: 'The limit is an option: the same 16385 bytes pass when the policy says so', ...big(16385), policy: { limits: { max_token_bytes: 16385 } }, expect: 'accept' },
  { id: 'size-option-lower', rule: 'R3', why: 'The limit may also be lowered', policy: { limits: { max_token_bytes: 256 } }, expect: 'token_too_large' },
  { id: 'dots-1mib', rule: 'R3', why: 'CVE-2025-27144, CVE-2025-30204: a mebibyte of dots must not be split before it is measured', tokenGen: { repeat: '.', len: 1_048_576 }, expect: 'token_too_large' },
  { id: 'letters-10mib', rule: 'R3', why: 'CVE-2025-61920: ten mebibytes are refused by length, before a copy or a decode', tokenGen: { repeat: 'A', len: 10_485_760 }, expect: 'token_too_large' },
  { id: 'newlines-over-limit', rule: 'R3', why: 'Size comes before characters: too long and not base64url is too long', tokenGen: { repeat: '\n', len: 20_000 }, expect: 'token_too_large' },
  { id: 'dots-at-limit', rule: 'R2', why: 'As many dots as fit the limit are counted, not split', tokenGen: { repeat: '.', len: 16_384 }, expect: 'token_segments' },
  { id: 'letters-at-limit', rule: 'R2', why: 'One long run of letters has no segments', tokenGen: { repeat: 'A', len: 16_384 }, expect: 'token_segments' },
  { id: 'header-4096', rule: 'R4', why: 'A header of exactly 4 KiB is still read; its unknown member is ignored', headerText: paddedHeader(4096), expect: 'accept' },
  { id: 'header-4097', rule: 'R4', why: 'A header one byte above 4 KiB is refused', headerText: paddedHeader(4097), expect: 'header_too_large' },

  // Segments.
  { id: 'segments-1', rule: 'R2', why: 'A word is not a token', token: 'token', expect: 'token_segments' },
  { id: 'segments-2', rule: 'R2', why: 'Header and payload without the signature segment and its dot', tamper: segments((s) => s.slice(0, 2)), expect: 'token_segments' },
  { id: 'segments-4', rule: 'R2', why: 'A segment too many behind a good token', tamper: (t) => `${t}.AAAA`, expect: 'token_segments' },
  { id: 'segments-6', rule: 'R2', why: 'Six segments are neither a JWS nor a JWE', tamper: (t) => `${t}.AAAA.AAAA.AAAA`, expect: 'token_segments' },
  { id: 'segments-trailing-dot', rule: 'R2', why: 'A dot at the end makes a fourth, empty segment', tamper: (t) => `${t}.`, expect: 'token_segments' },
  { id: 'segments-leading-dot', rule: 'R2', why: 'A dot at the start makes an empty first segment', tamper: (t) => `.${t}`, expect: 'token_segments' },
  { id: 'segments-dot', rule: 'R2', why: 'A lone dot', token: '.', expect: 'token_segments' },
  { id: 'segments-all-empty', rule: 'R2', why: 'Two dots and nothing else: three empty segments', token: '..', expect: 'token_segments' },
  { id: 'segment-header-empty', rule: 'R2', why: 'No header segment', tamper: segments(([, p, s]) => ['', p, s]), expect: 'token_segments' },
  { id: 'segment-payload-empty', rule: 'R2', why: 'A detached payload: an ID Token always carries its own', tamper: segments(([h, , s]) => [h, '', s]), expect: 'token_segments' },
  { id: 'segment-signature-empty', rule: 'R61', why: 'The signature was cut off and the dot left', signature: () => '', expect: 'signature_missing' },
  { id: 'jwe-five-segments', rule: 'R102', why: 'Five segments are an encrypted token (JWE), which this verifier cannot open', token: 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFp.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9o.XFBoMYUZodetZdvTiFvSkQ', expect: 'jwe_unsupported' },
  { id: 'jwe-direct', rule: 'R102', why: 'A JWE with alg dir has an empty second segment and is still a JWE', token: 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA', expect: 'jwe_unsupported' },
  { id: 'jwe-four-dots', rule: 'R102', why: 'The count of segments is looked at before what is in them', token: '....', expect: 'jwe_unsupported' },
  { id: 'jwe-odd-characters', rule: 'R102', why: 'Five segments are told apart before the characters are checked', token: 'a+b.c d.e.f.g', expect: 'jwe_unsupported' },

  // Characters.
  { id: 'char-plus', rule: 'R1', why: 'Plus belongs to base64, not to base64url', tamper: segments(([h, p, s]) => [h, p, '+' + s.slice(1)]), expect: 'token_format' },
  { id: 'char-slash', rule: 'R1', why: 'Slash belongs to base64, not to base64url', tamper: segments(([h, p, s]) => [h, '/' + p.slice(1), s]), expect: 'token_format' },
  { id: 'char-padding', rule: 'R5', why: 'JWS drops the padding of base64', tamper: (t) => `${t}==`, expect: 'base64_padding' },
  { id: 'char-padding-header', rule: 'R5', why: 'Padding behind the header is refused as well', tamper: segments(([h, p, s]) => [`${h}=`, p, s]), expect: 'base64_padding' },
  { id: 'char-newline-end', rule: 'R1', why: 'A newline from a file: nothing is trimmed', tamper: (t) => `${t}\n`, expect: 'token_format' },
  { id: 'char-crlf-inside', rule: 'R1', why: 'A token folded over two lines', tamper: (t) => `${t.slice(0, 64)}\r\n${t.slice(64)}`, expect: 'token_format' },
  { id: 'char-space-start', rule: 'R1', why: 'A space before the token', tamper: (t) => ` ${t}`, expect: 'token_format' },
  { id: 'char-tab-end', rule: 'R1', why: 'A tab after the token', tamper: (t) => `${t}\t`, expect: 'token_format' },
  { id: 'char-bearer', rule: 'R1', why: 'The scheme of the header is not part of the token', tamper: (t) => `Bearer ${t}`, expect: 'token_format' },
  { id: 'char-quotes', rule: 'R1', why: 'A token still in its JSON quotes', tamper: (t) => `"${t}"`, expect: 'token_format' },
  { id: 'char-comma', rule: 'R1', why: 'Two header fields joined by a proxy', tamper: (t) => `${t},Basic`, expect: 'token_format' },
  { id: 'char-percent', rule: 'R1', why: 'A dot that was percent-encoded is not decoded here', tamper: (t) => t.replace('.', '%2E'), expect: 'token_format' },
  { id: 'char-bom', rule: 'R1', why: 'A byte order mark before the token', tamper: (t) => `\ufeff${t}`, expect: 'token_format' },
  { id: 'char-nul-end', rule: 'R1', why: 'A NUL at the end, where C strings stop', tamper: (t) => `${t}\0`, expect: 'token_format' },
  { id: 'char-nul-inside', rule: 'R1', why: 'A NUL inside the payload', tamper: (t) => `${t.slice(0, 60)}\0${t.slice(61)}`, expect: 'token_format' },
  { id: 'char-look-alike', rule: 'R1', why: 'A fullwidth letter and a one-dot leader look right and are not ASCII', tamper: (t) => t.replace('e', '\uff45').replace('.', '\u2024'), expect: 'token_format' },
  { id: 'bytes-invalid-utf8', rule: 'R1', why: 'Bytes that are no text at all', tokenBytes: [0x65, 0x79, 0xff, 0xfe, 0x2e, 0x65, 0x2e, 0x65], expect: 'token_format' },
  { id: 'bytes-nul', rule: 'R1', why: 'Sixteen NUL bytes', tokenBytes: Buffer.alloc(16), expect: 'token_format' },
  { id: 'json-flattened', rule: 'R6', why: 'CVE-2022-39227, CVE-2024-5037: the flattened JSON serialization is not a JWT', tamper: (t) => JSON.stringify((([h, p, s]) => ({ protected: h, payload: p, signature: s }))(t.split('.'))), expect: 'token_format' },
  { id: 'json-general', rule: 'R6', why: 'The general JSON serialization is not a JWT either', tamper: (t) => JSON.stringify((([h, p, s]) => ({ payload: p, signatures: [{ protected: h, signature: s }] }))(t.split('.'))), expect: 'token_format' },
  { id: 'json-polyglot', rule: 'R6', why: 'CVE-2022-39227: JSON and compact form in one text, one half signed and the other believed', tamper: (t) => (([h, p, s]) => `{"protected":"${h}","payload":"${p}","x":".${p}.","signature":"${s}"}`)(t.split('.')), expect: 'token_format' },

  // base64url.
  { id: 'b64-header-length', rule: 'R5', why: 'No bytes encode to 4n+1 characters', encode: { header: (s) => s + 'A'.repeat((5 - (s.length % 4)) % 4) }, expect: 'base64_invalid' },
  { id: 'b64-payload-length', rule: 'R5', why: 'A payload of 4n+1 characters', encode: { payload: (s) => s + 'A'.repeat((5 - (s.length % 4)) % 4) }, expect: 'base64_invalid' },
  { id: 'b64-signature-length', rule: 'R5', why: 'A signature of 4n+1 characters', tamper: (t) => t.slice(0, -1), expect: 'base64_invalid' },
  { id: 'b64-header-bits', rule: 'R5', why: 'Unused bits at the end of the header are set: a second spelling of the same bytes, signed as spelt', header: { x: '' }, headerText: (t) => (t.length % 3 ? t : t.replace('"x":""', '"x":"1"')), encode: { header: trailingBit }, expect: 'base64_trailing_bits' },
  { id: 'b64-payload-bits', rule: 'R5', why: 'Unused bits at the end of the payload are set, signed as spelt', payloadText: (t) => (t.length % 3 ? t : t.slice(0, -1) + ' }'), encode: { payload: trailingBit }, expect: 'base64_trailing_bits' },
  { id: 'b64-signature-bits', rule: 'R5', why: 'Unused bits at the end of a good signature are set: otherwise every token has sixteen spellings', tamper: trailingBit, expect: 'base64_trailing_bits' },
  { id: 'b64-signature-bits-es256', rule: 'R5', why: 'The same for the 64 bytes of an ES256 signature', alg: 'ES256', tamper: trailingBit, expect: 'base64_trailing_bits' },
];
