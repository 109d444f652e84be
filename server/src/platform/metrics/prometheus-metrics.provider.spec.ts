import { beforeEach, expect, it } from '@jest/globals';
import { sample } from './metrics.js';
import { PrometheusMetrics } from './prometheus-metrics.provider.js';

const gauge = { type: 'gauge', help: 'For a test.' } as const;

let metrics: PrometheusMetrics;
beforeEach(() => void (metrics = new PrometheusMetrics()));

const linesOf = async (name: string): Promise<readonly string[]> =>
  (await metrics.scrape()).split('\n').filter((line) => line.startsWith(name));

it('reads everything when it is asked, and only then', async () => {
  let reads = 0;
  metrics.add({ sluice_depth: gauge }, () => ({ sluice_depth: [sample(++reads, { at: 'a "b"\\' })] }));
  expect(reads).toBe(0);
  expect(await linesOf('sluice_depth')).toEqual(['sluice_depth{at="a \\"b\\"\\\\"} 1']);
  expect(await linesOf('sluice_depth')).toEqual(['sluice_depth{at="a \\"b\\"\\\\"} 2']);
});

it('leaves out what cannot be read, says so, and tells the rest', async () => {
  let isAway = true;
  metrics.add({ sluice_waiting: gauge, sluice_age: gauge }, async () => {
    if (isAway) throw new Error('ECONNREFUSED');
    return { sluice_waiting: [sample(3)], sluice_age: [sample(4)] };
  });
  metrics.add({ sluice_here: gauge }, () => ({ sluice_here: [sample(1)] }));
  expect(await linesOf('sluice_waiting')).toEqual([]);
  expect(await linesOf('sluice_here')).toEqual(['sluice_here 1']);
  isAway = false;
  expect(await linesOf('sluice_age')).toEqual(['sluice_age 4']);
  expect(await linesOf('sluice_scrape_failures_total')).toEqual(['sluice_scrape_failures_total 2']);
});

it('asks once for all who ask at the same time', async () => {
  let reads = 0;
  metrics.add({ sluice_slow: gauge }, async () => {
    reads += 1;
    return {};
  });
  const [one, other] = await Promise.all([metrics.scrape(), metrics.scrape()]);
  expect(one).toBe(other);
  expect(reads).toBe(1);
});

it('has one family of a name', () => {
  const add = (): void => metrics.add({ sluice_twice: gauge }, () => ({}));
  add();
  expect(add).toThrow('already been registered');
});
