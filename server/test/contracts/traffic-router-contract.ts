import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FULL_SHARE } from '../../src/kernel/share.js';
import type { Arm, ArmCounts, TrafficRouter } from '../../src/traffic/traffic-router.js';
import { countsSince, verifyShare } from '../../src/traffic/verify-share.js';
import { eventually } from '../traffic/eventually.js';

/** What answered a request: an arm, or nobody who could. */
export type Answer = Arm | 'nobody';

/** A router that just started with two servers of stable and one of the candidate, all up, and no share. */
export interface RouterInUse {
  readonly router: TrafficRouter;
  /** The smallest share that the program can express. */
  readonly step: number;
  /** Sends one request per key, as that user; undefined: as nobody. Answers come in the order of the keys. */
  send(keys: readonly (string | undefined)[]): Promise<readonly Answer[]>;
  /** Makes all servers of an arm healthy or ill, and waits until the router knows. */
  setUp(arm: Arm, isUp: boolean): Promise<void>;
  /** Ends the program at once. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** What some programs cannot do at all, whatever they are told. */
export interface RouterLimits {
  /** Users stay on their side while the share grows; otherwise each request is drawn anew. */
  readonly keepsUsers: boolean;
  /** Requests are counted per arm. */
  readonly isCounting: boolean;
}

const SIGMAS = 5;

/** What every router promises: weight goes only where capacity is, and what is answered is what happens. */
export function describeTrafficRouter(
  open: () => Promise<RouterInUse>,
  { keepsUsers, isCounting }: RouterLimits = { keepsUsers: true, isCounting: true },
): void {
  let inUse: RouterInUse;
  beforeEach(async () => {
    inUse = await open();
  });
  afterEach(() => inUse.close());

  let users = 0;
  const newUsers = (count: number): readonly string[] => Array.from({ length: count }, () => `user-${(users += 1)}`);
  const candidatesOf = (answers: readonly Answer[]): number => answers.filter((arm) => arm === 'candidate').length;

  /** The router's own counts, once they hold every request that was sent; a log may come a moment after its answer. */
  const countsOf = async (total: number): Promise<ArmCounts> => {
    let counts = await counted();
    await eventually(async () => {
      counts = await counted();
      return counts.stable + counts.candidate >= total;
    });
    return counts;
  };
  const counted = async (): Promise<ArmCounts> => {
    const counts = await inUse.router.counts();
    if (counts === undefined) throw new Error('This router was to count.');
    return counts;
  };

  it('begins with every request at stable', async () => {
    expect(await inUse.router.asked()).toBe(0);
    expect(new Set(await inUse.send(newUsers(200)))).toEqual(new Set(['stable']));
  });

  it('sends the candidate its share at every step of a ramp, up and down, and counts it if it counts', async () => {
    let from = 0;
    for (const share of [1_000, 10_000, 50_000, FULL_SHARE, 0]) {
      expect(await inUse.router.shift(share)).toEqual({ kind: 'shifted', from, share });
      from = share;
      expect(await inUse.router.asked()).toBe(share);
      const before = isCounting ? await counted() : undefined;
      const answers = await inUse.send(newUsers(3_000));
      const candidates = candidatesOf(answers);
      expectBinomial(candidates, answers.length, share);
      expect(new Set(answers)).not.toContain('nobody');
      if (before === undefined) {
        expect(await inUse.router.counts()).toBeUndefined();
        continue;
      }
      const after = await countsOf(before.stable + before.candidate + answers.length);
      expect(after).toEqual({
        stable: before.stable + answers.length - candidates,
        candidate: before.candidate + candidates,
        began: before.began,
      });
      expect(verifyShare(countsSince(before, after), share)).toMatchObject({ kind: 'matches', requests: 3_000 });
      expect(verifyShare(countsSince(before, after), (share + 30_000) % FULL_SHARE).kind).toBe('differs');
    }
  });

  if (!keepsUsers) {
    it('draws each request anew, those of one user too', async () => {
      await inUse.router.shift(30_000);
      const answers = await inUse.send(Array.from({ length: 1_000 }, () => 'one-user'));
      expectBinomial(candidatesOf(answers), answers.length, 30_000);
    });
  } else {
    it('keeps every user of the candidate while the share grows, and gives the same user one version', async () => {
      const everyone = newUsers(1_500);
      let already = new Set<string>();
      for (const share of [5_000, 20_000, 60_000, FULL_SHARE]) {
        await inUse.router.shift(share);
        const [first, second] = [await inUse.send(everyone), await inUse.send(everyone)];
        expect(second).toEqual(first);
        const now = new Set(everyone.filter((_user, index) => first[index] === 'candidate'));
        expect([...already].filter((user) => !now.has(user))).toEqual([]);
        expect(now.size).toBeGreaterThan(already.size);
        already = now;
      }
    });
  }

  it('splits requests of nobody in particular by chance', async () => {
    await inUse.router.shift(50_000);
    const answers = await inUse.send(Array.from({ length: 600 }, () => undefined));
    expectBinomial(candidatesOf(answers), answers.length, 50_000);
  });

  it('says what capacity is up', async () => {
    const healthy = await inUse.router.capacity();
    expect(healthy.stable.part).toBe(1);
    expect(healthy.candidate.part).toBe(0.5); // one server, where stable has two
    expect(healthy.stable.servers).toHaveLength(2);
    await inUse.setUp('candidate', false);
    const { stable, candidate } = await inUse.router.capacity();
    expect([stable.part, candidate.part]).toEqual([1, 0]);
    expect(candidate.servers).toMatchObject([{ weight: 0, fullWeight: 1 }]);
  });

  it('moves nothing to a candidate that is down, not even in an emergency', async () => {
    await inUse.router.shift(10_000);
    await inUse.setUp('candidate', false);
    for (const options of [{}, { isEmergency: true }]) {
      expect(await inUse.router.shift(20_000, options)).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
    }
    expect(await inUse.router.asked()).toBe(10_000);
    expect(await inUse.router.shift(0)).toEqual({ kind: 'shifted', from: 10_000, share: 0 });
    expect(new Set(await inUse.send(newUsers(200)))).toEqual(new Set(['stable']));
  });

  it('rolls back to a stable arm that is down only in an emergency', async () => {
    await inUse.router.shift(50_000);
    await inUse.setUp('stable', false);
    const refused = await inUse.router.shift(0);
    expect(refused).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
    expect(refused).toHaveProperty('sentence', expect.stringContaining('stable arm has no capacity'));
    expect(await inUse.router.asked()).toBe(50_000);
    expect(await inUse.router.shift(70_000)).toMatchObject({ kind: 'shifted' });
    expect(await inUse.router.shift(0, { isEmergency: true })).toEqual({ kind: 'shifted', from: 70_000, share: 0 });
    expect(candidatesOf(await inUse.send(newUsers(100)))).toBe(0);
  });

  it('changes nothing when asked for the same share again', async () => {
    await inUse.router.shift(33_330);
    const before = await inUse.router.counts();
    expect(await inUse.router.shift(33_330)).toEqual({ kind: 'unchanged', share: 33_330 });
    expect(await inUse.router.counts()).toEqual(before);
  });

  it('rounds a share down to what the program can express, and never to nothing', async () => {
    const share = 12_345 - (12_345 % inUse.step);
    expect(await inUse.router.shift(12_345)).toEqual({ kind: 'shifted', from: 0, share });
    expect(await inUse.router.shift(12_345)).toEqual({ kind: 'unchanged', share });
    expect(await inUse.router.asked()).toBe(share);
    const smallest = await inUse.router.shift(1);
    if (inUse.step === 1) expect(smallest).toEqual({ kind: 'shifted', from: share, share: 1 });
    else expect(smallest).toMatchObject({ kind: 'refused', code: 'SHARE_TOO_SMALL' });
    expect(await inUse.router.asked()).toBe(inUse.step === 1 ? 1 : share);
  });

  it('says that it cannot be reached while the program is dead, and heals when it is back', async () => {
    await inUse.router.shift(40_000);
    await inUse.kill();
    expect(await inUse.router.shift(60_000)).toMatchObject({ kind: 'unreachable' });
    await expect(inUse.router.asked()).rejects.toMatchObject({ kind: 'unavailable', code: 'ROUTER_UNREACHABLE' });
    if (isCounting) {
      await expect(inUse.router.counts()).rejects.toMatchObject({ kind: 'unavailable', code: 'ROUTER_UNREACHABLE' });
    }
    await inUse.start();
    expect(await inUse.router.asked()).toBe(40_000);
    expect(await inUse.router.shift(60_000)).toEqual({ kind: 'shifted', from: 40_000, share: 60_000 });
    const answers = await inUse.send(newUsers(1_000));
    expectBinomial(candidatesOf(answers), answers.length, 60_000);
  });
}

function expectBinomial(candidates: number, requests: number, share: number): void {
  const part = share / FULL_SHARE;
  const deviation = Math.sqrt(requests * part * (1 - part));
  expect(Math.abs(candidates - requests * part)).toBeLessThanOrEqual(SIGMAS * deviation);
}
