import { describe, expect, it } from '@jest/globals';
import { mergeSketches, sketchOf } from '@sluice/sdk/ddsketch';
import fc from 'fast-check';
import { aTelemetryReport } from '../../test/builders/a-telemetry-report.js';
import { type Arm, type ArmMeasurement, type MeasuredArm, minuteOf } from './measurement.js';
import { type ArrivedReport, firstOfEachBatch, type In, mergeReports } from './merge-reports.js';
import type { InstanceReport } from './telemetry-batch.js';

const second = (number: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, number));
const nextMinute = (date: Date): Date => new Date(date.getTime() + 60_000);
const seconds = fc.integer({ min: 0, max: 59 }).map(second);
const counts = fc.integer({ min: 1, max: 1_000 });
const usage = fc.uniqueArray(
  fc.record({
    flagKey: fc.constantFrom('a', 'b', 'a","on'),
    variation: fc.constantFrom('on', 'null', null),
    count: counts,
    lastAt: seconds,
  }),
  { selector: ({ flagKey, variation }) => JSON.stringify([flagKey, variation]) },
);
const tracked = fc.uniqueArray(
  fc.record({
    event: fc.constantFrom('bought', 'seen'),
    count: counts,
    // Whole numbers: their sums are exact in any order.
    sum: fc.integer({ min: -1_000, max: 1_000 }),
    lastAt: seconds,
  }),
  { selector: ({ event }) => event },
);
const sums = { n: counts, bad: counts, sum: fc.integer({ min: -1_000, max: 1_000 }), sumSquares: counts };
const arms = fc.uniqueArray(
  fc.record({
    rolloutId: fc.constantFrom('first', 'second'),
    subject: fc.constantFrom('flag/a', 'service/a'),
    arm: fc.constantFrom<Arm>('stable', 'candidate'),
    metric: fc.constantFrom('unit', 'request'),
    ...sums,
    callers: fc.uniqueArray(fc.nat(9)),
    anonymousBad: counts,
    sketch: fc.option(fc.array(fc.double({ noNaN: true })).map(sketchOf)),
  }),
  { selector: ({ rolloutId, subject, arm, metric }) => JSON.stringify([rolloutId, subject, arm, metric]) },
);
const ordinary = fc.uniqueArray(
  fc.record({ subject: fc.constantFrom('all', 'service/a'), metric: fc.constantFrom('unit', 'request'), ...sums }),
  { selector: ({ subject, metric }) => JSON.stringify([subject, metric]) },
);
const reports: fc.Arbitrary<ArrivedReport[]> = fc.array(
  fc.record({
    environmentId: fc.constantFrom('production', 'development'),
    receivedAt: fc.oneof(seconds, seconds.map(nextMinute)),
    report: fc.record({ usage, tracked, arms, ordinary }).map((said) => aTelemetryReport(said)),
  }),
);

const byJson = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
const placeText = ({ environmentId, rolloutId, subject, arm, metric }: In<MeasuredArm>): string =>
  [environmentId, rolloutId, subject, arm, metric].join();
const byPlace = (one: In<MeasuredArm>, other: In<MeasuredArm>): number => (placeText(one) < placeText(other) ? -1 : 1);
const latest = (dates: readonly Date[]): Date | undefined => dates.toSorted((a, b) => a.getTime() - b.getTime()).at(-1);

