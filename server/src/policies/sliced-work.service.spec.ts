import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { SlicedWork } from './sliced-work.service.js';

/** Work of so many steps that each take some milliseconds of the processor. */
function* busy(steps: number, stepMs: number): Generator<void, string> {
  for (let step = 0; step < steps; step += 1) {
    const until = performance.now() + stepMs;
    while (performance.now() < until);
    yield;
  }
  return 'done';
}

it('answers the result of the work', async () => {
  expect(await new SlicedWork().run(busy(3, 0))).toBe('done');
});

it('lets other work have its turn every few steps', async () => {
  let isOver = false;
  let turns = 0;
  const others = (async () => {
    for (; !isOver; turns += 1) await setImmediate();
  })();
  // A hundred milliseconds, in slices of eight: at least ten turns; all at once would be one.
  await new SlicedWork().run(busy(50, 2));
  isOver = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(10);
});

it('fails as the work does', async () => {
  function* failing(): Generator<void, never> {
    throw new Error('cannot be reckoned');
  }
  await expect(new SlicedWork().run(failing())).rejects.toThrow('cannot be reckoned');
});
