import { expect, it } from '@jest/globals';
import { type UsageHour, usageLines } from './usage-lines.js';

const NOW = new Date('2026-03-10T12:34:56Z');
const labels = { callersDefault: 'default of the caller', others: 'others' };
const at = (hour: number, variation: string | null, count: number): UsageHour => {
  return { hour: `2026-03-10T${String(hour).padStart(2, '0')}:00:00.000Z`, variation, count };
};

it('draws a value for every hour, 0 where nothing was reported, the busiest first', () => {
  const usage = [at(10, 'off', 3), at(12, 'on', 5), at(12, null, 1)];
  expect(usageLines(usage, { now: NOW, hours: 4, hoursApart: 1 }, labels)).toEqual({
    times: [9, 10, 11, 12].map((hour) => Date.UTC(2026, 2, 10, hour)),
    lines: [
      { label: 'on', values: [0, 0, 0, 5] },
      { label: 'off', values: [0, 3, 0, 0] },
      { label: 'default of the caller', values: [0, 0, 0, 1] },
    ],
  });
});

it('sums hours up, and leaves out what is older', () => {
  const usage = [at(5, 'on', 9), at(6, 'on', 1), at(11, 'on', 2), at(12, 'on', 4)];
  const { times, lines } = usageLines(usage, { now: NOW, hours: 12, hoursApart: 6 }, labels);
  expect(times).toEqual([6, 12].map((hour) => Date.UTC(2026, 2, 10, hour)));
  expect(lines).toEqual([{ label: 'on', values: [3, 4] }]);
});

it('has a line for what is beyond two of more than three', () => {
  const usage = [at(12, 'a', 4), at(12, 'b', 3), at(12, 'c', 2), at(12, 'd', 1)];
  const { lines } = usageLines(usage, { now: NOW, hours: 1, hoursApart: 1 }, labels);
  expect(lines).toEqual([
    { label: 'a', values: [4] },
    { label: 'b', values: [3] },
    { label: 'others', values: [3] },
  ]);
});