describe('sums of many reports', () => {
  it('are the sums of their parts, each pair and each event of an environment once', () => {
    fc.assert(
      fc.property(reports, (arrived) => {
        const merged = mergeReports(arrived);
        const ofPair = merged.usage.map(({ environmentId, flagKey, variation, count, lastAt }) => {
          const parts = arrived
            .filter((each) => each.environmentId === environmentId)
            .flatMap(({ report }) => report.usage)
            .filter((each) => each.flagKey === flagKey && each.variation === variation);
          expect(count).toBe(parts.reduce((sum, part) => sum + part.count, 0));
          expect(lastAt).toEqual(latest(parts.map((part) => part.lastAt)));
          return JSON.stringify([environmentId, flagKey, variation]);
        });
        expect(new Set(ofPair).size).toBe(ofPair.length);
        const ofEvent = merged.tracked.map(({ environmentId, event, count, sum, lastAt }) => {
          const parts = arrived
            .filter((each) => each.environmentId === environmentId)
            .flatMap(({ report }) => report.tracked)
            .filter((each) => each.event === event);
          expect(count).toBe(parts.reduce((total, part) => total + part.count, 0));
          expect(sum).toBe(parts.reduce((total, part) => total + part.sum, 0));
          expect(lastAt).toEqual(latest(parts.map((part) => part.lastAt)));
          return JSON.stringify([environmentId, event]);
        });
        expect(new Set(ofEvent).size).toBe(ofEvent.length);
        const total = (all: readonly { readonly count: number }[]) => all.reduce((sum, { count }) => sum + count, 0);
        expect(total(merged.usage)).toBe(total(arrived.flatMap(({ report }) => report.usage)));
        expect(total(merged.tracked)).toBe(total(arrived.flatMap(({ report }) => report.tracked)));
      }),
      { seed: 1 },
    );
  });

  it('are the sums of what was measured, of each arm once, and of each minute of ordinary traffic', () => {
    type Sum = Pick<ArmMeasurement, 'n' | 'bad' | 'sum' | 'sumSquares'>;
    const expectSum = (sum: Sum, parts: readonly Sum[]): void => {
      const total = (of: (part: Sum) => number) => parts.reduce((all, part) => all + of(part), 0);
      expect([sum.n, sum.bad]).toEqual([total(({ n }) => n), total(({ bad }) => bad)]);
      expect([sum.sum, sum.sumSquares]).toEqual([total((part) => part.sum), total((part) => part.sumSquares)]);
    };
    fc.assert(
      fc.property(reports, (arrived) => {
        const merged = mergeReports(arrived);
        const places = merged.arms.map((sum) => {
          const all = arrived.flatMap(({ environmentId, receivedAt, report }) =>
            report.arms.map((each) => ({ ...each, environmentId, receivedAt })),
          );
          const parts = all.filter((each) => placeText(each) === placeText(sum));
          expectSum(sum, parts);
          expect(sum.anonymousBad).toBe(parts.reduce((all, part) => all + part.anonymousBad, 0));
          expect(sum.callers.toSorted()).toEqual([...new Set(parts.flatMap(({ callers }) => callers))].sort());
          const sketches = parts.flatMap(({ sketch }) => (sketch === null ? [] : [sketch]));
          expect(sum.sketch).toEqual(sketches.length === 0 ? null : sketches.reduce(mergeSketches));
          expect(sum.lastAt).toEqual(latest(parts.map(({ receivedAt }) => receivedAt)));
          return placeText(sum);
        });
        expect(new Set(places).size).toBe(places.length);
        const ofArms = arrived.flatMap(({ report }) => report.arms);
        expect(merged.arms.reduce((all, { n }) => all + n, 0)).toBe(ofArms.reduce((all, { n }) => all + n, 0));

        for (const sum of merged.ordinary) {
          const parts = arrived
            .filter(({ environmentId, receivedAt }) => {
              return environmentId === sum.environmentId && minuteOf(receivedAt).getTime() === sum.minute.getTime();
            })
            .flatMap(({ report }) => report.ordinary)
            .filter(({ subject, metric }) => subject === sum.subject && metric === sum.metric);
          expectSum(sum, parts);
        }
        const minutes = merged.ordinary.map(({ environmentId, subject, metric, minute }) =>
          JSON.stringify([environmentId, subject, metric, minute]),
        );
        expect(new Set(minutes).size).toBe(minutes.length);
      }),
    );
  });

  it('are the same in any order', () => {
    const shuffled = reports.chain((arrived) =>
      fc.tuple(fc.constant(arrived), fc.shuffledSubarray(arrived, { minLength: arrived.length })),
    );
    fc.assert(
      fc.property(shuffled, ([arrived, other]) => {
        const [one, another] = [mergeReports(arrived), mergeReports(other)];
        expect(another.usage.toSorted(byJson)).toEqual(one.usage.toSorted(byJson));
        expect(another.tracked.toSorted(byJson)).toEqual(one.tracked.toSorted(byJson));
        const inOrder = (all: typeof one.arms) =>
          all.map((arm) => ({ ...arm, callers: arm.callers.toSorted() })).toSorted(byPlace);
        expect(inOrder(another.arms)).toEqual(inOrder(one.arms));
        expect(another.ordinary.toSorted(byJson)).toEqual(one.ordinary.toSorted(byJson));
      }),
      { seed: 2 },
    );
  });
});

