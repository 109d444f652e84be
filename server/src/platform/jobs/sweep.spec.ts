import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SHUTDOWN_PATIENCE_MS } from '../shutdown/shutdown-deadline.js';
import { Sweep } from './sweep.js';

const EVERY_MS = 1_000;

let ends: ((error?: Error) => void)[];
let sweep: Sweep;
const work = () =>
  new Promise<void>((resolve, reject) => {
    ends.push((error) => (error === undefined ? resolve() : reject(error)));
  });
/** Ends the run under way and lets what follows from it happen. */
const end = async (error?: Error) => {
  ends.at(-1)?.(error);
  await jest.advanceTimersByTimeAsync(0);
};
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  jest.useFakeTimers();
  Logger.overrideLogger(false);
  ends = [];
  sweep = new Sweep(work, { everyMs: EVERY_MS, what: 'Testing' });
});
afterEach(async () => {
  const stopped = sweep.stop();
  await end();
  await stopped;
  Logger.overrideLogger(['warn']);
  jest.useRealTimers();
});

it('runs every time its time has passed', async () => {
  sweep.start();
  expect(ends).toHaveLength(0);
  for (const runs of [1, 2, 3]) {
    await pass(EVERY_MS);
    expect(ends).toHaveLength(runs);
    await end();
  }
});

it('leaves out the runs that would overlap', async () => {
  sweep.start();
  await pass(5 * EVERY_MS);
  expect(ends).toHaveLength(1);
  await end();
  await pass(EVERY_MS);
  expect(ends).toHaveLength(2);
});

it('runs at once when woken, and once more when woken while it runs', async () => {
  sweep.wake();
  expect(ends).toHaveLength(1);
  sweep.wake();
  sweep.wake();
  expect(ends).toHaveLength(1);
  await end();
  expect(ends).toHaveLength(2);
  await end();
  expect(ends).toHaveLength(2);
});

it('forgets nobody who wakes it in the moment of its end', async () => {
  sweep.wake();
  ends[0]?.();
  for (let tick = 0; tick < 10; tick++) {
    await Promise.resolve();
    const before = ends.length;
    sweep.wake();
    await end();
    expect(ends.length).toBeGreaterThan(before);
    ends.at(-1)?.();
  }
});

it('goes on after a run that failed', async () => {
  sweep.start();
  await pass(EVERY_MS);
  await end(new Error('the store is away'));
  await pass(EVERY_MS);
  expect(ends).toHaveLength(2);
});

it('waits for the run under way when it is stopped, and begins no other', async () => {
  sweep.start();
  sweep.wake();
  sweep.wake();
  let isStopped = false;
  const stopped = sweep.stop().then(() => (isStopped = true));
  await pass(EVERY_MS);
  expect(isStopped).toBe(false);
  await end();
  await stopped;
  sweep.wake();
  await pass(5 * EVERY_MS);
  expect(ends).toHaveLength(1);
});

it('waits no longer than a shutdown may take', async () => {
  sweep.wake();
  const stopped = sweep.stop();
  await pass(SHUTDOWN_PATIENCE_MS);
  await expect(stopped).resolves.toBeUndefined();
});
