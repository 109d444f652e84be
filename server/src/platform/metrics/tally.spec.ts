import { describe, expect, it } from '@jest/globals';
import { DurationTally } from './duration-tally.js';
import { Tally } from './tally.js';

describe('a tally', () => {
  it('counts by labels, and tells of what never happened', () => {
    const tally = new Tally([{ outcome: 'good' }, { outcome: 'bad' }]);
    tally.cell({ outcome: 'bad' }).count += 2;
    tally.cell({ outcome: 'odd' }).count += 1;
    expect(tally.samples()).toEqual([
      { labels: { outcome: 'good' }, value: 0 },
      { labels: { outcome: 'bad' }, value: 2 },
      { labels: { outcome: 'odd' }, value: 1 },
    ]);
  });

  it('gives the same number for the same labels', () => {
    const tally = new Tally<{ a: string; b: string }>();
    expect(tally.cell({ a: 'x', b: 'y' })).toBe(tally.cell({ a: 'x', b: 'y' }));
    expect(tally.cell({ a: 'x', b: 'y' })).not.toBe(tally.cell({ a: 'y', b: 'x' }));
  });
});

describe('a tally of durations', () => {
  const linesOf = (tally: DurationTally, line: string): readonly (readonly [string | undefined, number])[] =>
    tally
      .samples({ route: '/' })
      .filter((sample) => sample.line === line)
      .map(({ labels, value }) => [labels['le'], value]);

  it('adds up from bound to bound, a bound itself included', () => {
    const tally = new DurationTally([0.1, 1]);
    for (const seconds of [0, 0.1, 0.5, 1, 7]) tally.observe(seconds);
    expect(linesOf(tally, 'bucket')).toEqual([
      ['0.1', 2],
      ['1', 4],
      ['+Inf', 5],
    ]);
    expect(linesOf(tally, 'count')).toEqual([[undefined, 5]]);
    expect(linesOf(tally, 'sum')).toEqual([[undefined, 8.6]]);
  });

  it('counts a duration below nought, of clocks that disagree, as none', () => {
    const tally = new DurationTally([1]);
    tally.observe(-3);
    expect(linesOf(tally, 'sum')).toEqual([[undefined, 0]]);
    expect(linesOf(tally, 'bucket')).toEqual([
      ['1', 1],
      ['+Inf', 1],
    ]);
  });
});
