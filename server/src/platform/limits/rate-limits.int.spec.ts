import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TcpLink } from '../../../test/clients/tcp-link.js';
import { describeRateLimits } from '../../../test/contracts/rate-limits-contract.js';
import { InProcessRateLimits } from './in-process-rate-limits.js';
import { RedisRateLimits } from './redis-rate-limits.js';

const redisUrl = process.env['TEST_REDIS_URL'];

describe('InProcessRateLimits', () => describeRateLimits(async () => new InProcessRateLimits()));

describe('RedisRateLimits', () => {
  if (redisUrl === undefined || redisUrl === '') {
    it.skip('is skipped: TEST_REDIS_URL is not set', () => undefined);
    return;
  }
  const errors: unknown[] = [];
  const open = (url = redisUrl) => RedisRateLimits.open(url, (error) => errors.push(error));
  describeRateLimits(() => open());

  describe('of two replicas', () => {
    let link: TcpLink;
    let here: RedisRateLimits;
    let there: RedisRateLimits;
    beforeEach(async () => {
      errors.length = 0;
      link = await TcpLink.open(redisUrl);
      [here, there] = await Promise.all([open(), open(link.url)]);
    });
    afterEach(async () => {
      for (const limits of [here, there]) limits.close();
      await link.close();
    });
    const limit = () => ({ name: `tests.${randomUUID()}`, points: 3, seconds: 60 });
    /** How often one may before it is too often. */
    const allowance = async (consume: () => Promise<unknown>) => {
      for (let count = 0; ; count += 1) {
        const isRefused = await consume().then(
          () => false,
          () => true,
        );
        if (isRefused) return count;
      }
    };

    it('counts together', async () => {
      const name = limit();
      const [one, other] = [here.limiter(name), there.limiter(name)];
      await one.consume('ada');
      await other.consume('ada');
      expect(await one.get('ada')).toMatchObject({ remainingPoints: 1 });
      await other.reward('ada');
      expect(await allowance(() => one.consume('ada'))).toBe(2);
      expect(await allowance(() => other.consume('ada'))).toBe(0);
      await one.delete('ada');
      expect(await allowance(() => other.consume('ada'))).toBe(3);
    });

    it.each(['cut', 'hang'] as const)(
      'counts for itself when its Redis is gone (%s), and then together',
      async (how) => {
        const name = limit();
        const [one, other] = [here.limiter(name), there.limiter(name)];
        expect(await allowance(() => one.consume('ada'))).toBe(3);
        link[how]();
        expect(await allowance(() => other.consume('ada'))).toBe(3);
        await expect(other.reward('ada')).resolves.toBeDefined();
        await expect(other.delete('ada')).resolves.toBe(true);
        expect(await other.get('ada')).toBeNull();
        link.mend();
        // It has counted no more than it was asked to; what it finds is what the other left.
        while ((await other.get('ada')) === null) await new Promise((resolve) => setTimeout(resolve, 20));
        expect(await allowance(() => other.consume('ada'))).toBe(0);
      },
    );
  });
});
