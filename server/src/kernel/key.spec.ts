import { expect, it } from '@jest/globals';
import { FLAG_KEY, RESOURCE_KEY } from './key.js';

it.each<[string, boolean, boolean]>([
  ['a', true, true],
  ['shop-2', true, true],
  ['2', true, true],
  ['a'.repeat(64), true, true],
  ['a'.repeat(65), false, true],
  ['a'.repeat(128), false, true],
  ['a'.repeat(129), false, false],
  ['', false, false],
  ['-a', false, false],
  ['a-', false, true],
  ['Shop', false, true],
  ['team/new_cart.v2:eu', false, true],
  ['/a', false, false],
  ['a b', false, false],
  ['ä', false, false],
  ['a\n', false, false],
])('%j: a resource may have it: %s, a flag may: %s', (key, isResourceKey, isFlagKey) => {
  expect([RESOURCE_KEY.test(key), FLAG_KEY.test(key)]).toEqual([isResourceKey, isFlagKey]);
});
