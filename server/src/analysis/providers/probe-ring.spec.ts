import { expect, it } from '@jest/globals';
import { addProbe, type Probe, type ProbeRing, readProbes, RING_SIZE } from './probe-ring.js';

const second = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, n));
const good = (n: number, durationMs = 5): Probe => ({ at: second(n), isSuccess: true, durationMs, reason: '' });
const bad = (n: number): Probe => ({ at: second(n), isSuccess: false, durationMs: 900, reason: `It broke at ${n}.` });
const window = { from: second(10), to: second(20), stepMs: 1_000 };
const ring: ProbeRing = [bad(9), good(10, 3), bad(12), good(20, 4), bad(21)];

it('answers a success or a failure for each probe that began in the window, ends included', () => {
  expect(readProbes('q', ring, { window, value: 'success' })).toEqual({
    kind: 'series',
    points: [
      { at: second(10), value: 1 },
      { at: second(12), value: 0 },
      { at: second(20), value: 1 },
    ],
    labels: {},
    query: 'q',
    warnings: ['1 of 3 probes failed, the last: It broke at 12.'],
  });
});

it('answers how long the successes took, so that quick failures are no speed', () => {
  const answer = readProbes('q', ring, { window, value: 'durationMs' });
  expect(answer).toMatchObject({ points: [{ value: 3 }, { value: 4 }] });
});

it('has nothing where no probe was taken, and no duration where none succeeded', () => {
  expect(readProbes('q', [bad(9)], { window, value: 'success' })).toMatchObject({ kind: 'none' });
  expect(readProbes('q', [bad(12)], { window, value: 'success' })).toMatchObject({ points: [{ value: 0 }] });
  expect(readProbes('q', [bad(12)], { window, value: 'durationMs' })).toMatchObject({
    kind: 'none',
    reason: 'No probe succeeded. 1 of 1 probes failed, the last: It broke at 12.',
  });
});

it('remembers a bounded number of probes, the latest', () => {
  let full: ProbeRing = [];
  for (let n = 0; n < RING_SIZE + 3; n++) full = addProbe(full, good(n));
  expect([full.length, full[0]?.at, full.at(-1)?.at]).toEqual([RING_SIZE, second(3), second(RING_SIZE + 2)]);
});
