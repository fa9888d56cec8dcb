import { DAY, NOW } from '../helpers.mjs';

export const about = 'Expiry, not-before, time of issue, tolerance and lifetime (rules R72 to R80)';

const OLD = NOW - 1000; // an iat that keeps exp > iat while exp is in the past
const exp = (id, why, value, expect, more) => ({ id: `exp-${id}`, rule: expect === 'exp_expired' || expect === 'accept' ? 'R73' : 'R72', why, claims: { exp: value, iat: OLD }, ...more, expect });
const nbf = (id, why, value, expect, more) => ({ id: `nbf-${id}`, rule: 'R76', why, claims: { nbf: value }, ...more, expect });
const iat = (id, why, value, expect, more) => ({ id: `iat-${id}`, rule: 'R77', why, claims: { iat: value }, ...more, expect });
const life = (id, rule, why, claims, expect, policy) => ({ id: `life-${id}`, rule, why, claims, ...(policy && { policy }), expect });
const tolerance = (value) => ({ policy: { clock_tolerance: value } });
const exact = tolerance(0);
/** The number as it stands in the text, where JSON.stringify would not write it so. */
const literal = (name, text) => ({ payloadText: (t) => t.replace(new RegExp(`"${name}":[^,}]+`), `"${name}":${text}`) });
const badTypes = { text: String(NOW + 300), null: null, true: true, array: [NOW + 300], object: {}, 'empty-text': '' };
const at = (now) => ({ expectations: { now } });
const only = { exp: 10, nbf: 20, iat: 30 };

