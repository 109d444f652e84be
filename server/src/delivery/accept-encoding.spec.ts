import { describe, expect, it } from '@jest/globals';
import { chooseEncoding } from './accept-encoding.js';

describe('chooseEncoding', () => {
  it.each<[string | undefined, ReturnType<typeof chooseEncoding>]>([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['BR;Q=0.2', 'br'],
    ['*', 'br'],
    ['*;q=0.5, br;q=0', 'gzip'],
    ['gzip;q=0.5, identity', undefined],
    ['gzip, identity', 'gzip'],
    ['gzip;q=0, br;q=0, *;q=0', undefined],
    ['gzip;q=nonsense', undefined],
    ['deflate', undefined],
    ['gzip ; q=0.8 , br ; q=0.9', 'br'],
  ])('answers %p with %p', (header, expected) => expect(chooseEncoding(header)).toBe(expected));
});
