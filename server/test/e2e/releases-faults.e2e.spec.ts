import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as later } from 'node:timers/promises';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { startOwnTime } from '../clients/own-time.js';
import { hang, type MetricHost, replyJson, replyText, type Reply, startMetricHost } from '../fakes/metric-host.js';
import { type Arms, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

// A host that failed again and again is left alone for half a minute.
jest.setTimeout(120_000);

let server: TestServer;
let world: ReleasesWorld;
const hosts: MetricHost[] = [];

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  world = await ReleasesWorld.furnish(server);
});
afterAll(async () => {
  await server.close();
  await Promise.all(hosts.map((host) => host.close()));
});

const GOOD = replyJson({ value: 1 });
const failures = { kind: 'failures', name: 'failures' };
const good: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } };
const harm: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 60 } };

/** A host of its own, because one that fails is left alone for a while, with all who share it. */
async function aHost(reply: Reply): Promise<MetricHost> {
  const host = await startMetricHost(reply);
  hosts.push(host);
  return host;
}

function asking(host: MetricHost, more: object = {}): object {
  const query = { kind: 'json', url: `${host.url}/{{version}}`, path: '$.value' };
  const judge = { kind: 'threshold', atMost: 10 };
  return { kind: 'query', name: 'latency', query, judge, intervalSeconds: 1, consecutiveErrorLimit: 0, ...more };
}

/** Watches a release for some ticks: it holds, and nothing moves. */
async function expectHeld({ id }: Pick<ReleaseView, 'id'>, codes: readonly string[]): Promise<void> {
  const held = await world.until(id, ({ reason, status }) => status === 'holding' && codes.includes(reason.code));
  for (let look = 0; look < 20; look += 1) {
    const { status, rollout } = await world.read(id);
    expect([['running'], ['holding']]).toContainEqual([status]);
    expect([rollout?.share, rollout?.stepIndex]).toEqual([held.rollout?.share, held.rollout?.stepIndex]);
    await later(50);
  }
}

describe('a metric provider', () => {
  const faults: readonly (readonly [string, Reply, readonly string[]])[] = [
    ['is down', replyText('no', 503), ['COULD_NOT_ASK']],
    ['breaks off', (_request, response) => void response.destroy(), ['COULD_NOT_ASK']],
    ['says NaN', replyJson({ value: 'NaN' }), ['NOT_KNOWN', 'DEADLINE_PASSED']],
    ['says null', replyJson({ value: null }), ['NOT_KNOWN', 'DEADLINE_PASSED']],
    ['says nothing there', replyJson({}), ['NOT_KNOWN', 'DEADLINE_PASSED']],
    ['says another type', replyJson({ value: ['10'] }), ['COULD_NOT_ASK']],
    ['says what is no JSON', replyText('<html>'), ['COULD_NOT_ASK']],
    ['refuses', replyJson({ value: 1 }, 403), ['COULD_NOT_ASK']],
  ];
  const begun = new Map<string, { readonly host: MetricHost; readonly release: ReleaseView }>();

  // All at once, for what could not be asked is asked again after ten seconds.
  beforeAll(async () => {
    for (const [name, reply] of faults) {
      const host = await aHost(reply);
      const policy = await world.policy({
        steps: [{ share: 10_000 }, { share: 100_000 }],
        metrics: [asking(host)],
        onDeadline: { afterSeconds: 0, action: 'hold' },
      });
      begun.set(name, { host, release: (await world.release(await world.flag(), policy)).body as ReleaseView });
    }
  });

  it.each(faults)('that %s neither advances nor rolls back', async (name, _reply, codes) => {
    const of = begun.get(name);
    if (of === undefined) throw new Error(`${name} was not begun.`);
    await expectHeld(of.release, codes);
  });

  it('that is well again lets every ramp go on', async () => {
    for (const { host } of begun.values()) host.reply = GOOD;
    for (const { release } of begun.values()) {
      const released = await world.until(release.id, ({ status }) => status === 'released');
      expect(released).toMatchObject({ attempt: 1, reason: { code: 'PROMOTED_ON_EVIDENCE' } });
    }
  });

  it('that is slow holds up its own ramp alone', async () => {
    const host = await aHost(hang);
    const metrics = [asking(host)];
    const slow = (await world.release(await world.flag(), await world.policy({ steps: [{ share: 100_000 }], metrics })))
      .body as ReleaseView;
    const quick = (await world.release(await world.flag(), await world.policy({ steps: [{ share: 100_000 }] })))
      .body as ReleaseView;
    await world.until(quick.id, ({ status }) => status === 'released');
    const held = await world.read(slow.id);
    expect([held.rollout?.status, held.rollout?.share]).toEqual(['running', 100_000]);
    const aborted = await world.command(slow.id, 'abort', { reason: 'it never answers' });
    expect(aborted.body).toMatchObject({ status: 'aborted' });
  });

  it('rolls back by what it measured, never by that it could not', async () => {
    const host = await aHost(replyText('no', 503));
    const policy = await world.policy({
      steps: [{ share: 10_000 }, { share: 100_000 }],
      metrics: [asking(host)],
      onDeadline: { afterSeconds: 0, action: 'rollBack' },
    });
    const release = (await world.release(await world.flag(), policy)).body as ReleaseView;
    await expectHeld(release, ['COULD_NOT_ASK']);
    host.reply = replyJson({ value: 11 });
    const rolled = await world.until(release.id, ({ status }) => status === 'rolledBack');
    expect(rolled.reason).toMatchObject({
      code: 'EVIDENCE_BAD',
      sentence: expect.stringContaining('11 is more than 10'),
    });
  });
});

