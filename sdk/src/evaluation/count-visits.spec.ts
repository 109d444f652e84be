import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countVisits } from './count-visits.js';

type Graph = ReadonlyMap<string, readonly string[]>;

/** The walk itself, given up when it has taken too many visits: a circle takes any number. */
function walk(graph: Graph, start: string): number {
  const waiting = [start];
  let visits = 0;
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    visits += 1;
    if (visits > 1000) return Infinity;
    waiting.push(...(graph.get(key) ?? []));
  }
  return visits;
}

function countAll(graph: Graph, order: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  return new Map(order.map((key) => [key, countVisits(key, (name) => graph.get(name) ?? [], counts)]));
}

const chain = (length: number, times = 1): Graph =>
  new Map(Array.from({ length }, (_, i) => [`k${i}`, Array.from({ length: times }, () => `k${i + 1}`)]));

describe('countVisits', () => {
  it('counts what a walk takes, in whatever order keys are asked about', () => {
    const key = fc.integer({ min: 0, max: 11 }).map((index) => `k${index}`);
    const sparse = fc.array(key, { maxLength: 2, size: 'max' });
    const named = fc.oneof({ weight: 4, arbitrary: sparse }, fc.array(key, { maxLength: 30, size: 'max' }));
    const graph = fc.array(fc.tuple(key, named), { maxLength: 15, size: 'max' });
    fc.assert(
      fc.property(graph, fc.array(key, { size: 'max', maxLength: 20 }), fc.boolean(), (entries, order, isAcyclic) => {
        const references = new Map(
          entries.map(([from, to]) => [from, isAcyclic ? to.filter((each) => each > from) : to]),
        );
        const expected = new Map(order.map((each) => [each, walk(references, each)]));
        expect(countAll(references, order)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Graph, string, number]>([
    ['nothing', new Map(), 'k0', 1],
    ['a chain of a thousand', chain(999), 'k0', 1000],
    ['a chain that is longer', chain(1000), 'k0', Infinity],
    ['the end of a chain that is longer', chain(100_000), 'k99990', 11],
    ['a chain far longer than the stack is deep', chain(100_000), 'k0', Infinity],
    ['what refers to the next twice', chain(60, 2), 'k0', Infinity],
    ['999 references', new Map([['k0', Array.from({ length: 999 }, (_, i) => `x${i}`)]]), 'k0', 1000],
    ['1 000 references', new Map([['k0', Array.from({ length: 1000 }, (_, i) => `x${i}`)]]), 'k0', Infinity],
    ['itself', new Map([['k0', ['k0']]]), 'k0', Infinity],
  ])('counts %s', (_name, graph, start, expected) => {
    expect(countAll(graph, [start]).get(start)).toBe(expected);
  });
});
