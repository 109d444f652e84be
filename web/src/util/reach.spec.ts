import { describe, expect, it } from '@jest/globals';
import { instanceState, reachState } from './reach.js';

describe('the reach of a revision', () => {
  it.each([
    [0, 0, 'none'],
    [2, 2, 'current'],
    [2, 1, 'lagging'],
    [2, 0, 'lagging'],
  ])('%d instances, %d current: %s', (instances, current, state) => {
    expect(reachState({ instances, current })).toBe(state);
  });
});

describe('an instance', () => {
  const at = '2026-11-21T12:00:00Z';
  it.each([
    [{ isCurrent: true, isSilent: false, leftAt: null }, 'current'],
    [{ isCurrent: false, isSilent: false, leftAt: null }, 'behind'],
    [{ isCurrent: false, isSilent: true, leftAt: null }, 'silent'],
    [{ isCurrent: true, isSilent: true, leftAt: null }, 'silent'],
    [{ isCurrent: false, isSilent: true, leftAt: at }, 'left'],
  ])('%j is %s', (instance, state) => {
    expect(instanceState(instance)).toBe(state);
  });
});
