import { expect, it } from '@jest/globals';
import { idNumber } from '../../test/fakes/sequential-ids.js';
import { wireEpoch } from './wire-epoch.js';

it('is a number of its own for every run and epoch, which every reader of JSON and of 31 bits can hold', () => {
  const names = Array.from({ length: 2_000 }, (_none, i) => wireEpoch(idNumber(i % 40), 1 + Math.floor(i / 40)));
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => Number.isInteger(name) && name >= 0 && name < 2 ** 31)).toBe(true);
});
