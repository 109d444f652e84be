import { describe, expect, it } from '@jest/globals';
import { forestOf } from './forest.js';

describe('a forest plot', () => {
  it('has no difference in the middle, and the farther end of the interval near its edge', () => {
    const { none, point, low, high } = forestOf({ absolute: 0.01, interval: { low: -0.01, high: 0.03 } });
    expect(none).toBe(0.5);
    expect(high).toBeCloseTo(0.94, 9);
    expect(low).toBeCloseTo(0.5 - 0.44 / 3, 9);
    expect(point).toBeCloseTo(0.5 + 0.44 / 3, 9);
  });

  it('draws a point alone where there is no interval, and in the middle where nothing differs', () => {
    expect(forestOf({ absolute: -2, interval: null })).toMatchObject({ point: expect.closeTo(0.06, 9) });
    expect(forestOf({ absolute: 0, interval: { low: 0, high: 0 } })).toEqual({
      none: 0.5,
      point: 0.5,
      low: 0.5,
      high: 0.5,
    });
  });
});
