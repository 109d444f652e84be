import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { REDIS_PROGRAM, RedisServer } from '../../../test/clients/redis-server.js';
import { TcpLink } from '../../../test/clients/tcp-link.js';
import { describeJobs, type JobsInUse, until } from '../../../test/contracts/jobs-contract.js';
import { BullMqJobs, HELD_MS } from './bullmq-jobs.js';
import { InProcessJobs } from './in-process-jobs.js';
import { type Enqueueing, JobType } from './jobs.js';

/** How long a worker may take to find that it was left alone, and to run what waits then. */
const LOST_MS = 60_000;

const redisUrl = process.env['TEST_REDIS_URL'];

describe('InProcessJobs', () =>
  describeJobs(async () => {
    const errors: unknown[] = [];
    return { jobs: new InProcessJobs((error) => errors.push(error)), errors };
  }));

describe('BullMqJobs', () => {
  if (redisUrl === undefined || redisUrl === '') {
    it.skip('is skipped: TEST_REDIS_URL is not set', () => undefined);
    return;
  }
  const open = async (url = redisUrl): Promise<JobsInUse> => {
    const errors: unknown[] = [];
    return { jobs: await BullMqJobs.open(url, (error) => errors.push(error)), errors };
  };
  describeJobs(open);

  describe('of two replicas', () => {
    const type = new JobType<{ readonly n: number }>(`tests.${randomUUID()}`);
    const IDS = Array.from({ length: 40 }, (_, n) => n);
    let here: JobsInUse;
    let there: JobsInUse;
    let ran: number[];
    beforeEach(async () => {
      [here, there] = await Promise.all([open(), open()]);
      ran = [];
      for (const { jobs } of [here, there]) {
        jobs.handle(type, async ({ n }) => void ran.push(n), { concurrency: 2 });
      }
    });
    afterEach(async () => {
      for (const { jobs } of [here, there]) {
        await jobs.stop(5_000);
        await jobs.close();
      }
    });

    it('runs once what both of them left', async () => {
      for (const { jobs } of [here, there]) {
        await Promise.all(IDS.map((n) => jobs.enqueue(type, { n }, { id: `job ${n}` })));
      }
      here.jobs.start();
      there.jobs.start();
      await until(() => ran.length >= IDS.length);
      await here.jobs.enqueue(type, { n: -1 }, { id: 'mark' });
      await until(() => ran.includes(-1));
      expect(ran.filter((n) => n >= 0).sort((a, b) => a - b)).toEqual(IDS);
    });

    it('runs on one of them what the other left and stopped', async () => {
      here.jobs.start();
      await here.jobs.stop(5_000);
      await here.jobs.enqueue(type, { n: 1 }, { id: 'job' });
      await here.jobs.close();
      there.jobs.start();
      await until(() => ran.length === 1);
      expect(ran).toEqual([1]);
    });
  });

  it('runs soon what another replica took and was killed over before it had begun', async () => {
    const type = new JobType<null>(`tests.${randomUUID()}`);
    const { jobs } = await open();
    let runs = 0;
    jobs.handle(type, async () => void (runs += 1), { concurrency: 1 });
    await jobs.enqueue(type, null, { id: 'a' });
    const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
    const killed = new Worker(type.name, null, { connection, prefix: 'sluice', lockDuration: HELD_MS });
    expect(await killed.getNextJob('killed')).toMatchObject({ deduplicationId: 'a' });
    await killed.close();
    connection.disconnect();
    jobs.start();
    await until(() => runs === 1);
    await jobs.enqueue(type, null, { id: 'a' });
    await until(() => runs === 2);
    await jobs.stop(5_000);
    await jobs.close();
  });

  it('leaves no connection open', async () => {
    const socketsNow = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = socketsNow();
    const { jobs } = await open();
    const type = new JobType<null>(`tests.${randomUUID()}`);
    let runs = 0;
    jobs.handle(type, async () => void (runs += 1), { concurrency: 1 });
    jobs.start();
    await jobs.enqueue(type, null, { id: 'a' });
    await until(() => runs === 1);
    expect(socketsNow()).toBeGreaterThan(before);
    await jobs.stop(5_000);
    await jobs.close();
    await until(() => socketsNow() <= before);
  });

  describe('of a Redis of its own', () => {
    if (REDIS_PROGRAM === undefined) {
      it.skip('is skipped: redis-server is not installed', () => undefined);
      return;
    }
    const program = REDIS_PROGRAM;
    let redis: RedisServer;
    let inUse: JobsInUse;
    let type: JobType<{ readonly n: number }>;
    let ran: number[];
    let most: number;
    beforeEach(async () => {
      redis = await RedisServer.prepare(program);
      ran = [];
      most = 0;
      type = new JobType(`tests.${randomUUID()}`);
    });
    afterEach(async () => {
      await inUse.jobs.stop(5_000);
      await inUse.jobs.close();
      await redis.kill();
    });
    /** Handles jobs by runs that take a moment each, and counts how many of them run at once. */
    const begin = async () => {
      inUse = await open(redis.url);
      let running = 0;
      const handler = async ({ n }: { readonly n: number }) => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        ran.push(n);
        running -= 1;
      };
      inUse.jobs.handle(type, handler, { concurrency: 8 });
      inUse.jobs.start();
    };
    const enqueue = (n: number, more: Partial<Enqueueing> = {}) =>
      inUse.jobs.enqueue(type, { n }, { id: 'a', ...more });
    /** Leaves jobs until one runs that Redis carried: the sweep's part. */
    const sweep = async (n: number) => {
      await until(() => {
        void enqueue(n);
        return ran.includes(n);
      });
    };
    const isAnswering = () =>
      inUse.jobs.standings().then(
        () => true,
        () => false,
      );
    const answers = async (isSo: boolean) => {
      let is = !isSo;
      await until(() => {
        void isAnswering().then((now) => (is = now));
        return is === isSo;
      });
    };

    it('opens without it and runs here what is left here, then again by Redis when that has come', async () => {
      await begin();
      await enqueue(1);
      await enqueue(2, { delayMs: 20 });
      await until(() => ran.length === 2);
      expect(ran).toEqual([1, 2]);
      expect(await isAnswering()).toBe(false);
      await redis.start();
      await answers(true);
      await sweep(3);
      await sweep(4);
    });

    it('runs on through a Redis that is killed, away, and comes back empty', async () => {
      await redis.start();
      await begin();
      await enqueue(1);
      await until(() => ran.length === 1);
      await enqueue(2, { delayMs: 60_000 });
      await redis.kill();
      await answers(false);
      await enqueue(3);
      await until(() => ran.includes(3));
      await redis.start();
      await answers(true);
      await sweep(4);
      // What waited there is gone with it, and no longer keeps its like from waiting.
      expect(ran).not.toContain(2);
    });

    it('never runs two of an id at once, wherever they waited', async () => {
      await redis.start();
      await begin();
      for (let n = 0; n < 40; n += 1) {
        if (n === 15) await redis.kill();
        if (n === 25) await redis.start();
        await enqueue(n);
        await until(() => ran.length > 0 || n < 5);
      }
      await answers(true);
      await sweep(40);
      expect(most).toBe(1);
    });

    it('goes through emptied queues as through a restart', async () => {
      await redis.start();
      await begin();
      await enqueue(1);
      await until(() => ran.length === 1);
      const other = new Redis(redis.url);
      await other.flushall();
      other.disconnect();
      await sweep(2);
      await sweep(3);
    });

    it.each(['cut', 'hang'] as const)('waits for no Redis that is gone (%s) when a job has its turn', async (how) => {
      await redis.start();
      const link = await TcpLink.open(redis.url);
      inUse = await open(link.url);
      let endFirst: (() => void) | undefined;
      const handler = async ({ n }: { readonly n: number }) => {
        if (n === 1) await new Promise<void>((resolve) => (endFirst = resolve));
        ran.push(n);
      };
      inUse.jobs.handle(type, handler, { concurrency: 8 });
      inUse.jobs.start();
      await enqueue(1);
      await until(() => endFirst !== undefined);
      await enqueue(2);
      // Jobs are fetched one after the other: once this one runs, the one before is here too, and waits for its turn.
      await enqueue(0, { id: 'b' });
      await until(() => ran.includes(0));
      link[how]();
      await answers(false);
      await enqueue(3);
      endFirst?.();
      await until(() => ran.includes(3));
      expect(ran).toEqual([0, 1, 2, 3]);
      link.mend();
      await answers(true);
      await sweep(4);
      await link.close();
    });

    it('runs on when its connections are lost, and nobody tells it', async () => {
      await redis.start();
      const link = await TcpLink.open(redis.url);
      inUse = await open(link.url);
      inUse.jobs.handle(type, async ({ n }) => void ran.push(n), { concurrency: 2 });
      inUse.jobs.start();
      await enqueue(0);
      await until(() => ran.length === 1);
      link.lose();
      // Those who leave jobs notice first; those who run them have to as well.
      await answers(false);
      await answers(true);
      for (let n = 1; n <= 15; n += 1) await enqueue(n, { id: `job ${n}` });
      await until(() => ran.length >= 16, LOST_MS);
      expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n));
      await link.close();
    });

    it('runs a job that is left without it on its own, not in the request that left it', async () => {
      const request = new AsyncLocalStorage<string>();
      const seen: (string | undefined)[] = [];
      inUse = await open(redis.url);
      inUse.jobs.handle(type, async () => void seen.push(request.getStore()), { concurrency: 1 });
      inUse.jobs.start();
      await request.run('a request', () => enqueue(1));
      await until(() => seen.length === 1);
      expect(seen).toEqual([undefined]);
    });

    it('stops soon without it', async () => {
      await redis.start();
      await begin();
      await enqueue(1);
      await until(() => ran.length === 1);
      await redis.kill();
      await answers(false);
      const begun = performance.now();
      await inUse.jobs.stop(5_000);
      await inUse.jobs.close();
      expect(performance.now() - begun).toBeLessThan(4_000);
      expect(inUse.errors.map(String)).not.toContain('Error: Left while it ran.');
    });
  });
});
