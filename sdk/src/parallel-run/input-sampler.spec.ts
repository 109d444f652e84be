import { describe, expect, it } from '@jest/globals';
import { fingerprintOf } from '../comparison/index.js';
import { InputSampler } from './input-sampler.js';
import { Redactor } from './redactor.js';
import type { InputSample } from './report.js';

const digests = new Redactor('of this run alone', () => false);
const LIMIT = 1_024;

function sampled(inputs: Iterable<unknown>, limit = LIMIT): InputSample {
  const sampler = new InputSampler();
  for (const input of inputs) sampler.add(fingerprintOf(input), '', digests, limit);
  return sampler.take(digests, []);
}
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('a sample of inputs', () => {
  it('is all of them while there is room, each once, in every process alike', () => {
    const one = sampled([...numbers(300), ...numbers(300)]);
    expect([one.depth, one.marks.length]).toEqual([0, 300]);
    expect(new Set(one.marks.map(([digest]) => digest)).size).toBe(300);
    expect(sampled(numbers(300).toReversed()).marks.toSorted()).toEqual(one.marks.toSorted());
    for (const [digest] of one.marks) expect(digest).toMatch(/^[0-9a-f]{12}$/);
  });

  it('is every input of a level beyond, and no other', () => {
    const { depth, marks } = sampled(numbers(20_000));
    const deep = numbers(20_000).filter((input) => digests.levelOf(fingerprintOf(input)) >= depth);
    expect(depth).toBeGreaterThan(0);
    expect(new Set(marks.map(([digest]) => digest))).toEqual(
      new Set(deep.map((input) => digests.digest(fingerprintOf(input)).slice(0, 12))),
    );
    expect(marks.every(([, level]) => level >= depth)).toBe(true);
  });

  it.each([1, 2, 3])('halves with every level, for inputs that are alike (key %d)', (key) => {
    const redactor = new Redactor(`key ${key}`, () => false);
    const levels = numbers(20_000).map((input) => redactor.levelOf(fingerprintOf({ id: input })));
    for (const depth of [1, 3, 5]) {
      const expected = 20_000 / 2 ** depth;
      expect(Math.abs(levels.filter((level) => level >= depth).length - expected)).toBeLessThan(
        5 * Math.sqrt(expected),
      );
    }
  });

  it('names nothing that another key would name alike', () => {
    const other = new Redactor('of another', () => false);
    const inputs = numbers(1_000).map(fingerprintOf);
    expect(inputs.filter((input) => digests.digest(input) === other.digest(input))).toEqual([]);
    const alike = inputs.filter((input) => digests.levelOf(input) === other.levelOf(input)).length;
    // Two that know nothing of each other agree in a third: Σ 4^-i.
    expect(alike).toBeGreaterThan(250);
    expect(alike).toBeLessThan(420);
  });

  it('stays as small as it is told, and begins anew', () => {
    const sampler = new InputSampler();
    let largest = 0;
    for (let i = 0; i < 200_000; i += 1) {
      sampler.add(`input ${i}`, '', digests, 100);
      largest = Math.max(largest, sampler.size);
    }
    expect(largest).toBe(100);
    expect(sampler.take(digests, []).marks.length).toBeGreaterThan(20);
    expect([sampler.size, sampler.take(digests, [])]).toEqual([0, { depth: 0, marks: [] }]);
  });

  it('tells of what kind inputs are', () => {
    const sampler = new InputSampler();
    for (const stratum of ['b', '', 'a', 'unknown']) sampler.add(`of ${stratum}`, stratum, digests, LIMIT);
    expect(sampler.take(digests, ['a', 'b']).marks.map(([, , stratum]) => stratum)).toEqual([1, -1, 0, -1]);
  });
});
