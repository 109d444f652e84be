import { expect, it } from '@jest/globals';
import { lastEvaluated } from './life-cycle.js';

const YESTERDAY = '2026-03-09T12:00:00Z';
const LAST_MONTH = '2026-02-10T12:00:00Z';
const used = (lastEvaluatedAt: string | null) => [{ lastEvaluatedAt: null }, { lastEvaluatedAt }];

it('the last evaluation is the latest of all environments', () => {
  expect(lastEvaluated([...used(YESTERDAY), ...used(LAST_MONTH)])).toBe(YESTERDAY);
  expect(lastEvaluated(used(null))).toBeUndefined();
});
