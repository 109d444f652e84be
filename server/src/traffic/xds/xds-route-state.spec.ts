import { expect, it } from '@jest/globals';
import { mayCount } from './xds-route-state.js';

const state = { arms: { stable: 'v1', candidate: 'v2' }, version: 7 };

it.each<[string, number, boolean]>([
  ['v1', 7, true],
  ['v2', 6, true],
  ['v1', 5, false],
  ['v1', 8, false],
  ['v3', 7, false],
  ['v1\u0000', 7, false],
])('requests to %j in generation %d count: %s', (version, generation, expected) => {
  expect(mayCount(state, { version, generation })).toBe(expected);
});

it('nothing counts before the first generation, nor for an arm without a version', () => {
  const first = { arms: { stable: 'v1', candidate: null }, version: 0 };
  expect(mayCount(first, { version: 'v1', generation: 0 })).toBe(true);
  expect(mayCount(first, { version: 'null', generation: 0 })).toBe(false);
});
