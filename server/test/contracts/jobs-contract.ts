import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Jobs, JobType } from '../../src/platform/jobs/jobs.js';

const LONG_MS = 60_000;
const STOP_MS = 5_000;

/** A queue that just opened, and the errors it told of. */
export interface JobsInUse {
  readonly jobs: Jobs;
  readonly errors: readonly unknown[];
}

/** Looks again and again until something is so. Throws after ten seconds, or as many as are given. */
export async function until(isSo: () => boolean, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`It did not come true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A run of a handler, which the test ends. */
interface Run {
  readonly id: string;
  readonly n: number;
  readonly end: (error?: Error) => void;
}

/** What the queue of jobs promises, in process and on Redis alike. */
export function describeJobs(open: () => Promise<JobsInUse>): void {
  let inUse: JobsInUse;
  let type: JobType<{ readonly id: string; readonly n: number }>;
  let runs: Run[];
  let running: number;
  beforeEach(async () => {
    inUse = await open();
    type = new JobType(`tests.${randomUUID()}`);
    runs = [];
    running = 0;
  });
  afterEach(async () => {
    for (const run of runs) run.end();
    await inUse.jobs.stop(STOP_MS);
    await inUse.jobs.close();
  });

  /** Handles jobs by runs that last until the test ends them. */
  const handle = (concurrency = 4) => {
    const handler = async ({ id, n }: { readonly id: string; readonly n: number }) => {
      running += 1;
      try {
        await new Promise<void>((resolve, reject) => {
          runs.push({ id, n, end: (error) => (error === undefined ? resolve() : reject(error)) });
        });
      } finally {
        running -= 1;
      }
    };
    inUse.jobs.handle(type, handler, { concurrency });
    inUse.jobs.start();
  };
  const enqueue = (id: string, n = 0, delayMs = 0) => inUse.jobs.enqueue(type, { id, n }, { id, delayMs });
  const ran = () => runs.map(({ id, n }) => `${id}${n}`);
  const endAll = () => {
    for (const run of runs) run.end();
  };
  /** Waits until a job that was left after everything else has run; what had to run before it has run too. */
  const settle = async () => {
    await enqueue('mark', runs.length);
    await until(() => runs.at(-1)?.id === 'mark');
    runs.pop()?.end();
  };

  it('runs a job with what it carries', async () => {
    handle();
    await enqueue('a', 7);
    await until(() => runs.length === 1);
    expect(ran()).toEqual(['a7']);
  });

  it('runs what was left before the start, and nothing sooner', async () => {
    const seen: number[] = [];
    inUse.jobs.handle(type, async ({ n }) => void seen.push(n), { concurrency: 1 });
    await enqueue('a', 1);
    await enqueue('b', 2);
    expect(seen).toEqual([]);
    inUse.jobs.start();
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 2]);
  });

  it('keeps types apart', async () => {
    const other = new JobType<{ readonly id: string; readonly n: number }>(`${type.name}.other`);
    const seen: string[] = [];
    inUse.jobs.handle(other, async ({ id }) => void seen.push(id), { concurrency: 1 });
    handle();
    await inUse.jobs.enqueue(other, { id: 'a', n: 0 }, { id: 'a' });
    await enqueue('a');
    await until(() => seen.length === 1 && runs.length === 1);
    expect(seen).toEqual(['a']);
  });

  it('refuses a second handler of a type', () => {
    handle();
    expect(() => inUse.jobs.handle(type, () => Promise.resolve(), { concurrency: 1 })).toThrow();
  });

  it('waits for a delay', async () => {
    handle();
    const begin = performance.now();
    await enqueue('later', 0, 200);
    await enqueue('sooner');
    await until(() => runs.length === 2);
    expect(ran()).toEqual(['sooner0', 'later0']);
    // Both clocks count whole milliseconds.
    expect(performance.now() - begin).toBeGreaterThanOrEqual(198);
  });

  it('lets one job of an id wait, the first', async () => {
    handle(1);
    await enqueue('busy');
    await until(() => runs.length === 1);
    for (const n of [1, 2, 3]) await enqueue('a', n);
    endAll();
    await until(() => runs.length === 2);
    endAll();
    await settle();
    expect(ran()).toEqual(['busy0', 'a1']);
  });

  it('brings a waiting job forward', async () => {
    handle();
    await enqueue('a', 1, LONG_MS);
    await enqueue('b', 1, LONG_MS);
    await enqueue('a', 2);
    await enqueue('b', 2, 20);
    await until(() => runs.length === 2);
    expect(ran().sort()).toEqual(['a2', 'b2']);
  });

  it('puts no waiting job off', async () => {
    handle();
    await enqueue('a', 1, 20);
    await enqueue('a', 2, LONG_MS);
    await until(() => runs.length === 1);
    expect(ran()).toEqual(['a1']);
  });

  it('runs a job once more that was enqueued while it ran, afterwards and once', async () => {
    handle();
    await enqueue('a', 1);
    await until(() => runs.length === 1);
    for (const n of [2, 3, 4]) await enqueue('a', n);
    await settle();
    expect(ran()).toEqual(['a1']);
    endAll();
    await until(() => runs.length === 2);
    endAll();
    await settle();
    expect(ran()).toEqual(['a1', 'a2']);
  });

  it('keeps the sooner of two that were enqueued while the job ran', async () => {
    handle();
    await enqueue('a', 1);
    await until(() => runs.length === 1);
    await enqueue('a', 2);
    await enqueue('a', 3, LONG_MS);
    endAll();
    await until(() => runs.length === 2);
    expect(ran()).toEqual(['a1', 'a2']);
  });

  it('lets a job leave its own successor, and bring it forward', async () => {
    const seen: number[] = [];
    const handler = async ({ id, n }: { readonly id: string; readonly n: number }) => {
      seen.push(n);
      if (n < 5) await inUse.jobs.enqueue(type, { id, n: n + 1 }, { id, delayMs: 1 });
      else if (n === 5) await inUse.jobs.enqueue(type, { id, n: n + 1 }, { id, delayMs: LONG_MS });
    };
    inUse.jobs.handle(type, handler, { concurrency: 4 });
    inUse.jobs.start();
    await enqueue('a', 1);
    await until(() => seen.length === 5);
    await enqueue('a', 7);
    await until(() => seen.length === 6);
    expect(seen).toEqual([1, 2, 3, 4, 5, 7]);
  });

  it('runs as many at once as were named, and no more', async () => {
    handle(3);
    for (const id of 'abcdef') await enqueue(id);
    await until(() => running === 3);
    let most = 0;
    while (runs.length < 6) {
      most = Math.max(most, running);
      const open = runs.length;
      endAll();
      await until(() => runs.length > open);
    }
    expect(Math.max(most, running)).toBe(3);
    expect(ran().sort()).toEqual(['a0', 'b0', 'c0', 'd0', 'e0', 'f0']);
  });

  it('tells of a handler that threw, drops its job and runs the others', async () => {
    handle(1);
    await enqueue('a', 1);
    await until(() => runs.length === 1);
    runs[0]?.end(new Error('a bad handler'));
    await settle();
    expect(ran()).toEqual(['a1']);
    expect(inUse.errors).toEqual([new Error('a bad handler')]);
    await enqueue('a', 2);
    await until(() => runs.length === 2);
  });

  it('runs a job on its own, not in the request that left it', async () => {
    const request = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    inUse.jobs.handle(type, async () => void seen.push(request.getStore()), { concurrency: 1 });
    inUse.jobs.start();
    await request.run('a request', () => enqueue('a'));
    await until(() => seen.length === 1);
    expect(seen).toEqual([undefined]);
  });

  it('tells how the jobs of a type stand', async () => {
    handle(1);
    const standing = async () => (await inUse.jobs.standings()).find(({ name }) => name === type.name);
    const fresh = { running: 0, ended: 0, failed: 0, lastEndedAt: null, lastFailedAt: null };
    expect(await standing()).toEqual({ name: type.name, waiting: 0, delayed: 0, ...fresh });
    await enqueue('a');
    await until(() => runs.length === 1);
    await enqueue('b');
    await enqueue('c', 0, LONG_MS);
    expect(await standing()).toMatchObject({ waiting: 1, delayed: 1, running: 1, ended: 0 });
    runs[0]?.end(new Error('no'));
    await until(() => runs.length === 2);
    expect(await standing()).toMatchObject({ waiting: 0, running: 1, ended: 1, failed: 1 });
    expect((await standing())?.lastFailedAt).toBeInstanceOf(Date);
    expect((await standing())?.lastEndedAt).toBeInstanceOf(Date);
  });

  it('drains a thousand jobs', async () => {
    const seen = new Set<string>();
    inUse.jobs.handle(type, async ({ id }) => void seen.add(id), { concurrency: 10 });
    inUse.jobs.start();
    const ids = Array.from({ length: 1_000 }, (_, n) => `job ${n}`);
    await Promise.all(ids.map((id) => enqueue(id)));
    await until(() => seen.size === ids.length);
    expect(inUse.errors).toEqual([]);
  });

  it('waits for what runs when it is stopped, and begins nothing more', async () => {
    handle(1);
    await enqueue('a');
    await until(() => runs.length === 1);
    await enqueue('b');
    await enqueue('c', 0, 1);
    let isStopped = false;
    const stopped = inUse.jobs.stop(STOP_MS).then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    endAll();
    await stopped;
    expect(running).toBe(0);
    expect(ran()).toEqual(['a0']);
    expect(inUse.errors).toEqual([]);
  });

  it('waits no longer than it may', async () => {
    handle();
    await enqueue('a');
    await until(() => runs.length === 1);
    await inUse.jobs.stop(20);
    expect(running).toBe(1);
    expect(inUse.errors).toHaveLength(1);
  });

  it('takes jobs after it was stopped without complaint', async () => {
    handle();
    await inUse.jobs.stop(STOP_MS);
    await enqueue('a');
    expect(inUse.errors).toEqual([]);
    expect(runs).toEqual([]);
  });
}
