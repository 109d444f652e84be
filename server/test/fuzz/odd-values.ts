import fc, { type Arbitrary } from 'fast-check';
import type { Json } from './fitting-values.js';

/** Texts that trip what takes them for granted: stores, parsers, headers, paths, prototypes. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u0001\u001f\u007f\u0085',
  'a\r\nx-injected: yes',
  '\ud800',
  'a\udfffb',
  '\u202eabc\u2066',
  '\ufeff',
  'e\u0301\u0323'.repeat(3),
  '👩‍👩‍👧'.repeat(20),
  'NaN',
  '-Infinity',
  '-0',
  '1e999',
  '0x10',
  '1_000',
  '9223372036854775808',
  '2147483648',
  '00000000-0000-0000-0000-000000000000',
  '0190163d-8694-739b-aea5-966c26f8ad9',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999+23:59',
  '+275760-09-13T00:00:00Z',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  '[]',
  '{}',
  '..',
  '../../etc/passwd',
  '%',
  '%2500',
  '*',
  '\\',
  "'; drop table flags; --",
  '${jndi:ldap://x}',
  '(a+)+$',
  'x'.repeat(129),
  'x'.repeat(20_000),
];

/** Its JSON is text of its own: a number that JSON can say and JavaScript cannot hold. */
const HUGE_NUMBER = '\u2063huge\u2063';

const ODD_VALUES: readonly Json[] = [
  ...ODD_TEXTS,
  HUGE_NUMBER,
  null,
  true,
  0,
  -1,
  0.5,
  -0.000_001,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  1e21,
  1e308,
  5e-324,
  [],
  {},
  [null],
  [[[[]]]],
  nested(60),
  nested(80),
  Array.from({ length: 3_000 }, (_, at) => at),
  // Members of their own, as a parser makes them.
  JSON.parse('{"__proto__": {"isAdmin": true}}') as Json,
  { constructor: { prototype: { isAdmin: true } } },
  { toString: 'x', valueOf: 1, hasOwnProperty: null, length: -1 },
];

type Place = readonly (string | number)[];

/** Values that are like those given but for one place, which is odd, is missing, has company or became a list. */
export function brokenOnce(fitting: Arbitrary<Json>): Arbitrary<Json> {
  const odd = fc.constantFrom(...ODD_VALUES);
  const edit = fc.oneof(
    { weight: 6, arbitrary: odd.map((value) => (): Json => value) },
    { weight: 1, arbitrary: fc.constant((value: Json): Json => [value]) },
    {
      weight: 1,
      arbitrary: odd.map(
        (extra) =>
          (value: Json): Json =>
            withMember(value, extra),
      ),
    },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );
  return fc.tuple(fitting, fc.nat(), edit).map(([value, at, change]) => {
    const places = placesIn(value);
    return edited(value, places[at % places.length] ?? [], change);
  });
}

/** A body's JSON, with the numbers that JavaScript cannot hold. */
export function toJsonText(value: Json): string {
  return JSON.stringify(value).replaceAll(JSON.stringify(HUGE_NUMBER), '1e400');
}

function withMember(value: Json, extra: Json): Json {
  if (Array.isArray(value)) return [...(value as readonly Json[]), extra];
  return typeof value === 'object' && value !== null ? { ...value, unheardOf: extra } : { value, extra };
}

function placesIn(value: Json, place: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([key, member]) => placesIn(member, [...place, key]))];
}

/** The value with one place changed, or left out where there is no change to make. */
function edited(value: Json, [key, ...rest]: Place, change: ((value: Json) => Json) | undefined): Json {
  if (key === undefined) return change === undefined ? null : change(value);
  const isLeftOut = rest.length === 0 && change === undefined;
  const entries = Object.entries(value as object).flatMap(([name, member]: [string, Json]): [string, Json][] => {
    if (name !== key) return [[name, member]];
    return isLeftOut ? [] : [[name, edited(member, rest, change)]];
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

function nested(depth: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { in: value };
  return value;
}
