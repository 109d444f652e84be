import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { aTelemetryReport } from '../../test/builders/a-telemetry-report.js';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import type { Transaction } from '../kernel/transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { MeasurementsRepository } from './measurements.repository.js';
import type { ArrivedReport } from './merge-reports.js';
import { ReportSinks } from './report-sinks.service.js';
import { type Receipt, TelemetryIntake } from './telemetry-intake.service.js';
import { TelemetryRepository } from './telemetry.repository.js';
import { TrackedEventsRepository } from './tracked-events.repository.js';

Logger.overrideLogger(false);
const at = new Date('2026-01-01T00:00:00.000Z');
const POISON = 'poison';

/** A store in memory that takes back what a failed transaction did, can be away, slow, and sick of a batch. */
class Store extends FakeTransactions {
  batches: string[] = [];
  counted = 0;
  instances = 0;
  transactions = 0;
  isAway = false;
  /** Opens no transaction before this. */
  turn: Promise<void> = Promise.resolve();

  override async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.transactions += 1;
    await this.turn;
    if (this.isAway) throw new Error('ECONNREFUSED');
    const { batches, counted, instances } = this;
    try {
      return await super.run(work);
    } catch (error) {
      Object.assign(this, { batches, counted, instances });
      throw error;
    }
  }

  intake(): TelemetryIntake {
    const telemetry = new TelemetryRepository();
    telemetry.claimBatches = (_tx, arrived) => {
      const fresh = arrived.filter(({ report }) => !this.batches.includes(report.batchId));
      this.batches = [...this.batches, ...fresh.map(({ report }) => report.batchId)];
      return Promise.resolve(fresh);
    };
    telemetry.addUsage = (_tx, usage) => {
      this.counted += usage.reduce((sum, { count }) => sum + count, 0);
      return this.batches.includes(POISON) ? Promise.reject(new Error('unheard-of')) : Promise.resolve();
    };
    const tracked = new TrackedEventsRepository();
    tracked.add = () => Promise.resolve();
    const measurements = new MeasurementsRepository();
    measurements.addToArms = () => Promise.resolve();
    measurements.addToHistory = () => Promise.resolve();
    const instances = new InstancesRepository();
    instances.save = (_tx, heard) => {
      this.instances += heard.length;
      return Promise.resolve();
    };
    return new TelemetryIntake(this, telemetry, tracked, measurements, instances, new ReportSinks());
  }
}

let store: Store;
let intake: TelemetryIntake;

beforeEach(() => {
  store = new Store();
  intake = store.intake();
});

const arrived = (batchId: string): ArrivedReport => {
  const usage = [{ flagKey: 'cart', variation: 'on', count: 2, lastAt: at }];
  const instance = { ...aTelemetryReport().instance, id: batchId };
  return { environmentId: 'e', receivedAt: at, report: aTelemetryReport({ batchId, instance, usage }) };
};
const take = (...batchIds: readonly string[]): Promise<readonly Receipt[]> =>
  Promise.all(batchIds.map((batchId) => intake.take(arrived(batchId))));
/** What became of each: stored, a duplicate, or the code it was refused with. */
const fatesOf = async (batchIds: readonly string[]): Promise<readonly string[]> => {
  const settled = await Promise.allSettled(batchIds.map((batchId) => intake.take(arrived(batchId))));
  return settled.map((each) => {
    if (each.status === 'fulfilled') return each.value.duplicate ? 'duplicate' : 'stored';
    return (each.reason as { code: string }).code;
  });
};
const batches = (count: number): string[] => Array.from({ length: count }, (_, i) => `batch-${i}`);

