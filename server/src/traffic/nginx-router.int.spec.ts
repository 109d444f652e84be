import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeTrafficRouter } from '../../test/contracts/traffic-router-contract.js';
import { eventually } from '../../test/traffic/eventually.js';
import { type NginxInUse, openNginx } from '../../test/traffic/nginx-in-use.js';

const program = process.env['TEST_NGINX'];

describe('NginxRouter', () => {
  if (program === undefined || program === '') {
    it.skip('is skipped: TEST_NGINX is not set', () => undefined);
    return;
  }
  describeTrafficRouter(() => openNginx(program));

  const using = async (
    changed: Parameters<typeof openNginx>[1],
    work: (nginx: NginxInUse) => Promise<void>,
  ): Promise<void> => {
    const nginx = await openNginx(program, changed);
    try {
      await work(nginx);
    } finally {
      await nginx.close();
    }
  };

  it('reloads by a signal to the process in a pid file too', () =>
    using({ reload: { pidFile: 'nginx.pid' } }, async ({ router }) => {
      expect(await router.shift(25_000)).toEqual({ kind: 'shifted', from: 0, share: 25_000 });
    }));

  it('keeps a bad file out: nginx has the old one, on disk and in memory', () =>
    using({}, async ({ router, routedBy, includeText, send }) => {
      await router.shift(10_000);
      const before = includeText();
      const refused = await routedBy({ key: '$no_such_variable' }).shift(20_000);
      expect(refused).toMatchObject({ kind: 'refused', code: 'CONFIG_REJECTED' });
      expect(refused).toHaveProperty('sentence', expect.stringContaining('no_such_variable'));
      expect(includeText()).toBe(before);
      expect(await router.asked()).toBe(10_000);
      expect(await send(['somebody'])).not.toContain('nobody');
    }));

  it('reloads nothing while somebody else has broken the configuration', () =>
    using({}, async ({ router, editConfig, includeText }) => {
      const before = includeText();
      editConfig('nonsense on;');
      expect(await router.shift(20_000)).toMatchObject({ kind: 'refused', code: 'CONFIG_REJECTED' });
      expect(includeText()).toBe(before);
      expect(await router.asked()).toBe(0);
    }));

  it('does not call a reload done that did not happen', () =>
    using({ reload: ['true'], timeoutMs: 500 }, async ({ router }) => {
      expect(await router.shift(20_000)).toMatchObject({ kind: 'unconfirmed', share: 20_000 });
      expect(await router.asked()).toBe(0);
    }));

  it('puts the old file back when nginx cannot be told to reload', () =>
    using({ reload: ['false'] }, async ({ router, includeText }) => {
      const before = includeText();
      expect(await router.shift(20_000)).toMatchObject({ kind: 'unreachable' });
      expect(includeText()).toBe(before);
    }));

  it('mends a file that differs from what runs', () =>
    using({}, async ({ router, route, includeText }) => {
      await router.shift(20_000);
      const text = includeText();
      writeFileSync(route.include, 'edited by hand');
      expect(await router.shift(20_000)).toEqual({ kind: 'unchanged', share: 20_000 });
      expect(includeText()).toBe(text);
    }));

  it('counts a log that was rotated or cut from its beginning', () =>
    using({}, async ({ router, route, send }) => {
      await send(Array.from({ length: 50 }, (_each, index) => `user-${index}`));
      await eventually(async () => (await router.counts()).stable === 50);
      const { began } = await router.counts();
      truncateSync(route.log);
      expect(await router.counts()).toMatchObject({ stable: 0, candidate: 0 });
      renameSync(route.log, `${route.log}.1`);
      const rotated = await router.counts();
      expect(rotated).toMatchObject({ stable: 0, candidate: 0 });
      expect(rotated.began).not.toBe(began);
    }));

  it('takes a server that refuses connections for one that is down', () =>
    using({}, async ({ routedBy, route }) => {
      const router = routedBy({ candidate: { ...route.candidate, health: ['http://127.0.0.1:1/health'] } });
      expect((await router.capacity()).candidate).toMatchObject({ part: 0 });
    }));
});
