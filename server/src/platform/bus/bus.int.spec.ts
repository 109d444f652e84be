import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { REDIS_PROGRAM, RedisServer } from '../../../test/clients/redis-server.js';
import { TcpLink } from '../../../test/clients/tcp-link.js';
import { type BusInUse, describeBus } from '../../../test/contracts/bus-contract.js';
import { until } from '../../../test/contracts/jobs-contract.js';
import { Topic } from './bus.js';
import { InProcessBus } from './in-process-bus.js';
import { RedisBus } from './redis-bus.js';

const redisUrl = process.env['TEST_REDIS_URL'];

describe('InProcessBus', () =>
  describeBus(async () => {
    const errors: unknown[] = [];
    return { bus: new InProcessBus((error) => errors.push(error)), errors };
  }));

describe('RedisBus', () => {
  if (redisUrl === undefined || redisUrl === '') {
    it.skip('is skipped: TEST_REDIS_URL is not set', () => undefined);
    return;
  }
  const opened: BusInUse[] = [];
  const open = async (url = redisUrl): Promise<BusInUse> => {
    const errors: unknown[] = [];
    const inUse = { bus: await RedisBus.open(url, (error) => errors.push(error)), errors };
    opened.push(inUse);
    return inUse;
  };
  afterEach(async () => {
    for (const { bus } of opened.splice(0)) await bus.close();
  });
  describeBus(open);

  it('tells other replicas', async () => {
    const [here, there] = await Promise.all([open(), open()]);
    const topic = new Topic<{ readonly n: number }>('tests.replicas');
    const heard = new Promise((resolve) => there.bus.subscribe(topic, resolve));
    await here.bus.publish(topic, { n: 1 });
    expect(await heard).toEqual({ n: 1 });
    expect(await here.bus.replicas()).toBeGreaterThanOrEqual(2);
  });

  it('reports a message that is none, and goes on', async () => {
    const { bus, errors } = await open();
    const topic = new Topic<{ readonly n: number }>('tests.garbage');
    const heard = new Promise((resolve) => bus.subscribe(topic, resolve));
    const other = new Redis(redisUrl);
    await other.publish('sluice:tests.garbage', '{ not json');
    other.disconnect();
    await bus.publish(topic, { n: 1 });
    expect(await heard).toEqual({ n: 1 });
    expect(errors).toEqual([expect.any(SyntaxError)]);
  });

  describe('of a replica that is cut off alone', () => {
    const topic = new Topic<{ readonly n: number }>('tests.cut');
    let link: TcpLink;
    let here: BusInUse;
    let there: BusInUse;
    let heard: number[];
    let gaps: (readonly number[])[];
    beforeEach(async () => {
      link = await TcpLink.open(redisUrl);
      [here, there] = await Promise.all([open(), open(link.url)]);
      heard = [];
      gaps = [];
      there.bus.subscribe(topic, ({ n }) => void heard.push(n));
      there.bus.onGap(() => void gaps.push([...heard]));
    });
    afterEach(() => link.close());

    it('misses what is told meanwhile, says that there was a gap, and hears all that comes after', async () => {
      await here.bus.publish(topic, { n: 1 });
      await until(() => heard.length === 1);
      link.cut();
      await until(() => !there.bus.isConnected);
      await here.bus.publish(topic, { n: 2 });
      link.mend();
      await until(() => gaps.length === 1);
      await here.bus.publish(topic, { n: 3 });
      await until(() => heard.length === 2);
      expect({ heard, gaps }).toEqual({ heard: [1, 3], gaps: [[1]] });
      expect(there.bus.isConnected).toBe(true);
      expect(here.bus.isConnected).toBe(true);
    });

    it('notices a silent Redis, and refuses within seconds to tell anything', async () => {
      link.hang();
      await expect(there.bus.publish(topic, { n: 1 })).rejects.toThrow();
      await until(() => !there.bus.isConnected);
      await expect(there.bus.replicas()).rejects.toThrow();
      link.mend();
      await until(() => there.bus.isConnected);
      await there.bus.publish(topic, { n: 2 });
      await until(() => heard.includes(2));
    });
  });

  describe('of a Redis of its own', () => {
    if (REDIS_PROGRAM === undefined) {
      it.skip('is skipped: redis-server is not installed', () => undefined);
      return;
    }
    const program = REDIS_PROGRAM;
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await RedisServer.prepare(program);
    });
    afterAll(() => redis.kill());

    it('opens without it, refuses to tell at once, and comes up with it; an empty one is as good', async () => {
      const { bus, errors } = await open(redis.url);
      const topic = new Topic<{ readonly n: number }>('tests.away');
      let gaps = 0;
      const heard: number[] = [];
      bus.onGap(() => (gaps += 1));
      bus.subscribe(topic, ({ n }) => void heard.push(n));
      expect(bus.isConnected).toBe(false);
      await expect(bus.publish(topic, { n: 0 })).rejects.toThrow();
      await expect(bus.replicas()).rejects.toThrow();
      for (const times of [1, 2]) {
        await redis.start();
        await until(() => bus.isConnected && gaps === times);
        await bus.publish(topic, { n: times });
        await until(() => heard.length === times);
        await redis.kill();
        await until(() => !bus.isConnected && errors.length > times);
        // Told once each time it is away, not at each attempt.
        expect(errors).toHaveLength(times + 1);
      }
      expect(heard).toEqual([1, 2]);
    });
  });
});
