import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeTrafficRouter } from '../../test/contracts/traffic-router-contract.js';
import { type HaproxyInUse, openHaproxy } from '../../test/traffic/haproxy-in-use.js';
import { HaproxyRouter } from './haproxy-router.adapter.js';

const program = process.env['TEST_HAPROXY'];

describe('HaproxyRouter', () => {
  if (program === undefined || program === '') {
    it.skip('is skipped: TEST_HAPROXY is not set', () => undefined);
    return;
  }
  describeTrafficRouter(() => openHaproxy(program));

  const using = async (
    changed: Parameters<typeof openHaproxy>[1],
    work: (haproxy: HaproxyInUse) => Promise<void>,
  ): Promise<void> => {
    const haproxy = await openHaproxy(program, changed);
    try {
      await work(haproxy);
    } finally {
      await haproxy.close();
    }
  };

  it('speaks to a runtime API on TCP too', () =>
    using({ socket: 'tcp' }, async ({ router }) => {
      expect(await router.shift(25_000)).toEqual({ kind: 'shifted', from: 0, share: 25_000 });
      expect(await router.asked()).toBe(25_000);
    }));

  it('adds a key that the map does not have yet', () =>
    using({ key: 'another' }, async ({ router }) => {
      expect(await router.asked()).toBeUndefined();
      expect(await router.shift(5)).toEqual({ kind: 'shifted', from: undefined, share: 5 });
      expect(await router.asked()).toBe(5);
    }));

  it('forgets the share in a restart without a map file, says so, and heals', () =>
    using({}, async ({ route: { mapFile: _none, ...route }, restart }) => {
      const router = new HaproxyRouter(route);
      await router.shift(30_000);
      const before = await router.counts();
      await restart();
      expect(await router.asked()).toBe(0);
      expect((await router.counts()).began).not.toBe(before.began);
      expect(await router.shift(30_000)).toEqual({ kind: 'shifted', from: 0, share: 30_000 });
    }));

  it('keeps the file of the map at the share, also when the share was there already', () =>
    using({}, async ({ router, route, mapText }) => {
      await router.shift(7_777);
      expect(mapText()).toBe('checkout 7777\n');
      writeFileSync(route.mapFile ?? '', 'checkout 1\n');
      expect(await router.shift(7_777)).toEqual({ kind: 'unchanged', share: 7_777 });
      expect(mapText()).toBe('checkout 7777\n');
    }));

  it('says that a share would be forgotten when the file cannot be written', () =>
    using({ mapFile: '/proc/nowhere/checkout.map' }, async ({ router }) => {
      expect(await router.shift(7_777)).toMatchObject({ kind: 'unconfirmed', share: 7_777 });
      expect(await router.asked()).toBe(7_777);
    }));

  it('does not take a server without health checks for one that is up', () =>
    using({ candidate: 'unchecked' }, async ({ router }) => {
      const refused = await router.shift(1_000);
      expect(refused).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
      expect(refused).toHaveProperty('sentence', expect.stringContaining('u0: no health check is configured'));
    }));

  it('gives an arm no more than its part of the capacity, where weights are proportional', () =>
    using({ capacity: 'proportional' }, async ({ router }) => {
      expect(await router.shift(50_000)).toMatchObject({ kind: 'shifted' });
      expect(await router.shift(70_000)).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
      expect(await router.asked()).toBe(50_000);
    }));

  it.each([
    ['a backend', { candidate: 'nothing' }],
    ['a map', { map: '/no/such.map' }],
  ])('cannot ask for %s that HAProxy does not have', (_what, changed) =>
    using(changed, async ({ router }) => {
      expect(await router.shift(1_000)).toMatchObject({ kind: 'unreachable' });
    }),
  );
});
