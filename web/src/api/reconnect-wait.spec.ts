import { expect, it } from '@jest/globals';
import { reconnectWaitMs } from './reconnect-wait.js';

it.each([
  [0, 0, 250],
  [0, 1, 500],
  [3, 1, 4_000],
  [20, 1, 15_000],
  [20, 0, 7_500],
])('waits, after %s attempts and at chance %s, %s ms', (attempt, random, expected) => {
  expect(reconnectWaitMs(attempt, random)).toBe(expected);
});
