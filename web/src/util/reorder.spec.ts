import { expect, it } from '@jest/globals';
import { moved } from './reorder.js';

it.each<[number, number, string]>([
  [0, 1, 'bacd'],
  [0, 3, 'bcda'],
  [3, 0, 'dabc'],
  [2, 1, 'acbd'],
  [1, 1, 'abcd'],
  [0, -1, 'abcd'],
  [3, 4, 'abcd'],
])('an item at %d moves to %d', (from, to, order) => expect(moved([...'abcd'], from, to).join('')).toBe(order));
