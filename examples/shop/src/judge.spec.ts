import { describe, expect, it } from '@jest/globals';
import { type Act, claimsOf, toleranceOf } from './judge.js';

function anAct(askedPercent: number, newUsers: readonly string[], overrides: Partial<Act['observation']> = {}): Act {
  const allUsers = new Set(Array.from({ length: 1_000 }, (_, index) => `user-${index}`));
  const reachMs = new Map([
    ['shop-a', 12],
    ['shop-b', 40],
  ]);
  const observation = { reachMs, newUsers: new Set(newUsers), allUsers, tornUsers: new Set<string>(), ...overrides };
  return { name: 'act', askedPercent, observation };
}

const users = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => `user-${from + index}`);

describe('claimsOf', () => {
  it('holds when users got what was asked, from both instances, in time', () => {
    expect(claimsOf(anAct(10, users(0, 104)), anAct(0, [])).every(({ isTrue }) => isTrue)).toBe(true);
  });

  it.each<[string, Act, Act | undefined]>([
    ['a share far off', anAct(10, users(0, 300)), undefined],
    ['anybody at all at 0 %', anAct(0, users(0, 1)), undefined],
    ['a user who got both designs', anAct(10, users(0, 100), { tornUsers: new Set(['user-1']) }), undefined],
    ['an instance that took too long', anAct(10, users(0, 100), { reachMs: new Map([['shop-a', 2_001]]) }), undefined],
    ['a user dropped while the share grew', anAct(50, users(1, 501)), anAct(10, users(0, 100))],
  ])('denies %s', (_name, act, before) => {
    expect(claimsOf(act, before).filter(({ isTrue }) => !isTrue)).toHaveLength(1);
  });
});

describe('toleranceOf', () => {
  it('is nothing at the ends and five standard deviations between', () => {
    expect(toleranceOf(0, 1_000)).toBe(0);
    expect(toleranceOf(100, 1_000)).toBe(0);
    expect(toleranceOf(50, 1_000)).toBeCloseTo(7.91, 2);
  });
});
