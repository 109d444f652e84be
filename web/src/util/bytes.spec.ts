import { describe, expect, it } from '@jest/globals';
import { formatBytes } from './bytes.js';

describe('an amount of memory', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1,020 B'],
    [1_024, '1 KiB'],
    [190_840_832, '182 MiB'],
    [3.25 * 1_024 ** 3, '3.25 GiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
