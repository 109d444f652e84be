import { describe, expect, it } from '@jest/globals';
import { formatDifference, formatEvidence, formatFigure, formatMs, formatRelative100 } from './figures.js';

describe('figures', () => {
  it.each([
    [formatFigure(0.012_34), '0.0123'],
    [formatFigure(-1_234), '−1,230'],
    [formatEvidence(-0.04), '0'],
    [formatEvidence(4.61), '4.6'],
    [formatMs(0.82), '0.82 ms'],
    [formatMs(2_130), '2.13 s'],
    [formatDifference('rate', 0.004_1), '+0.41 pp'],
    [formatDifference('mean', -12.3), '−12.3'],
    [formatDifference('rate', 0), '±0 pp'],
    [formatRelative100(0.183), '+18 %'],
    [formatRelative100(-0.004), '−0.4 %'],
  ])('are told as %s', (told, expected) => {
    expect(told).toBe(expected);
  });
});
