import { describe, expect, it } from '@jest/globals';
import { LoadTally } from './load-tally.js';

const load = (version: string, requests: number, generation = 7) => ({ route: 'a/b/c', version, generation, requests });
const everybody = (): boolean => true;

describe('what clients report', () => {
  it('adds up by cluster', () => {
    const tally = new LoadTally<string>();
    tally.add('x', load('v1', 3));
    tally.add('x', load('v1', 4));
    tally.add('y', load('v1', 5));
    tally.add('y', load('v2', 6));
    expect(tally.sums(everybody, everybody)).toEqual([load('v1', 12), load('v2', 6)]);
  });

  it('counts of those who are heard, and of clusters that count, alone', () => {
    const tally = new LoadTally<string>();
    tally.add('stranger', load('v1', 3));
    tally.add('x', load('v1', 4));
    tally.add('x', load('v1\u0000', 5));
    const sums = tally.sums(
      (client) => client !== 'stranger',
      ({ version }) => version === 'v1',
    );
    expect(sums).toEqual([load('v1', 4)]);
  });

  it('is never more than the store can hold', () => {
    const tally = new LoadTally<string>();
    // The most that a report can say: unsigned, of 64 bits.
    for (const client of ['x', 'x', 'y']) tally.add(client, load('v1', 2 ** 64));
    expect(tally.sums(everybody, everybody)).toEqual([load('v1', 1_000_000_000)]);
  });

  it('takes no more clusters of one client than there can be, and leaves others theirs', () => {
    const tally = new LoadTally<string>();
    for (let generation = 0; generation < 1_000; generation += 1) tally.add('x', load('v1', 1, generation));
    tally.add('y', load('v2', 1));
    expect(tally.sums((client) => client === 'x', everybody)).toHaveLength(8);
    expect(tally.sums((client) => client === 'y', everybody)).toEqual([load('v2', 1)]);
  });

  it('goes on where it was when it could not be stored', () => {
    const [lost, later] = [new LoadTally<string>(), new LoadTally<string>()];
    lost.add('x', load('v1', 3));
    later.add('x', load('v1', 4));
    lost.addAll(later);
    expect(lost.sums(everybody, everybody)).toEqual([load('v1', 7)]);
  });
});
