import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareErrors, differenceOfThrow, NAMED_ERRORS } from './compare-errors.js';
import { VALUE_CLASSES } from './value-class.js';

class NotFound extends Error {}
class Gone extends Error {}
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable(new Error('a'), {});
  revoke();
  return proxy;
};

describe('compareErrors', () => {
  it.each<[string, unknown, unknown]>([
    ['class and message', new NotFound('a'), new NotFound('a')],
    ['frozen errors', Object.freeze(new Error('a')), Object.freeze(new Error('a'))],
    ['other own data', Object.assign(new Error('a'), { at: 1 }), Object.assign(new Error('a'), { at: 2 })],
    ['undefined', undefined, undefined],
    ['NaN', NaN, NaN],
    ['texts', 'no', 'no'],
    ['objects', { code: 1 }, { code: 1 }],
    ['objects without a prototype', Object.create(null), Object.create(null)],
  ])('takes for equal: %s', (_name, control, candidate) => expect(compareErrors(control, candidate)).toEqual([]));

  it.each<[string, unknown, unknown, string]>([
    ['messages', new NotFound('user 7'), new NotFound('user 8'), 'message'],
    ['classes', new NotFound('a'), new Gone('a'), 'class'],
    ['names', named('A', 'a'), named('B', 'a'), 'class'],
    ['classes of the language', new TypeError('a'), new RangeError('a'), 'TypeError→RangeError'],
    ['one of the language', new TypeError('a'), new Gone('a'), 'TypeError→error'],
    ['an error and a text', new Gone('a'), 'a', 'error→text'],
    ['an error and nothing', new TypeError('a'), undefined, 'TypeError→undefined'],
    ['falsy values', 0, undefined, '0→undefined'],
    ['objects', { code: 1 }, { code: 2 }, 'object→object'],
    ['what cannot be read', revoked(), new Error('a'), 'error→error'],
    [
      'a getter that throws',
      Object.defineProperty(new Error('a'), 'message', {
        get: () => {
          throw new Error('b');
        },
      }),
      new Error('a'),
      'error→error',
    ],
  ])('names what differs: %s', (_name, control, candidate, transition) => {
    expect(compareErrors(control, candidate)).toMatchObject([{ path: '$', kind: 'error', transition }]);
  });

  it('never throws, and says nothing of what is in the errors', () => {
    const words: readonly string[] = [...VALUE_CLASSES, ...NAMED_ERRORS, 'class', 'message'];
    const error = fc.tuple(fc.string(), fc.string()).map(([name, message]) => named(name, message));
    const thrown = fc.oneof(fc.anything(), error, fc.constant('revoked'));
    const made = (value: unknown): unknown => (value === 'revoked' ? revoked() : value);
    fc.assert(
      fc.property(thrown, thrown, (control, candidate) => {
        for (const { transition } of compareErrors(made(control), made(candidate))) {
          expect(transition.split('→').every((word) => words.includes(word))).toBe(true);
        }
      }),
    );
  });
});

describe('differenceOfThrow', () => {
  it.each<['control' | 'candidate', unknown, string]>([
    ['candidate', new TypeError('a'), 'value→TypeError'],
    ['candidate', new NotFound('a'), 'value→error'],
    ['candidate', undefined, 'value→undefined'],
    ['control', 'no', 'text→value'],
  ])('tells that the %s alone threw: %p', (thrower, thrown, transition) => {
    expect(differenceOfThrow(thrower, thrown)).toMatchObject({ path: '$', kind: 'error', transition });
  });

  it('tells of what cannot be read', () => {
    expect(differenceOfThrow('candidate', revoked())).toMatchObject({ kind: 'error', transition: 'value→error' });
  });
});
