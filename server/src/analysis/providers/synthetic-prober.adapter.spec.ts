import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from '@jest/globals';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { bindQuery } from './bind-query.js';
import { CallFailure } from './call-failure.js';
import { metricQuerySchema, type SyntheticQuery } from './metric-query.js';
import { type SyntheticCheck, SyntheticProber } from './synthetic-prober.adapter.js';

interface Timer {
  readonly intervalMs: number;
  readonly work: () => void;
}

let clock: FakeClock;
let timers: Set<Timer>;
let taken: SyntheticCheck[];
let take: () => Promise<boolean>;
let prober: SyntheticProber;

beforeEach(() => {
  clock = new FakeClock();
  timers = new Set();
  taken = [];
  take = () => Promise.resolve(true);
  prober = new SyntheticProber(
    clock,
    async (check) => {
      taken.push(check);
      const at = clock.now();
      return { at, isSuccess: await take(), durationMs: 1, reason: '' };
    },
    (intervalMs, work) => {
      const timer = { intervalMs, work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  );
});

const check = (change: object = {}): SyntheticCheck => {
  const parsed = metricQuerySchema.parse({ kind: 'synthetic', url: 'http://shop/', ...change });
  const now = clock.now();
  const subject = { service: 's', version: 'v', environment: 'e' };
  return bindQuery(parsed as SyntheticQuery, subject, { from: now, to: now, stepMs: 1 });
};
/** Lets time go on by one interval, and what begins then come to its end. */
const pass = async (intervalMs = 10_000): Promise<void> => {
  clock.advance(intervalMs);
  for (const timer of timers) timer.work();
  await setImmediate();
};

it('probes at once when it is first asked, and then at the interval of the check', async () => {
  expect(await prober.probesOf(check())).toHaveLength(1);
  await pass();
  await pass();
  expect([...timers].map(({ intervalMs }) => intervalMs)).toEqual([10_000]);
  const times = (await prober.probesOf(check())).map(({ at }) => at.toISOString().slice(17, 19));
  expect(times).toEqual(['00', '10', '20']);
});

it('makes one check for all that differ in what number they want of it', async () => {
  await prober.probesOf(check());
  await prober.probesOf(check({ value: 'durationMs' }));
  expect(taken).toHaveLength(1);
  await prober.probesOf(check({ expectedStatus: 204 }));
  expect(taken).toHaveLength(2);
});

it('begins no probe while one is under way', async () => {
  await prober.probesOf(check());
  let answer: (isSuccess: boolean) => void = () => undefined;
  take = () => new Promise((resolve) => (answer = resolve));
  await pass();
  await pass();
  expect(taken).toHaveLength(2);
  answer(false);
  await setImmediate();
  expect((await prober.probesOf(check())).map(({ isSuccess }) => isSuccess)).toEqual([true, false]);
});

it('tells that probes cannot be taken, as long as they cannot', async () => {
  take = () => Promise.reject(new CallFailure('PROVIDER_BUSY', 'Too many.'));
  await expect(prober.probesOf(check())).rejects.toMatchObject({ code: 'PROVIDER_BUSY' });
  await expect(prober.probesOf(check())).rejects.toMatchObject({ code: 'PROVIDER_BUSY' });
  take = () => Promise.resolve(true);
  await pass();
  expect(await prober.probesOf(check())).toHaveLength(1);
});

it('gives up checks that nobody asks about any more, and keeps those somebody does', async () => {
  await prober.probesOf(check());
  await prober.probesOf(check({ url: 'http://other/' }));
  for (let minute = 0; minute < 16; minute++) {
    await pass(60_000);
    await prober.probesOf(check());
  }
  await pass(60_000);
  expect(timers.size).toBe(1);
  expect(await prober.probesOf(check())).toHaveLength(18);
});

it('makes a bounded number of checks', async () => {
  for (let i = 0; i < 200; i++) await prober.probesOf(check({ url: `http://shop/${i}` }));
  const refused = { code: 'PROVIDER_BUSY', message: 'More than 200 synthetic checks are being made already.' };
  await expect(prober.probesOf(check({ url: 'http://shop/200' }))).rejects.toMatchObject(refused);
  expect(await prober.probesOf(check({ url: 'http://shop/0' }))).toHaveLength(1);
});

it('stops everything when it is closed, and begins nothing after', async () => {
  await prober.probesOf(check());
  prober.close();
  expect(timers.size).toBe(0);
  await expect(prober.probesOf(check())).rejects.toMatchObject({ code: 'MEASUREMENT_ABORTED' });
});
