import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatRouting, parseRouting } from './routing.js';

const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((each) => each.trim() === each);

it('reads what it writes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, text), { maxLength: 20, selector: ([key]) => key }), (entries) => {
      const routes = new Map(entries);
      const header = formatRouting(routes);
      expect(parseRouting(header)).toEqual(routes.size > 0 && (header?.length ?? 0) <= 4_096 ? routes : undefined);
    }),
  );
});

it.each<[string, string, readonly (readonly [string, string])[]]>([
  ['one version', 'checkout=v2', [['checkout', 'v2']]],
  [
    'several, with white space',
    ' checkout=v2 , cart = v7',
    [
      ['checkout', 'v2'],
      ['cart', 'v7'],
    ],
  ],
  ['the first of two for one service', 'checkout=v2,checkout=v1', [['checkout', 'v2']]],
  ['the readable part', 'checkout,=v2,cart=,a=b=c,%zz=v1,search=v%2F1', [['search', 'v/1']]],
])('reads %s', (_name, header, routes) => expect([...(parseRouting(header) ?? [])]).toEqual(routes));

it('reads a header that came in several lines', () => {
  expect(parseRouting(['a=1', 'b=2'])).toEqual(
    new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
  );
});

it('reads nothing of what is no header or too long', () => {
  // JavaScript passes anything.
  for (const header of [undefined, '', ',', 7, {}, 'a=1,'.repeat(2_000)]) {
    expect(parseRouting(header as string)).toBeUndefined();
  }
  expect(parseRouting(Array.from({ length: 99 }, (_, i) => `s${i}=v`))?.size).toBe(50);
});

it('writes nothing for no versions, and leaves out what cannot be written', () => {
  expect(formatRouting(new Map())).toBeUndefined();
  expect(
    formatRouting(
      new Map([
        ['\ud800', 'v1'],
        ['cart', 'v1'],
      ]),
    ),
  ).toBe('cart=v1');
});
