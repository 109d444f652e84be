import { expect, it } from '@jest/globals';
import { startClient } from '../src/client.js';
import { silentLogger } from './clients.js';
import { FakeRuntime } from './fake-runtime.js';

const HOUR_MS = 3_600_000;

/** A network with nothing behind it: who asks gets an error at once. Counts who asks, and how many at a time. */
function aDeadNetwork() {
  const seen = { attemptsAtMs: [] as number[], open: 0, mostOpen: 0 };
  let runtime: FakeRuntime | undefined;
  const fetchNothing: typeof fetch = async (input) => {
    if (!(typeof input === 'string' && input.endsWith('/telemetry'))) {
      seen.attemptsAtMs.push(runtime?.elapsedMs() ?? 0);
      seen.open += 1;
      seen.mostOpen = Math.max(seen.mostOpen, seen.open);
      await Promise.resolve();
      seen.open -= 1;
    }
    throw new TypeError('fetch failed');
  };
  return { seen, join: (seed: number) => (runtime = new FakeRuntime(fetchNothing, seed)) };
}

const options = { url: 'http://127.0.0.1:1', token: 'slu_server_x', cacheDir: false, logger: silentLogger } as const;

it('has one loop, a handful of timers and few attempts through three hours offline', async () => {
  const network = aDeadNetwork();
  const runtime = network.join(1);
  const { client } = startClient(options, runtime);
  for (let minute = 0; minute < 180; minute += 1) {
    for (let i = 0; i < 1_000; i += 1) client.boolean(`flag-${i % 50}`, { targetingKey: `u${i}` }, false);
    await runtime.advance(60_000);
    // The pause of the loop and the next report.
    expect(runtime.timers).toBeLessThanOrEqual(2);
  }
  expect(network.seen.mostOpen).toBe(1);
  // Full jitter under a cap of 30 s: four a minute on average.
  const perMinute = network.seen.attemptsAtMs.length / 180;
  expect(perMinute).toBeGreaterThan(2);
  expect(perMinute).toBeLessThan(6);
  await client.close();
  expect(runtime.timers).toBe(0);
});

it(
  'spreads a thousand clients that lost the same server',
  async () => {
    const perSecond = new Map<number, number>();
    for (let seed = 0; seed < 1_000; seed += 1) {
      const network = aDeadNetwork();
      const runtime = network.join(seed * 7_919);
      const { client } = startClient(options, runtime);
      await runtime.advance(20_000);
      await client.close();
      for (const atMs of network.seen.attemptsAtMs.slice(1)) {
        const second = Math.floor(atMs / 1_000);
        perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
      }
    }
    const busiest = Math.max(...[...perSecond].filter(([second]) => second >= 3).map(([, count]) => count));
    expect(busiest).toBeLessThan(400);
  },
  HOUR_MS,
);
