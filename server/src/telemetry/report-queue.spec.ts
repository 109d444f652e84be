import { expect, it } from '@jest/globals';
import { aTelemetryReport } from '../../test/builders/a-telemetry-report.js';
import { ReportQueue } from './report-queue.js';
import type { TelemetryReport } from './telemetry-batch.js';

const lastAt = new Date('2026-01-01T00:00:00.000Z');
interface Item {
  readonly name: string;
  readonly report: TelemetryReport;
}
/** A report that touches so many rows; two is the least. */
const item = (name: string, rows = 2): Item => {
  const usage = Array.from({ length: rows - 2 }, (_, i) => ({ flagKey: `${i}`, variation: null, count: 1, lastAt }));
  return { name, report: aTelemetryReport({ usage }) };
};
const namesOf = (items: readonly Item[]): string => items.map(({ name }) => name).join('');
const queueOf = (most: [number, number], group: [number, number]): ReportQueue<Item> =>
  new ReportQueue({ reports: most[0], rows: most[1] }, { reports: group[0], rows: group[1] });

it.each<[string, [number, number], readonly Item[], string]>([
  ['all there are', [9, 99], [item('a'), item('b')], 'ab,'],
  ['no more reports than it may', [2, 99], [item('a'), item('b'), item('c')], 'ab,c'],
  ['no more rows than it may', [9, 10], [item('a', 4), item('b', 6), item('c')], 'ab,c'],
  ['the next in turn only, however small those after it', [9, 10], [item('a', 4), item('b', 7), item('c')], 'a,bc'],
  ['at least one, however large', [9, 10], [item('a', 11), item('b')], 'a,b'],
])('a group takes %s', (_name, group, items, expected) => {
  const queue = queueOf([99, 999], group);
  for (const each of items) expect(queue.add(each)).toBe(true);
  expect(`${namesOf(queue.takeGroup())},${namesOf(queue.takeGroup())}`).toBe(expected);
  expect(queue.isEmpty).toBe(true);
});

it('has no room beyond its bounds, and has again once a group is taken', () => {
  const queue = queueOf([2, 99], [1, 99]);
  expect(['a', 'b', 'c'].map((name) => queue.add(item(name)))).toEqual([true, true, false]);
  queue.takeGroup();
  expect(queue.add(item('d'))).toBe(true);

  const heavy = queueOf([99, 10], [99, 99]);
  expect([heavy.add(item('a', 6)), heavy.add(item('b', 5)), heavy.add(item('c', 4))]).toEqual([true, false, true]);
  heavy.takeGroup();
  expect(heavy.add(item('d', 10))).toBe(true);
});

it('weighs every sum and every failing caller', () => {
  const sums = { n: 1, bad: 1, sum: 0, sumSquares: 0 };
  const arm = { rolloutId: 'r', subject: 'flag/a', arm: 'stable', metric: 'unit', ...sums } as const;
  const report = aTelemetryReport({
    usage: [{ flagKey: 'a', variation: null, count: 1, lastAt }],
    tracked: [{ event: 'bought', count: 1, sum: 0, lastAt }],
    arms: [{ ...arm, callers: [1, 2, 3], anonymousBad: 0, sketch: null }],
    ordinary: [{ subject: 'all', metric: 'unit', ...sums }],
  });
  const roomFor = (rows: number): boolean => {
    const queue = queueOf([9, rows + 2], [9, 9]);
    queue.add(item('first'));
    return queue.add({ name: 'heavy', report });
  };
  expect([roomFor(8), roomFor(9)]).toEqual([false, true]);
});

it('has room for anything while it is empty', () => {
  expect(queueOf([9, 10], [9, 10]).add(item('a', 11))).toBe(true);
});

it('tells when waiting would not make the next group larger', () => {
  const queue = queueOf([9, 99], [2, 10]);
  queue.add(item('a'));
  expect(queue.hasGroup).toBe(false);
  queue.add(item('b'));
  expect(queue.hasGroup).toBe(true);
  queue.takeGroup();
  queue.add(item('c', 10));
  expect(queue.hasGroup).toBe(true);
});
