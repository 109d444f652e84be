import { describe, expect, it } from '@jest/globals';
import { stepTrack } from './step-track.js';

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

describe('the track of steps', () => {
  it('reaches from the first plan to the latest end that is expected', () => {
    const steps = [
      { plannedAt: at(0), holdSeconds: 10, enteredAt: at(0), leftAt: at(20), expectedAt: null },
      { plannedAt: at(10), holdSeconds: 10, enteredAt: at(20), leftAt: null, expectedAt: null },
      { plannedAt: at(20), holdSeconds: 10, enteredAt: null, leftAt: null, expectedAt: at(30) },
    ];
    expect(stepTrack(steps, new Date(25_000))).toEqual([
      { planned: { from: 0, to: 0.25 }, actual: { from: 0, to: 0.5 }, expected: null },
      { planned: { from: 0.25, to: 0.5 }, actual: { from: 0.5, to: 0.625 }, expected: null },
      { planned: { from: 0.5, to: 0.75 }, actual: null, expected: { from: 0.75, to: 1 } },
    ]);
  });

  it('is of some length even where nothing lasts', () => {
    const [only] = stepTrack(
      [{ plannedAt: at(5), holdSeconds: 0, enteredAt: null, leftAt: null, expectedAt: null }],
      new Date(0),
    );
    expect(only).toEqual({ planned: { from: 0, to: 0 }, actual: null, expected: null });
  });
});