describe('an instance heard more than once', () => {
  const said = (revision: number | null, appliedAt = 0, name = 'checkout'): InstanceReport => {
    const revisionAppliedAt = revision === null ? null : second(appliedAt);
    return { ...aTelemetryReport().instance, name, revision, revisionAppliedAt };
  };
  const merge = (instances: readonly InstanceReport[], times = instances.map((_, index) => index)) =>
    mergeReports(
      instances.map((instance, index) => {
        const receivedAt = second(times[index] ?? 0);
        return { environmentId: 'production', receivedAt, report: aTelemetryReport({ instance }) };
      }),
    ).instances;

  it.each<[string, readonly InstanceReport[], InstanceReport]>([
    ['serves the higher revision', [said(1), said(2, 1)], said(2, 1)],
    ['is not taken back by a report that was overtaken', [said(2, 1), said(1)], said(2, 1)],
    ['serves a lower revision that was applied later', [said(9), said(3, 1)], said(3, 1)],
    ['serves the higher revision though a clock was put back', [said(1, 5), said(2, 1)], said(2, 1)],
    ['keeps the time it first said of a revision', [said(1, 1), said(1, 5)], said(1, 1)],
    ['serves its first revision', [said(null), said(1, 1)], said(1, 1)],
    ['does not lose its revision', [said(1, 1), said(null)], said(1, 1)],
    ['has the name it said last', [said(1, 1, 'old'), said(1, 1, 'new')], said(1, 1, 'new')],
  ])('%s', (_name, instances, expected) => expect(merge(instances)).toMatchObject([expected]));

  it('was heard first when it was heard first, and last when it was heard last', () => {
    expect(merge([said(1), said(1), said(1)], [1, 3, 2])).toMatchObject([
      { firstSeenAt: second(1), lastSeenAt: second(3) },
    ]);
  });

  it('has left once it said so, though reports of before come after', () => {
    const leaving: InstanceReport = { ...said(1), isLeaving: true };
    const [left] = merge([said(1), leaving, said(1)]);
    expect(left).toMatchObject({ leftAt: second(1), lastSeenAt: second(2) });
    expect(left).not.toHaveProperty('isLeaving');
    expect(merge([said(1)])[0]).not.toHaveProperty('leftAt');
  });
});

it('takes the first of the reports of a batch, and the same id of two environments for two batches', () => {
  const arrived = (environmentId: string, batchId: string): ArrivedReport => {
    return { environmentId, receivedAt: second(0), report: aTelemetryReport({ batchId }) };
  };
  const [first, repeat, other, elsewhere] = [
    arrived('e', 'b'),
    arrived('e', 'b'),
    arrived('e', 'c'),
    arrived('f', 'b'),
  ];
  const taken = firstOfEachBatch([first, repeat, other, elsewhere]);
  expect(taken).toHaveLength(3);
  expect(taken[0]).toBe(first);
  expect(taken[2]).toBe(elsewhere);
});
