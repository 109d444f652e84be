import { expect, it } from '@jest/globals';
import type { MetricAnswer } from '../analysis/index.js';
import { type AttributionTask, judgeAttribution } from './judge-attribution.js';

const startedAt = new Date('2026-01-05T10:00:00Z');
const counted = (value: number, at = new Date('2026-01-05T10:05:00Z')): MetricAnswer => {
  return { kind: 'series', points: [{ at, value }], labels: {}, query: 'q', sampleHash: '', warnings: [] };
};
const none: MetricAnswer = { kind: 'none', reason: 'no series', query: 'q', warnings: [] };
const down: MetricAnswer = { kind: 'error', code: 'PROVIDER_UNREACHABLE', reason: 'it is down', query: 'q' };
const task = (overrides: Partial<AttributionTask> = {}): AttributionTask => ({
  isLabelSeen: true,
  counts: { candidate: counted(1_000), stable: counted(9_000) },
  share: 10_000,
  startedAt,
  ...overrides,
});

it.each<[string, Partial<AttributionTask>, string | undefined]>([
  ['trusts what fits the share', {}, undefined],
  ['does not trust a series without the label', { isLabelSeen: false }, 'pending'],
  [
    'does not trust a count that does not fit the share',
    { counts: { candidate: counted(5_000), stable: counted(5_000) } },
    'pending',
  ],
  [
    'does not trust a candidate that nobody counted',
    { counts: { candidate: none, stable: counted(9_000) } },
    'pending',
  ],
  [
    'does not trust a series older than the release',
    { counts: { candidate: counted(1_000, new Date('2026-01-05T09:00:00Z')), stable: counted(9_000) } },
    'pending',
  ],
  ['keeps what could not be asked apart', { counts: { candidate: down, stable: counted(9_000) } }, 'error'],
])('%s', (_name, overrides, state) => expect(judgeAttribution(task(overrides))?.state).toBe(state));
