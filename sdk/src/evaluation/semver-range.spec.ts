import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import npm from 'semver';
import { parseRange, parseVersion, satisfies } from './semver-range.js';

const number = fc.oneof(fc.integer({ min: 0, max: 3 }).map(String), fc.constantFrom('10', '01', '9007199254740991'));
const identifier = fc.constantFrom('alpha', 'beta', '0', '1', '2', '10', '01', 'x', 'rc-1', '1a');
const prerelease = fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => `-${parts.join('.')}`);
const build = fc.constantFrom('+build', '+1.2', '+');
const rarely = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary });

const version = fc
  .tuple(rarely(fc.constantFrom('v', ' ', '=')), number, number, number, rarely(prerelease), rarely(build))
  .map(([v, a, b, c, pre, suffix]) => `${v}${a}.${b}.${c}${pre}${suffix}`);

const plainVersion = fc
  .tuple(number, number, number, rarely(prerelease), rarely(build))
  .map(([a, b, c, pre, suffix]) => `${a}.${b}.${c}${pre}${suffix}`);

const part = fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: fc.constantFrom('x', 'X', '*') });
const partial = fc.oneof(
  part,
  fc.tuple(part, part).map((parts) => parts.join('.')),
  fc
    .tuple(part, part, part, rarely(prerelease), rarely(fc.constant('+b.1')))
    .map(([a, b, c, pre, suffix]) => `${a}.${b}.${c}${pre}${suffix}`),
  plainVersion,
);
const operator = fc.constantFrom('', '', '^', '~', '~>', '<', '<=', '>', '>=', '=');
const simple = fc
  .tuple(operator, rarely(fc.constant(' ')), rarely(fc.constant('v')), partial)
  .map((parts) => parts.join(''));
const alternative = fc.oneof(
  fc.array(simple, { maxLength: 3 }).map((parts) => parts.join(' ')),
  fc.tuple(partial, partial).map((parts) => parts.join(' - ')),
);
const range = fc.array(alternative, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' || '));

describe('parseRange and satisfies', () => {
  it("agree with npm's semver", () => {
    fc.assert(
      fc.property(range, fc.array(version, { minLength: 5, maxLength: 5 }), (text, versions) => {
        if (isOddity(text)) return;
        expect(`${text}: ${parseRange(text) !== undefined}`).toBe(`${text}: ${npm.validRange(text) !== null}`);
        for (const each of versions) {
          expect(`${each} in ${text}: ${ours(each, text)}`).toBe(`${each} in ${text}: ${npm.satisfies(each, text)}`);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('agree with npm on what a version is', () => {
    fc.assert(
      fc.property(fc.oneof(version, partial, fc.string()), (text) => {
        expect(parseVersion(text) !== undefined).toBe(npm.valid(text) !== null);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['1.2.3', '^1.2.0', true],
    ['2.0.0', '^1.2.0', false],
    ['0.2.9', '^0.2.3', true],
    ['0.3.0', '^0.2.3', false],
    ['1.2.9', '~1.2.3', true],
    ['1.9.9', '1.2 - 1', true],
    ['3.0.0', '1.x || >=2.5.0 || 5.0.0 - 7.2.3', true],
    ['1.2.3-beta.2', '>=1.2.3-beta.1', true],
    ['1.2.4-beta.2', '>=1.2.3-beta.1', false],
    ['v4.5.6', '*', true],
    ['4.5', '*', false],
    ['1.2.3-beta', '1.2.3-beta - 2 || *', false],
    ['1.2.3-beta', '1.2.3-beta - 2 || >=0', false],
    ['1.2.3-beta', '1.2.3-beta - 2 || >=1', true],
  ])('says of %s in %s: %s', (each, text, expected) => expect(ours(each, text)).toBe(expected));

  it('takes a text longer than 256 characters for no version', () => {
    expect(parseVersion(`1.2.3-${'a'.repeat(300)}`)).toBeUndefined();
  });
});

function ours(text: string, rangeText: string): boolean {
  const parsed = parseVersion(text);
  const parsedRange = parseRange(rangeText);
  return parsed !== undefined && parsedRange !== undefined && satisfies(parsed, parsedRange);
}

/** Where npm's text replacements overflow or meet two leading letters: nobody writes it. */
function isOddity(text: string): boolean {
  return /9007199254740991|\+(?![a-z0-9])/.test(text);
}
