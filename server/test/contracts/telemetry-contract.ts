import { beforeEach, expect, it } from '@jest/globals';
import { InstancesRepository } from '../../src/telemetry/instances.repository.js';
import { ReachReader, ReportedVersionsReader } from '../../src/telemetry/index.js';
import { type ArrivedReport, type HeardInstance, type In, mergeReports } from '../../src/telemetry/merge-reports.js';
import type { InstanceReport, UsageCount } from '../../src/telemetry/telemetry-batch.js';
import { TelemetryRepository } from '../../src/telemetry/telemetry.repository.js';
import { aTelemetryReport } from '../builders/a-telemetry-report.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const at = (time: string): Date => new Date(`2026-01-01T${time}.000Z`);
const noon = at('12:00:00');

/** What the repository of batches and usage promises on every database. */
export function describeTelemetry(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const telemetry = new TelemetryRepository();
  let environmentId: string;
  const arrived = (batchId: string, receivedAt = noon, into = environmentId): ArrivedReport => {
    return { environmentId: into, receivedAt, report: aTelemetryReport({ batchId }) };
  };
  const claim = async (batchId: string, now = noon): Promise<boolean> =>
    (await store.run((tx) => telemetry.claimBatches(tx, [arrived(batchId, now)]))).length === 1;
  const addIn = (into: string, usage: readonly UsageCount[]) =>
    store.run((tx) =>
      telemetry.addUsage(
        tx,
        usage.map((each) => ({ ...each, environmentId: into })),
      ),
    );
  const add = (...usage: readonly UsageCount[]) => addIn(environmentId, usage);
  const usageOf = (flagKey: string) => store.run((tx) => telemetry.listUsage(tx, [environmentId], [flagKey]));
  const used = (flagKey: string, variation: string | null, count = 1, lastAt = noon): UsageCount => {
    return { flagKey, variation, count, lastAt };
  };

  beforeEach(() => {
    environmentId = ids.next();
  });

  it('takes every batch of an environment once', async () => {
    expect(await claim('b')).toBe(true);
    expect(await claim('b')).toBe(false);
    environmentId = ids.next();
    expect(await claim('b')).toBe(true);
  });

  it('takes many batches at once, and tells which of them are new', async () => {
    const other = ids.next();
    const ofOther = (batchId: string) => arrived(batchId, noon, other);
    await claim('b');
    const batches = [arrived('c'), arrived('b'), ofOther('b'), arrived('it\'s a "batch" 🛒'), arrived('a b')];
    const claimed = await store.run((tx) => telemetry.claimBatches(tx, batches));
    expect(claimed).toEqual(batches.filter((_, index) => index !== 1));
    expect(await store.run((tx) => telemetry.claimBatches(tx, batches))).toEqual([]);
  });

  it('never deadlocks when the same batches, in any order, come at once', async () => {
    const batches = Array.from({ length: 50 }, (_, i) => arrived(`batch-${i}`));
    const claims = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? batches : batches.toReversed()));
    const claimed = await Promise.all(claims.map((each) => store.run((tx) => telemetry.claimBatches(tx, each))));
    expect(claimed.flat()).toHaveLength(50);
  });

  it('gives a batch to one of many simultaneous requests', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim('contended')));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('takes a batch again whose first transaction failed', async () => {
    const failing = store.run(async (tx) => {
      await telemetry.claimBatches(tx, [arrived('retried')]);
      throw new Error('the store went away');
    });
    await expect(failing).rejects.toThrow('the store went away');
    expect(await claim('retried')).toBe(true);
  });

  it('sums counts and keeps the latest time, whichever report comes first', async () => {
    await add(used('cart', 'on', 2, at('10:00:02')), used('cart', null, 5, at('10:00:00')));
    await add(used('cart', 'on', 3, at('10:00:01')));
    await add(used('cart', 'on', 4, at('10:00:03')));
    expect(await usageOf('cart')).toEqual([
      { environmentId, ...used('cart', null, 5, at('10:00:00')) },
      { environmentId, ...used('cart', 'on', 9, at('10:00:03')) },
    ]);
  });

  it('sums by the hour too, and forgets hours that are over', async () => {
    await add(used('hourly', 'on', 2, at('10:59:59')), used('hourly', null, 1, at('11:00:00')));
    await add(used('hourly', 'on', 3, at('10:00:00')));
    const hoursFrom = (from: Date) => store.run((tx) => telemetry.listHours(tx, environmentId, 'hourly', from));
    const eleven = { hour: at('11:00:00'), variation: null, count: 1 };
    expect(await hoursFrom(at('10:30:00'))).toEqual([{ hour: at('10:00:00'), variation: 'on', count: 5 }, eleven]);
    await store.run((tx) => telemetry.forgetUsageHours(tx, at('11:00:00'), 1_000));
    expect(await hoursFrom(at('10:30:00'))).toEqual([eleven]);
  });

  it('adds nothing for an empty report', async () => {
    await add();
    expect(await usageOf('cart')).toEqual([]);
  });

  it('counts keys in every script and with every sign', async () => {
    const keys = ['a/b:c.d', "it's; DROP TABLE flag_usage", '"quoted"\\', 'Füße 店 🛒', '$1 ${x}'];
    await add(...keys.map((key) => used(key, key)));
    for (const key of keys) expect(await usageOf(key)).toMatchObject([{ flagKey: key, variation: key, count: 1 }]);
  });

  it('counts beyond 32 bits', async () => {
    await add(used('busy', 'on', 1_000_000_000_000));
    await add(used('busy', 'on', 1_000_000_000_000));
    expect(await usageOf('busy')).toMatchObject([{ count: 2_000_000_000_000 }]);
  });

  it('stops counting where numbers are no longer exact, and goes on taking reports', async () => {
    await add(used('endless', 'on', Number.MAX_SAFE_INTEGER));
    await add(used('endless', 'on', Number.MAX_SAFE_INTEGER, at('13:00:00')));
    expect(await usageOf('endless')).toMatchObject([{ count: Number.MAX_SAFE_INTEGER, lastAt: at('13:00:00') }]);
  });

  it('adds to several environments at once', async () => {
    const other = ids.next();
    const usage = [environmentId, other].map((into, i) => ({ ...used('shared', 'on', i + 1), environmentId: into }));
    await store.run((tx) => telemetry.addUsage(tx, usage));
    const found = await store.run((tx) => telemetry.listUsage(tx, [environmentId, other], ['shared']));
    expect(found).toEqual(usage);
  });

  it('loses nothing and never deadlocks when many reports of the same flags, in any order, come at once', async () => {
    const flags = Array.from({ length: 50 }, (_, i) => used(`flag-${i}`, 'on'));
    const reports = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? flags : flags.toReversed()));
    await Promise.all(reports.map((usage) => add(...usage)));
    for (const { flagKey } of flags) expect(await usageOf(flagKey)).toMatchObject([{ count: 20 }]);
  });

  it('takes in the largest report there is', async () => {
    await add(...Array.from({ length: 5_000 }, (_, i) => used(`flag-${i}`, 'on', i + 1)));
    expect(await usageOf('flag-4999')).toMatchObject([{ count: 5_000 }]);
  });

  it('tells when flags were last evaluated in any of the environments', async () => {
    const other = ids.next();
    await add(used('cart', 'on', 1, at('10:00:00')), used('cart', null, 1, at('11:00:00')), used('menu', 'on'));
    await addIn(other, [used('cart', 'on', 1, at('12:00:00'))]);
    const found = (...environmentIds: readonly string[]) =>
      store.run((tx) => telemetry.mapLastEvaluated(tx, environmentIds, ['cart', 'unused']));
    expect(await found(environmentId, other, ids.next())).toEqual(new Map([['cart', at('12:00:00')]]));
    expect(await found(environmentId)).toEqual(new Map([['cart', at('11:00:00')]]));
    expect(await found()).toEqual(new Map());
  });

  it('forgets batches of before a moment, a bounded number at a time, and no others', async () => {
    for (const batchId of ['a', 'b', 'c']) await claim(batchId, at('08:00:00'));
    await claim('young', at('08:00:01'));
    const forget = (limit: number) => store.run((tx) => telemetry.forgetBatches(tx, at('08:00:01'), limit));
    expect(await forget(2)).toBe(2);
    expect(await forget(2)).toBe(1);
    expect(await forget(2)).toBe(0);
    expect(await claim('young')).toBe(false);
    expect(await claim('a')).toBe(true);
  });
}

