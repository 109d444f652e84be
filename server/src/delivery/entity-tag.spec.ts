import { describe, expect, it } from '@jest/globals';
import { isNoneMatch } from './entity-tag.js';

describe('isNoneMatch', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b"', false],
    ['"b", "a"', true],
    ['"b" , W/"a"', true],
    ['"b,\\"", "a"', true],
    ['*', true],
    [' * ', true],
    ['a', false],
    ['"A"', false],
    ['""', false],
    ['"x"a"', false],
  ])('compares %p with "a": %p', (header, expected) => expect(isNoneMatch(header, '"a"')).toBe(expected));
});
