import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { describeJobs, type JobsInUse, until } from '../../../test/contracts/jobs-contract.js';
import { BullMqJobs, HELD_MS } from './bullmq-jobs.js';
import { InProcessJobs } from './in-process-jobs.js';
import { JobType } from './jobs.js';

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
  const open = async (): Promise<JobsInUse> => {
    const errors: unknown[] = [];
    return { jobs: await BullMqJobs.connect(redisUrl, (error) => errors.push(error)), errors };
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

  it('tells in words that Redis does not answer', async () => {
    const connecting = BullMqJobs.connect('redis://127.0.0.1:1', () => undefined);
    await expect(connecting).rejects.toThrow('REDIS_URL names a Redis that does not answer');
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
});
