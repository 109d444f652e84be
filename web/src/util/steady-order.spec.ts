import { describe, expect, it } from '@jest/globals';
import { steadyOrder } from './steady-order.js';

describe('a steady order', () => {
  it('keeps rows where they stood, and puts new ones last in their own order', () => {
    const rows = ['e', 'c', 'd', 'a'];
    expect(steadyOrder(rows, (row) => row, ['a', 'b', 'c'])).toEqual(['a', 'c', 'e', 'd']);
  });
});