/** What the repository of SDK instances promises on every database. */
export function describeInstances(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const instances = new InstancesRepository();
  let environmentId: string;
  const report = (id: string, overrides: Partial<InstanceReport> = {}): InstanceReport => {
    const said = { revision: 1, revisionAppliedAt: at('10:00:00'), service: null, serviceVersion: null };
    return { id, name: 'checkout', sdk: 'node/1', ...said, ...overrides };
  };
  const serves = (revision: number, time: string) => report('i', { revision, revisionAppliedAt: at(time) });
  const heard = (said: InstanceReport, now = noon): In<HeardInstance> => {
    return { ...said, environmentId, firstSeenAt: now, lastSeenAt: now };
  };
  const save = (said: InstanceReport, now = noon) => store.run((tx) => instances.save(tx, [heard(said, now)]));
  const list = (seenSince = at('00:00:00'), limit = 100, after?: string) =>
    store.run((tx) => instances.list(tx, { environmentId, seenSince }, { limit, after }));

  beforeEach(() => {
    environmentId = ids.next();
  });

  it('gives back what an instance said, and when it was first and last heard', async () => {
    await save(report('i'), at('12:00:00'));
    await save(report('i', { name: 'renamed', sdk: 'node/2' }), at('12:00:10'));
    expect(await list()).toEqual([
      {
        ...report('i', { name: 'renamed', sdk: 'node/2' }),
        ...{ firstSeenAt: at('12:00:00'), lastSeenAt: at('12:00:10'), leftAt: null },
      },
    ]);
  });

  it('waits for an instance no more once it has left, whichever report comes last, and still lists it', async () => {
    const clock = new FakeClock('2026-01-01T12:00:00.000Z');
    const reader = new ReachReader(instances, clock);
    const versions = new ReportedVersionsReader(instances, clock);
    const reach = () => store.run((tx) => reader.reach(tx, environmentId, 5));
    const behind = { revision: 4, service: 'checkout', serviceVersion: 'v1' };
    await save(report('leaver', behind), at('11:59:00'));
    expect(await reach()).toMatchObject({ instances: 1, current: 0, laggards: [{ id: 'leaver' }] });
    const leaving = { ...heard(report('leaver', behind), at('11:59:10')), leftAt: at('11:59:10') };
    await store.run((tx) => instances.save(tx, [leaving]));
    await save(report('leaver', behind), at('11:59:11'));
    expect(await reach()).toEqual({ instances: 0, current: 0, laggards: [], silent: 0 });
    expect(await store.run((tx) => versions.byService(tx, environmentId))).toEqual([]);
    expect(await list()).toMatchObject([{ id: 'leaver', leftAt: at('11:59:10'), lastSeenAt: at('11:59:11') }]);
    clock.advance(120_000);
    expect(await reach()).toMatchObject({ silent: 0 });
  });

  it('takes an instance without a snapshot', async () => {
    await save(report('i', { revision: null, revisionAppliedAt: null }));
    expect(await list()).toMatchObject([{ revision: null, revisionAppliedAt: null }]);
  });

  it.each<[string, readonly InstanceReport[], number, string]>([
    ['a higher revision wins', [serves(1, '10:00:00'), serves(2, '10:00:01')], 2, '10:00:01'],
    [
      'a report overtaken by a newer one changes nothing',
      [serves(2, '10:00:01'), serves(1, '10:00:00')],
      2,
      '10:00:01',
    ],
    ['a lower revision applied later wins', [serves(9, '10:00:00'), serves(3, '10:00:01')], 3, '10:00:01'],
    ['a higher revision wins over a clock put back', [serves(1, '10:00:00'), serves(2, '09:00:00')], 2, '09:00:00'],
    ['the same revision keeps its first time', [serves(1, '10:00:00'), serves(1, '10:00:05')], 1, '10:00:00'],
    [
      'the first revision wins over none',
      [report('i', { revision: null, revisionAppliedAt: null }), serves(1, '10:00:00')],
      1,
      '10:00:00',
    ],
    [
      'none gives way to a known one',
      [serves(1, '10:00:00'), report('i', { revision: null, revisionAppliedAt: null })],
      1,
      '10:00:00',
    ],
  ])('%s', async (_name, reports, revision, time) => {
    for (const each of reports) await save(each);
    expect(await list()).toMatchObject([{ revision, revisionAppliedAt: at(time) }]);
  });

  it('comes to the same, whether reports are merged before they are stored or stored one by one', async () => {
    const revisions = [null, 1, 2, 3];
    const times = ['09:00:00', '10:00:00', '11:00:00'];
    const said = revisions.flatMap((revision) =>
      (revision === null ? [null] : times).map((time) => {
        return report('', { revision, revisionAppliedAt: time === null ? null : at(time) });
      }),
    );
    const triples = said.flatMap((a) => said.flatMap((b) => said.map((c) => [a, b, c])));
    const reports = triples.map((triple, i) => triple.map((each) => ({ ...each, id: `triple-${i}` })));
    for (const index of [0, 1, 2]) {
      const round = reports.flatMap((triple) => triple.slice(index, index + 1));
      await store.run((tx) =>
        instances.save(
          tx,
          round.map((each) => heard(each)),
        ),
      );
    }
    const oneByOne = await list(undefined, 2_000);
    expect(oneByOne).toHaveLength(triples.length);

    environmentId = ids.next();
    const arrived = reports.flat().map((instance) => {
      return { environmentId, receivedAt: noon, report: aTelemetryReport({ instance }) };
    });
    await store.run((tx) => instances.save(tx, mergeReports(arrived).instances));
    expect(await list(undefined, 2_000)).toEqual(oneByOne);
  });

  it('is never seen earlier than it was', async () => {
    await save(report('i'), at('12:00:10'));
    await save(report('i'), at('12:00:00'));
    expect(await list()).toMatchObject([{ lastSeenAt: at('12:00:10') }]);
  });

  it('keeps every instance when many report for the first time at once', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `instance-${i % 10}`);
    await Promise.all(names.map((id) => save(report(id))));
    expect(await list()).toHaveLength(10);
  });

  it('lists those seen since a moment by id, one more than the limit, after the cursor', async () => {
    for (const id of ['c', 'a', 'b']) await save(report(id), at('12:00:00'));
    await save(report('long-gone'), at('11:59:59'));
    const idsOf = (found: Awaited<ReturnType<typeof list>>) => found.map(({ id }) => id);
    expect(idsOf(await list(at('12:00:00')))).toEqual(['a', 'b', 'c']);
    expect(idsOf(await list(at('12:00:00'), 1))).toEqual(['a', 'b']);
    expect(idsOf(await list(at('12:00:00'), 5, 'a'))).toEqual(['b', 'c']);
  });

  it('counts by when instances were seen and by what they serve', async () => {
    await save(report('old', { revision: 5 }), at('11:00:00'));
    await save(report('behind', { revision: 4 }), at('12:00:00'));
    await save(report('current', { revision: 5 }), at('12:00:00'));
    await save(report('ahead', { revision: 6 }), at('12:00:00'));
    await save(report('empty', { revision: null, revisionAppliedAt: null }), at('12:00:00'));
    const counts = await store.run(async (tx) => [
      await instances.count(tx, environmentId, { from: at('12:00:00') }),
      await instances.count(tx, environmentId, { from: at('11:00:00'), to: at('12:00:00') }),
      await instances.countServing(tx, environmentId, { revision: 5, seenSince: at('12:00:00') }),
    ]);
    expect(counts).toEqual([4, 1, 2]);
  });

  it('tells how long instances took to serve just this revision', async () => {
    const propagation = () =>
      store.run((tx) => instances.propagation(tx, environmentId, { revision: 5, askedAt: at('12:00:00') }));
    expect(await propagation()).toBeNull();
    for (let second = 1; second <= 4; second += 1) {
      const revisionAppliedAt = at(`12:00:0${second}`);
      await save(report(`on-${second}`, { revision: 5, revisionAppliedAt }), at('12:00:09'));
    }
    await save(report('ahead', { revision: 6, revisionAppliedAt: at('12:00:08') }), at('12:00:09'));
    await save(report('behind', { revision: 4, revisionAppliedAt: at('11:00:00') }), at('12:00:09'));
    expect(await propagation()).toEqual({ p50: 2_000, p99: 4_000 });
  });

  it('tells how far a revision has reached, and names those that lag, the farthest behind first', async () => {
    const clock = new FakeClock('2026-01-01T12:00:00.000Z');
    const reader = new ReachReader(instances, clock);
    const serving = (revision: number | null, id: string) =>
      report(id, { name: `pod ${id}`, ...(revision === null ? { revision, revisionAppliedAt: null } : { revision }) });
    for (const [id, revision] of [
      ['ahead', 6],
      ['current', 5],
      ['b', 4],
      ['a', 4],
      ['far', 1],
      ['empty', null],
    ] as const) {
      await save(serving(revision, id), at('11:59:00'));
    }
    await save(serving(1, 'silent'), at('11:50:00'));
    await save(serving(5, 'also silent'), at('11:50:00'));
    await save(serving(5, 'long gone'), at('10:00:00'));
    expect(await store.run((tx) => reader.reach(tx, environmentId, 5))).toEqual({
      instances: 6,
      current: 2,
      silent: 2,
      laggards: [
        { id: 'empty', name: 'pod empty', revision: null },
        { id: 'far', name: 'pod far', revision: 1 },
        { id: 'a', name: 'pod a', revision: 4 },
        { id: 'b', name: 'pod b', revision: 4 },
      ],
    });
    for (let i = 0; i < 30; i += 1) await save(serving(2, `more-${i}`), at('11:59:00'));
    const reach = await store.run((tx) => reader.reach(tx, environmentId, 5));
    expect([reach.instances, reach.current, reach.laggards.length]).toEqual([36, 2, 20]);
  });

  it('tells which versions of services report, and which instances are of each', async () => {
    const reader = new ReportedVersionsReader(instances, new FakeClock('2026-01-01T12:00:00.000Z'));
    const of = (id: string, service: string | null, serviceVersion: string | null) =>
      save(report(id, { name: `pod ${id}`, service, serviceVersion }), at('11:59:00'));
    await of('c', 'checkout', 'v2');
    await of('b', 'checkout', 'v1');
    await of('a', 'checkout', 'v2');
    await of('d', 'checkout', null);
    await of('e', 'cart', 'v1');
    await of('f', null, null);
    await save(report('silent', { service: 'checkout', serviceVersion: 'v0' }), at('11:50:00'));
    const pods = (...names: readonly string[]) => names.map((id) => ({ id, name: `pod ${id}` }));
    expect(await store.run((tx) => reader.byService(tx, environmentId))).toEqual([
      { service: 'cart', version: 'v1', instances: pods('e') },
      { service: 'checkout', version: null, instances: pods('d') },
      { service: 'checkout', version: 'v1', instances: pods('b') },
      { service: 'checkout', version: 'v2', instances: pods('a', 'c') },
    ]);
    await of('b', 'checkout', 'v2');
    expect((await store.run((tx) => reader.byService(tx, environmentId))).at(-1)?.instances).toEqual(
      pods('a', 'b', 'c'),
    );
  });

  it('forgets those last seen before a moment, a bounded number at a time', async () => {
    for (const id of ['a', 'b', 'c']) await save(report(id), at('01:00:00'));
    await save(report('young'), at('01:00:01'));
    const forget = (limit: number) => store.run((tx) => instances.forget(tx, at('01:00:01'), limit));
    expect([await forget(2), await forget(2), await forget(2)]).toEqual([2, 1, 0]);
    expect(await list()).toMatchObject([{ id: 'young' }]);
  });
}
