import { expect, it } from '@jest/globals';
import { checkAttribution, type Attribution } from './attribution.js';

const release = new Date('2026-05-01T12:00:00Z');
const attribution = (overrides: Partial<Attribution> = {}): Attribution => ({
  isLabelSeen: true,
  candidateCount: 1_040,
  totalCount: 10_000,
  share: 0.1,
  seriesBeganAt: new Date('2026-05-01T12:02:00Z'),
  releaseBeganAt: release,
  ...overrides,
});

it.each<[string, Partial<Attribution>, string, RegExp]>([
  ['as it should be', {}, 'pass', /candidate's/],
  ['a little off, of very many', { candidateCount: 110_000, totalCount: 1_000_000 }, 'pass', /candidate's/],
  ['far off, of few', { candidateCount: 3, totalCount: 10 }, 'pass', /candidate's/],
  ['without its label', { isLabelSeen: false }, 'inconclusive', /label/],
  ['the stable arm’s traffic', { candidateCount: 9_000 }, 'inconclusive', /9000 of 10000 .* 1000 were/],
  ['hardly any traffic', { candidateCount: 2 }, 'inconclusive', /were to be expected/],
  ['older than the release', { seriesBeganAt: new Date('2026-05-01T11:00:00Z') }, 'inconclusive', /before the release/],
  ['older by less than clocks differ', { seriesBeganAt: new Date('2026-05-01T11:59:30Z') }, 'pass', /candidate's/],
  ['nothing counted', { candidateCount: 0, totalCount: 0 }, 'inconclusive', /nothing/],
  ['all traffic, as asked', { candidateCount: 10_000, share: 1 }, 'pass', /candidate's/],
  ['some traffic, though none was asked for', { share: 0 }, 'inconclusive', /were to be expected/],
])('a series with %s', (_name, overrides, state, reason) => {
  const verdict = checkAttribution(attribution(overrides));
  expect(verdict.state).toBe(state);
  expect(verdict.reason).toMatch(reason);
});
