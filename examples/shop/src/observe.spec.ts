import { expect, it } from '@jest/globals';
import type { Visit } from './load.js';
import { observe } from './observe.js';

const visit = (user: string, instance: string, revision: number, design: 'old' | 'new', atMs: number): Visit => ({
  user,
  instance,
  revision,
  design,
  hasGiftNote: false,
  hasNewPrices: false,
  isOk: true,
  atMs,
});

it('tells who got what between two revisions, and when each instance was there', () => {
  const visits = [
    visit('ada', 'a', 1, 'new', 100),
    visit('ada', 'a', 2, 'new', 120),
    visit('bob', 'b', 2, 'old', 150),
    visit('eve', 'a', 3, 'old', 160),
    visit('eve', 'b', 3, 'new', 170),
    visit('ida', 'b', 4, 'new', 180),
  ];
  expect(observe(visits, { from: 2, to: 3, sinceMs: 50, isNew: ({ design }) => design === 'new' })).toEqual({
    reachMs: new Map([
      ['a', 70],
      ['b', 100],
    ]),
    newUsers: new Set(['ada', 'eve']),
    allUsers: new Set(['ada', 'bob', 'eve']),
    tornUsers: new Set(['eve']),
  });
});
