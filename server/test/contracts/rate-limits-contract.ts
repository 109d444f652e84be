import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit, RateLimiter, RateLimits } from '../../src/platform/limits/rate-limits.js';

/** What counting promises, in process and on Redis alike. */
export function describeRateLimits(open: () => Promise<RateLimits>): void {
  let limits: RateLimits;
  let limit: RateLimit;
  let limiter: RateLimiter;
  beforeEach(async () => {
    limits = await open();
    limit = { name: `tests.${randomUUID()}`, points: 2, seconds: 60 };
    limiter = limits.limiter(limit);
  });
  afterEach(() => limits.close());

  it('refuses what is too often, and says until when', async () => {
    expect(await limiter.get('ada')).toBeNull();
    expect(await limiter.consume('ada')).toMatchObject({ remainingPoints: 1 });
    expect(await limiter.consume('ada')).toMatchObject({ remainingPoints: 0 });
    const refusal: unknown = await limiter.consume('ada').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimiterRes);
    const { msBeforeNext } = refusal as RateLimiterRes; // as the line above says
    expect(msBeforeNext).toBeGreaterThan(0);
    expect(msBeforeNext).toBeLessThanOrEqual(60_000);
  });

  it('counts each key for itself, and each limit', async () => {
    for (let count = 0; count < 2; count += 1) await limiter.consume('ada');
    await expect(limiter.consume('grace')).resolves.toMatchObject({ remainingPoints: 1 });
    const other = limits.limiter({ ...limit, name: `${limit.name}.other` });
    await expect(other.consume('ada')).resolves.toMatchObject({ remainingPoints: 1 });
  });

  it('gives back, and forgets', async () => {
    for (let count = 0; count < 2; count += 1) await limiter.consume('ada');
    await limiter.reward('ada');
    await expect(limiter.consume('ada')).resolves.toMatchObject({ remainingPoints: 0 });
    await limiter.delete('ada');
    await expect(limiter.consume('ada')).resolves.toMatchObject({ remainingPoints: 1 });
  });

  it('lets no more in when all come at once', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => limiter.consume('ada')));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  it('begins anew when the time is over', async () => {
    const short = limits.limiter({ name: `${limit.name}.short`, points: 1, seconds: 1 });
    await short.consume('ada');
    const refusal: unknown = await short.consume('ada').catch((error: unknown) => error);
    const { msBeforeNext } = refusal as RateLimiterRes; // the only thing that consume rejects with
    await new Promise((resolve) => setTimeout(resolve, msBeforeNext + 20));
    await expect(short.consume('ada')).resolves.toMatchObject({ remainingPoints: 0 });
  });
}
