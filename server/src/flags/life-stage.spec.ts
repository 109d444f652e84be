import { describe, expect, it } from '@jest/globals';
import { isStale, LIFE_STAGES, type LifeFacts, type LifeStage, lifeStage } from './life-stage.js';

const NOW = new Date('2026-03-10T12:00:00Z');
const YESTERDAY = new Date('2026-03-09T12:00:00Z');
const A_WEEK_AGO = new Date('2026-03-03T12:00:00Z');
const LAST_MONTH = new Date('2026-02-10T12:00:00Z');

const factsWith = (more: Partial<LifeFacts>): LifeFacts => ({
  ...{ purpose: 'release', dueAt: null, createdAt: LAST_MONTH, soleAnswer: undefined, lastEvaluatedAt: YESTERDAY },
  ...more,
});

describe('the stage of a flag', () => {
  it.each<[string, LifeStage, Partial<LifeFacts>]>([
    ['is made and not asked for yet', 'new', { createdAt: YESTERDAY, lastEvaluatedAt: undefined }],
    ['is asked for', 'live', {}],
    ['was asked for a week ago to the moment', 'live', { lastEvaluatedAt: A_WEEK_AGO }],
    ['is on for all with one answer in every environment', 'settled', { soleAnswer: 'on' }],
    ['is an experiment that is decided', 'settled', { purpose: 'experiment', soleAnswer: 'on' }],
    ['is meant to stay', 'live', { purpose: 'permission', soleAnswer: 'on' }],
    ['was not asked for in a week', 'idle', { lastEvaluatedAt: LAST_MONTH, soleAnswer: 'on' }],
    ['was never asked for', 'unused', { lastEvaluatedAt: undefined }],
    ['is past its date, whatever else holds', 'overdue', { dueAt: YESTERDAY, lastEvaluatedAt: undefined }],
    ['is due now', 'live', { dueAt: NOW }],
  ])('that %s is %s', (_name, stage, more) => {
    expect(lifeStage(factsWith(more), NOW)).toBe(stage);
  });

  it('is stale where the flag may be able to go', () => {
    expect(LIFE_STAGES.filter(isStale)).toEqual(['settled', 'idle', 'unused', 'overdue']);
  });
});
