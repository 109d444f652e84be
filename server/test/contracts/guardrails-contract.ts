import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { MetricAnswer } from '../../src/analysis/index.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { FlagSettingsRepository } from '../../src/flags/flag-settings.repository.js';
import { FlagsRepository } from '../../src/flags/flags.repository.js';
import type { Guardrail } from '../../src/guardrails/guardrail.js';
import { GuardrailsReader } from '../../src/guardrails/index.js';
import { acknowledge, NO_CHECKS } from '../../src/guardrails/guardrail-state.js';
import { GuardrailsRepository } from '../../src/guardrails/guardrails.repository.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { InstancesRepository } from '../../src/telemetry/instances.repository.js';
import { MeasurementsRepository } from '../../src/telemetry/measurements.repository.js';
import { aFlag } from '../builders/a-flag.js';
import { aGuardrail, aMeasurementStatement } from '../builders/a-guardrail.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aGuardrailReplica } from '../builders/a-guardrail-replica.js';
import { someSettings } from '../builders/settings.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { FakeMetricProvider } from '../fakes/fake-metric-provider.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const BAD = [1];
const GOOD = [100];
const RUNNING = new AbortController().signal;
const BROKEN = { state: 'broken', reason: '1 is not within at least 30.', counts: { ...NO_CHECKS, bad: 2 } } as const;
const SEEN = {
  actorId: 'token-1',
  actorName: 'Ann "☂"',
  comment: 'on it',
  release: true,
  at: '2026-01-01T00:00:00.000Z',
};

