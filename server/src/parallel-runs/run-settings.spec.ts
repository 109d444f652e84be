import { expect, it } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../../sdk/src/parallel-run/settings.js';
import { aParallelRun, someRunSettings } from '../../test/builders/a-parallel-run.js';
import type { OwnedRule } from './parallel-run.js';
import {
  DEFAULT_DEMAND,
  DEFAULT_RUNNER,
  evidenceBasisOf,
  rulesAt,
  toSnapshotRun,
  UNTOUCHED_SETTINGS,
  withoutKey,
} from './run-settings.js';
import { wireEpoch } from './wire-epoch.js';

const rule: OwnedRule = {
  ...{ id: 'r1', path: '$.at', kind: 'ignore', owner: 'shop', reason: 'a clock' },
  ...{ expiresAt: '2026-01-02T00:00:00Z', createdAt: '2026-01-01T00:00:00.000Z' },
};

it('has the defaults of the SDK', () => {
  const { bucketBy, serve, ...bounds } = DEFAULT_RUNNER;
  expect(DEFAULT_SETTINGS).toMatchObject(bounds);
  expect([bucketBy, serve]).toEqual([null, null]);
});

it('tells SDKs what they need, and nobody whose rules they are', () => {
  const settings = someRunSettings({ rules: [rule], runner: { ...DEFAULT_RUNNER, bucketBy: 'tenant' } });
  expect(toSnapshotRun(aParallelRun(), settings)).toEqual({
    ...{
      key: 'price-v2',
      epoch: wireEpoch(aParallelRun().id, 1),
      share: 5_000,
      bucketBy: 'tenant',
      twinShare: 2_000,
      deadlineMs: 5_000,
    },
    ...{ maxConcurrent: 10, budget: { addedMs: 1, loopDelayMs: 50 }, windowSeconds: 3_600 },
    rules: [{ id: 'r1', path: '$.at', kind: 'ignore' }],
    ...{ rawPaths: [], digestKey: settings.digestKey },
  });
});

it('tells SDKs of a run that is sampled or serves, and of no other', () => {
  const serve = { flag: 'f', variation: 'on' };
  expect(toSnapshotRun(aParallelRun(), UNTOUCHED_SETTINGS)).toBeUndefined();
  expect(toSnapshotRun(aParallelRun(), someRunSettings({ share: 0 }))).toBeUndefined();
  const serving = someRunSettings({ share: 0, runner: { ...DEFAULT_RUNNER, serve } });
  expect(toSnapshotRun(aParallelRun(), serving)).toMatchObject({ share: 0, serve });
});

it('shows people no key', () => {
  expect(JSON.stringify(withoutKey(someRunSettings()))).not.toContain(someRunSettings().digestKey);
});

it.each<[string, object, boolean]>([
  ['demand', { demand: { ...DEFAULT_DEMAND, tolerance: 0.02 } }, false],
  ['rules', { rules: [rule] }, false],
  ['deadline', { runner: { ...DEFAULT_RUNNER, deadlineMs: 1 } }, false],
  ['window', { runner: { ...DEFAULT_RUNNER, windowSeconds: 1 } }, false],
  ['units', { runner: { ...DEFAULT_RUNNER, bucketBy: 'tenant' } }, false],
  ['share', { share: 1 }, true],
  ['bounds', { runner: { ...DEFAULT_RUNNER, maxConcurrent: 1, twinShare: 0, rawPaths: ['$.a'] } }, true],
])('knows whether evidence of other %s is the same evidence', (_name, change, isSame) => {
  const before = someRunSettings({ demand: DEFAULT_DEMAND, rules: [], runner: DEFAULT_RUNNER });
  const [was, is] = [evidenceBasisOf(before), evidenceBasisOf({ ...before, ...change })];
  expect(JSON.stringify(was) === JSON.stringify(is)).toBe(isSame);
});

it('keeps a rule until the moment it runs out', () => {
  const forGood = { ...rule, id: 'r2', expiresAt: null };
  const at = (text: string) => rulesAt([rule, forGood], new Date(text)).map(({ id }) => id);
  expect([at('2026-01-01T23:59:59.999Z'), at('2026-01-02T00:00:00Z')]).toEqual([['r1', 'r2'], ['r2']]);
});
