import { expect, it } from '@jest/globals';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { parseIfMatch } from './if-match.decorator.js';

it.each<[string | undefined, ExpectedVersion]>([
  [undefined, { kind: 'unsaid' }],
  ['*', { kind: 'any' }],
  [' * ', { kind: 'any' }],
  ['"1"', { kind: 'version', version: 1 }],
  [' "42" ', { kind: 'version', version: 42 }],
  ['"999999999"', { kind: 'version', version: 999_999_999 }],
])('reads %j', (header, expected) => expect(parseIfMatch(header)).toEqual(expected));

it.each(['', '1', "'1'", 'W/"1"', '"1", "2"', '"-1"', '"1.5"', '"a"', '"1', '"9999999999"', '""'])(
  'refuses %j',
  (header) => {
    expect(() => parseIfMatch(header)).toThrow(expect.objectContaining({ code: 'IF_MATCH_MALFORMED' }));
  },
);
