import { describe, expect, it } from '@jest/globals';
import { type BusInUse, describeBus } from '../../../test/contracts/bus-contract.js';
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
  const open = async (): Promise<BusInUse> => {
    const errors: unknown[] = [];
    return { bus: await RedisBus.connect(redisUrl, (error) => errors.push(error)), errors };
  };
  describeBus(open);

  it('tells other replicas', async () => {
    const [here, there] = await Promise.all([open(), open()]);
    const topic = new Topic<{ readonly n: number }>('tests.replicas');
    const heard = new Promise((resolve) => there.bus.subscribe(topic, resolve));
    await here.bus.publish(topic, { n: 1 });
    expect(await heard).toEqual({ n: 1 });
    expect(await here.bus.replicas()).toBeGreaterThanOrEqual(2);
    await Promise.all([here.bus.close(), there.bus.close()]);
  });
});
