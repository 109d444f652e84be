import { expect, it } from '@jest/globals';
import { minuteLines } from './minute-lines.js';

const at = (minute: string, n: number, x: number) => ({ minute: `2026-01-01T00:${minute}:00Z`, n, x });
const now = new Date('2026-01-01T00:09:30Z');

it('sums minutes, and knows no rate where nothing was compared', () => {
  const lines = minuteLines([at('04', 9, 9), at('06', 10, 1), at('07', 30, 1), at('09', 4, 0)], {
    ...{ now, span: 4, minutesApart: 2 },
  });
  expect(lines).toEqual({
    times: [Date.parse('2026-01-01T00:06:00Z'), Date.parse('2026-01-01T00:08:00Z')],
    compared: [40, 4],
    rate: [0.05, 0],
  });
  expect(minuteLines([], { now, span: 2, minutesApart: 1 }).rate).toEqual([null, null]);
});
