import { expect, it } from '@jest/globals';
import { sparkline } from './sparkline.js';

const size = { width: 104, height: 24, margin: 2 };
const good = (value: number) => ({ value, outcome: 'good' });
const unknown = { value: null, outcome: 'couldNotAsk' };

it('draws the largest value at the top, and breaks where none is known', () => {
  expect(sparkline([good(0), good(10), unknown, good(5), good(5)], size)).toEqual({
    lines: ['2,22 27,2', '77,12 102,12'],
    marks: [
      { x: 2, y: 22, outcome: 'good' },
      { x: 27, y: 2, outcome: 'good' },
      { x: 52, y: 22, outcome: 'couldNotAsk' },
      { x: 77, y: 12, outcome: 'good' },
      { x: 102, y: 12, outcome: 'good' },
    ],
  });
});

it('draws one value, values that are all the same, and none', () => {
  expect(sparkline([good(3)], size)).toEqual({ lines: [], marks: [{ x: 52, y: 12, outcome: 'good' }] });
  expect(sparkline([good(3), good(3)], size).lines).toEqual(['2,12 102,12']);
  expect(sparkline([], size)).toEqual({ lines: [], marks: [] });
  expect(sparkline([unknown, unknown], size).lines).toEqual([]);
});