/** What the guardrails' repository and checks promise on every database. */
export function describeGuardrails(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const guardrails = new GuardrailsRepository();
  const events = new EventsRepository();
  const settings = new FlagSettingsRepository();
  beforeAll(() => void Logger.overrideLogger(false));
  afterAll(() => void Logger.overrideLogger(['warn']));
  let clock: FakeClock;
  let project: ReturnType<typeof aProject>;
  let environment: ReturnType<typeof anEnvironment>;
  let flag: ReturnType<typeof aFlag>;

  beforeEach(async () => {
    clock = new FakeClock();
    project = aProject({ id: ids.next(), key: `p-${ids.next().slice(-6)}` });
    environment = anEnvironment({ id: ids.next(), projectId: project.id });
    flag = aFlag({ id: ids.next(), projectId: project.id });
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, environment);
      await new FlagsRepository().insert(tx, flag);
      await settings.save(tx, { flagId: flag.id, environmentId: environment.id }, someSettings());
    });
  });

  const add = async (overrides: Partial<Guardrail> = {}): Promise<Guardrail> => {
    const where = { projectId: project.id, environmentId: environment.id };
    const guardrail = aGuardrail({ id: ids.next(), ...where, ...overrides });
    await store.run((tx) => guardrails.insert(tx, guardrail));
    return guardrail;
  };
  const find = async ({ id }: Guardrail): Promise<Guardrail> => {
    const found = await store.run((tx) => guardrails.find(tx, id));
    if (found === null) throw new Error('It is gone.');
    return found;
  };
  const eventTypes = () =>
    store.run(async (tx) => (await events.listAfter(tx, project.id, { after: 0, limit: 100 })).map(({ type }) => type));
  const replica = (say: FakeMetricProvider['say']) => {
    const provider = new FakeMetricProvider(say);
    return { provider, checks: aGuardrailReplica({ transactions: store.transactions, provider, clock, ids }) };
  };
  const kill = { alert: true, hold: null, kill: { flag: 'new-cart' } };

  it('gives a guardrail back as it was stored', async () => {
    const checked = {
      ...BROKEN,
      state: 'acknowledged',
      acknowledgement: SEEN,
      lastCheck: { outcome: 'couldNotAsk', value: null, sentence: 'Füße 店 "\'\\', at: '2026-01-01T00:00:00.000Z' },
      recentChecks: [{ outcome: 'good', value: 1.5, at: '2026-01-01T00:00:00.000Z' }],
      watchedSince: new Date('2026-01-01T00:00:01.000Z'),
      onBroken: { alert: false, hold: { covers: ['flag/a'] }, kill: { flag: 'a' } },
    } as const;
    const stored = await add({ ...checked, statement: aMeasurementStatement({ atMost: 99 }) });
    expect(await find(stored)).toEqual(stored);
    expect(await store.run((tx) => guardrails.findByKey(tx, environment.id, 'orders'))).toEqual(stored);
    const fresh = await add({ key: 'fresh' });
    expect(await find(fresh)).toEqual(fresh);
  });

  it('keeps keys distinct within an environment, and lists by creation', async () => {
    const first = await add();
    const second = await add({ key: 'another' });
    const elsewhere = await add({ environmentId: ids.next() });
    await expect(add()).rejects.toMatchObject({ kind: 'conflict', code: 'GUARDRAIL_EXISTS' });
    const list = (limit: number, after?: string, environmentIds?: readonly string[]) =>
      store.run((tx) => guardrails.listPage(tx, project.id, { limit, after }, environmentIds));
    expect(await list(1)).toEqual([first, second]);
    expect(await list(9, first.id)).toEqual([second, elsewhere]);
    expect(await list(9, undefined, [environment.id])).toEqual([first, second]);
  });

  it('saves over the version it was made from, and no other', async () => {
    const before = await add();
    const after = await store.run((tx) => guardrails.save(tx, { ...before, name: 'Sales' }));
    expect(after).toEqual({ ...before, name: 'Sales', version: 2 });
    expect(await find(before)).toEqual(after);
    const collided = { kind: 'conflict', code: 'EDIT_COLLIDED' };
    await expect(store.run((tx) => guardrails.save(tx, before))).rejects.toMatchObject(collided);
    await expect(store.run((tx) => guardrails.delete(tx, before))).rejects.toMatchObject(collided);
    await store.run((tx) => guardrails.delete(tx, after));
    expect(await store.run((tx) => guardrails.find(tx, before.id))).toBeNull();
  });

  it('finds those that are due, who waits longest first', async () => {
    const at = (second: number): Date => new Date(Date.UTC(2025, 0, 1, 0, 0, second));
    const late = await add({ key: 'late', nextCheckAt: at(2) });
    const later = await add({ key: 'later', nextCheckAt: at(1) });
    const notYet = await add({ key: 'not-yet', nextCheckAt: at(4) });
    const due = await store.run((tx) => guardrails.listDue(tx, at(3), 100));
    expect(due.filter((id) => [late.id, later.id, notYet.id].includes(id))).toEqual([later.id, late.id]);
  });

  it('tells what keeps rollouts waiting, in order of key', async () => {
    const hold = { alert: true, hold: { covers: ['flag/new-cart'] }, kill: null };
    await add({ ...BROKEN, key: 'b', onBroken: hold });
    await add({
      ...BROKEN,
      key: 'a',
      state: 'acknowledged',
      acknowledgement: { ...SEEN, release: false },
      onBroken: hold,
    });
    await add({ ...BROKEN, key: 'let-go', state: 'acknowledged', acknowledgement: SEEN, onBroken: hold });
    await add({ ...BROKEN, key: 'no-hold' });
    await add({ key: 'good', state: 'recovered', onBroken: hold });
    const nowhere = ids.next();
    const broken = await store.run((tx) => new GuardrailsReader(guardrails).broken(tx, [environment.id, nowhere]));
    const { reason: sentence } = BROKEN;
    expect([...broken.keys()]).toEqual([environment.id]);
    expect(broken.get(environment.id)).toEqual(
      ['a', 'b'].map((key) => ({ key, name: 'Orders', sentence, covers: ['flag/new-cart'] })),
    );
  });

  it('breaks, pulls its kill switch and recovers once each, although two servers check it at once', async () => {
    const guardrail = await add({ onBroken: kill });
    let said = BAD;
    const [here, there] = [replica(() => said), replica(() => said)];
    const checkTwice = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        await Promise.all([here, there].map(({ checks }) => checks.check(guardrail.id, RUNNING)));
        clock.advance(60_000);
      }
    };
    await checkTwice(5);
    const broken = await find(guardrail);
    expect(broken).toMatchObject({ state: 'broken', counts: { bad: 5 }, version: 1 });
    expect(broken.changedAt).toEqual(new Date('2026-01-01T00:01:00.000Z'));
    expect(await eventTypes()).toEqual(['dev.sluice.flag.killed', 'dev.sluice.guardrail.broken']);
    const place = { flagId: flag.id, environmentId: environment.id };
    expect(await store.run((tx) => settings.find(tx, place))).toMatchObject({ on: false, version: 2 });
    const found = await store.run((tx) => new EnvironmentsRepository().find(tx, project.id, environment.key));
    expect(found?.revision).toBe(1);
    said = GOOD;
    await checkTwice(4);
    expect(await find(guardrail)).toMatchObject({ state: 'holding', counts: { good: 4 } });
    expect((await eventTypes()).slice(2)).toEqual(['dev.sluice.guardrail.recovered']);
  });

  it('breaks although the flag of its kill switch is off already, or gone', async () => {
    const gone = await add({ key: 'gone', failureLimit: 1, onBroken: { ...kill, kill: { flag: 'nobody' } } });
    const { checks } = replica(() => BAD);
    await checks.check(gone.id, RUNNING);
    const off = await add({ key: 'off', failureLimit: 1, onBroken: kill });
    await store.run(async (tx) => {
      const place = { flagId: flag.id, environmentId: environment.id };
      const before = await settings.find(tx, place);
      if (before !== null) await settings.save(tx, place, { ...before, on: false });
    });
    await checks.check(off.id, RUNNING);
    expect([(await find(gone)).state, (await find(off)).state]).toEqual(['broken', 'broken']);
    const all = await store.run((tx) => events.listAfter(tx, project.id, { after: 0, limit: 10 }));
    expect(all.map(({ type, data }) => [type, data['kill']])).toEqual([
      ['dev.sluice.guardrail.broken', 'gone'],
      ['dev.sluice.guardrail.broken', 'off'],
    ]);
  });

  it('lets a check that a person came between say nothing', async () => {
    const guardrail = await add({ ...BROKEN, counts: { ...NO_CHECKS, good: 1 } });
    const { checks } = replica(() => GOOD);
    const slow = replica(() => GOOD);
    const measure = slow.provider.measure.bind(slow.provider);
    slow.provider.measure = async (...asked) => {
      await store.run((tx) => guardrails.save(tx, { ...guardrail, ...acknowledge(guardrail, SEEN) }));
      return measure(...asked);
    };
    await slow.checks.check(guardrail.id, RUNNING);
    expect(await find(guardrail)).toMatchObject({ state: 'acknowledged', counts: { good: 1 }, version: 2 });
    await checks.check(guardrail.id, RUNNING);
    expect(await find(guardrail)).toMatchObject({ state: 'recovered', acknowledgement: null, version: 2 });
  });

  it('checks none that is not due, is gone, or that a server which ends has begun', async () => {
    const guardrail = await add({ nextCheckAt: new Date('2026-01-01T00:00:01.000Z') });
    const { checks, provider } = replica(() => BAD);
    await checks.check(guardrail.id, RUNNING);
    await checks.check(ids.next(), RUNNING);
    expect(provider.asked).toEqual([]);
    clock.advance(1_000);
    const closing = new AbortController();
    closing.abort();
    await checks.check(guardrail.id, closing.signal);
    expect(await find(guardrail)).toEqual(guardrail);
  });

  it('asks for its environment and window', async () => {
    const statement = {
      kind: 'query',
      query: { kind: 'json', url: 'http://x.test/{{environment}}?{{window}}', method: 'GET', headers: {}, path: '$' },
      windowSeconds: 90,
      atLeast: 1,
    } as const;
    const guardrail = await add({ statement });
    const { checks, provider } = replica(() => GOOD);
    await checks.check(guardrail.id, RUNNING);
    const [asked] = provider.asked;
    expect(asked?.query).toMatchObject({ url: 'http://x.test/production?90s' });
    expect(asked?.window).toEqual({ from: new Date(clock.now().getTime() - 90_000), to: clock.now(), stepMs: 1_500 });
  });

  it.each<[string, MetricAnswer]>([
    ['noData', { kind: 'none', reason: 'Nothing.', query: 'q', warnings: [] }],
    ['couldNotAsk', { kind: 'error', code: 'PROVIDER_FAILED', reason: 'It answers 503.', query: 'q' }],
  ])('counts %s on its own, and breaks and mends nothing by it', async (outcome, answer) => {
    const [good, broken] = [await add({ key: 'good', state: 'holding' }), await add({ ...BROKEN, key: 'broken' })];
    const { checks } = replica(() => answer);
    for (let time = 0; time < 5; time += 1) {
      for (const { id } of [good, broken]) await checks.check(id, RUNNING);
      clock.advance(60_000);
    }
    expect(await find(good)).toMatchObject({ state: 'holding', counts: { [outcome]: 5 }, lastCheck: { outcome } });
    expect(await find(broken)).toMatchObject({
      state: 'broken',
      reason: BROKEN.reason,
      counts: { bad: 2, [outcome]: 5 },
    });
    expect(await eventTypes()).toEqual([]);
  });

  it('judges what SDKs measured, and that they measured nothing', async () => {
    const guardrail = await add({ failureLimit: 1, statement: aMeasurementStatement({ windowSeconds: 120 }) });
    const orders = { environmentId: environment.id, subject: 'all', metric: 'orders', bad: 0, sum: 0, sumSquares: 0 };
    const minutes = [-3, -2, -1].map((back) => new Date(clock.now().getTime() + back * 60_000));
    await store.run((tx) =>
      new MeasurementsRepository().addToHistory(
        tx,
        minutes.map((minute) => ({ ...orders, minute, n: 45 })),
      ),
    );
    const heard = async (): Promise<void> => {
      const seen = { revision: null, revisionAppliedAt: null, firstSeenAt: clock.now(), lastSeenAt: clock.now() };
      const instance = { id: 'one', name: 'shop', sdk: 'test', service: null, serviceVersion: null };
      await store.run((tx) =>
        new InstancesRepository().save(tx, [{ environmentId: environment.id, ...instance, ...seen }]),
      );
    };
    const { checks } = replica(() => BAD);
    const check = async (): Promise<Guardrail> => {
      await checks.check(guardrail.id, RUNNING);
      clock.advance(60_000);
      return find(guardrail);
    };
    expect(await check()).toMatchObject({ state: 'holding', lastCheck: { value: 45 } });
    await heard();
    expect(await check()).toMatchObject({ state: 'broken', lastCheck: { value: 22.5 } });
    await heard();
    expect(await check()).toMatchObject({ state: 'broken', lastCheck: { value: 0 } });
    clock.advance(60 * 60_000);
    expect(await check()).toMatchObject({ state: 'broken', lastCheck: { outcome: 'noData' } });
    const { recentChecks } = await find(guardrail);
    expect(recentChecks.map(({ value }) => value)).toEqual([45, 22.5, 0, null]);
  });
}
