import { describe, expect, it } from '@jest/globals';
import { outlierIndexes, withoutNaN, withoutOutliers } from './clean-series.js';
import { judgeThreshold } from './judge-threshold.js';
import { hasPassed, judgementCount, judgementWindow } from './judgement-window.js';
import { percentileOf } from './percentile.js';
import { judgeScore, scoreSeries, type LabelledMetric } from './score-series.js';
import type { SeriesLabel } from './classify-series.js';

const metric = (label: SeriesLabel, group = 'g', isCritical = false): LabelledMetric => ({
  label,
  groups: [group],
  isCritical,
});

describe('percentileOf', () => {
  it.each([
    [[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], 50, 1.75],
    [[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], 100, 3.5],
    [[3, 1, 2], 0, 1],
    [[7], 99, 7],
    [[], 50, NaN],
  ])('of %j at %i', (values, p, expected) => {
    expect(percentileOf(values, p)).toBe(expected);
  });
});

describe('cleaning', () => {
  it.each([
    [[21, 23, 24, 25, 50, 29, 23, 21], [4]],
    [
      [1, 1, 1, 5, -1, -1, -1, -5],
      [3, 7],
    ],
    [[], []],
  ])('finds the outliers of %j', (values, expected) => {
    expect(outlierIndexes(values, { factor: 1.5, sparesTails: false })).toEqual(expected);
  });

  it('keeps rare errors on a series of zeros unless they are fewer than one in a hundred', () => {
    const errors = [...Array.from({ length: 48 }, () => 0), 5, 7];
    expect(withoutOutliers(errors)).toContain(5);
    expect(outlierIndexes(errors, { sparesTails: false })).toEqual([48, 49]);
  });

  it('leaves out or replaces what is no number', () => {
    expect(withoutNaN([1, NaN, Infinity, 2], 'remove')).toEqual([1, 2]);
    expect(withoutNaN([1, NaN, 2], 'replace')).toEqual([1, 0, 2]);
  });
});

describe('scoreSeries', () => {
  it.each<[string, readonly LabelledMetric[], Record<string, number>, number]>([
    ['one that passes of two', [metric('pass'), metric('high')], {}, 50],
    ['a critical one that does not pass', [metric('pass'), metric('high', 'g', true)], {}, 0],
    ['a critical one without data', [metric('pass'), metric('noData', 'g', true)], {}, 0],
    ['a critical one that passes', [metric('low'), metric('pass', 'g', true)], {}, 50],
    [
      'groups of 15 and 85 %',
      [metric('high', 'a'), metric('low', 'a'), metric('pass', 'a'), metric('high', 'b')],
      { a: 15, b: 85 },
      5,
    ],
    ['a group that takes the rest', [metric('pass', 'a'), metric('high', 'b')], { a: 30 }, 30],
    ['missing data that had to be there', [metric('pass'), metric('noDataFail')], {}, 50],
    ['one without data of three', [metric('pass'), metric('pass'), metric('noData')], {}, 100],
    ['half without data', [metric('pass'), metric('noData')], {}, 0],
    ['weights beyond the whole', [metric('pass', 'a'), metric('pass', 'b')], { a: 100 }, 100],
    ['no metric', [], {}, 0],
  ])('of %s', (_name, metrics, weights, score) => {
    expect(scoreSeries(metrics, weights).score).toBe(score);
  });

  it.each([
    [95, 'pass'],
    [94.99, 'inconclusive'],
    [75, 'inconclusive'],
    [74.99, 'fail'],
  ])('takes %d for %s', (score, state) => {
    expect(judgeScore({ score, groups: {} }, { pass: 95, marginal: 75 })).toBe(state);
  });

  it('is inconclusive, not bad, for want of data', () => {
    expect(judgeScore(scoreSeries([metric('noData')]), { pass: 95, marginal: 75 })).toBe('inconclusive');
  });
});

describe('judgement windows', () => {
  const plan = { intervalMinutes: 5, beginAfterMinutes: 4, lookbackMinutes: 0 };

  it.each([
    ['grow', plan, 1, 4, 9],
    ['grow', plan, 5, 4, 29],
    ['slide', { ...plan, lookbackMinutes: 5 }, 2, 9, 14],
    ['never reach into the warm-up', { ...plan, lookbackMinutes: 60 }, 2, 4, 14],
  ])('%s', (_name, windows, judgement, startMinutes, endMinutes) => {
    expect(judgementWindow(windows, judgement)).toEqual({ startMinutes, endMinutes });
  });

  it('are as many as fit', () => {
    expect(judgementCount(plan, 29)).toBe(5);
  });

  it.each<[readonly number[], { pass?: number; marginal?: number }, boolean]>([
    [[], {}, false],
    [[95], {}, true],
    [[80, 97], { pass: 95, marginal: 75 }, true],
    [[97, 80], { pass: 95, marginal: 75 }, false],
    [[70, 97], { pass: 95, marginal: 75 }, false],
    [[85], { marginal: 75 }, true],
  ])('of scores %j with %j', (scores, bounds, passed) => {
    expect(hasPassed(scores, bounds)).toBe(passed);
  });
});

describe('judgeThreshold', () => {
  it.each([
    [5, { atMost: 5 }, 'pass'],
    [5.1, { atMost: 5 }, 'fail'],
    [4.9, { atLeast: 5 }, 'fail'],
    [5, { atLeast: 5, atMost: 6 }, 'pass'],
    [undefined, { atMost: 5 }, 'inconclusive'],
    [NaN, { atMost: 5 }, 'inconclusive'],
    [5, {}, 'inconclusive'],
  ])('of %s with %j', (value, threshold, state) => {
    expect(judgeThreshold(value, threshold).state).toBe(state);
  });
});