describe('evidence of harm', () => {
  const rollsBack = async (release: ReleaseView, flag: string, before: object): Promise<void> => {
    expect((await world.report(release, `flag/${flag}`, harm)).status).toBe(202);
    const ownTime = startOwnTime();
    const rolled = await world.until(release.id, ({ status }) => status === 'rolledBack');
    expect(rolled.reason.code).toBe('EVIDENCE_BAD');
    expect(rolled.rollout?.metrics).toContainEqual(expect.objectContaining({ metric: 'failures', state: 'fail' }));
    expect(await world.settings(flag)).toEqual(before);
    // Two ticks of 0.2 s, and what telemetry gathers.
    expect(ownTime()).toBeLessThan(5_000);
  };

  it('rolls back while the release is paused', async () => {
    const flag = await world.flag();
    const before = await world.settings(flag);
    const steps = [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }];
    const release = (await world.release(flag, await world.policy({ steps, metrics: [failures] }))).body as ReleaseView;
    await world.command(release.id, 'pause', { reason: 'lunch' });
    await rollsBack(release, flag, before);
  });

  it('rolls back while an approval is missing', async () => {
    const flag = await world.flag();
    const before = await world.settings(flag);
    const steps = [{ share: 10_000, gates: [{ kind: 'approval' }] }, { share: 100_000 }];
    const release = (await world.release(flag, await world.policy({ steps, metrics: [failures] }))).body as ReleaseView;
    await world.report(release, `flag/${flag}`, good);
    await world.until(release.id, ({ reason }) => reason.code === 'APPROVAL_MISSING');
    await rollsBack(release, flag, before);
  });

  it('rolls back while a gate does not agree', async () => {
    const host = await aHost(replyText('not yet', 503));
    const flag = await world.flag();
    const before = await world.settings(flag);
    const steps = [{ share: 10_000, gates: [{ kind: 'webhook', url: host.url }] }, { share: 100_000 }];
    const release = (await world.release(flag, await world.policy({ steps, metrics: [failures] }))).body as ReleaseView;
    await world.report(release, `flag/${flag}`, good);
    await world.until(release.id, ({ reason }) => reason.code === 'WEBHOOK_WAITING');
    expect(JSON.parse(host.heard[0]?.body ?? '')).toMatchObject({ releaseId: release.id, share: 10_000 });
    await rollsBack(release, flag, before);
  });

  it('of another attempt is none of this one', async () => {
    const flag = await world.flag();
    const steps = [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }];
    const first = (await world.release(flag, await world.policy({ steps, metrics: [failures] }))).body as ReleaseView;
    await world.report(first, `flag/${flag}`, harm);
    await world.until(first.id, ({ status }) => status === 'rolledBack');
    const second = (await world.command(first.id, 'start')).body as ReleaseView;
    expect(second).toMatchObject({ status: 'running', attempt: 2 });
    // A late report of the first attempt's.
    await world.report(first, `flag/${flag}`, harm);
    await world.report(second, `flag/${flag}`, good);
    const judged = await world.until(first.id, ({ rollout }) => rollout?.verdict === 'pass');
    expect(judged).toMatchObject({ attempt: 2, rollout: { attempt: 2, status: 'running' } });
  });
});
