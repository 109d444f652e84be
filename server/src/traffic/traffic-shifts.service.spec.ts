import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeTrafficRouter } from '../../test/fakes/fake-traffic-router.js';
import { TrafficRoutes } from './traffic-routes.provider.js';
import { type Applied, TrafficShifts } from './traffic-shifts.service.js';
import type { ShiftMark } from './verify-share.js';

Logger.overrideLogger(false);

const checkout = { project: 'shop', environment: 'production', service: 'checkout' };
let router: FakeTrafficRouter;
let shifts: TrafficShifts;
let users: number;
beforeEach(() => {
  users = 0;
  router = new FakeTrafficRouter();
  shifts = new TrafficShifts(
    new TrafficRoutes([{ target: checkout, router, requestsPerKey: 1, afterRelease: 'swap' }]),
  );
});

const send = (count: number): void => {
  for (let each = 0; each < count; each++) router.route(`user-${(users += 1)}`);
};
const markOf = (applied: Applied): ShiftMark => {
  if ('mark' in applied && applied.mark) return applied.mark;
  throw new Error(`no mark in ${JSON.stringify(applied)}`);
};

describe('apply', () => {
  it('shifts, and marks from when on the share is verified', async () => {
    send(10);
    expect(await shifts.apply(checkout, 30_000)).toEqual({
      kind: 'shifted',
      from: 0,
      share: 30_000,
      mark: { share: 30_000, counts: { stable: 10, candidate: 0, began: 'at first' } },
    });
    expect(router.share).toBe(30_000);
  });

  it('answers that a service has no route, for each part of its name', async () => {
    for (const other of [{ project: 'x' }, { environment: 'x' }, { service: 'x' }]) {
      expect(await shifts.apply({ ...checkout, ...other }, 1)).toEqual({ kind: 'noRoute' });
    }
    expect(router.share).toBe(0);
  });

  it.each([-1, 100_001, 0.5, NaN])('takes %d for no share', async (share) => {
    await expect(shifts.apply(checkout, share)).rejects.toMatchObject({ kind: 'invalid', code: 'SHARE_INVALID' });
  });

  it('answers a refusal without a mark, and hands an emergency on', async () => {
    await shifts.apply(checkout, 50_000);
    router.isUp.stable = false;
    expect(await shifts.apply(checkout, 0)).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
    expect(await shifts.apply(checkout, 0, { isEmergency: true })).toMatchObject({ kind: 'shifted', share: 0 });
  });

  it('lets shifts of one service follow each other in the order they were asked for', async () => {
    const answers = await Promise.all([10_000, 60_000, 20_000].map((share) => shifts.apply(checkout, share)));
    expect(answers).toMatchObject([
      { from: 0, share: 10_000 },
      { from: 10_000, share: 60_000 },
      { from: 60_000, share: 20_000 },
    ]);
    expect(router.share).toBe(20_000);
  });

  it('goes on after a shift that failed in a way nobody foresaw', async () => {
    router.beforeShift = () => Promise.reject(new Error('a bug'));
    await expect(shifts.apply(checkout, 10_000)).rejects.toThrow('a bug');
    router.beforeShift = () => Promise.resolve();
    expect(await shifts.apply(checkout, 10_000)).toMatchObject({ kind: 'shifted' });
  });
});

describe('bring', () => {
  it('moves as much home as home can take, and refuses the rest', async () => {
    await shifts.apply(checkout, 20_000);
    router.rule = 'proportional';
    const refused = await shifts.bring(checkout, 100_000, 'candidate');
    expect(refused).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
    expect(refused).toHaveProperty('sentence', expect.stringMatching(/As much as it can take was moved\.$/u));
    expect(router.share).toBe(50_000);
    expect(await shifts.bring(checkout, 100_000, 'candidate')).toMatchObject({ kind: 'refused' });
    expect(router.share).toBe(50_000);
  });

  it('moves nothing away from home that was refused', async () => {
    router.rule = 'proportional';
    expect(await shifts.bring(checkout, 60_000, 'stable')).toMatchObject({ kind: 'refused' });
    expect(router.share).toBe(0);
  });

  it('moves what home can take all of', async () => {
    await shifts.apply(checkout, 20_000);
    expect(await shifts.bring(checkout, 0, 'stable')).toMatchObject({ kind: 'shifted', share: 0 });
  });
});

describe('verify', () => {
  it('compares what happened since the mark with the share', async () => {
    send(5_000);
    const mark = markOf(await shifts.apply(checkout, 30_000));
    expect(await shifts.verify(checkout, mark)).toEqual({ kind: 'tooFew', actual: undefined, requests: 0 });
    send(5_000);
    expect(await shifts.verify(checkout, mark)).toMatchObject({ kind: 'matches', requests: 5_000 });
  });

  it('tells a router that says one thing and does another', async () => {
    const mark = markOf(await shifts.apply(checkout, 30_000));
    router.share = 0;
    send(5_000);
    router.share = 30_000;
    expect(await shifts.verify(checkout, mark)).toEqual({ kind: 'differs', actual: 0, requests: 5_000 });
  });

  it('knows nothing of a router that counts no requests', async () => {
    const mark = markOf(await shifts.apply(checkout, 30_000));
    router.isCounting = false;
    expect(await shifts.verify(checkout, mark)).toEqual({ kind: 'uncounted' });
    expect(await shifts.apply(checkout, 40_000)).toEqual({ kind: 'shifted', from: 30_000, share: 40_000 });
  });

  it('tells a share that somebody moved', async () => {
    const mark = markOf(await shifts.apply(checkout, 30_000));
    router.share = 10_000;
    expect(await shifts.verify(checkout, mark)).toEqual({ kind: 'moved', share: 10_000 });
  });

  it('cannot ask a router that is gone, nor one that there is no route for', async () => {
    const mark = markOf(await shifts.apply(checkout, 30_000));
    router.isReachable = false;
    expect(await shifts.verify(checkout, mark)).toMatchObject({ kind: 'unreachable' });
    expect(await shifts.verify({ ...checkout, service: 'x' }, mark)).toEqual({ kind: 'noRoute' });
  });
});
