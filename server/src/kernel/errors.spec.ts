import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { notFound, pointer, refuseWith, SluiceError } from './errors.js';

describe('pointer', () => {
  it.each<[string, string, (string | number)[], string]>([
    ['is empty for the whole', '', [], ''],
    ['joins names and places', '', ['rules', 0, 'clauses'], '/rules/0/clauses'],
    ['goes on from a base', '/rules', [1], '/rules/1'],
    ['escapes slashes and tildes (RFC 6901, 3)', '', ['a/b~c', '~1'], '/a~1b~0c/~01'],
    ['keeps empty names', '', [''], '/'],
  ])('%s', (_name, base, tokens, expected) => expect(pointer(base, ...tokens)).toBe(expected));

  it('can be read back, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (tokens) => {
        const read = pointer('', ...tokens)
          .split('/')
          .slice(1)
          .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
        expect(read).toEqual(tokens);
      }),
      { seed: 1 },
    );
  });
});

describe('refuseWith', () => {
  const problem = { pointer: '/key', code: 'SHAPE', message: 'must be short' };

  it('does nothing without problems', () => expect(() => refuseWith([], 'flag')).not.toThrow());

  it.each([
    [[problem], /^one problem/iu],
    [[problem, problem], /^2 problems/u],
  ])('throws all problems as one error', (problems, sentence) => {
    expect(() => refuseWith(problems, 'flag')).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'VALIDATION_FAILED', problems }),
    );
    expect(() => refuseWith(problems, 'flag')).toThrow(sentence);
  });
});

it('an error has its kind, its code, its sentence, and data where there is some', () => {
  const error = notFound('FLAG_NOT_FOUND', 'There is none.', { data: { key: 'a' } });
  expect(error).toBeInstanceOf(SluiceError);
  expect(error).toMatchObject({ kind: 'notFound', code: 'FLAG_NOT_FOUND', message: 'There is none.', problems: [] });
  expect(error.data).toEqual({ key: 'a' });
});
