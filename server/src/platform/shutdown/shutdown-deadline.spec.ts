import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Sweep } from '../jobs/sweep.js';
import { patienceLeftMs, SHUTDOWN_PATIENCE_MS, withOneDeadline } from './shutdown-deadline.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('is shared by all that wait in a shutdown, one after the other', async () => {
  const stuck = Array.from(
    { length: 3 },
    () => new Sweep(() => new Promise(() => undefined), { everyMs: 1, what: '' }),
  );
  for (const sweep of stuck) sweep.wake();
  let isOver = false;
  const shutdown = withOneDeadline(async () => {
    for (const sweep of stuck) await sweep.stop();
    isOver = true;
  });
  await jest.advanceTimersByTimeAsync(SHUTDOWN_PATIENCE_MS - 1);
  expect(isOver).toBe(false);
  await jest.advanceTimersByTimeAsync(10);
  expect(isOver).toBe(true);
  await shutdown;
});

it('is of one shutdown: another one has its own, and so has what ends by itself', async () => {
  const first = withOneDeadline(async () => {
    await jest.advanceTimersByTimeAsync(SHUTDOWN_PATIENCE_MS + 1);
    return patienceLeftMs();
  });
  expect(await first).toBe(0);
  expect(await withOneDeadline(async () => patienceLeftMs())).toBe(SHUTDOWN_PATIENCE_MS);
  expect(patienceLeftMs()).toBe(SHUTDOWN_PATIENCE_MS);
});
