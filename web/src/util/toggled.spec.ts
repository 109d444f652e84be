import { expect, it } from '@jest/globals';
import { toggled } from './toggled.js';

it.each([
  [[], ['a']],
  [['b'], ['b', 'a']],
  [['a', 'b'], ['b']],
])('%j becomes %j', (before, after) => {
  expect([...toggled(new Set(before), 'a')]).toEqual(after);
});
