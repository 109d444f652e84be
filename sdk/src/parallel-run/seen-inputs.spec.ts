import { expect, it } from '@jest/globals';
import { SeenInputs } from './seen-inputs.js';

const at = (nowMs: number) => ({ nowMs, windowMs: 1_000, limit: 100 });
const sum = ({ n, x }: { n: number; x: number }) => `${n}/${x}`;

it('counts an input once, and once more against the candidate when it first comes out unequal', () => {
  const seen = new SeenInputs();
  const told = [false, false, true, true, false].map((isUnequal) => sum(seen.note('a', isUnequal, at(0))));
  expect(told).toEqual(['1/0', '0/0', '0/1', '0/0', '0/0']);
  expect(sum(seen.note('b', true, at(0)))).toBe('1/1');
});

it('knows an input for one window at least and two at most', () => {
  const seen = new SeenInputs();
  seen.note('a', false, at(0));
  expect([sum(seen.note('a', false, at(1_500))), seen.has('a')]).toEqual(['0/0', true]);
  expect(sum(seen.note('a', false, at(2_600)))).toBe('1/0');
  expect(sum(seen.note('a', false, at(9_000)))).toBe('1/0');
});

it('holds two generations, however many inputs there are', () => {
  const seen = new SeenInputs();
  for (let i = 0; i < 100_000; i += 1) seen.note(`input ${i}`, i % 2 === 0, at(0));
  expect(seen.size).toBeLessThanOrEqual(200);
  expect([seen.has('input 99999'), seen.has('input 1')]).toEqual([true, false]);
});
