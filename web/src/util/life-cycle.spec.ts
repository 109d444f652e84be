import { describe, expect, it } from '@jest/globals';
import { isStale, lastEvaluated, type LifeStage, lifeStage, type LivingFlag } from './life-cycle.js';

const NOW = new Date('2026-03-10T12:00:00Z');
const YESTERDAY = '2026-03-09T12:00:00Z';
const LAST_MONTH = '2026-02-10T12:00:00Z';

const off = { on: false, defaultServe: { variation: 'on' }, ruleCount: 0, targetCount: 0 };
const on = { ...off, on: true };
const used = (lastEvaluatedAt: string | null) => [{ lastEvaluatedAt: null }, { lastEvaluatedAt }];
const aFlag = (more: Partial<LivingFlag>): LivingFlag => ({
  ...{ purpose: 'release', isOverdue: false, createdAt: LAST_MONTH, environments: [on, off], usage: used(YESTERDAY) },
  ...more,
});

describe('the stage of a flag', () => {
  it.each<[string, LifeStage, Partial<LivingFlag>]>([
    ['is made and not asked for yet', 'new', { createdAt: YESTERDAY, usage: [] }],
    ['is asked for', 'live', {}],
    ['is on for all with one answer in every environment', 'settled', { environments: [on, on] }],
    ['has a rule somewhere', 'live', { environments: [on, { ...on, ruleCount: 1 }] }],
    ['has a target somewhere', 'live', { environments: [on, { ...on, targetCount: 1 }] }],
    ['is split', 'live', { environments: [{ ...on, defaultServe: { split: { shares: [] } } }] }],
    ['answers otherwise elsewhere', 'live', { environments: [on, { ...on, defaultServe: { variation: 'off' } }] }],
    ['is meant to stay', 'live', { purpose: 'permission', environments: [on, on] }],
    ['was not asked for in a week', 'idle', { usage: used(LAST_MONTH) }],
    ['was never asked for', 'unused', { usage: used(null) }],
    ['may not be looked at for its usage', 'unused', { usage: null }],
    ['is past its date, whatever else holds', 'overdue', { isOverdue: true, usage: [] }],
  ])('that %s is %s', (_name, stage, more) => {
    expect(lifeStage(aFlag(more), NOW)).toBe(stage);
  });

  it('is stale where the flag may be able to go', () => {
    const stages: readonly LifeStage[] = ['new', 'live', 'settled', 'idle', 'unused', 'overdue'];
    expect(stages.filter(isStale)).toEqual(['settled', 'idle', 'unused', 'overdue']);
  });
});

it('the last evaluation is the latest of all environments', () => {
  expect(lastEvaluated([...used(YESTERDAY), ...used(LAST_MONTH)])).toBe(YESTERDAY);
  expect(lastEvaluated(used(null))).toBeUndefined();
});
