import { expect, it } from '@jest/globals';
import { FULL_SHARE, isShare } from './share.js';

it.each<[number, boolean]>([
  [0, true],
  [1, true],
  [FULL_SHARE, true],
  [FULL_SHARE + 1, false],
  [-1, false],
  [0.5, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('%d is a share: %s', (value, expected) => expect(isShare(value)).toBe(expected));
