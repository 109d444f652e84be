import { beforeEach, describe, expect, it } from '@jest/globals';
import { mergeSketches, sketchOf } from '@sluice/sdk/ddsketch';
import fc from 'fast-check';
import type { Arm, ArmMeasurement, OrdinaryMeasurement } from '../../src/telemetry/measurement.js';
import { MeasurementsReader } from '../../src/telemetry/index.js';
import { MeasurementsRepository } from '../../src/telemetry/measurements.repository.js';
import { mergeReports } from '../../src/telemetry/merge-reports.js';
import { aTelemetryReport } from '../builders/a-telemetry-report.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const at = (time: string): Date => new Date(`2026-01-10T${time}.000Z`);
const noon = at('12:00:00');

/** What the repository of measurements promises on every database. */
export function describeMeasurements(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const measurements = new MeasurementsRepository();
  const reader = new MeasurementsReader(measurements);
  let environmentId: string;
  let rolloutId: string;

  const anArm = (overrides: Partial<ArmMeasurement> = {}): ArmMeasurement => {
    const place = { rolloutId, subject: 'flag/new-cart', arm: 'stable', metric: 'unit' } as const;
    const sums = { n: 1, bad: 0, sum: 0, sumSquares: 0, callers: [], anonymousBad: 0, sketch: null };
    return { ...place, ...sums, ...overrides };
  };
  /** Stores as the intake does: merged first. */
  const add = (arms: readonly ArmMeasurement[], lastAt = noon, into = environmentId) =>
    store.run((tx) =>
      measurements.addToArms(
        tx,
        mergeReports([{ environmentId: into, receivedAt: lastAt, report: aTelemetryReport({ arms }) }]).arms,
      ),
    );
  const totals = async (of = rolloutId, into = environmentId) =>
    (await store.run((tx) => reader.totals(tx, [{ id: of, environmentId: into }]))).get(of) ?? [];
  const observe = (receivedAt: Date, ...ordinary: readonly OrdinaryMeasurement[]) =>
    store.run((tx) =>
      measurements.addToHistory(
        tx,
        mergeReports([{ environmentId, receivedAt, report: aTelemetryReport({ ordinary }) }]).ordinary,
      ),
    );
  const traffic = (n: number, overrides: Partial<OrdinaryMeasurement> = {}): OrdinaryMeasurement => {
    return { subject: 'all', metric: 'unit', n, bad: 0, sum: 0, sumSquares: 0, ...overrides };
  };
  const history = (from: Date, to: Date, metric = 'unit', subject = 'all') =>
    store.run((tx) => reader.history(tx, environmentId, { subject, metric, from, to }));

  beforeEach(() => {
    environmentId = ids.next();
    rolloutId = ids.next();
  });

  describe('sums of an arm', () => {
    it('add up, and are told apart by rollout, subject, arm and metric', async () => {
      const first = anArm({ n: 10, bad: 2, sum: 1.5, sumSquares: 2.25, anonymousBad: 1 });
      const candidate = anArm({ arm: 'candidate', n: 3 });
      await add([first, candidate, anArm({ metric: 'order-placed', n: 2, sum: 2, sumSquares: 2 })], at('12:00:10'));
      await add([anArm({ n: 5, bad: 1, sum: -0.5, sumSquares: 0.25, anonymousBad: 1 })], at('12:00:00'));
      await add([anArm({ rolloutId: ids.next(), n: 99 })]);
      await add([anArm({ n: 98 })], noon, ids.next());
      const sums = { bad: 0, callers: 0, sum: 0, sumSquares: 0, sketch: null, lastAt: at('12:00:10') };
      const subject = 'flag/new-cart';
      expect(await totals()).toEqual([
        { ...sums, subject, arm: 'candidate', metric: 'unit', n: 3 },
        { ...sums, subject, arm: 'stable', metric: 'order-placed', n: 2, sum: 2, sumSquares: 2 },
        { ...sums, subject, arm: 'stable', metric: 'unit', n: 15, bad: 3, callers: 2, sum: 1, sumSquares: 2.5 },
      ]);
    });

    it('are none where nothing was measured', async () => {
      await add([]);
      expect(await totals()).toEqual([]);
    });

    it('come to the same, whether reports are merged before they are stored or stored one by one', async () => {
      const values = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { maxLength: 20 });
      const arms = fc.array(
        fc
          .record({
            arm: fc.constantFrom<Arm>('stable', 'candidate'),
            metric: fc.constantFrom('unit', 'request', 'it\'s a "metric" 🛒'),
            callers: fc.array(fc.integer({ min: 0, max: 5 })),
            anonymousBad: fc.nat(3),
            values,
            hasSketch: fc.boolean(),
          })
          .map(({ values: seen, hasSketch, callers, ...said }) => {
            // Which arm came first is told from the reports' order alone, and what is merged has none.
            const failed = callers.map((hash) => (said.arm === 'candidate' ? hash + 10 : hash));
            // Whole numbers: their sums are exact in any order.
            const sum = seen.reduce((total, value) => total + Math.round(value), 0);
            const sketch = hasSketch ? sketchOf(seen) : null;
            const counts = { n: seen.length + 10, bad: said.anonymousBad, callers: failed };
            return { ...said, ...counts, sum, sumSquares: seen.length, sketch };
          }),
        { maxLength: 8 },
      );
      await fc.assert(
        fc.asyncProperty(arms, async (said) => {
          const [merged, oneByOne] = [ids.next(), ids.next()];
          await add(said.map((each) => anArm({ ...each, rolloutId: merged })));
          for (const each of said) await add([anArm({ ...each, rolloutId: oneByOne })]);
          expect(await totals(oneByOne)).toEqual(await totals(merged));
        }),
        { numRuns: 20 },
      );
    });

    it('merge sketches to the last bucket', async () => {
      const [a, b] = [sketchOf([0, 1, 5, 5, 1e15, -3]), sketchOf([5, 1e-9, -3, -4e14, 0])];
      await add([anArm({ metric: 'request', sketch: a })]);
      await add([anArm({ metric: 'request', sketch: b })]);
      expect((await totals())[0]?.sketch).toEqual(mergeSketches(a, b));
    });

    it('count a failing caller once per metric, in the arm it first failed in, in however many reports', async () => {
      await add([anArm({ n: 3, bad: 3, callers: [1, 2, 4_294_967_295] })]);
      await add([anArm({ n: 3, bad: 3, callers: [2, 3], anonymousBad: 1 }), anArm({ metric: 'other', callers: [1] })]);
      await add([anArm({ arm: 'candidate', n: 2, bad: 2, callers: [1, 4] }), anArm({ callers: [4, 5] })]);
      const counted = (await totals()).map(({ arm, metric, callers }) => `${arm} ${metric} ${callers}`);
      expect(counted).toEqual(['candidate unit 0', 'stable other 1', 'stable unit 7']);
      await add([anArm({ arm: 'candidate', n: 2, bad: 2, callers: [5, 6] })]);
      expect(await totals()).toMatchObject([{ arm: 'candidate', callers: 1 }, {}, { arm: 'stable', callers: 7 }]);
    });

    it('count callers of each environment for itself', async () => {
      const other = ids.next();
      await add([anArm({ callers: [1] })], noon, other);
      await add([anArm({ callers: [1] })]);
      expect(await totals()).toMatchObject([{ callers: 1 }]);
      expect(await totals(rolloutId, other)).toMatchObject([{ callers: 1 }]);
    });

    it('stop counting where numbers are no longer exact', async () => {
      await add([anArm({ n: Number.MAX_SAFE_INTEGER })]);
      await add([anArm({ n: 1, sum: 7 })]);
      expect(await totals()).toMatchObject([{ n: Number.MAX_SAFE_INTEGER, sum: 7 }]);
    });

    it('lose nothing and never deadlock when many reports, in any order, come at once', async () => {
      const sketch = sketchOf([5]);
      const arms = Array.from({ length: 30 }, (_, i) =>
        anArm({ metric: `metric-${i}`, callers: [1, 2], sum: 2, sketch }),
      );
      const reports = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? arms : arms.toReversed()));
      await Promise.all(reports.map((each) => add(each)));
      const found = await totals();
      expect(found).toHaveLength(30);
      for (const each of found) {
        expect(each).toMatchObject({ n: 10, sum: 20, callers: 2, sketch: { buckets: [[expect.any(Number), 10]] } });
      }
    });
  });

  describe('ordinary traffic', () => {
    it('adds up by the minute in which it arrived, and is told apart by subject and metric', async () => {
      await observe(
        at('12:00:59'),
        traffic(2, { bad: 1, sum: 3, sumSquares: 5 }),
        traffic(1, { subject: 'service/s' }),
      );
      await observe(at('12:00:00'), traffic(1, { sum: 0.5, sumSquares: 0.25 }), traffic(7, { metric: 'request' }));
      await observe(at('12:01:00'), traffic(4));
      const none = { bad: 0, sum: 0, sumSquares: 0, seconds: 60 };
      expect(await history(at('12:00:00'), at('12:02:00'))).toEqual([
        { ...none, from: at('12:00:00'), n: 3, bad: 1, sum: 3.5, sumSquares: 5.25 },
        { ...none, from: at('12:01:00'), n: 4 },
      ]);
      expect(await history(at('12:00:00'), at('12:01:00'), 'request')).toMatchObject([{ n: 7 }]);
      expect(await history(at('12:00:00'), at('12:02:00'), 'unit', 'service/s')).toMatchObject([{ n: 1 }]);
      expect(await history(at('12:00:01'), at('12:01:00'))).toEqual([]);
    });

    it('is folded into hours, in bounded steps, and loses nothing', async () => {
      for (const minute of ['10:00:00', '10:59:00', '11:00:00', '11:30:00', '12:00:00']) {
        await observe(at(minute), traffic(1, { bad: 1, sum: 2, sumSquares: 3 }));
      }
      const fold = (limit: number) => store.run((tx) => measurements.foldMinutes(tx, noon, limit));
      expect([await fold(3), await fold(3), await fold(3)]).toEqual([3, 1, 0]);
      expect(await history(at('00:00:00'), at('23:00:00'))).toEqual([
        { from: at('10:00:00'), seconds: 3600, n: 2, bad: 2, sum: 4, sumSquares: 6 },
        { from: at('11:00:00'), seconds: 3600, n: 2, bad: 2, sum: 4, sumSquares: 6 },
        { from: noon, seconds: 60, n: 1, bad: 1, sum: 2, sumSquares: 3 },
      ]);
      expect(await store.run((tx) => measurements.forgetHours(tx, at('11:00:00'), 9))).toBe(1);
      expect(await history(at('00:00:00'), at('23:00:00'))).toMatchObject([{ from: at('11:00:00') }, { from: noon }]);
      await store.run((tx) => measurements.foldMinutes(tx, at('13:00:00'), 9));
      await store.run((tx) => measurements.forgetHours(tx, at('13:00:00'), 9));
    });
  });

  it('forgets arms that nothing was added to, and failing callers only once their arm is forgotten', async () => {
    // Long before whatever the other tests leave behind.
    const [old, before] = [new Date('2020-01-01T00:00:00Z'), new Date('2020-01-02T00:00:00Z')];
    await add([anArm({ callers: [1, 2, 3], bad: 3, n: 3 })], old);
    await add([anArm({ metric: 'lively', callers: [1] })], old);
    await add([anArm({ metric: 'lively', callers: [1] })], before);
    const forgetCallers = (limit: number) => store.run((tx) => measurements.forgetCallers(tx, before, limit));
    expect(await forgetCallers(99)).toBe(0);
    expect(await store.run((tx) => measurements.forgetArms(tx, before, 99))).toBe(1);
    expect([await forgetCallers(2), await forgetCallers(2)]).toEqual([2, 1]);
    await add([anArm({ metric: 'lively', callers: [1] }), anArm({ callers: [1] })], before);
    expect(await totals()).toMatchObject([
      { metric: 'lively', callers: 1 },
      { metric: 'unit', callers: 1 },
    ]);
  });
}
