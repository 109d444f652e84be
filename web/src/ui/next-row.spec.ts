import { expect, it } from '@jest/globals';
import { nextRow } from './next-row.js';

it.each<[string, number, number | undefined]>([
  ['ArrowDown', 0, 1],
  ['j', 99, 99],
  ['ArrowUp', 0, 0],
  ['k', 5, 4],
  ['PageDown', 90, 99],
  ['PageUp', 20, 5],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['x', 50, undefined],
])('%s at %s of 100 moves to %s', (key, index, expected) => expect(nextRow(key, index, 100)).toBe(expected));