describe('a burst of reports', () => {
  it('is stored in one transaction, to the last count', async () => {
    const receipts = await take(...batches(200));
    expect(receipts.every(({ duplicate }) => !duplicate)).toBe(true);
    expect(store).toMatchObject({ transactions: 1, counted: 400, instances: 200 });
  });

  it('counts a batch once that it has twice, and one that was stored before not at all', async () => {
    await take('early');
    expect(await fatesOf(['a', 'a', 'early', 'b', 'a'])).toEqual([
      'stored',
      'duplicate',
      'duplicate',
      'stored',
      'duplicate',
    ]);
    expect(store).toMatchObject({ transactions: 2, counted: 6 });
  });

  it('is stored in bounded transactions, one after the other', async () => {
    await take(...batches(1_200));
    expect(store).toMatchObject({ transactions: 3, counted: 2_400 });
  });

  it('gathers while an earlier one is being stored', async () => {
    let goOn: () => void = () => undefined;
    store.turn = new Promise((resolve) => (goOn = resolve));
    const early = take(...batches(500));
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.transactions).toBe(1);
    const late = Array.from({ length: 10 }, (_, i) => take(`late-${i}`));
    goOn();
    await Promise.all([early, ...late]);
    expect(store).toMatchObject({ transactions: 2, counted: 1_020 });
  });
});

describe('while reports keep coming', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  it('gathers longer, and as short as ever for who comes alone', async () => {
    const passing = async (ms: number): Promise<number> => {
      await jest.advanceTimersByTimeAsync(ms);
      return store.counted;
    };
    void take('a', 'b');
    expect([await passing(49), await passing(1)]).toEqual([0, 4]);
    void take('c');
    expect(await passing(400)).toBe(4);
    void take('d');
    expect([await passing(99), await passing(1)]).toEqual([4, 8]);
    void take('alone');
    expect(await passing(500)).toBe(10);
    void take('alone again');
    expect([await passing(49), await passing(1)]).toEqual([10, 12]);
  });
});

it('answers nothing before it is stored', async () => {
  let goOn: () => void = () => undefined;
  store.turn = new Promise((resolve) => (goOn = resolve));
  let isAnswered = false;
  const taken = take(...batches(500)).then(() => (isAnswered = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect([store.transactions, isAnswered]).toEqual([1, false]);
  goOn();
  await taken;
  expect(store.counted).toBe(1_000);
});

it('takes the next report although the one before has just been answered', async () => {
  for (const batchId of batches(5)) await take(batchId);
  expect(store.counted).toBe(10);
});

describe('when it fails', () => {
  it('refuses what a store out of reach did not take, asks it once, and takes it later', async () => {
    store.isAway = true;
    const refused = intake.take(arrived('b'));
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', data: { retryAfterSeconds: 5 } });
    expect(await fatesOf(batches(200))).toEqual(batches(200).map(() => 'TELEMETRY_NOT_STORED'));
    expect(store.transactions).toBe(2);
    store.isAway = false;
    expect(await fatesOf(['b', ...batches(200)])).toEqual(batches(201).map(() => 'stored'));
  });

  it.each<[string, (all: string[]) => string[]]>([
    ['first', (all) => [POISON, ...all]],
    ['in the middle', (all) => all.toSpliced(77, 0, POISON)],
    ['last', (all) => [...all, POISON]],
    ['alone', () => [POISON]],
  ])('stores all but the report that cannot be stored, be it %s', async (_name, place) => {
    const all = place(batches(200));
    expect(await fatesOf(all)).toEqual(all.map((each) => (each === POISON ? 'TELEMETRY_NOT_STORED' : 'stored')));
    expect(store.counted).toBe((all.length - 1) * 2);
    expect(store.transactions).toBeLessThan(20);
  });

  it('refuses what it has no room for, and stores what it had taken', async () => {
    const fates = await fatesOf(batches(5_003));
    expect(fates.filter((each) => each === 'stored')).toHaveLength(5_000);
    expect(fates.slice(5_000)).toEqual(batches(3).map(() => 'TELEMETRY_QUEUE_FULL'));
    expect(store.counted).toBe(10_000);
  });
});

describe('when the server shuts down', () => {
  it('stores what has arrived', async () => {
    const taken = take(...batches(3));
    await intake.beforeApplicationShutdown();
    expect(store.counted).toBe(6);
    await taken;
  });

  it('still stores what comes after, and has nothing to do when nothing came', async () => {
    await intake.beforeApplicationShutdown();
    await take('late');
    expect(store.counted).toBe(2);
  });
});
