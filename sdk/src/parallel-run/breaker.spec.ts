import { expect, it } from '@jest/globals';
import { afterCall, type Breaker, CLOSED, FAILURE_LIMIT, letThrough } from './breaker.js';

function failing(times: number, from: Breaker = CLOSED, nowMs = 0): Breaker {
  let breaker = from;
  for (let i = 0; i < times; i += 1) breaker = afterCall(breaker, true, nowMs);
  return breaker;
}

it('opens after failures in a row, and not by those between successes', () => {
  expect(failing(FAILURE_LIMIT - 1).state).toBe('closed');
  expect(failing(FAILURE_LIMIT).state).toBe('open');
  expect(failing(FAILURE_LIMIT - 1, afterCall(failing(FAILURE_LIMIT - 1), false, 0)).state).toBe('closed');
});

it('lets one call through after a while, whose success closes it', () => {
  const open = failing(FAILURE_LIMIT);
  expect(letThrough(open, 4_999)).toBeUndefined();
  const trial = letThrough(open, 5_000);
  expect(trial?.state).toBe('halfOpen');
  expect(trial && letThrough(trial, 5_001)).toBeUndefined();
  expect(trial && afterCall(trial, false, 5_001)).toBe(CLOSED);
});

it('waits twice as long after each trial that fails, at most five minutes', () => {
  let breaker = failing(FAILURE_LIMIT);
  const pauses: number[] = [];
  for (let nowMs = 0; pauses.length < 10;) {
    if (breaker.state !== 'open') throw new Error('it is open');
    pauses.push(breaker.untilMs - nowMs);
    nowMs = breaker.untilMs;
    const trial = letThrough(breaker, nowMs);
    if (trial === undefined) throw new Error('a trial is due');
    breaker = afterCall(trial, true, nowMs);
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000, 300_000]);
});

it('makes another trial when one never comes to an end', () => {
  const trial = letThrough(failing(FAILURE_LIMIT), 5_000);
  expect(trial && letThrough(trial, 10_000)?.state).toBe('halfOpen');
});

it('is not opened for longer by calls that began before it opened', () => {
  const open = failing(FAILURE_LIMIT);
  expect(afterCall(open, true, 1_000)).toBe(open);
  expect(afterCall(open, false, 1_000)).toBe(open);
});
