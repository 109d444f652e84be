import { expect, it } from '@jest/globals';
import { RowBatch } from './row-batch.js';

/** How many rows of a length a batch takes until it is full. */
function capacityFor(length: number): number {
  const batch = new RowBatch();
  const row = 'x'.repeat(length);
  while (!batch.isFull) batch.add(row);
  return batch.take().length;
}

it.each([
  [10, 500],
  [1_100_000, 8],
  [9_000_000, 1],
])('of rows with %d characters takes %d', (length, rows) => expect(capacityFor(length)).toBe(rows));

it('is empty when its rows are taken', () => {
  const batch = new RowBatch();
  batch.add('x'.repeat(8_000_000));
  expect(batch.take()).toHaveLength(1);
  expect(batch.isFull).toBe(false);
  expect(batch.take()).toEqual([]);
});
