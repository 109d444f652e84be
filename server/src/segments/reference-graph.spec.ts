import { describe, expect, it } from '@jest/globals';
import { leadingTo } from './reference-graph.js';

describe('leadingTo', () => {
  it('answers the key itself and all that lead to it, also around a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'c']],
      ['c', ['b']],
      ['d', ['a']],
      ['e', []],
    ]);
    expect([...leadingTo('a', graph)].sort()).toEqual(['a', 'd']);
    expect([...leadingTo('b', graph)].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect([...leadingTo('nowhere', graph)]).toEqual(['nowhere']);
  });
});