export const cases = [
  // exp: now < exp + tolerance.
  exp('missing', 'CVE-2026-45069: a token without expiry is not good for ever; OIDF fapi1 -missing-exp', undefined, 'exp_missing'),
  ...Object.entries(badTypes).map(([name, value]) => exp(name, `CVE-2026-25537: exp as ${name.replace('-', ' ')} was skipped instead of refused`, value, 'exp_type')),
  exp('negative', 'A time before 1970', -1, 'exp_range'),
  exp('overflow', 'A literal that overflows to infinity would never expire', undefined, 'exp_range', { claims: {}, ...literal('exp', '1e400') }),
  exp('minus-overflow', 'Minus infinity', undefined, 'exp_range', { claims: {}, ...literal('exp', '-1e400') }),
  exp('zero', 'Zero is a time like any other, long gone', 0, 'exp_expired'),
  exp('exponent', 'A number may be written with an exponent', undefined, 'accept', { claims: {}, ...literal('exp', '18000003E2') }),
  exp('fraction', 'A fraction is allowed', NOW + 300.25, 'accept'),
  exp('long-ago', 'OIDF fapi1 -invalid-expired-exp: six minutes ago', NOW - 360, 'exp_expired'),
  exp('long-ago-tolerant', 'The same six minutes, with the largest tolerance', NOW - 360, 'exp_expired', tolerance(300)),
  exp('at-tolerance', 'Expired by exactly the default tolerance of 60 s', NOW - 60, 'exp_expired'),
  exp('inside-tolerance', 'One second inside the tolerance', NOW - 59, 'accept'),
  exp('fraction-inside', 'Half a second inside the tolerance: fractions are compared as given', NOW - 59.5, 'accept'),
  exp('fraction-outside', 'Half a second outside', NOW - 60.5, 'exp_expired'),
  exp('now-exact', 'Without tolerance a token that expires now has expired', NOW, 'exp_expired', exact),
  exp('next-second-exact', 'Without tolerance one second is enough', NOW + 1, 'accept', exact),
  exp('max-tolerance-at', 'Expired by exactly the largest tolerance', NOW - 300, 'exp_expired', tolerance(300)),
  exp('max-tolerance-inside', 'One second inside the largest tolerance', NOW - 299, 'accept', tolerance(300)),
  exp('own-tolerance-at', 'The tolerance of exp alone is 10 s', NOW - 10, 'exp_expired', tolerance(only)),
  exp('own-tolerance-inside', 'One second inside it', NOW - 9, 'accept', tolerance(only)),
  exp('tolerance-left-out', 'A tolerance that an object leaves out keeps its default', NOW - 59, 'accept', tolerance({ iat: 0 })),

  // nbf: now >= nbf - tolerance.
  nbf('past', 'Valid since an hour', NOW - 3600, 'accept'),
  nbf('now', 'Valid from now on', NOW, 'accept'),
  nbf('at-tolerance', 'Valid in exactly the default tolerance of 60 s', NOW + 60, 'accept'),
  nbf('outside-tolerance', 'One second outside', NOW + 61, 'nbf_future'),
  nbf('fraction-outside', 'Half a second outside', NOW + 60.5, 'nbf_future'),
  nbf('exact', 'Without tolerance the next second is the future', NOW + 1, 'nbf_future', exact),
  nbf('own-tolerance-at', 'The tolerance of nbf alone is 20 s', NOW + 20, 'accept', tolerance(only)),
  nbf('own-tolerance-outside', 'One second outside it', NOW + 21, 'nbf_future', tolerance(only)),
  ...Object.entries({ text: String(NOW - 300), null: null, true: true, array: [] }).map(([name, value]) => nbf(name, `CVE-2026-25537: nbf as ${name} was skipped instead of refused`, value, 'nbf_type')),

  // iat: iat <= now + tolerance.
  iat('missing', 'No time of issue; OIDF oidcc-client-test-missing-iat', undefined, 'iat_missing'),
  ...Object.entries({ text: String(NOW - 10), null: null, false: false, object: {} }).map(([name, value]) => iat(name, `iat as ${name} is no time`, value, 'iat_type')),
  iat('now', 'Issued this second', NOW, 'accept'),
  iat('fraction', 'Issued at a fraction of a second', NOW - 0.5, 'accept'),
  iat('at-tolerance', 'A clock that is fast by exactly the default tolerance of 60 s', NOW + 60, 'accept'),
  iat('outside-tolerance', 'FAPI 2 section 5.3.2.1: more than 60 s in the future', NOW + 61, 'iat_future'),
  iat('fraction-outside', 'Half a second outside', NOW + 60.5, 'iat_future'),
  iat('exact', 'Without tolerance the next second is the future', NOW + 1, 'iat_future', exact),
  iat('own-tolerance-at', 'The tolerance of iat alone is 30 s', NOW + 30, 'accept', tolerance(only)),
  iat('own-tolerance-outside', 'One second outside it', NOW + 31, 'iat_future', tolerance(only)),
  iat('old', 'Issued long ago and still valid: no bound on age by default', NOW - DAY + 300, 'accept'),

  // Lifetime.
  life('24h', 'R74', 'Exactly 24 hours, the default bound', { iat: NOW - 10, exp: NOW - 10 + DAY }, 'accept'),
  life('24h-and-1', 'R74', 'One second more', { iat: NOW - 10, exp: NOW - 9 + DAY }, 'exp_too_far'),
  life('100-years', 'R74', 'Practically for ever; the OIDF suite flags 50 years', { exp: NOW + 36_500 * DAY }, 'exp_too_far'),
  life('option-at', 'R74', 'max_lifetime raised to 48 hours', { iat: NOW, exp: NOW + 2 * DAY }, 'accept', { max_lifetime: 2 * DAY }),
  life('option-above', 'R74', 'One second above the raised bound', { iat: NOW, exp: NOW + 2 * DAY + 1 }, 'exp_too_far', { max_lifetime: 2 * DAY }),
  life('option-lower', 'R74', 'max_lifetime lowered to five minutes', { iat: NOW, exp: NOW + 301 }, 'exp_too_far', { max_lifetime: 300 }),
  life('milliseconds', 'R74', 'exp in milliseconds, the classic of Date.now()', { exp: (NOW + 300) * 1000 }, 'time_looks_like_ms'),
  life('milliseconds-from', 'R74', 'From 10^11 on a time looks like milliseconds', { exp: 100_000_000_000 }, 'time_looks_like_ms'),
  life('milliseconds-below', 'R74', 'Below it, it is just too far', { exp: 99_999_999_999 }, 'exp_too_far'),
  life('equal', 'R75', 'exp equals iat: never valid', { iat: NOW + 30, exp: NOW + 30 }, 'exp_before_iat'),
  life('backwards', 'R75', 'exp before iat', { iat: NOW + 30, exp: NOW + 20 }, 'exp_before_iat'),
  life('one-second', 'R75', 'One second of life is enough', { iat: NOW + 30, exp: NOW + 31 }, 'accept'),

  // max_token_age.
  life('age-inside', 'R78', 'Issued an hour ago, one hour is allowed', { iat: NOW - 3600 }, 'accept', { max_token_age: 3600 }),
  life('age-exact-at', 'R78', 'The same without tolerance: exactly at the bound', { iat: NOW - 3600 }, 'accept', { max_token_age: 3600, clock_tolerance: 0 }),
  life('age-exact-above', 'R78', 'One second older, without tolerance', { iat: NOW - 3601 }, 'iat_too_old', { max_token_age: 3600, clock_tolerance: 0 }),
  life('age-tolerance-at', 'R78', 'The tolerance of iat counts for its age, too', { iat: NOW - 3660 }, 'accept', { max_token_age: 3600 }),
  life('age-tolerance-above', 'R78', 'One second more', { iat: NOW - 3661 }, 'iat_too_old', { max_token_age: 3600 }),
  life('age-own-tolerance-at', 'R78', 'The tolerance of iat alone is 30 s', { iat: NOW - 3630 }, 'accept', { max_token_age: 3600, clock_tolerance: only }),
  life('age-own-tolerance-above', 'R78', 'One second outside it', { iat: NOW - 3631 }, 'iat_too_old', { max_token_age: 3600, clock_tolerance: only }),
  life('week', 'R78', 'OIDF fapi1 -iat-is-week-in-past: issued a week ago, still valid by exp', { iat: NOW - 7 * DAY }, 'iat_too_old', { max_token_age: DAY, max_lifetime: 8 * DAY }),
  life('week-default', 'R74', 'OIDF fapi1 -iat-is-week-in-past: by default its lifetime is too long', { iat: NOW - 7 * DAY }, 'exp_too_far'),

  // Tolerance as configured.
  ...Object.entries({ 301: 301, negative: -1, huge: 1e9, fraction: 1.5, text: '60', 'object-301': { exp: 301 }, 'object-negative': { nbf: -1 } })
    .map(([name, value]) => ({ id: `skew-${name}`, rule: 'R79', why: `CVE-2026-107721: a tolerance of ${JSON.stringify(value)} is refused when configured`, ...tolerance(value), expect: 'config_skew' })),
  { id: 'skew-300', rule: 'R79', why: 'Five minutes are the most that may be configured', ...tolerance(300), expect: 'accept' },

  // The injected time.
  ...Object.entries({ zero: 0, negative: -1, milliseconds: NOW * 1000, null: null, text: String(NOW), true: true, 'before-2020': 1_577_836_799, 'before-2020-fraction': 1_577_836_799.9, 'ten-digits-more': 100_000_000_000 })
    .map(([name, value]) => ({ id: `now-${name}`, rule: 'R80', why: `${JSON.stringify(value)} is not the time of a clock that was set`, ...at(value), expect: 'config_time' })),
  { id: 'now-missing', rule: 'R80', why: 'The core has no clock: the time must be given', ...at(undefined), expect: 'config_time' },
  { id: 'now-2020', rule: 'R80', why: 'The first second that is believed', ...at(1_577_836_800), claims: { iat: 1_577_836_790, exp: 1_577_837_100 }, expect: 'accept' },
  { id: 'now-last', rule: 'R80', why: 'The last second that is believed', ...at(99_999_999_999), claims: { iat: 99_999_999_900, exp: 99_999_999_999 }, expect: 'accept' },
  { id: 'now-fraction', rule: 'R80', why: 'A fraction of a second is dropped: floored, this token has half a second left', ...at(NOW + 0.9), claims: { exp: NOW + 0.5 }, ...exact, expect: 'accept' },
];
